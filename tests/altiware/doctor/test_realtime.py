# SPDX-License-Identifier: MIT
"""What the engine's thread may take."""

from altiware.doctor.findings import Finding, Severity
from altiware.doctor.machine import Limits, User
from altiware.doctor.realtime import check_governor, check_memory_lock, check_priority
from tests.altiware.doctor.machine_tree import MachineTree


def both(tree: MachineTree) -> list[Finding]:
    return [*check_priority(tree.case()), *check_memory_lock(tree.case())]


def test_limits_that_keep_the_engine_back_are_told(tree: MachineTree) -> None:
    tree.limits = Limits(19, 8 << 20)
    assert [each.severity for each in both(tree)] == [Severity.WARNING] * 2
    assert "rtprio 20" in both(tree)[0].remedy
    assert both(tree)[1].what == "only 8 MB may be locked"


def test_enough_is_enough(tree: MachineTree) -> None:
    tree.limits = Limits(20, 512 << 20)
    assert [each.severity for each in both(tree)] == [Severity.GOOD] * 2
    tree.limits = Limits(-1, -1)
    assert [each.severity for each in both(tree)] == [Severity.GOOD] * 2


def test_root_has_no_limits(tree: MachineTree) -> None:
    tree.user = User(0, frozenset({0}))
    assert [each.severity for each in both(tree)] == [Severity.GOOD] * 2


def test_a_processor_held_at_its_slowest_is_told(tree: MachineTree) -> None:
    home = "/sys/devices/system/cpu/cpu0/cpufreq"
    tree.file(f"{home}/scaling_driver", "acpi-cpufreq")
    tree.file(f"{home}/scaling_governor", "powersave")
    (found,) = check_governor(tree.case())
    assert found.severity is Severity.WARNING
    tree.file(f"{home}/scaling_driver", "intel_pstate")
    (found,) = check_governor(tree.case())
    assert found.severity is Severity.GOOD
