# SPDX-License-Identifier: MIT
"""Serial ports and USB devices of the machine, as sysfs shows them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from altiware.doctor.machine import Case, Machine

__all__ = ["UsbDevice", "boards_on_usb", "serial_ports", "usb_device_of", "usb_devices"]

BOARD_INTERFACE: Final = ("ff", "51", "01")
"""Class, subclass and protocol of a board's interface, as drivers.links.usb_port has them."""


@dataclass(frozen=True, slots=True)
class UsbDevice:
    """A device on a USB bus."""

    home: Path
    "In sysfs."
    vendor: str
    product: str
    node: str
    "Its file under /dev/bus/usb."

    @property
    def place(self) -> str:
        """Its place in the tree of hubs, as ``1-4.2``."""
        return self.home.name

    @property
    def ids(self) -> str:
        """Vendor and product, as ``lsusb`` writes them."""
        return f"{self.vendor}:{self.product}"


def serial_ports(case: Case) -> list[str]:
    """Return the serial port that is asked about, or all on USB."""
    if case.device:
        return [case.device]
    names = [path.name for path in case.machine.matches("/sys/class/tty", "tty[AU][CS][MB]*")]
    return [f"/dev/{name}" for name in names]


def usb_devices(machine: Machine) -> Iterator[UsbDevice]:
    """Yield all devices on USB, hubs among them."""
    for home in machine.matches("/sys/bus/usb/devices", "*"):
        device = _usb_device(machine, home)
        if device:
            yield device


def usb_device_of(machine: Machine, port: str) -> UsbDevice | None:
    """Return the device that a serial port is in."""
    link = machine.path("/sys/class/tty") / Path(port).name / "device"
    home = link.resolve()
    for above in (home, *home.parents):
        if device := _usb_device(machine, above):
            return device
    return None


def boards_on_usb(machine: Machine) -> list[UsbDevice]:
    """Return the devices with a board's interface."""
    return [device for device in usb_devices(machine) if _is_board(machine, device)]


def _is_board(machine: Machine, device: UsbDevice) -> bool:
    for interface in device.home.parent.glob(f"{device.place}:*"):
        names = ("bInterfaceClass", "bInterfaceSubClass", "bInterfaceProtocol")
        if tuple(machine.read(interface / name) for name in names) == BOARD_INTERFACE:
            return True
    return False


def _usb_device(machine: Machine, home: Path) -> UsbDevice | None:
    read = machine.read
    vendor, product = read(home / "idVendor"), read(home / "idProduct")
    if vendor is None or product is None:
        return None
    bus, number = int(read(home / "busnum") or 0), int(read(home / "devnum") or 0)
    return UsbDevice(home, vendor, product, f"/dev/bus/usb/{bus:03}/{number:03}")
