# SPDX-License-Identifier: MIT
"""Cellular modules with voice over a serial port, as lines of one port that take whole numbers."""

from drivers.cellular.board import CellularModule

__all__ = ["CellularModule"]
