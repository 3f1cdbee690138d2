# SPDX-License-Identifier: MIT
"""Ports measured through their own loopbacks, on lines of which all is known."""

from collections.abc import Iterator

import pytest

from boards_sim.loop import DIGITAL
from boards_sim.session import SimulatedSession, simulated_session
from drivers.base import HookChanged
from drivers.diagnostics.losses import frames_lost, undisturbed
from drivers.diagnostics.readings import Reading
from drivers.diagnostics.transmission import (
    RESPONSE_HZ,
    crosstalk,
    idle_noise,
    loopback,
    prbs,
    response,
)
from drivers.errors import BoardOperationError
from drivers.service import Loopback, Prbs

PORTS = [0, 4, 5]


@pytest.fixture(scope="module")
def session() -> Iterator[SimulatedSession]:
    with simulated_session("Q12") as session:
        yield session


def by_what(found: list[Reading], port: int) -> dict[str, float]:
    return {reading.what: reading.value for reading in found if reading.port == port}


def test_a_sound_port_returns_bits_levels_and_tones(session: SimulatedSession) -> None:
    found = loopback(session, PORTS)
    assert all(reading.is_good for reading in found), found
    for port in PORTS:
        values = by_what(found, port)
        assert values["digital"] == 0.0
        assert values["codec level"] == pytest.approx(0.0, abs=0.02)
        assert values["analog level"] == pytest.approx(-6.0, abs=0.2)
        assert values["codec tone/rest"] == pytest.approx(38.9, abs=1.0)


@pytest.mark.parametrize("sequence", list(Prbs))
def test_no_bit_is_wrong(session: SimulatedSession, sequence: Prbs) -> None:
    found = prbs(session, PORTS, sequence, seconds=2.0)
    assert [(r.port, r.value) for r in found] == [(port, 0.0) for port in PORTS]
    assert "0 in 2" in found[0].detail  # 2 s at 128 kbit/s


def test_a_single_port_finds_a_partner(session: SimulatedSession) -> None:
    (found,) = prbs(session, [11], Prbs.PRBS_9, seconds=1.0, bits=8)
    assert found.value == 0.0
    assert "from port 0" in found.detail


def test_the_response_is_flat(session: SimulatedSession) -> None:
    found = response(session, [0, 5])
    assert len(found) == 2 * len(RESPONSE_HZ)
    assert max(abs(reading.value) for reading in found) < 0.2


def test_the_response_through_the_codec_alone(session: SimulatedSession) -> None:
    found = response(session, [4], Loopback.CODEC)
    assert max(abs(reading.value) for reading in found) < 0.2


def test_the_idle_noise_is_what_was_put_there(session: SimulatedSession) -> None:
    for reading in idle_noise(session, [0, 4]):
        assert reading.value == pytest.approx(10.0, abs=0.7)
        assert reading.is_good


def test_noise_of_a_line_is_a_fault() -> None:
    with simulated_session("Q12") as session:
        session.stage.faults().run("noise 35dBrnC port 4")
        quiet, loud = idle_noise(session, [0, 4])
        assert quiet.is_good
        assert not loud.is_good
        assert loud.value == pytest.approx(35.0, abs=0.7)


def test_no_port_is_heard_in_another(session: SimulatedSession) -> None:
    found = crosstalk(session, PORTS)
    assert [reading.port for reading in found] == PORTS
    assert max(reading.value for reading in found) < -90.0


def test_a_perfect_line_has_no_noise_at_all() -> None:
    with simulated_session("Q12", line=DIGITAL) as session:
        (reading,) = idle_noise(session, [4])
        assert reading.value == 0.0


def test_a_port_in_use_is_left_alone() -> None:
    with simulated_session("Q12") as session:
        session.stage.telephone(4).lifts()
        session.expect(HookChanged, 4, within_s=1.0)
        with pytest.raises(BoardOperationError, match="port 4: loop back failed: busy"):
            loopback(session, [0, 4])
        assert all(r.is_good for r in loopback(session, [0]))  # what was turned is turned back


def test_frames_that_are_lost_are_told_of() -> None:
    with simulated_session("Q12") as session:

        def spoilt() -> list[Reading]:
            session.stage.faults().run("starve for 500ms")
            session.passes(1.0)
            return [Reading("prbs", 4, "2^9-1", 0.1, "of bits wrong", 0.0, 0.0)]

        (found,) = undisturbed(session, spoilt)
        assert "frames were lost meanwhile: look at cable" in found.sentence


def test_a_host_that_is_busy_for_long_is_waited_for() -> None:
    with simulated_session("Q12") as session:
        busy = "; ".join(f"at {at / 2}s starve for 200ms" for at in range(30))
        session.stage.faults().run(busy)
        wrong = Reading("prbs", 4, "2^9-1", 0.1, "of bits wrong", 0.0, 0.0)
        right = Reading("prbs", 4, "2^9-1", 0.0, "of bits wrong", 0.0, 0.0)
        measured: list[float] = []

        def measure() -> list[Reading]:
            before = frames_lost(session)
            session.passes(1.0)
            measured.append(session.engine.now)
            return [right if frames_lost(session) == before else wrong]

        assert undisturbed(session, measure) == [right]
        assert len(measured) == 3, "one at once, one after 10 s, one when it was over"


def test_bits_are_counted_while_nothing_is_lost() -> None:
    with simulated_session("Q12") as session:
        session.stage.faults().run("at 500ms starve for 300ms")
        found = prbs(session, [4, 5], Prbs.PRBS_15, seconds=1.0)
        assert [reading.value for reading in found] == [0.0, 0.0]


def test_a_loss_that_is_over_is_measured_again() -> None:
    with simulated_session("Q12") as session:
        session.stage.faults().run("starve for 1s")
        found = undisturbed(session, lambda: prbs(session, [4, 5], Prbs.PRBS_15, seconds=2.0))
        assert all(reading.is_good for reading in found)
