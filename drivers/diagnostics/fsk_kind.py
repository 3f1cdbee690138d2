# SPDX-License-Identifier: MIT
"""Which modem a caller ID came by: Bell 202 (North America) or V.23 (ETSI, BT).

``standard_of(pcm)`` looks at a recording of the line.  Receivers take either, their frequencies
being near each other; but before its message each sends nothing but marks for 70 to 150 ms
(GR-30, ETSI EN 300 659-1), at 1200 Hz the one and at 1300 Hz the other.
"""

from typing import Final

import numpy as np

from dsp.callerid import CallerIdStandard
from dsp.pcm import Samples

__all__ = ["standard_of"]

RATE_HZ: Final = 8000
WINDOW: Final = 400
"""50 ms: well within the marks, and longer than the runs of marks in a message (8 ms a byte)."""
HOP: Final = 80
MARKS_HZ: Final = {CallerIdStandard.BELL202: 1200.0, CallerIdStandard.V23: 1300.0}
NEAR_HZ: Final = 40.0
"""Modems are off by 1 % at most; half of what lies between the two is 50."""
PURE: Final = 0.8
"""Share of a window's power that is at its highest line and beside it."""
LEAST_POWER: Final = 900.0
"""-38 dBm0: what arrives fainter is hardly received."""


def standard_of(pcm: Samples) -> CallerIdStandard | None:
    """Return whose marks were heard; None: nobody's."""
    if len(pcm) < WINDOW:
        return None
    windows = np.lib.stride_tricks.sliding_window_view(pcm.astype(np.float64), WINDOW)[::HOP]
    power = np.abs(np.fft.rfft(windows * np.hanning(WINDOW), 4 * WINDOW)) ** 2
    hz = np.fft.rfftfreq(4 * WINDOW, 1 / RATE_HZ)
    peak = hz[np.argmax(power, axis=1)]
    beside = np.abs(hz[None, :] - peak[:, None]) <= 2 * RATE_HZ / WINDOW
    share = np.sum(power * beside, axis=1) / np.maximum(np.sum(power, axis=1), 1e-9)
    loud = np.mean(windows**2, axis=1) >= LEAST_POWER
    pure = peak[loud & (share >= PURE)]
    heard = {each: int(np.sum(np.abs(pure - mark) <= NEAR_HZ)) for each, mark in MARKS_HZ.items()}
    most = max(heard, key=lambda each: heard[each])
    return most if heard[most] else None
