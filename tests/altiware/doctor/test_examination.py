# SPDX-License-Identifier: MIT
"""All checks together, on a bare machine and on this one."""

from pathlib import Path

from altiware.doctor.examination import examine
from altiware.doctor.findings import Finding, Severity
from altiware.doctor.machine import Case, Limits, Machine, Process
from tests.altiware.doctor.machine_tree import MachineTree


def faults(findings: list[Finding]) -> list[Finding]:
    return [each for each in findings if each.severity is Severity.FAULT]


def test_a_bare_machine_has_no_fault(tree: MachineTree) -> None:
    tree.limits = Limits(20, -1)
    assert not faults(list(examine(tree.case())))


def test_whatever_is_wrong_comes_with_a_reason_and_a_remedy(tree: MachineTree) -> None:
    tree.process(1, "ModemManager")
    tree.serial_port()
    tree.free = 0
    for found in examine(tree.case("/dev/ttyACM0")):
        if found.severity in {Severity.WARNING, Severity.FAULT}:
            assert found.why, found
            assert found.remedy, found


def test_this_machine_can_be_examined(tmp_path: Path) -> None:
    subjects = {each.subject for each in examine(Case(Machine(), tmp_path))}
    assert {"serial ports", "engine", "clock source", "disk space"} <= subjects


def test_this_process_is_among_those_that_run() -> None:
    running: list[Process] = list(Machine().processes())
    assert any(each.files for each in running)
