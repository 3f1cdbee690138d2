# SPDX-License-Identifier: MIT
"""MF signals by the formula, not by the engine's sender, at random alignment and phase."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from dsp.levels import peak_of
from dsp.mf import MfStandard
from dsp.pcm import Samples

__all__ = ["Burst", "said"]

FREQUENCIES: Final = {
    MfStandard.R1: (700, 900, 1100, 1300, 1500, 1700),
    MfStandard.R2_FORWARD: (1380, 1500, 1620, 1740, 1860, 1980),
    MfStandard.R2_BACKWARD: (1140, 1020, 900, 780, 660, 540),
}
PAIRS: Final = [(i, j) for j in range(6) for i in range(j)]


@dataclass(frozen=True, slots=True)
class Burst:
    """How a signal is sent."""

    dbm0: float = -10.0
    twist_db: float = 0.0
    "The first tone over the second."
    off_hz: float = 0.0
    "Of both tones, one up and one down."
    on_ms: float = 60.0
    break_ms: float = 0.0
    "In the middle."
    noise_dbm0: float = -70.0


def said(standard: MfStandard, key: str, burst: Burst, rng: np.random.Generator) -> Samples:
    """Return one signal between silences, in noise."""
    lead = 480 + int(rng.integers(0, 102))
    wave = np.zeros(lead + round(8 * burst.on_ms) + 640)
    t = np.arange(round(8 * burst.on_ms)) / 8000
    tone = np.zeros(len(t))
    for place, sign in zip(PAIRS[standard.keys.index(key)], (1, -1), strict=True):
        hz = FREQUENCIES[standard][place] + sign * burst.off_hz
        level = burst.dbm0 - (abs(burst.twist_db) if sign * burst.twist_db < 0 else 0)
        tone += peak_of(level) * np.sin(2 * np.pi * hz * t + rng.uniform(0, 7))
    middle = (len(t) - round(8 * burst.break_ms)) // 2
    tone[middle : middle + round(8 * burst.break_ms)] = 0
    wave[lead : lead + len(t)] = tone
    wave += rng.normal(0, peak_of(burst.noise_dbm0) / np.sqrt(2), len(wave))
    return np.rint(wave).clip(-32768, 32767).astype(np.int16)
