# SPDX-License-Identifier: MIT
"""The bus: ports, switching, conferences, players and recorders, in virtual time."""

import resource
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from dsp import Detect, Engine, EngineArgumentError, EngineFullError
from dsp.events import PortDone

Samples = npt.NDArray[np.int16]


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine(threaded=False, timeslots=1024) as engine:
        yield engine


def write_clip(path: Path, samples: Samples) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(samples.astype("<i2").tobytes())
    return path


def read_clip(path: Path) -> Samples:
    with wave.open(str(path), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 8000)
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")


def noise(seed: int, count: int = 400) -> Samples:
    return np.random.default_rng(seed).integers(-32768, 32767, count, dtype=np.int16)


def ticks(engine: Engine, count: int) -> None:
    for _ in range(count):
        engine.tick()


def heard_by(engine: Engine, port: int, path: Path, count: int) -> Samples:
    """Record what a port says for some ticks."""
    recorder = engine.open_recorder(path)
    engine.listen(recorder, port)
    ticks(engine, count)
    engine.close_port(recorder)
    return read_clip(path)


def test_a_clip_is_recorded_as_it_was_played_sample_for_sample(
    engine: Engine, tmp_path: Path
) -> None:
    clip = noise(1, 4000)
    recorder = engine.open_recorder(tmp_path / "out.wav")
    player = engine.open_player(write_clip(tmp_path / "in.wav", clip))
    engine.listen(recorder, player)
    ticks(engine, 110)
    assert PortDone(0.505, player, "ended") in engine.events()
    engine.close_port(recorder)
    recorded = read_clip(tmp_path / "out.wav")
    assert len(recorded) == 4400
    assert np.array_equal(recorded[:4000], clip)
    assert not recorded[4000:].any()
    assert engine.events() == [PortDone(0.55, recorder, "recorded")]


def test_a_looped_clip_begins_again_and_never_ends(engine: Engine, tmp_path: Path) -> None:
    clip = noise(2, 100)
    player = engine.open_player(write_clip(tmp_path / "in.wav", clip), loop=True)
    heard = heard_by(engine, player, tmp_path / "out.wav", 10)
    assert np.array_equal(heard, np.tile(clip, 4))
    assert not [event for event in engine.events() if event == PortDone(0.0, player, "ended")]


@pytest.mark.parametrize("content", [b"", b"RIFF", b"RIFF\0\0\0\0WAVEdata\xff\xff\xff\xff"])
def test_an_unreadable_clip_is_reported_and_silent(
    engine: Engine, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "bad.wav").write_bytes(content)
    player = engine.open_player(tmp_path / "bad.wav")
    assert not heard_by(engine, player, tmp_path / "out.wav", 2).any()
    assert PortDone(0.005, player, "unreadable") in engine.events()


def test_a_recorder_that_cannot_write_says_so_once(engine: Engine, tmp_path: Path) -> None:
    recorder = engine.open_recorder(tmp_path / "missing" / "out.wav")
    ticks(engine, 3)
    engine.close_port(recorder)
    ticks(engine, 1)
    assert engine.events() == [PortDone(0.005, recorder, "unwritable")]


def test_a_recording_on_a_full_disk_is_what_got_there(engine: Engine, tmp_path: Path) -> None:
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    recorder = engine.open_recorder(tmp_path / "out.wav")
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, usual[1]))
    try:
        ticks(engine, 400)
        engine.close_port(recorder)
        ticks(engine, 1)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert [(e.port, e.reason) for e in engine.events() if isinstance(e, PortDone)] == [
        (recorder, "unwritable")
    ]
    with wave.open(str(tmp_path / "out.wav"), "rb") as file:
        whole = len(file.readframes(file.getnframes())) // 2
        assert whole == file.getnframes() == 8000
    assert (tmp_path / "out.wav").stat().st_size == 44 + 2 * whole


def test_a_conference_as_a_port_says_the_sum_of_all_saturated(
    engine: Engine, tmp_path: Path
) -> None:
    said = [np.concatenate([np.zeros(40, np.int16), noise(seed)]) for seed in (3, 4, 5)]
    room = engine.open_conference(3)
    parties = []
    for number, clip in enumerate(said):
        parties.append(engine.open_player(write_clip(tmp_path / f"in{number}.wav", clip)))
        engine.join(room, parties[-1])
    ear = engine.open_recorder(tmp_path / "ear.wav")
    engine.listen(ear, room)
    ticks(engine, 11)
    engine.close_port(ear)
    whole = np.clip(sum(clip.astype(int) for clip in said), -32768, 32767)
    assert np.array_equal(read_clip(tmp_path / "ear.wav"), whole)
    assert engine.sources(parties[0]) == [room]
    engine.close_port(room)
    assert engine.sources(parties[0]) == []


def test_a_party_that_is_closed_has_left_and_its_timeslot_is_nobodys(tmp_path: Path) -> None:
    with Engine(threaded=False, timeslots=3) as engine:
        room, ear = engine.open_conference(2), engine.open_recorder(tmp_path / "out.wav")
        player = engine.open_player(write_clip(tmp_path / "in.wav", noise(7)), loop=True)
        engine.join(room, player)
        engine.listen(ear, room)
        engine.close_port(player)
        stranger = engine.open_player(tmp_path / "in.wav", loop=True)
        assert stranger & 0xFFFF == player & 0xFFFF
        ticks(engine, 5)
        assert engine.sources(stranger) == []
        engine.close_port(ear)
        assert not read_clip(tmp_path / "out.wav").any()


