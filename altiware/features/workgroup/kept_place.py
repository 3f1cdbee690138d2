# SPDX-License-Identifier: MIT
"""A place in the queue that is kept for a caller who wants to be called back.

When it is its turn an agent is called, hears what it is about, and then the caller being dialled:
at the charge, and by the permissions, of the extension under which the group calls (``calls_as``).
Who can't be reached then is not tried again.  Help is never called, whatever a caller has shown as
his number.
"""

import enum
import re
from typing import ClassVar, Final

from altiware.core.effects import Effect, Send
from altiware.core.events import Event, Timeout
from altiware.core.ids import Party, PartyKind, station
from altiware.core.numbering import Destination, Place
from altiware.core.plan import Plan
from altiware.core.signals import Caller
from altiware.core.workgroup_events import WorkgroupFact
from altiware.core.workgroups import WorkgroupPlan
from altiware.features.applications import Opening, Rows
from altiware.features.speaking import phrases
from altiware.features.workgroup.leg import Order
from altiware.features.workgroup.messages import AgentAnswered, Closed, Joined, LegEnded, Taken
from altiware.features.workgroup.waiter import Waiter

__all__ = ["EVENTS", "IGNORED", "KeptPlace", "KeptPlaceState", "number_of", "way_back"]

LEAST_DIGITS: Final = 7
"""Shorter numbers are services, or extensions of somebody else's."""


class KeptPlaceState(enum.Enum):
    """Where it stands."""

    WAITING = "waiting"
    CONNECTING = "an agent is told"
    DONE = "done"


S = KeptPlaceState


class KeptPlace(Waiter):
    """One call-back."""

    first = S.WAITING
    rows: ClassVar[Rows]

    def __init__(self, caller: Waiter, to: Destination, at: float) -> None:
        """Keep the place of ``caller``, who is still there: it is free when he has gone."""
        before = caller.opening
        party = Party(PartyKind.APPLICATION, f"call-back for {before.party.name}")
        own = Opening(party, before.service, before.call, before.caller, before.shown)
        super().__init__(caller.desk, own, caller.plan, caller.skill)
        self.since = caller.since
        self.deadline = self._lapses_at = at + caller.plan.call_back_within_s
        self.to = to
        self._caller = caller.party

    @property
    def is_waiting(self) -> bool:
        """Whether it is its turn: the caller has hung up, and can be rung."""
        gone = self._caller not in self.desk.conversations
        return self.state is S.WAITING and gone and self._can_be_rung()

    def _can_be_rung(self) -> bool:
        return self.needs is None or self.desk.is_idle(self.needs)

    @property
    def needs(self) -> Party | None:
        """The station that is to be called back."""
        return self.to.party

    def order(self) -> Order:
        """Return what an agent is called for."""
        outside = self.to.place is Place.OUTSIDE
        charged = station(self.plan.calls_as) if outside else None
        says = phrases("queue-agent-callback")
        return Order(
            self.party, self.shown(), self.opening.call, says, leads=self.to, charged=charged
        )

    def _take(self, event: Event) -> list[Effect]:
        assert isinstance(event, AgentAnswered)
        return [Send(event.leg, Taken(event.at)), *self.withdraw(event, but=event.leg)]

    def _lose_agent(self, event: Event) -> list[Effect]:
        self.deadline = self._lapses_at
        return [*self.note_tried(event), self.stir(event)]

    def _leave(self, event: Event) -> list[Effect]:
        assert isinstance(event, Joined)
        return [self.tell(event, WorkgroupFact.ANSWERED, event.agent)]

    def _lapse(self, event: Event) -> list[Effect]:
        return [*self.withdraw(event), self.tell(event, WorkgroupFact.LAPSED)]


EVENTS: Final[tuple[type[Event], ...]] = (AgentAnswered, Joined, LegEnded, Closed, Timeout)
"""All that it can be told."""

C = KeptPlace
KeptPlace.in_queue = frozenset({S.WAITING})
KeptPlace.waiting = frozenset({S.WAITING})

# fmt: off
KeptPlace.rows = {
    (S.WAITING,    AgentAnswered): (S.CONNECTING, C._take),
    (S.WAITING,    LegEnded):      (S.WAITING,    C.note_tried),
    (S.WAITING,    Timeout):       (S.DONE,       C._lapse),
    (S.WAITING,    Closed):        (S.DONE,       C._lapse),
    (S.CONNECTING, AgentAnswered): (S.CONNECTING, C.refuse_agent),
    (S.CONNECTING, Joined):        (S.DONE,       C._leave),
    (S.CONNECTING, LegEnded):      (S.WAITING,    C._lose_agent),
}
# fmt: on
"""What it does, state by state."""

IGNORED: Final = frozenset(
    {(S.DONE, event) for event in EVENTS}
    | {(S.WAITING, Joined), (S.CONNECTING, Closed), (S.CONNECTING, Timeout)}
)
"""Pairs that are known, harmless and deliberately without effect."""


def number_of(shown: Caller | None, caller: Party) -> str:
    """Return the number that a caller has; empty: it isn't known."""
    if caller.kind is PartyKind.STATION:
        return caller.name
    return shown.number if shown is not None else ""


def way_back(plan: Plan, group: WorkgroupPlan, number: str, caller: Party) -> Destination | None:
    """Return how a caller would be called back; None: he can't be."""
    if not group.call_back:
        return None
    if caller.kind is PartyKind.STATION:
        return Destination(Place.STATION, caller)
    if not group.calls_as or not re.fullmatch(rf"\+?[0-9]{{{LEAST_DIGITS},15}}", number, re.ASCII):
        return None
    if any(number.removeprefix("+") == each for each in plan.emergency):
        return None
    return Destination(Place.OUTSIDE, digits=_dialled(plan, number))


def _dialled(plan: Plan, number: str) -> str:
    """Return a number as it is dialled: NANP callers are shown without the 1 of other areas."""
    ten = plan.country == "us" and re.fullmatch(r"[2-9][0-9]{9}", number) is not None
    return f"1{number}" if ten and number[:3] not in plan.numbering.area_codes else number
