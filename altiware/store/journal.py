# SPDX-License-Identifier: MIT
"""Writes down what the exchange reports: calls, traces, boards, settings, workgroups' facts.

``exchange.subscribe(journal.note)``.  A notice costs the caller some microseconds: the record is
built in the writer's thread, and is acknowledged (``pending`` falls) when it is on the disk.  It
keeps no copy of its own: what the disk refuses is counted in ``failed`` and told once.
"""

import json
import sqlite3
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime
from functools import partial

from altiware.core.causes import Cause
from altiware.core.notices import (
    CallAnswered,
    CallClosed,
    CallOpened,
    Notice,
    SettingChanged,
    Traced,
)
from altiware.core.record import CallRecord
from altiware.core.workgroup_events import WorkgroupEvent
from altiware.store.codec import to_json
from altiware.store.errors import WriteError
from altiware.store.settings import keep_setting
from altiware.store.smdr import smdr_lines
from altiware.store.smdr_port import SmdrPort
from altiware.store.workgroups import keep_event
from altiware.store.writer import Work, Writer
from drivers.base import BoardInfo

__all__ = ["Journal", "close_left_open"]


class Journal:
    """The listener that keeps records."""

    def __init__(
        self,
        writer: Writer,
        smdr: SmdrPort | None = None,
        *,
        acknowledged: Callable[[CallRecord], None] | None = None,
        complain: Callable[[str], None] | None = None,
    ) -> None:
        self.failed = 0
        "Records that the disk refused."
        self._writer = writer
        self._smdr = smdr
        self._acknowledged = acknowledged
        self._complain = complain

    def note(self, notice: Notice) -> None:
        """Take a notice of the exchange."""
        if isinstance(notice, Traced):
            self._submit(partial(_trace, notice))
        elif isinstance(notice, CallOpened | CallAnswered):
            self._submit(partial(_put, notice.record))
        elif isinstance(notice, CallClosed):
            self._close(notice.record)
        elif isinstance(notice, SettingChanged):
            self._submit(partial(keep_setting, notice))
        elif isinstance(notice, WorkgroupEvent):
            self._submit(partial(keep_event, notice))

    def saw_board(self, address: str, info: BoardInfo, at: datetime) -> None:
        """Note that a board is there."""
        self._submit(partial(_board, address, info, at))

    def _close(self, record: CallRecord) -> None:
        future = self._submit(partial(_put, record))
        if self._acknowledged:
            future.add_done_callback(partial(self._acknowledge, record))
        if self._smdr:
            for line in smdr_lines(record):
                self._smdr.write(line)

    def _submit(self, work: Work) -> Future[None]:
        future = self._writer.submit(work)
        future.add_done_callback(self._check)
        return future

    def _acknowledge(self, record: CallRecord, future: Future[None]) -> None:
        if self._acknowledged and future.exception() is None:
            self._acknowledged(record)

    def _check(self, future: Future[None]) -> None:
        error = future.exception()
        if error is None:
            return
        self.failed += 1
        if self._complain and isinstance(error, WriteError):
            self._complain(f"a record is lost: {error}")


def close_left_open(connection: sqlite3.Connection, at: datetime) -> int:
    """Close the calls that a service left open when it died; return how many there were.

    When each really ended nobody knows: its time is that of the restart, its cause says so.
    """
    rows = connection.execute("SELECT id, record FROM calls WHERE closed IS NULL").fetchall()
    for call, text in rows:
        record = json.loads(text)
        record.update(closed=at.isoformat(), cause=Cause.RESTART.value)
        connection.execute(
            "UPDATE calls SET closed = ?, cause = ?, record = ? WHERE id = ?",
            (_utc(at), Cause.RESTART.value, json.dumps(record), call),
        )
    return len(rows)


def _put(record: CallRecord, connection: sqlite3.Connection) -> None:
    """Write a record; an open one never replaces a closed one."""
    closed = _utc(record.closed) if record.closed else None
    cause = record.cause.value if record.cause else None
    connection.execute(
        "INSERT INTO calls (id, opened, closed, cause, record) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET closed = excluded.closed, cause = excluded.cause, "
        "record = excluded.record WHERE calls.closed IS NULL",
        (record.id, _utc(record.opened), closed, cause, json.dumps(to_json(record))),
    )


def _trace(notice: Traced, connection: sqlite3.Connection) -> None:
    connection.execute(
        "INSERT INTO trace (call, at, kind, source, target, what, fields) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            notice.call,
            notice.at,
            notice.kind.value,
            notice.source,
            notice.target,
            notice.what,
            json.dumps(dict(notice.fields)),
        ),
    )


def _board(address: str, info: BoardInfo, at: datetime, connection: sqlite3.Connection) -> None:
    seen = _utc(at)
    connection.execute(
        "INSERT INTO boards (serial, address, model, firmware, first_seen, last_seen) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (serial, address) DO UPDATE SET "
        "model = excluded.model, firmware = excluded.firmware, last_seen = excluded.last_seen",
        (info.serial, address, info.model, info.firmware, seen, seen),
    )


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
