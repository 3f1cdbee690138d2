# SPDX-License-Identifier: MIT
"""Telephony boards, real or simulated, behind one contract (base.py)."""
