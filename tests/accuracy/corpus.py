# SPDX-License-Identifier: MIT
"""People's recorded speech that Debian packages bring: 8 kHz, 16-bit, mono."""

import re
import struct
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from dsp.pcm import Samples

__all__ = ["LANGUAGES", "PACKAGES", "speech", "wav_samples"]

SOUNDS: Final = Path("/usr/share/asterisk/sounds")
LANGUAGES: Final = ("en", "es", "fr", "it", "ru")
PACKAGES: Final = tuple(f"asterisk-core-sounds-{language}-wav" for language in LANGUAGES)


def wav_samples(path: Path) -> Samples:
    """Return the samples of an 8 kHz, 16-bit, mono file."""
    raw = path.read_bytes()
    found = re.search(rb"data(....)", raw[:200], re.DOTALL)
    if found is None or struct.unpack_from("<HHI", raw, 20) != (1, 1, 8000):
        raise ValueError(f"{path}: not an 8 kHz, 16-bit, mono WAV file")
    size = struct.unpack("<I", found[1])[0]
    return np.frombuffer(raw, "<i2", size // 2, found.end())


@cache
def speech(language: str) -> Samples:
    """Return all recordings of a language, one after the other; none if not installed."""
    folders = sorted(SOUNDS.glob(f"{language}_*"))
    files = [path for folder in folders for path in sorted(folder.rglob("*.wav"))]
    return np.concatenate([wav_samples(path) for path in files] or [np.zeros(0, np.int16)])
