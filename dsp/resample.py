# SPDX-License-Identifier: MIT
"""Rate conversion 8/16/48 kHz and the elastic store (native/include/aw/resample.h).

For tools and tests.  Files are converted by a library on import (dsp/recording.py).
"""

from dataclasses import dataclass

import numpy as np

from dsp.native import check, ffi, lib
from dsp.pcm import Samples, pointer, samples_of

__all__ = ["ElasticState", "ElasticStore", "Resampler"]


class Resampler:
    """A stream from one rate to another.

    Raises:
        EngineArgumentError: a rate is not 8000, 16000 or 48000, or both are equal.
    """

    def __init__(self, from_hz: int, to_hz: int) -> None:
        out = ffi.new("aw_resample **")
        check(lib.aw_resample_new(out, from_hz, to_hz), f"conversion {from_hz} -> {to_hz} Hz")
        self._resample = ffi.gc(out[0], lib.aw_resample_free)

    def run(self, pcm: Samples) -> Samples:
        """Convert; the filter's tail comes out with the next samples."""
        pcm = np.ascontiguousarray(pcm)
        made = samples_of(lib.aw_resample_room(self._resample, len(pcm)))
        lib.aw_resample_run(self._resample, pointer(pcm), len(pcm), pointer(made), len(made))
        return made


@dataclass(frozen=True, slots=True)
class ElasticState:
    """Figures of an elastic store."""

    ppm: float
    "Positive: the pusher's clock is the faster."
    level: float
    "Samples waiting, smoothed."
    underruns: int
    slips: int


class ElasticStore:
    """Carries samples from one 8 kHz clock to another that drifts by up to 500 ppm.

    Raises:
        EngineArgumentError: the target is not in 40..512 samples.
    """

    def __init__(self, target: int) -> None:
        out = ffi.new("aw_elastic **")
        check(lib.aw_elastic_new(out, target), f"elastic store of {target} samples")
        self._elastic = ffi.gc(out[0], lib.aw_elastic_free)

    def push(self, now: float, pcm: Samples) -> None:
        """Put samples in that came at ``now``, seconds of a steady clock finer than a frame."""
        pcm = np.ascontiguousarray(pcm)
        lib.aw_elastic_push(self._elastic, now, pointer(pcm), len(pcm))

    def pull(self, now: float, count: int) -> Samples:
        """Take samples out at the other clock's pace."""
        pcm = samples_of(count)
        lib.aw_elastic_pull(self._elastic, now, pointer(pcm), count)
        return pcm

    def fix(self, ppm: float) -> None:
        """Fix the rate instead of the servo's; NaN gives it back to the servo."""
        lib.aw_elastic_fix(self._elastic, ppm)

    @property
    def state(self) -> ElasticState:
        """The figures now."""
        state = lib.aw_elastic_look(self._elastic)
        return ElasticState(state.ppm, state.level, state.underruns, state.slips)
