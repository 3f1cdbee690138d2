# SPDX-License-Identifier: MIT
"""A tool's session in virtual time: the same session, a board whose lines are simulated."""

from collections.abc import Iterator

import pytest

from boards_sim.session import SimulatedSession, simulated_session
from drivers.base import BoardState, BoardUp, HookChanged, RingingChanged
from drivers.errors import BoardTimeoutError
from dsp.engine import Detect
from dsp.events import DigitEnded, DigitHeard


@pytest.fixture
def session() -> Iterator[SimulatedSession]:
    with simulated_session("Q12") as session:
        yield session
    assert session.board.state is BoardState.CLOSED


def test_a_board_is_up_at_once(session: SimulatedSession) -> None:
    assert session.board.info is not None
    assert session.board.info.model == "Q12"


def test_what_people_do_is_reported_in_order(session: SimulatedSession) -> None:
    session.engine.detect(session.board.timeslot(4), Detect.DIGITS)
    phone = session.stage.telephone(4)
    phone.lifts()
    phone.dials("7")
    assert session.expect(HookChanged, 4, within_s=1.0).off_hook
    digit = session.expect(DigitHeard, session.board.timeslot(4), within_s=1.0)
    assert digit.key == "7"
    assert session.expect(DigitEnded, within_s=1.0).at > digit.at


def test_ninety_seconds_pass_in_a_moment(session: SimulatedSession) -> None:
    began = session.engine.now
    session.stage.office(0).calls_in("5551234")
    happened = session.passes(90.0)
    assert session.engine.now - began == pytest.approx(90.0, abs=0.02)
    rings = [each for each in happened if isinstance(each, RingingChanged) and each.ringing]
    assert len(rings) == 15  # one in six seconds
    assert not [each for each in happened if isinstance(each, BoardUp)]


def test_what_does_not_come_is_named(session: SimulatedSession) -> None:
    with pytest.raises(BoardTimeoutError, match=r"no HookChanged on port 5 within 0.5 s"):
        session.expect(HookChanged, 5, within_s=0.5)
