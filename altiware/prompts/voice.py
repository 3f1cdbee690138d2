# SPDX-License-Identifier: MIT
"""The voice: speaks text, for whoever makes prompts, with what ``altiware[tts]`` installs.

The same text gives the same samples: nothing in it is left to chance.
"""

import functools
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import soxr

from altiware.errors import UnavailableError
from altiware.prompts.loudness import Waves
from dsp.pcm import RATE_HZ

__all__ = ["VOICE", "Speak", "load_voice"]

VOICE: Final = "hibari-tts 0.2.1, voice heart, seed 0"
SEED: Final = 0

Speak = Callable[[str, float], Waves]
"Text and speed (1: as the voice speaks) to sound at 8 kHz, of 16-bit scale."


def load_voice() -> Speak:
    """Return the voice.

    Raises:
        UnavailableError: it isn't installed.
    """
    try:
        from hibari import Hibari  # noqa: PLC0415  # of the extra: only who makes prompts has it
    except ImportError as error:
        raise UnavailableError("the voice isn't installed: pip install 'altiware[tts]'") from error
    return functools.partial(_speak, Hibari())


def _speak(voice: Any, text: str, speed: float) -> Waves:
    said = voice(text, speed=speed, seed=SEED)
    at_8k = soxr.resample(said, voice.sample_rate, RATE_HZ, quality="VHQ")
    waves: Waves = at_8k.astype(np.float64) * 32768
    return waves
