# SPDX-License-Identifier: MIT
"""Concealment of lost frames (native/include/aw/conceal.h).

Give every frame that came to ``good`` and call ``lost`` in place of every one that did not.
"""

import numpy as np

from dsp.native import check, ffi, lib
from dsp.pcm import Samples, pointer, samples_of

__all__ = ["Concealer"]


class Concealer:
    """Invents what a lost frame would have held."""

    def __init__(self) -> None:
        out = ffi.new("aw_conceal **")
        check(lib.aw_conceal_new(out), "concealer")
        self._conceal = ffi.gc(out[0], lib.aw_conceal_free)

    def good(self, pcm: Samples) -> Samples:
        """Return a frame that came, blended with the invention before it."""
        heard = np.array(pcm)
        lib.aw_conceal_good(self._conceal, pointer(heard), len(heard))
        return heard

    def lost(self, count: int) -> Samples:
        """Return ``count`` invented samples."""
        pcm = samples_of(count)
        lib.aw_conceal_lost(self._conceal, pointer(pcm), count)
        return pcm
