# SPDX-License-Identifier: MIT
"""What can be said to a party: entries of the prompt set, and what people have recorded."""

from dataclasses import dataclass

__all__ = ["Clip", "Phrase", "Recording"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """An entry of the prompt set."""

    name: str


@dataclass(frozen=True, slots=True)
class Recording:
    """Something that somebody recorded."""

    file: str
    "A path under the data directory's folder of recordings."


Clip = Phrase | Recording
