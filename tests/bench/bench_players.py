# SPDX-License-Identifier: MIT
"""Players: how soon 96 of them are heard that are ordered at once, and what each costs.

``player_start_*_ms`` is engine time from the last tick before the order to the end of the tick that
says the first sample of a list of three clips, on an engine with its own threads: 5 ms is the very
next tick, whenever in it the order came.  ``player_ns`` is CPU time per sample and player of a
manual engine, so of its ticks and of what the file thread does, less that of the same engine with
nothing to do: at speed 1, and at 1.5.  ``dsp_wsola_ns`` is the stretching alone, per sample heard,
the way from and to Python included.  8,000 samples a second: 125 ns are 0.1 % of a core.
"""

import select
import statistics
import tempfile
import time
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from dsp import TICK_S, Engine
from dsp.events import PortDone
from dsp.pcm import RATE_HZ, Samples
from dsp.wsola import stretched
from tests.bench.clock import microseconds
from tests.figure import Figure

PLAYERS: Final = 96
CLIPS: Final = 3
CLIP_SAMPLES: Final = 2000
RUNS: Final = 5
TICKS: Final = 400
START_MS: Final = 20.0
PLAYER_NS: Final = 25.0
FAST_NS: Final = 125.0
WITHIN_S: Final = 30.0


def _voice(count: int) -> Samples:
    """Return something with a pitch that glides and syllables: 80 to 240 Hz, four a second."""
    at = np.arange(count) / RATE_HZ
    phase = 2 * np.pi * (160 * at + 80 / (2 * np.pi * 0.3) * np.sin(2 * np.pi * 0.3 * at))
    buzz = sum(np.sin(phase * k) / k for k in range(1, 12))
    return np.round(4000 * buzz * np.abs(np.sin(2 * np.pi * 2 * at))).astype(np.int16)


def _write(path: Path, samples: Samples) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(samples.tobytes())
    return path


def _start_ms(clips: list[Path]) -> list[float]:
    with Engine() as engine:
        ordered = {engine.open_player(clips): engine.now for _ in range(PLAYERS)}
        length_s = CLIPS * CLIP_SAMPLES / RATE_HZ
        late: list[float] = []
        while len(late) < PLAYERS and select.select([engine.fileno()], [], [], WITHIN_S)[0]:
            for event in engine.events():
                assert isinstance(event, PortDone)
                assert event.reason == "ended"
                said = event.at - length_s  # whole ticks, and the one after the last tells
                late.append((said - ordered[event.port]) * 1e3)
        assert len(late) == PLAYERS
        assert engine.counters().late_files == 0
        return late


def _cpu_ns(clips: list[Path], players: int, speed: float) -> float:
    with Engine(threaded=False) as engine:
        for _ in range(players):
            engine.open_player(clips, loop=True, speed=speed)
        for _ in range(TICKS // 4):
            engine.tick()
        begun = time.thread_time()
        for _ in range(TICKS):
            engine.tick()
        return (time.thread_time() - begun) * 1e9 / (TICKS * TICK_S * RATE_HZ)


def _player_ns(clips: list[Path], speed: float) -> float:
    runs = [_cpu_ns(clips, PLAYERS, speed) - _cpu_ns(clips, 0, speed) for _ in range(RUNS)]
    return statistics.median(runs) / PLAYERS


def measure() -> Iterator[Figure]:
    """Yield starts over all runs, and costs."""
    said = _voice(CLIPS * 8 * RATE_HZ)
    with tempfile.TemporaryDirectory() as folder:
        short, long = (
            [
                _write(Path(folder) / f"{samples}-{i}.wav", said[i * samples :][:samples])
                for i in range(CLIPS)
            ]
            for samples in (CLIP_SAMPLES, 8 * RATE_HZ)
        )
        starts = [each for _ in range(RUNS) for each in _start_ms(short)]
        normal_ns, fast_ns = _player_ns(long, 1.0), _player_ns(long, 1.5)
    yield Figure("player_start_p50_ms", statistics.median(starts), "ms")
    yield Figure("player_start_p99_ms", float(np.quantile(starts, 0.99)), "ms", "bound", START_MS)
    yield Figure("player_start_max_ms", max(starts), "ms")
    yield Figure("player_ns", normal_ns, "ns", "bound", PLAYER_NS)
    yield Figure("player_speed_1_5_ns", fast_ns, "ns", "bound", FAST_NS)
    heard = len(stretched(said, 1.5))
    alone_us = microseconds(lambda: stretched(said, 1.5), calls=1, clock=time.thread_time)
    yield Figure("dsp_wsola_ns", alone_us * 1e3 / heard, "ns")
