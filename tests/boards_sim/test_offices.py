# SPDX-License-Identifier: MIT
"""Twelve countries' offices: what they tell of a caller, how they ring, how they end a call."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest

from boards_sim.digits import DtmfEar
from boards_sim.fsk import BELL_202, V23, caller_of, demodulate
from boards_sim.offices import OFFICES, CallerIdKind, Disconnect
from boards_sim.stage import Stage
from drivers.actors import Caller
from drivers.qhi.arguments import BYTE
from drivers.qhi.numbers import PortEventCode, PortVerb
from dsp.levels import dbm0_of
from tests.boards_sim.host import Host, streaming

TRUNK = 0
P = PortEventCode
Samples = npt.NDArray[np.int16]


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage(("Q12T",))
    yield stage
    stage.close()


def heard_on_hook(stage: Stage, host: Host, script: str, caller: Caller, seconds: float) -> Samples:
    """Return what the board hears from an office while it calls in."""
    stage.faults().run(script)
    host.ups.clear()
    stage.office(TRUNK).calls_in(caller.number, caller.name, caller.absent)
    pieces: list[Samples] = []
    for _ in range(round(seconds * 200)):
        stage.step()
        while host.ups:
            samples = np.frombuffer(host.ups.popleft().samples, "<i2")
            pieces.append(samples.reshape(-1, 40)[TRUNK])
    return np.concatenate(pieces)


@pytest.mark.parametrize("name", OFFICES)
def test_each_office_tells_its_caller_in_its_own_way(stage: Stage, name: str) -> None:
    profile = OFFICES[name].profile
    host = streaming(stage)
    sound = heard_on_hook(stage, host, f"office {name}", Caller("5551234"), 5.0)
    rings = [at for at, (event, on) in enumerate(host.port_events(TRUNK)) if event is P.RINGING]
    assert rings
    if profile.caller_id is CallerIdKind.NONE:
        assert dbm0_of(sound) < -50
        return
    if profile.caller_id is CallerIdKind.DTMF:
        assert DtmfEar().feed(sound) == "A5551234C"
    else:
        assert profile.modem is not None
        message = demodulate(sound, profile.modem)
        assert message is not None
        assert caller_of(message) == Caller("5551234")
    first = host.port_events(TRUNK)[0]
    before_ring = profile.caller_id is not CallerIdKind.AFTER_RING
    assert first == ((P.POLARITY, b"\1") if before_ring else (P.RINGING, b"\1"))


@pytest.mark.parametrize("level", [-13.5, -30.0, -36.0])
@pytest.mark.parametrize("kind", ["after", "dtmf"])
def test_caller_id_has_the_level_it_is_given(stage: Stage, kind: str, level: float) -> None:
    host = streaming(stage)
    script = f"caller-id {kind}; caller-level {level}dBm0; noise 0dBrnC"
    sound = heard_on_hook(stage, host, script, Caller("5551234", "JO"), 4.0)
    loud = sound[np.abs(sound) > 10 ** ((level - 15 - 3.14) / 20) * 32768]
    assert len(loud) > 1000
    # Both tones of DTMF are at the level each, and the line takes 1 dB
    expected = level - 1.0 + (3.0 if kind == "dtmf" else 0.0)
    assert dbm0_of(loud) == pytest.approx(expected, abs=1.5)


@pytest.mark.parametrize("twist", [-6.0, 6.0])
def test_twist_is_the_difference_of_the_two_frequencies(stage: Stage, twist: float) -> None:
    host = streaming(stage)
    script = f"office us; caller-twist {twist}dB; noise 0dBrnC"
    sound = heard_on_hook(stage, host, script, Caller("5551234"), 4.0)
    message = demodulate(sound, BELL_202)
    assert message is not None
    assert demodulate(sound, V23) is None or caller_of(message) == Caller("5551234")
    power = np.abs(np.fft.rfft(sound.astype(float))) ** 2
    hz = np.fft.rfftfreq(len(sound), 1 / 8000)
    mark, space = (power[(hz > f - 60) & (hz < f + 60)].sum() for f in (1200, 2200))
    # The seizure has as much of one as of the other, marks and message more of mark
    assert np.sign(10 * np.log10(mark / space) - 5.0) == np.sign(twist)


def test_an_absent_number_goes_as_keys(stage: Stage) -> None:
    host = streaming(stage)
    sound = heard_on_hook(stage, host, "office nl", Caller("", absent="P"), 2.5)
    assert DtmfEar().feed(sound) == "B10C"


@pytest.mark.parametrize(("trip_ms", "lasts_ms"), [(40, 40), (300, 300)])
def test_a_slow_office_rings_on_after_the_answer(stage: Stage, trip_ms: int, lasts_ms: int) -> None:
    host = streaming(stage)
    stage.faults().run(f"ring-trip {trip_ms}ms")
    stage.office(TRUNK).calls_in()
    stage.passes(0.5)
    began = stage.now
    host.orders(PortVerb.HOOK, TRUNK, BYTE.pack(1))
    loop = stage.actor(TRUNK).loop
    while loop.feed.ring_volts:
        stage.step()
    assert (stage.now - began) * 1000 == pytest.approx(lasts_ms, abs=20)


@pytest.mark.parametrize("name", OFFICES)
def test_each_office_ends_a_call_in_its_own_way(stage: Stage, name: str) -> None:
    profile = OFFICES[name].profile
    host = streaming(stage)
    stage.faults().run(f"office {name} port {TRUNK}")
    stage.office(TRUNK).calls_in()
    stage.passes(1)
    host.orders(PortVerb.HOOK, TRUNK, BYTE.pack(1))
    stage.passes(1)
    before = len(host.port_events(TRUNK))
    stage.office(TRUNK).hangs_up()
    stage.passes(3)
    told = host.port_events(TRUNK)[before:]
    if profile.disconnect is Disconnect.OPEN_SWITCH:
        assert [event for event, _ in told] == [P.BATTERY, P.BATTERY]
        away_ms = int.from_bytes(told[1][1][-2:], "little")
        assert away_ms == pytest.approx(profile.open_switch_ms, abs=10)
    elif profile.disconnect is Disconnect.REVERSAL:
        assert [event for event, _ in told] == [P.POLARITY]
    else:
        assert not told
    busy = stage.office_set(TRUNK).mouth.is_silent
    assert busy is (profile.disconnect in {Disconnect.OPEN_SWITCH, Disconnect.NOTHING})


def test_there_are_twelve_countries_each_with_and_without_a_signal() -> None:
    assert len(OFFICES) == 24
    for name in [n for n in OFFICES if not n.endswith("-mute")]:
        with_, without = OFFICES[name].profile, OFFICES[f"{name}-mute"].profile
        assert with_.disconnect is not without.disconnect
        assert without.disconnect in {Disconnect.BUSY_TONE, Disconnect.NOTHING}
