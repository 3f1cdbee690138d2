# SPDX-License-Identifier: MIT
"""Bring a sound file into the engine's form: 8 kHz, 16-bit, mono WAV.

What already has that form is taken over sample for sample.  Anything else that libsndfile reads
(WAV, AIFF, FLAC, Ogg, any rate and number of channels) is mixed to one channel, band-limited and
resampled by soxr, and rounded; what exceeds full scale is clipped.  Levels are not changed.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from dsp.errors import EngineArgumentError

__all__ = ["import_wav"]

_RATE: Final = 8000
_BLOCK: Final = 65_536
"Frames read at a time: an hour of music must not fill the memory."

_Samples = npt.NDArray[np.int16]


def import_wav(source: Path, target: Path) -> float:
    """Convert ``source`` into ``target`` (replaced as a whole, or not at all).

    Returns the length in seconds.

    Raises:
        EngineArgumentError: ``source`` is not a sound file that can be read.
        OSError: ``target`` cannot be written.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        with _opened(source) as sound, part.open("wb") as file:
            frames = _convert(sound, file)
        part.replace(target)
    except soundfile.LibsndfileError as error:
        raise EngineArgumentError(f"{source}: {error.error_string}") from error
    finally:
        part.unlink(missing_ok=True)
    return frames / _RATE


@contextlib.contextmanager
def _opened(source: Path) -> Iterator[Any]:
    with source.open("rb") as file, soundfile.SoundFile(file) as sound:
        yield sound


def _convert(sound: Any, file: Any) -> int:
    as_is = (sound.samplerate, sound.channels, sound.subtype) == (_RATE, 1, "PCM_16")
    blocks = _copied(sound) if as_is else _resampled(sound)
    frames = 0
    with soundfile.SoundFile(
        file, "w", samplerate=_RATE, channels=1, format="WAV", subtype="PCM_16"
    ) as out:
        for block in blocks:
            out.write(block)
            frames += len(block)
    return frames


def _copied(sound: Any) -> Iterator[_Samples]:
    yield from sound.blocks(_BLOCK, dtype="int16")


def _resampled(sound: Any) -> Iterator[_Samples]:
    stream = soxr.ResampleStream(sound.samplerate, _RATE, 1, dtype="float32", quality="VHQ")
    for block in sound.blocks(_BLOCK, dtype="float32", always_2d=True):
        yield _rounded(stream.resample_chunk(block.mean(axis=1)))
    yield _rounded(stream.resample_chunk(np.zeros(0, dtype=np.float32), last=True))


def _rounded(block: npt.NDArray[np.float32]) -> _Samples:
    samples: _Samples = np.clip(np.rint(block * 32768.0), -32768, 32767).astype(np.int16)
    return samples
