# SPDX-License-Identifier: MIT
"""Workgroups, as far as call records tell: who waited how long, who was answered, agents needed.

``workgroup_sections(records)``: a caller is offered to a workgroup when a leg of his call leads to
its queue, and answered when a later leg of the same session, at an agent, came from that queue.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from altiware.core.ids import PartyKind
from altiware.core.record import CallRecord, LegRecord
from altiware.reports.erlang import agents_needed
from altiware.reports.sections import Section, Value

__all__ = ["WITHIN_S", "workgroup_sections"]

WITHIN_S = 20.0
LEVEL = 0.8
"""What is usually asked of a workgroup: 80 % of the calls answered within 20 s."""


@dataclass(slots=True)
class _Group:
    """What became of one workgroup's callers."""

    name: str = ""
    waited_s: list[float] = field(default_factory=list)
    "Of all who came."
    answered_s: list[float] = field(default_factory=list)
    "How long those waited who were answered."
    talking_s: float = 0.0
    hours: dict[tuple[date, int], int] = field(default_factory=lambda: defaultdict(int))
    "Callers, by day and hour in which they came."
    agents: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    "Seconds of each call that an agent had."

    @property
    def busiest(self) -> tuple[tuple[date, int], int]:
        """The hour in which most callers came, and how many."""
        return max(self.hours.items(), key=lambda each: (each[1], each[0]))


def workgroup_sections(
    records: Iterable[CallRecord], *, within_s: float = WITHIN_S, level: float = LEVEL
) -> tuple[Section, ...]:
    """Return the sections ``workgroup``, ``agent`` and ``hour``."""
    groups: dict[str, _Group] = defaultdict(_Group)
    queued: dict[tuple[str, str], float] = {}
    for leg, session in _legs(records):
        if leg.target.party.kind is PartyKind.APPLICATION:
            _count_caller(groups[leg.target.number], leg)
            queued[session, leg.target.number] = leg.seconds.waiting
        elif leg.answered is not None:
            waited_s = queued.pop((session, leg.workgroup), None)
            _count_talk(groups[leg.workgroup], leg, waited_s)
    return (
        _summary(groups, within_s, level),
        _agents(groups),
        _hours(groups),
    )


def _legs(records: Iterable[CallRecord]) -> Iterator[tuple[LegRecord, str]]:
    """Yield the legs at queues and at their agents, in the order of each session."""
    for record in sorted(records, key=_order):
        for leg in record.legs:
            if leg.workgroup or leg.target.party.name.startswith("workgroup "):
                yield leg, record.session


def _order(record: CallRecord) -> tuple[str, datetime, str]:
    return record.session, record.opened, record.id


def _count_caller(group: _Group, leg: LegRecord) -> None:
    group.name = leg.target.name
    group.waited_s.append(leg.seconds.waiting)
    group.hours[leg.offered.date(), leg.offered.hour] += 1


def _count_talk(group: _Group, leg: LegRecord, waited_s: float | None) -> None:
    if waited_s is not None:
        group.answered_s.append(waited_s)
    seconds = leg.seconds.talking + leg.seconds.held
    group.talking_s += seconds
    group.agents[leg.target.number].append(seconds)


def _summary(groups: dict[str, _Group], within_s: float, level: float) -> Section:
    headings = (
        *("workgroup", "name", "callers", "answered", "lost", f"within {within_s:.0f}s %"),
        *("average wait s", "longest wait s", "talked min", "busiest hour", "agents needed"),
    )
    rows = tuple(_row(number, group, within_s, level) for number, group in sorted(groups.items()))
    notes = (
        "lost: hung up while waiting, or led elsewhere",
        f"agents needed: Erlang C, {level:.0%} within {within_s:.0f} s in the busiest hour",
    )
    return Section("workgroup", "Workgroups", headings, rows, notes)


def _row(number: str, group: _Group, within_s: float, level: float) -> tuple[Value, ...]:
    callers, answered = len(group.waited_s), len(group.answered_s)
    in_time = sum(waited <= within_s for waited in group.answered_s)
    handled = sum(len(calls) for calls in group.agents.values())
    hold_s = group.talking_s / handled if handled else 0.0
    busiest, needed = None, None
    if group.hours:
        (day, hour), most = group.busiest
        busiest = f"{day:%Y-%m-%d} {hour:02d}:00"
        needed = agents_needed(most * hold_s / 3600, hold_s, within_s, level) if hold_s else None
    return (
        *(number, group.name, callers, answered, callers - answered),
        round(100 * in_time / callers, 1) if callers else None,
        round(sum(group.answered_s) / answered, 1) if answered else None,
        round(max(group.waited_s), 1) if group.waited_s else None,
        *(round(group.talking_s / 60, 1), busiest, needed),
    )


def _agents(groups: dict[str, _Group]) -> Section:
    rows = tuple(
        (number, agent, len(calls), round(sum(calls) / 60, 1), round(sum(calls) / len(calls), 1))
        for number, group in sorted(groups.items())
        for agent, calls in sorted(group.agents.items())
    )
    headings = ("workgroup", "agent", "calls", "talked min", "average s")
    return Section("agent", "By agent", headings, rows)


def _hours(groups: dict[str, _Group]) -> Section:
    rows = []
    for number, group in sorted(groups.items()):
        for hour in range(24):
            callers = sum(count for (_, each), count in group.hours.items() if each == hour)
            if callers:
                rows.append((number, f"{hour:02d}:00", callers))
    return Section("hour", "By hour of the day", ("workgroup", "hour", "callers"), tuple(rows))
