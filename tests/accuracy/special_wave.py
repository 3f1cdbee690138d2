# SPDX-License-Identifier: MIT
"""Fax, modem and special information tones by the formula, at random phase and alignment."""

from typing import Final

import numpy as np

from dsp.levels import peak_of
from dsp.pcm import Samples
from dsp.special import Special
from tests.accuracy.bursts import Wave

__all__ = ["SITS", "answer", "calling", "in_noise", "sit"]

SHORT_MS: Final = 274.0
LONG_MS: Final = 380.0
SITS: Final = {
    Special.INTERCEPT: ((913.8, SHORT_MS), (1370.6, SHORT_MS), (1776.7, LONG_MS)),
    Special.VACANT: ((985.2, LONG_MS), (1370.6, SHORT_MS), (1776.7, LONG_MS)),
    Special.REORDER: ((913.8, SHORT_MS), (1428.5, LONG_MS), (1776.7, LONG_MS)),
    Special.NO_CIRCUIT: ((985.2, LONG_MS), (1428.5, LONG_MS), (1776.7, LONG_MS)),
    Special.INFORMATION: ((950.0, 330.0), (1400.0, 330.0), (1800.0, 330.0)),
}
"North America's four, and the one of E.180."


def _sine(hz: float, ms: float, dbm0: float, rng: np.random.Generator) -> Wave:
    turns = hz * np.arange(round(8 * ms)) / 8000 + rng.uniform()
    wave: Wave = peak_of(dbm0) * np.sin(2 * np.pi * turns)
    return wave


def sit(
    kind: Special,
    rng: np.random.Generator,
    *,
    dbm0: float = -15.0,
    off: float = 0.0,
    gap_ms: float = 0.0,
) -> Wave:
    """Return three rising tones, all of them off by a share of their frequency."""
    gap = np.zeros(round(8 * gap_ms))
    tones = [_sine(hz * (1 + off), ms, dbm0, rng) for hz, ms in SITS[kind]]
    return np.concatenate([part for wave in tones for part in (wave, gap)])


def calling(
    rng: np.random.Generator, *, off_hz: float = 0.0, dbm0: float = -15.0, on_ms: float = 500.0
) -> Wave:
    """Return CNG: 1100 Hz for half a second, and once more after three."""
    burst = _sine(1100 + off_hz, on_ms, dbm0, rng)
    return np.concatenate([burst, np.zeros(24000), burst])


def answer(
    rng: np.random.Generator,
    *,
    off_hz: float = 0.0,
    dbm0: float = -15.0,
    period_ms: float = 0.0,
    depth: float = 0.0,
) -> Wave:
    """Return three seconds of 2100 Hz, its phase reversed or its amplitude modulated by 15 Hz."""
    t, wave = np.arange(24000) / 8000, _sine(2100 + off_hz, 3000, dbm0, rng)
    if period_ms:
        wave = wave * np.where(np.floor(1000 * t / period_ms) % 2, -1, 1)
    wave *= 1 + depth * np.sin(2 * np.pi * (15 * t + rng.uniform()))
    return wave


def in_noise(wave: Wave, noise_dbm0: float, rng: np.random.Generator) -> Samples:
    """Return it between silences, with white noise over all."""
    lead = np.zeros(800 + int(rng.integers(0, 160)))
    whole = np.concatenate([lead, wave, np.zeros(1600)])
    whole += rng.normal(0, peak_of(noise_dbm0) / np.sqrt(2), len(whole))
    pcm: Samples = np.rint(whole).clip(-32768, 32767).astype(np.int16)
    return pcm
