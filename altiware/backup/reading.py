# SPDX-License-Identifier: MIT
"""Read a backup: ``verified(file)`` reads all of it and writes nothing; ``unpacked`` writes it.

An archive is material from outside.  Only plain files with names that stay in the directory are
taken, each once, and nothing counts before the manifest, the last of them, has confirmed it.
"""

import hashlib
import os
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final

from altiware.backup.errors import ArchiveError
from altiware.backup.manifest import MANIFEST_NAME, Entry, Manifest, from_bytes, safe

__all__ = ["unpacked", "verified"]

PIECE: Final = 1 << 20
MANIFEST_LIMIT: Final = 64 << 20
Take = Callable[[str, IO[bytes]], Entry]


def verified(file: Path) -> Manifest:
    """Read a backup to its end; return what is in it.

    Raises:
        ArchiveError: it is no backup, or not whole, or damaged.
    """
    return _read(file, lambda name, source: _copied(name, source, None))


def unpacked(file: Path, directory: Path) -> Manifest:
    """Write what is in a backup into an empty directory, on the disk to the last byte.

    Raises:
        ArchiveError: as ``verified``; what is in the directory then is worth nothing.
        OSError: it can't be written.
    """

    def take(name: str, source: IO[bytes]) -> Entry:
        path = directory / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with open(handle, "wb") as target:
            entry = _copied(name, source, target)
            target.flush()
            os.fsync(target.fileno())
        return entry

    return _read(file, take)


def _read(file: Path, take: Take) -> Manifest:
    found: dict[str, Entry] = {}
    try:
        with file.open("rb") as source, tarfile.open(fileobj=source, mode="r:") as archive:
            for member in archive:
                content = _content(archive, member)
                if member.name == MANIFEST_NAME:
                    return _agreed(from_bytes(content.read(MANIFEST_LIMIT)), found, archive)
                if member.name in found:
                    raise ArchiveError(f"{member.name!r}: is in it twice")
                found[member.name] = take(member.name, content)
    except (tarfile.TarError, EOFError, UnicodeError, ValueError) as error:
        raise ArchiveError(f"{file}: not whole, or no backup: {error}") from error
    except ArchiveError as error:
        raise ArchiveError(f"{file}: {error}") from error
    except FileNotFoundError:
        raise ArchiveError(f"{file}: no such file") from None
    raise ArchiveError(f"{file}: not whole: it has no {MANIFEST_NAME} at its end")


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    if member.type != tarfile.REGTYPE or member.sparse:
        raise ArchiveError(f"{member.name!r}: no plain file")
    if member.name != MANIFEST_NAME and not safe(member.name):
        raise ArchiveError(f"{member.name!r}: a name that would lead elsewhere")
    content = archive.extractfile(member)
    if content is None:
        raise ArchiveError(f"{member.name!r}: no plain file")
    return content


def _copied(name: str, source: IO[bytes], target: IO[bytes] | None) -> Entry:
    total, size = hashlib.sha256(), 0
    while piece := source.read(PIECE):
        total.update(piece)
        size += len(piece)
        if target:
            target.write(piece)
    return Entry(name, size, total.hexdigest())


def _agreed(manifest: Manifest, found: dict[str, Entry], archive: tarfile.TarFile) -> Manifest:
    told = {entry.name: entry for entry in manifest.entries}
    wrong = [name for name in told.keys() | found.keys() if told.get(name) != found.get(name)]
    if wrong or len(told) != len(manifest.entries):
        raise ArchiveError(f"damaged: {', '.join(sorted(wrong))}")
    if archive.next() is not None:
        raise ArchiveError(f"something follows its {MANIFEST_NAME}")
    return manifest
