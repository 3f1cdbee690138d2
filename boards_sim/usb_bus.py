# SPDX-License-Identifier: MIT
"""A simulated USB bus: a pyusb backend whose devices are simulated boards.

    bus = UsbBus()
    gadget = UsbGadget(lambda descriptor: stage.attach(descriptor), serial="QX-0001")
    bus.plug(gadget)
    usb.core.find(idVendor=0x1209, idProduct=0x0001, backend=bus)

It follows what real transfers do: they move in packets, a read ends with a short packet or
when it is full, a transfer of whole packets without a short one behind it leaves its reader
waiting, a packet longer than the rest of a read's buffer overflows, a halted endpoint stalls
until it is cleared, an unplugged device is gone for all who had it.  A board writes one frame
per transfer.  Not simulated: other speeds' timing, suspend, several interfaces.
"""

import errno
import select
import socket
import threading
import time
from array import array
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

import usb.core
from usb.backend import IBackend

from boards_sim.wire import READ_BYTES

__all__ = ["UsbBus", "UsbGadget"]

BULK_IN: Final = 0x81
BULK_OUT: Final = 0x01
EARLY_IN: Final = 0x82
HIGH_SPEED_PACKET: Final = 512
EARLY_PACKET: Final = 64
LANGUAGE: Final = 0x0409
GET_DESCRIPTOR: Final = 6
STRING: Final = 3
EVENT_KIND: Final = 0x13
"""First byte of an event's header; behind the first COBS length byte, as it isn't 0x00."""


@dataclass(frozen=True, slots=True)
class DeviceDescriptor:
    """As in USB 2.0, with what pyusb adds."""

    idVendor: int
    idProduct: int
    address: int
    bLength: int = 18
    bDescriptorType: int = 1
    bcdUSB: int = 0x0200
    bDeviceClass: int = 0
    bDeviceSubClass: int = 0
    bDeviceProtocol: int = 0
    bMaxPacketSize0: int = 64
    bcdDevice: int = 0x0100
    iManufacturer: int = 1
    iProduct: int = 2
    iSerialNumber: int = 3
    bNumConfigurations: int = 1
    bus: int = 1
    port_number: int = 1
    port_numbers: tuple[int, ...] = (1,)
    speed: int = 3


@dataclass(frozen=True, slots=True)
class ConfigurationDescriptor:
    """The only configuration."""

    bLength: int = 9
    bDescriptorType: int = 2
    wTotalLength: int = 39
    bNumInterfaces: int = 1
    bConfigurationValue: int = 1
    iConfiguration: int = 0
    bmAttributes: int = 0x80
    bMaxPower: int = 250
    extra_descriptors: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class InterfaceDescriptor:
    """The board's interface."""

    bNumEndpoints: int
    bLength: int = 9
    bDescriptorType: int = 4
    bInterfaceNumber: int = 0
    bAlternateSetting: int = 0
    bInterfaceClass: int = 0xFF
    bInterfaceSubClass: int = 0x51
    bInterfaceProtocol: int = 0x01
    iInterface: int = 0
    extra_descriptors: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class EndpointDescriptor:
    """One endpoint: bulk (attributes 2) or interrupt (3)."""

    bEndpointAddress: int
    wMaxPacketSize: int
    bmAttributes: int = 2
    bInterval: int = 0
    bLength: int = 7
    bDescriptorType: int = 5
    bRefresh: int = 0
    bSynchAddress: int = 0
    extra_descriptors: tuple[int, ...] = ()


@dataclass(slots=True, eq=False)
class UsbGadget:
    """A board with a USB plug."""

    connect: Callable[[int], None]
    "Takes the board's end of a link: a descriptor whose every write is one transfer."
    serial: str = "SIM-USB-0001"
    vendor: int = 0x1209
    product: int = 0x0001
    packet: int = HIGH_SPEED_PACKET
    early: bool = False
    "Whether it has an interrupt endpoint."
    permitted: bool = True
    "Whether this user may open it."
    sent: int = field(default=0, init=False)
    "Bytes that it has begun to send since it was claimed."
    _host: socket.socket | None = field(default=None, init=False)
    _claimed: bool = field(default=False, init=False)
    _packets: deque[bytes] = field(default_factory=deque, init=False)
    _early: deque[bytes] = field(default_factory=deque, init=False)
    _unfinished: bytearray = field(default_factory=bytearray, init=False)
    _halted: set[int] = field(default_factory=set, init=False)
    _news: threading.Condition = field(default_factory=threading.Condition, init=False)

    def stalls(self, endpoint: int = BULK_IN) -> None:
        """Halt an endpoint until the host clears it."""
        with self._news:
            self._halted.add(endpoint)
            self._news.notify_all()

    def has_sent_all(self, received: int) -> bool:
        """Whether nothing is on its way to a host that has received so many bytes."""
        host = self._host
        return host is None or (self.sent == received and not _waiting(host))

    def endpoints(self) -> list[EndpointDescriptor]:
        """Return the endpoints of the board's interface."""
        found = [
            EndpointDescriptor(BULK_IN, self.packet),
            EndpointDescriptor(BULK_OUT, self.packet),
        ]
        if self.early:
            found.append(EndpointDescriptor(EARLY_IN, EARLY_PACKET, bmAttributes=3, bInterval=4))
        return found


