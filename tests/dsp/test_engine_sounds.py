# SPDX-License-Identifier: MIT
"""What ports say by themselves (tones, digits, caller ID), and what the engine hears in it."""

import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from dsp import Detect, Engine, EngineArgumentError, Levels
from dsp.callerid import CallerId, CallerIdStandard, mdmf
from dsp.events import (
    CallerIdHeard,
    DigitEnded,
    DigitHeard,
    EngineEvent,
    PortDone,
    ToneEnded,
    ToneHeard,
)
from dsp.progress import plan_of
from dsp.tones import COUNTRIES, ToneName, tone

Samples = npt.NDArray[np.int16]


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine(threaded=False, timeslots=64) as engine:
        yield engine


def runs(engine: Engine, seconds: float) -> list[EngineEvent]:
    events: list[EngineEvent] = []
    for _ in range(round(seconds / 0.005)):
        engine.tick()
        events += engine.events()
    return events


def recorded(engine: Engine, port: int, path: Path, seconds: float) -> Samples:
    recorder = engine.open_recorder(path)
    engine.listen(recorder, port)
    runs(engine, seconds)
    engine.close_port(recorder)
    with wave.open(str(path), "rb") as file:
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")


def test_a_tone_begins_within_one_tick(engine: Engine, tmp_path: Path) -> None:
    recorder = engine.open_recorder(tmp_path / "out.wav")
    runs(engine, 0.1)
    dial = engine.open_tone(COUNTRIES["us"].tones[ToneName.DIAL])
    engine.listen(recorder, dial)
    runs(engine, 0.1)
    engine.close_port(recorder)
    with wave.open(str(tmp_path / "out.wav"), "rb") as file:
        heard = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
    assert len(heard) == 1600
    assert not heard[:800].any()
    assert np.abs(heard[800:840]).max() > 1000


def test_a_cadence_is_exact_to_the_sample(engine: Engine, tmp_path: Path) -> None:
    busy = engine.open_tone(tone("480+620 500/250", -10))
    heard = recorded(engine, busy, tmp_path / "out.wav", 1.5).reshape(2, 6000)
    assert not heard[:, 4000:].any()
    assert np.abs(heard[:, :4000].reshape(2, 20, 200)).max(axis=2).min() > 3000


def test_a_finite_tone_ends_and_says_so_once(engine: Engine) -> None:
    confirm = engine.open_tone(COUNTRIES["us"].tones[ToneName.CONFIRM])
    done = [event for event in runs(engine, 1.0) if isinstance(event, PortDone)]
    assert [(event.port, event.reason) for event in done] == [(confirm, "ended")]
    assert done[0].at == pytest.approx(0.6, abs=0.006)


def test_digits_that_one_port_sends_are_heard_there(engine: Engine) -> None:
    port = engine.open_digits("0123456789*#ABCD", on_ms=60, off_ms=60)
    engine.detect(port, Detect.DIGITS)
    events = runs(engine, 2.0)
    heard = [event for event in events if isinstance(event, DigitHeard)]
    ended = [event for event in events if isinstance(event, DigitEnded)]
    assert "".join(event.key for event in heard) == "0123456789*#ABCD"
    assert "".join(event.key for event in ended) == "0123456789*#ABCD"
    assert all(50 <= event.duration_ms <= 70 for event in ended)
    assert all(abs(event.level_dbm0 - -8) < 1.5 for event in heard)
    assert all(at.at == pytest.approx(0.12 * n, abs=0.06) for n, at in enumerate(heard))


def test_nothing_is_heard_unless_it_was_asked_for(engine: Engine) -> None:
    port = engine.open_digits("123")
    engine.detect(port, Detect.DIGITS | Detect.LEVEL)
    engine.detect(port, Detect.NONE)
    assert [type(event) for event in runs(engine, 1.0)] == [PortDone]
    assert engine.levels(port).receive_peak == 0


def test_listening_for_more_does_not_disturb_what_is_being_heard(engine: Engine) -> None:
    port = engine.open_digits("7", on_ms=500)
    engine.detect(port, Detect.DIGITS)
    events = runs(engine, 0.2)
    engine.detect(port, Detect.DIGITS | Detect.LEVEL)
    events += runs(engine, 0.5)
    assert [type(event) for event in events] == [DigitHeard, DigitEnded, PortDone]


