# SPDX-License-Identifier: MIT
"""Voice, silence and who answered, told by the engine; recordings that it ends and trims."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from dsp import Detect, Engine, EngineArgumentError
from dsp.events import AnsweredBy, EngineEvent, PortDone, SilenceHeard, VoiceHeard
from dsp.levels import peak_of
from dsp.recorder import RecordingRules
from dsp.vad import FRAME, Greeting, VoiceDetector
from tests.dsp.test_engine import read_clip, write_clip

Samples = npt.NDArray[np.int16]
SETS = ("scalar", "base", "avx2", "avx512", "neon")
LEAD, TAIL = 2400, 3200
TRIMMED = RecordingRules(trim_start=True, trim_end=True)


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine(threaded=False, timeslots=64) as engine:
        yield engine


def hush(seconds: float, seed: int = 1) -> Samples:
    """A quiet room."""
    return np.rint(np.random.default_rng(seed).normal(0, 5, round(seconds * 8000))).astype(np.int16)


def words(seconds: float, dbm0: float = -22.0) -> Samples:
    """Syllables of 250 ms, 100 ms apart, over the room."""
    t = np.arange(round(seconds * 8000))
    voice = sum(np.sin(2 * np.pi * 140 * h * t / 8000) for h in range(1, 9)) / 8**0.5
    wave = peak_of(dbm0) * voice * (t % 2800 < 2000)
    return np.rint(wave).astype(np.int16) + hush(seconds, 2)


def call(*parts: Samples) -> Samples:
    """Join, to whole ticks."""
    whole = np.concatenate(parts)
    return whole[: len(whole) // 80 * 80]


def runs(engine: Engine, seconds: float) -> list[EngineEvent]:
    events: list[EngineEvent] = []
    for _ in range(round(seconds / 0.005)):
        engine.tick()
        events += engine.events()
    return events


def recorded(
    engine: Engine, folder: Path, said: Samples, rules: RecordingRules, seconds: float | None = None
) -> tuple[Samples, list[str], float]:
    """Record what is said, close, and return the file, why it ended, and when that was told."""
    player = engine.open_player(write_clip(folder / "in.wav", said))
    recorder = engine.open_recorder(folder / "out.wav", rules)
    engine.listen(recorder, player)
    events = runs(engine, len(said) / 8000 if seconds is None else seconds)
    engine.close_port(recorder)
    events += engine.events()
    done = [e for e in events if isinstance(e, PortDone) and e.port == recorder]
    return read_clip(folder / "out.wav"), [e.reason for e in done], done[-1].at


def spans(said: Samples) -> tuple[int, int]:
    """Where a trimmed recording begins and ends, by the single detector's syllables."""
    detector, syllables = VoiceDetector(), []
    for end in range(FRAME, len(said) + 1, FRAME):
        detector.feed(said[end - FRAME : end])
        if detector.quiet_ms == 0:
            syllables.append(end)
    return max(syllables[0] - LEAD, 0), min(syllables[-1] + TAIL, len(said))


@pytest.mark.parametrize("name", SETS)
def test_voice_and_silence_are_told_when_they_are_certain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("ALTIWARE_SIMD", name)
    clip = write_clip(tmp_path / "in.wav", call(hush(1.2), words(1.0), hush(2.0), words(1.0)))
    with Engine(threaded=False, timeslots=64) as engine:
        port = engine.open_player(clip)
        engine.detect(port, Detect.VOICE, silence_ms=600)
        events = [e for e in runs(engine, 5.2) if not isinstance(e, PortDone)]
    kinds = [type(event) for event in events]
    assert kinds == [SilenceHeard, VoiceHeard, SilenceHeard, AnsweredBy, VoiceHeard]
    silence, voice, pause, answered, again = events
    assert silence == SilenceHeard(0.6, port, 600)
    assert voice.at == pytest.approx(1.24, abs=0.011)
    assert isinstance(answered, AnsweredBy)
    assert answered.greeting is Greeting.PERSON
    assert pause.at == pytest.approx(2.15 + 0.6, abs=0.1)  # the last syllable ends at 2.15 s
    assert again.at == pytest.approx(4.24, abs=0.011)


