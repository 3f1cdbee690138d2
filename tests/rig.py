# SPDX-License-Identifier: MIT
"""A whole office in virtual time: simulated board, telephones, central office, engine, exchange.

    with Rig() as rig:
        alice, bob = rig.telephone("101"), rig.telephone("102")
        alice.lifts(); alice.hears("dial"); alice.dials("102"); bob.rings()

Telephones and offices are drivers.actors; what they hear has gone through lines, board, link
and bus, and is recognised by the simulator's own ears.  The board is an object in this process,
or another process at the other end of a pseudo terminal or of TCP.  Leaving the ``with``
asserts that no port, path, call or open record is left.
"""

import enum
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from altiware.blackbox.keeper import Keeper
from altiware.core.ids import PortAddress
from altiware.core.notices import CallClosed, CallOpened, Notice, OrderMissed
from altiware.core.plan import Plan, StationPlan, TrunkPlan
from altiware.core.record import CallRecord
from altiware.exchange import Exchange
from altiware.ports.store import NO_ARCHIVE, Archive
from altiware.ports.voices import NO_SOUNDS, Sounds
from boards_sim.board import Board as SimulatedFirmware
from boards_sim.cellular_module import CELLULAR, CellularModule, ModuleKind, beside_cellular
from boards_sim.remote import RemoteStage
from boards_sim.stage import FirmwareMaker
from boards_sim.stage import Stage as LocalStage
from boards_sim.voice_modem import MODEM, ModemKind, beside
from drivers.actors import OfficeLine, Stage, Telephone
from drivers.base import Board, BoardState
from drivers.cellular import CellularModule as CellularBoard
from drivers.errors import NotAvailableError
from drivers.links import InProcessLink
from drivers.quantum.addresses import linked_board
from drivers.registry import board as board_at
from drivers.vmodem import VoiceModem
from dsp.engine import Engine
from tests.cables import Cable
from tests.child import end

__all__ = ["NAMES", "Door", "Rig", "modem_plan", "quantum_plan"]

NAMES: Final = ("Alice", "Bob", "Carol", "Dave", "Erin", "Frank", "Grace", "Heidi")
MORNING: Final = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
UP_WALL_S: Final = 20.0
FRAME_WAIT_S: Final = 0.01
PATIENCE: Final = 10
"""Frames that a board may fail to send before the engine ticks without them."""


class Door(enum.Enum):
    """Where the board is."""

    HERE = "in process"
    PTY = "--pty"
    TCP = "--tcp=0"


def quantum_plan(country: str = "us", **trunk: Any) -> Plan:
    """Return an office on one Q12: trunks on ports 0-3, 101 to 108 on ports 4-11."""
    return Plan(
        country=country,
        trunks=tuple(TrunkPlan(PortAddress(0, port), **trunk) for port in range(4)),
        stations=tuple(
            StationPlan(str(101 + index), PortAddress(0, 4 + index), name)
            for index, name in enumerate(NAMES)
        ),
    )


def modem_plan(*more: TrunkPlan) -> Plan:
    """Return an office whose first trunk is a modem, on board 1."""
    trunks = (TrunkPlan(PortAddress(1, 0)), *more)
    return Plan(country="us", trunks=trunks, stations=quantum_plan().stations)


