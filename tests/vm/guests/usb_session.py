# SPDX-License-Identifier: MIT
"""A session whose time is the board's: an emulated machine is too slow for a clock on the wall.

The kernel's dummy bus moves a transfer when its timer ticks (every 4 ms here), and emulation is
slow besides; a board that waits for its host's answers loses nothing by either.  The driver, pyusb,
libusb and the kernel are as ever; only the engine is served by hand and has no timer of its own.
"""

import select
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from drivers.base import BoardState
from drivers.diagnostics.session import Session
from drivers.registry import board as board_at
from dsp.engine import Engine

__all__ = ["lockstep_session"]

TICK_S: Final = 0.005
FRAME_WAIT_S: Final = 2.0
"""How long a frame may take before time goes on without it."""


class LockstepSession(Session):
    """A session that makes a tick of each frame, and of 5 ms while there are none."""

    def _sleep(self, timeout_s: float) -> None:
        until = self.engine.now + max(timeout_s, TICK_S)
        while self.engine.now < until and not self._has_news:
            self._await_tick()

    def _await_tick(self) -> None:
        before = self.engine.now
        is_streaming = self.board.state is BoardState.UP
        patient_until = time.monotonic() + (FRAME_WAIT_S if is_streaming else TICK_S)
        while self.engine.now == before and not self._has_news:
            left = patient_until - time.monotonic()
            if left <= 0:
                self.engine.tick()
                return
            self.engine.poll(left)

    @property
    def _has_news(self) -> bool:
        return bool(select.select([self.engine.fileno()], [], [], 0)[0])


@contextmanager
def lockstep_session(address: str) -> Iterator[Session]:
    """Start the board at an address, as ``open_session`` does."""
    board = board_at(address)
    with Engine(threaded=False) as engine:
        board.start(engine, engine.now)
        try:
            yield LockstepSession(board, engine)
        finally:
            board.stop(engine.now)
