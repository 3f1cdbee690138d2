# SPDX-License-Identifier: MIT
"""A board in the same process: whoever made it hands out one end of a socket pair."""

from collections.abc import Callable
from dataclasses import dataclass

from drivers.errors import NotAvailableError

__all__ = ["InProcessLink"]


@dataclass(frozen=True, slots=True)
class InProcessLink:
    """A board that is an object in this process."""

    opener: Callable[[], int]
    "Returns a fresh descriptor of the host's end."

    def open(self) -> int:
        """Ask for a fresh end.

        Raises:
            NotAvailableError: the board is switched off.
        """
        try:
            return self.opener()
        except OSError as error:
            raise NotAvailableError(f"board in this process: {error}") from error
