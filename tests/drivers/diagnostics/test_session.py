# SPDX-License-Identifier: MIT
"""A tool's session with one board: up, events, lost and back, and boards that aren't there."""

import os
from collections.abc import Callable, Iterator

import pytest

import drivers.diagnostics.session as module
from drivers.base import (
    Board,
    BoardEvent,
    BoardInfo,
    BoardLost,
    BoardState,
    BoardUp,
    HookChanged,
    LossReason,
)
from drivers.diagnostics.session import Session, open_session
from drivers.errors import AddressError, BoardTimeoutError, NotAvailableError
from dsp.engine import Engine
from dsp.events import LinkEvent

INFO = BoardInfo("Q12", "Q12-260001", "A", "1.0", "QHI 1", ())


class FakeBoard(Board):
    """A board without a link's bytes: it is up when it is greeted, and then says what is due."""

    def __init__(self, opener: Callable[[], int]) -> None:
        super().__init__("fake://board")
        self.opener = opener
        self.answers = True
        self.due: list[BoardEvent] = []

    def start(self, engine: Engine, now: float) -> None:
        self.state = BoardState.WAITING

    def stop(self, now: float) -> None:
        self.state = BoardState.CLOSED

    @property
    def wants_link(self) -> bool:
        return self.state is BoardState.WAITING

    def open_link(self) -> int:
        return self.opener()

    def link_opened(self, descriptor: int, now: float) -> None:
        os.close(descriptor)
        self.state = BoardState.GREETING
        self.deadline = now

    def link_failed(self, detail: str, now: float) -> list[BoardEvent]:
        self.state = BoardState.CLOSED
        return [BoardLost(now, LossReason.REFUSED, detail)]

    def receive(self, event: LinkEvent, now: float) -> list[BoardEvent]:
        return []

    def expire(self, now: float) -> list[BoardEvent]:
        self.deadline = None
        if self.state is BoardState.GREETING and self.answers:
            self.state, self.info = BoardState.UP, INFO
            return [BoardUp(now, INFO)]
        due, self.due = self.due, []
        return due

    def owns_link(self, link: int) -> bool:
        return True

    def timeslot(self, port: int) -> int:
        return port


def link() -> int:
    """Return some descriptor."""
    return os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeBoard]:
    board = FakeBoard(link)
    monkeypatch.setattr(module, "board_at", lambda address: board)
    yield board
    assert board.state is BoardState.CLOSED


def test_a_board_comes_up_and_says_who_it_is(board: FakeBoard) -> None:
    with open_session("fake://board") as session:
        assert session.wait_until_up(5.0) == INFO


def test_what_happens_is_passed_on_when_it_is_due(board: FakeBoard) -> None:
    with open_session("fake://board") as session:
        session.wait_until_up(5.0)
        board.due = [HookChanged(1.0, 4, off_hook=True)]
        board.deadline = session.engine.now + 0.01
        assert until_something(session) == [HookChanged(1.0, 4, off_hook=True)]


def until_something(session: Session) -> list[module.Happening]:
    """Return the first thing that happens."""
    for _ in range(100):
        happened = session.happenings(1.0)
        if happened:
            return happened
    return []


def test_a_board_that_is_lost_is_opened_again(board: FakeBoard) -> None:
    with open_session("fake://board") as session:
        session.wait_until_up(5.0)
        board.state = BoardState.WAITING
        assert [type(each) for each in until_something(session)] == [BoardUp]


def test_a_board_that_is_gone_is_reported(board: FakeBoard) -> None:
    def gone() -> int:
        raise NotAvailableError("unplugged")

    with open_session("fake://board") as session:
        session.wait_until_up(5.0)
        board.opener = gone
        board.state = BoardState.WAITING
        (lost,) = session.happenings(0.01)
        assert isinstance(lost, BoardLost)
        assert lost.detail == "unplugged"


def test_nothing_at_the_address_is_said_at_once(board: FakeBoard) -> None:
    def gone() -> int:
        raise NotAvailableError("no such port")

    board.opener = gone
    with (
        open_session("fake://board") as session,
        pytest.raises(NotAvailableError, match="no such port"),
    ):
        session.wait_until_up(60.0)


def test_something_that_does_not_answer_is_not_waited_for_longer_than_told(
    board: FakeBoard,
) -> None:
    board.answers = False
    with (
        open_session("fake://board") as session,
        pytest.raises(BoardTimeoutError, match="fake://board: no board answered"),
    ):
        session.wait_until_up(0.05)


def test_a_board_that_says_why_it_can_not_be_used_is_quoted(board: FakeBoard) -> None:
    board.answers = False
    board.due = [BoardLost(0.0, LossReason.REFUSED, "the SIM wants its PIN")]
    with (
        open_session("fake://board") as session,
        pytest.raises(
            BoardTimeoutError,
            match=r"fake://board: not up in 0\.05 s: the SIM wants its PIN \(link refused\)",
        ),
    ):
        session.wait_until_up(0.05)


def test_an_address_without_a_driver_is_refused() -> None:
    with pytest.raises(AddressError, match="quantum\\+sim"), open_session("carrier+pigeon://"):
        pass
