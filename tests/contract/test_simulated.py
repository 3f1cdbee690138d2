# SPDX-License-Identifier: MIT
"""The board contract on the simulated board in virtual time, over each kind of link.

All in this process: the links are real (a socket pair, a terminal, a TCP connection), the
board at their other end is an object.
"""

import abc
import os
import socket
import time
from collections.abc import Callable

import pytest

from boards_sim.firmware_slots import Behaviour, simulated_image
from boards_sim.identity import SIMULATED_VENDOR
from boards_sim.profiles import profile
from boards_sim.stage import Stage
from boards_sim.usb_bus import UsbBus, UsbGadget
from drivers.base import BoardLost, BoardState, HookChanged, LossReason, PortKind
from drivers.links import InProcessLink, SerialLink, TcpLink
from drivers.links.usb_port import UsbLink
from drivers.quantum.addresses import linked_board
from dsp.engine import Engine
from tests.contract.board_suite import BoardContract
from tests.contract.rig import BoardRig

Connect = Callable[[Stage], int]
FRAME_WAIT_S = 0.02
NEW_VERSION = 0x0102_0003


def by_socket_pair(stage: Stage) -> int:
    return stage.descriptor()


def by_terminal(stage: Stage) -> int:
    board_end, terminal = os.openpty()
    try:
        opened = SerialLink(os.ttyname(terminal)).open()
    finally:
        os.close(terminal)
    stage.attach(board_end)
    return opened


def by_tcp(stage: Stage) -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        opened = TcpLink("127.0.0.1", server.getsockname()[1]).open()
        accepted, _ = server.accept()
    accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    stage.attach(accepted.detach())
    return opened


class SimulatedRig(BoardRig):
    """A simulated board whose link can be cut."""

    def __init__(self, connect: Connect, stage: Stage) -> None:
        self.simulated = stage
        self._connect = connect
        self._gone = False
        board = linked_board("quantum+sim://Q12", InProcessLink(self._open))
        super().__init__(board, Engine(threaded=False), self.simulated)
        self.board.start(self.engine, self.engine.now)
        self.simulated.pumps.append(self.pump)

    def serve_engine(self) -> None:
        """Wait for the board's frame where the kernel takes its time to pass it on."""
        before = self.engine.now
        self.engine.poll(FRAME_WAIT_S if self.board.state is BoardState.UP else 0.0)
        if self.engine.now == before:
            self.engine.tick()

    def _open(self) -> int:
        if self._gone:
            raise ConnectionRefusedError("unplugged")
        return self._connect(self.simulated)

    def vanishes(self) -> None:
        self._gone = True
        self.simulated.faults().closes()

    def returns(self) -> None:
        self._gone = False

    def close(self) -> None:
        self.engine.close()
        self.simulated.close()

    def firmware(self, *, works: bool = True) -> bytes:
        does = Behaviour.GOOD if works else Behaviour.CRASHES
        return simulated_image(SIMULATED_VENDOR, profile("Q12").type, NEW_VERSION, does)


class SimulatedContract(BoardContract):
    """The contract, and what only a simulated board can be made to suffer."""

    @staticmethod
    @abc.abstractmethod
    def connect(stage: Stage) -> int:
        """Return the host's end of a fresh link to the stage's board."""

    def make_rig(self) -> BoardRig:
        return SimulatedRig(self.connect, Stage(("Q12",)))

    @pytest.fixture
    def simulated(self, up: BoardRig) -> Stage:
        assert isinstance(up, SimulatedRig)
        return up.simulated

    def test_a_board_that_falls_silent_has_stalled(self, up: BoardRig, simulated: Stage) -> None:
        simulated.faults().stalls(1.0)
        assert up.reports(BoardLost, within_s=1.0).reason is LossReason.STALLED
        up.comes_up(within_s=10.0)

    def test_garbage_is_a_lost_board(self, up: BoardRig, simulated: Stage) -> None:
        simulated.faults().sends_garbage(0.5)
        assert up.reports(BoardLost, within_s=1.0).reason is LossReason.GARBAGE
        up.comes_up(within_s=10.0)

    def test_a_reboot_is_told_as_such(self, up: BoardRig, simulated: Stage) -> None:
        simulated.faults().reboots()
        assert up.reports(BoardLost, within_s=2.0).reason is LossReason.REBOOTED
        up.comes_up(within_s=10.0)

    def test_hook_changes_while_the_line_is_mute_are_found_afterwards(
        self, up: BoardRig, simulated: Stage
    ) -> None:
        station = up.port(PortKind.FXS)
        simulated.faults().stalls(0.3)
        simulated.telephone(station).lifts()
        assert up.reports(HookChanged, station, within_s=2.0).off_hook
        up.is_silent(BoardLost)


class TestInProcess(SimulatedContract):
    connect = staticmethod(by_socket_pair)


class TestTerminal(SimulatedContract):
    connect = staticmethod(by_terminal)


class TestTcp(SimulatedContract):
    connect = staticmethod(by_tcp)


class UsbRig(SimulatedRig):
    """A board on a simulated bus: threads carry its bytes, so virtual time waits for them."""

    def __init__(self) -> None:
        self._bus = UsbBus()
        self._gadget = UsbGadget(self._attach, early=True)
        self._link = UsbLink(self._gadget.vendor, self._gadget.product, backend=self._bus)
        self._bus.plug(self._gadget)
        super().__init__(self._plug_in, Stage(("Q12",)))

    def _plug_in(self, stage: Stage) -> int:
        return self._link.open()

    def _attach(self, descriptor: int) -> None:
        self.simulated.attach(descriptor)

    def pump(self) -> None:
        self._settles()
        super().pump()
        self._settles()

    def _settles(self) -> None:
        until = time.monotonic() + FRAME_WAIT_S
        while not self._is_settled() and time.monotonic() < until:
            os.sched_yield()

    def _is_settled(self) -> bool:
        pump = self._link.pump
        return pump is None or (pump.idle and self._gadget.has_sent_all(pump.counts.bytes_in))

    def vanishes(self) -> None:
        self._bus.unplug(self._gadget)

    def returns(self) -> None:
        self._bus.plug(self._gadget)


class TestUsb(SimulatedContract):
    connect = staticmethod(by_socket_pair)

    def make_rig(self) -> BoardRig:
        return UsbRig()
