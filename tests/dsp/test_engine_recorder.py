# SPDX-License-Identifier: MIT
"""Recorders that pause, and that go on in a file that is there, in virtual time."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from dsp import Engine, EngineArgumentError
from dsp.events import PortDone
from dsp.recorder import RecordingRules
from dsp.recording import import_wav
from tests.dsp.test_engine import noise, read_clip, ticks, write_clip


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine(threaded=False, timeslots=16) as engine:
        yield engine


def reasons(engine: Engine) -> list[str]:
    return [event.reason for event in engine.events() if isinstance(event, PortDone)]


def test_what_is_heard_in_a_pause_is_not_in_the_recording(engine: Engine, tmp_path: Path) -> None:
    said = noise(1, 4000)
    player = engine.open_player(write_clip(tmp_path / "in.wav", said))
    recorder = engine.open_recorder(tmp_path / "out.wav")
    tap = engine.open_tap(tmp_path / "tap.wav", player)
    engine.listen(recorder, player)
    for paused in (False, True, True, False, True):
        for port in (recorder, tap):
            engine.pause_recording(port, paused=paused)
        ticks(engine, 10)
    engine.close_port(recorder)
    engine.close_port(tap)
    kept = np.concatenate([said[:400], said[1200:1600]])
    assert np.array_equal(read_clip(tmp_path / "out.wav"), kept)
    assert (tmp_path / "tap.wav").stat().st_size == 44 + 4 * 800
    assert reasons(engine) == ["recorded", "recorded"]


def test_silence_is_counted_anew_after_a_pause(engine: Engine, tmp_path: Path) -> None:
    recorder = engine.open_recorder(tmp_path / "out.wav", RecordingRules(silence_s=1.0))
    ticks(engine, 180)
    engine.pause_recording(recorder)
    ticks(engine, 400)
    engine.pause_recording(recorder, paused=False)
    ticks(engine, 190)
    assert reasons(engine) == []
    ticks(engine, 20)
    assert reasons(engine) == ["silence"]


def test_only_what_records_can_pause(engine: Engine, tmp_path: Path) -> None:
    engine.pause_recording(engine.open_player(tmp_path / "none.wav"))
    assert engine.counters().refused == 1


@pytest.mark.parametrize("times", [1, 3])
def test_a_recording_goes_on_behind_what_the_file_has(
    engine: Engine, tmp_path: Path, times: int
) -> None:
    path, parts = tmp_path / "out.wav", []
    for number in range(times + 1):
        parts.append(noise(number, 1200))
        player = engine.open_player(write_clip(tmp_path / f"in{number}.wav", parts[-1]))
        recorder = engine.open_recorder(path, append=True)
        engine.listen(recorder, player)
        ticks(engine, 30)
        engine.close_port(recorder)
        engine.close_port(player)
    assert np.array_equal(read_clip(path), np.concatenate(parts))
    assert reasons(engine) == ["recorded"] * (times + 1)


def test_rules_are_about_what_is_added_and_an_imported_file_can_be_added_to(
    engine: Engine, tmp_path: Path
) -> None:
    path = tmp_path / "out.wav"
    import_wav(write_clip(tmp_path / "in.wav", noise(1, 5000)), path)
    engine.open_recorder(path, RecordingRules(most_s=0.1, trim_end=True), append=True)
    ticks(engine, 30)
    assert reasons(engine) == ["length"]
    added = read_clip(path)
    assert np.array_equal(added[:5000], noise(1, 5000))
    assert not added[5000:].any()
    assert len(added) == 5800


def test_what_the_header_does_not_speak_of_is_cut_off_before_more_is_added(
    engine: Engine, tmp_path: Path
) -> None:
    path = write_clip(tmp_path / "out.wav", noise(1, 1000))
    path.write_bytes(path.read_bytes() + b"torn")
    recorder = engine.open_recorder(path, append=True)
    ticks(engine, 10)
    engine.close_port(recorder)
    assert np.array_equal(read_clip(path), np.pad(noise(1, 1000), (0, 400)))


@pytest.mark.parametrize("content", [b"RIFF", b"x" * 100, b"\0" * 44])
def test_nothing_is_added_to_a_file_that_is_no_recording_and_it_stays(
    engine: Engine, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "other.wav"
    path.write_bytes(content)
    recorder = engine.open_recorder(path, append=True)
    ticks(engine, 2)
    engine.close_port(recorder)
    ticks(engine, 2)
    assert reasons(engine) == ["unwritable"]
    assert path.read_bytes() == content
    with pytest.raises(EngineArgumentError):
        engine.pause_recording(-1)
