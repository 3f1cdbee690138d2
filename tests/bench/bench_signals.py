# SPDX-License-Identifier: MIT
"""MF receivers and detectors of special tones that one core runs, and ports that listen for all.

``dsp_mf_*`` and ``dsp_special_*`` are sixteen lanes in the middle of signals, ``_idle_`` lines
where people talk, as they nearly always do; both in the best instruction set.  ``_single_`` is one
receiver by itself.  spandsp's is its receiver of R1, that takes the same signals in pieces of half
a second, so that what it costs to call it from here does not count.

``engine_signals_channels`` is ports of the engine, in its tick, that listen for caller ID, MF and
special tones while somebody talks without a pause, ``_idle_`` while nobody does; its reference is
the same engine with single receivers.
"""

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from dsp import Detect, Engine
from dsp.mf import MfSender, MfStandard
from tests.accuracy.accuracy_mf import DECLARATIONS
from tests.accuracy.spandsp import library
from tests.dsp.test_engine import write_clip
from tests.figure import Figure

ROOT: Final = Path(__file__).resolve().parents[2]
ROUNDS: Final = 5
NS_OF_A_SAMPLE: Final = 125_000
BEST_LAST: Final = ("base", "neon", "avx2", "avx512")
PORTS: Final = 512
TICKS: Final = 200
WANTED: Final = Detect.CALLER_ID | Detect.MF_R1 | Detect.SPECIAL


def _ours() -> dict[str, float]:
    """Return ns by "NAME SET"."""
    program = "../build/native/bench_signals"
    subprocess.run(
        ["make", "-s", "-C", str(ROOT / "native"), program], capture_output=True, check=True
    )
    ran = subprocess.run(
        [str(ROOT / "native" / program)], capture_output=True, text=True, check=True
    )
    rows = [line.rsplit(" ", 1) for line in ran.stdout.splitlines()]
    return {name: float(ns) for name, ns in rows}


def _spandsp() -> float | None:
    """Return ns of a sample in the peer's receiver of R1."""
    loaded = library(DECLARATIONS)
    if loaded is None:
        return None
    ffi, lib = loaded
    ignore, took = ffi.callback("digits", lambda *_: None), []
    state = lib.bell_mf_rx_init(ffi.NULL, ignore, ffi.NULL)
    pcm = MfSender(MfStandard.R1, "1234", level_dbm0=-10.0).read(4000)
    for _ in range(40):
        before = time.thread_time_ns()
        lib.bell_mf_rx(state, ffi.from_buffer("int16_t[]", pcm), len(pcm))
        took.append(time.thread_time_ns() - before)
    lib.bell_mf_rx_free(state)
    return statistics.median(took) / len(pcm)


def _engine_ns(clip: Path, instruction_set: str | None) -> float:
    """Return ns of a tick for each sample and port, without what it takes to play the clip."""
    before = os.environ.pop("ALTIWARE_SIMD", None)
    if instruction_set is not None:
        os.environ["ALTIWARE_SIMD"] = instruction_set
    try:
        return _ticks(clip, WANTED) - _ticks(clip, Detect.NONE)
    finally:
        os.environ.pop("ALTIWARE_SIMD", None)
        if before is not None:
            os.environ["ALTIWARE_SIMD"] = before


def _ticks(clip: Path, wanted: Detect) -> float:
    took = []
    with Engine(threaded=False, timeslots=PORTS) as engine:
        for _ in range(PORTS):
            engine.detect(engine.open_player(clip, loop=True), wanted)
        for _ in range(TICKS):
            busy = engine.counters().busy_s
            engine.tick()
            took.append((engine.counters().busy_s - busy) * 1e9)
            engine.events()
    return statistics.median(took[20:]) / (PORTS * 40)


def _clips(folder: Path) -> Iterator[tuple[str, Path]]:
    """Write a voice that never pauses, and a quiet line."""
    rng, t = np.random.default_rng(3), np.arange(16000) / 8000
    hz = 300 + 200 * np.sin(2 * np.pi * 0.7 * t)
    voice = 2500 * np.sin(2 * np.pi * np.cumsum(hz) / 8000) + rng.normal(0, 300, len(t))
    for name, wave in (("signals", voice), ("signals_idle", rng.normal(0, 8, len(t)))):
        yield name, write_clip(folder / f"{name}.wav", np.rint(wave).astype(np.int16))


def _engine_figure(name: str, clip: Path) -> Figure:
    lanes, single = [], []
    for _ in range(ROUNDS):
        lanes.append(_engine_ns(clip, None))
        single.append(_engine_ns(clip, "scalar"))
    return Figure(
        f"engine_{name}_channels",
        NS_OF_A_SAMPLE / statistics.median(lanes),
        "channels",
        "reference",
        NS_OF_A_SAMPLE / statistics.median(single),
    )


def measure() -> Iterator[Figure]:
    """Measure all; ours and the peer's take turns."""
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(_ours())
        theirs.append(_spandsp())
    ns = {name: statistics.median(one[name] for one in ours) for name in ours[0]}
    best = next(name for name in reversed(BEST_LAST) if f"mf_busy {name}" in ns)
    known = [value for value in theirs if value is not None]
    peer = statistics.median(known) if known else None
    for figure, row in (
        ("mf", f"mf_busy {best}"),
        ("mf_idle", f"mf_idle {best}"),
        ("mf_single", "mf_single scalar"),
        ("special", f"special_busy {best}"),
        ("special_idle", f"special_idle {best}"),
        ("special_single", "special_single scalar"),
    ):
        rival = peer if figure.startswith("mf") else None
        named = "spandsp" if rival else None
        yield Figure(f"dsp_{figure}_ns", ns[row], "ns", named, rival)
        channels = NS_OF_A_SAMPLE / rival if rival else None
        yield Figure(
            f"dsp_{figure}_channels", NS_OF_A_SAMPLE / ns[row], "channels", named, channels
        )
    with tempfile.TemporaryDirectory() as folder:
        for name, clip in _clips(Path(folder)):
            yield _engine_figure(name, clip)
