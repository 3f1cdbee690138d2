# SPDX-License-Identifier: MIT
"""The configuration's versions: the file has the text of the newest, the store has them all.

``History(file, directory, writer)`` is used by the service and, while none runs, by the commands.
``settle`` it first: it takes in what was edited by hand, finishes what a crash has interrupted, and
rolls back a version that nobody has confirmed in time.  A version is never changed and none is
removed: undoing and rolling back make new ones.  Every call blocks for some milliseconds.
"""

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from altiware.configuration.commands import checked
from altiware.errors import ConfigError, UnavailableError, UsageError
from altiware.store.configurations import (
    Version,
    confirm,
    insert,
    latest,
    mark_written,
    version,
    versions,
)
from altiware.store.database import open_reading
from altiware.store.writer import Writer

__all__ = ["History", "now"]

BY_HAND: Final = "file"
"""The author of what was found in the file."""
ITSELF: Final = "altiware"


def now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


class History:
    """Versions of one configuration file."""

    def __init__(
        self, file: Path, directory: Path, writer: Writer, *, wall: Callable[[], datetime] = now
    ) -> None:
        self.file = Path(os.path.realpath(file))
        self._directory = directory
        self._writer = writer
        self._wall = wall

    # Questions

    def latest(self) -> Version | None:
        """Return the version that holds; None before the first ``settle``."""
        with self._reading() as connection:
            return latest(connection)

    def version(self, number: int) -> Version:
        """Return a version.

        Raises:
            UsageError: there is none of that number.
        """
        with self._reading() as connection:
            found, last = version(connection, number), latest(connection)
        if found is None:
            raise UsageError(f"version {number}: there are 1 to {last.number if last else 0}")
        return found

    def versions(self, limit: int) -> list[Version]:
        """Return the newest ``limit`` versions, the newest first."""
        with self._reading() as connection:
            return versions(connection, limit)

    # Changes

    def settle(self) -> Version:
        """Bring file and versions together; return the version that holds.

        Raises:
            ConfigError: the file was edited by hand and is wrong.
        """
        last, text = self.latest(), self._text()
        if last is None:
            checked(text, str(self.file))
            return self._add(text, BY_HAND, "as found", None)
        if text == last.text:
            if not last.is_written:
                self._writer.submit(partial(mark_written, last.number))
        elif not last.is_written and last.base and text == self.version(last.base).text:
            self._put(last)
        else:
            checked(text, str(self.file))
            base = last.base if last.confirm_by else last.number
            last = self._add(text, BY_HAND, "edited by hand", base)
        return self.expire() or last

    def change(
        self, text: str, author: str, note: str, confirm_within: timedelta | None = None
    ) -> Version:
        """Let a right text be the configuration; return its version.

        Raises:
            UnavailableError: a version waits to be confirmed.
            StoreError, ConfigError: the disk refused it; all is as it was.
        """
        last = self.latest()
        self.refuse_while_pending(last)
        base = last.number if last else None
        return self._add(text, author, note, base, confirm_within)

    def refuse_while_pending(self, last: Version | None) -> None:
        """See that nothing is built on what may be rolled back.

        Raises:
            UnavailableError: a version waits to be confirmed.
        """
        if last and last.confirm_by:
            raise UnavailableError(
                f"version {last.number} waits to be confirmed until "
                f"{last.confirm_by.astimezone():%H:%M:%S}: altiware config confirm, or undo"
            )

    def confirm(self) -> Version:
        """Let the newest version hold for good.

        Raises:
            UsageError: it does already.
        """
        last = self.latest()
        if last is None or last.confirm_by is None:
            raise UsageError("no version waits to be confirmed")
        self._writer.submit(partial(confirm, last.number)).result()
        return self.version(last.number)

    def undo(self, author: str, to: int | None = None) -> Version:
        """Have the version before, or that of a number, again; return the new version that has it.

        Raises:
            UsageError: there is none.
            ConfigError: it is not right for this release.
        """
        last = self.latest()
        number = to or (last.base if last else None)
        if last is None or number is None:
            raise UsageError("there is nothing to undo")
        old = self.version(number)
        checked(old.text, f"version {number}")
        note = f"version {number} again"
        return self._add(old.text, author, note, last.number if to else old.base)

    def restore_file(self, author: str) -> Version | None:
        """Give the file the newest version's text again if what it has is wrong; else None."""
        last, text = self.latest(), self._text()
        if last is None or text == last.text:
            return None
        try:
            checked(text, str(self.file))
        except (ConfigError, UsageError):
            note = f"version {last.number} again: the file was wrong"
            return self._add(last.text, author, note, last.base)
        return None

    def expire(self) -> Version | None:
        """Roll back a version that was not confirmed in time; None: there is none."""
        last = self.latest()
        if last is None or last.confirm_by is None or last.base is None:
            return None
        if last.confirm_by > self._wall():
            return None
        old = self.version(last.base)
        note = f"version {old.number} again: version {last.number} was not confirmed"
        return self._add(old.text, ITSELF, note, old.base)

    def due_s(self) -> float | None:
        """Return in how many seconds ``expire`` has something to do; None: nothing waits."""
        last = self.latest()
        if last is None or last.confirm_by is None:
            return None
        return max((last.confirm_by - self._wall()).total_seconds(), 0.0)

    # Writing

    def _add(
        self,
        text: str,
        author: str,
        note: str,
        base: int | None,
        confirm_within: timedelta | None = None,
    ) -> Version:
        """Write a version: its row first, so that the file never has what nobody knows of."""
        last, made = self.latest(), self._wall()
        number = last.number + 1 if last else 1
        confirm_by = made + confirm_within if confirm_within else None
        new = Version(number, made, author, note, base, confirm_by, is_written=False, text=text)
        with self._prepared(text) as prepared:
            self._writer.submit(partial(insert, new)).result()
            self._replace(prepared)
        self._writer.submit(partial(mark_written, number))
        return new

    def _put(self, last: Version) -> None:
        """Finish what was interrupted between row and file."""
        with self._prepared(last.text) as prepared:
            self._replace(prepared)
        self._writer.submit(partial(mark_written, last.number))

    @contextmanager
    def _prepared(self, text: str) -> Iterator[Path]:
        """Write the text beside the file, on the disk whole; what is left of it is removed."""
        if self.file.exists() and self._text() == text:  # it was edited by hand
            yield self.file
            return
        try:
            handle, name = tempfile.mkstemp(dir=self.file.parent, prefix=f".{self.file.name}.")
        except OSError as error:
            raise ConfigError([f"{self.file.parent}: {error.strerror}"]) from error
        path = Path(name)
        try:
            with open(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            if self.file.exists():
                path.chmod(self.file.stat().st_mode & 0o777)
            yield path
        except OSError as error:
            raise ConfigError([f"{self.file}: {error.strerror}"]) from error
        finally:
            path.unlink(missing_ok=True)

    def _replace(self, prepared: Path) -> None:
        if prepared == self.file:
            return
        prepared.replace(self.file)
        folder = os.open(self.file.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _text(self) -> str:
        try:
            return self.file.read_bytes().decode("utf-8")
        except OSError as error:
            raise ConfigError([f"{self.file}: {error.strerror}"]) from error
        except UnicodeDecodeError as error:
            raise ConfigError([f"{self.file}: not UTF-8 text: {error.reason}"]) from error

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        connection = open_reading(self._directory)
        try:
            yield connection
        finally:
            connection.close()
