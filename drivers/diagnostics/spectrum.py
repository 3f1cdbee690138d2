# SPDX-License-Identifier: MIT
"""Tones made and measured: what a transmission test set does, on arrays of samples.

Levels are dBm0.  Measuring is a least-squares fit of sines of known frequencies; what is left
over is noise and distortion.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from drivers.diagnostics.probe import RATE_HZ, Samples
from dsp.levels import PEAK_0DBM0, peak_of

__all__ = ["Tones", "fit", "multitone", "noise"]

FLOOR_DBM0: Final = -120.0
SEED: Final = 1004
"""Every run sends the same noise, and so measures the same."""


@dataclass(frozen=True, slots=True)
class Tones:
    """Sines found in samples."""

    dbm0: tuple[float, ...]
    "Of each, in the order of the frequencies asked for."
    rest_dbm0: float
    "Everything else."

    @property
    def signal_to_rest_db(self) -> float:
        """All sines over everything else."""
        power = sum(10 ** (level / 10) for level in self.dbm0)
        return float(10 * np.log10(power) - self.rest_dbm0)


def multitone(hz: Sequence[float], dbm0: float, seconds: float) -> Samples:
    """Return sines whose whole is ``dbm0``; phases are spread so that peaks stay low."""
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    peak = peak_of(dbm0) / np.sqrt(len(hz))
    wave = np.zeros(len(t))
    for number, one in enumerate(hz):
        wave += peak * np.sin(2 * np.pi * one * t + np.pi * number**2 / len(hz))
    return _rounded(wave)


def noise(dbm0: float, seconds: float) -> Samples:
    """Return white noise, always the same."""
    wave = np.random.default_rng(SEED).normal(0.0, 1.0, round(seconds * RATE_HZ))
    rms = peak_of(dbm0) / np.sqrt(2)
    return _rounded(rms * wave)


def _rounded(wave: npt.NDArray[np.float64]) -> Samples:
    samples: Samples = np.clip(np.rint(wave), -32768, 32767).astype(np.int16)
    return samples


def fit(pcm: npt.NDArray[np.int16], hz: Sequence[float]) -> Tones:
    """Measure sines of these frequencies, at least a few periods of each."""
    t = 2 * np.pi * np.arange(len(pcm)) / RATE_HZ
    columns = [wave(one * t) for one in hz for wave in (np.cos, np.sin)]
    basis = np.stack([np.ones(len(pcm)), *columns], axis=1)
    samples = pcm.astype(np.float64)
    weights = np.linalg.solve(basis.T @ basis, basis.T @ samples)
    rest = samples - basis @ weights
    peaks = np.hypot(weights[1::2], weights[2::2])
    return Tones(tuple(_dbm0(float(peak)) for peak in peaks), _dbm0(float(np.sqrt(2) * rest.std())))


def _dbm0(peak: float) -> float:
    """Return the level of a sine of that peak."""
    return max(FLOOR_DBM0, float(20 * np.log10(max(peak, 1e-9) / PEAK_0DBM0)))
