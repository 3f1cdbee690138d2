# SPDX-License-Identifier: MIT
"""A call recorded at the board's end, played again to a board and to a driver, bit for bit."""

from collections.abc import Callable
from pathlib import Path

import pytest

from boards_sim.replay import BoardReplay, recording
from boards_sim.stage import Stage
from drivers.base import BoardEvent, BoardState, HookChanged
from drivers.errors import NotAvailableError
from drivers.links import InProcessLink
from drivers.links.link import Link
from drivers.qht import Qht, Way, read_qht
from drivers.quantum import QuantumBoard
from drivers.record import ReplayLink, session_of
from dsp.engine import Engine
from dsp.events import LinkEvent

PHONE = 4
SESSION = 4711


class Driver:
    """The smallest host: an engine that is polled, and the Quantum driver."""

    def __init__(self, link: Link, session: int = SESSION) -> None:
        self.engine = Engine(threaded=False)
        self.board = QuantumBoard("quantum+sim://Q12", link, lambda: session)
        self.board.start(self.engine, self.engine.now)
        self.heard: list[BoardEvent] = []

    def pump(self) -> None:
        before = self.engine.now
        self.engine.poll()
        if self.engine.now == before:
            self.engine.tick()
        board, now = self.board, self.engine.now
        if board.wants_link:
            try:
                board.link_opened(board.open_link(), now)
            except NotAvailableError:
                return
        for event in self.engine.events():
            if isinstance(event, LinkEvent) and board.owns_link(event.link):
                self.heard += board.receive(event, now)
        if board.deadline is not None and board.deadline <= now:
            self.heard += board.expire(now)


def act(stage: Stage) -> None:
    """Let somebody lift, dial and hang up."""
    stage.passes(1)
    alice = stage.telephone(PHONE)
    alice.lifts()
    alice.dials("102")
    stage.passes(0.5)
    alice.hangs_up()
    stage.passes(2)


@pytest.fixture
def recorded(tmp_path: Path) -> tuple[Qht, list[BoardEvent]]:
    stage = Stage(("Q12",), seed=7)
    driver = Driver(InProcessLink(stage.descriptor))
    stage.pumps.append(driver.pump)
    with recording(stage, tmp_path / "call.qht"):
        act(stage)
    assert driver.board.state is BoardState.UP
    driver.engine.close()
    stage.close()
    return read_qht(tmp_path / "call.qht"), driver.heard


def replayed_to_a_board(record: Qht, seed: int, play: Callable[[Stage], None]) -> BoardReplay:
    stage = Stage(("Q12",), seed=seed)
    replay = BoardReplay(stage, record)
    play(stage)
    replay.close()
    stage.close()
    return replay


def test_a_record_has_all_that_a_call_needs(recorded: tuple[Qht, list[BoardEvent]]) -> None:
    record, heard = recorded
    assert record.note == "quantum+sim://Q12"
    assert record.chunks[0].way is Way.OPENED
    assert session_of(record) == SESSION
    assert len(record.bytes_of(Way.TO_HOST)) > 100_000
    assert [e.off_hook for e in heard if isinstance(e, HookChanged)] == [True, False]


def test_a_board_does_the_same_again_bit_for_bit(recorded: tuple[Qht, list[BoardEvent]]) -> None:
    replay = replayed_to_a_board(recorded[0], 7, act)
    assert replay.is_over
    assert replay.difference is None
    assert replay.compared == sum(c.way is Way.TO_HOST for c in recorded[0].chunks)


def test_another_board_differs_and_it_is_told_where(
    recorded: tuple[Qht, list[BoardEvent]],
) -> None:
    other_noise = replayed_to_a_board(recorded[0], 8, act)
    assert other_noise.difference is not None
    nobody_lifts = replayed_to_a_board(recorded[0], 7, lambda stage: stage.passes(4))
    assert nobody_lifts.difference is not None
    assert nobody_lifts.difference.tick >= 8000


def test_a_driver_says_the_same_again_bit_for_bit(recorded: tuple[Qht, list[BoardEvent]]) -> None:
    record, heard = recorded
    link = ReplayLink(record)
    driver = Driver(link, session_of(record))
    steps = 0
    while not link.is_over and steps < 2000:
        steps += 1
        link.pump()
        driver.pump()
    link.pump()
    assert link.difference is None
    assert link.is_over
    assert link.is_said
    assert [e for e in driver.heard if isinstance(e, HookChanged)] == [
        e for e in heard if isinstance(e, HookChanged)
    ]
    driver.engine.close()
    link.close()


def test_another_session_is_another_driver(recorded: tuple[Qht, list[BoardEvent]]) -> None:
    link = ReplayLink(recorded[0])
    driver = Driver(link, SESSION + 1)
    for _ in range(100):
        link.pump()
        driver.pump()
    assert link.difference is not None
    assert not link.is_said
    driver.engine.close()
    link.close()
