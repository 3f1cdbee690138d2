# SPDX-License-Identifier: MIT
"""Carries bytes between a claimed USB interface and a socket, in threads of its own.

One thread a board, as pyusb's transfers block: it reads a transfer, gives it to the engine, and
waits a moment for the answer, for a host answers each frame of samples with one (QHI).  Were
there a thread a direction, they would hand the interpreter to each other at every call, which
costs more than all the rest.  The interrupt endpoint, if there is one, has a thread of its own.
All end, and the interface is given back, when the socket's other end is closed or the device is
gone.  It moves bytes and knows one thing of frames: 0x00 ends them.
"""

import contextlib
import errno
import select
import socket
import threading
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import usb.core
import usb.util

__all__ = ["Pipes", "Pump", "PumpCounts"]

READ_BYTES: Final = 16384
"""Of one bulk transfer: a multiple of every packet size, or a long packet would overflow it."""
READ_MS: Final = 10
"""How long a read waits, and so what the engine says by itself, while no samples come."""
EARLY_MS: Final = 100
"""The same of the interrupt endpoint; also how long that may take to see that it should end."""
ANSWER_S: Final = 0.004
"""How long the engine's answer to a transfer is waited for: most of a frame of samples."""
WRITE_MS: Final = 1000
MOST_STALLS: Final = 10
"""In a row, without a transfer between them."""
GONE: Final = frozenset({errno.ENODEV, errno.EIO, errno.ENOENT, errno.ESHUTDOWN, errno.EPROTO})


@dataclass(frozen=True, slots=True)
class Pipes:
    """A claimed interface and its endpoints, as pyusb has them."""

    device: Any
    interface: int
    into: Any
    "Bulk, board to host."
    out: Any
    "Bulk, host to board."
    early: Any | None = None
    "Interrupt, board to host: short frames that are on ``into`` too."


@dataclass(slots=True)
class PumpCounts:
    """What has been carried, and what went wrong."""

    bytes_in: int = 0
    bytes_out: int = 0
    stalls: int = 0
    "Endpoints halted by the board and cleared."
    overflows: int = 0
    "Transfers longer than their packets allow; their bytes are lost."


