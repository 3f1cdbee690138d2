# SPDX-License-Identifier: MIT
"""An order and its answer as one call."""

import pytest

from boards_sim.session import simulated_session
from drivers.base import HookChanged, Ticket
from drivers.diagnostics.asking import ask, perform
from drivers.errors import BoardOperationError, BoardTimeoutError
from drivers.service import BoardMeter, Loopback


def test_an_order_returns_what_it_came_back_with() -> None:
    with simulated_session("Q12") as session:
        assert ask(session, session.board.meter, BoardMeter).celsius == 34.0


def test_another_answer_is_an_error() -> None:
    with simulated_session("Q12") as session, pytest.raises(BoardOperationError, match="Counters"):
        ask(session, session.board.counters, BoardMeter)


def test_a_port_in_use_is_tried_until_its_time_is_over() -> None:
    with simulated_session("Q12") as session:
        session.stage.telephone(4).lifts()
        session.expect(HookChanged, 4, within_s=1.0)
        began = session.engine.now
        with pytest.raises(BoardOperationError, match="port 4: loop back failed: busy"):
            perform(session, lambda: session.board.loop_back(4, Loopback.DIGITAL), within_s=1.0)
        assert 0.8 < session.engine.now - began < 1.2


def test_what_a_board_answers_is_in_the_error() -> None:
    with simulated_session("Q12") as session:
        session.stage.faults().run("dead port 4")
        with pytest.raises(BoardOperationError, match="hw fault"):
            perform(session, lambda: session.board.loop_back(4, Loopback.DIGITAL))


def test_an_order_without_an_answer_ends() -> None:
    with simulated_session("Q12") as session, pytest.raises(BoardTimeoutError, match="no answer"):
        perform(session, lambda: Ticket(-1), within_s=0.5)
