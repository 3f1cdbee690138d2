# SPDX-License-Identifier: MIT
"""The bus at its full size: 4,096 timeslots, every one connected.

``engine_4096_connect_us`` is one round in which the engine takes 2,048 orders to connect a pair
and makes the tick in which all of them hear each other; ``engine_4096_tick_us`` a tick of the
half of them playing to the other half, which is what switching and mixing cost;
``engine_4096_pattern_tick_us`` one in which every port makes a pseudo-random pattern and checks
bit for bit what it hears (a measuring tool, not an office's load).  ``engine_vanish_tick_us`` is
the worst tick after 32 boards of 32 ports have vanished together, every port heard: all voices
are carried on (CPU time).  A tick has 5,000 us.
"""

import statistics
import tempfile
import time
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from dsp import MAX_TIMESLOTS, TICK_S, Detect, Engine, SampleFormat
from tests.dsp.wire import Wire
from tests.figure import Figure

BOUND_US: Final = TICK_S * 1e6
TICKS: Final = 400
BOARDS: Final = 32
BOARD_PORTS: Final = 32
SPOKEN: Final = 80
"""Frames before: 400 ms, of which backgrounds are learnt too."""
MISSED: Final = 24
"""Ticks: 120 ms, until the voice has faded into the background."""
VANISHES: Final = 7
VANISH_US: Final = 2000.0


def _clip(path: Path) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        noise = np.random.default_rng(1).integers(-9000, 9000, 800, dtype=np.int16)
        file.writeframes(noise.astype("<i2").tobytes())
    return path


def _ticks_us(engine: Engine) -> float:
    times = []
    for _ in range(TICKS):
        engine.tick()
        times.append(engine.counters().tick_us)
    return statistics.median(times)


def _connect(engine: Engine, near: list[int], far: list[int]) -> float:
    """Order all pairs, then let the engine take the orders and make one tick; return its µs."""
    for a, b in zip(near, far, strict=True):
        engine.connect(a, b)
    begun = time.perf_counter()
    engine.tick()
    took_us = (time.perf_counter() - begun) * 1e6
    assert all(engine.sources(a) == [b] for a, b in zip(near, far, strict=True))
    return took_us


def _playing(clip: Path) -> tuple[float, float]:
    with Engine(threaded=False, timeslots=MAX_TIMESLOTS) as engine:
        half = MAX_TIMESLOTS // 2
        near = [engine.open_player(clip, loop=True) for _ in range(half)]
        far = engine.open_board_ports(half)
        engine.tick()
        took_us = _connect(engine, near, far)
        tick_us = _ticks_us(engine)
        engine.detect(far[-1], Detect.LEVEL)
        for _ in range(20):
            engine.tick()
        assert engine.levels(far[-1]).send_dbm0 > -20
        return took_us, tick_us


def _patterns() -> float:
    with Engine(threaded=False, timeslots=MAX_TIMESLOTS) as engine:
        ports = [engine.open_pattern() for _ in range(MAX_TIMESLOTS)]
        _connect(engine, ports[::2], ports[1::2])
        tick_us = _ticks_us(engine)
        counts = [engine.pattern(port) for port in ports]
        assert all(count.synchronised and not count.errors for count in counts)
        return tick_us


def _vanishing() -> float:
    with Engine(threaded=False) as engine:
        wires = [Wire() for _ in range(BOARDS)]
        for number, wire in enumerate(wires):
            ports = engine.open_board_ports(BOARD_PORTS)
            engine.open_link(
                wire.descriptor, ports, sample_format=SampleFormat.S16LE, clock=number == 0
            )
            for a, b in zip(ports[::2], ports[1::2], strict=True):
                engine.connect(a, b)
        noise = np.random.default_rng(1).integers(-9000, 9000, (BOARD_PORTS, 40), dtype=np.int16)
        for _ in range(SPOKEN):
            for wire in reversed(wires):  # the clock's last
                wire.send_pcm(*noise)
            engine.poll()
            for wire in wires:
                wire.frames()
        times = []
        for _ in range(MISSED):
            begun = time.thread_time()
            engine.tick()
            times.append((time.thread_time() - begun) * 1e6)
        assert engine.link_counters(engine.links()[-1].link).concealed > 0
        return max(times)


def measure() -> Iterator[Figure]:
    """Yield the medians of three runs."""
    with tempfile.TemporaryDirectory() as directory:
        clip = _clip(Path(directory) / "clip.wav")
        runs = [_playing(clip) for _ in range(3)]
    connect_us, tick_us = (statistics.median(each) for each in zip(*runs, strict=True))
    yield Figure("engine_4096_connect_us", connect_us, "us", "bound", BOUND_US)
    yield Figure("engine_4096_tick_us", tick_us, "us", "bound", BOUND_US)
    yield Figure("engine_4096_pattern_tick_us", _patterns(), "us")
    vanish_us = statistics.median(_vanishing() for _ in range(VANISHES))
    yield Figure("engine_vanish_tick_us", vanish_us, "us", "bound", VANISH_US)
