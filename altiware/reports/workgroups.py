# SPDX-License-Identifier: MIT
"""Workgroups: how their callers waited, what agents did, and how many agents are needed.

``workgroup_sections(events)`` makes sections of what workgroups have told
(:mod:`altiware.core.workgroup_events`), counted as everywhere by
:class:`altiware.features.workgroup.figures.Figures`.  Agents needed is Erlang C of the calls
offered in the group's busiest hour, each as long as its agents' calls were on the average, with
wrap-up.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from altiware.core.workgroup_events import WorkgroupEvent
from altiware.features.workgroup.figures import Figures, HourRow, Tally, total
from altiware.reports.erlang import agents_needed
from altiware.reports.sections import Section, Value

__all__ = ["LEVEL", "WITHIN_S", "workgroup_sections"]

WITHIN_S: Final = 20.0
LEVEL: Final = 0.8
"""What is usually asked of a workgroup: 80 % of the calls answered within 20 s."""


def workgroup_sections(
    events: Iterable[WorkgroupEvent], *, within_s: float = WITHIN_S, level: float = LEVEL
) -> tuple[Section, ...]:
    """Return the sections ``workgroup``, ``agent`` and ``hour``."""
    figures = Figures()
    for event in events:
        figures.take(event)
    rows = [row for row in figures.rows() if row.group]
    names = sorted({row.group for row in rows})
    groups = {name: [row for row in rows if row.group == name and not row.agent] for name in names}
    return (_summary(groups, within_s, level), _agents(rows), _hours(groups))


def _summary(groups: Mapping[str, list[HourRow]], within_s: float, level: float) -> Section:
    headings = (
        *("workgroup", "offered", "answered", "abandoned", "overflowed", "refused", "call-backs"),
        *("in time %", "average wait s", "longest wait s", "talked min", "wrap-up min"),
        *("busiest hour", "agents needed"),
    )
    rows = tuple(_row(name, hours, within_s, level) for name, hours in groups.items())
    notes = (
        "in time: within the workgroup's own service level, of all calls that ended",
        f"agents needed: Erlang C, {level:.0%} within {within_s:.0f} s in the busiest hour",
    )
    return Section("workgroup", "Workgroups", headings, rows, notes)


def _row(name: str, hours: list[HourRow], within_s: float, level: float) -> tuple[Value, ...]:
    tally = total(hours)
    in_time, wait_s = tally.service_level, tally.average_wait_s
    busiest = max(hours, key=lambda row: (row.tally.offered, row.hour))
    return (
        *(name, tally.offered, tally.answered, tally.abandoned, tally.overflowed, tally.refused),
        tally.call_backs,
        None if in_time is None else round(100 * in_time, 1),
        None if wait_s is None else round(wait_s, 1),
        *(round(tally.longest_wait_s, 1), *_minutes(tally)),
        f"{busiest.hour:%Y-%m-%d %H:%M}",
        _needed(tally, busiest.tally.offered, within_s, level),
    )


def _needed(tally: Tally, offered: int, within_s: float, level: float) -> int | None:
    """Return how many agents so many calls in an hour need; None: nobody had a call yet."""
    if not tally.calls:
        return None
    hold_s = max(1.0, (tally.talked_s + tally.wrapped_up_s) / tally.calls)
    return agents_needed(offered * hold_s / 3600, hold_s, within_s, level)


def _minutes(tally: Tally) -> tuple[float, float]:
    return round(tally.talked_s / 60, 1), round(tally.wrapped_up_s / 60, 1)


def _agents(rows: list[HourRow]) -> Section:
    together: dict[tuple[str, str], Tally] = {}
    for row in rows:
        if row.agent:
            together.setdefault((row.group, row.agent), Tally()).add(row.tally)
    body = tuple(
        (
            *(group, agent, tally.calls, tally.missed, *_minutes(tally)),
            round(tally.talked_s / tally.calls, 1) if tally.calls else None,
        )
        for (group, agent), tally in sorted(together.items())
    )
    headings = (
        *("workgroup", "agent", "calls", "missed", "talked min", "wrap-up min", "average s"),
    )
    return Section("agent", "By agent", headings, body)


def _hours(groups: Mapping[str, list[HourRow]]) -> Section:
    body = []
    for name, hours in groups.items():
        for hour in sorted({row.hour.hour for row in hours}):
            tally = total(row for row in hours if row.hour.hour == hour)
            wait_s = None if tally.average_wait_s is None else round(tally.average_wait_s, 1)
            if tally.offered or tally.answered:
                body.append(
                    (name, f"{hour:02d}:00", tally.offered, tally.answered, tally.abandoned, wait_s)
                )
    headings = ("workgroup", "hour", "offered", "answered", "abandoned", "average wait s")
    return Section("hour", "By hour of the day", headings, tuple(body))
