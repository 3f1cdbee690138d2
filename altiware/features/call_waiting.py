# SPDX-License-Identifier: MIT
"""Call waiting: who calls a station that is talking is heard as a beep, and waits.

The call that waits is at a conversation of this application, which stands for the station: its
caller hears ringback, the station up to three beeps in 24 s, the first of them with the caller's
number.  A flash takes the call and holds the other party, and from then on swaps the two
(``consultation``); hanging up lets the telephone ring with it.  Who isn't taken is led where calls
go when the station is busy.

A call waits only for a station in a plain call with one other person: not in a consultation or a
conference, not with an attendant or mailbox, not in an emergency call, not beside another that
waits, and not when the station has asked not to be disturbed during this call.
"""

import enum
from dataclasses import dataclass
from typing import ClassVar, Final

from altiware.core.call import Call, CallState
from altiware.core.causes import Cause
from altiware.core.effects import Effect, Send
from altiware.core.events import Event, Timeout
from altiware.core.ids import Party, PartyKind, station
from altiware.core.legs import Alerting, Connect, Key, Knock, Offer, Refused, Release, Wait
from altiware.core.numbering import Destination, Place
from altiware.core.plan import Service
from altiware.features import coverage
from altiware.features.applications import Conversation, Desk, Opening, Rows
from altiware.features.dialling import Dialling
from altiware.features.effects import Change, LeadOn
from altiware.features.errands import Errand, Outcome
from altiware.features.speaking import phrases

__all__ = [
    "EVENTS",
    "IGNORED",
    "KIND",
    "CallWaiting",
    "CallWaitingState",
    "CallWaitingSwitch",
    "OwnerLeft",
    "Undisturbed",
    "instead_of_busy",
    "waiting_for",
]

KIND: Final = "waiting"
BEEPS: Final = 3
BEEP_S: Final = 8.0
"""Three beeps in 24 s, as AltiWare."""


@dataclass(frozen=True, slots=True)
class OwnerLeft(Event):
    """The station that is waited for has hung up."""


class CallWaitingState(enum.Enum):
    """Where a call that waits is."""

    NEW = "new"
    KNOCKING = "waiting"
    DONE = "done"


class CallWaiting(Conversation):
    """One call that waits for a station."""

    first = CallWaitingState.NEW
    rows: ClassVar[Rows]

    def __init__(self, desk: Desk, opening: Opening) -> None:
        super().__init__(desk, opening)
        self.owner = station(opening.service.argument)
        self._beeps = 0

    @property
    def stands_for(self) -> Party:
        """The station, in records."""
        return self.owner

    def _begin(self, event: Event) -> list[Effect]:
        alerting = Alerting(event.at, self.party, self.opening.call)
        return [alerting, *self._knock(event)]

    def _knock(self, event: Event) -> list[Effect]:
        """Beep; when it has been heard often enough, give up."""
        if self._beeps == BEEPS:
            return self._give_up(event)
        caller = self.opening.shown if self._beeps == 0 else None
        self._beeps += 1
        self.deadline = event.at + BEEP_S
        return [Send(self.owner, Knock(event.at, caller))]

    def _give_up(self, event: Event) -> list[Effect]:
        """Lead the call where it goes when the station is busy."""
        self.enter(CallWaitingState.DONE)
        call = self.desk.calls.get(self.opening.call)
        to = coverage.after(self.desk, self.owner, Cause.BUSY, call) if call is not None else None
        if to is None:
            return [Refused(event.at, self.party, self.opening.call, Cause.BUSY)]
        return [LeadOn(self.opening.call, to, Cause.BUSY)]

    def _ring(self, event: Event) -> list[Effect]:
        """Let the telephone ring that is free now."""
        to = Destination(Place.STATION, self.owner)
        return [LeadOn(self.opening.call, to, Cause.NORMAL)]


