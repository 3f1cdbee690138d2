# SPDX-License-Identifier: MIT
"""Whether the kernel may put a board to sleep: USB autosuspend."""

from collections.abc import Iterator
from typing import Final

from altiware.doctor.devices import UsbDevice, boards_on_usb, serial_ports, usb_device_of
from altiware.doctor.findings import Finding, good, warning
from altiware.doctor.machine import Case

__all__ = ["check_usb_power"]

POWER: Final = "USB autosuspend"


def check_usb_power(case: Case) -> Iterator[Finding]:
    """Read the power setting of each device that is, or may be, a board."""
    machine = case.machine
    found = {board.place: board for board in boards_on_usb(machine)}
    for port in serial_ports(case):
        if device := usb_device_of(machine, port):
            found[device.place] = device
    for device in found.values():
        yield _of(case, device)


def _of(case: Case, device: UsbDevice) -> Finding:
    control = case.machine.read(device.home / "power" / "control")
    delay = case.machine.read(device.home / "power" / "autosuspend_delay_ms") or "0"
    if control != "auto" or delay.startswith("-"):
        return good(POWER, f"off for {device.ids} at {device.place}")
    return warning(
        POWER,
        f"{device.ids} at {device.place} may be put to sleep after {int(delay) / 1000:g} s",
        "a board that sleeps while all lines are idle misses the first ring, or comes back lost",
        f"echo on | sudo tee /sys/bus/usb/devices/{device.place}/power/control; for ever: echo "
        f'\'ACTION=="add", SUBSYSTEM=="usb", ATTR{{idVendor}}=="{device.vendor}", '
        f'ATTR{{idProduct}}=="{device.product}", ATTR{{power/control}}="on"\' | '
        "sudo tee --append /etc/udev/rules.d/70-altiware.rules",
    )
