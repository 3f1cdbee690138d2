# SPDX-License-Identifier: MIT
"""What an examination tells the person before the line while it goes on."""

import enum
from dataclasses import dataclass

__all__ = ["Note", "NoteKind"]


class NoteKind(enum.Enum):
    """What a note is for."""

    DOING = "doing"
    ASKING = "asking"
    "A person is to do something now."
    FOUND = "found"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence on the way."""

    at: float
    kind: NoteKind
    text: str
