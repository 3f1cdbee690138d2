# SPDX-License-Identifier: MIT
"""Links between a stage's board in this process and its host, for tests in virtual time.

    cable = TerminalCable(stage, engine)
    board = linked_board("quantum+sim://Q12", InProcessLink(cable.open))
    stage.pumps.append(serve)       # calls cable.to_host(board), the host's part, cable.to_board()

A kernel, or a thread, takes its wall time to pass bytes on, of which virtual time knows nothing:
``to_host`` and ``to_board`` wait until all that was written at one end lies before the other.
They don't wait for what the cable's faults have swallowed, nor for a link that is gone.
"""

import array
import fcntl
import os
import socket
import termios
import time
from collections.abc import Callable
from typing import Final

from boards_sim.stage import Stage
from boards_sim.usb_bus import UsbBus, UsbGadget
from drivers.base import Board
from drivers.links import SerialLink, TcpLink
from drivers.links.usb_port import UsbLink
from dsp.engine import Engine

__all__ = ["CABLES", "Cable", "TcpCable", "TerminalCable", "UsbCable"]

HANGS_S: Final = 20.0
"""Of wall time: no kernel takes so long, so somebody waits for what will never come."""
LOOK_S: Final = 50e-6
"""Between two looks; asleep, as who is waited for may be a thread of this process."""
FULL_BYTES: Final = 4095
"""What a terminal keeps for its reader; the rest comes when that has been read."""


class Cable:
    """A socket pair, which takes no time; the others are the same with another ``open``."""

    def __init__(self, stage: Stage, engine: Engine, number: int = 0) -> None:
        self.stage = stage
        self._engine = engine
        self._number = number
        self._wire = stage.boards[number].wire
        self._handle: int | None = None

    def open(self) -> int:
        """Return the host's end of a fresh link."""
        return self.stage.descriptor(self._number)

    def vanishes(self) -> None:
        """Pull the plug."""
        self.stage.faults(self._number).closes()

    def returns(self) -> None:
        """Put the plug in again."""

    def to_host(self, board: Board) -> None:
        """Serve the engine until it has all that the board has written."""
        self._engine.poll()

    def to_board(self, board: Board) -> None:
        """Wait until all that the engine has written lies before the board."""


class CarriedCable(Cable):
    """A link whose bytes the kernel carries across when it likes."""

    def to_host(self, board: Board) -> None:
        """Serve the engine until it has all that the board has written."""
        self._engine.poll()
        _wait(lambda: self._has_come(board), self._engine.poll)

    def to_board(self, board: Board) -> None:
        """Wait until all that the engine has written lies before the board."""
        _wait(lambda: self._has_gone(board))

    def _has_come(self, board: Board) -> bool:
        link = self._link(board)
        if link is None or self._engine.link_counters(link).bytes_in >= self._wire.sent:
            return True
        return not self._is_alive(link)

    def _has_gone(self, board: Board) -> bool:
        link = self._link(board)
        if link is None:
            return True
        lies = _waiting(self._wire.descriptor)
        if lies >= FULL_BYTES:
            return True
        there = self._wire.taken + lies
        return there >= self._engine.link_counters(link).bytes_out or not self._is_alive(link)

    def _link(self, board: Board) -> int | None:
        """Return the engine's handle of the link, while both its ends are there."""
        if not self._wire.is_open:
            return None
        if self._handle is None or not board.owns_link(self._handle):
            handles = (each.link for each in self._engine.links())
            self._handle = next((each for each in handles if board.owns_link(each)), None)
        return self._handle

    def _is_alive(self, link: int) -> bool:
        return any(each.link == link and each.alive for each in self._engine.links())


class TerminalCable(CarriedCable):
    """A pseudo terminal: a worker of the kernel carries the bytes across."""

    def open(self) -> int:
        """Open a new terminal, as a serial port is opened."""
        board_end, terminal = os.openpty()
        try:
            opened = SerialLink(os.ttyname(terminal)).open()
        finally:
            os.close(terminal)
        self.stage.attach(board_end, self._number)
        return opened


class TcpCable(CarriedCable):
    """A TCP connection within this machine."""

    def open(self) -> int:
        """Connect to a port that is there for this once."""
        with socket.create_server(("127.0.0.1", 0)) as server:
            opened = TcpLink("127.0.0.1", server.getsockname()[1]).open()
            accepted, _ = server.accept()
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.stage.attach(accepted.detach(), self._number)
        return opened


class UsbCable(Cable):
    """A simulated bus: threads carry its bytes, and there are more of them than the board wrote."""

    def __init__(self, stage: Stage, engine: Engine, number: int = 0) -> None:
        super().__init__(stage, engine, number)
        self._bus = UsbBus()
        self._gadget = UsbGadget(lambda end: self.stage.attach(end, number), early=True)
        self._usb = UsbLink(self._gadget.vendor, self._gadget.product, backend=self._bus)
        self._bus.plug(self._gadget)

    def open(self) -> int:
        """Find the board on the bus and claim it."""
        return self._usb.open()

    def vanishes(self) -> None:
        """Pull the board off the bus."""
        self._bus.unplug(self._gadget)

    def returns(self) -> None:
        """Put it on the bus again."""
        self._bus.plug(self._gadget)

    def to_host(self, board: Board) -> None:
        """Serve the engine when the bus has brought all that the board has written."""
        pump = self._usb.pump
        _wait(lambda: pump is None or self._gadget.has_sent_all(pump.counts.bytes_in))
        self._engine.poll()

    def to_board(self, board: Board) -> None:
        """Wait until all that the engine has written has been on the bus."""
        pump = self._usb.pump
        _wait(lambda: pump is None or pump.idle)


CABLES: Final[dict[str, type[Cable]]] = {
    "socket": Cable,
    "terminal": TerminalCable,
    "tcp": TcpCable,
    "usb": UsbCable,
}


def _wait(settled: Callable[[], bool], meanwhile: Callable[[], object] = lambda: None) -> None:
    until = time.monotonic() + HANGS_S
    while not settled():
        assert time.monotonic() < until, "a link keeps what was written to it"
        time.sleep(LOOK_S)
        meanwhile()


def _waiting(descriptor: int) -> int:
    """Return how many bytes wait to be read."""
    count = array.array("i", [0])
    fcntl.ioctl(descriptor, termios.FIONREAD, count)
    return count[0]
