# SPDX-License-Identifier: MIT
"""When what happened in a call, and how long it was at whom: the facts of its record.

A leg is the time that a call is at one called party, with one caller: it begins when that party
is offered the call and ends when the call goes on elsewhere, or is over.  Legs never overlap.
All time of a leg is spent in some phase; ``spend`` books it, so that the seconds of a leg add up
to its length whatever happens.
"""

import enum
from dataclasses import dataclass, field

from altiware.core.causes import Cause
from altiware.core.ids import Party
from altiware.core.signals import Caller

__all__ = ["CallTimes", "Leg", "Phase"]


class Phase(enum.Enum):
    """What the caller spends his time with."""

    SETUP = "setup"
    "The number is on its way, or the telephone about to ring."
    RINGING = "ringing"
    "Or hearing what the network says of the number."
    WAITING = "waiting"
    "For somebody who is busy."
    TALKING = "talking"
    RECORDING = "recording"
    "An application records what he says."
    HELD = "held"


@dataclass(slots=True)
class Leg:
    """A call at one called party.  Times are engine seconds."""

    caller: Party
    shown: Caller | None
    "How the caller was shown; None: as a station."
    party: Party
    offered_at: float
    alerting_at: float | None = None
    answered_at: float | None = None
    ended_at: float | None = None
    cause: Cause | None = None
    "Why it ended, for this party."
    seconds: dict[Phase, float] = field(default_factory=dict)


class CallTimes:
    """The times of one call."""

    def __init__(self, at: float) -> None:
        self.opened_at = at
        self.answered_at: float | None = None
        "By the first who answered."
        self.closed_at: float | None = None
        self.legs: list[Leg] = []
        self.phase = Phase.SETUP
        self._since = at

    @property
    def leg(self) -> Leg | None:
        """The leg that is going on."""
        last = self.legs[-1] if self.legs else None
        return last if last is not None and last.ended_at is None else None

    @property
    def alerting_at(self) -> float | None:
        """Since when who is called now is being rung."""
        return self.leg.alerting_at if self.leg is not None else None

    def spend(self, at: float) -> None:
        """Book the time until now to the phase and leg that have been going on."""
        leg = self.leg
        if leg is not None:
            leg.seconds[self.phase] = leg.seconds.get(self.phase, 0.0) + at - self._since
        self._since = at

    def enter(self, phase: Phase, at: float) -> None:
        """Go on in another phase."""
        self.spend(at)
        self.phase = phase

    def offer(self, caller: Party, shown: Caller | None, party: Party, at: float) -> None:
        """Begin a leg: a party is offered the call."""
        self.spend(at)
        self.legs.append(Leg(caller, shown, party, at))

    def alert(self, at: float) -> None:
        """Note that the party is rung, or heard about."""
        if self.leg is not None and self.leg.alerting_at is None:
            self.leg.alerting_at = at

    def answer(self, at: float) -> None:
        """Note that the party has answered."""
        if self.answered_at is None:
            self.answered_at = at
        if self.leg is not None:
            self.leg.answered_at = at

    def leave(self, cause: Cause, at: float) -> None:
        """End the leg that is going on, if there is one."""
        self.spend(at)
        leg = self.leg
        if leg is not None:
            leg.ended_at, leg.cause = at, cause
        if self.phase is Phase.RECORDING:
            self.phase = Phase.TALKING

    def change(self, caller: Party, shown: Caller | None, party: Party, at: float) -> None:
        """Go on in a new leg, because one of its two is another now."""
        leg = self.leg
        if leg is None:
            return
        self.leave(Cause.TRANSFERRED, at)
        self.offer(caller, shown, party, at)
        self.legs[-1].alerting_at = at if leg.alerting_at is not None else None
        self.legs[-1].answered_at = at if leg.answered_at is not None else None

    def close(self, cause: Cause, at: float) -> None:
        """End the call."""
        self.leave(cause, at)
        self.closed_at = at

    def spent(self, leg: Leg, now: float) -> dict[Phase, float]:
        """Return the seconds of a leg by phase, until now if it is going on."""
        seconds = dict(leg.seconds)
        if leg is self.leg:
            seconds[self.phase] = seconds.get(self.phase, 0.0) + now - self._since
        return seconds
