# SPDX-License-Identifier: MIT
"""Who else has the ports."""

import pytest

from altiware.doctor.findings import Severity
from altiware.doctor.holders import check_brltty, check_holders, check_modem_manager
from tests.altiware.doctor.machine_tree import MachineTree


def test_a_free_port_is_good(tree: MachineTree) -> None:
    tree.serial_port()
    tree.process(12, "bash", "/dev/pts/1")
    (found,) = check_holders(tree.case())
    assert found.what == "/dev/ttyACM0 is free"


def test_a_program_that_has_the_port_open_is_named(tree: MachineTree) -> None:
    port = tree.serial_port()
    tree.process(4711, "minicom", "/dev/pts/1", port)
    (found,) = check_holders(tree.case(port))
    assert found.severity is Severity.FAULT
    assert "minicom (process 4711)" in found.what
    assert "kill 4711" in found.remedy


def test_the_office_itself_may_hold_its_port(tree: MachineTree) -> None:
    port = tree.serial_port()
    tree.process(4711, "altiware", port)
    (found,) = check_holders(tree.case(port))
    assert found.severity is Severity.NOTE


@pytest.mark.parametrize(("owner", "severity"), [(70, "warning"), (71, "good")])
def test_a_lock_counts_while_its_owner_lives(tree: MachineTree, owner: int, severity: str) -> None:
    tree.serial_port("ttyUSB0")
    tree.process(70, "pppd")
    tree.file("/run/lock/LCK..ttyUSB0", f"{owner:>10}")
    (found,) = check_holders(tree.case())
    assert found.severity.value == severity


def test_modem_manager_is_to_leave_our_port_alone(tree: MachineTree) -> None:
    tree.serial_port()
    (found,) = check_modem_manager(tree.case())
    assert found.severity is Severity.GOOD
    tree.process(600, "ModemManager")
    (found,) = check_modem_manager(tree.case())
    assert found.severity is Severity.WARNING
    assert 'ATTRS{idVendor}=="1209", ATTRS{idProduct}=="5141"' in found.remedy
    tree.file("/run/udev/data/c166:0", "S:serial\nE:ID_MM_DEVICE_IGNORE=1")
    (found,) = check_modem_manager(tree.case())
    assert found.what == "runs, and tries no port of ours"


def test_brltty_is_caught_with_the_converter_that_it_took(tree: MachineTree) -> None:
    tree.usb_device("1-2", "1a86:7523")
    (found,) = check_brltty(tree.case())
    assert found.what == "isn't installed"
    tree.file("/usr/lib/udev/rules.d/85-brltty.rules")
    (found,) = check_brltty(tree.case())
    assert found.severity is Severity.FAULT
    assert "1a86:7523 at 1-2" in found.what


def test_brltty_has_taken_nothing_where_the_converter_has_its_port(tree: MachineTree) -> None:
    tree.usb_device("1-2", "1a86:7523")
    tree.file("/sys/devices/usb1/1-2/1-2:1.0/ttyUSB0/dev")
    tree.process(9, "brltty")
    (found,) = check_brltty(tree.case())
    assert found.severity is Severity.GOOD
