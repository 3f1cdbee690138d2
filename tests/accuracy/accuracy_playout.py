# SPDX-License-Identifier: MIT
"""Playout of packets: PESQ (ITU-T P.862) under loss and a jitter of 60 +- 20 ms, in five languages.

mu-law in packets of 20 ms; the first 8 s let the buffer find its delay and are not judged.  The
bounds are those that the project set itself.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
from pesq import pesq

from dsp.g711 import ulaw_encode
from dsp.jitter import Codec, Playout, PlayoutFigures
from dsp.pcm import RATE_HZ, Samples
from tests.accuracy.accuracy_conceal import CALL, calls
from tests.figure import Figure

FRAME: Final = 160
TICK: Final = 40
MEAN_MS: Final = 60.0
SPREAD_MS: Final = 20.0
BOUNDS: Final = {0.0: None, 0.01: 3.7, 0.03: 3.3, 0.05: 2.9}


def carried(said: Samples, loss: float, seed: int) -> tuple[Samples, PlayoutFigures]:
    """Carry speech over the network; return what was heard."""
    rng = np.random.default_rng(seed)
    count = len(said) // FRAME
    delay = rng.uniform(MEAN_MS - SPREAD_MS, MEAN_MS + SPREAD_MS, count) * 8
    kept = (rng.random(count) >= loss) | (np.arange(count) < 5)
    coming = sorted(((i + 1) * FRAME + int(delay[i]), i) for i in np.flatnonzero(kept).tolist())
    playout, heard = Playout(Codec.ULAW), []
    for now in range(0, len(said) + 4000, TICK):
        while coming and coming[0][0] <= now:
            at, i = coming.pop(0)
            payload = ulaw_encode(said[i * FRAME : (i + 1) * FRAME])
            playout.put(at, i, i * FRAME, payload)
        heard.append(playout.read(now, TICK))
    return np.concatenate(heard), playout.figures


def measure() -> Iterator[Figure]:
    """Score each share of loss."""
    stretches = calls()
    for loss, bound in BOUNDS.items():
        scores, targets = [], []
        for seed, said in enumerate(stretches):
            before = stretches[seed - 1]
            heard, figures = carried(np.concatenate([before, said]), loss, seed)
            judged = heard[CALL + 400 :][: CALL + 800]
            scores.append(pesq(RATE_HZ, said, judged, "nb"))
            targets.append(figures.target_ms)
        name = f"playout_jitter_{loss:.0%}_pesq".replace("%", "_percent")
        named = None if bound is None else "bound"
        yield Figure(name, float(np.mean(scores)), "MOS-LQO", named, bound)
    yield Figure("playout_jitter_target_ms", float(np.mean(targets)), "ms")