class Pump:
    """One claimed board and the socket to the engine."""

    def __init__(self, pipes: Pipes) -> None:
        self.counts = PumpCounts()
        self._pipes = pipes
        self._packet = int(pipes.out.wMaxPacketSize)
        host, self._ours = socket.socketpair()
        host.setblocking(False)
        self._host: socket.socket | None = host
        self._ended = threading.Event()
        self._early = bytearray()
        self._between_frames = False
        self._lock = threading.Lock()
        self._kept = b""
        carriers: list[Callable[[], None]] = [self._carry]
        if pipes.early is not None:
            carriers.append(self._carry_early)
        self._threads = [
            threading.Thread(target=self._guard, args=(carry,), name="usb", daemon=True)
            for carry in carriers
        ]
        self._running = len(self._threads)

    def start(self) -> int:
        """Begin, and return the engine's descriptor; closing it ends everything."""
        assert self._host is not None
        host, self._host = self._host, None
        for thread in self._threads:
            thread.start()
        return host.detach()

    @property
    def idle(self) -> bool:
        """Whether all that the engine has sent has been written to the board."""
        try:
            return not select.select([self._ours], [], [], 0)[0]
        except (OSError, ValueError):  # closed: it has ended
            return True

    def join(self, timeout_s: float) -> bool:
        """Wait until the board has been given back; return whether it has."""
        for thread in self._threads:
            thread.join(timeout_s)
        return not any(thread.is_alive() for thread in self._threads)

    def _guard(self, carry: Callable[[], None]) -> None:
        """Run one of the threads; whoever ends first ends the other, the last one cleans up."""
        try:
            carry()
        finally:
            self._ended.set()
            with contextlib.suppress(OSError):
                self._ours.shutdown(socket.SHUT_RDWR)
            with self._lock:
                self._running -= 1
                last = self._running == 0
            if last:
                self._ours.close()
                self._give_back()

    def _give_back(self) -> None:
        device = self._pipes.device
        with contextlib.suppress(usb.core.USBError, NotImplementedError):
            usb.util.release_interface(device, self._pipes.interface)
        with contextlib.suppress(usb.core.USBError, NotImplementedError):
            usb.util.dispose_resources(device)

    def _carry(self) -> None:
        room = array("B", bytes(READ_BYTES))
        while (data := self._read(self._pipes.into, room, READ_MS)) is not None:
            if data and not self._pass_on(data):
                return
            if not self._take_answer(ANSWER_S if data else 0.0):
                return

    # Board to host

    def _pass_on(self, data: bytes) -> bool:
        """Give bytes to the engine, early frames where one ends; return whether it is there."""
        length = len(data)
        with self._lock:
            cut = data.rfind(0) + 1
            if self._early and cut:
                data = data[:cut] + bytes(self._early) + data[cut:]
                self._early.clear()
            self._between_frames = data.endswith(b"\0")
            given = self._give(data)
        self.counts.bytes_in += length
        return given

    def _carry_early(self) -> None:
        end = self._pipes.early
        assert end is not None
        room = array("B", bytes(int(end.wMaxPacketSize)))
        while (data := self._read(end, room, EARLY_MS)) is not None:
            with self._lock:
                self._early += data
                if self._between_frames:
                    self._give(bytes(self._early))
                    self._early.clear()

    def _give(self, data: bytes) -> bool:
        try:
            self._ours.sendall(data)
        except OSError:
            return False
        return True

    def _read(self, end: Any, room: "array[int]", timeout_ms: int) -> bytes | None:
        """Return what one transfer brings, b"" for nothing yet, None when all is over."""
        stalls = 0
        while not self._ended.is_set():
            try:
                length = end.read(room, timeout_ms)
                return memoryview(room)[:length].tobytes()
            except usb.core.USBTimeoutError:
                return b""
            except usb.core.USBError as error:
                stalls += 1
                if stalls > MOST_STALLS or not self._mend(end, error):
                    return None
        return None

    def _mend(self, end: Any, error: usb.core.USBError) -> bool:
        """Do about a failed transfer what can be done; return whether to go on."""
        if error.errno == errno.EPIPE:
            self.counts.stalls += 1
            with contextlib.suppress(usb.core.USBError):
                end.clear_halt()
                return True
            return False
        if error.errno == errno.EOVERFLOW:
            self.counts.overflows += 1
            return True
        return error.errno not in GONE and error.errno is not None

    # Host to board

    def _take_answer(self, wait_s: float) -> bool:
        """Write what the engine has sent, if it has within so long; return whether it is there."""
        try:
            if not select.select([self._ours], [], [], wait_s)[0]:
                return True
            data = self._ours.recv(READ_BYTES, socket.MSG_PEEK)
            sending, self._kept = _short_ended(self._kept + data, self._packet)
            if not data or not self._write(sending):
                return False
            self._ours.recv(len(data))  # done with: see `idle`
        except (OSError, ValueError):  # closed under us
            return False
        return True

    def _write(self, data: bytes) -> bool:
        stalls = 0
        while data and not self._ended.is_set():
            try:
                done = int(self._pipes.out.write(data, WRITE_MS))
            except usb.core.USBError as error:
                stalls += 1
                if isinstance(error, usb.core.USBTimeoutError) or stalls > MOST_STALLS:
                    return False  # the board takes nothing: the engine's watch says the rest
                if not self._mend(self._pipes.out, error):
                    return False
                continue
            self.counts.bytes_out += done
            data = data[done:]
        return True


def _short_ended(data: bytes, packet: int) -> tuple[bytes, bytes]:
    """Return what to send so that the transfer ends with a short packet, and what to keep.

    A transfer of whole packets leaves its reader waiting for more (QHI, framing): another 0x00
    behind a frame means nothing and shortens the last packet; within a frame the last byte waits
    for the rest, which is on its way.
    """
    if len(data) % packet:
        return data, b""
    if data.endswith(b"\0"):
        return data + b"\0", b""
    return data[:-1], data[-1:]
