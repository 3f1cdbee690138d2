# SPDX-License-Identifier: MIT
"""One board in real time, for tools: open it by its address and read what it reports.

``with open_session("quantum+serial:///dev/ttyACM0") as session: session.wait_until_up(5.0)``.
It makes no calls, and waits for the board in the caller's thread; the PBX doesn't use it.
"""

import select
from collections.abc import Iterator
from contextlib import contextmanager

from drivers.base import Board, BoardEvent, BoardInfo, BoardState
from drivers.errors import BoardTimeoutError, NotAvailableError
from drivers.registry import board as board_at
from dsp.engine import Engine
from dsp.events import EngineEvent, LinkEvent

__all__ = ["Session", "open_session"]

Happening = BoardEvent | EngineEvent
"""What a session reports: the board's events, and the engine's that are not of a link."""


class Session:
    """Keeps one board's link open and passes its events on."""

    def __init__(self, board: Board, engine: Engine) -> None:
        self.board = board
        self.engine = engine

    def wait_until_up(self, timeout_s: float) -> BoardInfo:
        """Wait until the board has said who it is.

        Raises:
            NotAvailableError: there is nothing at its address.
            BoardTimeoutError: something is there, but it doesn't answer as a board.
        """
        until = self.engine.now + timeout_s
        while self.board.state is not BoardState.UP or self.board.info is None:
            if self.engine.now >= until:
                raise BoardTimeoutError(f"{self.board.address}: no board answered in {timeout_s} s")
            if self.board.wants_link:
                self.board.link_opened(self.board.open_link(), self.engine.now)
            self.happenings(until - self.engine.now)
        return self.board.info

    def happenings(self, timeout_s: float) -> list[Happening]:
        """Wait at most ``timeout_s`` for something to happen and return all that has."""
        found: list[Happening] = []
        if self.board.wants_link:
            found += self._reopen()
        due = self.board.deadline
        if due is not None:
            timeout_s = min(timeout_s, due - self.engine.now)
        select.select([self.engine.fileno()], [], [], max(timeout_s, 0.0))
        for event in self.engine.events():
            found += self._sort(event)
        now = self.engine.now
        if self.board.deadline is not None and now >= self.board.deadline:
            found += self.board.expire(now)
        return found

    def _sort(self, event: EngineEvent) -> list[Happening]:
        if not isinstance(event, LinkEvent):
            return [event]
        if not self.board.owns_link(event.link):
            return []
        return list(self.board.receive(event, self.engine.now))

    def _reopen(self) -> list[BoardEvent]:
        """Open a link that was lost; what fails is tried again when the board wants it."""
        try:
            self.board.link_opened(self.board.open_link(), self.engine.now)
        except NotAvailableError as error:
            return self.board.link_failed(str(error), self.engine.now)
        return []


@contextmanager
def open_session(address: str) -> Iterator[Session]:
    """Start the board at an address on an engine of its own.

    Raises:
        AddressError: the address names no kind of board.
    """
    board = board_at(address)
    with Engine() as engine:
        board.start(engine, engine.now)
        try:
            yield Session(board, engine)
        finally:
            board.stop(engine.now)
