# SPDX-License-Identifier: MIT
"""Analog cards behind DAHDI's kernel modules, as Quantum boards in this machine."""

from drivers.dahdi.address import dahdi_board
from drivers.dahdi.link import DahdiLink

__all__ = ["DahdiLink", "dahdi_board"]
