# SPDX-License-Identifier: MIT
"""What workgroups have told, kept: one row per fact.

The journal writes rows; ``workgroup_events`` reads those of a time, ``note_restart`` says that
nobody waits any more who waited when the service died.
"""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime

from altiware.core.ids import CallId
from altiware.core.workgroup_events import WorkgroupEvent, WorkgroupFact

__all__ = ["keep_event", "note_restart", "workgroup_events"]


def keep_event(event: WorkgroupEvent, connection: sqlite3.Connection) -> None:
    """Write a fact."""
    connection.execute(
        "INSERT INTO workgroup_events (at, workgroup, fact, call, agent, seconds, in_time, what) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            _utc(event.when),
            event.group,
            event.fact.value,
            event.call,
            event.agent,
            event.seconds,
            int(event.in_time),
            event.what,
        ),
    )


def note_restart(connection: sqlite3.Connection, at: datetime) -> None:
    """Write that the service has started, if there are any facts that this ends."""
    last = connection.execute("SELECT fact FROM workgroup_events ORDER BY id DESC LIMIT 1")
    row = last.fetchone()
    if row is not None and row[0] != WorkgroupFact.RESTARTED.value:
        keep_event(WorkgroupEvent(0.0, at, "", WorkgroupFact.RESTARTED), connection)


def workgroup_events(
    connection: sqlite3.Connection, begin: datetime, end: datetime
) -> Iterator[WorkgroupEvent]:
    """Yield the facts from ``begin`` to before ``end``, in order, in the time zone of ``begin``."""
    rows = connection.execute(
        "SELECT at, workgroup, fact, call, agent, seconds, in_time, what FROM workgroup_events "
        "WHERE at >= ? AND at < ? ORDER BY id",
        (_utc(begin), _utc(end)),
    )
    for at, group, fact, call, agent, seconds, in_time, what in rows:
        when = datetime.fromisoformat(at).astimezone(begin.tzinfo)
        yield WorkgroupEvent(
            0.0, when, group, WorkgroupFact(fact), CallId(call), agent, seconds, bool(in_time), what
        )


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")
