# SPDX-License-Identifier: MIT
"""Transfers of whole packets, on a bus that keeps the rules.

A transfer ends with a short packet: one of exactly 512 bytes leaves its reader waiting, unless
a 0x00 more is sent (QHI, framing).  Here a kernel's host and a kernel's device judge it.
"""

import os
import select
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import usb.core
import usb.util

from drivers.links.usb_port import UsbLink
from drivers.qhi.frame import Deframer, Frame, FrameFlag, FrameKind, encode
from drivers.qhi.messages import Hello
from tests.vm.guests.console import check
from tests.vm.guests.usb_gadget import PRODUCT, SERIAL, VENDOR, Gadget

__all__ = ["needs_a_short_packet", "passes_whole_packets"]

PACKET: Final = 512
PATIENCE_S: Final = 5.0
HELD_S: Final = 0.5
SESSION: Final = 4711
SIZES: Final = (511, 512, 513, 1023, 1024, 1025, 4096, 8192)
READS: Final = range(440, 500)
"""Bytes of the dictionary: with header, check and stuffing some of these make whole packets."""


def needs_a_short_packet() -> None:
    """What the rule is for: without one the board has got nothing yet."""
    with check("a whole packet alone is held back") as measured:
        device = usb.core.find(idVendor=VENDOR, idProduct=PRODUCT)
        into, out = device[0][0, 0]
        usb.util.claim_interface(device, 0)
        out.write(_hello().ljust(PACKET, b"\0"))
        assert not _is_greeted(into, HELD_S)
        out.write(b"\0")
        began = time.monotonic()
        assert _is_greeted(into, PATIENCE_S)
        measured.update(freed_after_ms=round(1000 * (time.monotonic() - began), 1))
        usb.util.dispose_resources(device)


def passes_whole_packets(gadget: Gadget) -> None:
    """With the driver's link and the firmware's, every length arrives at once, both ways."""
    link = UsbLink(VENDOR, PRODUCT, SERIAL)
    with _opened(link) as stream:
        with check("passes whole packets to the board") as measured:
            delays = [stream.ask(_ping(size), FrameKind.PING, seq=size)[1] for size in SIZES]
            measured.update(bytes=SIZES, worst_ms=max(delays))
        with check("passes whole packets to the host") as measured:
            answers = [stream.ask(_read(size), FrameKind.BULK, seq=size) for size in READS]
            sizes = [
                len(encode(each)) for each, _ in answers
            ]  # with the 0x00 more, where it is due
            whole = sizes.count(PACKET + 1)
            measured.update(whole=whole, worst_ms=max(delay for _, delay in answers))
            assert whole, sizes
        assert link.pump
        with check("goes on after a stall") as measured:
            gadget.press("s")
            until = time.monotonic() + PATIENCE_S
            while not link.pump.counts.stalls:
                assert time.monotonic() < until, link.pump.counts
                stream.ask(_ping(PACKET), FrameKind.PING, seq=PACKET)
            _, delay = stream.ask(_ping(PACKET), FrameKind.PING, seq=PACKET)
            measured.update(stalls=link.pump.counts.stalls, after_ms=delay)
    assert link.pump.join(PATIENCE_S)


class _Stream:
    """A link's descriptor, and the frames that come out of it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._deframer = Deframer()

    def ask(self, question: bytes, kind: FrameKind, seq: int) -> tuple[Frame, float]:
        """Write, and return the answer and after how many ms it came."""
        began = time.monotonic()
        os.write(self._descriptor, question)
        while time.monotonic() < began + PATIENCE_S:
            if not select.select([self._descriptor], [], [], PATIENCE_S)[0]:
                break
            for frame in self._deframer.feed(os.read(self._descriptor, 65536)):
                if (frame.kind, frame.seq) == (kind, seq):
                    return frame, round(1000 * (time.monotonic() - began), 1)
        raise TimeoutError(f"no answer to {kind.name} {seq}")


@contextmanager
def _opened(link: UsbLink) -> Iterator[_Stream]:
    descriptor = link.open()
    try:
        os.write(descriptor, _hello())
        yield _Stream(descriptor)
    finally:
        os.close(descriptor)


def _is_greeted(into: Any, within_s: float) -> bool:
    """Whether the board answers our session; without one it sends HELLO of its own every second."""
    deframer = Deframer()
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        try:
            data = bytes(into.read(16384, 100))
        except usb.core.USBTimeoutError:
            continue
        for frame in deframer.feed(data):
            if frame.kind == FrameKind.HELLO and Hello.decode(frame.payload).session == SESSION:
                return True
    return False


def _hello() -> bytes:
    return b"\0" + encode(Frame(FrameKind.HELLO, payload=Hello(SESSION, role=1).encode()))


def _ping(size: int) -> bytes:
    """Return a question and noughts, which mean nothing, of so many bytes."""
    return encode(Frame(FrameKind.PING, FrameFlag.ACK_WANTED, seq=size)).ljust(size, b"\0")


def _read(size: int) -> bytes:
    payload = bytes((0, 0)) + size.to_bytes(2, "little") + bytes(4)
    return encode(Frame(FrameKind.BULK, seq=size, payload=payload))