def test_what_has_ended_is_silent_also_while_it_is_measured(engine: Engine, tmp_path: Path) -> None:
    player = engine.open_player(write_clip(tmp_path / "in.wav", noise(8, 60)))
    engine.detect(player, Detect.LEVEL)
    heard = heard_by(engine, player, tmp_path / "out.wav", 5)
    assert np.array_equal(heard[:60], noise(8, 60))
    assert not heard[60:].any()


def test_a_recording_can_be_read_while_it_grows(engine: Engine, tmp_path: Path) -> None:
    engine.open_recorder(tmp_path / "out.wav")
    ticks(engine, 600)
    assert 8000 <= len(read_clip(tmp_path / "out.wav")) <= 24_000


def test_gain_of_connection_and_ports_multiply_and_saturate(engine: Engine, tmp_path: Path) -> None:
    clip = noise(6)
    player = engine.open_player(write_clip(tmp_path / "in.wav", clip))
    recorder = engine.open_recorder(tmp_path / "out.wav")
    engine.gain(player, receive_db=-6.0)
    engine.gain(recorder, send_db=20.0)
    engine.listen(recorder, player, -6.0)
    ticks(engine, 10)
    engine.close_port(recorder)
    expected = np.clip(clip * 10 ** (8.0 / 20), -32768, 32767)
    assert np.abs(read_clip(tmp_path / "out.wav") - expected).max() <= 10.5


def test_a_fifth_source_is_refused_and_the_four_stay(engine: Engine) -> None:
    listener, *sources = engine.open_board_ports(6)
    for source in sources[:4]:
        engine.listen(listener, source)
    with pytest.raises(EngineFullError, match="listens to 4 ports already"):
        engine.listen(listener, sources[4])
    with pytest.raises(EngineFullError):
        engine.connect(sources[4], listener)
    assert engine.sources(listener) == sources[:4]
    assert engine.sources(sources[4]) == []
    engine.close_port(sources[1])
    engine.listen(listener, sources[4])
    assert engine.sources(listener) == [sources[0], sources[2], sources[3], sources[4]]


def test_a_stale_handle_is_ignored_and_counted(engine: Engine) -> None:
    old, other = engine.open_board_ports(2)
    engine.close_port(old)
    fresh = [*engine.open_board_ports(1022), engine.open_conference(2)]
    assert old not in fresh
    engine.listen(old, other)
    engine.connect(other, old)
    engine.silence(old)
    engine.close_port(old)
    engine.gain(old, receive_db=3)
    engine.join(fresh[-1], old)
    assert engine.counters().stale == 6
    assert engine.sources(other) == []
    assert set(engine.open_ports()) == {other, *fresh}


@pytest.mark.parametrize("wait_s", [-0.001, float("inf"), float("nan")])
def test_nobody_waits_for_ever(engine: Engine, wait_s: float) -> None:
    with pytest.raises(EngineArgumentError, match="allowed are 0 to 3600"):
        engine.poll(wait_s)


def test_options_out_of_range_name_what_is_allowed() -> None:
    with pytest.raises(EngineArgumentError, match=r"threads 17: allowed are 1 to 16"):
        Engine(threaded=False, threads=17)
    with pytest.raises(EngineArgumentError, match=r"echo_tail_ms 4: allowed are 5 to 160"):
        Engine(threaded=False, echo_tail_ms=4)


def test_what_can_never_have_been_a_handle_is_refused(engine: Engine) -> None:
    (port,) = engine.open_board_ports(1)
    for wrong in (0, -1, 5, 1 << 32, 1024 | 1 << 16):
        with pytest.raises(EngineArgumentError, match="not the handle of a port"):
            engine.listen(port, wrong)
    with pytest.raises(EngineArgumentError, match="cannot listen to itself"):
        engine.listen(port, port)
    with pytest.raises(EngineArgumentError, match="allowed are -30 to 30 dB"):
        engine.gain(port, receive_db=31)
    with pytest.raises(EngineArgumentError, match="allowed are 1 to 4096"):
        engine.open_conference(4097)
    with pytest.raises(EngineArgumentError, match="allowed are 1 to 4096"):
        Engine(threaded=False, timeslots=4097)


def test_all_timeslots_can_be_open_and_no_more(engine: Engine) -> None:
    ports = engine.open_board_ports(1024)
    with pytest.raises(EngineFullError, match="all 1024 ports are in use"):
        engine.open_conference(2)
    for port in ports:
        engine.close_port(port)
    assert engine.open_ports() == []


def test_a_pattern_is_found_and_its_errors_counted(engine: Engine) -> None:
    near, far = engine.open_pattern(), engine.open_pattern()
    engine.connect(near, far)
    ticks(engine, 100)
    clean = engine.pattern(far)
    assert clean.synchronised
    assert clean.samples > 3900
    assert clean.errors == 0
    engine.gain(near, receive_db=-1)
    engine.tick()
    assert engine.pattern(far).errors > 30
    engine.gain(near)
    ticks(engine, 10)
    again = engine.pattern(far)
    assert again.synchronised
    assert again.losses == 1


def test_silence_is_not_taken_for_the_pattern(engine: Engine) -> None:
    checker, (silent,) = engine.open_pattern(), engine.open_board_ports(1)
    engine.listen(checker, silent)
    ticks(engine, 10)
    assert not engine.pattern(checker).synchronised


def test_a_closed_engine_says_so() -> None:
    engine = Engine(threaded=False)
    engine.close()
    engine.close()
    with pytest.raises(EngineArgumentError, match="closed"):
        engine.tick()
