# SPDX-License-Identifier: MIT
"""One station with a party on hold: hold, consult, transfer and conference, by hook flash.

A flash in a call puts the other party on hold and gives dial tone.  What follows is the usual
grammar of an office telephone: flash again to return, or dial somebody; hang up while that one
rings, or when he has answered, to transfer; flash when he has answered to make a conference;
flash in the conference to drop the one who came last; hang up with nobody but the held party,
and the telephone rings back.

A call that waits (``call_waiting``) is taken by a flash, in the place of a second call dialled:
then a flash swaps the two, and hanging up ends the one and rings back for the other.

With an application there is no conference: a flash returns.  One that takes callers (an attendant,
a parking place, a mailbox) is handed the held party when the owner hangs up; with any other (a
feature code that speaks) hanging up is as with nobody.

Like the other machines it is fed events and returns effects.  It works on two calls and a
station by the words of :mod:`altiware.core.legs`; how a station is wired it doesn't know.
"""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from altiware.core.causes import Cause
from altiware.core.effects import CloseConference, Effect, OpenConference, Send
from altiware.core.events import Event, Timeout
from altiware.core.ids import CallId, Party
from altiware.core.legs import (
    Alerting,
    Answered,
    Departed,
    Failed,
    Flashed,
    FromParty,
    Offer,
    Recall,
    Refused,
    Release,
    Reply,
    Setup,
)
from altiware.core.orders import Bridge, Clear, Hold, Retrieve, Take, Unbridge
from altiware.core.plan import Timers
from altiware.core.signals import Caller, RingStyle
from altiware.features.effects import Consult, Transfer

__all__ = [
    "EVENTS",
    "IGNORED",
    "TRANSITIONS",
    "Consultation",
    "ConsultationState",
    "HeldEnded",
    "Opened",
    "SecondAnswered",
    "SecondEnded",
    "SecondServes",
    "SecondTakesCallers",
    "WaitingTaken",
]


@dataclass(frozen=True, slots=True)
class Opened(Event):
    """The second call has been opened."""

    call: CallId


@dataclass(frozen=True, slots=True)
class WaitingTaken(Event):
    """The owner takes a call that waits, as his second."""

    call: CallId
    caller: Caller | None
    "How its caller is shown."


@dataclass(frozen=True, slots=True)
class SecondAnswered(Event):
    """The second call was answered."""

    party: Party


@dataclass(frozen=True, slots=True)
class SecondTakesCallers(Event):
    """The second call was answered by an application that takes callers."""


@dataclass(frozen=True, slots=True)
class SecondServes(Event):
    """The second call was answered by an application that serves the owner alone."""


@dataclass(frozen=True, slots=True)
class SecondEnded(Event):
    """The second call is over."""


@dataclass(frozen=True, slots=True)
class HeldEnded(Event):
    """The held call is over."""


class ConsultationState(enum.Enum):
    """Each state means one thing the owner of the held call could tell."""

    NEW = "new"
    HOLDING = "holding"
    "One party on hold; the owner hears dial tone, dials, or is told why he can't."
    CALLING = "calling"
    "The second party is being called."
    CONSULTING = "consulting"
    HANDING = "speaking to an application that takes callers"
    SERVED = "speaking to an application"
    ALTERNATING = "talking to one of two"
    "Who called second, or first: a flash swaps them."
    CONFERENCE = "conference"
    RETURNING = "returning"
    "The owner has hung up and is being rung for the party that he left."
    DONE = "done"


