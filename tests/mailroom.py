# SPDX-License-Identifier: MIT
"""Mailboxes for tests: the real store on a real disk, in the test's own thread.

``Inline`` stands for the store's writer: what is submitted is committed before it returns, or,
while ``held``, when the test says so.
"""

import sqlite3
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher

from altiware.core.mail import MailboxPlan, MailPlan
from altiware.core.plan import FeatureCode, Plan, Service
from altiware.store.archive import Archive
from altiware.store.database import Database
from altiware.store.errors import WriteError
from altiware.store.writer import Work

__all__ = ["QUICK", "Inline", "archive_in", "with_mail"]

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Hashes that nobody has to keep secret."""
CODES = {
    "##": FeatureCode(Service("mailbox", "own")),
    "###": FeatureCode(Service("mailbox")),
    "#28": FeatureCode(Service("mailbox", "password")),
    "#40": FeatureCode(Service("message"), follows=None),
}


class Inline:
    """Does the writer's work at once."""

    def __init__(self, database: Database) -> None:
        self.connection = database.connection
        self.held = False
        "Nothing reaches the disk."
        self._waiting: list[tuple[Work, Future[None]]] = []

    def submit(self, work: Work) -> Future[None]:
        future: Future[None] = Future()
        self._waiting.append((work, future))
        if not self.held:
            self.let_go()
        return future

    def let_go(self) -> None:
        """Do what waits."""
        self.held = False
        while self._waiting:
            self._do(*self._waiting.pop(0))

    def _do(self, work: Work, future: Future[None]) -> None:
        self.connection.execute("BEGIN")
        try:
            work(self.connection)
        except (sqlite3.Error, ValueError, TypeError) as error:
            self.connection.execute("ROLLBACK")
            future.set_exception(WriteError(str(error)))
        else:
            self.connection.execute("COMMIT")
            future.set_result(None)


class AtOnce(Executor):
    """Does in the caller's thread what is meant for another."""

    def submit(self, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(work(*args, **kwargs))
        return future


def archive_in(
    directory: Path,
    plan: Plan,
    *,
    wall: Callable[[], datetime] = lambda: datetime(2026, 3, 2, 8, 0, tzinfo=UTC),
) -> tuple[Archive, Inline]:
    """Return mailboxes whose sounds are in ``directory`` and whose rows are in a file there."""
    writer = Inline(Database.open(directory / "store"))
    archive = Archive(plan.mail, directory, writer, AtOnce(), wall, hasher=QUICK)
    return archive, writer


def with_mail(plan: Plan, **limits: Any) -> Plan:
    """Return the plan with a mailbox for each station, and codes to come to them."""
    boxes = {
        each.extension: MailboxPlan(each.extension, each.name, **limits) for each in plan.stations
    }
    numbering = replace(plan.numbering, codes=CODES)
    timers = replace(plan.timers, no_answer_s=12.0)
    return replace(plan, mail=MailPlan(boxes), numbering=numbering, timers=timers)