@pytest.mark.parametrize("code", ["us", "uk", "de", "jp"])
@pytest.mark.parametrize("name", [ToneName.DIAL, ToneName.RINGBACK, ToneName.BUSY])
def test_the_tones_of_a_country_are_heard_by_their_names(
    engine: Engine, code: str, name: ToneName
) -> None:
    office = COUNTRIES[code]
    port = engine.open_tone(office.tones[name])
    engine.detect(port, Detect.PROGRESS, plan_of(office))
    events = runs(engine, 14.0)
    heard = [(e.port, e.tone) for e in events if isinstance(e, ToneHeard)]
    assert heard == [(port, name.value)]
    assert not [event for event in events if isinstance(event, ToneEnded)]


def test_call_progress_needs_a_plan(engine: Engine) -> None:
    (port,) = engine.open_board_ports(1)
    with pytest.raises(EngineArgumentError, match="give a plan"):
        engine.detect(port, Detect.PROGRESS)


def test_a_message_during_a_call_has_no_seizure(engine: Engine) -> None:
    message = mdmf(CallerId("5551234"))
    port = engine.open_caller_id(message, CallerIdStandard.BELL202, in_call=True)
    engine.detect(port, Detect.CALLER_ID)
    heard = [event for event in runs(engine, 0.5) if isinstance(event, CallerIdHeard)]
    assert [event.message for event in heard] == [message[:-1]]
    assert heard[0].at < 80 / 1200 + 10 * len(message) / 1200 + 0.02


@pytest.mark.parametrize("standard", CallerIdStandard)
def test_a_caller_id_message_arrives_whole(engine: Engine, standard: CallerIdStandard) -> None:
    message = mdmf(CallerId("5551234", "ALICE"))
    port = engine.open_caller_id(message, standard)
    engine.detect(port, Detect.CALLER_ID, standard=standard)
    events = runs(engine, 2.0)
    assert [event.message for event in events if isinstance(event, CallerIdHeard)] == [message[:-1]]
    assert [event.reason for event in events if isinstance(event, PortDone)] == ["ended"]


def test_levels_are_measured_in_both_directions(engine: Engine) -> None:
    speaker = engine.open_tone(tone("1000", -20))
    listener = engine.open_conference(1)
    engine.listen(listener, speaker, -6.02)
    engine.detect(speaker, Detect.LEVEL)
    engine.detect(listener, Detect.LEVEL)
    runs(engine, 1.0)
    levels = engine.levels(speaker)
    assert levels.receive_dbm0 == pytest.approx(-20, abs=0.1)
    assert levels.receive_peak == pytest.approx(2283, abs=5)
    assert levels.send_dbm0 == pytest.approx(-99, abs=0.1)
    assert engine.levels(listener).send_dbm0 == pytest.approx(-26, abs=0.1)


def test_a_level_that_is_not_measured_is_silence(engine: Engine) -> None:
    speaker = engine.open_tone(tone("1000", -20))
    silence = Levels(-99, 0, -99, 0)
    assert engine.levels(speaker) == silence
    engine.detect(speaker, Detect.LEVEL)
    assert engine.levels(speaker) == silence
    runs(engine, 1.0)
    assert engine.levels(speaker).receive_dbm0 == pytest.approx(-20, abs=0.1)
    engine.detect(speaker, Detect.NONE)
    assert engine.levels(speaker) == silence
    engine.close_port(speaker)
    assert engine.levels(speaker) == silence


def test_what_a_source_cannot_send_is_refused_with_what_is_allowed(engine: Engine) -> None:
    for digits in ("", "12a", "E", "1" * 65):
        with pytest.raises(EngineArgumentError, match="allowed are 1 to 64 of 0-9"):
            engine.open_digits(digits)
    with pytest.raises(EngineArgumentError, match="on_ms 0: allowed are 1 to 10000"):
        engine.open_digits("1", on_ms=0)
    with pytest.raises(EngineArgumentError, match="allowed are -60 to 3 dBm0"):
        engine.open_digits("1", level_dbm0=4)
    with pytest.raises(EngineArgumentError, match="allowed are 1 to 258"):
        engine.open_caller_id(b"", CallerIdStandard.V23)
    assert engine.open_ports() == []
    assert engine.counters().refused == 0
