# SPDX-License-Identifier: MIT
"""``echotune`` on simulated loops, against what is computed of their impedances."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from boards_sim.cable import EIA
from boards_sim.hybrid import IMPEDANCES as NETWORKS
from boards_sim.hybrid import RESISTOR_600, echo_filter, echo_return_loss_db
from boards_sim.loop import NATURES
from boards_sim.session import SimulatedSession, simulated_session
from drivers.diagnostics.echotune import IMPEDANCES, Tuning, echotune, multitone, return_loss_db
from drivers.diagnostics.note import Note, NoteKind
from drivers.errors import BoardOperationError, LineInUseError

TRUNK, STATION = 0, 4
COMPUTED = {
    "ll1": {0: 16.7, 8: 18.5, 2: 14.6, 4: 14.2, 3: 14.3, 9: 20.5},
    "ll2": {0: 9.0, 8: 10.7, 2: 21.6, 4: 14.1, 3: 26.0, 9: 17.0},
    "ll3": {0: 7.7, 8: 8.9, 2: 18.9, 4: 13.3, 3: 20.7, 9: 14.2},
    "ll4": {0: 7.0, 8: 8.5, 2: 16.3, 4: 12.2, 3: 17.6, 9: 12.5},
    "ll5": {0: 5.6, 8: 5.9, 2: 12.8, 4: 11.6, 3: 12.6, 9: 9.7},
    "ll6": {0: 6.5, 8: 7.8, 2: 14.8, 4: 11.5, 3: 15.6, 9: 11.9},
}
"""Return loss in dB by impedance: the EIA test loops, computed apart from the simulator (LL7 isn't
among them)."""


@contextmanager
def line(loop: str = "clean", faults: str = "") -> Iterator[SimulatedSession]:
    with simulated_session("Q12", line=NATURES[loop], faults=faults) as session:
        session.passes(0.5)
        yield session


def tuned(loop: str) -> Tuning:
    with line(loop) as session:
        began = session.engine.now
        tuning = echotune(session, TRUNK)
        assert session.engine.now - began < 60.0
        return tuning


def expected_db(loop: str) -> list[float]:
    cable = EIA[int(loop[2:])]
    echoes = [echo_filter(cable, RESISTOR_600, network) for network in NETWORKS.values()]
    return [echo_return_loss_db(echo) for echo in echoes]


@pytest.mark.parametrize("loop", [f"ll{number}" for number in EIA])
def test_return_loss_is_what_the_impedances_make_it(loop: str) -> None:
    tuning = tuned(loop)
    measured = [trial.return_loss_db for trial in tuning.trials]
    expected = expected_db(loop)
    assert measured == pytest.approx(expected, abs=1.0)
    assert tuning.best.index == int(np.argmax(expected))
    for index, published_db in COMPUTED.get(loop, {}).items():
        assert measured[index] == pytest.approx(published_db, abs=1.0), IMPEDANCES[index]
    assert tuning.before_db == pytest.approx(measured[8], abs=0.2)  # what the simulator boots with
    assert tuning.residual.converged


def test_a_telephone_is_asked_to_be_lifted() -> None:
    with line("ll2") as session:
        asked: list[str] = []
        lift = session.stage.telephone_set(STATION)

        def tell(note: Note) -> None:
            if note.kind is NoteKind.ASKING:
                asked.append(note.text)
                session.stage.perform(lift.lifts())

        tuning = echotune(session, STATION, tell=tell)
    assert len(asked) == 1
    assert tuning.best.index == 3


def test_nobody_lifts_the_telephone() -> None:
    with line() as session, pytest.raises(BoardOperationError, match="nobody lifted"):
        echotune(session, STATION)


def calls(session: SimulatedSession) -> None:
    session.stage.office(TRUNK).calls_in("5551234")


def lifts_another(session: SimulatedSession) -> None:
    session.stage.faults().run("parallel lifted port 0")


@pytest.mark.parametrize("uses", [calls, lifts_another])
def test_a_line_in_use_is_left_alone(uses: Callable[[SimulatedSession], None]) -> None:
    with line() as session:
        uses(session)
        with pytest.raises(LineInUseError):
            echotune(session, TRUNK)
        assert not session.stage.office_set(TRUNK).loop.load.closed


def test_other_sounds_are_no_echo() -> None:
    sent = multitone()
    echo = np.rint(sent * 0.1).astype(np.int16)
    speech = np.random.default_rng(1).normal(0, 2000, len(sent)).astype(np.int16)
    assert return_loss_db(sent, echo) == pytest.approx(20.0, abs=0.1)
    assert return_loss_db(sent, echo + speech) is None
    assert return_loss_db(sent, np.zeros_like(sent)) is None
