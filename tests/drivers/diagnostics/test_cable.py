# SPDX-License-Identifier: MIT
"""A board that calls itself through a cable."""

from collections.abc import Iterator

import pytest

from boards_sim.session import SimulatedSession, simulated_session
from drivers.diagnostics.cable import cable_call
from drivers.errors import BoardOperationError

FXS, FXO = 4, 0


@pytest.fixture
def session() -> Iterator[SimulatedSession]:
    with simulated_session("Q12", patches=(((0, FXS), (0, FXO)),)) as session:
        yield session


def test_all_of_a_call_is_seen_at_the_other_end(session: SimulatedSession) -> None:
    found = cable_call(session, FXS, FXO)
    assert [reading.sentence for reading in found if not reading.is_good] == []
    assert [reading.what for reading in found] == [
        "ringing at the office port",
        "answer at the telephone port",
        "level to the office port",
        "tone/rest to the office port",
        "level to the telephone port",
        "tone/rest to the telephone port",
        "digits",
        "flash",
        "pulses",
        "reversal",
        "open loop",
        "hang-up",
    ]
    levels = [reading.value for reading in found if reading.what.startswith("level")]
    assert levels == pytest.approx([-1.0, -1.0], abs=0.3)  # the line's own loss


def test_it_can_be_done_again(session: SimulatedSession) -> None:
    for _ in range(2):
        assert all(reading.is_good for reading in cable_call(session, FXS, FXO))


def test_a_cable_that_is_not_there_is_told_of() -> None:
    with simulated_session("Q12") as session:
        (found,) = cable_call(session, FXS, FXO)
        assert not found.is_good
        assert "never seen: is the cable in the right sockets?" in found.sentence


def test_a_noisy_cable_is_found(session: SimulatedSession) -> None:
    session.stage.faults().run("noise 60dBrnC port 4")
    found = cable_call(session, FXS, FXO)
    assert {r.what.split(" ")[0] for r in found if not r.is_good} == {"tone/rest"}


def test_ports_of_the_wrong_kind_are_refused(session: SimulatedSession) -> None:
    with pytest.raises(BoardOperationError, match="port 0 is no fxs port"):
        cable_call(session, FXO, FXS)
