# SPDX-License-Identifier: MIT
"""A call that an application makes for somebody: who answers is led to where the application says.

It is a conversation of its own, spawned by another, and tells that one by OutcallEnded what became
of it.  Whom it calls outside, its station is asked for and charged.
"""

import enum
from dataclasses import dataclass
from typing import ClassVar, Final

from altiware.core.causes import Cause
from altiware.core.effects import Effect, Send
from altiware.core.events import Event, Timeout
from altiware.core.ids import CallId, Party
from altiware.core.legs import Alert, Connect, Key, Offer, Progress, Release, Setup, Wait
from altiware.core.numbering import Destination, Place
from altiware.core.plan import Service
from altiware.features.applications import Conversation, Opening, Rows
from altiware.features.effects import Hand

__all__ = ["EVENTS", "IGNORED", "Outcall", "OutcallEnded", "OutcallState"]


@dataclass(frozen=True, slots=True)
class OutcallEnded(Event):
    """What became of a call that an application made."""

    cause: Cause
    "NORMAL: it was answered."


class OutcallState(enum.Enum):
    """How far the call is."""

    NEW = "new"
    CALLING = "calling"
    DONE = "done"


S = OutcallState


class Outcall(Conversation):
    """One call, and where who answers it is led."""

    first = S.NEW
    rows: ClassVar[Rows]

    def __init__(
        self,
        parent: Conversation,
        party: Party,
        number: str,
        charged: Party,
        leads_to: Service,
    ) -> None:
        """Call ``number``, as dialled, at the charge of a station; begins at once."""
        own = Opening(party, leads_to, CallId(""), charged, parent.opening.shown)
        super().__init__(parent.desk, own)
        self.deadline = 0.0
        self._parent = parent.party
        self._number = number
        self._charged = charged

    def _call(self, event: Event) -> list[Effect]:
        shown = self.opening.shown
        return [Setup(event.at, self.party, self._number, shown, self._charged)]

    def _lead(self, event: Event) -> list[Effect]:
        to = Destination(Place.APPLICATION, service=self.opening.service)
        own = self.desk.call_at(self.party)
        assert own is not None, "it is connected"
        told = Send(self._parent, OutcallEnded(event.at, Cause.NORMAL))
        return [told, Hand(own, to)]

    def _fail(self, event: Event) -> list[Effect]:
        assert isinstance(event, Release)
        return [Send(self._parent, OutcallEnded(event.at, event.cause))]


EVENTS: Final[tuple[type[Event], ...]] = (
    Offer,
    Alert,
    Progress,
    Connect,
    Key,
    Wait,
    Release,
    Timeout,
)
"""All that it can be told."""

Outcall.rows = {
    (S.NEW, Timeout): (S.CALLING, Outcall._call),
    (S.CALLING, Connect): (S.DONE, Outcall._lead),
    (S.CALLING, Release): (S.DONE, Outcall._fail),
}

IGNORED: Final = frozenset(
    {(S.NEW, event) for event in EVENTS if event is not Timeout}
    | {(S.CALLING, event) for event in (Offer, Alert, Progress, Key, Wait, Timeout)}
    | {(S.DONE, event) for event in EVENTS}
)
"""Pairs that are known, harmless and deliberately without effect."""
