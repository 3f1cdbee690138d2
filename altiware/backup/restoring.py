# SPDX-License-Identifier: MIT
"""Let a data directory be what a backup has: ``restore(file, directory)``.

The backup is read to its end before anything is touched, unpacked beside what is there, its
database examined, and only then put in its place (see altiware.store.swap).  What was there stays
in the directory, under another name, until somebody removes it.
"""

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from altiware.backup.errors import ArchiveError, SpaceError
from altiware.backup.manifest import Manifest
from altiware.backup.reading import unpacked, verified
from altiware.config import FILE_NAME as CONFIG_NAME
from altiware.config import read
from altiware.errors import ConfigError
from altiware.store.database import FILE_NAME, locked, migrations
from altiware.store.swap import STAGE, finish, swap

__all__ = ["Restored", "restore"]


@dataclass(frozen=True, slots=True)
class Restored:
    """What has been done."""

    manifest: Manifest
    old: Path | None
    "Where what was there before is; None: there was nothing."
    warnings: tuple[str, ...]


def restore(file: Path, directory: Path) -> Restored:
    """Replace all that a data directory has by what a backup has.

    Raises:
        InUseError: a service runs on it.
        ArchiveError: the backup is damaged, or this release can't use it; nothing was changed.
        SpaceError: there is no room; nothing was changed.
    """
    verified(file)
    with locked(directory):
        finish(directory)
        stage = directory / STAGE
        try:
            shutil.rmtree(stage, ignore_errors=True)
            stage.mkdir(mode=0o700)
            manifest = unpacked(file, stage)
            _examine(stage / FILE_NAME)
            _own(stage, directory)
            time = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
            warnings = _warnings(stage)
            old = swap(directory, stage, time)
        except OSError as error:
            raise SpaceError(f"{directory}: {error.strerror}") from error
        finally:
            shutil.rmtree(stage, ignore_errors=True)
    return Restored(manifest, old, warnings)


def _examine(database: Path) -> None:
    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            verdict = connection.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.Error as error:
        raise ArchiveError(f"{FILE_NAME}: {error}") from error
    if verdict != ("ok",):
        raise ArchiveError(f"{FILE_NAME}: is damaged")
    if version == 0:
        raise ArchiveError(f"{FILE_NAME}: has no tables")
    if version > migrations()[-1][0]:
        raise ArchiveError(f"{FILE_NAME}: tables of version {version}, of a newer release")


def _own(stage: Path, directory: Path) -> None:
    """Let the files belong to whom the directory belongs, if root restores it for him."""
    if os.geteuid() != 0:
        return
    owner = directory.stat()
    for folder, folders, names in os.walk(stage):
        for name in (*folders, *names):
            os.chown(Path(folder) / name, owner.st_uid, owner.st_gid)


def _warnings(stage: Path) -> tuple[str, ...]:
    """Say what will keep a service from starting on it."""
    if not (stage / CONFIG_NAME).exists():
        return (f"no {CONFIG_NAME} in it: the office had its configuration elsewhere",)
    try:
        read(stage / CONFIG_NAME)
    except ConfigError as error:
        return tuple(f"the configuration is wrong for this release: {each.rpartition('/')[2]}"
                     for each in error.faults)  # fmt: skip
    return ()
