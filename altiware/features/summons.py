# SPDX-License-Identifier: MIT
"""A call that an application makes to fetch somebody: who answers is told, asked, and joined.

It is a conversation of its own, spawned by another (its parent), and tells that one by Summoned
what became of it.  It says the same again and again to who must press a key, so that a machine
which answers takes nothing; to who needs not, once.  Joining is Splice: the parent's caller and
who was fetched go on without both of them.  Outside calls are asked for, and charged to, the
station that the order names.
"""

import enum
from dataclasses import dataclass
from typing import ClassVar, Final

from altiware.core.call import CallState
from altiware.core.causes import Cause
from altiware.core.effects import Effect, Say, Send
from altiware.core.events import Event, SaidAll, Timeout
from altiware.core.ids import CallId, Party
from altiware.core.legs import Alert, Connect, Key, Offer, Progress, Release, Setup, Wait
from altiware.core.signals import Caller, RingStyle
from altiware.features.applications import Conversation, Opening, Rows
from altiware.features.effects import Splice
from altiware.features.speaking import ENGLISH, Clips, phrases

__all__ = ["EVENTS", "IGNORED", "CalledOff", "Order", "Result", "Summoned", "Summons", "spoken"]

PHRASES: Final = {
    "find-me-gone": "The caller has hung up.",
}
ANSWER_S: Final = 30.0
"""How long who has answered is asked."""
ACCEPT: Final = "1"
DECLINE: Final = "2"


class Result(enum.Enum):
    """What became of it."""

    CAME = "came"
    DECLINED = "declined"
    NOT_REACHED = "not reached"


@dataclass(frozen=True, slots=True)
class Summoned(Event):
    """What became of a summons."""

    result: Result
    number: str
    cause: Cause = Cause.NORMAL
    "Why he was not reached."


@dataclass(frozen=True, slots=True)
class CalledOff(Event):
    """Nobody is wanted any more."""


@dataclass(frozen=True, slots=True)
class Order:
    """Whom to fetch, and how."""

    number: str
    "As dialled."
    ring_s: float
    said: Clips
    asks: bool = False
    "Whether 1 must be pressed (2 declines); else who answers has come."
    charged: Party | None = None
    shown: Caller | None = None
    style: RingStyle | None = None
    insists: bool = False
    "It rings in spite of do not disturb and forwarding."
    join: CallId | None = None
    "To the other party of this call of the parent's; None: to nobody."
    parting: Clips = ()
    "Said to who has come and is joined to nobody."


class SummonsState(enum.Enum):
    """How far it is."""

    NEW = "new"
    CALLING = "calling"
    TELLING = "telling what it is about"
    ASKING = "asking whether he comes"
    PARTING = "saying a last word"
    DONE = "done"


S = SummonsState


class Summons(Conversation):
    """Fetches one person."""

    first = S.NEW
    rows: ClassVar[Rows]

    def __init__(self, parent: Conversation, party: Party, order: Order) -> None:
        """Begin at once."""
        own = Opening(party, parent.opening.service, CallId(""), parent.party, order.shown)
        super().__init__(parent.desk, own)
        self.deadline = 0.0
        self.order = order
        self._parent = parent.party

    def _call(self, event: Event) -> list[Effect]:
        order = self.order
        self.deadline = event.at + order.ring_s
        setup = Setup(
            event.at, self.party, order.number, order.shown, order.charged, order.style,
            order.insists, only=True,
        )  # fmt: skip
        return [setup]

    def _speak(self, event: Event) -> list[Effect]:
        self.enter(S.ASKING if self.order.asks else S.TELLING)
        self.deadline = event.at + ANSWER_S if self.order.asks else None
        return [Say(self.order.said)]

    def _speak_again(self, event: Event) -> list[Effect]:
        return [Say((*phrases("pause"), *self.order.said))]

    def _choose(self, event: Event) -> list[Effect]:
        assert isinstance(event, Key)
        if event.key == ACCEPT:
            return self._come(event)
        if event.key != DECLINE or self.order.join is None:
            return []
        self.enter(S.DONE)
        return [*self._report(event, Result.DECLINED), *self.hang_up(event)]

    def _come(self, event: Event) -> list[Effect]:
        """Join him, if there is still somebody to be joined to."""
        came = self._report(event, Result.CAME)
        if self.order.join is None:
            self.enter(S.PARTING)
            return [*came, Say(self.order.parting)]
        call = self.desk.calls.get(self.order.join)
        own = self.desk.call_at(self.party)
        if call is None or call.state is not CallState.TALKING or own is None:
            return [*self._report(event, Result.NOT_REACHED), *self._part(event)]
        self.enter(S.DONE)
        return [*came, Splice(call.id, self._parent, own, self.party)]

    def _part(self, event: Event) -> list[Effect]:
        self.enter(S.PARTING)
        return [Say(phrases("find-me-gone"))]

    def _give_up(self, event: Event) -> list[Effect]:
        unanswered = self._report(event, Result.NOT_REACHED, Cause.NO_ANSWER)
        return [*unanswered, *self.hang_up(event)]

    def _lose(self, event: Event) -> list[Effect]:
        assert isinstance(event, Release)
        return self._report(event, Result.NOT_REACHED, event.cause)

    def _report(self, event: Event, result: Result, cause: Cause = Cause.NORMAL) -> list[Effect]:
        return [Send(self._parent, Summoned(event.at, result, self.order.number, cause))]


