# SPDX-License-Identifier: MIT
"""USB: claiming, whole transfers, halted endpoints, pulled plugs, early events.

The bus is simulated (there is no USB here); pyusb above it is the real one.
"""

import errno
import os
import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import usb.core
import usb.util

from boards_sim.usb_bus import BULK_IN, BULK_OUT, DeviceDescriptor, UsbBus, UsbGadget
from drivers.errors import AddressError, NotAvailableError
from drivers.links.usb_port import UsbBoard, UsbLink, usb_boards
from drivers.qhi.frame import Deframer, Frame, FrameKind, encode
from drivers.quantum.usb_address import usb_board
from drivers.registry import board as board_at

WAIT_S = 30.0


class Plugged:
    """A gadget on a bus, and the firmware's end of its link."""

    def __init__(self, **options: object) -> None:
        self.bus = UsbBus()
        self.firmware: socket.socket | None = None
        self.gadget = UsbGadget(self._connected, **options)  # type: ignore[arg-type]
        self.bus.plug(self.gadget)
        self.link = UsbLink(0x1209, 0x0001, backend=self.bus)

    def _connected(self, descriptor: int) -> None:
        if self.firmware is not None:
            self.firmware.close()
        self.firmware = socket.socket(fileno=descriptor)

    def sends(self, data: bytes) -> None:
        assert self.firmware is not None
        self.firmware.send(data)

    def gets(self) -> bytes:
        """Return the next transfer from the host."""
        assert self.firmware is not None
        assert select.select([self.firmware], [], [], WAIT_S)[0]
        return self.firmware.recv(65536)

    @contextmanager
    def opened(self) -> Iterator[int]:
        descriptor = self.link.open()
        try:
            yield descriptor
        finally:
            os.close(descriptor)
            assert self.link.pump is not None
            assert self.link.pump.join(WAIT_S)
            assert self.firmware is not None
            self.firmware.close()


def read(descriptor: int, length: int) -> bytes:
    """Return so many bytes, or what came before the end."""
    data = b""
    while len(data) < length:
        assert select.select([descriptor], [], [], WAIT_S)[0], data
        some = os.read(descriptor, length - len(data))
        if not some:
            break
        data += some
    return data


def test_bytes_go_both_ways() -> None:
    plugged = Plugged()
    with plugged.opened() as host:
        plugged.sends(b"up\0")
        assert read(host, 3) == b"up\0"
        os.write(host, b"down\0")
        assert plugged.gets() == b"down\0"


@pytest.mark.parametrize("length", [63, 64, 511, 512, 1024, 2047, 3839, 3840, 15872])
def test_a_transfer_of_any_length_arrives_at_once(length: int) -> None:
    """At multiples of the packet size a careless sender would leave its reader waiting."""
    plugged = Plugged()
    frame = b"x" * (length - 1) + b"\0"
    with plugged.opened() as host:
        os.write(host, frame)
        arrived = plugged.gets()
        while not arrived.endswith(b"\0"):
            arrived += plugged.gets()
        assert arrived.rstrip(b"\0") == frame[:-1]
        plugged.sends(frame if length % 512 else frame + b"\0")
        assert read(host, length) == frame


def test_a_write_that_ends_within_a_frame_is_not_broken_in_two() -> None:
    plugged = Plugged()
    with plugged.opened() as host:
        os.write(host, b"x" * 512)
        first = plugged.gets()
        assert first == b"x" * 511
        os.write(host, b"y\0")
        assert plugged.gets() == b"xy\0"


def test_the_bus_holds_whole_packets_back_as_a_real_one_does() -> None:
    """Without the extra 0x00 the frame would not arrive: the test of the simulator itself."""
    plugged = Plugged()
    device = usb.core.find(backend=plugged.bus)
    usb.util.claim_interface(device, 0)
    device.write(BULK_OUT, b"z" * 512)
    assert plugged.firmware is not None
    assert not select.select([plugged.firmware], [], [], 0)[0]
    plugged.sends(b"z" * 511 + b"\0")
    assert len(device.read(BULK_IN, 4096, timeout=10)) == 512  # only by its time-out
    with pytest.raises(usb.core.USBTimeoutError):
        device.read(BULK_IN, 4096, timeout=10)
    plugged.sends(b"z" * 600 + b"\0")
    with pytest.raises(usb.core.USBError) as overflow:
        device.read(BULK_IN, 100, timeout=10)
    assert overflow.value.errno == errno.EOVERFLOW
    plugged.firmware.close()
    plugged.bus.unplug(plugged.gadget)


def test_a_halted_endpoint_is_cleared() -> None:
    plugged = Plugged()
    with plugged.opened() as host:
        plugged.gadget.stalls(BULK_IN)
        plugged.sends(b"after the stall\0")
        assert read(host, 16) == b"after the stall\0"
        plugged.gadget.stalls(BULK_OUT)
        os.write(host, b"too\0")
        assert plugged.gets() == b"too\0"
        assert plugged.link.pump is not None
        assert plugged.link.pump.counts.stalls >= 2


