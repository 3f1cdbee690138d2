# SPDX-License-Identifier: MIT
"""What the office says: phrases of the prompt set, and what somebody recorded.

Clips are played one after the other; where their sound lies, the prompt set knows.
"""

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
    "A path under the data directory's recordings folder."


Clip = Phrase | Recording
