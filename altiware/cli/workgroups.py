# SPDX-License-Identifier: MIT
"""``altiware workgroup status`` and ``report``: figures made of what the workgroups have told."""

import dataclasses
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import typer

from altiware.cli.output import print_json, print_table
from altiware.core.workgroup_events import WorkgroupEvent, WorkgroupFact
from altiware.errors import UsageError
from altiware.features.workgroup.figures import Figures, HourRow, Now, Tally, total
from altiware.store.database import open_reading
from altiware.store.workgroups import workgroup_events

__all__ = ["print_report", "print_status"]

REMEMBERED = timedelta(days=92)
"""How far back the last log-in of an agent is looked for."""
HEADINGS = (
    "hour", "group", "agent", "offered", "answered", "abandoned", "overflowed", "call-backs",
    "in time", "average wait", "longest wait", "talk", "wrap-up",
)  # fmt: skip
STATUS_HEADINGS = ("group", "waiting", "longest", "talking", "not at work", "today", "in time")


def print_report(
    directory: Path, begin: datetime, end: datetime, *, agents: bool, as_json: bool
) -> None:
    """Print a row for each hour in which something happened, and what they have together.

    Raises:
        UsageError: the time ends before it begins.
        DirectoryError: there are no records.
    """
    if end <= begin:
        raise UsageError(f"{begin:%Y-%m-%d} to {end:%Y-%m-%d}: allowed are times that go forward")
    figures = _figures(directory, begin.astimezone(), end.astimezone())
    rows = [each for each in figures.rows() if agents or not each.agent]
    if as_json:
        print_json([_document(each) for each in rows])
    elif rows:
        together = total(each for each in rows if not each.agent)
        print_table(HEADINGS, [*map(_cells, rows), ("all", "", "", *_counts(together))])
    else:
        typer.echo("no calls of workgroups in this time")


def print_status(directory: Path, now: datetime, *, as_json: bool) -> None:
    """Print what goes on, and today's figures.

    Raises:
        DirectoryError: there are no records.
    """
    now = now.astimezone()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    going_on = _figures(directory, now - REMEMBERED, now + timedelta(minutes=1)).now
    today = _figures(directory, midnight, midnight + timedelta(days=1)).rows()
    groups = {
        name: (state, total(each for each in today if each.group == name and not each.agent))
        for name, state in sorted(going_on.items())
    }
    if as_json:
        print_json({name: _status_document(*each) for name, each in groups.items()})
    elif groups:
        print_table(STATUS_HEADINGS, [_status(name, *each, now) for name, each in groups.items()])
    else:
        typer.echo("no workgroup has told anything yet")


def _figures(directory: Path, begin: datetime, end: datetime) -> Figures:
    figures = Figures()
    with closing(open_reading(directory)) as connection:
        events: Iterable[WorkgroupEvent] = workgroup_events(connection, begin, end)
        for each in events:
            figures.take(each)
    return figures


def _document(row: HourRow) -> dict[str, object]:
    return {"hour": row.hour.isoformat(), "group": row.group, "agent": row.agent} | _tally(
        row.tally
    )


def _tally(tally: Tally) -> dict[str, object]:
    level, average = tally.service_level, tally.average_wait_s
    return dataclasses.asdict(tally) | {"service_level": level, "average_wait_s": average}


def _cells(row: HourRow) -> tuple[str, ...]:
    return (f"{row.hour:%Y-%m-%d %H:%M}", row.group, row.agent, *_counts(row.tally))


def _counts(tally: Tally) -> tuple[str, ...]:
    counts = (
        tally.offered, tally.answered, tally.abandoned, tally.overflowed, tally.call_backs,
    )  # fmt: skip
    times = (tally.average_wait_s, tally.longest_wait_s, tally.talked_s, tally.wrapped_up_s)
    return (*map(str, counts), _share(tally.service_level), *map(_clock, times))


def _share(level: float | None) -> str:
    return "" if level is None else f"{level:.0%}"


def _clock(seconds: float | None) -> str:
    if seconds is None:
        return ""
    minutes, left = divmod(round(seconds), 60)
    return f"{minutes}:{left:02d}"


def _status(name: str, state: Now, tally: Tally, now: datetime) -> tuple[str, ...]:
    longest = min(state.waiting.values(), default=None)
    return (
        name,
        str(len(state.waiting)),
        _clock((now - longest).total_seconds()) if longest else "",
        ", ".join(sorted(state.talking)),
        ", ".join(f"{agent} {fact.value}" for agent, fact in _away(state)),
        f"{tally.answered} of {tally.offered}",
        _share(tally.service_level),
    )


def _away(state: Now) -> list[tuple[str, WorkgroupFact]]:
    away = (WorkgroupFact.LOGGED_OUT, WorkgroupFact.NOT_READY)
    return [(agent, fact) for agent, fact in sorted(state.agents.items()) if fact in away]


def _status_document(state: Now, tally: Tally) -> dict[str, object]:
    return {
        "waiting": [since.isoformat() for since in sorted(state.waiting.values())],
        "talking": sorted(state.talking),
        "agents": {agent: fact.value for agent, fact in sorted(state.agents.items())},
        "today": _tally(tally),
    }
