# SPDX-License-Identifier: MIT
"""What the switchboard and the features tell a call; its parties speak core/legs.py."""

from dataclasses import dataclass

from altiware.core.causes import Cause
from altiware.core.decision import Decision, DialRequest
from altiware.core.events import Event
from altiware.core.ids import Party
from altiware.core.signals import Caller, RingStyle

__all__ = [
    "Absorb",
    "Allowed",
    "Bridge",
    "Clear",
    "Denied",
    "Divert",
    "Hold",
    "Join",
    "NoTrunk",
    "Nowhere",
    "Retrieve",
    "Take",
    "ToApplication",
    "ToOffice",
    "ToOutside",
    "ToStation",
    "TrunkFound",
    "Turn",
    "Unbridge",
]


# Where the number leads


@dataclass(frozen=True, slots=True)
class ToStation(Event):
    """To a station, which is free or isn't."""

    party: Party
    style: RingStyle
    ring_s: float | None = None
    "How long it is rung; None: as the office's timers say."


@dataclass(frozen=True, slots=True)
class ToApplication(Event):
    """To an application: it answers at once, refuses, or lets the caller hear ringback."""

    party: Party
    stands_for: Party | None = None
    "Who is recorded as wanted; None: itself."


@dataclass(frozen=True, slots=True)
class ToOffice(Event):
    """From outside to whoever answers for the office: waits when that one is busy."""

    party: Party


@dataclass(frozen=True, slots=True)
class ToOutside(Event):
    """To a number outside, if the policy allows it."""

    request: DialRequest


@dataclass(frozen=True, slots=True)
class Nowhere(Event):
    """The number leads nowhere."""

    cause: Cause


@dataclass(frozen=True, slots=True)
class Allowed(Event):
    """The policy allows it."""

    decision: Decision


@dataclass(frozen=True, slots=True)
class Denied(Event):
    """The policy doesn't allow it."""

    decision: Decision


@dataclass(frozen=True, slots=True)
class TrunkFound(Event):
    """A free trunk, for this call alone."""

    party: Party
    route: str = ""
    "The name of the route that it is of."
    digits: str = ""
    "What is to be dialled there; empty: the digits of the decision."


@dataclass(frozen=True, slots=True)
class NoTrunk(Event):
    """There is none."""


# What features do with calls


@dataclass(frozen=True, slots=True)
class Hold(Event):
    """A party turns to something else; the other waits."""

    by: Party


@dataclass(frozen=True, slots=True)
class Retrieve(Event):
    """The party that turned away is back."""


@dataclass(frozen=True, slots=True)
class Join(Event):
    """A party takes the place of another."""

    leaver: Party
    joiner: Party
    caller: Caller | None = None
    "How the joiner was shown where he comes from; None: as a station."
    decision: Decision | None = None
    "By which the joiner was called, outside; None: it wasn't, or has called itself."


@dataclass(frozen=True, slots=True)
class Divert(Event):
    """The far party is let go; where the call leads now is told next."""

    cause: Cause
    "Why, for who is let go."


@dataclass(frozen=True, slots=True)
class Turn(Event):
    """The near party leaves, and the far one is led on in its place; where to is told next."""


@dataclass(frozen=True, slots=True)
class Take(Event):
    """A party takes the call that rings at another, or that an application has."""

    by: Party


@dataclass(frozen=True, slots=True)
class Absorb(Event):
    """Both parties have left for other calls: end without telling anybody."""


@dataclass(frozen=True, slots=True)
class Bridge(Event):
    """The parties hear each other through a conference from now on."""


@dataclass(frozen=True, slots=True)
class Unbridge(Event):
    """The conference is over; the parties of this call go on."""


@dataclass(frozen=True, slots=True)
class Clear(Event):
    """End the call."""

    cause: Cause
