# SPDX-License-Identifier: MIT
"""The mailboxes of an office: performs what features order, and answers when it is on the disk.

``perform`` never blocks: rows and files are the writer's thread's, passwords are hashed in another.
Answers and notices go to ``deliver``, in whichever thread they come about.
"""

import sqlite3
from collections.abc import Callable
from concurrent.futures import Executor, Future
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError, VerifyMismatchError

from altiware.core.effects import ToStore
from altiware.core.events import Event
from altiware.core.ids import Party
from altiware.core.mail import MailPlan
from altiware.core.notices import Notice
from altiware.core.plan import Plan
from altiware.features.voicemail.messages import Mailbox, Message, MessageState
from altiware.features.voicemail.orders import (
    BeginMessage,
    CheckPassword,
    Discard,
    Done,
    EmptyTrash,
    Forward,
    KeepGreeting,
    KeepMessage,
    Look,
    LookAround,
    MailboxShown,
    Mailed,
    Mark,
    Notified,
    NotKept,
    PasswordChecked,
    RemoveGreeting,
    SetPassword,
    Tidy,
    Verdict,
    Waiting,
)
from altiware.policy.passwords import lock
from altiware.store import mail_rows as rows
from altiware.store.mail import MailWorks, Result, Swept
from altiware.store.mail_files import Sounds
from altiware.store.writer import Work

__all__ = ["Archive", "Submit"]

Deliver = Callable[[Party | None, Event | Notice], None]
"""To a party, or (None) a notice to all; its time is filled in there."""


class Submit(Protocol):
    """The store's writer, or what stands for it in a test."""

    def submit(self, work: Work) -> Future[None]:
        """Have a piece of work done."""


class Archive:
    """All mailboxes of an office on its disk."""

    def __init__(
        self,
        plan: MailPlan,
        folder: Path,
        writer: Submit,
        hashing: Executor,
        wall: Callable[[], datetime],
        *,
        hasher: PasswordHasher | None = None,
        new_id: Callable[[], str] | None = None,
    ) -> None:
        """Build it; ``folder`` is that of recordings.

        Raises:
            OSError: it can't be made or written.
        """
        options = {"new_id": new_id} if new_id else {}
        self._works = MailWorks(plan, Sounds(folder), wall, **options)
        self._writer = writer
        self._hashing = hashing
        self._hasher = hasher or PasswordHasher()
        self._nobody = self._hasher.hash("of nobody")
        "Checked where there is none: nobody can tell by the time that it takes."
        self._deliver: Deliver = lambda party, event: None

    def attend(self, deliver: Deliver) -> None:
        """Answer there from now on."""
        self._deliver = deliver

    def sweep(self) -> Swept:
        """End what a kill has left; before anything is recorded, and when no engine does any more.

        Raises:
            StoreError: the disk refuses it.
        """
        swept: list[Swept] = []
        self._writer.submit(lambda each: swept.append(self._works.sweep(each))).result()
        return swept[0]

    def adopt(self, plan: Plan) -> None:
        """Go on by a new plan."""
        self._works.plan = plan.mail

    # E-mail; for a thread of its own

    def unmailed(self) -> list[tuple[str, Message]]:
        """Return the messages that haven't been sent, with their mailboxes.

        Raises:
            StoreError: the store is closed.
        """
        found: list[tuple[str, Message]] = []
        self._writer.submit(lambda each: found.extend(rows.unmailed(each))).result()
        return found

    def sound(self, message: Message) -> Path:
        """Return where the sound of a message lies."""
        return self._works.sounds.path(message.sound.file)

    def mailed(self, extension: str, message: str, state: MessageState | None) -> None:
        """Note that a message has been sent, and what becomes of it (None: nothing)."""
        order = Mailed(extension, message, state)
        self._do(None, order, partial(self._works.mailed, order))

    def perform(self, party: Party, order: ToStore) -> None:
        """Do what a feature orders."""
        if isinstance(order, CheckPassword):
            self._read_password(party, order)
        elif isinstance(order, SetPassword):
            job = self._hashing.submit(self._hasher.hash, order.password)
            job.add_done_callback(partial(self._put_password, party, order))
        else:
            self._do(party, order, partial(_WORKS[type(order)], self._works, order))

    def _do(
        self, party: Party | None, order: ToStore, work: Callable[[sqlite3.Connection], Result]
    ) -> None:
        results: list[Result] = []
        future = self._writer.submit(lambda each: results.append(_tried(work, order, each)))
        future.add_done_callback(partial(self._done, party, order, results))

    def _done(
        self, party: Party | None, order: ToStore, results: list[Result], future: Future[None]
    ) -> None:
        """Tell what a committed work led to."""
        refused = future.exception() is not None
        result = Result(_refusal(order)) if refused else results[0]
        for file in result.unwanted:
            self._works.sounds.remove(file)
        if result.answer is not None:
            self._deliver(party, result.answer)
        for notice in result.notices:
            self._deliver(None, notice)

    # Passwords

    def _read_password(self, party: Party, order: CheckPassword) -> None:
        found: list[tuple[str, str | None]] = []

        def read(connection: sqlite3.Connection) -> None:
            found.extend(
                connection.execute(
                    "SELECT hash, locked_until FROM passwords WHERE mailbox = ?",
                    (order.extension,),
                ).fetchall()
            )

        def check(future: Future[None]) -> None:
            row = found[0] if found else (self._nobody, None)
            self._hashing.submit(self._check, party, order, *row, bool(found))

        self._writer.submit(read).add_done_callback(check)

    def _check(
        self,
        party: Party,
        order: CheckPassword,
        known: str,
        until: str | None,
        exists: bool,
    ) -> None:
        """Verify, count and answer; in the hashing thread."""
        now = self._works.now
        is_locked = order.remote and until is not None and datetime.fromisoformat(until) > now
        right = self._is_right(known, order.password) and exists
        judged = Verdict.RIGHT if right else Verdict.WRONG
        verdict = Verdict.LOCKED if is_locked else judged
        if not exists or is_locked or not (order.remote or right):
            self._deliver(party, PasswordChecked(0.0, verdict))
            return

        def count(connection: sqlite3.Connection) -> None:
            if right:
                _forgive(connection, order.extension)
            else:
                _count_wrong(connection, order.extension, now)

        def answer(future: Future[None]) -> None:
            counted = future.exception() is None
            self._deliver(party, PasswordChecked(0.0, verdict if counted else Verdict.LOCKED))

        self._writer.submit(count).add_done_callback(answer)

    def _is_right(self, known: str, password: str) -> bool:
        try:
            return self._hasher.verify(known, password)
        except VerifyMismatchError:
            return False
        except VerificationError:  # the row is no hash: nobody's password is right
            return False

    def _put_password(self, party: Party, order: SetPassword, hashed: Future[str]) -> None:
        def put(connection: sqlite3.Connection) -> Result:
            connection.execute(
                "INSERT OR REPLACE INTO passwords (mailbox, hash) VALUES (?, ?)",
                (order.extension, hashed.result()),
            )
            return Result(Done(0.0, well=True))

        self._do(party, order, put)


