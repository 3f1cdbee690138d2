# SPDX-License-Identifier: MIT
"""Write a backup of a data directory, whether or not a service runs on it.

``write_backup(directory, out)``: the database as it is at one moment (SQLite's own backup), and
every other file.  It appears under its name when it has been read back and found good.  A message
or recording that is deleted meanwhile is left out and named; one that is being made is not in it.
"""

import hashlib
import io
import os
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Final

from altiware import __version__
from altiware.backup.errors import BackupError, SpaceError
from altiware.backup.manifest import MANIFEST_NAME, Entry, Manifest, is_passing, safe, to_bytes
from altiware.backup.reading import verified
from altiware.store.database import FILE_NAME, open_reading
from altiware.store.errors import DirectoryError

__all__ = ["write_backup"]

MEGABYTE: Final = 1_000_000
SECRETS: Final = (
    "not encrypted: whoever has it has this office's configuration with its secrets, its call "
    "records, messages and recordings"
)
LEFT_OUT: Final = "not in it: calls that are going on, this program, and the boards' own settings"


def write_backup(directory: Path, out: Path) -> Manifest:
    """Write everything in a data directory into one file; return what is in it.

    Raises:
        DirectoryError: there is no data directory.
        BackupError: it can't be written, or isn't good when it is read back.
    """
    if not (directory / FILE_NAME).is_file():
        raise DirectoryError(f"{directory}: no data directory (no {FILE_NAME}); see --data")
    part = out.with_name(f".{out.name}.part")
    try:
        with _new(part) as file:
            _write(directory, file, {out.absolute(), part.absolute()}, part)
        manifest = verified(part)
        part.replace(out)
        _sync_folder(out.parent)
    except (OSError, sqlite3.Error) as error:
        raise SpaceError(f"{out}: {getattr(error, 'strerror', None) or error}") from error
    finally:
        part.unlink(missing_ok=True)
    return manifest


@contextmanager
def _new(part: Path) -> Iterator[IO[bytes]]:
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with open(handle, "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _write(directory: Path, file: IO[bytes], own: set[Path], part: Path) -> None:
    notices: list[str] = []
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
        entries = [_database(directory, archive, part.with_name(f"{part.name}-db"))]
        for path in _files(directory, own, notices):
            entry = _add(archive, path, path.relative_to(directory).as_posix(), notices)
            entries += [entry] if entry else []
        notices[:0] = [*_contents(entries), SECRETS, LEFT_OUT]
        made = datetime.now(UTC).isoformat(timespec="seconds")
        content = to_bytes(Manifest(__version__, made, tuple(notices), tuple(entries)))
        info = tarfile.TarInfo(MANIFEST_NAME)
        info.size, info.mode = len(content), 0o600
        archive.addfile(info, io.BytesIO(content))


def _database(directory: Path, archive: tarfile.TarFile, copy: Path) -> Entry:
    """Put the database in, as it was at one moment."""
    try:
        with closing(open_reading(directory)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")
            if target.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise BackupError(f"{directory / FILE_NAME}: is damaged; nothing was written")
        entry = _add(archive, copy, FILE_NAME, [])
        assert entry
        return entry
    finally:
        for name in (copy, copy.with_name(f"{copy.name}-journal")):
            name.unlink(missing_ok=True)


def _files(directory: Path, own: set[Path], notices: list[str]) -> Iterator[Path]:
    """Yield what is to be kept; what can't be, a link or a device, is named."""
    for folder, folders, names in os.walk(directory):
        here = PurePosixPath(Path(folder).relative_to(directory).as_posix())
        folders[:] = sorted(each for each in folders if not is_passing(here / each))
        links = [here / each for each in folders if (directory / here / each).is_symlink()]
        notices.extend(f"left out: {each}: a symbolic link" for each in links)
        for relative in [here / name for name in sorted(names)]:
            path = directory / relative
            is_meant = not is_passing(relative) and path.absolute() not in own
            if is_meant and str(relative) != FILE_NAME and _is_kept(path, relative, notices):
                yield path


def _is_kept(path: Path, relative: PurePosixPath, notices: list[str]) -> bool:
    """Tell whether a file can be kept; sockets and FIFOs have nothing to keep."""
    if path.is_symlink() and not path.is_file():
        notices.append(f"left out: {relative}: a symbolic link to nothing")
    elif not safe(str(relative)):
        notices.append(f"left out: {str(relative)!r}: an impossible name")
    return path.is_file() and safe(str(relative))


def _add(archive: tarfile.TarFile, path: Path, name: str, notices: list[str]) -> Entry | None:
    """Put a file in as long as it is now; what is appended meanwhile is not in it."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        notices.append(f"left out: {name}: deleted meanwhile")
        return None
    with file:
        state = os.fstat(file.fileno())
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = state.st_size, state.st_mode & 0o700, state.st_mtime
        hashed = _Hashed(file)
        archive.addfile(info, hashed)
    return Entry(name, info.size, hashed.sum.hexdigest())


class _Hashed:
    """Reads a file, and sums what it has read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.sum = hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        piece = self._file.read(size)
        self.sum.update(piece)
        return piece


def _contents(entries: list[Entry]) -> list[str]:
    """Say what there is of each kind."""
    sizes: dict[str, list[int]] = {}
    for entry in entries:
        sizes.setdefault(entry.name.partition("/")[0], []).append(entry.size)
    return [
        f"{name}: {len(found)} file{'s' if len(found) > 1 else ''}, {sum(found) / MEGABYTE:.1f} MB"
        for name, found in sizes.items()
    ]


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
