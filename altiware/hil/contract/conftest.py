# SPDX-License-Identifier: MIT
"""The table of backends at the end of a run."""

from altiware.hil.contract.table import pytest_collection_modifyitems, pytest_terminal_summary

__all__ = ["pytest_collection_modifyitems", "pytest_terminal_summary"]
