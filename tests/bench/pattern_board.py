# SPDX-License-Identifier: MIT
"""A simulated Q12S in a process of its own, whose telephones speak patterns instead of words.

``python -m tests.bench.pattern_board impulse|noise SECONDS``: prints its address as one JSON
line, lifts all twelve telephones, speaks for so many seconds of its own time, and prints what
was heard as another.  The host connects ports 0-1, 2-3, ...  *impulse*: in real time, one
sample now and then; prints the one-way delays in samples.  *noise*: in lockstep, full-scale
pseudo-random samples; prints how many came back wrong.
"""

import dataclasses
import json
import sys
from collections.abc import Callable
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from boards_sim.board import Board
from boards_sim.doors import PtyDoor
from boards_sim.loop import DIGITAL
from boards_sim.runner import Runner
from boards_sim.stage import Stage

Samples = npt.NDArray[np.int16]

FRAME: Final = 40
SETTLE_FRAMES: Final = 200
"""One second for hook-switches, greeting and connections."""
IMPULSE_EVERY: Final = 37
"""Frames: prime, so that impulses drift through whatever else has a rhythm."""
IMPULSE: Final = 16000


class Talker(Protocol):
    """What speaks and hears on the twelve lines, a frame of all at a time."""

    def give(self, frame: int, said: Samples) -> None:
        """Fill what is said."""

    def get(self, frame: int, heard: Samples) -> None:
        """Take what is heard."""

    def result(self) -> dict[str, object]:
        """Return what was found."""


class Impulses:
    """Telephone 0 says single samples; telephone 1 waits for them."""

    def __init__(self) -> None:
        self._said_at: list[int] = []
        self._heard_at: list[int] = []

    def give(self, frame: int, said: Samples) -> None:
        said[:] = 0
        if frame % IMPULSE_EVERY == 0:
            offset = frame * 7 % FRAME
            said[0, offset] = IMPULSE
            self._said_at.append(frame * FRAME + offset)

    def get(self, frame: int, heard: Samples) -> None:
        for offset in np.flatnonzero(heard[1] == IMPULSE):
            self._heard_at.append(frame * FRAME + int(offset))

    def result(self) -> dict[str, object]:
        delays = [
            min((h - said for h in self._heard_at if h > said), default=FRAME * IMPULSE_EVERY)
            for said in self._said_at[:-1]
        ]
        return {"delays": delays}


class Noise:
    """Every telephone says noise of its own, and knows what its partner says."""

    LAG_FRAMES: Final = 8

    def __init__(self) -> None:
        self._rng = np.random.default_rng(1)
        self._said: list[Samples] = []
        self._lag: int | None = None
        self.samples = 0
        self.errors = 0

    def give(self, frame: int, said: Samples) -> None:
        said[:] = self._rng.integers(-32768, 32768, said.shape, np.int16)
        self._said.append(said.copy())
        if len(self._said) > self.LAG_FRAMES:
            self._said.pop(0)

    def get(self, frame: int, heard: Samples) -> None:
        partner = np.arange(12) ^ 1
        if self._lag is None:
            lags = range(len(self._said))
            self._lag = next(
                (i for i in lags if np.array_equal(self._said[-1 - i][partner], heard)), None
            )
            return
        self.samples += heard.size
        self.errors += int(np.count_nonzero(self._said[-1 - self._lag][partner] != heard))

    def result(self) -> dict[str, object]:
        return {"samples": self.samples, "errors": self.errors, "lag_frames": self._lag}


def _take_over(stage: Stage, talker: Talker, frames: int, done: Callable[[], None]) -> None:
    """Put the talker in the place of the actors' mouths and ears."""
    board = stage.boards[0]
    begun: list[int] = []

    def play() -> None:
        if board.firmware.stream is None:
            return
        begun.append(stage.clock.frames)
        frame = len(begun) - SETTLE_FRAMES
        if frame == frames:
            done()
        if 0 < frame < frames:
            talker.get(frame - 1, board.lines.heard)
        if 0 <= frame < frames:
            talker.give(frame, board.lines.said)

    stage.pumps.append(play)
    quiet = tuple(_Silent(actor) for actor in board.actors)
    for port in range(12):
        stage.telephone(port).lifts()
    stage.boards[0] = dataclasses.replace(board, actors=quiet)  # type: ignore[arg-type]


class _Silent:
    """An actor that leaves the samples to the talker."""

    def __init__(self, actor: object) -> None:
        self.actor = actor

    def give(self, said: Samples) -> None:
        """Say nothing."""

    def get(self, heard: Samples, loud: bool) -> None:
        """Hear nothing."""


def main(kind: str, seconds: float) -> None:
    """Serve one host, then say what was found."""
    stage = Stage(("Q12S",), line=DIGITAL)
    door = PtyDoor()
    runner = Runner(stage, door=door, lockstep=kind == "noise")
    talker: Talker = Noise() if kind == "noise" else Impulses()
    _take_over(stage, talker, round(seconds * 200), runner.stop)
    print(json.dumps({"address": door.address}), flush=True)  # noqa: T201
    runner.run()
    firmware = stage.boards[0].firmware
    assert isinstance(firmware, Board)
    result = {**talker.result(), "underruns": firmware.timeslots.playout.underruns}
    print(json.dumps(result), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
