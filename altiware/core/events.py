# SPDX-License-Identifier: MIT
"""What can happen at a line or trunk.  Plain facts; the ports translate boards' words to these."""

from dataclasses import dataclass

from altiware.core.signals import Caller

__all__ = [
    "BusyHeard",
    "CallerShown",
    "DialToneHeard",
    "Digit",
    "DigitsSent",
    "Event",
    "Flash",
    "InService",
    "Lamp",
    "LoopBroken",
    "NumberTaken",
    "OffHook",
    "OnHook",
    "OrderRefused",
    "OutOfService",
    "Recorded",
    "Restored",
    "Reversed",
    "RingBegan",
    "RingEnded",
    "RingbackEnded",
    "RingbackHeard",
    "SaidAll",
    "Timeout",
]


@dataclass(frozen=True, slots=True)
class Event:
    """Base class of all events."""

    at: float
    "Engine seconds, from whoever observed it; the core never reads a clock."


@dataclass(frozen=True, slots=True)
class Timeout(Event):
    """The deadline that the machine asked for has passed."""


@dataclass(frozen=True, slots=True)
class InService(Event):
    """The board is up; the port is idle."""


@dataclass(frozen=True, slots=True)
class OutOfService(Event):
    """The board is lost."""


# A telephone


@dataclass(frozen=True, slots=True)
class OffHook(Event):
    """The handset was lifted."""


@dataclass(frozen=True, slots=True)
class OnHook(Event):
    """The handset was replaced (debounced, and not a flash)."""


@dataclass(frozen=True, slots=True)
class Flash(Event):
    """The hook was pressed for a moment."""


@dataclass(frozen=True, slots=True)
class Lamp(Event):
    """Messages wait for whoever has this telephone, or none."""

    messages: int
    "New ones: the lamp is lit while there are any."


@dataclass(frozen=True, slots=True)
class Digit(Event):
    """One digit was dialled, by DTMF or pulses."""

    key: str
    "One of 0-9 * #."


# A line of the central office


@dataclass(frozen=True, slots=True)
class RingBegan(Event):
    """A burst of ringing began."""


@dataclass(frozen=True, slots=True)
class RingEnded(Event):
    """A burst of ringing ended."""


@dataclass(frozen=True, slots=True)
class CallerShown(Event):
    """The office told who calls."""

    caller: Caller


@dataclass(frozen=True, slots=True)
class DialToneHeard(Event):
    """The office gives dial tone."""


@dataclass(frozen=True, slots=True)
class BusyHeard(Event):
    """The office gives busy or reorder: what was reached is busy, or the far end has gone."""


@dataclass(frozen=True, slots=True)
class RingbackHeard(Event):
    """The called party is being rung."""


@dataclass(frozen=True, slots=True)
class RingbackEnded(Event):
    """The called party is no longer rung."""


@dataclass(frozen=True, slots=True)
class DigitsSent(Event):
    """All digits have gone out."""


@dataclass(frozen=True, slots=True)
class NumberTaken(Event):
    """The network took the whole number with the seizure; it tells of all that follows."""


@dataclass(frozen=True, slots=True)
class Reversed(Event):
    """The office exchanged tip and ring: the far end has answered."""


@dataclass(frozen=True, slots=True)
class Restored(Event):
    """The office put tip and ring back: the far end has gone."""


@dataclass(frozen=True, slots=True)
class LoopBroken(Event):
    """The office opened the loop, long enough to mean that the far end has gone."""


@dataclass(frozen=True, slots=True)
class OrderRefused(Event):
    """The board could not do what it was asked."""


# An application


@dataclass(frozen=True, slots=True)
class SaidAll(Event):
    """All that was to be said has been heard, or could not be read."""


@dataclass(frozen=True, slots=True)
class Recorded(Event):
    """A recording is whole, on the disk."""

    file: str
    "As it was asked for."
    ended_by: str
    """``silence`` or ``length``: by its rules; ``recorded``: it was stopped; ``unwritable``: there
    is none."""
