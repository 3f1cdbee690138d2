# SPDX-License-Identifier: MIT
"""Tests and measurements on boards and lines."""
