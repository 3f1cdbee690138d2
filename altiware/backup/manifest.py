# SPDX-License-Identifier: MIT
"""The last file of a backup: what is in it, each file with its SHA-256, and what to know of it.

It says whether the backup is whole and undamaged.  It is no signature: who can write the file can
write a manifest for it.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Any, Final

from altiware.backup.errors import ArchiveError
from altiware.store.database import FILE_NAME
from altiware.store.swap import is_of_a_swap

__all__ = ["MANIFEST_NAME", "Entry", "Manifest", "from_bytes", "is_passing", "safe", "to_bytes"]

FORMAT: Final = 1
MANIFEST_NAME: Final = "MANIFEST.json"
PASSING: Final = frozenset({"lock", f"{FILE_NAME}-wal", f"{FILE_NAME}-shm", MANIFEST_NAME})
LONGEST_NAME: Final = 4096


@dataclass(frozen=True, slots=True)
class Entry:
    """A file."""

    name: str
    "Relative to the data directory."
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    release: str
    made: str
    "ISO 8601."
    notices: tuple[str, ...]
    entries: tuple[Entry, ...]


def to_bytes(manifest: Manifest) -> bytes:
    """Return the file."""
    document = {"format": FORMAT} | asdict(manifest)
    return json.dumps(document | {"sum": _sum(document)}, indent=1).encode()


def from_bytes(content: bytes) -> Manifest:
    """Read the file.

    Raises:
        ArchiveError: it is damaged, or of another release.
    """
    try:
        document = json.loads(content)
        told = document.pop("sum")
        if told != _sum(document) or document["format"] != FORMAT:
            raise ArchiveError(f"{MANIFEST_NAME}: damaged, or of another release")
        entries = tuple(Entry(each["name"], each["size"], each["sha256"]) for each in
                        document["entries"])  # fmt: skip
        notices = tuple(str(each) for each in document["notices"])
        return Manifest(str(document["release"]), str(document["made"]), notices, entries)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ArchiveError(f"{MANIFEST_NAME}: no manifest") from error


def safe(name: str) -> bool:
    """Tell whether a name stays in the directory that it is meant in, and is of what is kept."""
    path = PurePosixPath(name)
    is_plain = str(path) == name and name.isprintable() and len(name) <= LONGEST_NAME
    return is_plain and not path.is_absolute() and not is_passing(path)


def is_passing(path: PurePosixPath) -> bool:
    """Tell whether a name, relative to the data directory, is of what only a running program has.

    Names with a dot in front are: files that are being written have them.
    """
    parts = path.parts
    is_hidden = any(part.startswith(".") for part in parts)
    return not parts or is_hidden or parts[0] in PASSING or is_of_a_swap(parts[0])


def _sum(document: Any) -> str:
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
