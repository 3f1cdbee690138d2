# SPDX-License-Identifier: MIT
"""Boards of office lines in a process of their own, and a caller on every line, in real time.

``python -m tests.bench.caller_farm BOARDS SECONDS`` prints the addresses as one JSON line; when
every board streams, everybody outside calls in over some seconds.  When all have heard the
attendant it prints "talking", and so many seconds later what they found.

A caller listens, presses one of KEYS while the attendant speaks, waits for silence, and presses
another, upon which the attendant speaks anew.  All is measured where the caller is, in samples of
the boards' own time; lines have hybrids, loss and noise.
"""

import enum
import json
import sys
import time
from typing import Final

import numpy as np

from boards_sim.clock import FRAME, Pacer
from boards_sim.doors import TcpDoor
from boards_sim.ear import Ear
from boards_sim.firmware.reference import ReferenceFirmware
from boards_sim.loop import CLEAN
from boards_sim.mouth import dtmf
from boards_sim.office import SEIZED_MA, OfficeSet
from boards_sim.stage import Stage
from drivers.qhi.numbers import Counter
from tests.bench.pattern_board import Samples

PORTS: Final = 12
FRAMES_S: Final = 200
UP_S: Final = 40.0
ARRIVING_S: Final = 4.0
"""All calls come within this time."""
KEYS: Final = "234567890"
"""1 begins the only extension."""
PRESSED_MS: Final = (50, 120)
SPOKEN: Final = 100
"""-46 dBm0: the line's noise is 30 dB below, the attendant above at every moment."""
LISTENS_S: Final = (0.5, 2.5)
RESTS_S: Final = 1.0
DEAF_S: Final = 0.5
"""A key that has had no effect after this was missed, and is pressed again."""


class Deaf(Ear):
    """The ear of somebody whom another ear looks after."""

    def __init__(self) -> None:
        super().__init__(())

    def hear(self, samples: Samples) -> None:
        """Keep nothing."""


class CallerState(enum.Enum):
    """What a caller is doing."""

    AWAY = "away"
    CALLING = "hearing ringback"
    GREETED = "waiting for the first word"
    LISTENING = "listening"
    PRESSED = "waiting for silence"
    RESTING = "being silent"
    BACK = "waiting to be spoken to"


S = CallerState


class Caller:
    """Somebody outside, on an office line."""

    def __init__(self, office: OfficeSet, arrives: int, rng: np.random.Generator) -> None:
        office.ear = Deaf()
        self.office = office
        self.state = S.AWAY
        self.starts: list[int] = []
        "From answer to the attendant's first sample."
        self.stops: list[int] = []
        "From a key's first sample to the attendant's last."
        self.returns: list[int] = []
        "From a key's first sample to the attendant's first."
        self.missed = 0
        self._rng = rng
        self._since = 0
        "The sample from which is measured."
        self._last = 0
        "The sample after the latest that was spoken."
        self._due = arrives

    def takes(self, frame: int, loud: np.ndarray) -> None:
        """Take which samples of a frame were spoken, and do what is due before the next."""
        spoken = np.flatnonzero(loud)
        if len(spoken):
            self._hear(frame * FRAME + int(spoken[0]))
            self._last = frame * FRAME + int(spoken[-1]) + 1
        if self.state is S.CALLING and abs(self.office.loop.reading.milliamps) >= SEIZED_MA:
            self.state, self._since = S.GREETED, frame * FRAME
        elif frame >= self._due:
            self._act(frame + 1)

    def _hear(self, sample: int) -> None:
        if self.state is S.GREETED:
            self.starts.append(sample - self._since)
        elif self.state is S.BACK:
            self.returns.append(sample - self._since)
        else:
            return
        self.state = S.LISTENING
        self._due = sample // FRAME + round(self._rng.uniform(*LISTENS_S) * FRAMES_S)

    def _act(self, frame: int) -> None:
        match self.state:
            case S.AWAY:
                next(self.office.calls_in("2125550123"), None)
                self.state = S.CALLING
            case S.LISTENING:
                self._press(frame, S.PRESSED)
            case S.PRESSED if self._last > (frame - 2) * FRAME:
                self.missed += 1
                self._press(frame, S.PRESSED)
            case S.PRESSED:
                self.stops.append(max(self._last - self._since, 0))
                self.state, self._due = S.RESTING, frame + round(RESTS_S * FRAMES_S)
            case S.RESTING:
                self._press(frame, S.BACK)
            case S.BACK:
                self.missed += 1
                self._press(frame, S.BACK)

    def _press(self, frame: int, state: CallerState) -> None:
        key, lasts_ms = self._rng.choice(list(KEYS)), int(self._rng.integers(*PRESSED_MS))
        self.office.mouth.say(dtmf(key, lasts_ms))
        self.state, self._since = state, frame * FRAME
        self._due = frame + round(DEAF_S * FRAMES_S)


