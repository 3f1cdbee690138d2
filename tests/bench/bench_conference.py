# SPDX-License-Identifier: MIT
"""Conferences of the engine, ns per party and sample, beside the bare kernel in the same run.

1,024 parties in rooms of 32 or of 256: what the tick takes, less what that of an engine with the
same ports and nobody in a room does.  ``dsp_conference_tick_ns`` is the kernel alone, a tick of
256 parties at a call.
"""

import statistics
from collections.abc import Iterator
from typing import Final

from dsp import Engine
from dsp.native import ffi, lib
from dsp.pcm import pointer, samples_of
from tests.bench.clock import microseconds
from tests.figure import Figure

PARTIES: Final = 1024
TICK: Final = 40
TICKS: Final = 2000
BOUND_NS: Final = 0.2 / 0.7
"""70 % of what the kernel alone must do."""


def _tick_us(size: int, loudest: int = 0) -> float:
    """Return a tick's time with rooms of ``size``; 0: without any."""
    with Engine(threaded=False, timeslots=2048) as engine:
        ports = engine.open_board_ports(PARTIES)
        for first in range(0, PARTIES if size else 0, size or 1):
            room = engine.open_conference(loudest=loudest)
            for port in ports[first : first + size]:
                engine.join(room, port)
        engine.tick()
        engine.tick()
        times = []
        for _ in range(TICKS):
            engine.tick()
            times.append(engine.counters().tick_us)
        return statistics.median(times)


def _kernel_ns(parties: int) -> float:
    """Return what the kernel alone takes for a tick, the call from Python taken off."""
    said, heard = samples_of(parties * TICK), samples_of(parties * TICK)
    room = ffi.new("aw_mix_party[]", parties)
    for place, row in enumerate(room):
        setattr(row, "in", pointer(said[place * TICK :]))
        row.out = pointer(heard[place * TICK :])
        setattr(row, "from", lib.AW_MIX_UNITY)
        row.to = lib.AW_MIX_UNITY
    mix = lib.aw_mix_minus
    whole = microseconds(lambda: mix(room, parties, TICK), calls=5000)
    call = microseconds(lambda: mix(room, 0, TICK), calls=5000)
    return (whole - call) * 1000 / (parties * TICK)


def measure() -> Iterator[Figure]:
    """Measure rooms of two sizes, and gated ones."""
    idle = _tick_us(0)
    yield Figure("dsp_conference_tick_ns", _kernel_ns(256), "ns", "bound", 0.2)
    for name, size, loudest in (
        ("engine_conference_ns", 32, 0),
        ("engine_conference_256_ns", 256, 0),
        ("engine_conference_loudest_ns", 32, 3),
    ):
        took = (_tick_us(size, loudest) - idle) * 1000 / (PARTIES * TICK)
        bound = None if loudest else "bound"
        yield Figure(name, took, "ns", bound, None if loudest else BOUND_NS)
