# SPDX-License-Identifier: MIT
"""Patterns in the place of samples: a constant, the digital milliwatt, silence, a tone."""

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from boards_sim.clock import FRAME, RATE_HZ
from boards_sim.refused import within
from drivers.qhi.measures import PatternWish
from drivers.qhi.numbers import PcmFormat
from drivers.service import Pattern
from dsp.g711 import alaw_decode, ulaw_decode

__all__ = ["PatternSource"]

Samples = npt.NDArray[np.int16]

ULAW_MILLIWATT: Final = bytes.fromhex("1e0b0b1e9e8b8b9e")
"""ITU-T G.711 table 6."""
ALAW_MILLIWATT: Final = bytes.fromhex("34212134b4a1a1b4")
"""ITU-T G.711 table 5."""
FULL_SCALE_DBM0: Final = 3.14
"""A sine that reaches 32768."""
HERTZ: Final = range(1, 4000)
LEVEL_TENTHS: Final = range(-600, 31)


class PatternSource:
    """One pattern, frame by frame."""

    def __init__(self, wish: PatternWish) -> None:
        """Begin a pattern.

        Raises:
            RefusedError: frequency or level is out of range.
        """
        if wish.kind is Pattern.TONE:
            within(wish.hertz, HERTZ, 4)
            within(round(wish.level_dbm0 * 10), LEVEL_TENTHS, 6)
        self._wish = wish
        self._samples = 0

    def frame(self, form: PcmFormat) -> Samples:
        """Return the next samples; a milliwatt is that of the stream's law."""
        wish = self._wish
        if wish.kind is Pattern.CONSTANT:
            return np.full(FRAME, wish.value, np.int16)
        if wish.kind is Pattern.MILLIWATT:
            law = form is PcmFormat.ALAW
            period = alaw_decode(ALAW_MILLIWATT) if law else ulaw_decode(ULAW_MILLIWATT)
            return np.tile(period, FRAME // len(period))
        if wish.kind is Pattern.TONE:
            return self._tone(wish)
        return np.zeros(FRAME, np.int16)

    def _tone(self, wish: PatternWish) -> Samples:
        peak = 32768.0 * 10 ** ((wish.level_dbm0 - FULL_SCALE_DBM0) / 20)
        at = np.arange(self._samples, self._samples + FRAME)
        self._samples = (self._samples + FRAME) % RATE_HZ
        wave = peak * np.sin(2 * math.pi * wish.hertz / RATE_HZ * at)
        tone: Samples = np.clip(np.rint(wave), -32768, 32767).astype(np.int16)
        return tone
