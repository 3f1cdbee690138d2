# SPDX-License-Identifier: MIT
"""The reference firmware (native/include/aw/board.h) on simulated lines, and as a program."""
