# SPDX-License-Identifier: MIT
"""Firmware on a simulated board, to the end of its trial, in virtual time."""

from collections.abc import Iterator

import pytest

from boards_sim.firmware_slots import Behaviour, simulated_image
from boards_sim.identity import SIMULATED_VENDOR
from boards_sim.session import SimulatedSession, simulated_session
from drivers.diagnostics.updating import boot_info, restart, roll_back, update
from drivers.errors import BoardOperationError
from drivers.firmware import Updated, UpdateEvent, UpdateFailed, UpdateProgress, UpdateState

Q12 = 1
NEW = 0x0102_0003


@pytest.fixture
def session() -> Iterator[SimulatedSession]:
    with simulated_session("Q12") as session:
        yield session


def image(does: Behaviour = Behaviour.GOOD, kind: int = Q12) -> bytes:
    return simulated_image(SIMULATED_VENDOR, kind, NEW, does)


def test_a_good_image_is_written_tried_and_confirmed(session: SimulatedSession) -> None:
    told: list[UpdateEvent] = []
    assert update(session, image(), told.append) == Updated(NEW)
    states = [event.state for event in told if isinstance(event, UpdateProgress)]
    steps = [UpdateState.WRITING, UpdateState.VERIFYING, UpdateState.ACTIVATING,
             UpdateState.RETURNING, UpdateState.PROVING]  # fmt: skip
    assert [step for step in steps if step in states] == steps
    assert session.board.info is not None
    assert session.board.info.firmware == "1.2.3"


def test_an_image_that_crashes_is_left_again(session: SimulatedSession) -> None:
    end = update(session, image(Behaviour.CRASHES), lambda _: None)
    assert end == UpdateFailed("the new firmware did not prove itself", rolled_back=True)
    assert boot_info(session).running == 0


def test_an_image_of_another_board_is_refused(session: SimulatedSession) -> None:
    end = update(session, image(kind=4), lambda _: None)
    assert isinstance(end, UpdateFailed)
    assert not end.rolled_back


def test_the_way_back(session: SimulatedSession) -> None:
    update(session, image(), lambda _: None)
    info = roll_back(session)
    assert info.slots[info.running].version == 0x0100_0000


def test_there_is_no_way_back_from_the_factory(session: SimulatedSession) -> None:
    with pytest.raises(BoardOperationError, match="roll"):
        roll_back(session)


def test_a_board_comes_back_from_a_reset(session: SimulatedSession) -> None:
    began = session.engine.now
    restart(session)
    assert 0 < session.engine.now - began < 5
