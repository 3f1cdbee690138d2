# SPDX-License-Identifier: MIT
"""Turns the crank of a stage outside of tests: in real time, or in step with its host.

Real time: 200 steps a second.  A step that comes late waits a moment for the host's answer to
the one before, for it is this machine that was slow and not the host.  Lockstep: the next step
as soon as the host has answered the last, which makes virtual time over a real link; while no
samples flow it goes on in real time.
"""

import select
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

from boards_sim.clock import FRAME_MS, Pacer
from boards_sim.control import ControlServer
from boards_sim.stage import Stage

__all__ = ["Door", "Runner"]

ANSWER_S: Final = FRAME_MS / 1000.0
IDLE_S: Final = 0.5
"""How long lockstep waits before it looks whether it should end."""


class Door(Protocol):
    """Where hosts come in: a listening socket, a pseudo terminal."""

    def knocked(self) -> int | None:
        """Return the descriptor of a host that has just come, or None.  Doesn't wait."""

    def descriptors(self) -> list[int]:
        """Return what becomes readable when one comes."""


class Runner:
    """Runs a stage until it is told to stop."""

    def __init__(
        self,
        stage: Stage,
        *,
        control: ControlServer | None = None,
        door: Door | None = None,
        lockstep: bool = False,
    ) -> None:
        self._stage = stage
        self._control = control
        self._door = door
        self._lockstep = lockstep
        self._orders: deque[Callable[[], None]] = deque()
        self._stopped = threading.Event()

    def order(self, what: Callable[[], None]) -> None:
        """Have something done between two steps.  Callable from any thread."""
        self._orders.append(what)

    def stop(self) -> None:
        """Return from ``run`` soon.  Callable from any thread."""
        self._stopped.set()

    def run(self) -> None:
        """Run until stopped."""
        pacer = Pacer(time.monotonic, time.sleep)
        while not self._stopped.is_set():
            self._serve()
            if self._lockstep and self._owing():
                self._wait_for_host(IDLE_S)
                continue
            if not (self._lockstep and self._is_streaming()):
                self._keep_pace(pacer)
            self._stage.serve_links()
            self._stage.step()
            if self._control is not None:
                self._control.advance()

    def _serve(self) -> None:
        """Do everything that takes no stage time."""
        while self._orders:
            self._orders.popleft()()
        if self._door is not None:
            descriptor = self._door.knocked()
            if descriptor is not None:
                self._stage.attach(descriptor)
        if self._control is not None:
            self._control.poll()
        self._stage.serve_links()

    def _keep_pace(self, pacer: Pacer) -> None:
        if pacer.wait():
            return
        if self._owing():
            self._wait_for_host(ANSWER_S)

    def _owing(self) -> bool:
        boards = self._stage.boards
        return any(b.wire.is_open and b.firmware.awaits_answer for b in boards)

    def _is_streaming(self) -> bool:
        boards = self._stage.boards
        return any(b.wire.is_open and b.firmware.stream is not None for b in boards)

    def _wait_for_host(self, timeout_s: float) -> None:
        watched = [b.wire.descriptor for b in self._stage.boards if b.wire.is_open]
        if self._lockstep:
            watched += self._control.descriptors() if self._control is not None else []
            watched += self._door.descriptors() if self._door is not None else []
        select.select(watched, [], [], timeout_s)