def test_every_lane_hears_what_a_detector_alone_would_hear(engine: Engine, tmp_path: Path) -> None:
    clips = [call(hush(0.1 * i), words(0.7), hush(1.5), words(0.3), hush(1)) for i in range(1, 20)]
    ports = {}
    for i, clip in enumerate(clips):
        port = engine.open_player(write_clip(tmp_path / f"{i}.wav", clip))
        engine.detect(port, Detect.VOICE, silence_ms=500)
        ports[port] = clip
    events = runs(engine, 5.6)
    for port, clip in ports.items():
        told = [
            (type(e), round(e.at * 8000))
            for e in events
            if isinstance(e, VoiceHeard | SilenceHeard) and e.port == port
        ]
        padded = np.concatenate([clip, np.zeros(44_800 - len(clip), np.int16)])
        assert told == turns(padded, 500)


def turns(said: Samples, silence_ms: int) -> list[tuple[type[EngineEvent], int]]:
    """The same by the single detector."""
    detector, told = VoiceDetector(), list[tuple[type[EngineEvent], int]]()
    for end in range(FRAME, len(said) + 1, FRAME):
        detector.feed(said[end - FRAME : end])
        now = told[-1][0] if told else None
        if detector.quiet_ms == 0 and now is not VoiceHeard:
            told.append((VoiceHeard, end))
        elif detector.quiet_ms >= silence_ms and now is not SilenceHeard:
            told.append((SilenceHeard, end))
    return told


def test_a_conference_is_listened_to_as_a_whole(engine: Engine, tmp_path: Path) -> None:
    room = engine.open_conference(3)
    clip = call(hush(0.5), words(0.8), hush(2))
    player = engine.open_player(write_clip(tmp_path / "in.wav", clip))
    engine.join(room, player)
    engine.detect(room, Detect.VOICE)
    events = [e for e in runs(engine, 3.0) if not isinstance(e, PortDone)]
    assert [type(e) for e in events] == [VoiceHeard, AnsweredBy, SilenceHeard]
    assert {e.port for e in events} == {room}  # type: ignore[attr-defined]


def test_what_was_not_asked_for_is_not_told(engine: Engine, tmp_path: Path) -> None:
    port = engine.open_player(write_clip(tmp_path / "in.wav", words(1.0)))
    engine.detect(port, Detect.VOICE)
    engine.detect(port, Detect.NONE)
    assert [type(e) for e in runs(engine, 1.5)] == [PortDone]
    with pytest.raises(EngineArgumentError, match="silence of 5 ms: allowed are 10 to 3600000"):
        engine.detect(port, Detect.VOICE, silence_ms=5)


def test_a_recording_ends_with_silence_and_says_so_once(engine: Engine, tmp_path: Path) -> None:
    said = call(hush(0.5), words(1.0), hush(4))
    heard, reasons, at = recorded(engine, tmp_path, said, RecordingRules(silence_s=2.0))
    assert reasons == ["silence"]
    assert at == pytest.approx(1.45 + 2.0, abs=0.1)
    assert len(heard) == round(at * 8000)
    assert np.array_equal(heard, said[: len(heard)])


def test_nobody_ever_speaks(engine: Engine, tmp_path: Path) -> None:
    rules = RecordingRules(silence_s=1.5, trim_start=True, trim_end=True)
    heard, reasons, at = recorded(engine, tmp_path, hush(3), rules)
    assert (len(heard), reasons, at) == (0, ["silence"], 1.5)


@pytest.mark.parametrize("most", [0.5, 0.50025, 1.2])
def test_a_recording_ends_at_its_length_to_the_sample(
    engine: Engine, tmp_path: Path, most: float
) -> None:
    said = words(2)
    heard, reasons, at = recorded(engine, tmp_path, said, RecordingRules(most_s=most))
    assert reasons == ["length"]
    assert np.array_equal(heard, said[: round(most * 8000)])
    assert at == pytest.approx(most, abs=0.0051)


def test_silence_before_and_after_is_left_out_exactly(engine: Engine, tmp_path: Path) -> None:
    said = call(hush(2.3), words(1.4), hush(0.7), words(0.5), hush(3))
    begin, end = spans(said)
    heard, reasons, _ = recorded(engine, tmp_path, said, TRIMMED)
    assert reasons == ["recorded"]
    assert np.array_equal(heard, said[begin:end])
    assert 2.3 - 0.31 < begin / 8000 < 2.3
    assert 4.9 < end / 8000 < 4.9 + 0.45


