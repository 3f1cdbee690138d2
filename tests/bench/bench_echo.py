# SPDX-License-Identifier: MIT
"""The echo canceller, ns a sample and channel, in a full group; beside the bounds we set ourselves.

Speech-like far ends and their echoes, a second long, again and again: the filters have converged,
and start anew where the second ends.  ``learning``: every lane is opened anew each second, so none
rests.  Beside it OSLEC, built -O3 -march=native, or else spandsp, where it can be had.
"""

import time
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from dsp.echo import BLOCK, LANES, EchoGroup, EchoWant
from dsp.native import ffi, lib
from tests.accuracy.echo_peers import peers
from tests.bench.clock import microseconds
from tests.figure import Figure

SECOND = 8000
BOUNDS = {20: 7.0, 32: None, 64: None, 128: 14.0}
PEER_TAPS = {20: 128, 128: 1024}
"Powers of two, as OSLEC was measured; 128 are 16 ms."
Floats = npt.NDArray[np.float32]


def _lines() -> tuple[Floats, Floats]:
    """Far ends and echoes of a group, [sample][lane]."""
    rng = np.random.default_rng(1)
    syllables = np.abs(np.sin(np.arange(SECOND) * 4 * np.pi / SECOND))[:, None]
    far = rng.normal(size=(SECOND, LANES)) * 3000 * syllables
    path = rng.normal(size=(80, LANES)) * np.exp(-np.arange(80) / 16)[:, None] * 0.05
    near = [np.convolve(far[:, lane], path[:, lane])[:SECOND] for lane in range(LANES)]
    noise = rng.normal(size=(SECOND, LANES)) * 20
    return np.rint(far).astype(np.float32), (np.stack(near, 1) + noise).astype(np.float32)


def _cpu_us(work: Callable[[], object], *, calls: int) -> float:
    return microseconds(work, calls=calls, clock=time.process_time)


def _open(group: EchoGroup, tail_ms: int) -> None:
    for lane in range(LANES):
        group.open(lane, tail_ms, EchoWant.NLP | EchoWant.DISABLER)


def _group_ns(tail_ms: int, far: Floats, near: Floats, *, learning: bool = False) -> float:
    """What a call from Python costs is measured with a group of closed lanes and taken off."""
    busy, idle = EchoGroup(tail_ms), EchoGroup(tail_ms)
    _open(busy, tail_ms)
    rows = [
        tuple(ffi.cast("float *", ffi.from_buffer(x[at : at + BLOCK])) for x in (far, near))
        for at in range(0, SECOND, BLOCK)
    ]
    out = ffi.new("float[]", BLOCK * LANES)

    def second(group: EchoGroup) -> None:
        for f, n in rows:
            lib.aw_echo_process(group.handle, f, n, out)

    def anew() -> None:
        _open(busy, tail_ms)
        second(busy)

    whole = _cpu_us(anew if learning else lambda: second(busy), calls=3)
    call = _cpu_us(lambda: second(idle), calls=3)
    return (whole - call) * 1000 / (SECOND * LANES)


def _peer_ns(tail_ms: int, far: Floats, near: Floats) -> tuple[str | None, float | None]:
    """Return who is beside us, and a sample's time in one channel of his."""
    found = peers()
    if not found:
        return None, None
    feed = found[0].new(PEER_TAPS[tail_ms], nlp=True)
    rows = [np.ascontiguousarray(x[:, 0].astype(np.int16)) for x in (far, near)]
    return found[0].name, _cpu_us(lambda: feed(*rows), calls=1) * 1000 / SECOND


def measure() -> Iterator[Figure]:
    """Measure all tails."""
    far, near = _lines()
    for tail_ms in PEER_TAPS:
        ns = _group_ns(tail_ms, far, near, learning=True)
        yield Figure(f"dsp_ec{tail_ms}_learning_ns", ns, "ns", *_peer_ns(tail_ms, far, near))
    for tail_ms, bound in BOUNDS.items():
        peer = "bound" if bound else None
        yield Figure(f"dsp_ec{tail_ms}_ns", _group_ns(tail_ms, far, near), "ns", peer, bound)
