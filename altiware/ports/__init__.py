# SPDX-License-Identifier: MIT
"""Adapters between the sans-I/O core and boards, engine and SIP."""
