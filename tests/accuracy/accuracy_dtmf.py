# SPDX-License-Identifier: MIT
"""DTMF at the limits of ITU-T Q.24 and ETSI ES 201 235-3, beside spandsp on the same samples.

Every point is 400 bursts (1,000 in noise) of random key, phase and alignment; a burst is right when
its key is heard, and nothing else.  A limit that is searched for is the last point before the first
that isn't perfect.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from dsp.dtmf import DtmfReceiver
from dsp.pcm import Samples
from tests.accuracy.bursts import LAYOUT, Burst, line
from tests.accuracy.spandsp import dtmf_keys
from tests.figure import Figure

BURSTS: Final = 400
NOISE_BURSTS: Final = 1000
STEP: Final = 0.001
"Of deviation: 0.1 %."
FIRST_STEP: Final = 5
LAST_STEP: Final = 52
"Beyond that a tone is nearer to its neighbour."
SILENT_STEPS: Final = 6
"Without a key, after which a deviation is taken for refused for good."

Receiver = Callable[[Samples], str]


@dataclass(frozen=True, slots=True)
class Point:
    """Shares of one receiver's bursts."""

    right: float
    heard: float
    "The key sent, whatever else."
    twice: float
    "The key sent, twice."


def _point(
    burst: Burst, ears: Sequence[Receiver], keys: str = LAYOUT, count: int = BURSTS
) -> list[Point]:
    rng = np.random.default_rng(1)
    tally = np.zeros((len(ears), 3))
    for key in rng.choice(list(keys), count):
        said = line(burst, key, rng)
        for i, ear in enumerate(ears):
            heard = ear(said)
            tally[i] += heard == key, key in heard, heard == 2 * key
    return [Point(*row) for row in (tally / count).tolist()]


def _ours(said: Samples) -> str:
    return DtmfReceiver().keys(said)


