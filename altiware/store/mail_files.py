# SPDX-License-Identifier: MIT
"""The sounds of mailboxes on the disk: what has its final name is whole.

A recording is written under a temporary name.  ``finish`` makes it whole, flushes it, and gives it
its name; then only does a row speak of it.  What has a final name and no row, nobody will miss.
"""

import os
import shutil
import struct
from pathlib import Path
from typing import Final

from altiware.features.voicemail.messages import FOLDER, TEMPORARY

__all__ = ["GREETINGS", "MAIL", "TEMPORARY", "Sounds"]

MAIL: Final = FOLDER
GREETINGS: Final = "greetings"
HEADER: Final = 44
"Bytes before the samples of a file that the engine has recorded."
BYTES_PER_S: Final = 16_000


class Sounds:
    """The folder of recordings; paths are within it, errors are OSError."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for each in (TEMPORARY, GREETINGS):
            (folder / each).mkdir(parents=True, exist_ok=True)

    def path(self, file: str) -> Path:
        """Return where a file lies."""
        return self.folder / file

    def seconds(self, file: str) -> float:
        """Return how long a recording is by what is there of it; 0: it isn't there."""
        try:
            size = self.path(file).stat().st_size
        except OSError:
            return 0.0
        return max(size - HEADER, 0) // 2 * 2 / BYTES_PER_S

    def size(self, file: str) -> int:
        """Return the bytes of a file."""
        return self.path(file).stat().st_size

    def finish(self, temporary: str, final: str) -> None:
        """Give a recording its final name, whole and flushed."""
        source = self.path(temporary)
        with source.open("r+b") as file:
            _state_length(file.fileno())
            os.fsync(file.fileno())
        source.rename(self.path(final))
        self.flush(self.path(final).parent)

    def copy(self, source: str, final: str) -> None:
        """Let a file have a second name; by another file where the disk knows no links."""
        target = self.path(final)
        try:
            os.link(self.path(source), target)
        except OSError:
            _copy(self.path(source), target)
        self.flush(target.parent)

    def remove(self, file: str) -> None:
        """Remove a file, if it is there."""
        self.path(file).unlink(missing_ok=True)

    def files(self, folder: str) -> list[str]:
        """Return the files of a folder."""
        return [f"{folder}/{each.name}" for each in self.path(folder).iterdir() if each.is_file()]

    def flush(self, folder: Path) -> None:
        """Put the names of a folder on the disk."""
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _copy(source: Path, target: Path) -> None:
    """Copy by way of a temporary name, so that the final one is never a half."""
    half = target.with_suffix(".half")
    shutil.copyfile(source, half)
    with half.open("rb") as file:
        os.fsync(file.fileno())
    half.rename(target)


def _state_length(descriptor: int) -> None:
    """Let the header speak of all samples that are there: an engine that was killed is behind."""
    size = os.fstat(descriptor).st_size
    samples = max(size - HEADER, 0) // 2 * 2
    if samples and os.pread(descriptor, 4, 36) == b"data":
        os.pwrite(descriptor, struct.pack("<I", samples), 40)
        os.pwrite(descriptor, struct.pack("<I", samples + HEADER - 8), 4)
        os.ftruncate(descriptor, HEADER + samples)
