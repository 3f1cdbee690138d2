# SPDX-License-Identifier: MIT
"""An order and its answer as one call."""

import pytest

from boards_sim.session import simulated_session
from drivers.base import HookChanged
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


def test_a_board_that_hangs_is_told_of() -> None:
    with simulated_session("Q12") as session:
        session.stage.faults().run("hang")
        with pytest.raises((BoardTimeoutError, BoardOperationError)):
            perform(session, session.board.meter)
