# SPDX-License-Identifier: MIT
"""The rows of mailboxes: read to what features know, and counted."""

import sqlite3
from datetime import datetime, timedelta
from typing import Final

from altiware.core.mail import MailboxPlan
from altiware.features.voicemail.messages import (
    Draft,
    Greeting,
    Mailbox,
    Message,
    MessageState,
    Sender,
)
from altiware.store.mail_files import BYTES_PER_S, HEADER

__all__ = ["counts", "expired", "insert", "mailbox", "message", "of_draft", "room", "unmailed"]

COLUMNS: Final = (
    "id, received, state, seconds, number, name, outside, urgent, private, callback, comment, "
    "forwarded_by"
)


def mailbox(connection: sqlite3.Connection, plan: MailboxPlan, now: datetime) -> Mailbox:
    """Return a mailbox as of now."""
    extension = plan.extension
    found = connection.execute(
        f"SELECT {COLUMNS} FROM messages WHERE mailbox = ? ORDER BY received DESC, rowid DESC",  # noqa: S608
        (extension,),
    )
    messages = tuple(_message(row) for row in found)
    greetings = connection.execute(
        "SELECT greeting, file FROM greetings WHERE mailbox = ?", (extension,)
    )
    password = connection.execute("SELECT 1 FROM passwords WHERE mailbox = ?", (extension,))
    return Mailbox(
        extension,
        messages,
        {Greeting(name): file for name, file in greetings},
        room_s=max(room(connection, plan) - HEADER, 0) / BYTES_PER_S,
        names=dict(
            connection.execute("SELECT mailbox, file FROM greetings WHERE greeting = 'name'")
        ),
        has_password=password.fetchone() is not None,
        expiring=len(expired(connection, plan, now + timedelta(days=1))),
    )


def message(connection: sqlite3.Connection, name: str) -> Message | None:
    """Return a message by its id; None: it is gone."""
    row = connection.execute(
        f"SELECT {COLUMNS} FROM messages WHERE id = ?",  # noqa: S608
        (name,),
    ).fetchone()
    return _message(row) if row else None


def _message(row: tuple[str, str, str, float, str, str, int, int, int, str, int, str]) -> Message:
    name, received, state, seconds, number, who, outside, urgent, private, callback, said, by = row
    return Message(
        name,
        datetime.fromisoformat(received),
        MessageState(state),
        seconds,
        Sender(number, who, bool(outside)),
        bool(urgent),
        bool(private),
        callback,
        bool(said),
        by,
    )


def unmailed(connection: sqlite3.Connection) -> list[tuple[str, Message]]:
    """Return the new messages that haven't been sent by e-mail, the oldest first."""
    found = connection.execute(
        f"SELECT mailbox, {COLUMNS} FROM messages WHERE NOT mailed AND state = 'new' "  # noqa: S608
        "ORDER BY received"
    )
    return [(row[0], _message(row[1:])) for row in found]


def insert(
    connection: sqlite3.Connection,
    message: Message,
    mailbox: str,
    size: int,
) -> None:
    """Let there be a message; its sound is there already."""
    sender = message.sender
    row = (
        message.id,
        mailbox,
        message.received.isoformat(),
        message.state.value,
        message.seconds,
        size,
        sender.number,
        sender.name,
        int(sender.outside),
        int(message.urgent),
        int(message.private),
        message.callback,
        int(message.comment),
        message.forwarded_by,
    )
    connection.execute(
        "INSERT INTO messages (id, mailbox, received, state, seconds, bytes, number, name, "
        "outside, urgent, private, callback, comment, forwarded_by) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        row,
    )


def of_draft(name: str, draft: Draft, received: datetime, seconds: float) -> Message:
    """Return the message that a draft becomes."""
    return Message(
        name,
        received,
        MessageState.NEW,
        seconds,
        draft.sender,
        draft.urgent,
        draft.private,
        draft.callback,
    )


def counts(connection: sqlite3.Connection, extension: str) -> tuple[int, int, int]:
    """Return how many messages are new, how many of these urgent, and how many saved."""
    row = connection.execute(
        "SELECT COUNT(*) FILTER (WHERE state = 'new'), "
        "COUNT(*) FILTER (WHERE state = 'new' AND urgent), "
        "COUNT(*) FILTER (WHERE state = 'saved') FROM messages WHERE mailbox = ?",
        (extension,),
    ).fetchone()
    return int(row[0]), int(row[1]), int(row[2])


def room(connection: sqlite3.Connection, plan: MailboxPlan) -> int:
    """Return how many bytes another message may have; 0: there are too many already."""
    many, used = connection.execute(
        "SELECT COUNT(*), COALESCE(SUM(bytes), 0) FROM messages WHERE mailbox = ?",
        (plan.extension,),
    ).fetchone()
    if many >= plan.most_messages:
        return 0
    return max(round(plan.most_mb * 1e6) - int(used), 0)


def expired(connection: sqlite3.Connection, plan: MailboxPlan, now: datetime) -> list[str]:
    """Return the ids of saved messages that have been kept for long enough."""
    last = now - timedelta(days=plan.keep_days)
    rows = connection.execute(
        "SELECT id FROM messages WHERE mailbox = ? AND state = 'saved' AND saved <= ?",
        (plan.extension, last.isoformat()),
    )
    return [str(row[0]) for row in rows]
