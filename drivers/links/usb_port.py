# SPDX-License-Identifier: MIT
"""A board on USB: pyusb finds and claims it, two threads carry its bytes to a socket and back.

A board is a vendor interface (class 0xFF, subclass 0x51, protocol 0x01) with a bulk endpoint
each way and, if it likes, an interrupt endpoint that brings copies of short events sooner.
The other end of the socket is what the engine reads, as it reads any link.  What the pump
knows of frames is that they end with 0x00.  It doesn't look for boards by itself.
"""

import errno
from dataclasses import dataclass, field
from typing import Any, Final

import usb.core
import usb.util

from drivers.errors import NotAvailableError
from drivers.links.usb_pump import Pipes, Pump

__all__ = ["BOARD_INTERFACE", "UsbBoard", "UsbLink", "usb_boards"]

BOARD_INTERFACE: Final = (0xFF, 0x51, 0x01)
"""Class, subclass and protocol of a board's interface."""

CLOSING_S: Final = 2.0
RULE_HINT: Final = "give this user access with a udev rule"


@dataclass(frozen=True, slots=True)
class UsbBoard:
    """A board as it is seen on the bus, without being opened for telephony."""

    vendor: int
    product: int
    serial: str
    "Empty: it has none, or this user may not read it."

    @property
    def address(self) -> str:
        """How the registry calls it."""
        tail = f"/{self.serial}" if self.serial else ""
        return f"quantum+usb://{self.vendor:04x}:{self.product:04x}{tail}"


@dataclass(slots=True)
class UsbLink:
    """A board by the numbers of its maker and model, and its serial number."""

    vendor: int
    product: int
    serial: str = ""
    "Empty: the first one found."
    backend: Any = None
    "A usb.backend.IBackend; None: the machine's libusb."
    pump: Pump | None = field(default=None, init=False)
    "What carries the bytes since the last ``open``."

    def open(self) -> int:
        """Claim the board and return the engine's end of a socket to it.

        Raises:
            NotAvailableError: no such board, it is claimed by others or not for us.
        """
        if self.pump is not None and not self.pump.join(CLOSING_S):
            raise NotAvailableError(f"{self}: its last use hasn't ended yet")
        device = self._find()
        try:
            pipes = _claim(device)
        except (usb.core.USBError, NotImplementedError, ValueError) as error:
            usb.util.dispose_resources(device)
            raise NotAvailableError(f"{self}: {_why(error)}") from error
        self.pump = Pump(pipes)
        return self.pump.start()

    def __str__(self) -> str:
        tail = f" {self.serial}" if self.serial else ""
        return f"usb {self.vendor:04x}:{self.product:04x}{tail}"

    def _find(self) -> Any:
        why = "no such device on the bus"
        for device in _devices(self.backend):
            if (device.idVendor, device.idProduct) != (self.vendor, self.product):
                continue
            serial = _serial(device)
            if not self.serial or serial == self.serial:
                return device
            if not serial and device.iSerialNumber:  # it has one, and may be ours
                why = _why_closed(device) or why
        raise NotAvailableError(f"{self}: {why}")


def usb_boards(backend: Any = None) -> list[UsbBoard]:
    """Return the boards on the bus.

    Raises:
        NotAvailableError: libusb isn't installed.
    """
    boards = []
    for device in _devices(backend):
        if _interface(device) is not None:
            boards.append(UsbBoard(device.idVendor, device.idProduct, _serial(device)))
            usb.util.dispose_resources(device)
    return boards


def _devices(backend: Any) -> list[Any]:
    try:
        return list(usb.core.find(find_all=True, backend=backend))
    except usb.core.NoBackendError as error:
        raise NotAvailableError("usb: libusb isn't installed (libusb-1.0-0)") from error


def _serial(device: Any) -> str:
    try:
        return str(device.serial_number or "")
    except (usb.core.USBError, NotImplementedError, ValueError):  # ValueError: no permission
        return ""


def _interface(device: Any) -> Any | None:
    try:
        for configuration in device:
            for interface in configuration:
                kind = (interface.bInterfaceClass, interface.bInterfaceSubClass)
                if (*kind, interface.bInterfaceProtocol) == BOARD_INTERFACE:
                    return interface
    except (usb.core.USBError, NotImplementedError):  # gone meanwhile, or its tables are broken
        pass
    return None


def _claim(device: Any) -> Pipes:
    interface = _interface(device)
    if interface is None:
        kind = "/".join(f"{number:02x}" for number in BOARD_INTERFACE)
        raise ValueError(f"it has no interface of class {kind}")
    number = interface.bInterfaceNumber
    if device.is_kernel_driver_active(number):
        device.detach_kernel_driver(number)
    if not _is_configured(device):
        device.set_configuration()
    usb.util.claim_interface(device, number)
    ends = [(usb.util.endpoint_type(e.bmAttributes), e.bEndpointAddress, e) for e in interface]
    bulk = [(address, end) for kind, address, end in ends if kind == usb.util.ENDPOINT_TYPE_BULK]
    into = [end for address, end in bulk if address & usb.util.ENDPOINT_IN]
    out = [end for address, end in bulk if not address & usb.util.ENDPOINT_IN]
    early = [
        end
        for kind, address, end in ends
        if kind == usb.util.ENDPOINT_TYPE_INTR and address & usb.util.ENDPOINT_IN
    ]
    if not into or not out:
        raise ValueError("its interface lacks a bulk endpoint")
    return Pipes(device, number, into[0], out[0], early[0] if early else None)


def _is_configured(device: Any) -> bool:
    try:
        return device.get_active_configuration() is not None
    except usb.core.USBError:
        return False


def _why_closed(device: Any) -> str:
    """Return why a device can't be asked anything; empty: it can."""
    try:
        device.get_active_configuration()
    except usb.core.USBError as error:
        return _why(error)
    finally:
        usb.util.dispose_resources(device)
    return ""


def _why(error: Exception) -> str:
    if getattr(error, "errno", None) == errno.EACCES:
        return f"not permitted; {RULE_HINT}"
    if getattr(error, "errno", None) == errno.EBUSY:
        return "it is claimed by another program"
    return str(error)