class Consultation:
    """The state of one station's consultation."""

    def __init__(
        self, owner: Party, held: CallId, held_party: Party, caller: Caller | None, timers: Timers
    ) -> None:
        self.owner = owner
        self.held = held
        self.held_party = held_party
        self.second: CallId | None = None
        self.second_party: Party | None = None
        self.state = ConsultationState.NEW
        self.deadline: float | None = None
        self._caller = caller
        self._second_caller: Caller | None = None
        self._timers = timers

    def receive(self, event: Event) -> list[Effect]:
        """Apply one event and return the effects to perform, in order."""
        row = TRANSITIONS.get((self.state, type(event)))
        if row is None:
            return []
        state, act = row
        if state is not self.state or type(event) is Timeout:
            self.deadline = None
        self.state = state
        return act(self, event)

    def concerns(self, report: FromParty, call: CallId | None) -> bool:
        """Whether what its owner does at a call, or at none, is told to it and not to the call."""
        if isinstance(report, Reply):  # it offers him the held call alone
            return call == self.held
        return call in (None, self.held, self.second)

    # Hold.  Actions never touch ``state``.

    def _hold(self, event: Event) -> list[Effect]:
        return [
            Send(self.held, Hold(event.at, self.owner)),
            Send(self.owner, Recall(event.at, holding=True)),
        ]

    def _return(self, event: Event) -> list[Effect]:
        return [Send(self.held, Retrieve(event.at))]

    def _ring_back(self, event: Event) -> list[Effect]:
        self.deadline = event.at + self._timers.return_s
        return [Send(self.owner, Offer(event.at, self.held, self._caller, RingStyle.RETURN))]

    def _stop_ringing(self, event: Event) -> list[Effect]:
        return [Send(self.owner, Release(event.at, Cause.NORMAL))]

    def _give_up(self, event: Event) -> list[Effect]:
        no_answer = Clear(event.at, Cause.NO_ANSWER)
        return [*self._stop_ringing(event), Send(self.held, no_answer)]

    # Alternate.

    def _take_waiting(self, event: Event) -> list[Effect]:
        assert isinstance(event, WaitingTaken)
        self.second, self._second_caller = event.call, event.caller
        return [
            Send(self.held, Hold(event.at, self.owner)),
            Send(self.second, Take(event.at, self.owner)),
        ]

    def _swap(self, event: Event) -> list[Effect]:
        before, now = self._second(), self.held
        self.held, self.second = before, now
        self._caller, self._second_caller = self._second_caller, self._caller
        return [Send(before, Hold(event.at, self.owner)), Send(now, Retrieve(event.at))]

    # Consult.

    def _consult(self, event: Event) -> list[Effect]:
        assert isinstance(event, Setup)
        return [Consult(event, self.held)]

    def _note_call(self, event: Event) -> list[Effect]:
        assert isinstance(event, Opened)
        self.second = event.call
        return []

    def _note_answer(self, event: Event) -> list[Effect]:
        assert isinstance(event, SecondAnswered)
        self.second_party = event.party
        return []

    def _forget_call(self, event: Event) -> list[Effect]:
        self.second = self.second_party = None
        return []

    def _leave_and_ring_back(self, event: Event) -> list[Effect]:
        return [*self._leave_second(event), *self._ring_back(event)]

    def _note_service(self, event: Event) -> list[Effect]:
        return []

    def _withdraw(self, event: Event) -> list[Effect]:
        return [*self._leave_second(event), *self._return(event)]

    # Transfer.

    def _transfer(self, event: Event) -> list[Effect]:
        return [Transfer(self.owner, self.held, self._second())]

    def _transfer_conference(self, event: Event) -> list[Effect]:
        return [CloseConference(self.held), *self._transfer(event)]

    # Conference.

    def _confer(self, event: Event) -> list[Effect]:
        assert self.second_party is not None
        return [
            Send(self.held, Bridge(event.at)),
            Send(self._second(), Bridge(event.at)),
            OpenConference(self.held, (self.owner, self.held_party, self.second_party)),
        ]

    def _drop_last(self, event: Event) -> list[Effect]:
        dropped = self._leave_second(event)
        return [CloseConference(self.held), *dropped, Send(self.held, Unbridge(event.at))]

    def _go_on_with_held(self, event: Event) -> list[Effect]:
        return [CloseConference(self.held), Send(self.held, Unbridge(event.at))]

    def _go_on_with_second(self, event: Event) -> list[Effect]:
        return [CloseConference(self.held), Send(self._second(), Unbridge(event.at))]

    # The end.

    def _let_go(self, event: Event) -> list[Effect]:
        return []

    def _clear_held(self, event: Event) -> list[Effect]:
        return [Send(self.held, Clear(event.at, Cause.BOARD_LOST))]

    def _clear_both(self, event: Event) -> list[Effect]:
        lost = Clear(event.at, Cause.BOARD_LOST)
        return [*self._clear_held(event), Send(self._second(), lost)]

    def _clear_conference(self, event: Event) -> list[Effect]:
        return [CloseConference(self.held), *self._clear_both(event)]

    # Pieces of actions.

    def _second(self) -> CallId:
        assert self.second is not None, "a second call was opened"
        return self.second

    def _leave_second(self, event: Event) -> list[Effect]:
        return [Send(self._second(), Departed(event.at, self.owner))]


Action = Callable[[Consultation, Event], list[Effect]]
Table = dict[tuple[ConsultationState, type[Event]], tuple[ConsultationState, Action]]
S = ConsultationState
C = Consultation

EVENTS: Final[tuple[type[Event], ...]] = (
    Flashed,
    Setup,
    Alerting,
    Answered,
    Refused,
    Departed,
    Failed,
    Opened,
    WaitingTaken,
    SecondAnswered,
    SecondTakesCallers,
    SecondServes,
    SecondEnded,
    HeldEnded,
    Timeout,
)
"""All that a consultation can be told: by its owner, and of its two calls."""

_WITH_APPLICATION: Final = (S.HANDING, S.SERVED)