class Rig:
    """An office on one simulated Q12."""

    def __init__(
        self,
        plan: Plan | None = None,
        door: Door = Door.HERE,
        *,
        echo_tail_ms: int = 32,
        modem: ModemKind | ModuleKind | None = None,
        cable: type[Cable] = Cable,
        firmware: FirmwareMaker = SimulatedFirmware,
        blackbox: Keeper | None = None,
        sounds: Sounds = NO_SOUNDS,
        archive: Archive = NO_ARCHIVE,
    ) -> None:
        """Build the office; ``modem``: another line, board 1, behind a modem or cellular module.

        ``cable`` and ``firmware`` are the board's own where it is in this process.
        """
        self.plan = plan or quantum_plan()
        self.engine = Engine(
            threaded=False, echo_delay_ms=250 if modem else 0, keep_ports=24 if blackbox else 0
        )
        self.notices: list[Notice] = []
        self._stack = ExitStack()
        self._stack.callback(self.engine.close)
        self._tells_time = isinstance(modem, ModuleKind)
        "A module's batches of 20 ms want elastic stores, and these a time."
        self.stage: Stage
        self.boards: list[Board] = []
        self._cables: list[Cable] = []
        self._still = 0
        self.served: list[Callable[[], object]] = []
        "Called when the engine has worked, and nobody has read yet what it reports."
        self.ordered: list[Callable[[], object]] = []
        "Called when all is ordered, and no board has read yet what that sends."
        if door is Door.HERE:
            self._build_here(modem, cable, firmware)
        else:
            self._build_elsewhere(door)
        self.exchange = Exchange(
            self.plan,
            self.engine,
            self.boards,
            wall=lambda: MORNING + timedelta(seconds=self.engine.now),
            echo_tail_ms=echo_tail_ms,
            blackbox=blackbox,
            sounds=sounds,
            archive=archive,
        )
        self._stack.callback(self.exchange.stop)
        self.exchange.subscribe(self.notices.append)
        self.exchange.start()
        self._come_up()

    def _build_here(
        self, modem: ModemKind | ModuleKind | None, cable: type[Cable], firmware: FirmwareMaker
    ) -> None:
        country = self.plan.country
        if modem is None:
            stage = LocalStage(("Q12",), country=country, firmware=firmware)
        elif isinstance(modem, ModuleKind):
            made = beside_cellular(modem)
            stage = LocalStage(("Q12", CELLULAR), country=country, firmware=made)
        else:
            stage = LocalStage(("Q12", MODEM), country=country, firmware=beside(modem, firmware))
        self._cables.append(cable(stage, self.engine))
        link = InProcessLink(self._cables[0].open)
        self.boards.append(linked_board("quantum+sim://Q12", link))
        if isinstance(modem, ModuleKind):
            self._add_module(stage)
        elif modem is not None:
            self._cables.append(Cable(stage, self.engine, 1))
            link = InProcessLink(self._cables[1].open)
            self.boards.append(VoiceModem("vmodem:///dev/ttyACM0", link))
        stage.pumps.append(self.pump)
        self._stack.callback(stage.close)
        self.stage = stage

    def _add_module(self, stage: LocalStage) -> None:
        module = stage.boards[1].firmware
        assert isinstance(module, CellularModule)
        self._cables.append(Cable(stage, self.engine, 1))
        at = InProcessLink(self._cables[1].open)
        audio = InProcessLink(module.audio_descriptor)
        self._stack.callback(module.audio.close)
        self.boards.append(CellularBoard("cellular:///dev/ttyUSB2?audio=/dev/ttyUSB1", at, audio))

    @property
    def board(self) -> Board:
        """The first board."""
        return self.boards[0]

    def _build_elsewhere(self, door: Door) -> None:
        control = Path(self._stack.enter_context(tempfile.TemporaryDirectory())) / "control"
        options = ("--profile=Q12", f"--country={self.plan.country}", "--lockstep")
        command = [sys.executable, "-m", "boards_sim", *options, door.value]
        process = subprocess.Popen(
            [*command, f"--control={control}"], stdout=subprocess.PIPE, text=True
        )
        self._stack.enter_context(process)
        self._stack.callback(end, process)
        assert process.stdout is not None
        self.boards.append(board_at(json.loads(process.stdout.readline())["board"]))
        stage = RemoteStage(control, self.pump)
        self._stack.callback(stage.close)
        self.stage = stage

    def pump(self) -> None:
        """Serve the board's frame, and whatever follows from it."""
        if self._tells_time:
            self.engine.set_time(self.stage.now)
        self.serve_engine()
        for look in self.served:
            look()
        self.exchange.pump()
        for board in self.boards:
            if board.wants_link:
                self._open_link(board)
        for note in self.ordered:
            note()
        for cable, board in zip(self._cables, self.boards, strict=False):
            cable.to_board(board)

    def serve_engine(self) -> None:
        """Let the engine work on what the boards have sent; without that it ticks by itself.

        As in real time: at once while there is no board, or when ten frames have not come.
        """
        if not self._cables:
            self.engine.poll(FRAME_WAIT_S)
            if self.board.state is not BoardState.UP:
                self.engine.tick()
            return
        before = self.engine.now
        for cable, board in zip(self._cables, self.boards, strict=True):
            cable.to_host(board)
        self._still = self._still + 1 if self.engine.now == before else 0
        if self._still > PATIENCE or (self._still and self.board.state is not BoardState.UP):
            self.engine.tick()

    def _open_link(self, board: Board) -> None:
        try:
            descriptor = board.open_link()
        except NotAvailableError as error:
            self.exchange.link_failed(board, str(error))
        else:
            self.exchange.link_opened(board, descriptor)

    def _come_up(self) -> None:
        deadline = time.monotonic() + UP_WALL_S
        while any(board.state is not BoardState.UP for board in self.boards):
            if isinstance(self.stage, LocalStage):
                self.stage.step()
            else:
                self.pump()
            assert time.monotonic() < deadline, self.board.state

    def telephone(self, extension: str) -> Telephone:
        """Return a telephone by its extension."""
        (port,) = (each.port for each in self.plan.stations if each.extension == extension)
        return self.stage.telephone(port.port)

    def office(self, index: int = 0) -> OfficeLine:
        """Return an office line: 0 is the first trunk of the plan."""
        place = self.plan.trunks[index].port
        return self.stage.office(place.port, place.board)

    def passes(self, seconds: float) -> None:
        """Let time pass."""
        self.stage.passes(seconds)

    @property
    def records(self) -> list[CallRecord]:
        """The records of the closed calls."""
        return [each.record for each in self.notices if isinstance(each, CallClosed)]

    def is_clean(self) -> None:
        """Assert that nothing is left of any call, and that no order failed."""
        missed = [each for each in self.notices if isinstance(each, OrderMissed)]
        assert not missed, missed
        opened = [each.record.id for each in self.notices if isinstance(each, CallOpened)]
        assert sorted(opened) == sorted(each.id for each in self.records)
        assert self.exchange.calls() == ()
        ports = self.engine.open_ports()
        built_in = sum(len(board.info.ports) for board in self.boards if board.info)
        assert len(ports) == built_in, "no port is left"
        assert not any(self.engine.sources(port) for port in ports), "nobody hears anything"
        assert not any(self.engine.echo_state(port).tail_ms for port in ports), "all lines rest"

    def close(self) -> None:
        """Switch everything off."""
        self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self.passes(2.5)
                self.is_clean()
        finally:
            self.close()
