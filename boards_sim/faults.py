# SPDX-License-Identifier: MIT
"""Lets things go wrong with a board, its link and its lines, at a word or by a script.

    stage.faults().run("at 3s drop 2%; at 5s unplug for 2s; leak tip-ground 62k port 4")
    stage.faults().stalls(1.0)

The script's words are in faultscript.py; ``Faults.parse`` only reads them.  The same seed and the
same script make the same faults on every link.  ``log`` tells what happened when, ``counts`` how
many frames were spoiled.
"""

import heapq
import itertools
import random
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from boards_sim import faultscript
from boards_sim.actor import Actor
from boards_sim.board import Board
from boards_sim.clock import FRAME_MS
from boards_sim.faultscript import VERBS, Fault, FaultTextError
from boards_sim.firmware.interface import Firmware
from boards_sim.firmware.reference import ReferenceFirmware
from boards_sim.health import Health
from boards_sim.linefaults import befall, concerns
from boards_sim.loop import Loop
from boards_sim.wire import Wire
from drivers.qhi.numbers import BOARD_PORT, BootReason
from drivers.qhi.pages import PAGE_BYTES
from drivers.qhi.service import Page

__all__ = ["Faults"]

GARBAGE_BYTES: Final = 4096
"""Per frame of 5 ms."""
MILLION: Final = 1_000_000
INSIDE: Final = {"jump", "starve", "dead", "power-alarm", "eeprom-rot", "hang", "storm"}
"""What only the firmware of boards_sim/board.py can be made to do."""

Undo = Callable[[], None]


def _nothing() -> None:
    """Undo nothing."""


