# SPDX-License-Identifier: MIT
"""Two people who talk at once, in pairs of five languages: echo taken out, and speech left whole.

One side's voice comes back 12 dB down over the lines D.2 to D.9, mu-law, with the processor on.
"""

from collections.abc import Iterator
from itertools import permutations
from statistics import median

import numpy as np

from dsp.echo import EchoCanceller, EchoWant
from dsp.pcm import RATE_HZ, Samples
from tests.accuracy.corpus import LANGUAGES, speech
from tests.accuracy.echo_lines import MODELS, Floats, line, on_the_wire
from tests.figure import Figure

SIZE = 8 * RATE_HZ
STRETCH = 160
LOUD = 1e-3  # within 30 dB of the talker's loudest stretch


def _powers(pcm: Floats) -> Floats:
    return np.asarray((pcm.reshape(-1, STRETCH) ** 2).mean(axis=1))


def _talk(language: str, begin: int) -> Samples:
    return speech(language)[begin * SIZE : (begin + 1) * SIZE]


def _pair(first: Samples, second: Samples, model: int, *, alone: bool) -> tuple[float, Floats]:
    """Return dB by which the echo was reduced, and dB that each loud stretch lost."""
    path = line(model, 12)
    far = np.concatenate([first, first]) if alone else first
    near = second.astype(float)
    said = np.concatenate([np.zeros(SIZE), near]) if alone else near
    echo = np.convolve(on_the_wire(far.astype(float)), path)[: len(far)]
    out = EchoCanceller(32, EchoWant.NLP).feed(
        on_the_wire(far.astype(float)), on_the_wire(echo + said)
    )
    heard = out[-SIZE:].astype(float)
    wanted, left = _powers(near), _powers(heard - near)
    loud = wanted > wanted.max() * LOUD
    lost = -10 * np.log10(_powers(heard)[loud] / wanted[loud] + 1e-9)
    return float(10 * np.log10(_powers(echo[-SIZE:]).sum() / left.sum())), lost


def measure() -> Iterator[Figure]:
    """Measure both: after 8 s of the far end alone, and from the first word."""
    if min(len(speech(language)) for language in LANGUAGES) < 3 * SIZE:
        return
    pairs = list(permutations(LANGUAGES, 2))
    for name, alone in (("busy", True), ("start", False)):
        reduced, lost = [], []
        for i, (one, other) in enumerate(pairs):
            talks = _talk(one, 1), _talk(other, 2)
            db, losses = _pair(*talks, MODELS[i % len(MODELS)], alone=alone)
            reduced.append(db)
            lost.append(losses)
        losses = np.concatenate(lost)
        yield Figure(f"echo_speech_{name}_db", median(reduced), "dB")
        yield Figure(f"echo_speech_{name}_worst_db", min(reduced), "dB")
        yield Figure(f"echo_speech_{name}_lost_db", float(losses.max()), "dB")
        yield Figure(f"echo_speech_{name}_muted_pct", float(np.mean(losses > 10) * 100), "%")
