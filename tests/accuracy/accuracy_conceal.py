# SPDX-License-Identifier: MIT
"""Concealment by PESQ (ITU-T P.862, package `pesq`): random losses of 20 ms in people's speech.

Eight stretches of eight seconds in five languages, the same losses for all: ours, spandsp's
concealment, the last frame said again, and silence.  The figures are means.
"""

import statistics
from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
from pesq import pesq

from dsp.conceal import Concealer
from dsp.pcm import RATE_HZ, Samples
from tests.accuracy.corpus import LANGUAGES, speech
from tests.accuracy.spandsp import library
from tests.figure import Figure

DECLARATIONS: Final = """
void *plc_init(void *s);
int plc_rx(void *s, int16_t amp[], int len);
int plc_fillin(void *s, int16_t amp[], int len);
"""
FRAME: Final = 160
STRETCH: Final = 8 * RATE_HZ
PER_LANGUAGE: Final = 2
SHARES: Final = {1: 0.01, 3: 0.03, 5: 0.05}
Conceal = Callable[[Samples, set[int]], Samples]


def _stretches() -> list[Samples]:
    """Return stretches of each language, from where its recordings are a quarter through."""
    found = []
    for language in LANGUAGES:
        said = speech(language)
        begin = len(said) // 4
        found += [said[begin + i * STRETCH :][:STRETCH] for i in range(PER_LANGUAGE)]
    return [stretch for stretch in found if len(stretch) == STRETCH][:8]


def _lost(seed: int, share: float) -> set[int]:
    lost = np.random.default_rng(seed).random(STRETCH // FRAME) < share
    lost[:10] = False
    return set(np.flatnonzero(lost).tolist())


def _frames(said: Samples) -> list[Samples]:
    return list(said.reshape(-1, FRAME))


def _ours(said: Samples, lost: set[int]) -> Samples:
    concealer = Concealer()
    heard = [
        concealer.lost(FRAME) if i in lost else concealer.good(frame)
        for i, frame in enumerate(_frames(said))
    ]
    return np.concatenate(heard)


def _silence(said: Samples, lost: set[int]) -> Samples:
    heard = [np.zeros_like(f) if i in lost else f for i, f in enumerate(_frames(said))]
    return np.concatenate(heard)


def _repeat(said: Samples, lost: set[int]) -> Samples:
    heard: list[Samples] = []
    for i, frame in enumerate(_frames(said)):
        heard.append(heard[-1] if i in lost else frame)
    return np.concatenate(heard)


def _spandsp() -> Conceal | None:
    loaded = library(DECLARATIONS)
    if loaded is None:
        return None
    ffi, lib = loaded

    def conceal(said: Samples, lost: set[int]) -> Samples:
        state: Any = lib.plc_init(ffi.NULL)
        heard = said.copy()
        for i, frame in enumerate(_frames(heard)):  # views: filled in place
            fill = lib.plc_fillin if i in lost else lib.plc_rx
            fill(state, ffi.from_buffer("int16_t[]", frame), FRAME)
        return heard

    return conceal


def _score(conceal: Conceal, share: float) -> float:
    scores: list[float] = [
        pesq(RATE_HZ, said, conceal(said, _lost(seed, share)), "nb")
        for seed, said in enumerate(_stretches())
    ]
    return float(statistics.mean(scores))


def measure() -> Iterator[Figure]:
    """Measure ours beside the best of the peers, and each of them."""
    peers: dict[str, Conceal | None] = {
        "silence": _silence,
        "repeat": _repeat,
        "spandsp": _spandsp(),
    }
    for percent, share in SHARES.items():
        theirs = {name: _score(each, share) for name, each in peers.items() if each}
        best = max(theirs, key=lambda name: theirs[name])
        yield Figure(f"conceal_{percent}_pesq", _score(_ours, share), "MOS", best, theirs[best])
        for name, score in theirs.items():
            yield Figure(f"conceal_{percent}_{name}_pesq", score, "MOS")
