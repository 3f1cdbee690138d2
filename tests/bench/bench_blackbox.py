# SPDX-License-Identifier: MIT
"""What it costs to keep the last ten seconds of each line, both ways (altiware.blackbox).

``blackbox_keep_us`` is the engine's CPU for one port and second of keeping; its reference is that
of the same ports, which play to each other, without keeping.  The two engines take turns, tick by
tick, after both have gone once around their rings, so that all memory has been touched.
"""

import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np

from dsp import Engine
from tests.dsp.test_engine import write_clip
from tests.figure import Figure

PORTS: Final = 240
KEPT_S: Final = 10
TICKS_A_S: Final = 200
AROUND: Final = (KEPT_S + 1) * TICKS_A_S
MEASURED: Final = 10 * TICKS_A_S


def _playing(clip: Path, *, keeps: bool) -> Engine:
    """Return an engine whose ports play to each other, kept or not."""
    engine = Engine(threaded=False, keep_ports=PORTS if keeps else 0, keep_s=KEPT_S)
    ports = [engine.open_player(clip, loop=True) for _ in range(PORTS)]
    for a, b in zip(ports[::2], ports[1::2], strict=True):
        engine.connect(a, b)
    if keeps:
        for port in ports:
            engine.keep(port)
    return engine


def _tick_ns(engine: Engine) -> int:
    before = time.thread_time_ns()
    engine.tick()
    took = time.thread_time_ns() - before
    engine.events()
    return took


def measure() -> Iterator[Figure]:
    """Measure both, tick by tick in turns."""
    wave = np.random.default_rng(4).normal(0, 2000, 16000)
    took: tuple[list[int], list[int]] = ([], [])
    with TemporaryDirectory() as folder:
        clip = write_clip(Path(folder) / "noise.wav", np.rint(wave).astype(np.int16))
        with _playing(clip, keeps=True) as keeping, _playing(clip, keeps=False) as plain:
            for tick in range(AROUND + MEASURED):
                for engine, ns in zip((keeping, plain), took, strict=True):
                    one = _tick_ns(engine)
                    if tick >= AROUND:
                        ns.append(one)
    with_, without = (statistics.median(each) * TICKS_A_S / PORTS / 1000 for each in took)
    yield Figure("blackbox_keep_us", with_ - without, "us", "reference", without)
