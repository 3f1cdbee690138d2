# SPDX-License-Identifier: MIT
"""Sound files of any kind as the engine plays them, converted once for each version of a file."""

import contextlib
import hashlib
import uuid
from pathlib import Path
from typing import Final

import soundfile

from altiware.prompts.errors import SoundFileError, UnwritableError
from dsp.errors import EngineArgumentError
from dsp.pcm import RATE_HZ
from dsp.recording import import_wav

__all__ = ["convert", "is_playable", "playable"]

_PLAYED: Final = ("WAV", RATE_HZ, 1, "PCM_16")


def is_playable(file: Path) -> bool:
    """Return whether the engine plays the file as it is: a WAV of 8 kHz, 16-bit, mono.

    Raises:
        SoundFileError: it isn't a sound file, or can't be read.
    """
    try:
        with file.open("rb") as opened:
            found = soundfile.info(opened)
    except soundfile.LibsndfileError as error:
        raise SoundFileError(f"{file}: {error.error_string}") from error
    except OSError as error:
        raise SoundFileError(f"{file}: {error.strerror}") from error
    return (found.format, found.samplerate, found.channels, found.subtype) == _PLAYED


def playable(file: Path, cache: Path) -> Path:
    """Return the file itself if the engine can play it, else its conversion in ``cache``.

    Raises:
        SoundFileError: it isn't a sound file, or can't be read.
        UnwritableError: the cache can't be written.
    """
    if is_playable(file):
        return file
    state = file.stat()
    version = f"{file.resolve()}\n{state.st_mtime_ns}\n{state.st_size}"
    target = cache / f"{file.stem}-{hashlib.sha256(version.encode()).hexdigest()[:16]}.wav"
    if not target.exists():
        convert(file, target)
    return target


def convert(file: Path, target: Path) -> float:
    """Convert a file into one that the engine plays; returns its length in seconds.

    Raises:
        SoundFileError: it isn't a sound file, or can't be read.
        UnwritableError: ``target`` can't be written.
    """
    is_playable(file)
    own = target.with_name(f".{uuid.uuid4().hex}.wav")  # another process may do the same
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        seconds = import_wav(file, own)
        own.replace(target)
    except EngineArgumentError as error:
        raise SoundFileError(str(error)) from error
    except OSError as error:
        raise UnwritableError(f"{target}: {error.strerror}") from error
    finally:
        with contextlib.suppress(OSError):
            own.unlink()
    return seconds
