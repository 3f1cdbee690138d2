# SPDX-License-Identifier: MIT
"""Sounds for offices in tests: any phrase is half a second of silence, of its own name."""

from pathlib import Path

import numpy as np
import soundfile

from altiware.core.speech import Clip, Phrase

__all__ = ["MadeUpSounds"]

PHRASE_S = 0.5


class MadeUpSounds:
    """Every phrase there could be."""

    def __init__(self, folder: Path, *, music: bool = False) -> None:
        self._folder = folder
        self._music = [self._silence("music", 5.0)] if music else []

    def path(self, clip: Clip) -> Path:
        if isinstance(clip, Phrase):
            return self._silence(clip.name, PHRASE_S)
        return self._folder / clip.file

    def recording(self, file: str) -> Path:
        path = self._folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def music(self) -> list[Path]:
        return self._music

    def _silence(self, name: str, seconds: float) -> Path:
        path = self._folder / f"{name}.wav"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            soundfile.write(path, np.zeros(round(seconds * 8000), np.int16), 8000)
        return path
