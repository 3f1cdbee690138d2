# SPDX-License-Identifier: MIT
"""How loud noise on a line is to an ear: C-message weighting, dBrnC (0 dBrn is -90 dBm).

For recordings that are measured afterwards: not on the way of any call.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["C_MESSAGE", "DBRN_OF_0_DBM", "c_message_db", "dbrnc", "weighted_power"]

Samples = npt.NDArray[np.int16]
Floats = npt.NDArray[np.float64]

RATE_HZ: Final = 8000
FULL_SCALE_DBM0: Final = 3.14
DBRN_OF_0_DBM: Final = 90.0

C_MESSAGE: Final = (
    (60, -55.7),
    (100, -42.5),
    (200, -25.1),
    (300, -16.3),
    (400, -11.2),
    (500, -7.7),
    (600, -5.0),
    (700, -2.8),
    (800, -1.3),
    (900, -0.3),
    (1000, 0.0),
    (1200, -0.4),
    (1300, -0.7),
    (1500, -1.2),
    (1800, -1.3),
    (2000, -1.1),
    (2500, -1.1),
    (2800, -2.0),
    (3000, -3.0),
    (3300, -5.1),
    (3500, -7.1),
    (4000, -14.6),
)
"""The weighting curve: Hz, dB."""


def c_message_db(hz: Floats) -> Floats:
    """Return the weighting at frequencies, straight between the curve's points in log Hz."""
    known, weights = np.array(C_MESSAGE, float).T
    weighting: Floats = np.interp(np.log(np.maximum(hz, 1.0)), np.log(known), weights)
    return weighting


def weighted_power(pcm: Samples) -> tuple[Floats, Floats]:
    """Return frequencies and the weighted power at each, in squares of a 16-bit step."""
    spectrum = np.fft.rfft(pcm.astype(np.float64))
    hz = np.fft.rfftfreq(len(pcm), 1 / RATE_HZ).astype(np.float64)
    power: Floats = np.abs(spectrum) ** 2 * 10 ** (c_message_db(hz) / 10) * 2 / len(pcm) ** 2
    return hz, power


def dbrnc(pcm: Samples) -> float:
    """Return the C-message weighted level of samples."""
    power = np.sum(weighted_power(pcm)[1])
    dbm0 = 10 * np.log10(2 * power / 32768**2 + 1e-20) + FULL_SCALE_DBM0
    return float(dbm0 + DBRN_OF_0_DBM)
