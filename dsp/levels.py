# SPDX-License-Identifier: MIT
"""Levels: dBm0 and sample values, and the engine's meter.

A sine of 0 dBm0 peaks 3.14 dB under clipping (G.711), at 22827.  Nothing here is weighted by
frequency.
"""

import math
from typing import Final

import numpy as np

from dsp.native import check, ffi, lib
from dsp.pcm import Samples, pointer

__all__ = ["PEAK_0DBM0", "SILENCE_DBM0", "Meter", "dbm0_of", "peak_of"]

PEAK_0DBM0: Final = 32768 * 10 ** (-3.14 / 20)
"Peak of a sine of 0 dBm0."
SILENCE_DBM0: Final = -99.0
"What meters say when there is nothing."


def peak_of(dbm0: float) -> float:
    """Return the peak of a sine of that level."""
    return float(PEAK_0DBM0 * 10 ** (dbm0 / 20))


def dbm0_of(pcm: Samples) -> float:
    """Return the level of a whole array, at least ``SILENCE_DBM0``."""
    power = float(np.mean(np.square(pcm.astype(np.float64)))) if len(pcm) else 0.0
    if power == 0:
        return SILENCE_DBM0
    return max(SILENCE_DBM0, 10 * math.log10(2 * power) - 20 * math.log10(PEAK_0DBM0))


class Meter:
    """Level over about 35 ms, and peak with a slow fall, of what is fed."""

    def __init__(self) -> None:
        out = ffi.new("aw_meter **")
        check(lib.aw_meter_new(out), "meter")
        self._meter = ffi.gc(out[0], lib.aw_meter_free)

    def feed(self, pcm: Samples) -> None:
        """Take samples."""
        pcm = np.ascontiguousarray(pcm)
        lib.aw_meter_feed(self._meter, pointer(pcm), len(pcm))

    @property
    def dbm0(self) -> float:
        """Level, at least ``SILENCE_DBM0``."""
        return float(lib.aw_meter_dbm0(self._meter))

    @property
    def peak(self) -> int:
        """Largest magnitude, 0 to 32768, falling 20 dB in 1.5 s."""
        return int(lib.aw_meter_peak(self._meter))