def test_a_pulled_plug_closes_the_link_and_a_plug_put_back_opens_it() -> None:
    plugged = Plugged()
    host = plugged.link.open()
    plugged.bus.unplug(plugged.gadget)
    assert read(host, 1) == b""
    os.close(host)
    with pytest.raises(NotAvailableError, match="1209:0001: no such device"):
        plugged.link.open()
    plugged.bus.plug(plugged.gadget)
    with plugged.opened() as host:
        plugged.sends(b"back\0")
        assert read(host, 5) == b"back\0"


def test_a_link_can_be_opened_again_and_again() -> None:
    plugged = Plugged()
    threads = threading.active_count()
    for _ in range(20):
        with plugged.opened() as host:
            plugged.sends(b"hello\0")
            assert read(host, 6) == b"hello\0"
    assert threading.active_count() == threads


def test_a_board_belongs_to_one_program() -> None:
    plugged = Plugged()
    other = UsbLink(0x1209, 0x0001, backend=plugged.bus)
    with plugged.opened(), pytest.raises(NotAvailableError, match="claimed by another program"):
        other.open()


def test_a_board_that_is_not_for_us_says_what_to_do() -> None:
    plugged = Plugged(permitted=False)
    with pytest.raises(NotAvailableError, match=r"not permitted; .* udev rule"):
        plugged.link.open()
    assert usb_boards(plugged.bus) == [UsbBoard(0x1209, 0x0001, "")]


def test_a_board_whose_serial_number_is_not_for_us_says_what_to_do() -> None:
    plugged = Plugged(permitted=False, serial="QX-0001")
    link = UsbLink(0x1209, 0x0001, "QX-0001", backend=plugged.bus)
    with pytest.raises(NotAvailableError, match=r"not permitted; .* udev rule"):
        link.open()


class UnheardBus(UsbBus):
    """Hears of no plug, as libusb where udev isn't: what was there is thought to be there."""

    def __init__(self, gadget: UsbGadget) -> None:
        super().__init__()
        self._known = gadget

    def enumerate_devices(self) -> Iterator[UsbGadget]:
        yield self._known

    def get_device_descriptor(self, dev: UsbGadget) -> DeviceDescriptor:
        return DeviceDescriptor(dev.vendor, dev.product, address=1)


def test_a_board_that_has_gone_unheard_is_not_said_to_be_forbidden() -> None:
    bus = UnheardBus(UsbGadget(os.close, serial="QX-0001"))
    link = UsbLink(0x1209, 0x0001, "QX-0001", backend=bus)
    with pytest.raises(NotAvailableError, match="it may have been disconnected"):
        link.open()


def test_boards_are_told_apart_by_their_serial_numbers() -> None:
    plugged = Plugged(serial="QX-0001")
    second = UsbGadget(os.close, serial="QX-0002")
    plugged.bus.plug(second)
    boards = usb_boards(plugged.bus)
    assert [board.address for board in boards] == [
        "quantum+usb://1209:0001/QX-0001",
        "quantum+usb://1209:0001/QX-0002",
    ]
    with pytest.raises(NotAvailableError, match="QX-0003: no such device"):
        UsbLink(0x1209, 0x0001, "QX-0003", plugged.bus).open()
    plugged.link.serial = "QX-0001"
    with plugged.opened() as host:
        plugged.sends(b"first\0")
        assert read(host, 6) == b"first\0"


def event(number: int) -> bytes:
    return encode(Frame(FrameKind.EVT, 1, number, 0, 8, b"\3\2\4\0\0\0\0\0\1"))


def test_early_events_do_not_break_the_frames_between_which_they_come() -> None:
    plugged = Plugged(early=True)
    samples = encode(Frame(FrameKind.PCM, 0, 1, 0, 8, bytes(3000)))
    deframer = Deframer()
    heard: list[int] = []
    with plugged.opened() as host:
        for number in range(1, 101):
            plugged.sends(samples + event(number))
            while heard.count(number) < 2:
                assert select.select([host], [], [], WAIT_S)[0]
                frames = deframer.feed(os.read(host, 65536))
                heard += [frame.seq for frame in frames if frame.kind == FrameKind.EVT]
    assert deframer.bad == 0
    assert sorted(set(heard)) == list(range(1, 101))


@pytest.mark.parametrize(
    "address",
    ["quantum+usb://", "quantum+usb://1209", "quantum+usb://1209:1/X", "quantum+usb://x:y"],
)
def test_a_malformed_address_is_refused(address: str) -> None:
    with pytest.raises(AddressError, match="1209:0001/SERIAL"):
        usb_board(address)


def test_an_address_names_a_board_on_the_bus() -> None:
    board = board_at("quantum+usb://1209:0001/QX-0001?format=ulaw")
    assert board.address.endswith("format=ulaw")
