# SPDX-License-Identifier: MIT
"""What is done to mailboxes on the disk, each as one piece of work of the store's writer.

A message is a file with a name of its own and a row.  The file is whole, flushed and named before
the row is committed, and goes after its row has: so a row never speaks of a file that isn't there.
``sweep`` at the start ends what a kill has left: recordings that were messages in the making become
messages, all else that no row speaks of is removed.
"""

import sqlite3
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from altiware.core.events import Event
from altiware.core.mail import MailboxPlan, MailPlan
from altiware.core.notices import MessageKept, MessageWaiting, Notice
from altiware.features.voicemail.messages import Draft, MessageState, Sender
from altiware.features.voicemail.orders import (
    BeginMessage,
    Discard,
    Done,
    EmptyTrash,
    Forward,
    KeepGreeting,
    KeepMessage,
    Kept,
    Look,
    LookAround,
    MailboxShown,
    Mailed,
    Mark,
    Notified,
    NotKept,
    RemoveGreeting,
    Tidy,
    Waiting,
    WaitingBox,
)
from altiware.store import mail_rows as rows
from altiware.store.mail_files import GREETINGS, MAIL, TEMPORARY, Sounds

__all__ = ["MailWorks", "Result", "Swept"]


@dataclass(slots=True)
class Result:
    """What a piece of work leads to, once it is on the disk."""

    answer: Event | None = None
    "Its time is filled in when it is told; so are those of the notices."
    notices: list[Notice] = field(default_factory=list)
    unwanted: list[str] = field(default_factory=list)
    "Files that no row speaks of any more."


@dataclass(frozen=True, slots=True)
class Swept:
    """What a kill had left."""

    finished: int
    "Recordings that have become messages."
    removed: int
    "Files that belonged to nothing."