def _edges(group: int, tone: int, sign: int, ears: Sequence[Receiver]) -> list[tuple[float, float]]:
    """Return each receiver's last deviation all accepted, and first from which none is, in %."""
    row, column = (tone, -1) if group == 0 else (-1, tone)
    keys = "".join(k for i, k in enumerate(LAYOUT) if row == i // 4 or column == i % 4)
    good, reject, silent = [0.0] * len(ears), [99.0] * len(ears), 0
    perfect = [True] * len(ears)
    for step in range(FIRST_STEP, LAST_STEP + 1):
        off = {"low_off" if group == 0 else "high_off": sign * step * STEP}
        points = _point(Burst(-17, -17, **off), ears, keys)
        for i, point in enumerate(points):
            perfect[i] = perfect[i] and point.right == 1
            good[i] = 100 * step * STEP if perfect[i] else good[i]
            reject[i] = 99 if point.heard else min(reject[i], 100 * step * STEP)
        silent = 0 if any(point.heard for point in points) else silent + 1
        if silent == SILENT_STEPS:
            break
    return list(zip(good, reject, strict=True))


def _bandwidth(ears: Sequence[Receiver]) -> tuple[list[float], list[float]]:
    """Return the worst of all eight frequencies in both directions."""
    all_edges = [_edges(g, t, s, ears) for g in (0, 1) for t in range(4) for s in (1, -1)]
    accept = [min(edge[i][0] for edge in all_edges) for i in range(len(ears))]
    return accept, [max(edge[i][1] for edge in all_edges) for i in range(len(ears))]


def _last(
    steps: Sequence[float],
    at: Callable[[float], Burst],
    ears: Sequence[Receiver],
    holds: Callable[[Point], bool],
) -> list[float]:
    """Return for each receiver the last step before one fails; NaN if the first does."""
    last, holding = [float("nan")] * len(ears), [True] * len(ears)
    for step in steps:
        if not any(holding):
            break
        for i, point in enumerate(_point(at(step), ears)):
            holding[i] = holding[i] and holds(point)
            last[i] = step if holding[i] else last[i]
    return last


def _all_right(point: Point) -> bool:
    return point.right == 1


def _limits(ears: Sequence[Receiver]) -> Iterator[tuple[str, str, list[float]]]:
    accept, reject = _bandwidth(ears)
    yield "dtmf_worst_accept_pct", "%", accept
    yield "dtmf_worst_reject_pct", "%", reject
    twists = [x / 2 for x in range(2, 30)]
    forward = _last(twists, lambda x: Burst(-8, -8 - x), ears, _all_right)
    yield "dtmf_twist_forward_db", "dB", forward
    reverse = _last(twists, lambda x: Burst(-8 - x, -8), ears, _all_right)
    yield "dtmf_twist_reverse_db", "dB", reverse
    for name, dbm0 in (("loudest", range(-10, 4)), ("faintest", range(-25, -50, -1))):
        limits = _last(dbm0, lambda x: Burst(x, x, on_ms=40), ears, _all_right)
        yield f"dtmf_{name}_dbm0", "dBm0", limits
    on = Burst(on_ms=15)
    never = _last(range(15, 40), lambda x: replace(on, on_ms=x), ears, lambda p: p.heard == 0)
    yield "dtmf_never_ms", "ms", never
    always = _last(range(50, 15, -1), lambda x: replace(on, on_ms=x), ears, _all_right)
    yield "dtmf_always_ms", "ms", always
    bridged = _last(range(1, 60), lambda x: Burst(on_ms=100 + x, break_ms=x), ears, _all_right)
    yield "dtmf_bridged_ms", "ms", bridged
    two = _last(
        range(50, 5, -1), lambda x: Burst(on_ms=100 + x, break_ms=x), ears, lambda p: p.twice == 1
    )
    yield "dtmf_two_digits_ms", "ms", two


def _shares() -> Iterator[tuple[str, Burst, int]]:
    yield "break_10ms", Burst(on_ms=110, break_ms=10), BURSTS
    for snr in (15, 9, 6):
        yield f"snr{snr}", Burst(noise_dbm0=-10 - snr), NOISE_BURSTS
    for dial in (20, 16, 10, 6, 4):
        yield f"dial_minus{dial}", Burst(dial_dbm0=-dial), BURSTS
    for echo in (5, 10, 15, 20):
        yield f"echo_{echo}ms", Burst(echo_ms=echo), BURSTS
    yield "third_tone_minus16", Burst(third_dbm0=-26), BURSTS
    off = {"low_off": 0.015, "high_off": -0.015}
    yield "combined_twist8", Burst(-10, -18, **off, on_ms=40, noise_dbm0=-33), NOISE_BURSTS
    yield "combined_twist4", Burst(-14, -10, **off, on_ms=40, noise_dbm0=-29), NOISE_BURSTS


def _latency_ms() -> Iterator[float]:
    rng = np.random.default_rng(11)
    for key in rng.choice(list(LAYOUT), BURSTS):
        receiver, said = DtmfReceiver(), line(Burst(on_ms=100), key, rng)
        start = int(np.flatnonzero(said)[0])
        at = next(i for i in range(0, len(said), 8) if receiver.feed(said[i : i + 8]))
        yield (at + 8 - start) / 8


def measure() -> Iterator[Figure]:
    """Measure all."""
    peer = dtmf_keys()
    ears = [_ours, peer] if peer else [_ours]
    named = "spandsp" if peer else None
    for name, unit, limits in _limits(ears):
        yield Figure(name, limits[0], unit, named, limits[1] if peer else None)
    for name, burst, count in _shares():
        right = [100 * point.right for point in _point(burst, ears, count=count)]
        yield Figure(f"dtmf_{name}_pct", right[0], "%", named, right[1] if peer else None)
    latency = list(_latency_ms())
    yield Figure("dtmf_latency_median_ms", float(np.median(latency)), "ms")
    yield Figure("dtmf_latency_max_ms", max(latency), "ms")
