# SPDX-License-Identifier: MIT
"""The Quantum board driver: a QHI session as a Board."""

from drivers.quantum.board import QuantumBoard
from drivers.quantum.session import Session

__all__ = ["QuantumBoard", "Session"]
