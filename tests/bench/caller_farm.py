# SPDX-License-Identifier: MIT
"""Boards of office lines in a process of their own, and a caller on every line, in real time.

``python -m tests.bench.caller_farm BOARDS`` prints the addresses as one JSON line; when every
board streams, everybody outside calls in over some seconds.  When all have heard the attendant it
prints "begins", some seconds later "ends", and what they found.

A caller listens, presses one of KEYS while the attendant speaks, waits for silence, and presses
another, upon which the attendant speaks anew.  All is measured where the caller is, in samples of
the boards' own time; lines have hybrids, loss and noise.
"""

import enum
import json
import sys
import time
from collections.abc import Callable
from typing import Final, Generic, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

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
SECONDS: Final = 15.0
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


class Person(Protocol):
    """Somebody outside, on an office line."""

    def takes(self, frame: int, loud: npt.NDArray[np.bool_]) -> None:
        """Take which samples of a frame were spoken, and do what is due before the next."""


P = TypeVar("P", bound=Person)


class Caller:
    """Somebody who presses keys while the attendant speaks."""

    def __init__(self, office: OfficeSet, arrives: int, rng: np.random.Generator) -> None:
        self.office = office
        self.state = S.AWAY
        self.starts: list[int] = []
        "From answer to the attendant's first sample."
        self.stops: list[int] = []
        "From a key's first sample to the attendant's last."
        self.returns: list[int] = []
        "From a key's first sample to the attendant's first."
        self.missed: list[str] = []
        "What was pressed, for how long, and when in what was said."
        self._rng = rng
        self._since = 0
        "The sample from which is measured."
        self._last = 0
        "The sample after the latest that was spoken."
        self._due = arrives
        self._pressing = ""

    def takes(self, frame: int, loud: npt.NDArray[np.bool_]) -> None:
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
                self.missed.append(self._pressing)
                self._press(frame, S.PRESSED)
            case S.PRESSED:
                self.stops.append(max(self._last - self._since, 0))
                self.state, self._due = S.RESTING, frame + round(RESTS_S * FRAMES_S)
            case S.RESTING:
                self._press(frame, S.BACK)
            case S.BACK:
                self.missed.append(self._pressing)
                self._press(frame, S.BACK)

    def _press(self, frame: int, state: CallerState) -> None:
        key, lasts_ms = self._rng.choice(list(KEYS)), int(self._rng.integers(*PRESSED_MS))
        self.office.mouth.say(dtmf(key, lasts_ms))
        self._pressing = f"{key} of {lasts_ms} ms {state.value}"
        self.state, self._since = state, frame * FRAME
        self._due = frame + round(DEAF_S * FRAMES_S)


class Farm(Generic[P]):
    """Boards, and somebody on every office line; the telephones on the last board rest."""

    def __init__(
        self, count: int, person: Callable[[OfficeSet, int, np.random.Generator], P]
    ) -> None:
        """Build it; ``person`` is given a line, the frame of the call, and chance."""
        kinds = (*("Q12T",) * count, "Q12S")
        self.stage = Stage(kinds, line=CLEAN, firmware=ReferenceFirmware)
        rng = np.random.default_rng(5)
        self.people: list[P] = []
        for board, port in np.ndindex(count, PORTS):
            office = self.stage.office_set(port, board)
            office.ear = Deaf()
            arrives = int(rng.uniform(0, ARRIVING_S * FRAMES_S))
            self.people.append(person(office, arrives, rng))
        self.frame = 0
        self.late = 0
        "Frames that did not begin when they were due: we, or the machine, are too slow."
        self._doors = [TcpDoor(0) for _ in self.stage.boards]
        self._pacer = Pacer(time.monotonic, time.sleep)

    def step(self) -> None:
        """Let 5 ms pass in real time."""
        self.late += not self._pacer.wait()
        self.stage.serve_links()
        self.stage.step()

    def meets_host(self) -> None:
        """Tell where the boards are, and wait until a host has every one."""
        tell([door.address for door in self._doors])
        until = time.monotonic() + UP_S
        while any(board.firmware.stream is None for board in self.stage.boards):
            assert time.monotonic() < until, "the boards have no host"
            for number, door in enumerate(self._doors):
                descriptor = door.knocked()
                if descriptor is not None:
                    self.stage.attach(descriptor, number)
            self.step()

    def lives_until(self, done: Callable[[], bool], within_s: float = UP_S) -> None:
        """Let everybody do what he does until something is so."""
        last = self.frame + round(within_s * FRAMES_S)
        while not done():
            assert self.frame < last, [vars(each) for each in self.people[:3]]
            self.step()
            for number, board in enumerate(self.stage.boards):
                loud = np.abs(board.lines.heard.astype(np.int32)) > SPOKEN
                for person, row in zip(self.people[number * PORTS :], loud, strict=False):
                    person.takes(self.frame, row)
            self.frame += 1

    def underruns(self) -> int:
        """Return the frames that a board had nothing to play for, all boards together."""
        firmware = [board.firmware for board in self.stage.boards]
        return sum(
            each.counters()[Counter.UNDERRUNS]
            for each in firmware
            if isinstance(each, ReferenceFirmware)
        )

    def measures(self, done: Callable[[], bool]) -> dict[str, float]:
        """Let the time pass that is measured; return how long it was, and what was late."""
        begun, late, underruns = self.frame, self.late, self.underruns()
        tell("begins")
        self.lives_until(done)
        tell("ends")
        return {
            "seconds": (self.frame - begun) / FRAMES_S,
            "late": self.late - late,
            "underruns": self.underruns() - underruns,
        }


def tell(what: object) -> None:
    """Print one line for the host."""
    print(json.dumps(what), flush=True)  # noqa: T201


def main(count: int) -> None:
    """Serve one host, then say what was found."""
    farm = Farm(count, Caller)
    farm.meets_host()
    people = farm.people
    farm.lives_until(lambda: all(each.starts for each in people))
    last = farm.frame + round(SECONDS * FRAMES_S)
    measured = farm.measures(lambda: farm.frame >= last)
    found = {
        "starts": [n for each in people for n in each.starts],
        "stops": [n for each in people for n in each.stops],
        "returns": [n for each in people for n in each.returns],
        "missed": [pressing for each in people for pressing in each.missed],
    }
    tell({**found, **measured})
    sys.stdin.readline()  # the host takes its figures first


if __name__ == "__main__":
    main(int(sys.argv[1]))