def _forgive(connection: sqlite3.Connection, extension: str) -> None:
    connection.execute(
        "UPDATE passwords SET wrong = 0, locks = 0, locked_until = NULL WHERE mailbox = ?",
        (extension,),
    )


def _count_wrong(connection: sqlite3.Connection, extension: str, now: datetime) -> None:
    """Count one more in a row; a lock begins the count anew."""
    wrong, locks = connection.execute(
        "SELECT wrong + 1, locks FROM passwords WHERE mailbox = ?", (extension,)
    ).fetchone()
    locked = lock(wrong, locks)
    until = (now + locked).isoformat() if locked else None
    values = (0, locks + 1, until) if locked else (wrong, locks, None)
    connection.execute(
        "UPDATE passwords SET wrong = ?, locks = ?, locked_until = ? WHERE mailbox = ?",
        (*values, extension),
    )


def _tried(
    work: Callable[[sqlite3.Connection], Result], order: ToStore, connection: sqlite3.Connection
) -> Result:
    """Do a work; what the disk refuses of a file is an answer too, and no row is written."""
    try:
        return work(connection)
    except OSError as error:
        raise ValueError(f"{type(order).__name__}: {error}") from error


def _refusal(order: ToStore) -> Event | None:
    """Return what is answered when the disk refused something."""
    if isinstance(order, KeepMessage | Forward):
        return NotKept(0.0, "trouble")
    if isinstance(order, Mark | KeepGreeting | RemoveGreeting | SetPassword):
        return Done(0.0, well=False)
    if isinstance(order, Look):
        return MailboxShown(0.0, Mailbox(order.extension))
    return Waiting(0.0, ()) if isinstance(order, LookAround) else None


_WORKS: Final[dict[type[ToStore], Callable[[MailWorks, Any, sqlite3.Connection], Result]]] = {
    Look: MailWorks.look,
    LookAround: MailWorks.look_around,
    BeginMessage: MailWorks.begin,
    KeepMessage: MailWorks.keep,
    Forward: MailWorks.forward,
    Mark: MailWorks.mark,
    EmptyTrash: MailWorks.empty_trash,
    Discard: MailWorks.discard,
    Tidy: MailWorks.tidy,
    Notified: MailWorks.notified,
    KeepGreeting: MailWorks.keep_greeting,
    RemoveGreeting: MailWorks.remove_greeting,
}
"""What each order does."""