def test_one_end_alone_is_trimmed(engine: Engine, tmp_path: Path) -> None:
    said = call(hush(1), words(1), hush(1))
    begin, end = spans(said)
    heard, _, _ = recorded(engine, tmp_path, said, RecordingRules(trim_start=True))
    assert np.array_equal(heard, said[begin:])
    heard, _, _ = recorded(engine, tmp_path, said, RecordingRules(trim_end=True))
    assert np.array_equal(heard, said[:end])


def test_who_speaks_at_once_and_to_the_end_loses_nothing(engine: Engine, tmp_path: Path) -> None:
    said = call(words(1.97))
    heard, _, _ = recorded(engine, tmp_path, said, TRIMMED)
    assert np.array_equal(heard, said)


def test_the_length_is_that_of_the_trimmed_recording(engine: Engine, tmp_path: Path) -> None:
    said = call(hush(1), words(3))
    begin, _ = spans(said)
    for most in (0.2, 1.0):
        rules = RecordingRules(most_s=most, trim_start=True, trim_end=True)
        heard, reasons, _ = recorded(engine, tmp_path, said, rules)
        assert reasons == ["length"]
        kept = np.concatenate([heard, said[begin + len(heard) : begin + round(most * 8000)]])
        assert np.array_equal(kept, said[begin : begin + round(most * 8000)])


def test_many_recordings_at_once_are_trimmed_each_by_itself(engine: Engine, tmp_path: Path) -> None:
    calls = []
    for i in range(20):
        said = call(hush(0.2 + 0.13 * i), words(0.6 + 0.05 * i), hush(3.0 - 0.1 * i))
        player = engine.open_player(write_clip(tmp_path / f"in{i}.wav", said))
        recorder = engine.open_recorder(tmp_path / f"out{i}.wav", TRIMMED)
        engine.listen(recorder, player)
        calls.append((said, recorder))
    runs(engine, 6.0)
    for i, (said, recorder) in enumerate(calls):
        engine.close_port(recorder)
        begin, end = spans(np.concatenate([said, np.zeros(48_000 - len(said), np.int16)]))
        assert np.array_equal(read_clip(tmp_path / f"out{i}.wav"), said[begin:end])


def test_the_port_of_an_ended_recording_can_be_closed_and_used_again(
    engine: Engine, tmp_path: Path
) -> None:
    for _ in range(70):
        recorder = engine.open_recorder(tmp_path / "out.wav", RecordingRules(most_s=0.01))
        events = runs(engine, 0.03)
        assert [(e.port, e.reason) for e in events if isinstance(e, PortDone)] == [
            (recorder, "length")
        ]
        engine.close_port(recorder)
    assert engine.counters().refused == 0


def test_rules_out_of_range_are_refused() -> None:
    with pytest.raises(EngineArgumentError, match=r"silence_s 0\.1: allowed are 0\.3 to 86400"):
        RecordingRules(silence_s=0.1)
    with pytest.raises(EngineArgumentError, match="most_s 0: allowed are"):
        RecordingRules(most_s=0)


DIES = """
import sys, os, signal
from pathlib import Path
from dsp import Engine
from tests.dsp.test_engine_voice import TRIMMED, runs
with Engine(threaded=False, timeslots=16) as engine:
    player = engine.open_player(Path(sys.argv[1]))
    engine.listen(engine.open_recorder(Path(sys.argv[2]), TRIMMED), player)
    runs(engine, 5.0)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_whoever_dies_has_every_word_but_the_last_half_second(tmp_path: Path) -> None:
    said = call(hush(1), words(1), hush(1.5), words(2))
    write_clip(tmp_path / "in.wav", said)
    died = subprocess.run(
        [sys.executable, "-c", DIES, str(tmp_path / "in.wav"), str(tmp_path / "out.wav")],
        check=False,
        timeout=60,
    )
    assert died.returncode == -signal.SIGKILL
    begin, _ = spans(said)
    raw = np.frombuffer((tmp_path / "out.wav").read_bytes()[44:], "<i2")
    assert np.array_equal(raw, said[begin : begin + len(raw)])
    assert begin + len(raw) > 5.0 * 8000 - 4040
    assert len(read_clip(tmp_path / "out.wav")) > len(raw) - 12_040  # as its header says
