# SPDX-License-Identifier: MIT
"""A tool's session in virtual time: a simulated board, its engine, and those on its lines.

    with simulated_session("Q12", country="uk") as session:
        session.stage.office_set(0)...            # prepare the lines
        verdict = line_test(session, port=0)      # minutes of it in a moment

The board, the link and the engine are those of every other use; only the clock is the stage's.
"""

import select
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from boards_sim.clock import FRAME_MS
from boards_sim.stage import Stage
from drivers.base import BoardState
from drivers.diagnostics.session import Session
from drivers.links import InProcessLink
from drivers.quantum.addresses import linked_board
from dsp.engine import Engine

__all__ = ["SimulatedSession", "simulated_session"]

UP_S: Final = 5.0
STEP_S: Final = FRAME_MS / 1000.0
FRAME_WAIT_S: Final = 1.0
"""How long the kernel may take to pass a frame on: wall time, hardly ever needed."""


class SimulatedSession(Session):
    """A session whose time passes as fast as it is computed."""

    def __init__(self, stage: Stage, engine: Engine, number: int = 0) -> None:
        """Take one of a stage's boards, not yet started."""
        self.stage = stage
        self._number = number
        link = InProcessLink(lambda: stage.descriptor(number))
        kind = stage.boards[number].firmware.identity.profile.name
        super().__init__(linked_board(f"quantum+sim://{kind}", link), engine)
        stage.pumps.append(self._serve_engine)

    def _sleep(self, timeout_s: float) -> None:
        until = self.engine.now + max(timeout_s, STEP_S)
        while self.engine.now < until:
            self.stage.step()
            if self._unread or select.select([self.engine.fileno()], [], [], 0.0)[0]:
                return

    def _serve_engine(self) -> None:
        """Answer the board's frame, or let time pass where it sent none."""
        before = self.engine.now
        self.engine.poll(FRAME_WAIT_S if self._is_streaming else 0.0)
        if self.engine.now == before:
            self.engine.tick()

    @property
    def _is_streaming(self) -> bool:
        board = self.stage.boards[self._number]
        return self.board.state is BoardState.UP and (
            board.firmware.stream is not None and board.wire.is_open
        )


@contextmanager
def simulated_session(profile: str = "Q12", **options: Any) -> Iterator[SimulatedSession]:
    """Start a simulated board, and wait until it is up; the options are those of ``Stage``."""
    stage = Stage((profile,), **options)
    with Engine(threaded=False) as engine:
        session = SimulatedSession(stage, engine)
        session.board.start(engine, engine.now)
        try:
            session.wait_until_up(UP_S)
            yield session
        finally:
            session.board.stop(engine.now)
            stage.close()