def spoken(what: str, accept: str, decline: str = "") -> Clips:
    """Return the choices as they are said; ``what`` names a phrase before them, or nothing."""
    before = phrases(what) if what else ()
    declining = ENGLISH.choice(decline, DECLINE) if decline else ()
    return (*before, *ENGLISH.choice(accept, ACCEPT), *declining)


EVENTS: Final[tuple[type[Event], ...]] = (
    Offer,
    Alert,
    Progress,
    Connect,
    Key,
    SaidAll,
    Wait,
    Release,
    Timeout,
    CalledOff,
)
"""All that it can be told."""

Summons.choices = {
    S.CALLING: frozenset({S.ASKING, S.TELLING}),
    S.TELLING: frozenset({S.PARTING, S.DONE}),
    S.ASKING: frozenset({S.PARTING, S.DONE}),
}

# fmt: off
Summons.rows = {
    (S.NEW,     Timeout):   (S.CALLING, Summons._call),
    (S.NEW,     CalledOff): (S.DONE,    Summons.do_nothing),
    (S.CALLING, Connect):   (S.CALLING, Summons._speak),
    (S.CALLING, Timeout):   (S.DONE,    Summons._give_up),
    (S.CALLING, Release):   (S.DONE,    Summons._lose),
    (S.CALLING, CalledOff): (S.DONE,    Summons.hang_up),
    (S.TELLING, SaidAll):   (S.TELLING, Summons._come),
    (S.TELLING, Release):   (S.DONE,    Summons._lose),
    (S.TELLING, CalledOff): (S.PARTING, Summons._part),
    (S.ASKING,  SaidAll):   (S.ASKING,  Summons._speak_again),
    (S.ASKING,  Key):       (S.ASKING,  Summons._choose),
    (S.ASKING,  Timeout):   (S.DONE,    Summons._give_up),
    (S.ASKING,  Release):   (S.DONE,    Summons._lose),
    (S.ASKING,  CalledOff): (S.PARTING, Summons._part),
    (S.PARTING, SaidAll):   (S.DONE,    Summons.hang_up),
    (S.PARTING, Release):   (S.DONE,    Summons.do_nothing),
}
# fmt: on
"""What it does, state by state."""

IGNORED: Final = frozenset(
    {(S.DONE, event) for event in EVENTS}
    | {(S.NEW, event) for event in EVENTS if event not in {Timeout, CalledOff}}
    | {(s, event) for s in S if s not in {S.NEW, S.DONE} for event in (Offer, Alert, Progress)}
    | {(s, Wait) for s in S if s not in {S.NEW, S.DONE}}
    | {(S.CALLING, event) for event in (Key, SaidAll)}
    | {(S.TELLING, event) for event in (Connect, Key, Timeout)}
    # Who was fetched has given his telephone to somebody else: that one is asked on.
    | {(S.ASKING, Connect)}
    | {(S.PARTING, event) for event in (Connect, Key, Timeout, CalledOff)}
)
"""Pairs that are known, harmless and deliberately without effect."""
