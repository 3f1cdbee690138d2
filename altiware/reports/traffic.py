# SPDX-License-Identifier: MIT
"""The traffic of trunk groups: erlangs by hour, busy hours, calls that found no trunk, and needs.

Busy hours are sought in steps of a quarter of an hour, over the days from Monday to Friday on
which trunks were used (all days if there is none), as ITU-T E.500 and E.600 name them:

- *time-consistent* (TCBH): the hour that begins at the same time each day and has the most traffic
  on the average.  What a group must carry day by day.
- *average daily peak* (ADPH): each day's own busiest hour, averaged.  Never below the other.

How many trunks a group needs is Erlang B of the traffic offered in the time-consistent busy hour.
Offered is what was carried and what would have been, had the share of calls that found no trunk
in that hour been carried as long as the others.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from altiware.core.causes import Cause
from altiware.core.ids import PortAddress
from altiware.core.record import CallRecord
from altiware.reports.erlang import trunks_needed
from altiware.reports.occupancy import HOUR_QUARTERS, Occupancy, busy_times
from altiware.reports.sections import Section, Value

__all__ = ["ALL_TRUNKS", "Traffic", "traffic_sections"]

ALL_TRUNKS: Final = "all trunks"
SATURDAY: Final = 5


@dataclass(slots=True)
class Traffic:
    """What the records of some days tell of the trunks."""

    groups: dict[str, Occupancy] = field(default_factory=dict)
    blocked: dict[tuple[date, int], int] = field(default_factory=lambda: defaultdict(int))
    "Calls out that found no trunk, by day and hour; which group they wanted isn't recorded."
    days: set[date] = field(default_factory=set)

    @property
    def workdays(self) -> list[date]:
        """The days that count for busy hours."""
        weekdays = [day for day in self.days if day.weekday() < SATURDAY]
        return sorted(weekdays or self.days)

    def count(self, record: CallRecord, group_of: Mapping[PortAddress, str]) -> None:
        """Count a call."""
        key = (record.opened.date(), record.opened.hour)
        self.blocked[key] += record.cause is Cause.ALL_TRUNKS_BUSY
        used: set[str] = set()
        for busy in busy_times(record):
            self.days.add(busy[1].date())
            for name in (ALL_TRUNKS, group_of.get(busy[0], "")):
                if name:
                    self.groups.setdefault(name, Occupancy()).add([busy])
                    used.add(name)
        for name in used:
            self.groups[name].calls[key] += not record.handed_on

    def blocked_share(self, group: Occupancy, begin: int) -> float:
        """Return which share of calls found no trunk in the hour that a busy hour begins in."""
        hour = begin // HOUR_QUARTERS
        blocked = sum(self.blocked[day, hour] for day in self.workdays)
        carried = sum(group.calls[day, hour] for day in self.workdays)
        return blocked / (blocked + carried) if blocked else 0.0


def traffic_sections(
    records: Iterable[CallRecord],
    group_of: Mapping[PortAddress, str] | None = None,
    *,
    lost: float = 0.01,
) -> tuple[Section, ...]:
    """Return the sections ``busy``, ``hour`` and ``day``.

    ``group_of``: the name of each trunk's group; all trunks together are always one.  ``lost``:
    which share of calls may find no trunk.
    """
    traffic = Traffic()
    for record in records:
        traffic.count(record, group_of or {})
    names = sorted(traffic.groups, key=lambda name: (name != ALL_TRUNKS, name))
    return (_busy(traffic, names, lost), _by_hour(traffic, names), _by_day(traffic, names))


def _busy(traffic: Traffic, names: Iterable[str], lost: float) -> Section:
    rows = tuple(_busy_row(traffic, name, lost) for name in names)
    headings = (
        *("group", "trunks", "days", "busy hour", "erlangs", "blocked %", "offered erlangs"),
        *("trunks needed", "daily peak erlangs"),
    )
    notes = (
        "busy hour: time-consistent (TCBH), in steps of 15 min, Monday to Friday",
        "daily peak: average of each day's busiest hour (ADPH)",
        f"trunks needed: Erlang B, {lost:.1%} of the calls offered in the busy hour lost",
    )
    return Section("busy", "Busy hours", headings, rows, notes)


def _busy_row(traffic: Traffic, name: str, lost: float) -> tuple[Value, ...]:
    group, days = traffic.groups[name], traffic.workdays
    begin, carried = group.busy_hour(days)
    share = traffic.blocked_share(traffic.groups[ALL_TRUNKS], begin)
    offered = carried / (1.0 - share) if share < 1.0 else carried
    peak = sum(group.busiest(day)[1] for day in days) / len(days)
    return (
        *(name, len(group.trunks), len(days), _hour(begin), round(carried, 3)),
        *(round(100 * share, 2), round(offered, 3), trunks_needed(offered, lost), round(peak, 3)),
    )


def _by_hour(traffic: Traffic, names: Iterable[str]) -> Section:
    days = traffic.workdays
    rows = []
    for name in names:
        group = traffic.groups[name]
        for hour in range(24):
            erlangs = group.erlangs(days, hour * HOUR_QUARTERS)
            calls = sum(group.calls[day, hour] for day in days)
            blocked = (
                sum(traffic.blocked[day, hour] for day in days) if name == ALL_TRUNKS else None
            )
            if erlangs or calls or blocked:
                rows.append((name, f"{hour:02d}:00", round(erlangs, 3), calls, blocked))
    headings = ("group", "hour", "erlangs", "calls", "blocked")
    notes = ("erlangs: average of the days that count for busy hours; calls: all of them",)
    return Section("hour", "By hour of the day", headings, tuple(rows), notes)


def _by_day(traffic: Traffic, names: Iterable[str]) -> Section:
    rows = []
    for name in names:
        group = traffic.groups[name]
        for day in sorted(group.seconds):
            begin, erlangs = group.busiest(day)
            calls = sum(group.calls[day, hour] for hour in range(24))
            hours = round(sum(group.seconds[day]) / 3600, 2)
            rows.append((name, f"{day:%Y-%m-%d %a}", calls, hours, _hour(begin), round(erlangs, 3)))
    headings = ("group", "day", "calls", "erlang hours", "busiest hour", "erlangs")
    return Section("day", "By day", headings, tuple(rows))


def _hour(begin: int) -> str:
    """Return the hour that begins with a quarter, as 10:15-11:15."""
    end = begin + HOUR_QUARTERS
    return f"{begin // 4:02d}:{begin % 4 * 15:02d}-{end // 4:02d}:{end % 4 * 15:02d}"
