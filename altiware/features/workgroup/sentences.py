# SPDX-License-Identifier: MIT
"""What callers in a queue are told: announcements with their blanks filled in."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from altiware.core.speech import Clip
from altiware.core.workgroups import Blank
from altiware.features.speaking import ENGLISH, phrases

__all__ = ["CALL_BACK_KEY", "Place", "announcement", "expected_wait_s"]

CALL_BACK_KEY: Final = "1"
LONG_S: Final = 1800.0
"""Longer is not said to the minute: nobody believes it."""


@dataclass(frozen=True, slots=True)
class Place:
    """How a caller stands in the queue."""

    position: int
    "1: he is next."
    wait_s: float
    may_call_back: bool


def expected_wait_s(position: int, handling_s: float, agents: int) -> float:
    """Return how long the caller at a position will wait: so many calls share the agents."""
    return position * handling_s / max(1, agents)


def announcement(says: Iterable[Clip | Blank], place: Place) -> tuple[Clip, ...]:
    """Return what is said to a caller."""
    return tuple(clip for each in says for clip in _filled(each, place))


def _filled(said: Clip | Blank, place: Place) -> Iterator[Clip]:
    match said:
        case Blank.POSITION:
            yield from _position(place.position)
        case Blank.WAIT:
            yield from _wait(place.wait_s)
        case Blank.CALL_BACK:
            if place.may_call_back:
                yield from ENGLISH.choice("queue-callback-offer", CALL_BACK_KEY)
        case _:
            yield said


def _position(position: int) -> tuple[Clip, ...]:
    if position == 1:
        return phrases("queue-next")
    return (*phrases("queue-position"), *ENGLISH.number(position), *phrases("queue-in-line"))


def _wait(seconds: float) -> tuple[Clip, ...]:
    minutes = math.ceil(seconds / 60)
    if minutes <= 1:
        return phrases("queue-wait-less-than-minute")
    if seconds > LONG_S:
        return phrases("queue-wait-long")
    return (*phrases("queue-wait"), *ENGLISH.duration(60 * minutes))
