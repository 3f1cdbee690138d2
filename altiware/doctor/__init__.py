# SPDX-License-Identifier: MIT
"""``altiware doctor``: what on this machine keeps boards from working, and what to do about it."""
