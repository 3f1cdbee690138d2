# SPDX-License-Identifier: MIT
"""The figures of workgroups: rows by hour, and what is going on now, both made of facts alone.

    figures = Figures()
    for event in events: figures.take(event)
    figures.rows(), figures.now

An hour's row has the calls that were offered, or ended, in that hour.  The service level is the
share of calls answered in time among those answered, abandoned, overflowed and refused: who hung up
at once counts too.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Final

from altiware.core.ids import CallId
from altiware.core.workgroup_events import WorkgroupEvent, WorkgroupFact

__all__ = ["Figures", "HourRow", "Now", "Tally", "total"]

F = WorkgroupFact


@dataclass(slots=True)
class Tally:
    """What is counted; seconds where the name says so."""

    offered: int = 0
    answered: int = 0
    in_time: int = 0
    abandoned: int = 0
    overflowed: int = 0
    refused: int = 0
    call_backs: int = 0
    lapsed: int = 0
    missed: int = 0
    waited_s: float = 0.0
    "Of those who were answered, together."
    longest_wait_s: float = 0.0
    "Of all."
    calls: int = 0
    "Of agents, that are over."
    talked_s: float = 0.0
    wrapped_up_s: float = 0.0

    @property
    def service_level(self) -> float | None:
        """The share of calls that were answered in time; None: there were none."""
        ended = self.answered + self.abandoned + self.overflowed + self.refused
        return self.in_time / ended if ended else None

    @property
    def average_wait_s(self) -> float | None:
        """Of those who were answered; None: nobody was."""
        return self.waited_s / self.answered if self.answered else None

    def add(self, other: "Tally") -> None:
        """Count what another has counted."""
        longest = max(self.longest_wait_s, other.longest_wait_s)
        for each in fields(Tally):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))
        self.longest_wait_s = longest


@dataclass(frozen=True, slots=True)
class HourRow:
    """One hour of one group, or of one of its agents."""

    hour: datetime
    "When it began."
    group: str
    agent: str
    "Empty: all of the group."
    tally: Tally


@dataclass(slots=True)
class Now:
    """What goes on in a group, as far as facts tell."""

    waiting: dict[CallId, datetime] = field(default_factory=dict)
    "Since when, by call; also those who will be called back."
    agents: dict[str, WorkgroupFact] = field(default_factory=dict)
    "The last of LOGGED_IN, LOGGED_OUT, READY and NOT_READY."
    talking: dict[str, CallId] = field(default_factory=dict)
    "By agent."


class Figures:
    """Counts facts, in the order in which they happened."""

    def __init__(self) -> None:
        self.now: dict[str, Now] = {}
        self._tallies: dict[tuple[datetime, str, str], Tally] = {}

    def take(self, event: WorkgroupEvent) -> None:
        """Count one."""
        if event.fact is F.RESTARTED:
            for each in self.now.values():
                each.waiting.clear()
                each.talking.clear()
            return
        hour = event.when.replace(minute=0, second=0, microsecond=0)
        for agent in {"", event.agent}:
            key = hour, event.group, agent
            _count(self._tallies.setdefault(key, Tally()), event)
        _follow(self.now.setdefault(event.group, Now()), event)

    def rows(self) -> list[HourRow]:
        """Return the hours in which something happened, in order; groups before their agents."""
        return [HourRow(*key, tally) for key, tally in sorted(self._tallies.items(), key=_by_key)]


def total(rows: Iterable[HourRow]) -> Tally:
    """Return what rows have together."""
    tally = Tally()
    for each in rows:
        tally.add(each.tally)
    return tally


def _by_key(row: tuple[tuple[datetime, str, str], Tally]) -> tuple[datetime, str, str]:
    return row[0]


COUNTED: Final = {
    F.OFFERED: "offered",
    F.ANSWERED: "answered",
    F.ABANDONED: "abandoned",
    F.OVERFLOWED: "overflowed",
    F.REFUSED: "refused",
    F.CALL_BACK: "call_backs",
    F.LAPSED: "lapsed",
    F.MISSED: "missed",
    F.TALKED: "calls",
}
SUMMED: Final = {F.ANSWERED: "waited_s", F.TALKED: "talked_s", F.WRAPPED_UP: "wrapped_up_s"}
WAITED: Final = frozenset({F.ANSWERED, F.ABANDONED, F.OVERFLOWED})


def _count(tally: Tally, event: WorkgroupEvent) -> None:
    counted, summed = COUNTED.get(event.fact), SUMMED.get(event.fact)
    if counted is not None:
        setattr(tally, counted, getattr(tally, counted) + 1)
    if summed is not None:
        setattr(tally, summed, getattr(tally, summed) + event.seconds)
    tally.in_time += event.in_time
    if event.fact in WAITED:
        tally.longest_wait_s = max(tally.longest_wait_s, event.seconds)


def _follow(now: Now, event: WorkgroupEvent) -> None:
    match event.fact:
        case F.OFFERED:
            now.waiting[event.call] = event.when
        case F.ABANDONED | F.OVERFLOWED | F.REFUSED | F.LAPSED:
            now.waiting.pop(event.call, None)
        case F.ANSWERED:
            now.waiting.pop(event.call, None)
            now.talking[event.agent] = event.call
        case F.TALKED:
            now.talking.pop(event.agent, None)
        case F.LOGGED_IN | F.LOGGED_OUT | F.READY | F.NOT_READY:
            now.agents[event.agent] = event.fact
