# SPDX-License-Identifier: MIT
"""Whether what was heard is what was said, wherever in it and however loud."""

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["likeness"]

Samples = npt.NDArray[np.int16]


def likeness(said: Samples, heard: Samples) -> float:
    """Return how like what was said, 1.0 at most, is what was heard where it is most like it."""
    if len(heard) < len(said):
        return 0.0
    size = 1 << (len(said) + len(heard)).bit_length()
    voice: npt.NDArray[Any] = said.astype(float)
    spectrum = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(voice, size))
    alike = np.fft.irfft(spectrum, size)[: len(heard) - len(said) + 1]
    at = int(alike.argmax())
    there = heard[at : at + len(said)].astype(float)
    return float(alike[at] / np.linalg.norm(voice) / np.linalg.norm(there))
