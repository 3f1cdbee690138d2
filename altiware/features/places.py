# SPDX-License-Identifier: MIT
"""How a place is said: "Building B, 2nd floor, room 12" with the words that the office knows.

What it has no phrase for is spelled letter by letter, numbers are said digit by digit.
"""

import re
from collections.abc import Iterator
from typing import Final

from altiware.core.speech import Clip
from altiware.features.speaking import ENGLISH, Clips, phrases

__all__ = ["PHRASES", "place"]

PHRASES: Final = {
    "place-building": "building",
    "place-house": "house",
    "place-floor": "floor",
    "place-basement": "basement",
    "place-room": "room",
    "place-suite": "suite",
    "place-office": "office",
    "place-desk": "desk",
    "place-hall": "hall",
    "place-kitchen": "kitchen",
    "place-lobby": "lobby",
    "place-reception": "reception",
    "place-stairs": "stairs",
    "place-street": "street",
    "place-warehouse": "warehouse",
    "place-wing": "wing",
    "place-workshop": "workshop",
    "place-yard": "yard",
    "place-north": "north",
    "place-south": "south",
    "place-east": "east",
    "place-west": "west",
    "place-left": "left",
    "place-right": "right",
    "place-of": "of",
}
_WORDS: Final = {words: name for name, words in PHRASES.items()}
_ORDINAL: Final = re.compile(r"([1-9][0-9]?)(?:st|nd|rd|th)")
_PIECE: Final = re.compile(r"[0-9]+|[^0-9\W]+|,")


def place(text: str) -> Clips:
    """Return the clips of a place."""
    return tuple(clip for word in text.lower().split() for clip in _said(word))


def _said(word: str) -> Iterator[Clip]:
    ordinal = _ORDINAL.fullmatch(word.rstrip(","))
    if ordinal is not None:
        yield from ENGLISH.ordinal(int(ordinal[1]))
        yield from phrases("pause") if word.endswith(",") else ()
        return
    for piece in _PIECE.findall(word):
        if piece in _WORDS:
            yield from phrases(_WORDS[piece])
        elif piece == ",":
            yield from phrases("pause")
        else:
            yield from ENGLISH.digits(piece) if piece.isdecimal() else ENGLISH.spelling(piece)