class Farm:
    """Boards, and a caller on every office line; the telephones on the last board rest."""

    def __init__(self, count: int) -> None:
        kinds = (*("Q12T",) * count, "Q12S")
        self.stage = Stage(kinds, line=CLEAN, firmware=ReferenceFirmware)
        rng = np.random.default_rng(5)
        self.callers = [
            Caller(self.stage.office_set(port, board), int(arrives), rng)
            for (board, port), arrives in zip(
                np.ndindex(count, PORTS),
                rng.uniform(0, ARRIVING_S * FRAMES_S, count * PORTS),
                strict=True,
            )
        ]
        self.late = 0
        "Frames that did not begin when they were due: we, or the machine, are too slow."

    @property
    def streaming(self) -> bool:
        """Whether every board streams."""
        return all(board.firmware.stream is not None for board in self.stage.boards)

    @property
    def greeted(self) -> bool:
        """Whether everybody has been spoken to."""
        return all(caller.starts for caller in self.callers)

    def step(self, pacer: Pacer) -> None:
        """Let 5 ms pass in real time."""
        self.late += not pacer.wait()
        self.stage.serve_links()
        self.stage.step()

    def call(self, frame: int) -> None:
        """Let everybody take what he has heard in a frame."""
        for number, board in enumerate(self.stage.boards):
            loud = np.abs(board.lines.heard.astype(np.int32)) > SPOKEN
            for caller, row in zip(self.callers[number * PORTS :], loud, strict=False):
                caller.takes(frame, row)

    def underruns(self) -> int:
        """Return the frames that a board had nothing to play for, all boards together."""
        firmware = [board.firmware for board in self.stage.boards]
        return sum(
            each.counters()[Counter.UNDERRUNS]
            for each in firmware
            if isinstance(each, ReferenceFirmware)
        )

    def result(self) -> dict[str, object]:
        """Return what everybody has found."""
        return {
            "starts": [n for caller in self.callers for n in caller.starts],
            "stops": [n for caller in self.callers for n in caller.stops],
            "returns": [n for caller in self.callers for n in caller.returns],
            "missed": sum(caller.missed for caller in self.callers),
        }


def _wait_for_hosts(farm: Farm, doors: list[TcpDoor], pacer: Pacer) -> None:
    until = time.monotonic() + UP_S
    while not farm.streaming:
        assert time.monotonic() < until, "the boards have no host"
        for number, door in enumerate(doors):
            descriptor = door.knocked()
            if descriptor is not None:
                farm.stage.attach(descriptor, number)
        farm.step(pacer)


def _tell(what: object) -> None:
    print(json.dumps(what), flush=True)  # noqa: T201


def main(count: int, seconds: float) -> None:
    """Serve one host, then say what was found."""
    farm = Farm(count)
    doors = [TcpDoor(0) for _ in farm.stage.boards]
    _tell([door.address for door in doors])
    pacer = Pacer(time.monotonic, time.sleep)
    _wait_for_hosts(farm, doors, pacer)
    frame, last, counted = 0, None, (0, 0)
    while last is None or frame < last:
        farm.step(pacer)
        farm.call(frame)
        frame += 1
        assert last is not None or frame < UP_S * FRAMES_S, [each.state for each in farm.callers]
        if last is None and farm.greeted:
            _tell("talking")
            last, counted = frame + round(seconds * FRAMES_S), (farm.late, farm.underruns())
    spent = {"late": farm.late - counted[0], "underruns": farm.underruns() - counted[1]}
    _tell({**farm.result(), **spent, "cpu_s": time.process_time()})
    sys.stdin.readline()  # the host takes its figures first


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
