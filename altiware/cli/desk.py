# SPDX-License-Identifier: MIT
"""Ask the configuration's desk: that of the running service, else one of our own.

``answered(office, "show", {})``.  Without a service the data directory's lock is taken for as long
as it lasts, so that nobody starts one on a configuration that is just being changed.
"""

import getpass
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from altiware.configuration.desk import PREFIX, Desk
from altiware.configuration.fields import Json
from altiware.configuration.versions import History
from altiware.control.client import asked
from altiware.control.errors import NotRunningError
from altiware.control.protocol import Request
from altiware.errors import UsageError
from altiware.store.database import Database
from altiware.store.errors import InUseError
from altiware.store.writer import Writer

__all__ = ["Office", "answered"]

STARTS_S: Final = 10.0
"""How long a service, or another command, that has the directory may take to answer or to end."""
LOOK_S: Final = 0.05


@dataclass(frozen=True, slots=True)
class Office:
    """Whose configuration is meant."""

    directory: Path
    file: Path


def answered(office: Office, ask: str, fields: Json) -> Json:
    """Return the desk's answer.

    Raises:
        AltiwareError: it can't be done.
    """
    until = time.monotonic() + STARTS_S
    while True:
        try:
            return asked(office.directory, Request(PREFIX + ask, fields))
        except NotRunningError:
            pass
        try:
            with _own_desk(office) as desk:
                return desk.answer(ask, fields, _user())
        except InUseError:  # a service that is starting, or another command
            if time.monotonic() > until:
                raise
            time.sleep(LOOK_S)


@contextmanager
def _own_desk(office: Office) -> Iterator[Desk]:
    if not office.file.exists():
        raise UsageError(f"{office.file}: no configuration here; see --data")
    writer = Writer(Database.open(office.directory))
    try:
        desk = Desk(History(office.file, office.directory, writer))
        desk.expire()
        yield desk
    finally:
        writer.close()


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
