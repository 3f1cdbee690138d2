# SPDX-License-Identifier: MIT
"""Modems and their AT commands: what voice modems and cellular modules have in common."""
