# SPDX-License-Identifier: MIT
"""The machine as the doctor sees it: files below a root, and the few things that aren't files.

``Machine()`` is this one; a test gives a root of its own with a small /proc, /sys and /dev in it,
and says itself what isn't a file.  Nothing here changes the machine, but for one file that is
written and removed to time the disk.
"""

import os
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from altiware.doctor.kernel_clock import KernelClock, read_kernel_clock

__all__ = ["Case", "Limits", "Machine", "Process", "User"]


@dataclass(frozen=True, slots=True)
class User:
    """Who runs the PBX."""

    number: int
    groups: frozenset[int]

    @classmethod
    def ours(cls) -> "User":
        """Return whom this process runs as."""
        return cls(os.geteuid(), frozenset([os.getegid(), *os.getgroups()]))


@dataclass(frozen=True, slots=True)
class Limits:
    """What a process may take at most; -1: there is no limit."""

    priority: int
    "Of SCHED_FIFO."
    locked_bytes: int

    @classmethod
    def ours(cls) -> "Limits":
        """Return this process's limits, those that it may set itself."""
        return cls(
            resource.getrlimit(resource.RLIMIT_RTPRIO)[0],
            resource.getrlimit(resource.RLIMIT_MEMLOCK)[0],
        )


@dataclass(frozen=True, slots=True)
class Process:
    """A running program."""

    number: int
    name: str
    files: frozenset[str]
    "What it has open, as far as this user may see."


def _may_use(path: Path) -> bool:
    return os.access(path, os.R_OK | os.W_OK)


def _free_bytes(directory: Path) -> int:
    return shutil.disk_usage(directory).free


def _sync_s(directory: Path) -> float:
    with tempfile.TemporaryFile(dir=directory) as file:
        begun = time.monotonic()
        file.write(bytes(4096))
        file.flush()
        os.fsync(file.fileno())
        return time.monotonic() - begun


@dataclass(frozen=True, slots=True)
class Machine:
    """Reads what a check asks for; what isn't there is None or nothing."""

    root: Path = Path("/")
    user: User = field(default_factory=User.ours)
    limits: Limits = field(default_factory=Limits.ours)
    may_use: Callable[[Path], bool] = _may_use
    "Whether this user may read and write a device: it knows of access lists, modes don't."
    kernel_clock: Callable[[], KernelClock | None] = read_kernel_clock
    free_bytes: Callable[[Path], int] = _free_bytes
    sync_s: Callable[[Path], float] = _sync_s
    "How long a small write takes to be safe on the disk."

    def path(self, name: str) -> Path:
        """Return where a file of an absolute name is."""
        return self.root / name.lstrip("/")

    def text(self, name: str) -> str | None:
        """Return a small file's text without its last newline."""
        return self.read(self.path(name))

    @staticmethod
    def read(path: Path) -> str | None:
        """Return the text of a file that may not be there, or not be ours to read."""
        try:
            return path.read_text("utf-8", "replace").rstrip("\n")
        except OSError:
            return None

    def matches(self, directory: str, pattern: str) -> list[Path]:
        """Return what is in a directory by a pattern, sorted."""
        try:
            return sorted(self.path(directory).glob(pattern))
        except OSError:
            return []

    def processes(self) -> Iterator[Process]:
        """Yield all running programs."""
        for home in self.matches("/proc", "[0-9]*"):
            name = self.read(home / "comm")
            if name is not None:
                yield Process(int(home.name), name, frozenset(_links(home / "fd")))

    def group_name(self, number: int) -> str:
        """Return a group's name, or its number where it has none."""
        for line in (self.text("/etc/group") or "").splitlines():
            fields = line.split(":")
            if len(fields) > 2 and fields[2] == str(number):
                return fields[0]
        return str(number)


def _links(directory: Path) -> Iterator[str]:
    try:
        for link in directory.iterdir():
            try:
                yield str(link.readlink())
            except OSError:  # closed meanwhile
                continue
    except OSError:  # of another user, or ended meanwhile
        return


@dataclass(frozen=True, slots=True)
class Case:
    """What is to be examined."""

    machine: Machine
    data: Path
    "The data directory; it may not be there yet."
    device: str = ""
    "The serial device of the board that is asked about, as ``/dev/ttyACM0``."
