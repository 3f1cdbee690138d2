# SPDX-License-Identifier: MIT
"""One number access: at which numbers somebody is looked for who calls his extension."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

__all__ = ["FindMeNumber", "FindMePlan"]

MOST_CALLERS: Final = 10
"""As AltiWare."""
LEAST_RING_S: Final = 5.0
MOST_RING_S: Final = 45.0


@dataclass(frozen=True, slots=True)
class FindMeNumber:
    """One place."""

    number: str
    "As dialled."
    ring_s: float = 20.0
    "5 to 45."


@dataclass(frozen=True, slots=True)
class FindMePlan:
    """Where the owner of one extension is looked for, for whom, and when."""

    extension: str
    numbers: tuple[FindMeNumber, ...]
    "Tried in turn; the extension itself may be one."
    schedule: str = ""
    "In whose business hours; empty: always."
    callers: tuple[str, ...] = ()
    "What the caller's number begins with, 10 at most; none: everybody."
    screening: bool = True
    "Whether callers from outside are asked for their name."

    def contradictions(
        self, extensions: Collection[str], schedules: Collection[str]
    ) -> Iterator[tuple[str, object, str]]:
        """Yield what is wrong: the setting, its value, what is allowed."""
        if self.extension not in extensions:
            yield "extension", self.extension, f"one of {', '.join(sorted(extensions))}"
        if not self.numbers:
            yield "numbers", (), "at least one number"
        for index, each in enumerate(self.numbers):
            if not LEAST_RING_S <= each.ring_s <= MOST_RING_S:
                yield f"numbers.{index}.ring_s", each.ring_s, "5 to 45"
        if len(self.callers) > MOST_CALLERS:
            yield "callers", self.callers, f"{MOST_CALLERS} at most"
        if self.schedule and self.schedule not in schedules:
            yield "schedule", self.schedule, f"one of {', '.join(sorted(schedules)) or 'none'}"
