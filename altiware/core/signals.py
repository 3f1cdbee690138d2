# SPDX-License-Identifier: MIT
"""What parties hear and see: tones, ringing, callers, and what the exchange listens for."""

import enum
from dataclasses import dataclass

__all__ = [
    "Absence",
    "Caller",
    "Ears",
    "RingStyle",
    "Tone",
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
    CONFIRM = "confirm"
    "Three short bursts: done."
    HOWLER = "howler"
    "A telephone was left off-hook."
    RECORD = "record"
    "One burst: speak now."


class RingStyle(enum.Enum):
    """How a telephone rings, so that one hears who calls before answering."""

    INTERNAL = "internal"
    "A station calls: short double."
    EXTERNAL = "external"
    "As outside calls ring in the country."
    OPERATOR = "operator"
    "A call for the office, at the operator's telephone: long, with short pauses."
    RETURN = "return"
    "A party that this station holds: two short, one long."
    INTERCOM = "intercom"
    "Somebody wants to speak at once: two very short."
    URGENT = "urgent"
    "Short bursts without a rest: an emergency."


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
    "The office's tones, as soon as they can be told."
    CALLER_ID = enum.auto()
    ANSWER = enum.auto()
    "The same, but dial tone only when it can't be music or speech: there may be an answer."
    HANG_UP = enum.auto()
    "Those of the office's tones that end a call, none of them before it can't be either."
