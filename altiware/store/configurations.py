# SPDX-License-Identifier: MIT
"""The rows of the configuration's versions: read on any connection, written by the writer."""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime

__all__ = ["Version", "confirm", "insert", "latest", "mark_written", "version", "versions"]

COLUMNS = "number, made, author, note, base, confirm_by, written, text"


@dataclass(frozen=True, slots=True)
class Version:
    """One version."""

    number: int
    made: datetime
    author: str
    note: str
    base: int | None
    "The version that undoing this one brings back."
    confirm_by: datetime | None
    "None: it holds for good."
    is_written: bool
    "Whether the file has had this text."
    text: str


def latest(connection: sqlite3.Connection) -> Version | None:
    """Return the newest version; None: there is none yet."""
    row = connection.execute(
        f"SELECT {COLUMNS} FROM configurations ORDER BY number DESC LIMIT 1"  # noqa: S608
    ).fetchone()
    return _version(row) if row else None


def version(connection: sqlite3.Connection, number: int) -> Version | None:
    """Return a version; None: there is none of that number."""
    row = connection.execute(
        f"SELECT {COLUMNS} FROM configurations WHERE number = ?",  # noqa: S608
        (number,),
    ).fetchone()
    return _version(row) if row else None


def versions(connection: sqlite3.Connection, limit: int) -> list[Version]:
    """Return the newest ``limit`` versions, the newest first."""
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM configurations ORDER BY number DESC LIMIT ?",  # noqa: S608
        (limit,),
    )
    return [_version(row) for row in rows]


def insert(new: Version, connection: sqlite3.Connection) -> None:
    """Write a version."""
    connection.execute(
        f"INSERT INTO configurations ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        (
            new.number,
            _utc(new.made),
            new.author,
            new.note,
            new.base,
            _utc(new.confirm_by) if new.confirm_by else None,
            int(new.is_written),
            new.text,
        ),
    )


def mark_written(number: int, connection: sqlite3.Connection) -> None:
    """Note that the file has a version's text."""
    connection.execute("UPDATE configurations SET written = 1 WHERE number = ?", (number,))


def confirm(number: int, connection: sqlite3.Connection) -> None:
    """Let a version hold for good."""
    connection.execute("UPDATE configurations SET confirm_by = NULL WHERE number = ?", (number,))


def _version(row: tuple[int, str, str, str, int | None, str | None, int, str]) -> Version:
    number, made, author, note, base, confirm_by, written, text = row
    return Version(
        number,
        datetime.fromisoformat(made),
        author,
        note,
        base,
        datetime.fromisoformat(confirm_by) if confirm_by else None,
        bool(written),
        text,
    )


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
