# SPDX-License-Identifier: MIT
"""One board for tools: open it by its address and read what it reports.

``with open_session("quantum+serial:///dev/ttyACM0") as session: session.wait_until_up(5.0)``.
It makes no calls, and waits for the board in the caller's thread; the PBX doesn't use it.
A diagnosis is a function that takes a session: what it does in real time on a real board it
does in virtual time on a simulated one (``boards_sim.session``), line for line.
"""

import select
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from drivers.base import Board, BoardEvent, BoardInfo, BoardLost, BoardState
from drivers.errors import BoardTimeoutError, NotAvailableError
from drivers.registry import board as board_at
from dsp.engine import Engine
from dsp.events import EngineEvent, LinkEvent

__all__ = ["Session", "open_session"]

Happening = BoardEvent | EngineEvent
"""What a session reports: the board's events, and the engine's that are not of a link."""

H = TypeVar("H", bound=BoardEvent | EngineEvent)


class Session:
    """Keeps one board's link open and passes its events on."""

    def __init__(self, board: Board, engine: Engine) -> None:
        self.board = board
        self.engine = engine
        self._unread: list[Happening] = []

    def wait_until_up(self, timeout_s: float) -> BoardInfo:
        """Wait until the board has said who it is.

        Raises:
            NotAvailableError: there is nothing at its address.
            BoardTimeoutError: something is there, but it doesn't answer as a board.
        """
        until, lost = self.engine.now + timeout_s, None
        while self.board.state is not BoardState.UP or self.board.info is None:
            if self.engine.now >= until:
                raise BoardTimeoutError(f"{self.board.address}: {_why_not_up(lost, timeout_s)}")
            if self.board.wants_link:
                self.board.link_opened(self.board.open_link(), self.engine.now)
            for happening in self.happenings(until - self.engine.now):
                lost = happening if isinstance(happening, BoardLost) else lost
        return self.board.info

    def expect(self, kind: type[H], port: int | None = None, *, within_s: float) -> H:
        """Wait for one event of a kind, of a port if named, and return it; others pass by.

        ``port`` is the board's for a board's event, the engine's for an engine's.

        Raises:
            BoardTimeoutError: it didn't come.
        """
        until = self.engine.now + within_s
        while (left := until - self.engine.now) > 0:
            found = self.happenings(left)
            for place, happening in enumerate(found):
                if isinstance(happening, kind) and port in (None, getattr(happening, "port", None)):
                    self._unread = found[place + 1 :] + self._unread
                    return happening
        where = "" if port is None else f" on port {port}"
        raise BoardTimeoutError(
            f"{self.board.address}: no {kind.__name__}{where} within {within_s:g} s"
        )

    def passes(self, seconds: float) -> list[Happening]:
        """Let time pass, and return all that happened meanwhile."""
        until = self.engine.now + seconds
        found: list[Happening] = []
        while (left := until - self.engine.now) > 0:
            found += self.happenings(left)
        return found

    def happenings(self, timeout_s: float) -> list[Happening]:
        """Wait at most ``timeout_s`` for something to happen and return all that has."""
        if not self._unread:
            self._wait(timeout_s)
        return self.take()

    def take(self) -> list[Happening]:
        """Return what has been kept for ``happenings``, without waiting."""
        found, self._unread = self._unread, []
        return found

    def serve(self) -> None:
        """Take what has happened, without waiting, and keep it for ``happenings``.

        For whoever serves several sessions, while another one is waited for.
        """
        if self.board.wants_link:
            self._unread += self._reopen()
        for event in self.engine.events():
            self._unread += self._sort(event)
        now = self.engine.now
        if self.board.deadline is not None and now >= self.board.deadline:
            self._unread += self.board.expire(now)

    def _wait(self, timeout_s: float) -> None:
        if self.board.wants_link:
            self._unread += self._reopen()
        due = self.board.deadline
        if due is not None:
            timeout_s = min(timeout_s, due - self.engine.now)
        self._sleep(max(timeout_s, 0.0))
        self.serve()

    def _sleep(self, timeout_s: float) -> None:
        """Wait until the engine has something to say, at most so long."""
        select.select([self.engine.fileno()], [], [], timeout_s)

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


def _why_not_up(lost: BoardLost | None, waited_s: float) -> str:
    """Say what the driver has said last of why there is no board."""
    if lost is None:
        return f"no board answered in {waited_s:g} s"
    why = f"{lost.detail} ({lost.reason.value})" if lost.detail else lost.reason.value
    return f"not up in {waited_s:g} s: {why}"


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
