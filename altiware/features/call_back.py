# SPDX-License-Identifier: MIT
"""Call-back: who found an extension busy is rung when both are free, and then it rings there.

It is asked for by the code, for the number behind it or else the one that was dialled last, and
ends when it was tried once, when it is cancelled, or after half an hour.  The extension that asked
is rung at its own telephone, also when it forwards its calls.  Numbers outside have no call-back.
"""

import enum
from dataclasses import dataclass
from typing import ClassVar, Final

from altiware.core.causes import Cause
from altiware.core.effects import Effect, Send
from altiware.core.events import Event, Timeout
from altiware.core.ids import CallId, Party, application
from altiware.core.legs import Alert, Connect, Key, Offer, Progress, Release, Setup, Wait
from altiware.core.numbering import Destination, Place
from altiware.core.plan import Service
from altiware.core.signals import Caller
from altiware.features.applications import Conversation, Desk, Opening, Rows
from altiware.features.effects import Hand, Spawn
from altiware.features.errands import Errand, Outcome
from altiware.features.speaking import phrases

__all__ = [
    "EVENTS",
    "IGNORED",
    "AskCallBack",
    "CallBack",
    "CallBackCancelled",
    "CallBackState",
    "CancelCallBack",
]

KIND: Final = "call-back"
EXPIRES_S: Final = 1800.0
LOOK_S: Final = 1.0
"""How often it is looked whether both are free."""


@dataclass(frozen=True, slots=True)
class CallBackCancelled(Event):
    """Whoever asked for it wants it no more."""


class CallBackState(enum.Enum):
    """How far a call-back is."""

    WAITING = "waiting until both are free"
    CALLING = "ringing who asked for it"
    DONE = "done"


S = CallBackState


class CallBack(Conversation):
    """One call-back that was asked for."""

    first = S.WAITING
    rows: ClassVar[Rows]

    def __init__(self, desk: Desk, opening: Opening, wanted: Party, at: float) -> None:
        """Begin to wait; ``opening`` is that of the errand that asked."""
        party = application(f"{KIND} of {opening.caller} to", int(wanted.name))
        service = Service(KIND, wanted.name, "call-back")
        super().__init__(desk, Opening(party, service, CallId(""), opening.caller, None))
        self.owner = opening.caller
        self.wanted = wanted
        self.deadline = at + LOOK_S
        self._expires_at = at + EXPIRES_S

    def _look(self, event: Event) -> list[Effect]:
        """Ring who asked as soon as both are free."""
        if event.at >= self._expires_at:
            self.enter(S.DONE)
            return []
        if not (self.desk.is_idle(self.owner) and self.desk.is_idle(self.wanted)):
            self.deadline = event.at + LOOK_S
            return []
        self.enter(S.CALLING)
        names = (each.name for each in self.desk.plan.stations if each.party == self.wanted)
        shown = Caller(self.wanted.name, next(names, ""))
        return [Setup(event.at, self.party, self.owner.name, shown, self.owner)]

    def _lead(self, event: Event) -> list[Effect]:
        own = self.desk.call_at(self.party)
        assert own is not None, "it is connected"
        return [Hand(own, Destination(Place.STATION, self.wanted))]

    def _try_again(self, event: Event) -> list[Effect]:
        """Wait on if he was faster and is busy with another call; else that was the one try."""
        assert isinstance(event, Release)
        if event.cause is Cause.BUSY:
            self.enter(S.WAITING)
            self.deadline = event.at + LOOK_S
        else:
            self.enter(S.DONE)
        return []


EVENTS: Final[tuple[type[Event], ...]] = (
    Timeout,
    CallBackCancelled,
    Alert,
    Progress,
    Connect,
    Release,
    Offer,
    Key,
    Wait,
)
"""All that it can be told."""

CallBack.choices = {
    S.WAITING: frozenset({S.CALLING, S.DONE}),
    S.CALLING: frozenset({S.WAITING, S.DONE}),
}
# fmt: off
CallBack.rows = {
    (S.WAITING, Timeout):           (S.WAITING, CallBack._look),
    (S.WAITING, CallBackCancelled): (S.DONE,    CallBack.do_nothing),
    (S.CALLING, Connect):           (S.DONE,    CallBack._lead),
    (S.CALLING, Release):           (S.CALLING, CallBack._try_again),
}
# fmt: on

IGNORED: Final = frozenset(
    {(S.DONE, event) for event in EVENTS}
    # It has no call while it waits, and calls are never offered to it.
    | {(S.WAITING, event) for event in (Alert, Progress, Connect, Release)}
    | {(s, event) for s in (S.WAITING, S.CALLING) for event in (Offer, Key, Wait)}
    # While it rings it is too late to be cancelled: he hears it.
    | {(S.CALLING, event) for event in (Timeout, CallBackCancelled, Alert, Progress)}
)
"""Pairs that are known, harmless and deliberately without effect."""


class AskCallBack(Errand):
    """Asks for a call-back."""

    def run(self, at: float) -> Outcome:
        """Begin to wait for the extension."""
        wanted = self._wanted()
        if wanted is None or wanted == self.opening.caller:
            return Outcome(phrases("call-back-none"), cause=Cause.WRONG_NUMBER)
        if any(each.wanted == wanted for each in _of(self.desk, self.opening.caller)):
            return Outcome(phrases("call-back-already"))
        waiting = CallBack(self.desk, self.opening, wanted, at)
        return Outcome(phrases("call-back-set"), (Spawn(waiting, self.opening.call),))

    def _wanted(self) -> Party | None:
        if self.opening.digits:
            to = self.desk.dial_plan.destination(self.opening.digits)
        else:
            to = self.desk.memory.dialled.get(self.opening.caller, Destination(Place.NOWHERE))
        return to.party


class CancelCallBack(Errand):
    """Cancels all call-backs of an extension."""

    def run(self, at: float) -> Outcome:
        """Tell them."""
        waiting = _of(self.desk, self.opening.caller)
        if not waiting:
            return Outcome(phrases("call-back-none"), cause=Cause.WRONG_NUMBER)
        told = tuple(Send(each.party, CallBackCancelled(at)) for each in waiting)
        return Outcome(phrases("call-back-canceled"), told)


def _of(desk: Desk, owner: Party) -> list[CallBack]:
    everything = desk.conversations.values()
    return [each for each in everything if isinstance(each, CallBack) and each.owner == owner]
