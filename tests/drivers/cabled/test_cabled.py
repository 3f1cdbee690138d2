# SPDX-License-Identifier: MIT
"""Actors at cables do what simulated people do: each of them on a bench of two simulated boards.

The PBX isn't here: the board under test is served by a session, and its ports by orders.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
import soundfile

from boards_sim.profiles import FXO, FXS, Profile
from boards_sim.session import SimulatedSession
from boards_sim.stage import Stage
from drivers.actors import Caller
from drivers.base import (
    BatteryChanged,
    Capability,
    Flashed,
    HookChanged,
    PolarityChanged,
    PulseDigit,
    RingCadence,
    RingingChanged,
)
from drivers.cabled import Bench, CabledOffice, CabledTelephone, parse_cables
from drivers.cabled.office import IGNORED, TRANSITIONS, OfficeHabits, OfficeState
from drivers.cabled.office import OfficeEvent as E
from drivers.errors import AddressError, BoardOperationError, NotAvailableError
from dsp.callerid import CallerId, CallerIdStandard, mdmf
from dsp.engine import Detect, Engine
from dsp.events import CallerIdHeard, DigitHeard
from dsp.tones import COUNTRIES, ToneName, country
from tests.dsp.speech import SOUNDS

K = TypeVar("K")
MIRROR = Profile("Q2M", 5, (FXS, FXO))
US_RINGING = RingCadence((2000, 4000))
TRUNK, STATION = 0, 4


@dataclass
class Hands:
    """A bench, and the board under test."""

    bench: Bench
    under: SimulatedSession
    stage: Stage

    @property
    def alice(self) -> CabledTelephone:
        return self.bench.telephone(STATION)

    @property
    def office(self) -> CabledOffice:
        return self.bench.office(TRUNK)

    def plays(self, port: int, sound: int) -> None:
        self.under.engine.listen(self.under.board.timeslot(port), sound)


def started(stack: ExitStack, stage: Stage, number: int) -> SimulatedSession:
    engine = stack.enter_context(Engine(threaded=False))
    session = SimulatedSession(stage, engine, number)
    session.board.start(engine, 0.0)
    stack.callback(lambda: session.board.stop(engine.now))
    session.wait_until_up(5.0)
    return session


def hands_of(code: str = "us", habits: OfficeHabits | None = None) -> Iterator[Hands]:
    patches = (((1, 0), (0, TRUNK)), ((0, STATION), (1, 1)))
    stage = Stage(("Q12", MIRROR), country=code, patches=patches)
    with ExitStack() as stack:
        stack.callback(stage.close)
        under, peer = started(stack, stage, 0), started(stack, stage, 1)
        stage.pumps.append(under.serve)
        bench = Bench(peer, {TRUNK: 0, STATION: 1}, country=code, habits=habits)
        stack.callback(bench.close)
        under.happenings(0.0)
        yield Hands(bench, under, stage)


@pytest.fixture
def hands() -> Iterator[Hands]:
    yield from hands_of()


@pytest.fixture
def speech() -> Path:
    found = sorted(SOUNDS.glob("all-circuits-busy-now.wav"))
    if not found:
        pytest.skip("needs speech: apt-get install asterisk-core-sounds-en-wav")
    return found[0]


def reports(hands: Hands, kind: type[K], within_s: float = 3.0) -> K:
    """Wait for an event of the board under test, everybody else being served too."""
    found: list[K] = []

    def happened() -> bool:
        found.extend(each for each in hands.under.happenings(0.0) if isinstance(each, kind))
        return bool(found)

    hands.bench.until(happened, within_s, lambda: f"no {kind.__name__}")
    return found[0]


# Telephones


def test_a_telephone_hears_the_howler_and_takes_nothing_else_for_it(
    hands: Hands, speech: Path
) -> None:
    tones = COUNTRIES["us"].tones
    engine = hands.under.engine
    hands.alice.lifts()
    howler = engine.open_tone(tones[ToneName.HOWLER])
    hands.plays(STATION, howler)
    hands.alice.hears("howler")
    engine.close_port(howler)
    hands.alice.hears("silence")
    others = [engine.open_tone(tones[name]) for name in (ToneName.REORDER, ToneName.RINGBACK)]
    for sound in (*others, engine.open_player(speech, loop=True)):
        hands.plays(STATION, sound)
        with pytest.raises(AssertionError, match="expected howler"):
            hands.alice.hears("howler", within_s=6.0)
        engine.close_port(sound)


def test_a_telephone_lifts_flashes_dials_and_hangs_up(hands: Hands) -> None:
    hands.under.engine.detect(hands.under.board.timeslot(STATION), Detect.DIGITS)
    hands.alice.lifts()
    reports(hands, HookChanged)
    hands.alice.dials("15*")
    heard = [each.key for each in hands.under.happenings(0.0) if isinstance(each, DigitHeard)]
    assert heard == ["1", "5", "*"]
    hands.alice.flashes()
    reports(hands, Flashed)
    hands.alice.dials("30", pulse=True)
    hands.bench.passes(0.5)
    pulsed = [each.key for each in hands.under.happenings(0.0) if isinstance(each, PulseDigit)]
    assert pulsed == ["3", "0"]
    hands.alice.hangs_up()
    reports(hands, HookChanged)


@pytest.mark.parametrize("code", ["us", "uk", "de", "it", "jp", "au"])
def test_every_tone_is_heard_for_what_it_is(code: str) -> None:
    for hands in hands_of(code):
        hands.alice.lifts()
        hands.alice.hears("silence")
        for name in (ToneName.DIAL, ToneName.RINGBACK, ToneName.BUSY, ToneName.REORDER):
            tone = hands.under.engine.open_tone(country(code).tones[name])
            hands.plays(STATION, tone)
            hands.alice.hears(name.value)
            hands.under.engine.close_port(tone)
            hands.alice.hears("silence")
            with pytest.raises(AssertionError, match="expected speech"):
                hands.alice.hears("speech", 0.0)


def test_a_tone_in_its_pause_is_heard_still(hands: Hands) -> None:
    hands.alice.lifts()
    tone = hands.under.engine.open_tone(COUNTRIES["us"].tones[ToneName.RINGBACK])
    hands.plays(STATION, tone)
    hands.bench.passes(4.0)  # two seconds into the pause
    hands.alice.hears("ringback", 0.0)
    with pytest.raises(AssertionError, match=r"expected busy within 0 s; heard ringback"):
        hands.alice.hears("busy", 0.0)


def test_ringing_and_who_calls(hands: Hands) -> None:
    hands.alice.is_quiet(1.0)
    hands.under.board.ring(STATION, US_RINGING)
    hands.alice.rings()
    hands.bench.passes(2.5)
    message = mdmf(CallerId("8055554567", "CAROL JONES"))
    sender = hands.under.engine.open_caller_id(message, CallerIdStandard.BELL202)
    hands.plays(STATION, sender)
    assert hands.alice.shows() == Caller("8055554567", "CAROL JONES")
    with pytest.raises(AssertionError, match="expected no ringing for 6"):
        hands.alice.is_quiet()
    hands.under.board.stop_ringing(STATION)
    hands.alice.is_quiet()
    with pytest.raises(AssertionError, match="expected ringing within 1 s; the bell rang last"):
        hands.alice.rings(1.0)


def test_what_is_said_is_heard_and_kept(hands: Hands, tmp_path: Path, speech: Path) -> None:
    hands.office.calls_in()
    reports(hands, RingingChanged)
    hands.under.board.seize(TRUNK)
    hands.office.is_seized()
    hands.alice.lifts()
    slots = [hands.under.board.timeslot(port) for port in (TRUNK, STATION)]
    hands.under.engine.connect(*slots)
    hands.bench.passes(0.5)
    hands.alice.says(speech, wait=False)
    hands.office.hears("speech")
    hands.office.says(speech, wait=False)
    hands.alice.hears("speech")
    hands.bench.passes(4.0)
    hands.alice.hears("silence")
    for actor in (hands.alice, hands.office):
        actor.save_ear(tmp_path / "ear.wav")
        heard, rate = soundfile.read(tmp_path / "ear.wav", dtype="int16")
        assert rate == 8000
        assert np.abs(heard).max() > 1000
    before = len(heard)
    hands.bench.passes(1.0)
    hands.office.save_ear(tmp_path / "ear.wav")
    assert soundfile.info(tmp_path / "ear.wav").frames >= before + 7500


def test_a_wrong_move_says_what_is_wrong(hands: Hands, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="can't hang up: not lifted"):
        hands.alice.hangs_up()
    hands.alice.lifts()
    with pytest.raises(AssertionError, match="can't lift it: lifted already"):
        hands.alice.lifts()
    with pytest.raises(ValueError, match="no key 'x'"):
        hands.alice.dials("1x")
    with pytest.raises(ValueError, match="rotary"):
        hands.alice.dials("#", pulse=True)
    with pytest.raises(ValueError, match="can't tell 'stutter'; it knows busy, dial"):
        hands.alice.hears("stutter")
    with pytest.raises(ValueError, match=r"nowhere.wav"):
        hands.alice.says(tmp_path / "nowhere.wav")
    with pytest.raises(AssertionError, match=r"cabled to port 0 at .* is idle"):
        hands.office.answers()
    with pytest.raises(AssertionError, match="expected a call to speak in"):
        hands.office.says(tmp_path / "x.wav")
    with pytest.raises(NotAvailableError, match=r"port 0:5 .* no cable to an office port"):
        hands.bench.telephone(5)
    with pytest.raises(NotAvailableError, match=r"port 0:4 .* no cable to a telephone port"):
        hands.bench.office(STATION)


def test_what_the_peer_can_not_do_it_says(hands: Hands) -> None:
    info = hands.bench.peer.board.info
    assert info is not None
    hands.office.info = replace(
        info.ports[0], capabilities=info.ports[0].capabilities & ~Capability.CALLER_ID_TX
    )
    with pytest.raises(BoardOperationError, match=r"can't speak to an on-hook line \(no caller id"):
        hands.office.calls_in("5551234")


# Offices


def test_an_office_gives_dial_tone_takes_the_number_and_answers(hands: Hands) -> None:
    hands.under.board.seize(TRUNK)
    hands.office.is_seized()
    hands.bench.passes(1.0)
    keys = hands.under.engine.open_digits("5551234")
    hands.plays(TRUNK, keys)
    hands.office.receives("5551234")
    hands.bench.passes(5.0)
    assert hands.office.state is OfficeState.RINGBACK
    hands.office.answers()
    hands.office.hears("silence")
    hands.office.hangs_up()
    assert not reports(hands, BatteryChanged).present
    hands.under.board.release(TRUNK)
    hands.office.is_free()


def test_an_office_reverses_where_that_is_its_habit() -> None:
    for hands in hands_of(habits=OfficeHabits(answer_reversal=True, open_loop_ms=0)):
        hands.under.board.seize(TRUNK)
        hands.office.is_seized()
        hands.bench.passes(0.5)
        hands.under.board.pulse(TRUNK, "42")
        hands.office.receives("42")
        hands.office.answers()
        assert reports(hands, PolarityChanged).reversed
        hands.office.hangs_up()
        hands.bench.passes(1.0)
        assert hands.office.state is OfficeState.ENDING
        hands.under.board.release(TRUNK)
        hands.office.is_free()


def test_an_office_tells_who_calls_after_the_first_ring(hands: Hands) -> None:
    hands.under.engine.detect(hands.under.board.timeslot(TRUNK), Detect.CALLER_ID)
    hands.office.calls_in("8055554567", "CAROL JONES")
    hands.office.hears("ringback")
    reports(hands, RingingChanged)
    assert b"8055554567" in reports(hands, CallerIdHeard, within_s=5.0).message
    hands.office.stops_calling()
    assert hands.office.state is OfficeState.IDLE


def test_a_line_that_is_left_waiting_is_locked_out(hands: Hands) -> None:
    hands.under.board.seize(TRUNK)
    hands.office.is_seized()
    hands.bench.passes(16.0)
    assert hands.office.state is OfficeState.LOCKED_OUT
    with pytest.raises(AssertionError, match=r"expected the digits 1 .* giving reorder"):
        hands.office.receives("1", 0.1)


def test_the_table_is_whole() -> None:
    by_the_line = {E.SEIZED, E.RELEASED, E.DIGIT, E.DUE}
    every = {(state, event) for state in OfficeState for event in E}
    assert not TRANSITIONS.keys() & IGNORED
    missing = every - TRANSITIONS.keys() - IGNORED
    assert not {event for _, event in missing} & by_the_line


# The bench


def test_cables_are_read() -> None:
    assert parse_cables("4=0, 5=1,0=4") == {4: 0, 5: 1, 0: 4}


@pytest.mark.parametrize("text", ["", "4", "4=", "=0", "a=0", "4=0,4=1", "4=0,5=0", "4=0,,5=1"])
def test_wrong_cables_are_refused(text: str) -> None:
    with pytest.raises(AddressError, match="cables"):
        parse_cables(text)


def test_a_cable_to_no_port_is_refused(hands: Hands) -> None:
    with pytest.raises(BoardOperationError, match="has no port 12 to cable"):
        Bench(hands.bench.peer, {4: 12})


def test_a_peer_that_goes_is_told(hands: Hands) -> None:
    hands.stage.faults(1).closes()
    with pytest.raises(NotAvailableError, match="the peer, is gone: link closed"):
        hands.bench.passes(1.0)
