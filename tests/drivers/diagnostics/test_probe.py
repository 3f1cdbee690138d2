# SPDX-License-Identifier: MIT
"""Sound sent into ports, and what came back."""

from collections.abc import Iterator

import numpy as np
import pytest

from boards_sim.session import SimulatedSession, simulated_session
from drivers.base import HookChanged
from drivers.diagnostics.probe import Heard, aligned, looped, sound
from drivers.diagnostics.spectrum import noise
from drivers.errors import BoardOperationError
from drivers.service import Loopback

SIGNAL = noise(-10.0, 0.3)


@pytest.fixture
def session() -> Iterator[SimulatedSession]:
    with simulated_session("Q12") as session:
        yield session


def test_what_a_port_was_sent_comes_back_bit_for_bit(session: SimulatedSession) -> None:
    with looped(session, [4], Loopback.DIGITAL):
        heard = sound(session, {4: SIGNAL}, [4, 5])
    sent, returned = aligned(heard[4])
    assert len(sent) > len(SIGNAL)
    assert np.array_equal(sent, returned)
    assert not heard[5].sent.any()


def test_silence_lasts_as_long_as_it_was_asked_for(session: SimulatedSession) -> None:
    heard = sound(session, {}, [4], 0.5)
    assert len(heard[4].returned) == pytest.approx(4000, abs=200)


def test_everything_is_closed_afterwards(session: SimulatedSession) -> None:
    before = session.engine.open_ports()
    sound(session, {4: SIGNAL}, [4])
    assert session.engine.open_ports() == before


def test_loops_end_where_one_is_refused(session: SimulatedSession) -> None:
    session.stage.telephone(5).lifts()
    session.expect(HookChanged, 5, within_s=1.0)
    with pytest.raises(BoardOperationError, match="busy"), looped(session, [4, 5], Loopback.CODEC):
        pass
    heard = sound(session, {4: SIGNAL}, [4])[4]
    assert not np.array_equal(*aligned(heard))


def test_a_delay_is_taken_out() -> None:
    late = np.concatenate([np.zeros(123, np.int16), SIGNAL])[: len(SIGNAL)]
    sent, returned = aligned(Heard(SIGNAL, late))
    assert np.array_equal(sent, returned)
    assert len(sent) == len(SIGNAL) - 123


def test_nothing_that_came_back_is_nothing() -> None:
    sent, returned = aligned(Heard(SIGNAL, np.zeros_like(SIGNAL)))
    assert (len(sent), len(returned)) == (0, 0)
