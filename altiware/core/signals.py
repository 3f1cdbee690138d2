# SPDX-License-Identifier: MIT
"""What parties hear and see: tones, ringing, callers, and what the exchange listens for."""

import enum
from dataclasses import dataclass
from typing import Final

__all__ = [
    "CADENCES_MS",
    "EXTERNAL_MS",
    "Absence",
    "Caller",
    "Ears",
    "RingStyle",
    "Tone",
    "ring_cadence_ms",
]


class Tone(enum.Enum):
    """The call-progress tones by the names that the country data use."""

    DIAL = "dial"
    STUTTER = "stutter"
    "Dial tone while a party is on hold: recall."
    RINGBACK = "ringback"
    BUSY = "busy"
    REORDER = "reorder"
    "Fast busy, congestion: the call can't be completed."
    HOWLER = "howler"
    "A telephone was left off-hook."


class RingStyle(enum.Enum):
    """How a telephone rings, so that one hears who calls before answering."""

    INTERNAL = "internal"
    EXTERNAL = "external"
    OPERATOR = "operator"
    "A call for the office, at the operator's telephone."
    RETURN = "return"
    "A party that this station holds."


CADENCES_MS: Final[dict[RingStyle, tuple[int, ...]]] = {
    RingStyle.INTERNAL: (400, 200, 400, 3000),
    RingStyle.OPERATOR: (2000, 2000),
    RingStyle.RETURN: (400, 200, 400, 200, 800, 3000),
}
"""On and off times, ours to choose: short double, long with short pauses, double and long."""

EXTERNAL_MS: Final[dict[str, tuple[int, ...]]] = {
    "us": (2000, 4000),
    "uk": (400, 200, 400, 2000),
    "de": (1000, 4000),
    "jp": (1000, 2000),
}
"""An outside call rings as calls ring in the country."""


def ring_cadence_ms(style: RingStyle, country: str) -> tuple[int, ...]:
    """Return the on and off times of a ring style; countries not listed ring as in the US."""
    return CADENCES_MS.get(style) or EXTERNAL_MS.get(country, EXTERNAL_MS["us"])


class Absence(enum.Enum):
    """Why there is no number: the letters of the caller-ID message."""

    PRIVATE = "P"
    UNAVAILABLE = "O"


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller as told by caller ID; number and name may be empty."""

    number: str
    name: str = ""
    absence: Absence | None = None


class Ears(enum.Flag):
    """What the exchange listens for in what a party says."""

    NONE = 0
    DIGITS = enum.auto()
    PROGRESS = enum.auto()
    "The office's tones."
    CALLER_ID = enum.auto()
