# SPDX-License-Identifier: MIT
"""Ports that this user may not open, and why."""

from altiware.doctor.access import check_plug_news, check_serial_access, check_usb_access
from altiware.doctor.findings import Severity
from altiware.doctor.machine import User
from tests.altiware.doctor.machine_tree import MachineTree


def test_a_port_that_may_be_used_is_good(tree: MachineTree) -> None:
    tree.may_use(tree.serial_port())
    (found,) = check_serial_access(tree.case())
    assert (found.severity, found.remedy) == (Severity.GOOD, "")


def test_a_port_of_another_group_names_the_group_to_join(tree: MachineTree) -> None:
    port = tree.serial_port()
    group = (tree.root / port.lstrip("/")).stat().st_gid
    tree.user = User(1000, frozenset({group + 1}))
    tree.file("/etc/group", f"root:x:9999:\ndialout:x:{group}:")
    (found,) = check_serial_access(tree.case(port))
    assert found.severity is Severity.FAULT
    assert "--groups dialout $USER" in found.remedy


def test_a_port_that_nobody_asked_about_is_a_warning_only(tree: MachineTree) -> None:
    tree.serial_port()
    (found,) = check_serial_access(tree.case())
    assert found.severity is Severity.WARNING


def test_a_port_whose_group_is_ours_and_yet_closed_has_a_rule_to_be_found(
    tree: MachineTree,
) -> None:
    port = tree.serial_port()
    tree.user = User(1000, frozenset({(tree.root / port.lstrip("/")).stat().st_gid}))
    (found,) = check_serial_access(tree.case(port))
    assert "g+rw /dev/ttyACM0" in found.remedy


def test_a_port_that_is_not_there_is_a_fault(tree: MachineTree) -> None:
    (found,) = check_serial_access(tree.case("/dev/ttyACM9"))
    assert found.severity is Severity.FAULT
    assert found.what == "/dev/ttyACM9 isn't there"


def test_a_machine_without_boards_has_no_fault(tree: MachineTree) -> None:
    found = [*check_serial_access(tree.case()), *check_usb_access(tree.case())]
    assert [each.severity for each in found] == [Severity.NOTE] * 2


def test_a_board_on_usb_that_is_closed_to_us_gets_a_rule_of_udev(tree: MachineTree) -> None:
    tree.usb_device("1-4", "1209:5141", board=True)
    tree.usb_device("1-5", "046d:c31c")
    (found,) = check_usb_access(tree.case())
    assert found.severity is Severity.FAULT
    assert 'ATTR{idVendor}=="1209"' in found.remedy
    tree.may_use("/dev/bus/usb/001/007")
    (found,) = check_usb_access(tree.case())
    assert found.severity is Severity.GOOD


def test_without_udev_a_board_that_was_pulled_out_is_not_found_again(tree: MachineTree) -> None:
    assert not list(check_plug_news(tree.case()))
    tree.usb_device("1-4", "1209:5141", board=True)
    (found,) = check_plug_news(tree.case())
    assert found.severity is Severity.WARNING
    assert "/run/udev" in found.remedy
    tree.file("/run/udev/control")
    (found,) = check_plug_news(tree.case())
    assert found.severity is Severity.GOOD
