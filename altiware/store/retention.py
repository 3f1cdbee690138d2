# SPDX-License-Identifier: MIT
"""Forgets calls that are older than the office wants to keep them: their records and traces.

``Retention(writer).forget(days, now)`` has the writer delete a few calls at a time, each piece a
work like any other: what is happening now is never kept waiting by a year that is thrown away.
Calls that go on are kept.  What workgroups have told isn't forgotten: it names nobody outside.
"""

import sqlite3
import threading
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from altiware.store.errors import WriteError
from altiware.store.writer import Writer

__all__ = ["PIECE", "Retention"]

PIECE: Final = 50
"""Calls at a time; with their traces some thousand rows, which take some ms."""


class Retention:
    """Deletes old calls, a piece after the other."""

    def __init__(self, writer: Writer) -> None:
        self.forgotten = 0
        "Calls so far."
        self.done = threading.Event()
        "Nothing is being deleted."
        self.done.set()
        self._writer = writer

    def forget(self, days: int, now: datetime) -> None:
        """Forget the calls that were opened more than so many days ago; 0: keep all. Never blocks.

        What is being deleted since the last time goes on, and nothing else is begun.
        """
        if days and self.done.is_set():
            self.done.clear()
            before = (now.astimezone(UTC) - timedelta(days=days)).isoformat()
            self._submit(before)

    def _submit(self, before: str) -> None:
        deleted: list[int] = []
        try:
            future = self._writer.submit(partial(_delete, before, deleted))
        except WriteError:  # the service ends; it will go on at its next start
            self.done.set()
            return
        future.add_done_callback(partial(self._go_on, before, deleted))

    def _go_on(self, before: str, deleted: list[int], future: Future[None]) -> None:
        """Take the next piece, behind all that has been submitted meanwhile."""
        if future.exception() is not None:
            self.done.set()
            return
        self.forgotten += sum(deleted)
        if sum(deleted) == PIECE:
            self._submit(before)
        else:
            self.done.set()


def _delete(before: str, deleted: list[int], connection: sqlite3.Connection) -> None:
    """Delete the oldest calls, and say how many."""
    rows = connection.execute(
        "SELECT id FROM calls WHERE opened < ? AND closed IS NOT NULL ORDER BY opened LIMIT ?",
        (before, PIECE),
    ).fetchall()
    connection.executemany("DELETE FROM trace WHERE call = ?", rows)
    connection.executemany("DELETE FROM calls WHERE id = ?", rows)
    deleted.append(len(rows))
