# SPDX-License-Identifier: MIT
"""A way to a board: something that can be opened, again and again, as a descriptor."""

from typing import Protocol

__all__ = ["Link"]


class Link(Protocol):
    """A way to a board that may be there or not."""

    def open(self) -> int:
        """Open and return a descriptor that the caller owns; may block for seconds.

        Raises:
            NotAvailableError: nothing is there (now).
        """