# fmt: off
TRANSITIONS: Final[Table] = {
    (S.NEW,        Flashed):        (S.HOLDING,    C._hold),

    (S.NEW,        WaitingTaken):   (S.ALTERNATING, C._take_waiting),

    (S.ALTERNATING, Flashed):       (S.ALTERNATING, C._swap),
    (S.ALTERNATING, Departed):      (S.RETURNING,  C._leave_and_ring_back),
    (S.ALTERNATING, SecondEnded):   (S.HOLDING,    C._forget_call),
    (S.ALTERNATING, HeldEnded):     (S.DONE,       C._let_go),
    (S.ALTERNATING, Failed):        (S.DONE,       C._clear_both),

    (S.HOLDING,    Flashed):        (S.DONE,       C._return),
    (S.HOLDING,    Setup):          (S.CALLING,    C._consult),
    (S.HOLDING,    Departed):       (S.RETURNING,  C._ring_back),
    (S.HOLDING,    Failed):         (S.DONE,       C._clear_held),
    (S.HOLDING,    HeldEnded):      (S.DONE,       C._let_go),

    (S.CALLING,    Opened):         (S.CALLING,    C._note_call),
    (S.CALLING,    SecondAnswered): (S.CONSULTING, C._note_answer),
    (S.CALLING,    SecondTakesCallers): (S.HANDING, C._note_service),
    (S.CALLING,    SecondServes):   (S.SERVED,     C._note_service),
    (S.CALLING,    SecondEnded):    (S.HOLDING,    C._forget_call),
    (S.CALLING,    Flashed):        (S.DONE,       C._withdraw),
    (S.CALLING,    Departed):       (S.DONE,       C._transfer),
    (S.CALLING,    Failed):         (S.DONE,       C._clear_both),
    (S.CALLING,    HeldEnded):      (S.DONE,       C._let_go),

    (S.CONSULTING, Flashed):        (S.CONFERENCE, C._confer),
    (S.CONSULTING, SecondEnded):    (S.HOLDING,    C._forget_call),
    (S.CONSULTING, Departed):       (S.DONE,       C._transfer),
    (S.CONSULTING, Failed):         (S.DONE,       C._clear_both),
    (S.CONSULTING, HeldEnded):      (S.DONE,       C._let_go),

    (S.HANDING,    SecondAnswered): (S.CONSULTING, C._note_answer),
    (S.HANDING,    Departed):       (S.DONE,       C._transfer),
    (S.SERVED,     SecondAnswered): (S.CONSULTING, C._note_answer),
    (S.SERVED,     Departed):       (S.RETURNING,  C._leave_and_ring_back),
    **{(s,         Opened):         (S.CALLING,    C._note_call)   for s in _WITH_APPLICATION},
    **{(s,         Flashed):        (S.DONE,       C._withdraw)    for s in _WITH_APPLICATION},
    **{(s,         SecondEnded):    (S.HOLDING,    C._forget_call) for s in _WITH_APPLICATION},
    **{(s,         Failed):         (S.DONE,       C._clear_both)  for s in _WITH_APPLICATION},
    **{(s,         HeldEnded):      (S.DONE,       C._let_go)      for s in _WITH_APPLICATION},

    (S.CONFERENCE, Flashed):        (S.DONE,       C._drop_last),
    (S.CONFERENCE, SecondEnded):    (S.DONE,       C._go_on_with_held),
    (S.CONFERENCE, HeldEnded):      (S.DONE,       C._go_on_with_second),
    (S.CONFERENCE, Departed):       (S.DONE,       C._transfer_conference),
    (S.CONFERENCE, Failed):         (S.DONE,       C._clear_conference),

    (S.RETURNING,  Answered):       (S.DONE,       C._return),
    (S.RETURNING,  Timeout):        (S.DONE,       C._give_up),
    (S.RETURNING,  Refused):        (S.DONE,       C._clear_held),
    (S.RETURNING,  Failed):         (S.DONE,       C._clear_held),
    (S.RETURNING,  HeldEnded):      (S.DONE,       C._stop_ringing),
}
# fmt: on
"""The grammar of flash and hang-up."""

_OFF_HOOK: Final = (
    S.HOLDING,
    S.CALLING,
    S.CONSULTING,
    *_WITH_APPLICATION,
    S.CONFERENCE,
    S.ALTERNATING,
)
_SERVICES: Final = (SecondTakesCallers, SecondServes)

IGNORED: Final = frozenset(
    {(S.NEW, event) for event in EVENTS if event not in {Flashed, WaitingTaken}}
    | {(state, WaitingTaken) for state in (*_OFF_HOOK, S.RETURNING)}
    | {(S.DONE, event) for event in EVENTS}
    # An owner who is off-hook is offered nothing, and calls only when he holds.
    | {(state, event) for state in _OFF_HOOK for event in (Alerting, Answered, Refused, Timeout)}
    | {(state, Setup) for state in (*_OFF_HOOK, S.RETURNING) if state is not S.HOLDING}
    # While the owner is rung there is no second call, and no telephone in a hand.
    | {(S.RETURNING, e) for e in (Flashed, Departed, Alerting, Opened, SecondAnswered, SecondEnded)}
    | {(S.HOLDING, event) for event in (Opened, SecondAnswered, SecondEnded)}
    | {(s, e) for s in (*_OFF_HOOK, S.RETURNING) for e in _SERVICES if s is not S.CALLING}
    | {
        (state, event)
        for state in (S.CONSULTING, S.CONFERENCE, S.ALTERNATING)
        for event in (Opened, SecondAnswered)
    }
)
"""Pairs that are known, harmless and deliberately without effect."""
