# SPDX-License-Identifier: MIT
"""DC removal, limiter and automatic gain (native/include/aw/agc.h); each ``run`` returns a copy."""

import numpy as np

from dsp.native import check, ffi, lib
from dsp.pcm import Samples, pointer

__all__ = ["AutomaticGain", "DcBlock", "Limiter"]


class DcBlock:
    """A high-pass of 20 Hz."""

    def __init__(self) -> None:
        out = ffi.new("aw_dcblock **")
        check(lib.aw_dcblock_new(out), "DC block")
        self._block = ffi.gc(out[0], lib.aw_dcblock_free)

    def run(self, pcm: Samples) -> Samples:
        """Filter."""
        pcm = np.array(pcm)
        lib.aw_dcblock_run(self._block, pointer(pcm), len(pcm))
        return pcm


class Limiter:
    """No peak over that of a sine of ``ceiling_dbm0``; 16 samples late.

    Raises:
        EngineArgumentError: the ceiling is not in -40..+3.14 dBm0.
    """

    def __init__(self, ceiling_dbm0: float) -> None:
        out = ffi.new("aw_limiter **")
        check(lib.aw_limiter_new(out, ceiling_dbm0), f"limiter at {ceiling_dbm0} dBm0")
        self._limiter = ffi.gc(out[0], lib.aw_limiter_free)

    def run(self, pcm: Samples) -> Samples:
        """Limit."""
        pcm = np.array(pcm)
        lib.aw_limiter_run(self._limiter, pointer(pcm), len(pcm))
        return pcm


class AutomaticGain:
    """Brings speech slowly to ``target_dbm0``, by at most ``most_db`` up or down.

    Raises:
        EngineArgumentError: target not in -40..0 dBm0 or most not in 0..30 dB.
    """

    def __init__(self, target_dbm0: float = -18.0, most_db: float = 12.0) -> None:
        out = ffi.new("aw_agc **")
        check(lib.aw_agc_new(out, target_dbm0, most_db), f"gain to {target_dbm0} +-{most_db} dB")
        self._agc = ffi.gc(out[0], lib.aw_agc_free)

    def run(self, pcm: Samples) -> Samples:
        """Level."""
        pcm = np.array(pcm)
        lib.aw_agc_run(self._agc, pointer(pcm), len(pcm))
        return pcm

    @property
    def gain_db(self) -> float:
        """The gain now in use."""
        return float(lib.aw_agc_gain_db(self._agc))
