# SPDX-License-Identifier: MIT
"""What a second thread gains: ``engine_threads_gain``, wall time of a tick with one over with two.

Two engines of 1,024 all-on ports take turns, tick by tick, so that a busy machine is unfair to
both; the figure is the median of such pairs.  They run by SCHED_FIFO where that is allowed, as the
engine's own threads do: else a thread that is held up in the middle of its share holds up the tick.
A second thread gains only what the other processor has to spare: rounds in which other programs
took least are kept, and ``engine_threads_others_pct`` says how much of one processor that was.
"""

import os
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

from dsp import Engine
from tests.bench.bench_dsp import CHANNELS, TICKS, _connected, _echoing, _frame
from tests.dsp.wire import Wire
from tests.figure import Figure

THREADS: Final = (1, 2)
ROUNDS: Final = 24
PAIRS: Final = 50
KEPT: Final = 4
PRIORITY: Final = 20
CLOCK_HZ: Final = os.sysconf("SC_CLK_TCK")


def _engine(stack: ExitStack, threads: int) -> tuple[Engine, list[Wire]]:
    made_for = {"timeslots": CHANNELS, "echo_channels": CHANNELS, "echo_tail_ms": 20}
    engine = stack.enter_context(Engine(threaded=False, threads=threads, **made_for))
    ports, wires = _connected(engine)
    for port in ports:
        engine.echo(port, 20)
    return engine, wires


def _tick_us(engine: Engine, wires: list[Wire], frame: bytes) -> float:
    """Let all boards say a frame; return the wall time of the tick that it makes."""
    for wire in wires:
        wire.near.sendall(frame)
    engine.poll()
    for wire in wires:
        wire.near.recv(65536)
    engine.events()
    return engine.counters().tick_us


def _busy_s() -> float:
    """Return the time that all processors were not idle, since the machine's start."""
    words = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    user, nice, system, _, _, irq, soft = map(int, words[:7])
    return (user + nice + system + irq + soft) / CLOCK_HZ


def _round(engines: list[tuple[Engine, list[Wire]]], frames: list[bytes]) -> tuple[float, float]:
    """Return how much of a processor others took, and the gain: the median of pairs."""
    begun, busy, ours = time.monotonic(), _busy_s(), time.process_time()
    gains = []
    for frame in frames:
        one, two = (_tick_us(engine, wires, frame) for engine, wires in engines)
        gains.append(one / two)
    others = (_busy_s() - busy - (time.process_time() - ours)) / (time.monotonic() - begun)
    return max(others, 0.0), statistics.median(gains)


@contextmanager
def _first() -> Iterator[None]:
    """Let this thread, and those that it starts, go before other programs."""
    with suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(PRIORITY))
    try:
        yield
    finally:
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


def measure() -> Iterator[Figure]:
    """Yield the gain, and what the rounds that it comes from were disturbed by."""
    said = _echoing()
    with ExitStack() as stack:
        stack.enter_context(_first())
        engines = [_engine(stack, threads) for threads in THREADS]
        _round(engines, [_frame(i, said[i]) for i in range(TICKS)])  # the cancellers settle
        starts = [TICKS + number * PAIRS for number in range(ROUNDS)]
        rounds = [
            _round(engines, [_frame(i, said[i % TICKS]) for i in range(at, at + PAIRS)])
            for at in starts
        ]
    kept = sorted(rounds)[:KEPT]
    others, gains = ([each[i] for each in kept] for i in (0, 1))
    yield Figure("engine_threads_gain", statistics.median(gains), "times")
    yield Figure("engine_threads_others_pct", 100 * statistics.median(others), "%")
