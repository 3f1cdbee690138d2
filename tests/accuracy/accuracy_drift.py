# SPDX-License-Identifier: MIT
"""Drift between two boards' clocks: how well it is found, and what is left of a tone's purity.

A 1 kHz tone through an elastic store for two minutes of virtual time, the last ten seconds judged
against a sine fitted to them.  And comfort noise: its level against the noise it was taught.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from dsp.comfort import ComfortNoise
from dsp.pcm import Samples
from dsp.resample import ElasticStore
from tests.figure import Figure

TICK: Final = 40
TARGET: Final = 120
SECONDS: Final = 120
JUDGED: Final = 80_000
TONE_HZ: Final = 1000.0
PPM: Final = (-100.0, -50.0, 50.0, 100.0)


def _tone(frame: int) -> Samples:
    at = np.arange(frame * TICK, (frame + 1) * TICK)
    said: Samples = (8000 * np.sin(2 * np.pi * TONE_HZ / 8000 * at)).astype(np.int16)
    return said


def _carried(ppm: float) -> tuple[Samples, float]:
    """Return what came out, and the drift that the store had found."""
    store, pushed, heard = ElasticStore(TARGET), 0, []
    for tick in range(SECONDS * 200):
        now = 1.0 + tick * 0.005
        while 1.0021 + pushed * 0.005 / (1 + ppm * 1e-6) <= now:
            store.push(1.0021 + pushed * 0.005 / (1 + ppm * 1e-6), _tone(pushed))
            pushed += 1
        heard.append(store.pull(now, TICK))
    assert (store.state.slips, store.state.underruns) == (0, 0)
    return np.concatenate(heard), store.state.ppm


def _purity_db(pcm: Samples, hz: float) -> float:
    turns = 2 * np.pi * hz / 8000 * np.arange(len(pcm))
    basis = np.stack([np.sin(turns), np.cos(turns)], 1)
    fit = basis @ np.linalg.lstsq(basis, pcm.astype(float), rcond=None)[0]
    return float(10 * np.log10(np.var(fit) / np.var(pcm - fit)))


def _comfort_error_db() -> float:
    """Return the largest error of the level, over backgrounds of many levels."""
    worst = 0.0
    for seed, rms in enumerate((10.0, 30.0, 100.0, 300.0)):
        taught = np.random.default_rng(seed).normal(0, rms, 80_000).astype(np.int16)
        comfort = ComfortNoise(seed + 1)
        comfort.learn(taught)
        made = comfort.read(80_000)[8000:].astype(float)
        worst = max(worst, abs(float(20 * np.log10(np.std(made) / np.std(taught)))))
    return worst


def measure() -> Iterator[Figure]:
    """Take the worst of four drifts."""
    errors, purities = [], []
    for ppm in PPM:
        heard, found = _carried(ppm)
        errors.append(abs(found - ppm))
        purities.append(_purity_db(heard[-JUDGED:], TONE_HZ * (1 + ppm * 1e-6)))
    yield Figure("drift_ppm_error", max(errors), "ppm")
    yield Figure("drift_tone_snr_db", min(purities), "dB", "bound", 50.0)
    yield Figure("comfort_level_error_db", _comfort_error_db(), "dB")
