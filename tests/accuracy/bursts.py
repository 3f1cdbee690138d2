# SPDX-License-Identifier: MIT
"""DTMF digits made by the formula, not by the engine's sender: ``line(Burst(on_ms=40), "5", rng)``.

Every burst has random phases and stands at a random place between silences.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dsp.levels import peak_of
from dsp.pcm import Samples

__all__ = ["LAYOUT", "Burst", "Wave", "between_silences", "line", "samples", "tone_pair"]

ROWS_HZ: Final = (697.0, 770.0, 852.0, 941.0)
COLUMNS_HZ: Final = (1209.0, 1336.0, 1477.0, 1633.0)
DIAL_HZ: Final = (350.0, 440.0)
LAYOUT: Final = "123A456B789C*0#D"
"Keys by row * 4 + column."
GAP_MS: Final = 60
ECHO: Final = 10 ** (-10 / 20)

Wave = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Burst:
    """How a digit is sent, and what else is on the line."""

    low_dbm0: float = -10.0
    high_dbm0: float = -10.0
    low_off: float = 0.0
    "Deviation of the low tone, as a share."
    high_off: float = 0.0
    on_ms: float = 50.0
    break_ms: float = 0.0
    "A break, 50 ms after the beginning."
    echo_ms: float = 0.0
    "Delay of an echo of -10 dB."
    noise_dbm0: float | None = None
    "White noise, 0 to 4 kHz."
    dial_dbm0: float | None = None
    "Each tone of a dial tone."
    third_dbm0: float | None = None
    "A third tone anywhere in 300 to 3400 Hz."


def tone_pair(burst: Burst, key: str, rng: np.random.Generator) -> Wave:
    """Return the tone pair with its echo, and nothing else."""
    place = LAYOUT.index(key)
    t = np.arange(round(8 * burst.on_ms)) / 8000
    low = ROWS_HZ[place // 4] * (1 + burst.low_off)
    high = COLUMNS_HZ[place % 4] * (1 + burst.high_off)
    phases = rng.uniform(0, 2 * np.pi, 2)
    wave: Wave = peak_of(burst.low_dbm0) * np.sin(2 * np.pi * low * t + phases[0])
    wave += peak_of(burst.high_dbm0) * np.sin(2 * np.pi * high * t + phases[1])
    wave[400 : 400 + round(8 * burst.break_ms)] = 0
    delay = round(8 * burst.echo_ms)
    if not delay:
        return wave
    direct, echo = np.zeros((2, len(wave) + delay))
    direct[: len(wave)], echo[delay:] = wave, wave * ECHO
    direct += echo
    return direct


def between_silences(wave: Wave, rng: np.random.Generator) -> Wave:
    """Put silence before and after, of random alignment to any receiver's blocks."""
    lead = np.zeros(8 * GAP_MS + rng.integers(0, 102))
    return np.concatenate([lead, wave, np.zeros(8 * GAP_MS)])


def samples(wave: Wave) -> Samples:
    """Round and clip to 16 bits."""
    return np.rint(wave).clip(-32768, 32767).astype(np.int16)


def line(burst: Burst, key: str, rng: np.random.Generator) -> Samples:
    """Return what a receiver gets: the digit between silences, and all else that the line has."""
    wave = between_silences(tone_pair(burst, key, rng), rng)
    if burst.noise_dbm0 is not None:
        wave += rng.normal(0, peak_of(burst.noise_dbm0) / np.sqrt(2), len(wave))
    others = [] if burst.dial_dbm0 is None else [(hz, burst.dial_dbm0) for hz in DIAL_HZ]
    if burst.third_dbm0 is not None:
        others.append((float(rng.uniform(300, 3400)), burst.third_dbm0))
    t = np.arange(len(wave)) / 8000
    for hz, dbm0 in others:
        wave += peak_of(dbm0) * np.sin(2 * np.pi * hz * t + rng.uniform(0, 7))
    return samples(wave)
