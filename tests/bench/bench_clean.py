# SPDX-License-Identifier: MIT
"""What cleans and judges a port's sound, ns a sample and channel of sixteen side by side.

``dsp_dcblock_ns``, ``dsp_agc_ns``, ``dsp_limiter_ns`` and ``dsp_vad_ns`` are kernels in a loop
(native/bench/bench_clean.c) in the best instruction set, beside our own scalar reference in the
same run; a copy of the samples, for blocks that work in place, is in both.  ``engine_clean_ns`` and
``engine_voice_ns`` are what the engine's tick takes longer when all of 1,024 ports that play are
cleaned by all three blocks, or listened to for voice.
"""

import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from dsp import Detect, Engine
from dsp.cleaning import Cleaning
from tests.dsp.test_engine import write_clip
from tests.figure import Figure

ROOT: Final = Path(__file__).resolve().parents[2]
ROUNDS: Final = 3
BEST_LAST: Final = ("base", "neon", "avx2", "avx512")
BLOCKS: Final = ("dcblock", "agc", "limiter", "vad")
PORTS: Final = 1024
TICKS: Final = 200


def _kernels() -> dict[str, float]:
    """Return ns by "NAME SET"."""
    program = "../build/native/bench_clean"
    subprocess.run(
        ["make", "-s", "-C", str(ROOT / "native"), program], capture_output=True, check=True
    )
    ran = subprocess.run(
        [str(ROOT / "native" / program)], capture_output=True, text=True, check=True
    )
    rows = [line.rsplit(" ", 1) for line in ran.stdout.splitlines()]
    return {name: float(ns) for name, ns in rows}


def _tick_ns(clip: Path, what: Detect, cleaning: Cleaning | None) -> float:
    """Time of a tick, a sample and port."""
    with Engine(threaded=False, timeslots=PORTS) as engine:
        for _ in range(PORTS):
            port = engine.open_player(clip, loop=True)
            engine.clean(port, cleaning)
            engine.detect(port, what)
        took, busy = [], 0.0
        for _ in range(TICKS):
            engine.tick()
            now = engine.counters().busy_s
            took.append(now - busy)
            busy = now
            engine.events()
    return statistics.median(took[20:]) * 1e9 / (40 * PORTS)


def _engine(clip: Path) -> tuple[float, float]:
    plain = _tick_ns(clip, Detect.NONE, None)
    cleaned = _tick_ns(clip, Detect.NONE, Cleaning(ceiling_dbm0=-20.0))
    return cleaned - plain, _tick_ns(clip, Detect.VOICE, None) - plain


def measure() -> Iterator[Figure]:
    """Measure all."""
    rounds = [_kernels() for _ in range(ROUNDS)]
    ns = {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}
    sets = [name for name in BEST_LAST if f"agc {name}" in ns]
    for block in BLOCKS:
        for suffix, name in [("", sets[-1]), *((f"_{name}", name) for name in sets)]:
            reference = ns[f"{block} scalar"]
            yield Figure(
                f"dsp_{block}_ns{suffix}", ns[f"{block} {name}"], "ns", "reference", reference
            )
    said = np.rint(np.random.default_rng(1).normal(0, 2000, 8000)).astype(np.int16)
    with tempfile.TemporaryDirectory() as folder:
        clip = write_clip(Path(folder) / "said.wav", said)
        cost = [_engine(clip) for _ in range(ROUNDS)]
    for name, values in zip(("clean", "voice"), zip(*cost, strict=True), strict=True):
        yield Figure(f"engine_{name}_ns", statistics.median(values), "ns")
