# SPDX-License-Identifier: MIT
"""Hours: at which slot of the office's week a moment falls.  Pure; moments are local wall time."""

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Final

__all__ = ["WEEKDAYS", "Holiday", "Schedule", "Slot", "Span"]

WEEKDAYS: Final = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
"""As datetime counts them."""

Span = tuple[time, time]
"""From, and until before; until midnight is written 00:00."""


class Slot(enum.Enum):
    """What kind of time it is for the office."""

    BUSINESS = "business hours"
    OUTSIDE = "outside hours"
    "Of a day on which the office is open at other times."
    NON_WORKDAY = "non-workday"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day on which the office is closed."""

    month: int
    day: int
    year: int | None = None
    "None: every year."
    name: str = ""

    def is_on(self, day: date) -> bool:
        """Whether it falls on a day."""
        at = (self.month, self.day) == (day.month, day.day)
        return at and self.year in {None, day.year}


@dataclass(frozen=True, slots=True)
class Schedule:
    """A week, and the days that are none of it."""

    name: str
    hours: Mapping[int, tuple[Span, ...]] = field(default_factory=lambda: MappingProxyType({}))
    "By weekday, Monday is 0; a day that isn't here is no workday."
    holidays: tuple[Holiday, ...] = ()

    def slot(self, when: datetime) -> Slot:
        """Return in which slot a moment falls."""
        if any(each.is_on(when.date()) for each in self.holidays):
            return Slot.HOLIDAY
        spans = self.hours.get(when.weekday(), ())
        if not spans:
            return Slot.NON_WORKDAY
        at = when.time()
        is_open = any(begin <= at and (at < end or end == time.min) for begin, end in spans)
        return Slot.BUSINESS if is_open else Slot.OUTSIDE

    def contradictions(self) -> Iterator[tuple[str, object, str]]:
        """Yield what is wrong: the setting, its value, what is allowed."""
        for weekday, spans in self.hours.items():
            last = time.min
            for begin, end in spans:
                shown = f"{begin:%H:%M}-{end:%H:%M}"
                if end != time.min and end <= begin:
                    yield WEEKDAYS[weekday], shown, "spans that end after they begin"
                elif begin < last:
                    yield WEEKDAYS[weekday], shown, "spans in order, that don't overlap"
                last = time.max if end == time.min else end
        for each in self.holidays:
            try:
                date(each.year or 2024, each.month, each.day)
            except ValueError:
                yield "holidays", f"{each.month:02d}-{each.day:02d}", "days of the calendar"
