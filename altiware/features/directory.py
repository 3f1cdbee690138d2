# SPDX-License-Identifier: MIT
"""Names on telephone keys: who is meant by 5-6-4, and how a name is said.

Letters stand on the keys as ITU-T E.161 has them.  A person is found by the beginning of the last
name or of any other; the names of the plan are written first name first.
"""

import unicodedata
from collections.abc import Iterable
from typing import Final

from altiware.core.plan import StationPlan
from altiware.core.speech import Clip, Recording
from altiware.features.settings import Settings
from altiware.features.speaking import ENGLISH

__all__ = ["keys_of", "listed", "matches"]

_KEYS: Final = {
    letter: key
    for key, letters in {
        "2": "abc",
        "3": "def",
        "4": "ghi",
        "5": "jkl",
        "6": "mno",
        "7": "pqrs",
        "8": "tuv",
        "9": "wxyz",
    }.items()
    for letter in letters
}


def keys_of(word: str) -> str:
    """Return the keys that spell a word; accents are dropped, what stands on no key is left out."""
    plain = unicodedata.normalize("NFD", word.lower().replace("ß", "ss"))
    return "".join(_KEYS[letter] for letter in plain if letter in _KEYS)


def matches(stations: Iterable[StationPlan], keys: str) -> tuple[StationPlan, ...]:
    """Return whose last name begins with what was spelled; if nobody's, any part of whose name."""
    named = [each for each in stations if each.name.split()]
    by_last = [each for each in named if keys_of(each.name.split()[-1]).startswith(keys)]
    if by_last:
        return tuple(by_last)
    return tuple(
        each for each in named if any(keys_of(part).startswith(keys) for part in each.name.split())
    )


def listed(station: StationPlan, settings: Settings) -> tuple[Clip, ...]:
    """Return how a name is said: as its owner recorded it, or letter by letter."""
    recorded = settings.of(station.extension).spoken_name
    return (Recording(recorded),) if recorded else ENGLISH.spelling(station.name)