class UsbBus(IBackend):  # type: ignore[misc]  # pyusb has no types
    """A pyusb backend with simulated devices."""

    def __init__(self) -> None:
        super().__init__()
        self._gadgets: list[UsbGadget] = []

    def plug(self, gadget: UsbGadget) -> None:
        """Put a device on the bus."""
        self._gadgets.append(gadget)

    def unplug(self, gadget: UsbGadget) -> None:
        """Pull a device off the bus: whoever uses it gets an error."""
        self._gadgets.remove(gadget)
        self._drop(gadget)

    def _drop(self, gadget: UsbGadget) -> None:
        with gadget._news:
            if gadget._host is not None:
                gadget._host.close()
            gadget._host = None
            gadget._claimed = False
            gadget._packets.clear()
            gadget._early.clear()
            gadget._unfinished.clear()
            gadget._halted.clear()
            gadget._news.notify_all()

    # Looking

    def enumerate_devices(self) -> Iterator[UsbGadget]:
        yield from list(self._gadgets)

    def get_parent(self, dev: UsbGadget) -> None:
        return None

    def get_device_descriptor(self, dev: UsbGadget) -> DeviceDescriptor:
        self._check(dev)
        return DeviceDescriptor(dev.vendor, dev.product, self._gadgets.index(dev) + 1)

    def get_configuration_descriptor(self, dev: UsbGadget, config: int) -> ConfigurationDescriptor:
        if config:
            raise IndexError("there is one configuration")
        return ConfigurationDescriptor()

    def get_interface_descriptor(
        self, dev: UsbGadget, intf: int, alt: int, config: int
    ) -> InterfaceDescriptor:
        if intf or alt or config:
            raise IndexError("there is one interface")
        return InterfaceDescriptor(len(dev.endpoints()))

    def get_endpoint_descriptor(
        self, dev: UsbGadget, ep: int, intf: int, alt: int, config: int
    ) -> EndpointDescriptor:
        return dev.endpoints()[ep]

    # Opening

    def open_device(self, dev: UsbGadget) -> UsbGadget:
        self._check(dev)
        if not dev.permitted:
            raise usb.core.USBError("Access denied (insufficient permissions)", -3, errno.EACCES)
        return dev

    def close_device(self, dev_handle: UsbGadget) -> None:
        """Nothing to be done."""

    def set_configuration(self, dev_handle: UsbGadget, config_value: int) -> None:
        self._check(dev_handle)

    def get_configuration(self, dev_handle: UsbGadget) -> int:
        self._check(dev_handle)
        return 1

    def is_kernel_driver_active(self, dev_handle: UsbGadget, intf: int) -> bool:
        self._check(dev_handle)
        return False

    def claim_interface(self, dev_handle: UsbGadget, intf: int) -> None:
        """Claim the board, and connect its firmware to a fresh link."""
        self._check(dev_handle)
        if dev_handle._claimed:
            raise usb.core.USBError("Resource busy", -6, errno.EBUSY)
        host, board = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        dev_handle._host, dev_handle._claimed, dev_handle.sent = host, True, 0
        dev_handle.connect(board.detach())

    def release_interface(self, dev_handle: UsbGadget, intf: int) -> None:
        if dev_handle in self._gadgets:
            self._drop(dev_handle)

    # Transfers

    def bulk_write(
        self, dev_handle: UsbGadget, ep: int, intf: int, data: "array[int]", timeout: int
    ) -> int:
        """Send; whole packets stay with the device until a short one ends the transfer."""
        host = self._usable(dev_handle, ep)
        dev_handle._unfinished += data.tobytes()
        if len(data) % dev_handle.packet and dev_handle._unfinished:
            transfer = bytes(dev_handle._unfinished[:READ_BYTES])
            if not select.select([], [host], [], timeout / 1000)[1]:
                del dev_handle._unfinished[-len(data) :]
                raise usb.core.USBTimeoutError("Operation timed out", -7, errno.ETIMEDOUT)
            try:
                host.send(transfer)
            except OSError as error:
                raise _no_device() from error
            dev_handle._unfinished.clear()
        return len(data)

    def bulk_read(
        self, dev_handle: UsbGadget, ep: int, intf: int, buff: "array[int]", timeout: int
    ) -> int:
        """Receive until a short packet comes, the buffer is full or the time is over."""
        until = time.monotonic() + timeout / 1000
        fill = 0
        while fill < len(buff):
            self._usable(dev_handle, ep)
            packet = self._next_packet(dev_handle, until)
            if packet is None:
                if fill:
                    return fill
                raise usb.core.USBTimeoutError("Operation timed out", -7, errno.ETIMEDOUT)
            if len(packet) > len(buff) - fill:
                raise usb.core.USBError("Overflow", -8, errno.EOVERFLOW)
            buff[fill : fill + len(packet)] = array("B", packet)
            fill += len(packet)
            if len(packet) < dev_handle.packet:
                return fill
        return fill

    def intr_read(
        self, dev_handle: UsbGadget, ep: int, intf: int, buff: "array[int]", timeout: int
    ) -> int:
        """Receive a short event that the device sent as a bulk transfer too."""
        with dev_handle._news:
            dev_handle._news.wait_for(lambda: dev_handle._early, timeout / 1000)
            self._usable(dev_handle, ep)
            if not dev_handle._early:
                raise usb.core.USBTimeoutError("Operation timed out", -7, errno.ETIMEDOUT)
            packet = dev_handle._early.popleft()
        buff[: len(packet)] = array("B", packet)
        return len(packet)

    def clear_halt(self, dev_handle: UsbGadget, ep: int) -> None:
        with dev_handle._news:
            dev_handle._halted.discard(ep)

    def ctrl_transfer(
        self,
        dev_handle: UsbGadget,
        bmRequestType: int,
        bRequest: int,
        wValue: int,
        wIndex: int,
        data: "array[int]",
        timeout: int,
    ) -> int:
        """Answer the one request that every device answers: for a string."""
        self._check(dev_handle)
        if (bmRequestType, bRequest, wValue >> 8) != (0x80, GET_DESCRIPTOR, STRING):
            raise usb.core.USBError("Pipe error", -9, errno.EPIPE)
        text = _string(dev_handle, wValue & 0xFF)[: len(data)]
        data[: len(text)] = array("B", text)
        return len(text)

    def _next_packet(self, gadget: UsbGadget, until: float) -> bytes | None:
        while not gadget._packets:
            host = self._usable(gadget, BULK_IN)
            try:
                if not select.select([host], [], [], max(until - time.monotonic(), 0))[0]:
                    return None
                transfer = host.recv(READ_BYTES, socket.MSG_PEEK)
                self._cut(gadget, transfer)
                host.recv(READ_BYTES)
            except (OSError, ValueError) as error:  # closed under us
                raise _no_device() from error
            if not transfer:
                raise _no_device()
        self._usable(gadget, BULK_IN)  # it may have been halted meanwhile
        return gadget._packets.popleft()

    def _cut(self, gadget: UsbGadget, transfer: bytes) -> None:
        """Cut what the board wrote into frames, and those into packets."""
        gadget.sent += len(transfer)
        *frames, rest = transfer.split(b"\0")
        for piece in [*(frame + b"\0" for frame in frames), rest]:
            size = gadget.packet
            gadget._packets += [piece[at : at + size] for at in range(0, len(piece), size)]
            if gadget.early and piece[1:2] == bytes((EVENT_KIND,)) and len(piece) <= EARLY_PACKET:
                with gadget._news:
                    gadget._early.append(piece)
                    gadget._news.notify_all()

    def _usable(self, gadget: UsbGadget, endpoint: int) -> socket.socket:
        self._check(gadget)
        host = gadget._host
        if host is None:
            raise _no_device()
        if endpoint in gadget._halted:
            raise usb.core.USBError("Pipe error", -9, errno.EPIPE)
        return host

    def _check(self, gadget: UsbGadget) -> None:
        if gadget not in self._gadgets:
            raise _no_device()


def _waiting(end: socket.socket) -> bool:
    try:
        return bool(select.select([end], [], [], 0)[0])
    except (OSError, ValueError):  # closed under us
        return False


def _no_device() -> usb.core.USBError:
    return usb.core.USBError("No such device (it may have been disconnected)", -4, errno.ENODEV)


def _string(gadget: UsbGadget, index: int) -> bytes:
    if index == 0:
        return bytes((4, STRING)) + LANGUAGE.to_bytes(2, "little")
    text = ("AltiWare", "simulated board", gadget.serial)[index - 1].encode("utf-16-le")
    return bytes((len(text) + 2, STRING)) + text
