# SPDX-License-Identifier: MIT
"""Questions to the records, on a connection of ``open_reading``; they change nothing."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from altiware.core.record import CallRecord
from altiware.store.codec import from_json

__all__ = [
    "SeenBoard",
    "TraceLine",
    "call_record",
    "calls_between",
    "newest_calls",
    "seen_boards",
    "trace_of",
]

ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One line of a call's trace, as :class:`altiware.core.notices.Traced` told it."""

    at: float
    kind: str
    source: str
    target: str
    what: str
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class SeenBoard:
    """A board that has been up."""

    serial: str
    address: str
    model: str
    firmware: str
    first_seen: str
    last_seen: str


def newest_calls(connection: sqlite3.Connection, limit: int) -> list[CallRecord]:
    """Return the newest ``limit`` calls, the oldest of them first; ids sort by time."""
    rows = connection.execute("SELECT record FROM calls ORDER BY id DESC LIMIT ?", (limit,))
    return [from_json(json.loads(text)) for (text,) in rows][::-1]


def calls_between(
    connection: sqlite3.Connection, first: date | None, last: date | None
) -> Iterator[CallRecord]:
    """Yield the closed calls that were opened on these days, both of them included, in order.

    A day is one of the office's own clock, as it was then; None: no limit.
    """
    # Rows sort by UTC: no zone is more than a day away.
    since = (first - ONE_DAY).isoformat() if first and first > date.min else ""
    until = (last + 2 * ONE_DAY).isoformat() if last and last < date.max - 2 * ONE_DAY else "A"
    rows = connection.execute(
        "SELECT record FROM calls WHERE opened >= ? AND opened < ? AND closed IS NOT NULL "
        "ORDER BY opened, id",
        (since, until),
    )
    for (text,) in rows:
        record = from_json(json.loads(text))
        if (first or date.min) <= record.opened.date() <= (last or date.max):
            yield record


def call_record(connection: sqlite3.Connection, call: str) -> CallRecord | None:
    """Return a call's record; None if there is none."""
    row = connection.execute("SELECT record FROM calls WHERE id = ?", (call,)).fetchone()
    return from_json(json.loads(row[0])) if row else None


def trace_of(connection: sqlite3.Connection, call: str) -> list[TraceLine]:
    """Return what happened in a call, in order."""
    rows = connection.execute(
        "SELECT at, kind, source, target, what, fields FROM trace WHERE call = ? ORDER BY id",
        (call,),
    )
    return [
        TraceLine(at, kind, source, target, what, json.loads(fields))
        for at, kind, source, target, what, fields in rows
    ]


def seen_boards(connection: sqlite3.Connection) -> list[SeenBoard]:
    """Return the boards, the last seen first."""
    rows = connection.execute(
        "SELECT serial, address, model, firmware, first_seen, last_seen FROM boards "
        "ORDER BY last_seen DESC, serial, address"
    )
    return [SeenBoard(*row) for row in rows]
