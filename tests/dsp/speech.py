# SPDX-License-Identifier: MIT
"""Recorded speech for tests: Debian's asterisk-core-sounds-en-wav, one voice, 8 kHz."""

import functools
import wave
from pathlib import Path

import numpy as np
import pytest

from dsp.pcm import RATE_HZ, Samples

SOUNDS = Path("/usr/share/asterisk/sounds/en_US_f_Allison")


@functools.cache
def clips(count: int = 40) -> list[Samples]:
    """The longest clips, in alphabetical order."""
    paths = sorted(SOUNDS.glob("*.wav"), key=lambda path: -path.stat().st_size)[:count]
    if not paths:
        pytest.skip("needs speech: apt-get install asterisk-core-sounds-en-wav")
    return [_read(path) for path in sorted(paths)]


def pieces(count: int, seconds: float = 8.0) -> list[Samples]:
    """Stretches of that length, clip after clip."""
    size = int(seconds * RATE_HZ)
    whole = np.concatenate(clips())
    assert len(whole) >= count * size
    return [whole[i * size : (i + 1) * size] for i in range(count)]


def _read(path: Path) -> Samples:
    with wave.open(str(path)) as file:
        assert file.getframerate() == RATE_HZ
        return np.frombuffer(file.readframes(file.getnframes()), np.int16)
