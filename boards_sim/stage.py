# SPDX-License-Identifier: MIT
"""Simulated boards with a telephone or an office on every port, and one clock for all.

    stage = Stage(("Q12",), country="us")
    stage.pumps.append(serve_the_pbx)           # polls its engine, runs its exchange
    board = linked_board(stage.board_address, InProcessLink(stage.descriptor))
    alice = stage.telephone(4)
    alice.lifts(); alice.hears("dial")

Time is virtual: each ``step`` is 5 ms, and the actors' methods step until the thing is done.
``Stage`` is also what the real-time process (__main__.py) and ``quantum+sim://`` (address.py)
turn the crank of.
"""

import itertools
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from boards_sim.actor import Actor, Script, StageClock, pause
from boards_sim.board import Board
from boards_sim.clock import FRAME
from boards_sim.faults import Faults
from boards_sim.firmware.interface import Firmware
from boards_sim.fxs import feed_of
from boards_sim.injection import Injection
from boards_sim.loop import CLEAN, LineNature, Load, Loop
from boards_sim.network import Air, Network
from boards_sim.office import OfficeSet
from boards_sim.patch import Cabling, Patch, PatchEnd
from boards_sim.phone import RESTING, TelephoneSet
from boards_sim.profiles import Profile, profile
from boards_sim.wire import Wire
from boards_sim.wishes import OfficeLine, Telephone, Wish, script_of
from drivers.base import Linefeed, PortKind
from dsp.line import Lines
from dsp.tones import country as country_of

__all__ = ["FirmwareMaker", "SimulatedBoard", "Stage"]

T = TypeVar("T")
WHAT: Final[dict[type[Actor], str]] = {
    TelephoneSet: "a telephone",
    OfficeSet: "an office line",
    PatchEnd: "cabled to another port",
}
FirmwareMaker = Callable[[Profile, Sequence[Loop], Lines, str], Firmware]
"""Called with what kind of board it is, its loops, their voice band, and a serial number."""


@dataclass(frozen=True, slots=True)
class SimulatedBoard:
    """A board, its lines, who is on them, and its link."""

    firmware: Firmware
    lines: Lines
    actors: tuple[Actor, ...]
    wire: Wire
    faults: Faults