S = CallWaitingState
CallWaiting.choices = {S.KNOCKING: frozenset({S.DONE})}
EVENTS: Final[tuple[type[Event], ...]] = (Offer, Timeout, OwnerLeft, Connect, Key, Wait, Release)
"""All that it can be told."""

# fmt: off
CallWaiting.rows = {
    (S.NEW,      Offer):     (S.KNOCKING, CallWaiting._begin),
    (S.KNOCKING, Timeout):   (S.KNOCKING, CallWaiting._knock),
    (S.KNOCKING, OwnerLeft): (S.DONE,     CallWaiting._ring),
    (S.KNOCKING, Release):   (S.DONE,     CallWaiting.do_nothing),
    (S.NEW,      Release):   (S.DONE,     CallWaiting.do_nothing),
}
# fmt: on
"""What it does, state by state."""

IGNORED: Final = frozenset(
    {(S.DONE, event) for event in EVENTS}
    | {(S.NEW, event) for event in (Timeout, OwnerLeft)}
    # It never answers: there is nobody to talk to it.
    | {(s, event) for s in (S.NEW, S.KNOCKING) for event in (Connect, Key, Wait)}
    | {(S.KNOCKING, Offer)}
)
"""Pairs that are known, harmless and deliberately without effect."""


# When a call waits


def instead_of_busy(desk: Desk, wanted: Party, cause: Cause, call: Call) -> Destination | None:
    """Return where a call waits for a station that has refused it; None: it doesn't wait."""
    if cause is not Cause.BUSY or not _waits(desk, wanted, call):
        return None
    service = Service(KIND, wanted.name, "call waiting")
    return Destination(Place.APPLICATION, service=service)


def waiting_for(desk: Desk, party: Party) -> CallWaiting | None:
    """Return the call that waits for a station; None: there is none."""
    for each in desk.conversations.values():
        if isinstance(each, CallWaiting) and each.owner == party and each.state is S.KNOCKING:
            return each
    return None


def _waits(desk: Desk, wanted: Party, call: Call) -> bool:
    own = desk.calls.get(desk.call_at(wanted) or call.id)
    if own is None or own is call or own.state is not CallState.TALKING:
        return False
    at_hands = desk.is_claimed(own.id) or desk.is_claimed(call.id)
    taken = at_hands or waiting_for(desk, wanted) is not None
    return not taken and has_call_waiting(desk, wanted) and _may_be_interrupted(own, wanted)


def has_call_waiting(desk: Desk, party: Party) -> bool:
    """Whether calls may wait for a station: as it has set, or as the plan says."""
    own = desk.settings.of(party.name).call_waiting
    planned = (each.call_waiting for each in desk.plan.stations if each.party == party)
    return own if own is not None else next(planned, False)


def _may_be_interrupted(call: Call, owner: Party) -> bool:
    """Whether a call is one that a beep may be heard in."""
    other = call.other(owner)
    with_somebody = other is not None and other.kind is not PartyKind.APPLICATION
    emergency = call.decision is not None and call.decision.emergency
    asked = any(_is_a(each, UNDISTURBED) for each in call.led)
    return with_somebody and not emergency and not (asked and call.initiator == owner)


def _is_a(party: Party, kind: str) -> bool:
    return party.kind is PartyKind.APPLICATION and party.name.startswith(f"{kind} ")


# The codes

UNDISTURBED: Final = "undisturbed"


class Undisturbed(Dialling):
    """Leads on to the number behind the code; the call has been here, so no other waits for it."""

    def number(self) -> Destination:
        """Return where the number leads."""
        return self.desk.dial_plan.destination(self.opening.digits)


class CallWaitingSwitch(Errand):
    """Switches call waiting off, or on."""

    def run(self, at: float) -> Outcome:
        """Change it to the other."""
        wanted = not has_call_waiting(self.desk, self.opening.caller)
        said = phrases("call-waiting-on") if wanted else phrases("call-waiting-off")
        return Outcome(said, (Change(self.extension, "call_waiting", wanted),))