class Faults:
    """The faults of one board; the same seed makes the same garbage."""

    def __init__(
        self,
        board: Firmware,
        wire: Wire,
        seed: int,
        loops: Sequence[Loop] = (),
        actors: Sequence[Actor] = (),
    ) -> None:
        self._board = board
        self._wire = wire
        self._loops = loops
        self._actors = actors
        self._random = random.Random(seed)  # noqa: S311 - reproducible, not secret
        self._muted_frames = 0
        self._garbage_frames = 0
        self._storms = 0
        self._ppm = 0.0
        self._behind = 0.0
        self._frames = 0
        self._due: list[tuple[int, int, Undo]] = []
        self._numbers = itertools.count()
        self.log: list[tuple[float, str]] = []
        "Seconds since the stage began, and what happened then."

    # By a script

    @staticmethod
    def parse(text: str) -> tuple[Fault, ...]:
        """Read a script.

        Raises:
            FaultTextError: it is not one; says in which column, and what is allowed there.
        """
        return faultscript.parse(text)

    def run(self, script: str | Sequence[Fault]) -> None:
        """Let the faults of a script happen from now on; those that are due at once, at once.

        Raises:
            FaultTextError: the text is wrong, or names a line that there is not.
        """
        faults = self.parse(script) if isinstance(script, str) else tuple(script)
        for fault in faults:
            self.check(fault)
        for fault in faults:
            self.befalls(fault)
        self._do_what_is_due()

    def befalls(self, fault: Fault) -> Undo:
        """Let one fault happen when its time has come; return what ends it, or prevents it.

        Raises:
            FaultTextError: it names a line that there is not.
        """
        self.check(fault)
        undone: list[Undo] = []
        is_over = False

        def end() -> None:
            nonlocal is_over
            if not is_over and undone:
                self._note(fault, "ends")
                undone[0]()
            is_over = True

        def begin() -> None:
            if is_over:
                return
            self._note(fault, "begins" if fault.for_s is not None else "happens")
            undone.append(self._happen(fault))
            if fault.for_s is not None:
                self._later(fault.for_s, end)

        self._later(fault.at_s, begin)
        return end

    @property
    def counts(self) -> Counter[str]:
        """Frames lost, doubled, spoiled and exchanged so far, both ways."""
        return self._wire.to_host.counts + self._wire.to_board.counts

    @property
    def frames_due(self) -> int:
        """How many frames of its own the board lives through in this one of the stage's: 0-2."""
        inside = self._board.ppm if isinstance(self._board, Board | ReferenceFirmware) else 0.0
        self._behind += 1 + (self._ppm + inside) / MILLION
        due = int(self._behind + 1e-9)
        self._behind -= due
        return due

    def step(self) -> None:
        """Note that a frame of the stage's time has passed."""
        self._frames += 1
        self._do_what_is_due()
        if self._muted_frames:
            self._muted_frames -= 1
            self._wire.muted = self._muted_frames > 0
        if self._storms:
            self._ours.report_states()
        if self._garbage_frames:
            self._garbage_frames -= 1
            self._board.take_output()
            noise = bytes(1 + self._random.getrandbits(7) for _ in range(GARBAGE_BYTES))
            self._wire.write(noise)

    # At a word

    def closes(self) -> None:
        """Unplug the link.  The host may open another."""
        self._wire.close()
        self._board.link_closed()

    def stalls(self, seconds: float) -> None:
        """Let nothing through, in either direction, for a time."""
        self._muted_frames = round(seconds * 1000 / FRAME_MS)
        self._wire.muted = self._muted_frames > 0

    def sends_garbage(self, seconds: float) -> None:
        """Send noise instead of frames for a time."""
        self._garbage_frames = round(seconds * 1000 / FRAME_MS)

    def reboots(self) -> None:
        """Let the board crash and come up again."""
        self._board.reboot(BootReason.FAULT)

    # The script's course

    @property
    def _ours(self) -> Board:
        """The board, whose inside is known."""
        assert isinstance(self._board, Board)
        return self._board

    def check(self, fault: Fault) -> None:
        """See that a fault names a line that there is, and is one that this board can have.

        Raises:
            FaultTextError: it doesn't, or isn't.
        """
        if fault.verb in INSIDE and not isinstance(self._board, Board):
            raise FaultTextError(f"faults: {fault.verb}: not with this board's firmware")
        if fault.port is None:
            return
        last = len(self._board.ports) - 1
        if fault.port > last:
            raise FaultTextError(f"faults: {fault.verb}: port {fault.port}; there are 0 to {last}")
        if VERBS[fault.verb].layer == "line" and not concerns(fault, self._actors[fault.port]):
            raise FaultTextError(f"faults: {fault.verb}: port {fault.port} is no office line")

    def _later(self, seconds: float, what: Callable[[], None]) -> None:
        at = self._frames + round(seconds * 1000 / FRAME_MS)
        heapq.heappush(self._due, (at, next(self._numbers), what))

    def _do_what_is_due(self) -> None:
        while self._due and self._due[0][0] <= self._frames:
            heapq.heappop(self._due)[2]()

    def _note(self, fault: Fault, what: str) -> None:
        words = " ".join([fault.verb, *(f"{value}" for value in fault.values)])
        where = "" if fault.port is None else f" port {fault.port}"
        self.log.append((self._frames * FRAME_MS / 1000.0, f"{words}{where} {what}"))

    def _happen(self, fault: Fault) -> Undo:
        if VERBS[fault.verb].layer == "line":
            return self._on_lines(fault)
        return HAPPENS[fault.verb](self, fault)

    def _on_lines(self, fault: Fault) -> Undo:
        undone = [
            befall(fault, loop, actor)
            for port, (loop, actor) in enumerate(zip(self._loops, self._actors, strict=True))
            if fault.port in {None, port} and concerns(fault, actor)
        ]

        def undo() -> None:
            for each in undone:
                each()

        return undo

    # The wire

    def _share(self, fault: Fault) -> Undo:
        ways = (self._wire.to_host, self._wire.to_board)
        for way in ways:
            way.shares[fault.verb] = float(fault.values[0])

        def undo() -> None:
            for way in ways:
                way.shares.pop(fault.verb, None)

        return undo

    def _stall(self, fault: Fault) -> Undo:
        self._wire.muted = True

        def undo() -> None:
            self._wire.muted = False

        return undo

    def _half_close(self, fault: Fault) -> Undo:
        self._wire.half_close()

        def undo() -> None:
            self._wire.half_closed = False

        return undo

    def _unplug(self, fault: Fault) -> Undo:
        self.closes()
        if fault.for_s is None:
            return _nothing
        self._wire.refuses = True

        def undo() -> None:
            self._wire.refuses = False

        return undo

    def _garbage(self, fault: Fault) -> Undo:
        self._garbage_frames = MILLION

        def undo() -> None:
            self._garbage_frames = 0

        return undo

    # The board

    def _ppm_off(self, fault: Fault) -> Undo:
        if isinstance(self._board, Board):
            return self._crystal_off(self._board.health, float(fault.values[0]))
        before, self._ppm = self._ppm, float(fault.values[0])

        def undo() -> None:
            self._ppm = before

        return undo

    def _crystal_off(self, health: Health, ppm: float) -> Undo:
        before, health.clock_ppm = health.clock_ppm, ppm

        def undo() -> None:
            health.clock_ppm = before

        return undo

    def _jump(self, fault: Fault) -> Undo:
        self._ours.clock.samples += round(float(fault.values[0]) * 8000)
        return _nothing

    def _starve(self, fault: Fault) -> Undo:
        self._ours.ailments.starved = True

        def undo() -> None:
            self._ours.ailments.starved = False

        return undo

    def _dead(self, fault: Fault) -> Undo:
        assert fault.port is not None
        port = fault.port
        self._ours.kill(port, dead=True)
        return lambda: self._ours.kill(port, dead=False)

    def _power_alarm(self, fault: Fault) -> Undo:
        port = BOARD_PORT if fault.port is None else fault.port
        self._ours.raise_alarm(port, on=True)
        return lambda: self._ours.raise_alarm(port, on=False)

    def _eeprom_rot(self, fault: Fault) -> Undo:
        bits = range(PAGE_BYTES * 8)
        turned = self._random.sample(bits, min(len(bits), round(float(fault.values[0]))))

        def turn_over() -> None:
            for bit in turned:
                self._ours.eeprom.rot(Page.FACTORY, bit)

        turn_over()
        return turn_over

    def _hang(self, fault: Fault) -> Undo:
        self._ours.ailments.hung = True

        def undo() -> None:
            self._ours.ailments.hung = False

        return undo

    def _storm(self, fault: Fault) -> Undo:
        self._storms += 1

        def undo() -> None:
            self._storms -= 1

        return undo

    def _reboot(self, fault: Fault) -> Undo:
        self.reboots()
        return _nothing


HAPPENS: Final[dict[str, Callable[[Faults, Fault], Undo]]] = {
    "drop": Faults._share,
    "duplicate": Faults._share,
    "corrupt": Faults._share,
    "reorder": Faults._share,
    "stall": Faults._stall,
    "half-close": Faults._half_close,
    "unplug": Faults._unplug,
    "garbage": Faults._garbage,
    "ppm": Faults._ppm_off,
    "jump": Faults._jump,
    "starve": Faults._starve,
    "dead": Faults._dead,
    "power-alarm": Faults._power_alarm,
    "eeprom-rot": Faults._eeprom_rot,
    "hang": Faults._hang,
    "storm": Faults._storm,
    "reboot": Faults._reboot,
}
"""What wire and board do at each verb; lines are in linefaults.py."""
