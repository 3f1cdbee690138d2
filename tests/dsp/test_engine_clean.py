# SPDX-License-Identifier: MIT
"""What ports say is cleaned before it is heard: direct current, level, peaks; in virtual time."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from dsp import Detect, Engine, EngineArgumentError, SampleFormat
from dsp.agc import AutomaticGain, DcBlock, Limiter
from dsp.cleaning import Cleaning
from dsp.levels import dbm0_of, peak_of
from dsp.tones import tone
from tests.dsp.test_engine import read_clip, ticks, write_clip
from tests.dsp.wire import Wire

Samples = npt.NDArray[np.int16]
SETS = ("scalar", "base", "avx2", "avx512", "neon")


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine(threaded=False, timeslots=64) as engine:
        yield engine


def talk(seed: int, seconds: float = 6.0, dbm0: float = -30.0) -> Samples:
    """Syllables of 300 ms with pauses of 200 ms, over direct current and a faint noise."""
    rng, t = np.random.default_rng(seed), np.arange(round(seconds * 8000))
    voice = sum(np.sin(2 * np.pi * 170 * h * t / 8000) for h in range(1, 8)) / 7**0.5
    wave = peak_of(dbm0) * voice * (t % 4000 < 2400) + 300 + rng.normal(0, 5, len(t))
    return np.rint(wave).clip(-32768, 32767).astype(np.int16)


def by_blocks(said: Samples, wish: Cleaning) -> Samples:
    """What the single blocks make of it."""
    if wish.dc:
        said = _blockwise(DcBlock(), said)
    if wish.speech_dbm0 is not None:
        said = _blockwise(AutomaticGain(wish.speech_dbm0, wish.most_db), said)
    if wish.ceiling_dbm0 is not None:
        said = _blockwise(Limiter(wish.ceiling_dbm0), said)
    return said


def _blockwise(block: DcBlock | AutomaticGain | Limiter, said: Samples) -> Samples:
    return np.concatenate([block.run(said[i : i + 40]) for i in range(0, len(said), 40)])


WISHES = (
    Cleaning(),
    Cleaning(speech_dbm0=None),
    Cleaning(dc=False, speech_dbm0=-10.0, most_db=30.0, ceiling_dbm0=-12.0),
    Cleaning(dc=True, speech_dbm0=None, ceiling_dbm0=None),
    Cleaning(dc=False, ceiling_dbm0=None),
    Cleaning(dc=False, speech_dbm0=None, ceiling_dbm0=-30.0),
)


@pytest.mark.parametrize("name", SETS)
def test_ports_side_by_side_are_cleaned_as_by_single_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("ALTIWARE_SIMD", name)
    said = [talk(i, 2.0, -40.0 + 2 * i) for i in range(20)]
    with Engine(threaded=False, timeslots=64) as engine:
        recorders = []
        for i, samples in enumerate(said):
            player = engine.open_player(write_clip(tmp_path / f"{i}.wav", samples))
            engine.clean(player, WISHES[i % len(WISHES)])
            recorders.append(engine.open_recorder(tmp_path / f"{i}-heard.wav"))
            engine.listen(recorders[-1], player)
        ticks(engine, 400)
        for recorder in recorders:
            engine.close_port(recorder)
    for i, samples in enumerate(said):
        heard = read_clip(tmp_path / f"{i}-heard.wav")
        assert np.array_equal(heard, by_blocks(samples, WISHES[i % len(WISHES)]))


def test_quiet_speech_is_heard_at_its_level_without_direct_current(
    engine: Engine, tmp_path: Path
) -> None:
    player = engine.open_player(write_clip(tmp_path / "in.wav", talk(1)))
    engine.clean(player, Cleaning(speech_dbm0=-20.0, most_db=15.0))
    recorder = engine.open_recorder(tmp_path / "out.wav")
    engine.listen(recorder, player)
    ticks(engine, 1200)
    engine.close_port(recorder)
    heard = read_clip(tmp_path / "out.wav")[40016:42416]
    assert dbm0_of(heard) == pytest.approx(-20, abs=2)
    assert abs(float(heard.mean())) < 20
    assert engine.automatic_gain_db(player) == pytest.approx(10, abs=2)


def test_what_is_wanted_is_read_back(engine: Engine) -> None:
    port = engine.open_board_ports(1)[0]
    assert engine.cleaning(port) is None
    for wish in (*WISHES, Cleaning(speech_dbm0=-19.7, most_db=9.3, ceiling_dbm0=2.6)):
        engine.clean(port, wish)
        got = engine.cleaning(port)
        assert got is not None
        assert got == Cleaning(wish.dc, wish.speech_dbm0, wish.most_db, wish.ceiling_dbm0)
    engine.clean(port, None)
    assert engine.cleaning(port) is None
    engine.clean(port, Cleaning())
    engine.close_port(port)
    assert engine.cleaning(port) is None


def test_detectors_and_levels_judge_the_line_as_it_is(engine: Engine) -> None:
    port = engine.open_tone(tone("1000", -30))
    ear = engine.open_conference(1)
    engine.listen(ear, port)
    engine.clean(port, Cleaning(speech_dbm0=-10.0, most_db=30.0, ceiling_dbm0=-12.0))
    engine.detect(port, Detect.LEVEL)
    engine.detect(ear, Detect.LEVEL)
    ticks(engine, 1400)
    assert engine.levels(port).receive_dbm0 == pytest.approx(-30, abs=0.1)
    assert engine.levels(ear).send_dbm0 == pytest.approx(-12, abs=0.3)


def test_what_was_wanted_alike_goes_on_undisturbed(engine: Engine, tmp_path: Path) -> None:
    player = engine.open_player(write_clip(tmp_path / "in.wav", talk(2)))
    ear = engine.open_conference(1)
    engine.listen(ear, player)
    engine.clean(player, Cleaning(most_db=10.0))
    ticks(engine, 800)
    gain = engine.automatic_gain_db(player)
    assert gain == pytest.approx(10, abs=0.1)
    engine.clean(player, Cleaning(most_db=10.0, ceiling_dbm0=-3.0))
    assert engine.automatic_gain_db(player) == gain
    engine.clean(player, Cleaning(most_db=9.0))
    assert engine.automatic_gain_db(player) == 0


def test_a_port_at_rest_begins_anew(engine: Engine, tmp_path: Path) -> None:
    player = engine.open_board_ports(1)[0]
    wire, ear = Wire(), engine.open_recorder(tmp_path / "out.wav")
    engine.clean(player, Cleaning(ceiling_dbm0=0.0, speech_dbm0=None))
    link = engine.open_link(wire.descriptor, [player], sample_format=SampleFormat.S16LE, clock=True)
    engine.listen(ear, player)
    said = talk(3, 0.05)
    for i in range(5):
        wire.send_pcm(said[40 * i : 40 * i + 40])
        engine.poll()
    engine.unlisten(ear, player)
    engine.poll()
    wire.send_pcm(said[:40])
    engine.poll()
    engine.listen(ear, player)
    for i in range(5):
        wire.send_pcm(said[40 * i : 40 * i + 40])
        engine.poll()
    engine.close_port(ear)
    engine.close_link(link)
    heard = read_clip(tmp_path / "out.wav")
    assert heard[:200].any()
    assert np.array_equal(heard[:200], heard[-200:])


def test_a_board_that_stops_bringing_is_silent(engine: Engine, tmp_path: Path) -> None:
    player = engine.open_board_ports(1)[0]
    wire, ear = Wire(), engine.open_recorder(tmp_path / "out.wav")
    engine.clean(player, Cleaning(dc=False))
    link = engine.open_link(wire.descriptor, [player], sample_format=SampleFormat.S16LE, clock=True)
    engine.listen(ear, player)
    for _ in range(4):
        wire.send_pcm(np.full(40, 9000, np.int16))
        engine.poll()
    engine.close_link(link)
    ticks(engine, 20)
    engine.close_port(ear)
    heard = read_clip(tmp_path / "out.wav")
    assert heard[100:120].all()
    assert not heard[-400:].any()


def test_what_cannot_be_is_refused_with_what_is_allowed(engine: Engine) -> None:
    with pytest.raises(EngineArgumentError, match="speech_dbm0 1: allowed are -40 to 0"):
        Cleaning(speech_dbm0=1)
    with pytest.raises(EngineArgumentError, match="most_db 31: allowed are 0 to 30"):
        Cleaning(most_db=31)
    with pytest.raises(EngineArgumentError, match=r"ceiling_dbm0 4: allowed are -40 to 3\.14"):
        Cleaning(ceiling_dbm0=4)
    room = engine.open_conference(4)
    engine.clean(room, Cleaning())
    assert engine.cleaning(room) is None
    assert engine.counters().refused == 1


def test_lanes_are_given_back(engine: Engine) -> None:
    for _ in range(3):
        ports = engine.open_board_ports(60)
        for port in ports:
            engine.clean(port, Cleaning())
        assert all(engine.cleaning(port) == Cleaning() for port in ports)
        for port in ports:
            engine.close_port(port)
    assert engine.counters().refused == 0
