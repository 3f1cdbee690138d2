# SPDX-License-Identifier: MIT
"""Where records are kept."""

from pathlib import Path

import pytest

from altiware.doctor.findings import Severity
from altiware.doctor.machine import Case, Machine
from altiware.doctor.storage import check_file_system, check_room, check_sync
from tests.altiware.doctor.machine_tree import MachineTree


@pytest.mark.parametrize(
    ("megabytes", "severity"), [(1024, "good"), (1023, "warning"), (49, "fault")]
)
def test_room_is_judged(tree: MachineTree, megabytes: int, severity: str) -> None:
    tree.free = megabytes << 20
    (found,) = check_room(tree.case())
    assert found.severity.value == severity


@pytest.mark.parametrize(
    ("mounts", "severity"),
    [
        ("/dev/sda1 / ext4 rw,noatime 0 0", "good"),
        ("/dev/sda1 / ext4 ro 0 0", "fault"),
        ("tmpfs / tmpfs rw 0 0", "warning"),
        ("nas:/x / nfs4 rw 0 0", "warning"),
        ("", "note"),
        ("tmpfs / tmpfs rw 0 0\n/dev/sda1 / ext4 rw 0 0", "good"),
        ("/dev/sda1 / ext4 rw 0 0\ntmpfs /elsewhere tmpfs rw 0 0", "good"),
    ],
)
def test_the_file_system_is_judged(tree: MachineTree, mounts: str, severity: str) -> None:
    tree.file("/proc/mounts", mounts)
    (found,) = check_file_system(tree.case())
    assert found.severity.value == severity


def test_slow_writes_are_told(tree: MachineTree) -> None:
    tree.sync_s = 0.3
    (found,) = check_sync(tree.case())
    assert (found.severity, found.what) == (Severity.WARNING, "safe after 300 ms")


def test_a_directory_that_cannot_be_written_is_a_fault() -> None:
    (found,) = check_sync(Case(Machine(), Path("/proc")))
    assert found.severity is Severity.FAULT


def test_a_real_disk_is_timed(tmp_path: Path) -> None:
    (found,) = check_sync(Case(Machine(), tmp_path / "not" / "yet"))
    assert found.what.startswith("safe after")
    assert list(tmp_path.iterdir()) == []
