# SPDX-License-Identifier: MIT
"""Where records are kept: room, kind of file system, how long a write takes to be safe."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from altiware.doctor.findings import Finding, fault, good, note, warning
from altiware.doctor.machine import Case, Machine

__all__ = ["check_file_system", "check_room", "check_sync"]

ROOM: Final = "disk space"
SYSTEM: Final = "file system"
SYNC: Final = "disk's writes"
LITTLE_BYTES: Final = 1 << 30
"""An hour of recorded calls in stereo is 115 MB."""
NONE_BYTES: Final = 50 << 20
SLOW_S: Final = 0.25
FORGETFUL: Final = frozenset({"tmpfs", "ramfs", "overlay"})
REMOTE: Final = frozenset({"nfs", "nfs4", "cifs", "smb3", "fuse.sshfs"})


def _there(case: Case) -> Path:
    """Return the data directory, or what is above it when it isn't made yet."""
    directory = case.data.absolute()
    while not directory.is_dir() and directory != directory.parent:
        directory = directory.parent
    return directory


def check_room(case: Case) -> Iterator[Finding]:
    """See how much room there is."""
    free = case.machine.free_bytes(_there(case))
    what = f"{free / (1 << 30):.1f} GB free at {case.data}"
    if free >= LITTLE_BYTES:
        yield good(ROOM, what)
        return
    say = fault if free < NONE_BYTES else warning
    yield say(
        ROOM,
        what,
        "calls go on when the disk is full, but neither records nor recordings of them are kept",
        f"du --max-depth 1 --human-readable {_there(case)}; or another directory: --data DIR",
    )


def check_file_system(case: Case) -> Iterator[Finding]:
    """See what kind it is, and whether it may be written."""
    kind, options = _mount(case.machine, _there(case))
    if "ro" in options:
        yield fault(
            SYSTEM,
            f"{kind}, read-only at {_there(case)}",
            "no record is kept; a file system that had errors is made so by the kernel",
            "sudo dmesg | grep -i remount; then check the disk",
        )
    elif kind in FORGETFUL:
        yield warning(
            SYSTEM,
            f"{kind} at {_there(case)}",
            "all records are lost when the machine, or its container, ends",
            "keep them on a disk: --data DIR; in a container: a volume",
        )
    elif kind in REMOTE:
        yield warning(
            SYSTEM,
            f"{kind} at {_there(case)}",
            "the data base's locks don't hold there, and calls' records wait for the network",
            "keep them on a disk of this machine: --data DIR",
        )
    elif kind:
        yield good(SYSTEM, kind)
    else:
        yield note(SYSTEM, "the kernel doesn't tell")


def _mount(machine: Machine, directory: Path) -> tuple[str, list[str]]:
    """Return kind and options of what is mounted deepest above a directory."""
    kind, options, deepest = "", [""], -1
    for line in (machine.text("/proc/mounts") or "").splitlines():
        fields = line.split()
        if len(fields) < 4 or not directory.is_relative_to(fields[1]):
            continue
        if len(Path(fields[1]).parts) >= deepest:
            kind, options, deepest = fields[2], fields[3].split(","), len(Path(fields[1]).parts)
    return kind, options


def check_sync(case: Case) -> Iterator[Finding]:
    """Write a little and wait until it is safe."""
    directory = _there(case)
    try:
        took_s = case.machine.sync_s(directory)
    except OSError as error:
        yield fault(
            SYNC,
            f"{directory}: {error.strerror}",
            "no record is kept",
            f"give it to the user that runs altiware: sudo chown $USER {directory}",
        )
        return
    what = f"safe after {1000 * took_s:.0f} ms"
    if took_s <= SLOW_S:
        yield good(SYNC, what)
    else:
        yield warning(
            SYNC,
            what,
            "records come late, and what was said in the last seconds before a power cut is lost",
            "sudo smartctl --health /dev/sda; cards of small machines wear out",
        )
