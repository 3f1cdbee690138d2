# SPDX-License-Identifier: MIT
"""How well an ear heard what was spoken: PESQ (ITU-T P.862, narrow band) of the two.

Needs the package ``pesq`` (extra ``demo``); without it ``available`` is False.  It judges one
utterance at a time, after finding it in the ear by cross-correlation; it does not judge what
was heard between utterances (tones, echo of the own voice).
"""

import importlib.util
import wave
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["Samples", "available", "find", "pesq_of", "read_wav", "write_wav"]

Samples = NDArray[np.int16]

RATE: Final = 8000
FLOOR_DBFS: Final = -64.0
"""Noise given to the reference: digital silence in it makes PESQ punish G.711's idle noise."""
MARGIN: Final = RATE // 20
"""Kept on both sides of an utterance, for PESQ's own fine alignment."""


def available() -> bool:
    """Return whether ``pesq`` is installed."""
    return importlib.util.find_spec("pesq") is not None


def read_wav(path: Path) -> Samples:
    """Read an 8 kHz 16-bit mono WAV."""
    with wave.open(str(path), "rb") as file:
        if (file.getframerate(), file.getsampwidth(), file.getnchannels()) != (RATE, 2, 1):
            raise ValueError(f"{path}: not 8 kHz 16-bit mono")
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(np.int16)


def write_wav(path: Path, samples: Samples) -> None:
    """Write an 8 kHz 16-bit mono WAV."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.astype("<i2").tobytes())


def find(spoken: Samples, ear: Samples) -> int:
    """Return where in the ear the utterance begins best, by cross-correlation."""
    size = 1 << (len(spoken) + len(ear) - 1).bit_length()
    correlation = np.fft.irfft(np.fft.rfft(ear, size) * np.conj(np.fft.rfft(spoken, size)), size)
    return int(np.argmax(correlation[: max(len(ear) - len(spoken), 0) + 1]))


def pesq_of(spoken: Samples, ear: Samples) -> float | None:
    """Return the MOS-LQO (1.0 to 4.5) of the utterance in the ear; None if nothing is heard."""
    from pesq import NoUtterancesError, pesq

    if len(ear) < len(spoken):
        return None
    start = find(spoken, np.pad(ear, (0, MARGIN)))
    padded = np.pad(spoken, MARGIN)
    heard = np.pad(ear, MARGIN)[start : start + len(padded)]
    noise = np.random.default_rng(862).standard_normal(len(padded))
    reference = padded + noise * 32768 * 10 ** (FLOOR_DBFS / 20)
    try:
        return float(pesq(RATE, _limited(reference), heard, "nb"))
    except NoUtterancesError:
        return None


def _limited(samples: NDArray[np.float64]) -> Samples:
    return np.clip(np.rint(samples), -32768, 32767).astype(np.int16)
