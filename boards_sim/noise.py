# SPDX-License-Identifier: MIT
"""Noise and hum on lines, and how they are measured: dBrnC, C-message weighting.

0 dBrn is -90 dBm; C-message weighting follows a telephone's receiver and an ear, 0 dB at 1 kHz.
Hum is the mains and its odd harmonics as a rectifier load makes them, 50 or 60 Hz.
"""

import functools
from typing import Final

import numpy as np

from dsp.weighting import C_MESSAGE, DBRN_OF_0_DBM, c_message_db, dbrnc

__all__ = [
    "C_MESSAGE",
    "DBRN_OF_0_DBM",
    "FLAT_OVER_C_MESSAGE_DB",
    "MAINS_HZ",
    "c_message_db",
    "dbrnc",
    "hum_period",
]

RATE_HZ: Final = 8000
FULL_SCALE_DBM0: Final = 3.14
HUM_SAMPLES: Final = 800
"""Whole periods of both 50 and 60 Hz."""
MAINS_HZ: Final = (50.0, 60.0)
HARMONICS_DB: Final = {1: 0.0, 3: -6.0, 5: -10.0, 7: -16.0, 9: -20.0, 11: -26.0}
"""Against the fundamental."""


@functools.cache
def _flat_over_c_message_db() -> float:
    hz = np.linspace(1.0, 4000.0, 4000)
    return float(-10 * np.log10(np.mean(10 ** (c_message_db(hz) / 10))))


FLAT_OVER_C_MESSAGE_DB: Final = round(_flat_over_c_message_db(), 1)
"""White noise of 0-4 kHz reads so much less through the weighting."""


def hum_period(hz: float, dbm0: float) -> tuple[float, ...]:
    """Return 100 ms of hum whose whole is ``dbm0``, in 16-bit steps; it repeats itself.

    Raises:
        ValueError: a frequency that no mains has.
    """
    if hz not in MAINS_HZ:
        raise ValueError(f"hum of {hz:g} Hz: the mains have 50 or 60")
    t = np.arange(HUM_SAMPLES) / RATE_HZ
    wave = np.zeros(HUM_SAMPLES)
    for number, db in HARMONICS_DB.items():
        wave += 10 ** (db / 20) * np.sin(2 * np.pi * number * hz * t + number)
    rms = 32768 / np.sqrt(2) * 10 ** ((dbm0 - FULL_SCALE_DBM0) / 20)
    return tuple(float(x) for x in wave * rms / np.sqrt(np.mean(wave**2)))
