# SPDX-License-Identifier: MIT
"""A wall clock that a test moves."""

from datetime import UTC, datetime

__all__ = ["Clock"]


class Clock:
    """Nine o'clock on a Monday, until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now
