# SPDX-License-Identifier: MIT
"""Many boards in a process of their own, all their telephones lifted and talking, in real time.

``python -m tests.bench.board_farm BOARDS pty|tcp|usb SECONDS [SOCKET]``: prints the addresses as
one JSON line; when every board streams, speaks for so many seconds and prints what was found.
On telephone 0 of the first board single samples are said and waited for on telephone 1: one-way
delays, in samples.  *usb*: the ends of the links come as descriptors over the socket.
"""

import dataclasses
import json
import socket
import sys
import time
from collections.abc import Sequence
from typing import Final

import numpy as np

from boards_sim.clock import FRAME, Pacer
from boards_sim.doors import PtyDoor, TcpDoor
from boards_sim.firmware.reference import ReferenceFirmware
from boards_sim.loop import DIGITAL
from boards_sim.runner import Door
from boards_sim.stage import Stage
from tests.bench.pattern_board import IMPULSE, IMPULSE_EVERY, Impulses, Samples, _Silent

PORTS: Final = 12
EVERY: Final = FRAME * IMPULSE_EVERY
SETTLE_S: Final = 2.0
LEVEL: Final = 1000
VARIETY: Final = 997
"""Frames of noise that are said over and over: prime against everything else."""


class Clicks(Impulses):
    """Impulses that may have been resampled between two clocks on their way."""

    def get(self, frame: int, heard: Samples) -> None:
        loud = np.flatnonzero(heard[1] > IMPULSE // 3)
        if len(loud):
            peak = int(loud[np.argmax(heard[1][loud])])
            self._heard_at.append(frame * FRAME + peak)

    def result(self) -> dict[str, object]:
        """Return delays, and how many impulses a gap has swallowed."""
        after = [min((h - s for h in self._heard_at if h > s), default=None) for s in self._said_at]
        found = [each for each in after[:-1] if each is not None and each < EVERY]
        return {"delays": found, "lost": len(after) - 1 - len(found)}


class Farm:
    """Boards with somebody talking on every port."""

    def __init__(self, count: int) -> None:
        self.stage = Stage(("Q12S",) * count, line=DIGITAL, firmware=ReferenceFirmware)
        rng = np.random.default_rng(3)
        self._noise: Samples = rng.normal(0, LEVEL, (VARIETY, PORTS, FRAME)).astype(np.int16)
        self.impulses = Clicks()
        self.underruns = 0
        for number, board in enumerate(self.stage.boards):
            for port in range(PORTS):
                self.stage.telephone(port, number).lifts()
            quiet = tuple(_Silent(actor) for actor in board.actors)
            self.stage.boards[number] = dataclasses.replace(board, actors=quiet)  # type: ignore[arg-type]

    @property
    def streaming(self) -> bool:
        """Whether every board streams."""
        return all(board.firmware.stream is not None for board in self.stage.boards)

    def talk(self, frame: int) -> None:
        """Take what was heard in the last frame and say the next."""
        first = self.stage.boards[0].lines
        self.impulses.get(frame - 1, first.heard)
        for number, board in enumerate(self.stage.boards):
            board.lines.said[:] = self._noise[(frame + 31 * number) % VARIETY]
        first.said[:2] = 0
        line: Samples = np.zeros((2, FRAME), np.int16)
        self.impulses.give(frame, line)
        first.said[:2] = line

    def step(self, pacer: Pacer) -> None:
        """Let 5 ms pass in real time."""
        pacer.wait()
        self.stage.serve_links()
        self.stage.step()


def _doors(count: int, way: str) -> list[Door]:
    return [PtyDoor() if way == "pty" else TcpDoor(0) for _ in range(count)]


def _wait_for_hosts(farm: Farm, doors: Sequence[Door], pacer: Pacer) -> None:
    while not farm.streaming:
        for number, door in enumerate(doors):
            descriptor = door.knocked()
            if descriptor is not None:
                farm.stage.attach(descriptor, number)
        farm.step(pacer)


def _take_ends(farm: Farm, path: str) -> None:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        for number in range(len(farm.stage.boards)):
            _, (descriptor,), _, _ = socket.recv_fds(connection, 1, 1)
            farm.stage.attach(descriptor, number)
            connection.send(b"1")


def main(count: int, way: str, seconds: float, path: str = "") -> None:
    """Serve one host, then say what was found."""
    farm = Farm(count)
    pacer = Pacer(time.monotonic, time.sleep)
    doors = [] if way == "usb" else _doors(count, way)
    addresses = [door.address for door in doors]  # type: ignore[attr-defined]
    print(json.dumps(addresses), flush=True)  # noqa: T201
    if way == "usb":
        _take_ends(farm, path)
    _wait_for_hosts(farm, doors, pacer)
    for frame in range(round((SETTLE_S + seconds) * 200)):
        if frame == round(SETTLE_S * 200):
            print(json.dumps("talking"), flush=True)  # noqa: T201
        farm.talk(frame)
        farm.step(pacer)
    print(json.dumps(farm.impulses.result()), flush=True)  # noqa: T201
    sys.stdin.readline()  # the host takes its figures first


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], float(sys.argv[3]), *sys.argv[4:])
