# SPDX-License-Identifier: MIT
"""What a simulated person or office sends into a line: speech, digits, tones, modem signals.

A ``Mouth`` plays one thing after another, or one tone for ever; ``take`` gives the next frame.
The tones are computed here, independent of the product's generator.
"""

import functools
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

__all__ = ["DTMF_PAIRS", "Mouth", "dtmf", "level", "ms_of", "speech", "tone"]

Samples = npt.NDArray[np.int16]

RATE_HZ: Final = 8000
FULL_SCALE_DBM0: Final = 3.14
ROWS: Final = (697.0, 770.0, 852.0, 941.0)
COLUMNS: Final = (1209.0, 1336.0, 1477.0, 1633.0)
DTMF_PAIRS: Final = {
    key: (ROWS[i // 4], COLUMNS[i % 4]) for i, key in enumerate("123A456B789C*0#D")
}
"""Keys and their frequencies (Q.23)."""
ROW_DBM0: Final = -10.0
COLUMN_DBM0: Final = -8.0
"""2 dB more: cable takes more of the high group."""


def level(dbm0: float) -> float:
    """Return the peak, in 16-bit steps, of a sine of this level."""
    return float(32768 * 10 ** ((dbm0 - FULL_SCALE_DBM0) / 20))


def ms_of(samples: Samples) -> float:
    """Return how long samples last."""
    return len(samples) * 1000 / RATE_HZ


def tone(parts: tuple[tuple[float, float], ...], ms: float, start_ms: float = 0.0) -> Samples:
    """Return a sum of sines, (Hz, dBm0) each, of so many ms; equal start means equal phase."""
    t = (np.arange(round(ms * RATE_HZ / 1000)) + start_ms * RATE_HZ / 1000) / RATE_HZ
    wave = np.zeros(len(t))
    for hz, dbm0 in parts:
        wave += level(dbm0) * np.sin(2 * np.pi * hz * t)
    return np.rint(np.clip(wave, -32768, 32767)).astype(np.int16)


@functools.lru_cache(maxsize=64)
def _key(key: str, on_ms: int, off_ms: int) -> Samples:
    row, column = DTMF_PAIRS[key]
    on = tone(((row, ROW_DBM0), (column, COLUMN_DBM0)), on_ms)
    return np.concatenate([on, np.zeros(off_ms * RATE_HZ // 1000, np.int16)])


def dtmf(digits: str, on_ms: int = 80, off_ms: int = 80) -> Samples:
    """Return digits 0-9 * # A-D as DTMF.

    Raises:
        ValueError: something else is among them.
    """
    unknown = sorted(set(digits) - DTMF_PAIRS.keys())
    if unknown:
        raise ValueError(f"no key {unknown[0]!r} on a telephone; there are 0-9 * # A B C D")
    keys = [_key(key, on_ms, off_ms) for key in digits]
    return np.concatenate(keys) if keys else np.zeros(0, np.int16)


@functools.lru_cache(maxsize=32)
def speech(path: Path) -> Samples:
    """Return any recording that libsndfile reads as 8 kHz, 16 bits, one channel.

    Raises:
        ValueError: there is no such file, or it isn't a recording.
    """
    try:
        sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (OSError, soundfile.SoundFileError) as error:
        raise ValueError(f"{path}: {error}") from error
    mono = sound.mean(axis=1)
    if rate != RATE_HZ:
        mono = soxr.resample(mono, rate, RATE_HZ)
    samples: Samples = np.rint(np.clip(mono * 32768, -32768, 32767)).astype(np.int16)
    samples.flags.writeable = False
    return samples


class Mouth:
    """A queue of samples, and behind it perhaps a tone without end."""

    def __init__(self) -> None:
        self._queue: deque[Samples] = deque()
        self._endless: Iterator[Samples] | None = None

    @property
    def speaks(self) -> bool:
        """Whether something finite is still to be said."""
        return bool(self._queue)

    @property
    def is_silent(self) -> bool:
        """Whether nothing at all is to be said."""
        return not self._queue and self._endless is None

    def say(self, samples: Samples) -> None:
        """Say this after everything else."""
        if len(samples):
            self._queue.append(samples)

    def sound(self, endless: Iterator[Samples]) -> None:
        """Give this tone, until told otherwise, whenever there is nothing to say."""
        self._endless = endless

    def fall_silent(self) -> None:
        """Stop in the middle of whatever it is."""
        self._queue.clear()
        self._endless = None

    def take(self, into: Samples) -> None:
        """Fill ``into`` with what comes next, and silence after it."""
        at = 0
        while at < len(into):
            if not self._queue and not self._refill():
                into[at:] = 0
                return
            piece = self._queue[0]
            count = min(len(piece), len(into) - at)
            into[at : at + count] = piece[:count]
            at += count
            if count == len(piece):
                self._queue.popleft()
            else:
                self._queue[0] = piece[count:]

    def _refill(self) -> bool:
        more = next(self._endless, None) if self._endless else None
        if more is None:
            self._endless = None
            return False
        self._queue.append(more)
        return True
