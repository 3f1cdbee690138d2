# SPDX-License-Identifier: MIT
"""Edges and level of spoken phrases, so that pieces sound as of one breath.

The level of speech is that of its active frames: of 10 ms, not more than 20 dB under those that
are louder than all but a twentieth.  Unweighted; for phrases without noise between the words.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from dsp.levels import PEAK_0DBM0
from dsp.pcm import RATE_HZ, Samples

__all__ = ["EDGE_MS", "SPEECH_DBM0", "active_level", "edges_ms", "framed", "levelled"]

SPEECH_DBM0: Final = -20.0
"Of every phrase."
EDGE_MS: Final = 35
"Silence before and after the words: seventy between two pieces, as between words of a sentence."

_FRAME: Final = RATE_HZ // 100
_ACTIVE_DB: Final = 20.0
_LOUD_PERCENTILE: Final = 95
_EDGE_DB: Final = 38.0
"So far under the speech's level stands what is no word yet: an f or th begins 30 dB under it."
_FADE: Final = RATE_HZ // 200
_FULL_SCALE: Final = 32767

Waves = npt.NDArray[np.float64]


def active_level(pcm: Samples | Waves) -> float:
    """Return the level of what is said in dBm0; samples are of 16-bit scale.

    Raises:
        ValueError: there is no sound.
    """
    powers = _frame_powers(pcm)
    loud = float(np.percentile(powers, _LOUD_PERCENTILE)) if len(powers) else 0.0
    if loud == 0.0:
        raise ValueError("there is no sound")
    active = powers[powers >= loud / 10 ** (_ACTIVE_DB / 10)]
    return float(10 * np.log10(2 * np.mean(active)) - 20 * np.log10(PEAK_0DBM0))


def edges_ms(pcm: Samples | Waves) -> tuple[float, float]:
    """Return how long it is silent before the words and after them."""
    first, last = _words(pcm)
    return first * 1000 / RATE_HZ, (len(pcm) - last) * 1000 / RATE_HZ


def framed(pcm: Waves) -> Waves:
    """Cut or fill the silence at both ends to ``EDGE_MS``, and let it begin and end softly."""
    first, last = _words(pcm)
    edge = EDGE_MS * RATE_HZ // 1000
    padded = np.concatenate([np.zeros(edge), pcm, np.zeros(edge)])
    cut = padded[first : last + 2 * edge].copy()
    ramp = np.linspace(0.0, 1.0, _FADE, endpoint=False)
    cut[:_FADE] *= ramp
    cut[-_FADE:] *= ramp[::-1]
    return cut


def levelled(pcm: Waves, dbm0: float = SPEECH_DBM0) -> Samples:
    """Return the phrase at that active level; peaks that don't fit are rounded off at full scale.

    Raises:
        ValueError: there is no sound.
    """
    gain = 10 ** ((dbm0 - active_level(pcm)) / 20)
    samples: Samples = np.rint(np.clip(pcm * gain, -_FULL_SCALE, _FULL_SCALE)).astype(np.int16)
    return samples


def _words(pcm: Samples | Waves) -> tuple[int, int]:
    """Return where the first word begins and the last one ends, to 5 ms, in samples."""
    step = _FRAME // 2
    count = len(pcm) // step
    powers = np.mean(np.square(pcm[: count * step].astype(np.float64)).reshape(count, step), axis=1)
    least = 10 ** ((active_level(pcm) - _EDGE_DB) / 10) * PEAK_0DBM0**2 / 2
    heard = np.flatnonzero(powers >= least)
    return int(heard[0]) * step, int(heard[-1] + 1) * step


def _frame_powers(pcm: Samples | Waves) -> Waves:
    count = len(pcm) // _FRAME
    frames = pcm[: count * _FRAME].astype(np.float64).reshape(count, _FRAME)
    powers: Waves = np.mean(np.square(frames), axis=1)
    return powers
