# SPDX-License-Identifier: MIT
"""The one thread that writes: many records, one commit, and only then the acknowledgements.

``submit`` takes a piece of work (a function of the connection) and returns a future that is done
when the work is on the disk.  All that has gathered while the last commit ran is committed
together, so that a commit's fsync (some ms) bounds the delay and not the rate.

It does not retry: a future that failed says that its record is not on the disk.
"""

import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final

from altiware.store.database import Database
from altiware.store.errors import WriteError

__all__ = ["Work", "Writer"]

Work = Callable[[sqlite3.Connection], object]
"""What one record does to the tables; runs in the writer's thread, inside a transaction."""

GROUP_LIMIT: Final = 1000
"""Works per commit at most, so that an acknowledgement never waits behind a backlog's whole."""


class Writer:
    """Owns the writing connection and its thread."""

    def __init__(self, database: Database) -> None:
        self.commits = 0
        "Transactions committed so far."
        self._database = database
        self._queue: queue.SimpleQueue[tuple[Work, Future[None]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="store")
        self._closed = False
        self._thread.start()

    def submit(self, work: Work) -> Future[None]:
        """Have the work done; the future is done when it is on the disk. Never blocks.

        The future's exception is a :class:`WriteError`; its callbacks run in the writer's thread.
        """
        if self._closed:
            raise WriteError("the store is closed")
        future: Future[None] = Future()
        self._queue.put((work, future))
        return future

    def close(self) -> None:
        """Commit what has been submitted, then end the thread and close the database."""
        if self._closed:
            return
        self._closed = True
        self._queue.put(None)
        self._thread.join()
        self._database.close()

    def _run(self) -> None:
        going_on = True
        while going_on:
            group, going_on = self._gather()
            if group:
                self._commit(group)

    def _gather(self) -> tuple[list[tuple[Work, Future[None]]], bool]:
        """Wait for one work and take what else has come; False at the end."""
        group: list[tuple[Work, Future[None]]] = []
        item = self._queue.get()
        while item is not None:
            group.append(item)
            if len(group) == GROUP_LIMIT or self._queue.empty():
                return group, True
            item = self._queue.get()
        return group, False

    def _commit(self, group: list[tuple[Work, Future[None]]]) -> None:
        connection = self._database.connection
        written: list[Future[None]] = []
        try:
            connection.execute("BEGIN IMMEDIATE")
            for work, future in group:
                if self._write(connection, work, future):
                    written.append(future)
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            for _, future in group:
                if not future.done():
                    future.set_exception(WriteError(f"{self._database.path}: {error}"))
            return
        self.commits += 1
        for future in written:
            future.set_result(None)

    def _write(self, connection: sqlite3.Connection, work: Work, future: Future[None]) -> bool:
        """Do one work; its failure must not take the others of its group along."""
        connection.execute("SAVEPOINT work")
        try:
            work(connection)
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError, ValueError, TypeError) as error:
            connection.execute("ROLLBACK TO work")
            connection.execute("RELEASE work")
            future.set_exception(WriteError(f"{self._database.path}: {error}"))
            return False
        connection.execute("RELEASE work")
        return True
