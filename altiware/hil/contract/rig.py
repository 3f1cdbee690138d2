# SPDX-License-Identifier: MIT
"""What the board contract is run on: a board, the engine under it, and the people on its lines."""

import abc
from typing import TypeVar

import pytest

from drivers.actors import Stage
from drivers.base import (
    Board,
    BoardEvent,
    BoardInfo,
    BoardUp,
    Capability,
    LineMeasured,
    OrderDone,
    OrderFailed,
    PortEvent,
    PortKind,
    Ticket,
)
from drivers.errors import NotAvailableError
from drivers.service import Ability
from dsp.engine import Engine
from dsp.events import LinkEvent

EventKind = TypeVar("EventKind", bound=BoardEvent)
EndKind = TypeVar("EndKind", OrderDone, OrderFailed, LineMeasured)
Result = TypeVar("Result")

STEP_S = 0.02
UP_WITHIN_S = 5.0
ENDS = (OrderDone, OrderFailed, LineMeasured)


class BoardRig(abc.ABC):
    """A board, the engine under it, and the people on its lines."""

    def __init__(self, board: Board, engine: Engine, stage: Stage) -> None:
        self.board = board
        self.engine = engine
        self.stage = stage
        self._heard: list[BoardEvent] = []

    @abc.abstractmethod
    def vanishes(self) -> None:
        """Cut the link, and let nobody open it again."""

    @abc.abstractmethod
    def returns(self) -> None:
        """Let the link be opened again."""

    @abc.abstractmethod
    def close(self) -> None:
        """Give everything back."""

    def pump(self) -> None:
        """Do the host's part: links, the engine's events, what is due."""
        self.serve_engine()
        board, now = self.board, self.engine.now
        if board.wants_link:
            try:
                board.link_opened(board.open_link(), now)
            except NotAvailableError as error:
                self._heard += board.link_failed(str(error), now)
        for event in self.engine.events():
            if isinstance(event, LinkEvent) and board.owns_link(event.link):
                self._heard += board.receive(event, now)
        if board.deadline is not None and board.deadline <= now:
            self._heard += board.expire(now)

    def serve_engine(self) -> None:
        """Let a manual engine work: on the board's frames, or in their absence on its own."""
        if self.engine.threaded:
            return
        before = self.engine.now
        self.engine.poll()
        if self.engine.now == before:
            self.engine.tick()

    def comes_up(self, within_s: float = UP_WITHIN_S) -> BoardInfo:
        """Wait until the board is up."""
        return self.reports(BoardUp, within_s=within_s).info

    def reports(
        self, kind: type[EventKind], port: int | None = None, within_s: float = 3.0
    ) -> EventKind:
        """Wait for an event; it and all before it are done with."""
        for _ in range(round(within_s / STEP_S) + 1):
            for place, event in enumerate(self._heard):
                if isinstance(event, kind) and _concerns(event, port):
                    del self._heard[: place + 1]
                    return event
            self.stage.passes(STEP_S)
        raise AssertionError(f"no {kind.__name__} within {within_s} s but {self._heard}")

    def done(self, ticket: Ticket, within_s: float = 3.0) -> OrderDone:
        """Wait for the end of a technician's order, which must be a good one."""
        return self._ended(ticket, OrderDone, within_s)

    def result(self, ticket: Ticket, kind: type[Result], within_s: float = 3.0) -> Result:
        """Wait for what an order comes back with."""
        found = self.done(ticket, within_s).result
        assert isinstance(found, kind), found
        return found

    def failed(self, ticket: Ticket, within_s: float = 3.0) -> str:
        """Wait for an order to fail, and return how."""
        return self._ended(ticket, OrderFailed, within_s).status

    def measured(self, ticket: Ticket, within_s: float = 6.0) -> LineMeasured:
        """Wait for a line test to have measured."""
        return self._ended(ticket, LineMeasured, within_s)

    def _ended(self, ticket: Ticket, kind: type[EndKind], within_s: float) -> EndKind:
        """Wait for the one event that ends an order; the others are left where they are."""
        for _ in range(round(within_s / STEP_S) + 1):
            for place, event in enumerate(self._heard):
                if isinstance(event, ENDS) and event.ticket == ticket:
                    assert isinstance(event, kind), event
                    del self._heard[place]
                    return event
            self.stage.passes(STEP_S)
        raise AssertionError(f"order {ticket} did not end within {within_s} s: {self._heard}")

    def take(self) -> list[BoardEvent]:
        """Return all that was reported and not yet waited for, for a machine that reads it all."""
        heard, self._heard = self._heard, []
        return heard

    def firmware(self, *, works: bool = True) -> bytes:
        """Return a firmware image for this board, of another version than its own.

        One that doesn't ``work`` crashes soon after boot.  Skips where there is none to be had.
        """
        pytest.skip(f"{self.board.address} has no firmware to try{'' if works else ' and fail'}")

    def goes_off_hook(self, port: int) -> None:
        """Seize a line, or call a number where one is taken whole."""
        assert self.board.info
        if Capability.DIALS in self.board.info.ports[port].capabilities:
            self.board.dial(port, "5550123")
        else:
            self.board.seize(port)

    def able(self, ability: Ability) -> None:
        """Skip unless the board promises this."""
        assert self.board.info
        if ability not in self.board.info.abilities:
            pytest.skip(f"{self.board.address} can't {str(ability.name).lower()}")

    def is_silent(self, *kinds: type[BoardEvent]) -> None:
        """Check that nothing such has been reported and not yet waited for."""
        found = [event for event in self._heard if isinstance(event, kinds)]
        assert not found, found

    def port(self, kind: PortKind, *needed: Capability) -> int:
        """Return the first port of a kind that can do so much, or skip the test."""
        assert self.board.info
        for port in self.board.info.ports:
            if port.kind is kind and all(bit in port.capabilities for bit in needed):
                return port.number
        words = ", ".join(str(bit.name) for bit in needed)
        pytest.skip(f"{self.board.address} has no {kind.value} port with {words or 'anything'}")


def _concerns(event: BoardEvent, port: int | None) -> bool:
    return port is None or (isinstance(event, PortEvent) and event.port == port)
