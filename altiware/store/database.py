# SPDX-License-Identifier: MIT
"""The SQLite file of a data directory: its settings, its migrations and its one owner.

``Database.open`` is for the service, which alone writes; ``open_reading`` is for everybody else.
SQLite before 3.51.3 can damage a WAL that two connections write or checkpoint, so there is one
writing connection per file, and a lock keeps a second service out.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Final, Self

from altiware.store.errors import DirectoryError, InUseError, VersionError
from altiware.store.swap import finish

__all__ = ["FILE_NAME", "Database", "locked", "migrations", "open_reading"]

FILE_NAME: Final = "altiware.db"
BUSY_MS: Final = 5000
"""How long a reader waits for a lock; the writer has no rival."""


def migrations() -> list[tuple[int, str]]:
    """Return (number, SQL) of every migration, in order."""
    folder = resources.files("altiware.store.migrations")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [(int(name[:4]), (folder / name).read_text(encoding="utf-8")) for name in names]


class Database:
    """The writing end: the only connection that ever writes to this file."""

    def __init__(self, connection: sqlite3.Connection, lock: int, path: Path) -> None:
        self.connection = connection
        self.path = path
        self._lock = lock

    @classmethod
    def open(cls, directory: Path) -> Self:
        """Take the directory, make the file if there is none, and bring its tables up to date.

        Raises:
            InUseError: another service has it.
            DirectoryError: it can't be made or written.
            VersionError: a newer release has written it.
        """
        lock = _take(directory)
        path = directory / FILE_NAME
        finish(directory)
        try:
            connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        except sqlite3.Error as error:
            os.close(lock)
            raise DirectoryError(f"{path}: {error}") from error
        database = cls(connection, lock, path)
        try:
            _migrate(connection, path)
        except sqlite3.Error as error:
            database.close()
            raise DirectoryError(f"{path}: {error}") from error
        except VersionError:
            database.close()
            raise
        return database

    def close(self) -> None:
        """Checkpoint, close the file and let the directory go."""
        self.connection.close()
        os.close(self._lock)


def open_reading(directory: Path) -> sqlite3.Connection:
    """Open the directory's database for reading, whether or not a service runs on it.

    Raises:
        DirectoryError: there is no database here, or it can't be read.
        VersionError: it belongs to another release.
    """
    path = directory / FILE_NAME
    if not path.is_file():
        raise DirectoryError(f"{directory}: no records here (no {FILE_NAME}); see --data")
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error as error:
        raise DirectoryError(f"{path}: {error}") from error
    try:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        connection.execute("PRAGMA query_only = ON")
        version = _version(connection)
    except sqlite3.Error as error:
        connection.close()
        raise DirectoryError(f"{path}: {error}") from error
    if version != migrations()[-1][0]:
        connection.close()
        raise VersionError(f"{path}: tables of version {version}, this release needs another")
    return connection


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Have a data directory for oneself, without its database.

    Raises:
        InUseError: a service has it.
        DirectoryError: it can't be made or written.
    """
    lock = _take(directory)
    try:
        yield
    finally:
        os.close(lock)


def _take(directory: Path) -> int:
    """Make the directory and lock it against a second service."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        lock = os.open(directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise DirectoryError(f"{directory}: {error.strerror}") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(lock)
        raise InUseError(f"{directory}: another altiware is running on it") from error
    return lock


def _version(connection: sqlite3.Connection) -> int:
    row = connection.execute("PRAGMA user_version").fetchone()
    return int(row[0])


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    version = _version(connection)
    steps = migrations()
    if version > steps[-1][0]:
        raise VersionError(f"{path}: tables of version {version}, this release knows none")
    for number, sql in steps:
        if number > version:
            connection.executescript(f"BEGIN; {sql}; PRAGMA user_version = {number}; COMMIT")
