# SPDX-License-Identifier: MIT
"""Boards that may be put to sleep."""

import pytest

from altiware.doctor.usb_power import check_usb_power
from tests.altiware.doctor.machine_tree import MachineTree


@pytest.mark.parametrize(
    ("control", "delay_ms", "severity"),
    [("on", "2000", "good"), ("auto", "-1000", "good"), ("auto", "2000", "warning")],
)
def test_a_board_that_may_sleep_is_told(
    tree: MachineTree, control: str, delay_ms: str, severity: str
) -> None:
    tree.serial_port(place="1-4")
    tree.file("/sys/devices/usb1/1-4/power/control", control)
    tree.file("/sys/devices/usb1/1-4/power/autosuspend_delay_ms", delay_ms)
    (found,) = check_usb_power(tree.case())
    assert found.severity.value == severity


def test_the_remedy_is_for_that_device(tree: MachineTree) -> None:
    tree.usb_device("1-4", "1209:5141", board=True)
    tree.file("/sys/devices/usb1/1-4/power/control", "auto")
    (found,) = check_usb_power(tree.case())
    assert "tee /sys/bus/usb/devices/1-4/power/control" in found.remedy
    assert "2 s" in found.what


def test_a_board_with_a_serial_port_too_is_told_once(tree: MachineTree) -> None:
    tree.usb_device("1-4", "1209:5141", board=True)
    tree.serial_port(place="1-4")
    assert len(list(check_usb_power(tree.case()))) == 1
