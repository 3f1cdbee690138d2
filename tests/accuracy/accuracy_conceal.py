# SPDX-License-Identifier: MIT
"""Concealment: PESQ (ITU-T P.862) of speech in five languages with frames lost at random.

Calls of 8 s, 20 ms lost at a time (and 10 ms); the same losses filled with silence, with the last
frame again, and by spandsp.  Means over all calls.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
from pesq import NoUtterancesError, pesq

from dsp.conceal import Concealer
from dsp.pcm import RATE_HZ, Samples
from tests.accuracy.corpus import LANGUAGES, speech
from tests.accuracy.spandsp import library
from tests.figure import Figure

CALL: Final = 8 * RATE_HZ
CALLS: Final = 3
"""Of each language."""
SPOKEN_RMS: Final = 500.0
DECLARATIONS: Final = """
void *plc_init(void *s);
int plc_rx(void *s, int16_t amp[], int len);
int plc_fillin(void *s, int16_t amp[], int len);
int plc_free(void *s);
"""

Fill = Callable[[Samples, set[int], int], Samples]


def calls() -> list[Samples]:
    """Return stretches in which somebody speaks, evenly from each language's recordings."""
    found = []
    for language in LANGUAGES:
        said = speech(language)
        whole = [said[at : at + CALL] for at in range(0, len(said) - CALL + 1, CALL)]
        spoken = [each for each in whole if np.std(each.astype(float)) > SPOKEN_RMS]
        found += [spoken[i * len(spoken) // CALLS] for i in range(CALLS) if spoken]
    return found


def losses(count: int, share: float, seed: int) -> set[int]:
    """Return which frames are lost; the first 200 ms arrive."""
    lost = np.random.default_rng(seed).random(count) < share
    lost[:20] = False
    return set(np.flatnonzero(lost).tolist())


def _frames(said: Samples, size: int) -> list[Samples]:
    return [said[at : at + size] for at in range(0, len(said) - size + 1, size)]


def _ours(said: Samples, lost: set[int], size: int) -> Samples:
    concealer = Concealer()
    return np.concatenate(
        [
            concealer.lost(size) if i in lost else concealer.good(frame)
            for i, frame in enumerate(_frames(said, size))
        ]
    )


def _silence(said: Samples, lost: set[int], size: int) -> Samples:
    frames = _frames(said, size)
    return np.concatenate(
        [np.zeros_like(frame) if i in lost else frame for i, frame in enumerate(frames)]
    )


def _repeat(said: Samples, lost: set[int], size: int) -> Samples:
    heard: list[Samples] = []
    for i, frame in enumerate(_frames(said, size)):
        heard.append(heard[-1] if i in lost else frame)
    return np.concatenate(heard)


def _spandsp(ffi: Any, lib: Any) -> Fill:
    def fill(said: Samples, lost: set[int], size: int) -> Samples:
        plc, heard = lib.plc_init(ffi.NULL), []
        for i, frame in enumerate(_frames(said, size)):
            out = frame.copy()
            into = ffi.from_buffer("int16_t[]", out, require_writable=True)
            (lib.plc_fillin if i in lost else lib.plc_rx)(plc, into, size)
            heard.append(out)
        lib.plc_free(plc)
        return np.concatenate(heard)

    return fill


def _score(fill: Fill, share: float, size: int) -> float:
    scores = []
    for seed, said in enumerate(calls()):
        whole = said[: len(said) // size * size]
        heard = fill(whole, losses(len(whole) // size, share, seed), size)
        try:
            scores.append(pesq(RATE_HZ, whole, heard, "nb"))
        except NoUtterancesError:
            continue
    return float(np.mean(scores))


def measure() -> Iterator[Figure]:
    """Score each share of loss by each way to fill."""
    loaded = library(DECLARATIONS)
    peers: dict[str, Fill] = {"silence": _silence, "repeat": _repeat}
    if loaded is not None:
        peers["spandsp"] = _spandsp(*loaded)
    for ms, shares in ((20, (0.01, 0.03, 0.05)), (10, (0.03,))):
        for share in shares:
            size = ms * RATE_HZ // 1000
            ours = _score(_ours, share, size)
            for peer, fill in peers.items():
                name = f"conceal_{ms}_ms_{share:.0%}_pesq_{peer}".replace("%", "_percent")
                yield Figure(name, ours, "MOS-LQO", peer, _score(fill, share, size))
