# SPDX-License-Identifier: MIT
"""What everyone heard in a scene, cut from what they heard all morning, and how well.

An actor's ear is one growing recording; ``Ears.mark`` remembers how long each is when a scene
begins, ``Ears.cut`` takes what has come since.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from altiware.cli.demo.score import Samples, pesq_of, read_wav, write_wav
from altiware.cli.demo.script import Cast

__all__ = ["Ears", "Heard", "Utterance", "score"]


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something that was spoken to someone."""

    speaker: str
    listener: str
    recording: Path


@dataclass(frozen=True, slots=True)
class Heard:
    """What one person heard in a scene."""

    who: str
    samples: Samples

    def save(self, file: Path) -> None:
        """Write it as a WAV."""
        write_wav(file, self.samples)


class Ears:
    """The ears of a cast."""

    def __init__(self, cast: Cast, scratch: Path) -> None:
        self._cast = cast
        self._scratch = scratch
        self._begun: dict[str, int] = {}

    def mark(self, people: Iterable[str]) -> None:
        """Begin a scene for these people."""
        self._begun = {who: len(self._all(who)) for who in people}

    def cut(self) -> list[Heard]:
        """Return what each of them has heard since ``mark``."""
        return [Heard(who, self._all(who)[begun:]) for who, begun in self._begun.items()]

    def _all(self, who: str) -> Samples:
        file = self._scratch / "ear.wav"
        self._cast.save_ear(who, file)
        return read_wav(file)


def score(heard: Heard, utterances: Iterable[Utterance]) -> float | None:
    """Return the worst PESQ of what was spoken to someone; None if nothing was, or was heard."""
    values = [
        pesq_of(read_wav(each.recording), heard.samples)
        for each in utterances
        if each.listener == heard.who
    ]
    found = [value for value in values if value is not None]
    if not found or len(found) < len(values):
        return None
    return float(np.round(min(found), 2))
