# SPDX-License-Identifier: MIT
"""A voice for tests: a hum of a tenth of a second for each letter, silence around it."""

import numpy as np

from altiware.prompts.loudness import Waves
from dsp.pcm import RATE_HZ

__all__ = ["hum"]


def hum(text: str, speed: float) -> Waves:
    """Return the sound of a text."""
    t = np.arange(int(len(text) * 0.1 * RATE_HZ / speed)) / RATE_HZ
    silence = np.zeros(RATE_HZ // 4)
    waves: Waves = np.concatenate([silence, 3000 * np.sin(2 * np.pi * 440 * t), silence])
    return waves
