# SPDX-License-Identifier: MIT
"""A tap records both directions of any port, sample for sample."""

import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from dsp import Engine, PortKind
from dsp.events import EngineStuck, PortDone
from tests.dsp.wire import Samples

TICKS = 20


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine(threaded=False, timeslots=16) as engine:
        yield engine


def clip(path: Path, seed: int) -> tuple[Path, Samples]:
    samples = np.random.default_rng(seed).integers(-30000, 30000, TICKS * 40, dtype=np.int16)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(samples.astype("<i2").tobytes())
    return path, samples


def directions(path: Path) -> tuple[Samples, Samples]:
    with wave.open(str(path), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, 8000)
        both = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").reshape(-1, 2)
    return both[:, 0], both[:, 1]


@pytest.mark.parametrize("tap_first", [True, False])
def test_a_tap_has_what_a_port_says_and_what_it_hears(
    engine: Engine, tmp_path: Path, tap_first: bool
) -> None:
    (near, says), (far, hears) = clip(tmp_path / "a.wav", 1), clip(tmp_path / "b.wav", 2)
    port, other = engine.open_player(near), engine.open_player(far)
    if not tap_first:
        engine.connect(port, other)
    tap = engine.open_tap(tmp_path / "tap.wav", port)
    if tap_first:
        engine.connect(port, other)
    for _ in range(TICKS):
        engine.tick()
    assert engine.kind(tap) is PortKind.TAP
    assert engine.sources(tap) == [port]
    engine.close_port(tap)
    assert PortDone(TICKS * 0.005, tap, "recorded") in engine.events()
    left, right = directions(tmp_path / "tap.wav")
    assert np.array_equal(left, says)
    assert np.array_equal(right, hears)


def test_a_party_of_a_conference_hears_the_others_and_so_does_its_tap(
    engine: Engine, tmp_path: Path
) -> None:
    (near, _), (far, hears) = clip(tmp_path / "a.wav", 1), clip(tmp_path / "b.wav", 2)
    port, other = engine.open_player(near), engine.open_player(far)
    room = engine.open_conference(2)
    engine.join(room, port)
    engine.join(room, other)
    tap = engine.open_tap(tmp_path / "tap.wav", port)
    for _ in range(TICKS):
        engine.tick()
    engine.close_port(tap)
    heard = directions(tmp_path / "tap.wav")[1]
    assert np.array_equal(heard[40:], hears[40:])  # in the first tick they slide in


def test_when_the_port_is_closed_the_rest_is_silence(engine: Engine, tmp_path: Path) -> None:
    near, says = clip(tmp_path / "a.wav", 1)
    port = engine.open_player(near)
    tap = engine.open_tap(tmp_path / "tap.wav", port)
    for _ in range(5):
        engine.tick()
    engine.close_port(port)
    for _ in range(5):
        engine.tick()
    engine.close_port(tap)
    left, right = directions(tmp_path / "tap.wav")
    assert len(left) == 400
    assert np.array_equal(left[:200], says[:200])
    assert not left[200:].any()
    assert not right.any()


def test_a_stuck_engine_is_told_once_each_time(engine: Engine) -> None:
    engine._arena.memory.counters.stuck = 1
    assert engine.events() == [EngineStuck(0.0)]
    assert engine.events() == []
    assert engine.counters().stuck == 1
