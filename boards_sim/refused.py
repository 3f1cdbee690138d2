# SPDX-License-Identifier: MIT
"""What the firmware raises for a request that can't be done."""

from drivers.qhi.numbers import Status

__all__ = ["RefusedError", "within"]


class RefusedError(Exception):
    """A request that can't be done; ``status`` says why."""

    def __init__(self, status: Status, detail: int = 0) -> None:
        super().__init__(status.name)
        self.status = status
        self.detail = detail


def within(value: int, allowed: range, offset: int = 0) -> int:
    """Return a value that is allowed; ``offset`` is where it stands among the arguments.

    Raises:
        RefusedError: it isn't.
    """
    if value not in allowed:
        raise RefusedError(Status.RANGE, offset)
    return value