class MailWorks:
    """The pieces of work; ``wall`` tells the time, ``new_id`` a name that nothing else has."""

    def __init__(
        self,
        plan: MailPlan,
        sounds: Sounds,
        wall: Callable[[], datetime],
        new_id: Callable[[], str] = lambda: str(uuid.uuid4()),
    ) -> None:
        self.plan = plan
        self.sounds = sounds
        self._wall = wall
        self._new_id = new_id

    @property
    def now(self) -> datetime:
        """What the time is, in UTC."""
        return self._wall().astimezone(UTC)

    # Reading

    def look(self, order: Look, connection: sqlite3.Connection) -> Result:
        """Show a mailbox; one that isn't in the plan is empty, and has no room."""
        plan = self.plan.boxes.get(order.extension)
        if plan is None:
            plan = MailboxPlan(order.extension, most_messages=0)
        return Result(MailboxShown(0.0, rows.mailbox(connection, plan, self.now)))

    def look_around(self, order: LookAround, connection: sqlite3.Connection) -> Result:
        """Find mailboxes with messages that nobody was told of; tell what is in all."""
        found = connection.execute(
            "SELECT mailbox, COUNT(*), SUM(urgent) FROM messages "
            "WHERE state = 'new' AND NOT told GROUP BY mailbox"
        )
        boxes = tuple(WaitingBox(*row) for row in found if row[0] in self.plan.boxes)
        notices: list[Notice] = [self._waiting(each, connection) for each in self.plan.boxes]
        return Result(Waiting(0.0, boxes), notices)

    # Messages

    def begin(self, order: BeginMessage, connection: sqlite3.Connection) -> Result:
        """Note that a recording is a message, whatever happens."""
        sender = order.sender
        connection.execute(
            "INSERT OR REPLACE INTO recordings VALUES (?, ?, ?, ?, ?, ?, ?)",
            (order.file, self._new_id(), order.extension, self.now.isoformat(), sender.number,
             sender.name, int(sender.outside)),
        )  # fmt: skip
        return Result()

    def keep(self, order: KeepMessage, connection: sqlite3.Connection) -> Result:
        """Put what was recorded into mailboxes."""
        file = order.draft.file
        begun = connection.execute(
            "SELECT id, mailbox, began FROM recordings WHERE file = ?", (file,)
        ).fetchone()
        seconds = self.sounds.seconds(file)
        shortest = min(self._box(each).shortest_s for each in order.extensions)
        if seconds < shortest or seconds == 0.0:
            connection.execute("DELETE FROM recordings WHERE file = ?", (file,))
            return Result(NotKept(0.0, "short"), unwanted=[file])
        own = begun[1] if begun else ""
        fitting, full = self._with_room(order.extensions, file, own, connection)
        if not fitting:
            return Result(NotKept(0.0, "full"), unwanted=[file])
        ids = {each: begun[0] if each == own else self._new_id() for each in fitting}
        received = datetime.fromisoformat(begun[2]) if begun else self.now
        first, *others = fitting
        final = f"{MAIL}/{ids[first]}.wav"
        self.sounds.finish(file, final)
        for each in others:
            self.sounds.copy(final, f"{MAIL}/{ids[each]}.wav")
        for each in fitting:
            message = rows.of_draft(ids[each], order.draft, received, seconds)
            rows.insert(connection, message, each, self.sounds.size(final))
        connection.execute("DELETE FROM recordings WHERE file = ?", (file,))
        return self._kept(ids, full, connection)

    def forward(self, order: Forward, connection: sqlite3.Connection) -> Result:
        """Put a message into other mailboxes, with what was said before it."""
        message = rows.message(connection, order.message)
        if message is None:
            return Result(NotKept(0.0, "trouble"))
        source, said = message.sound.file, order.comment.file
        has_comment = self.sounds.seconds(said) > 0.0 if said else False
        fitting, full = self._with_room(order.extensions, source, "", connection)
        if not fitting:
            return Result(NotKept(0.0, "full"), unwanted=[said] if said else [])
        ids = {each: self._new_id() for each in fitting}
        if has_comment:
            self._put_comments(said, list(ids.values()))
        for each, name in ids.items():
            self.sounds.copy(source, f"{MAIL}/{name}.wav")
            copy = rows.of_draft(name, order.comment, self.now, message.seconds)
            copy = replace(copy, comment=has_comment, forwarded_by=order.by, sender=message.sender)
            rows.insert(connection, copy, each, self.sounds.size(source))
        return self._kept(ids, full, connection)

    def mark(self, order: Mark, connection: sqlite3.Connection) -> Result:
        """Save, delete or restore a message; the days of a saved one are counted from the first."""
        changed = connection.execute(
            "UPDATE messages SET state = ?, told = 1, saved = COALESCE(saved, ?) "
            "WHERE id = ? AND mailbox = ?",
            (order.state.value, self.now.isoformat(), order.message, order.extension),
        )
        well = changed.rowcount == 1
        return Result(Done(0.0, well), [self._waiting(order.extension, connection)])

    def mailed(self, order: Mailed, connection: sqlite3.Connection) -> Result:
        """Note that a message has been sent by e-mail; delete it if that is wished."""
        connection.execute("UPDATE messages SET mailed = 1 WHERE id = ?", (order.message,))
        result = Result()
        if order.state is MessageState.DELETED:
            result = self._delete("id = ?", (order.message,), connection)
        elif order.state is not None:
            self.mark(Mark(order.extension, order.message, order.state), connection)
        result.notices.append(self._waiting(order.extension, connection))
        return result

    def empty_trash(self, order: EmptyTrash, connection: sqlite3.Connection) -> Result:
        """Delete for good what the owner deleted."""
        return self._delete("state = 'deleted' AND mailbox = ?", (order.extension,), connection)

    def discard(self, order: Discard, connection: sqlite3.Connection) -> Result:
        """Remove a recording that nobody wants."""
        connection.execute("DELETE FROM recordings WHERE file = ?", (order.file,))
        return Result(unwanted=[order.file])

    def tidy(self, order: Tidy, connection: sqlite3.Connection) -> Result:
        """Delete saved messages whose time is over."""
        result = Result()
        for extension, plan in self.plan.boxes.items():
            for name in rows.expired(connection, plan, self.now):
                gone = self._delete("id = ?", (name,), connection)
                result.unwanted += gone.unwanted
                result.notices = [self._waiting(extension, connection), *result.notices]
        return result

    def notified(self, order: Notified, connection: sqlite3.Connection) -> Result:
        """Note that the owner knows what there is."""
        connection.execute("UPDATE messages SET told = 1 WHERE mailbox = ?", (order.extension,))
        return Result()

    # Greetings

    def keep_greeting(self, order: KeepGreeting, connection: sqlite3.Connection) -> Result:
        """Put a recording in the place of a greeting."""
        key = (order.extension, order.greeting.value)
        final = f"{GREETINGS}/{self._new_id()}.wav"
        if self.sounds.seconds(order.file) == 0.0:
            return Result(Done(0.0, well=False), unwanted=[order.file])
        old = self._greeting(key, connection)
        self.sounds.finish(order.file, final)
        connection.execute("INSERT OR REPLACE INTO greetings VALUES (?, ?, ?)", (*key, final))
        return Result(Done(0.0, well=True, file=final), unwanted=old)

    def remove_greeting(self, order: RemoveGreeting, connection: sqlite3.Connection) -> Result:
        """Let callers hear the standard one again."""
        key = (order.extension, order.greeting.value)
        old = self._greeting(key, connection)
        connection.execute("DELETE FROM greetings WHERE mailbox = ? AND greeting = ?", key)
        return Result(Done(0.0, well=True), unwanted=old)

    # At the start

    def sweep(self, connection: sqlite3.Connection) -> Swept:
        """End what a kill has left; no engine writes to any recording any more."""
        pending = connection.execute(
            "SELECT file, id, mailbox, number, name, outside FROM recordings"
        ).fetchall()
        finished = sum(self._finish(*row, connection=connection) for row in pending)
        connection.execute("DELETE FROM recordings")
        gone = self._delete("state = 'deleted'", (), connection)
        known = {row[0] for row in connection.execute("SELECT file FROM greetings")}
        for name, comment in connection.execute("SELECT id, comment FROM messages"):
            known |= {f"{MAIL}/{name}.wav", *([f"{MAIL}/{name}-comment.wav"] if comment else [])}
        there = [each for folder in (MAIL, TEMPORARY, GREETINGS) for each in
                 self.sounds.files(folder)]  # fmt: skip
        unknown = [each for each in there if each not in known]
        for each in {*unknown, *gone.unwanted}:
            self.sounds.remove(each)
        return Swept(finished, len(unknown))

    def _finish(
        self,
        file: str,
        name: str,
        mailbox: str,
        number: str,
        who: str,
        outside: int,
        *,
        connection: sqlite3.Connection,
    ) -> bool:
        """Make a message of a recording that was going on, wherever it was left."""
        plan = self.plan.boxes.get(mailbox)
        final = f"{MAIL}/{name}.wav"
        if self.sounds.seconds(final) == 0.0:
            if plan is None or self.sounds.seconds(file) < max(plan.shortest_s, 0.001):
                return False
            self.sounds.finish(file, final)
        draft = Draft(final, Sender(number, who, bool(outside)))
        message = rows.of_draft(name, draft, self.now, self.sounds.seconds(final))
        rows.insert(connection, message, mailbox, self.sounds.size(final))
        return True

    # Pieces

    def _box(self, extension: str) -> MailboxPlan:
        return self.plan.boxes.get(extension) or MailboxPlan(extension, most_messages=0)

    def _with_room(
        self, extensions: tuple[str, ...], file: str, own: str, connection: sqlite3.Connection
    ) -> tuple[list[str], tuple[str, ...]]:
        """Return which mailboxes take a file, and which don't.

        One that had room when the recording began takes it.
        """
        size = self.sounds.size(file)
        fitting = [
            each
            for each in dict.fromkeys(extensions)
            if each == own or rows.room(connection, self._box(each)) >= size
        ]
        return fitting, tuple(each for each in extensions if each not in fitting)

    def _kept(
        self, ids: dict[str, str], full: tuple[str, ...], connection: sqlite3.Connection
    ) -> Result:
        notices: list[Notice] = []
        for extension, name in ids.items():
            notices += [
                MessageKept(0.0, extension, name),
                self._waiting(extension, connection),
            ]
        return Result(Kept(0.0, tuple(ids), full), notices)

    def _put_comments(self, said: str, ids: list[str]) -> None:
        first, *others = [f"{MAIL}/{each}-comment.wav" for each in ids]
        self.sounds.finish(said, first)
        for each in others:
            self.sounds.copy(first, each)

    def _waiting(self, extension: str, connection: sqlite3.Connection) -> MessageWaiting:
        return MessageWaiting(0.0, extension, *rows.counts(connection, extension))

    def _delete(
        self, where: str, values: tuple[str, ...], connection: sqlite3.Connection
    ) -> Result:
        found = connection.execute(f"SELECT id FROM messages WHERE {where}", values).fetchall()  # noqa: S608
        connection.execute(f"DELETE FROM messages WHERE {where}", values)  # noqa: S608
        files = [f"{MAIL}/{row[0]}{part}.wav" for row in found for part in ("", "-comment")]
        return Result(unwanted=files)

    def _greeting(self, key: tuple[str, str], connection: sqlite3.Connection) -> list[str]:
        found = connection.execute(
            "SELECT file FROM greetings WHERE mailbox = ? AND greeting = ?", key
        )
        return [str(row[0]) for row in found]
