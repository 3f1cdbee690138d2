# SPDX-License-Identifier: MIT
"""A simulated Q12S in real time, all of whose telephones are lifted in the same frame.

``python -m tests.bench.lifting_board ROUNDS`` prints its address as one JSON line, and after
all rounds the milliseconds that each telephone waited for dial tone as another.  A frame lasts
5 ms, which is the resolution of the figures.
"""

import json
import sys
from typing import Final

import numpy as np
import numpy.typing as npt

from boards_sim.clock import FRAME_MS
from boards_sim.doors import TcpDoor
from boards_sim.loop import Load
from boards_sim.phone import LIFTED, RESTING
from boards_sim.runner import Runner
from boards_sim.stage import Stage

PORTS: Final = 12
REST_FRAMES: Final = 500
"""Longer than a hook flash may be, so that it was a hang-up."""
LISTEN_FRAMES: Final = 200
LOUD: Final = 500
"""-32 dBm0: dial tone is about 18 dB louder, noise and echo are far below."""


class Rounds:
    """Rest, lift all, listen, replace all; and again."""

    def __init__(self, stage: Stage, runner: Runner, rounds: int) -> None:
        self._stage = stage
        self._runner = runner
        self._left = rounds
        self._frame = 0
        self._waiting: set[int] = set()
        self.waited_ms: list[float] = []

    def step(self) -> None:
        """Take one frame (called while the board waits for its answer)."""
        board = self._stage.boards[0]
        if board.firmware.stream is None:
            return
        self._frame += 1
        if self._frame == REST_FRAMES:
            self._lift(LIFTED)
            self._waiting = set(range(PORTS))
        elif self._frame == REST_FRAMES + LISTEN_FRAMES:
            self.waited_ms += [float(LISTEN_FRAMES * FRAME_MS) for _ in self._waiting]
            self._lift(RESTING)
            self._frame = 0
            self._left -= 1
            if self._left == 0:
                self._runner.stop()
        elif self._frame > REST_FRAMES:
            self._listen(board.lines.heard)

    def _listen(self, heard: npt.NDArray[np.int16]) -> None:
        loud = {port for port in self._waiting if int(np.abs(heard[port]).max()) > LOUD}
        self.waited_ms += [float((self._frame - REST_FRAMES) * FRAME_MS) for _ in loud]
        self._waiting -= loud

    def _lift(self, load: Load) -> None:
        for port in range(PORTS):
            self._stage.telephone_set(port).loop.load_with(load)


def main(rounds: int) -> None:
    """Serve one host, then say how long was waited."""
    stage = Stage(("Q12S",))
    door = TcpDoor(0)
    runner = Runner(stage, door=door)
    play = Rounds(stage, runner, rounds)
    stage.pumps.append(play.step)
    print(json.dumps({"address": door.address}), flush=True)  # noqa: T201
    runner.run()
    print(json.dumps(play.waited_ms), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]))
