# SPDX-License-Identifier: MIT
"""Schedules, incoming rules, routes and patterns, each a ``[[table]]`` of the configuration.

[[schedules]]
name = "office"
monday = ["09:00-12:00", "13:00-17:00"]
holidays = ["12-25", "2027-04-02 Good Friday"]
"""

import re
from datetime import time
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, PlainValidator
from pydantic_core import PydanticCustomError

from altiware.core.decision import NumberClass
from altiware.core.routes import Hunting, InRule, OutPattern, OutRoute
from altiware.core.schedules import WEEKDAYS, Holiday, Schedule, Span

__all__ = ["InRuleTable", "PatternTable", "RouteTable", "ScheduleTable"]

SPAN: Final = re.compile(r"([01]?[0-9]|2[0-4]):([0-5][0-9])-([01]?[0-9]|2[0-4]):([0-5][0-9])")
HOLIDAY: Final = re.compile(r"(?:([0-9]{4})-)?([0-9]{2})-([0-9]{2})(?: (.+))?")
_RULE: Final = InRule("0")
_ROUTE: Final = OutRoute("", ())
_PATTERN: Final = OutPattern("", ())


class Table(BaseModel):
    """Base class of these tables."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _span(value: object) -> Span:
    found = SPAN.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise PydanticCustomError("span", 'hours, as "09:00-17:00"')
    begin, end = (_time(found[i], found[i + 1]) for i in (1, 3))
    if begin is None or end is None:
        raise PydanticCustomError("span", 'hours from 00:00 to 24:00, as "09:00-17:00"')
    return begin, end


def _time(hour: str, minute: str) -> time | None:
    """Return a time of day; 24:00 is the day's end, which is 00:00."""
    if int(hour) == 24:
        return time.min if minute == "00" else None
    return time(int(hour), int(minute))


def _holiday(value: object) -> Holiday:
    found = HOLIDAY.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise PydanticCustomError("day", 'a day, as "12-25" or "2027-04-02 Good Friday"')
    year = int(found[1]) if found[1] else None
    return Holiday(int(found[2]), int(found[3]), year, found[4] or "")


Spans = list[Annotated[Span, PlainValidator(_span)]]


class ScheduleTable(Table):
    """``[[schedules]]``."""

    name: str = Field(min_length=1)
    monday: Spans = Field(default_factory=list)
    tuesday: Spans = Field(default_factory=list)
    wednesday: Spans = Field(default_factory=list)
    thursday: Spans = Field(default_factory=list)
    friday: Spans = Field(default_factory=list)
    saturday: Spans = Field(default_factory=list)
    sunday: Spans = Field(default_factory=list)
    holidays: list[Annotated[Holiday, PlainValidator(_holiday)]] = Field(default_factory=list)

    def plan(self) -> Schedule:
        """Return what it says."""
        days: list[list[Span]] = [getattr(self, name) for name in WEEKDAYS]
        hours = {weekday: tuple(spans) for weekday, spans in enumerate(days) if spans}
        return Schedule(self.name, hours, tuple(self.holidays))


class InRuleTable(Table):
    """``[[incoming_rules]]``."""

    to: str = Field(pattern=r"^[0-9]+$")
    trunk: str = _RULE.trunk
    caller: str = Field(default=_RULE.caller, pattern=r"^[0-9]*$")
    called: str = Field(default=_RULE.called, pattern=r"^[0-9]*$")
    schedule: str = _RULE.schedule
    outside: str = Field(default=_RULE.outside, pattern=r"^[0-9]*$")
    non_workday: str = Field(default=_RULE.non_workday, pattern=r"^[0-9]*$")
    holiday: str = Field(default=_RULE.holiday, pattern=r"^[0-9]*$")

    def plan(self) -> InRule:
        """Return what it says."""
        return InRule(**self.model_dump())


class RouteTable(Table):
    """``[[routes]]``."""

    name: str = Field(min_length=1)
    trunks: list[str]
    hunting: Hunting = Field(default=_ROUTE.hunting, strict=False)
    delete: int = Field(default=_ROUTE.delete, ge=0, le=32)
    insert: str = _ROUTE.insert
    schedule: str = _ROUTE.schedule
    costs: dict[
        Annotated[NumberClass, Field(strict=False)], Annotated[float, Field(ge=0.0, le=1000.0)]
    ] = Field(default_factory=dict)

    def plan(self) -> OutRoute:
        """Return what it says."""
        return OutRoute(
            self.name,
            tuple(self.trunks),
            self.hunting,
            self.delete,
            self.insert,
            self.schedule,
            self.costs,
        )


class PatternTable(Table):
    """``[[patterns]]``."""

    prefix: str = Field(pattern=r"^[0-9]*$")
    routes: list[str]
    digits: list[int] = Field(default=list(_PATTERN.digits), min_length=2, max_length=2)
    least_cost: bool = _PATTERN.least_cost

    def plan(self) -> OutPattern:
        """Return what it says."""
        least, most = self.digits
        return OutPattern(self.prefix, tuple(self.routes), (least, most), self.least_cost)
