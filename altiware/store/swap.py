# SPDX-License-Identifier: MIT
"""Replace all that a data directory has by something else: to the end, even if killed in between.

``swap(directory, new)`` moves what is there into ``before-restore-TIME`` and what ``new`` has into
its place, entry by entry, so that it works where the directory itself can't be renamed (a mount
point).  How far it got is written in a name; ``finish`` goes on from there.  Whoever calls either
has the directory's lock, which stays where it is, as sockets do.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

__all__ = ["STAGE", "finish", "is_of_a_swap", "is_unfinished", "swap"]

OLD: Final = "before-restore-"
READY: Final = "restore.ready-"
"""What is to come is all there: from now on there is only forward."""
MOVING: Final = "restore.moving-"
"""What was there is away."""
STAGE: Final = "restore.part"
LOCK: Final = "lock"


def is_of_a_swap(name: str) -> bool:
    """Tell whether a name in a data directory is of this module."""
    return name.startswith((OLD, READY, MOVING, STAGE))


def is_unfinished(directory: Path) -> bool:
    """Tell whether there is something to ``finish``."""
    return any(_found(directory, READY)) or any(_found(directory, MOVING))


def swap(directory: Path, new: Path, time: str) -> Path | None:
    """Replace what is in the directory; return where that is now, if there was anything.

    ``new`` is a directory in it, its contents on the disk.
    """
    new.rename(directory / f"{READY}{time}")
    _sync(directory)
    finish(directory)
    old = directory / f"{OLD}{time}"
    return old if old.exists() else None


def finish(directory: Path) -> None:
    """Finish what was interrupted, if anything was."""
    for ready in _found(directory, READY):
        old = directory / f"{OLD}{ready.name.removeprefix(READY)}"
        for entry in [each for each in directory.iterdir() if _is_moved(each)]:
            old.mkdir(mode=0o700, exist_ok=True)
            entry.rename(old / entry.name)
        _sync(directory)
        ready.rename(directory / f"{MOVING}{ready.name.removeprefix(READY)}")
        _sync(directory)
    for moving in _found(directory, MOVING):
        for entry in list(moving.iterdir()):
            entry.rename(directory / entry.name)
        _sync(directory)
        moving.rmdir()


def _found(directory: Path, prefix: str) -> Iterator[Path]:
    return directory.glob(f"{prefix}*")


def _is_moved(entry: Path) -> bool:
    return not (entry.name == LOCK or is_of_a_swap(entry.name) or entry.is_socket())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