class Stage:
    """Boards, telephones and offices in virtual time (implements drivers.actors.SimulatedStage)."""

    def __init__(
        self,
        profiles: Sequence[str | Profile] = ("Q12",),
        *,
        seed: int = 0,
        country: str = "us",
        line: LineNature = CLEAN,
        firmware: FirmwareMaker = Board,
        faults: str = "",
        patches: Sequence[Patch] = (),
    ) -> None:
        """Build the boards; ``faults`` is a script for each of them (faultscript.py).

        ``patches`` are cables between their ports (patch.py).

        Raises:
            ValueError: a profile or the country isn't known, the script or a cable is wrong.
        """
        self.country = country_of(country)
        self.clock = StageClock()
        self.pumps: list[Callable[[], object]] = []
        self._numbers = itertools.count(1)
        self._firmware = firmware
        kinds = [profile(kind) if isinstance(kind, str) else kind for kind in profiles]
        self._cabling = Cabling(patches, kinds, line, self.clock, self.country)
        self.boards = [self._build(i, kind, seed, line) for i, kind in enumerate(kinds)]
        for board in self.boards:
            board.faults.run(faults)

    def _build(self, number: int, kind: Profile, seed: int, nature: LineNature) -> SimulatedBoard:
        lines = Lines(len(kind.ports), frame=FRAME, seed=seed * 1024 + number)
        actors = [
            self._cabling.end(number, port) or self._alone(f"{number}:{port}", kind, what, nature)
            for port, what in enumerate(kind.ports)
        ]
        loops = [actor.loop for actor in actors]
        serial = f"SIM-{kind.name}-{seed:04d}-{number}"[:16]
        firmware = self._firmware(kind, loops, lines, serial)
        wire = Wire(seed * 1024 + number, framed=kind.type != 0)
        faults = Faults(firmware, wire, seed, loops, actors)
        if isinstance(firmware, Board):
            firmware.suffer_from(Injection(faults))
        return SimulatedBoard(firmware, lines, tuple(actors), wire, faults)

    def _alone(self, place: str, kind: Profile, what: PortKind, nature: LineNature) -> Actor:
        """Put somebody at the far end of a line of its own."""
        if kind.radio:
            return Network(f"network {place}", Air(nature), self.clock, self.country)
        rest = feed_of(Linefeed.OPEN)
        if what is PortKind.FXS:
            loop = Loop(nature, rest, RESTING)
            return TelephoneSet(f"telephone {place}", loop, self.clock, self.country)
        return OfficeSet(f"office {place}", Loop(nature, rest, Load()), self.clock, self.country)

    # Time

    @property
    def now(self) -> float:
        """Seconds of the stage's own time."""
        return self.clock.now

    def step(self) -> None:
        """Let 5 ms pass on all boards, and the PBX answer."""
        for board in self.boards:
            for _ in range(board.faults.frames_due):
                self._run_lines(board)
            self._end_frame(board)
        self.clock.frames += 1
        for pump in self.pumps:
            pump()
        self.serve_links()

    def serve_links(self) -> None:
        """Let the boards take what their hosts have sent."""
        for board in self.boards:
            self._take_answers(board)

    def _run_lines(self, board: SimulatedBoard) -> None:
        lines = board.lines
        for port, actor in enumerate(board.actors):
            actor.give(lines.said[port])
        board.firmware.play()
        loud = lines.run()
        for port, actor in enumerate(board.actors):
            actor.get(lines.heard[port], bool(loud >> port & 1))
        board.firmware.capture()

    def _end_frame(self, board: SimulatedBoard) -> None:
        board.faults.step()
        self._write(board)

    @staticmethod
    def _write(board: SimulatedBoard) -> None:
        was_open = board.wire.is_open
        board.wire.write(board.firmware.take_output())
        if was_open and not board.wire.is_open:
            board.firmware.link_closed()

    def _take_answers(self, board: SimulatedBoard) -> None:
        was_open = board.wire.is_open
        data = board.wire.read()
        if data:
            board.firmware.receive(data)
            board.wire.write(board.firmware.take_output())
        elif was_open and not board.wire.is_open:
            board.firmware.link_closed()

    def perform(self, script: Script[T]) -> T:
        """Step until a script is done, and return its result."""
        while True:
            try:
                next(script)
            except StopIteration as done:
                result: T = done.value
                return result
            self.step()

    def passes(self, seconds: float) -> None:
        """Let time pass."""
        self.perform(pause(seconds * 1000))

    # The links

    def descriptor(self, board: int = 0) -> int:
        """Return a fresh host's end of a board's link; the one given before is dead."""
        host, ours = socket.socketpair()
        self.attach(ours.detach(), board)
        return host.detach()

    def attach(self, descriptor: int, board: int = 0) -> None:
        """Give a board the descriptor of its link."""
        self.boards[board].wire.open(descriptor)
        if self.boards[board].wire.is_open:
            self.boards[board].firmware.link_opened()

    @property
    def board_address(self) -> str:
        """What the first board is called; the link comes from ``descriptor``."""
        return f"quantum+sim://{self.boards[0].firmware.identity.profile.name}"

    def close(self) -> None:
        """Switch everything off."""
        for board in self.boards:
            board.wire.close()

    # The actors

    def telephone(self, port: int, board: int = 0) -> Telephone:
        """Return the telephone on an FXS port.

        Raises:
            ValueError: there is none.
        """
        self.telephone_set(port, board)
        return Telephone(self._fulfil, port, board)

    def office(self, port: int, board: int = 0) -> OfficeLine:
        """Return the office line, or the network, on an FXO port.

        Raises:
            ValueError: there is none.
        """
        if not isinstance(self.actor(port, board), Network):
            self.office_set(port, board)
        return OfficeLine(self._fulfil, port, board)

    def _fulfil(self, wish: Wish) -> object:
        return self.perform(script_of(self.actor(wish.port, wish.board), wish))

    def telephone_set(self, port: int, board: int = 0) -> TelephoneSet:
        """Return what stands on an FXS port, with its scripts."""
        actor = self.actor(port, board)
        if isinstance(actor, TelephoneSet):
            return actor
        raise ValueError(f"port {board}:{port} is {WHAT[type(actor)]}, not a telephone")

    def office_set(self, port: int, board: int = 0) -> OfficeSet:
        """Return the office behind an FXO port, with its scripts."""
        actor = self.actor(port, board)
        if isinstance(actor, OfficeSet):
            return actor
        raise ValueError(f"port {board}:{port} is {WHAT[type(actor)]}, not an office line")

    def faults(self, board: int = 0) -> Faults:
        """Return what can be made to go wrong with a board, its link and its lines.

        Raises:
            ValueError: there is no such board.
        """
        self._check_board(board)
        return self.boards[board].faults

    def actor(self, port: int, board: int = 0) -> Actor:
        """Return whoever is on a port.

        Raises:
            ValueError: there is no such port.
        """
        self._check_board(board)
        actors = self.boards[board].actors
        if not 0 <= port < len(actors):
            raise ValueError(f"no port {board}:{port}; there are 0 to {len(actors) - 1}")
        return actors[port]

    def _check_board(self, board: int) -> None:
        if not 0 <= board < len(self.boards):
            raise ValueError(f"no board {board}; there are 0 to {len(self.boards) - 1}")
