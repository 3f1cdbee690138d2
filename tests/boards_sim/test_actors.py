# SPDX-License-Identifier: MIT
"""Telephones and offices against each other, through a board with a patch made by hand."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from boards_sim.office import IGNORED, TRANSITIONS, OfficeEvent, OfficeState
from boards_sim.offices import Disconnect
from boards_sim.stage import Stage
from drivers.actors import Caller
from drivers.qhi.arguments import BYTE, RingSteps
from drivers.qhi.numbers import PortEventCode, PortVerb
from tests.boards_sim.host import Host, streaming

PHONE = 4
TRUNK = 0


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage(("Q12",))
    yield stage
    stage.close()


def patched(stage: Stage) -> Host:
    """Connect the telephone and the trunk, and seize the trunk when asked to by hook."""
    host = streaming(stage)
    host.patch = {PHONE: TRUNK, TRUNK: PHONE}
    return host


def seize(host: Host, *, on: bool = True) -> None:
    host.orders(PortVerb.HOOK, TRUNK, BYTE.pack(on))


def voice(tmp_path: Path, rate: int = 22050, hz: float = 700.0) -> Path:
    """Write one second of something that is no tone."""
    t = np.arange(rate) / rate
    rng = np.random.default_rng(4)
    wave = 0.3 * np.sin(2 * np.pi * hz * t) * (0.6 + 0.4 * np.sin(40 * t))
    path = tmp_path / f"voice{rate}.wav"
    soundfile.write(path, np.stack([wave, rng.normal(0, 0.2, rate)], axis=1), rate)
    return path


# A call out


def test_an_office_hears_what_a_telephone_dials(stage: Stage) -> None:
    host = patched(stage)
    alice, office = stage.telephone(PHONE), stage.office(TRUNK)
    alice.lifts()
    seize(host)
    office.is_seized()
    alice.hears("dial")
    alice.dials("18005551234#")
    office.receives("18005551234#")
    alice.hears("ringback")
    office.answers()
    alice.hears("silence")
    seize(host, on=False)
    office.is_free()
    seizure = stage.office_set(TRUNK).seizures[0]
    assert (seizure.digits, seizure.pulse) == ("18005551234#", False)
    assert seizure.answered_at is not None
    assert seizure.released_at is not None
    assert seizure.answered_at < seizure.released_at


def test_both_sides_speak_and_ears_are_saved(stage: Stage, tmp_path: Path) -> None:
    host = patched(stage)
    alice, office = stage.telephone(PHONE), stage.office(TRUNK)
    alice.lifts()
    seize(host)
    alice.hears("dial")
    alice.dials("5551234")
    office.receives("5551234")
    office.answers()
    alice.says(voice(tmp_path, 22050), wait=False)
    office.hears("speech")
    alice.hears("silence")
    office.says(voice(tmp_path, 48000))
    alice.hears("speech")
    alice.save_ear(tmp_path / "alice.wav")
    office.save_ear(tmp_path / "office.wav")
    for name in ("alice", "office"):
        saved, rate = soundfile.read(tmp_path / f"{name}.wav")
        assert rate == 8000
        assert np.abs(saved).max() > 0.1


def test_busy_and_a_call_given_up(stage: Stage) -> None:
    host = patched(stage)
    alice, office = stage.telephone(PHONE), stage.office(TRUNK)
    alice.lifts()
    seize(host)
    alice.hears("dial")
    alice.dials("5551234")
    office.receives("5551234")
    office.is_busy()
    alice.hears("busy")
    seize(host, on=False)
    alice.hears("silence")
    seize(host)
    alice.hears("dial")
    assert len(stage.office_set(TRUNK).seizures) == 2


def test_dial_tone_is_not_given_for_ever(stage: Stage) -> None:
    host = patched(stage)
    alice = stage.telephone(PHONE)
    alice.lifts()
    seize(host)
    alice.hears("dial")
    stage.passes(20)
    alice.hears("reorder")


# The end of a call


def connect(stage: Stage, host: Host, disconnect: Disconnect, *, reversal: bool = False) -> None:
    office = stage.office_set(TRUNK)
    office.profile = replace(office.profile, disconnect=disconnect, answer_reversal=reversal)
    stage.telephone(PHONE).lifts()
    seize(host)
    stage.telephone(PHONE).hears("dial")
    stage.telephone(PHONE).dials("5551234")
    stage.office(TRUNK).receives("5551234")
    stage.office(TRUNK).answers()
    stage.passes(1)


def events(host: Host) -> list[PortEventCode]:
    return [event for event, _ in host.port_events(TRUNK)]


def test_an_open_switch_interval_then_dial_tone_again(stage: Stage) -> None:
    host = patched(stage)
    connect(stage, host, Disconnect.OPEN_SWITCH)
    stage.office(TRUNK).hangs_up()
    stage.passes(1)
    assert events(host) == [PortEventCode.BATTERY] * 2
    stage.telephone(PHONE).hears("dial", 8)


def test_reversal_at_answer_and_back_at_the_end_with_busy_tone(stage: Stage) -> None:
    host = patched(stage)
    connect(stage, host, Disconnect.REVERSAL, reversal=True)
    assert host.port_events(TRUNK) == [(PortEventCode.POLARITY, b"\1")]
    stage.office(TRUNK).hangs_up()
    stage.telephone(PHONE).hears("busy")
    assert host.port_events(TRUNK)[1:] == [(PortEventCode.POLARITY, b"\0")]


def test_reversal_at_the_end_alone(stage: Stage) -> None:
    host = patched(stage)
    connect(stage, host, Disconnect.REVERSAL)
    stage.office(TRUNK).hangs_up()
    stage.telephone(PHONE).hears("busy")
    assert host.port_events(TRUNK) == [(PortEventCode.POLARITY, b"\1")]


def test_busy_tone_only(stage: Stage) -> None:
    host = patched(stage)
    connect(stage, host, Disconnect.BUSY_TONE)
    stage.office(TRUNK).hangs_up()
    stage.telephone(PHONE).hears("busy")
    assert events(host) == []


def test_no_signal_at_all(stage: Stage) -> None:
    host = patched(stage)
    connect(stage, host, Disconnect.NOTHING)
    stage.office(TRUNK).hangs_up()
    stage.telephone(PHONE).hears("silence")
    stage.telephone(PHONE).hears("dial", 8)
    assert events(host) == []


# A call in


def test_a_call_in_rings_with_caller_id_between_the_rings(stage: Stage) -> None:
    host = patched(stage)
    office = stage.office(TRUNK)
    office.calls_in("5551234567", "CAROL")
    office.hears("ringback")
    stage.passes(3)
    # straight through: the on-hook telephone's display reads what the trunk hears
    assert stage.telephone(PHONE).shows() == Caller("5551234567", "CAROL")
    assert events(host) == [PortEventCode.RINGING] * 2
    seize(host)
    stage.passes(0.5)
    assert stage.office_set(TRUNK).state is OfficeState.TALKING
    alice = stage.telephone(PHONE)
    alice.lifts()
    alice.dials("5")
    office.hears("silence")
    office.hangs_up()
    stage.passes(1)
    assert events(host)[-2:] == [PortEventCode.BATTERY] * 2


def test_the_display_forgets_the_last_caller_when_it_rings_anew(stage: Stage) -> None:
    host = patched(stage)
    bob, office = stage.telephone(PHONE), stage.office(TRUNK)
    ring = RingSteps((2000, 4000)).encode()
    office.calls_in("5551234567", "CAROL")
    host.orders(PortVerb.RING, PHONE, ring)
    stage.passes(5)
    assert bob.shows() == Caller("5551234567", "CAROL")
    stage.passes(4)
    assert bob.shows().name == "CAROL", "a later ring of the same call changes nothing"
    host.orders(PortVerb.RING_STOP, PHONE)
    office.stops_calling()
    stage.passes(12)
    host.orders(PortVerb.RING, PHONE, ring)
    bob.rings()
    with pytest.raises(AssertionError, match="expected a caller"):
        bob.shows(4)


def test_a_caller_who_gives_up(stage: Stage) -> None:
    host = patched(stage)
    stage.office(TRUNK).calls_in()
    stage.passes(1)
    stage.office(TRUNK).stops_calling()
    stage.passes(10)
    assert [a for _, a in host.port_events(TRUNK)] == [b"\1", b"\0"]


def test_the_bell_rings_and_the_display_shows_what_the_port_sends(stage: Stage) -> None:
    host = streaming(stage)
    bob = stage.telephone(PHONE)
    host.orders(PortVerb.RING, PHONE, RingSteps((2000, 4000)).encode())
    bob.rings()
    with pytest.raises(AssertionError, match=r"no sound on the on-hook line"):
        bob.shows(within_s=3)


# What a person can't do


def test_a_wrong_move_says_what_is_wrong(stage: Stage) -> None:
    alice, office = stage.telephone(PHONE), stage.office(TRUNK)
    for move in (alice.hangs_up, alice.flashes, lambda: alice.dials("1")):
        with pytest.raises(AssertionError, match=r"telephone 0:4 .* not lifted"):
            move()
    alice.lifts()
    with pytest.raises(AssertionError, match="lifted already"):
        alice.lifts()
    with pytest.raises(AssertionError, match=r"office 0:0 .* is idle"):
        office.answers()
    with pytest.raises(AssertionError, match="expected a call to speak in"):
        office.says(Path("x.wav"))
    with pytest.raises(ValueError, match="no key 'x'"):
        alice.dials("x")
    with pytest.raises(ValueError, match="rotary"):
        alice.dials("#", pulse=True)
    with pytest.raises(ValueError, match="no port 0:12"):
        stage.telephone(12)
    with pytest.raises(ValueError, match="is an office line"):
        stage.telephone(0)
    with pytest.raises(ValueError, match=r"nowhere.wav"):
        alice.says(Path("nowhere.wav"))


def test_an_expectation_tells_when_and_what_was_there_instead(stage: Stage) -> None:
    alice = stage.telephone(PHONE)
    alice.lifts()
    with pytest.raises(AssertionError, match=r"at 3\.000 s: expected dial .* heard silence 2\.9"):
        alice.hears("dial")
    with pytest.raises(AssertionError, match="the bell has never rung"):
        alice.rings(1)
    with pytest.raises(AssertionError, match=r"expected a seizure .* it is idle, 0\.0 mA"):
        stage.office(TRUNK).is_seized(0.5)


def test_the_office_has_an_answer_to_every_event_of_its_line() -> None:
    by_line = {OfficeEvent.SEIZED, OfficeEvent.RELEASED, OfficeEvent.DIGIT, OfficeEvent.QUIET}
    assert not TRANSITIONS.keys() & IGNORED
    for state, event in itertools.product(OfficeState, by_line):
        assert (state, event) in TRANSITIONS or (state, event) in IGNORED
    reached = {state for state, _ in TRANSITIONS.values()}
    assert reached == set(OfficeState)


@pytest.mark.parametrize("country", ["uk", "de", "jp"])
def test_other_countries_have_their_own_sounds(country: str) -> None:
    stage = Stage(("Q8",), country=country)
    host = streaming(stage)
    host.patch = {4: 0, 0: 4}
    alice, office = stage.telephone(4), stage.office(0)
    alice.lifts()
    seize(host)
    alice.hears("dial")
    alice.dials("0301234")
    office.receives("0301234")
    alice.hears("ringback", 6)
    office.is_busy()
    alice.hears("busy", 5)
    alice.hangs_up()
    seize(host, on=False)
    office.is_free()
    office.calls_in("0305678", "ERNA")
    stage.passes(1.2)
    assert stage.telephone(4).shows() == Caller("0305678", "ERNA")
