# SPDX-License-Identifier: MIT
"""The call of one agent for one who waits.

The agent's telephone rings, with the caller shown and the group's name before his.  It goes to the
telephone itself: an agent's forwarding and mailbox don't get the group's calls.  Who has answered
is told how long the caller has waited, if the group wants that, and then has him; or, for a
call-back, hears it being dialled.
"""

import enum
from dataclasses import dataclass
from typing import ClassVar, Final

from altiware.core.causes import Cause
from altiware.core.effects import Effect, Say, Send
from altiware.core.events import Event, SaidAll, Timeout
from altiware.core.ids import CallId, Party, station
from altiware.core.legs import Alert, Connect, Departed, Key, Offer, Progress, Release, Setup, Wait
from altiware.core.numbering import Destination
from altiware.core.plan import Service
from altiware.core.signals import Caller, RingStyle
from altiware.core.speech import Clip
from altiware.core.workgroup_events import WorkgroupEvent, WorkgroupFact
from altiware.core.workgroups import Recorded, WorkgroupPlan
from altiware.features.applications import Conversation, Desk, Opening, Rows
from altiware.features.effects import Hand, Report, Spawn, Splice
from altiware.features.speaking import ENGLISH, phrases
from altiware.features.workgroup.logging_in import log_out
from altiware.features.workgroup.messages import (
    AgentAnswered,
    Joined,
    LegEnded,
    Stir,
    Taken,
    Withdraw,
    group_party,
)
from altiware.features.workgroup.shift import Shift

__all__ = ["EVENTS", "IGNORED", "LEG", "Leg", "LegState", "Order"]


@dataclass(frozen=True, slots=True)
class Order:
    """What an agent is called for."""

    waiter: Party
    shown: Caller | None
    call: CallId
    "The waiter's."
    says: tuple[Clip, ...] = ()
    "To the agent, before he has the caller."
    since: float | None = None
    "Since when the caller has waited, if the agent is told that."
    leads: Destination | None = None
    "Where he is led, who calls back; None: to the waiter."
    charged: Party | None = None
    "For that, where it is outside."
    style: RingStyle = RingStyle.INTERNAL
    "How the agent's telephone rings."


LEG: Final = "leg"


class LegState(enum.Enum):
    """How far the call is."""

    NEW = "new"
    CALLING = "calling the agent"
    ANSWERED = "answered"
    "By this agent; the waiter may have another already."
    TELLING = "telling about the caller"
    DONE = "done"


S = LegState


class Leg(Conversation):
    """One call of an agent."""

    first = S.NEW
    rows: ClassVar[Rows]

    def __init__(
        self, desk: Desk, party: Party, plan: WorkgroupPlan, agent: str, order: Order
    ) -> None:
        """Call ``agent``; begins at once."""
        own = Opening(party, Service(LEG, plan.name), CallId(""), station(agent), order.shown)
        super().__init__(desk, own)
        self.plan = plan
        self.agent = agent
        "An extension: who is called, and then who has answered."
        self.waiter = order.waiter
        self.deadline = 0.0
        self._order = order
        self._called = agent
        self._rung_at = 0.0

    # Calling

    def _call(self, event: Event) -> list[Effect]:
        self._rung_at = event.at
        self.deadline = event.at + self.plan.ring_s
        shown, charged = self.opening.shown, self._order.charged
        style = self._order.style
        return [Setup(event.at, self.party, self._called, shown, charged, style, only=True)]

    def _note_answer(self, event: Event) -> list[Effect]:
        assert isinstance(event, Connect)
        self.agent = event.other.name if event.other is not None else self.agent
        return [Send(self.waiter, AgentAnswered(event.at, self.party))]

    def _give_up(self, event: Event) -> list[Effect]:
        return [Departed(event.at, self.party), *self._missed(event)]

    def _fail(self, event: Event) -> list[Effect]:
        assert isinstance(event, Release)
        if event.cause is Cause.NO_ANSWER:
            return self._missed(event)
        return self._end(event, event.cause)

    def _missed(self, event: Event) -> list[Effect]:
        seconds = event.at - self._rung_at
        told = self._tell(event, WorkgroupFact.MISSED, seconds)
        out = self.plan.no_answer_log_out
        left = log_out(self.desk, event.at, self._called, [self.plan]) if out else []
        return [told, *left, *self._end(event, Cause.NO_ANSWER)]

    def _leave(self, event: Event) -> list[Effect]:
        """Let somebody else take the caller: the agent has put the announcement on hold."""
        return [Departed(event.at, self.party), *self._end(event, Cause.NORMAL)]

    def _end(self, event: Event, cause: Cause) -> list[Effect]:
        ended = LegEnded(event.at, self._called, cause)
        return [Send(self.waiter, ended), Send(group_party(self.plan.name), ended)]

    def _forget(self, event: Event) -> list[Effect]:
        return [Send(group_party(self.plan.name), Stir(event.at))]

    def _withdraw(self, event: Event) -> list[Effect]:
        return [Departed(event.at, self.party), *self._forget(event)]

    # Joining

    def _speak(self, event: Event) -> list[Effect]:
        said = (*self._order.says, *self._waited(event.at))
        if said:
            return [Say(said)]
        self.enter(S.DONE)
        return self._join(event)

    def _waited(self, now: float) -> tuple[Clip, ...]:
        since = self._order.since
        if since is None:
            return ()
        return (*phrases("queue-agent-waited"), *ENGLISH.duration(now - since))

    def _join(self, event: Event) -> list[Effect]:
        own = self.desk.call_at(self.party)
        assert own is not None, "the agent is there"
        told = self.plan.recording is Recorded.ALWAYS and self._order.leads is None
        shift = Shift(self.desk, self.plan, self.agent, own, event.at, told=told)
        joined = Send(self.waiter, Joined(event.at, self.agent))
        order = self._order
        if order.leads is not None:
            return [Spawn(shift, own), joined, Hand(own, order.leads)]
        return [Spawn(shift, own), joined, Splice(order.call, self.waiter, own, self.party)]

    def _tell(self, event: Event, fact: WorkgroupFact, seconds: float) -> Effect:
        when, call = self.desk.wall(event.at), self._order.call
        name = self.plan.name
        return Report(WorkgroupEvent(event.at, when, name, fact, call, self._called, seconds))


L = Leg
EVENTS: Final[tuple[type[Event], ...]] = (
    Offer,
    Alert,
    Progress,
    Connect,
    Key,
    Wait,
    Release,
    Timeout,
    SaidAll,
    Taken,
    Withdraw,
)
"""All that it can be told."""

Leg.choices = {S.TELLING: frozenset({S.DONE})}
_TALKING: Final = (S.ANSWERED, S.TELLING)

# fmt: off
Leg.rows = {
    (S.NEW,      Timeout):  (S.CALLING,  L._call),
    (S.NEW,      Withdraw): (S.DONE,     L._forget),
    (S.CALLING,  Connect):  (S.ANSWERED, L._note_answer),
    (S.CALLING,  Timeout):  (S.DONE,     L._give_up),
    (S.CALLING,  Withdraw): (S.DONE,     L._withdraw),
    (S.ANSWERED, Taken):    (S.TELLING,  L._speak),
    (S.TELLING,  SaidAll):  (S.DONE,     L._join),
    **{(s, Release):        (S.DONE,     L._fail)     for s in (S.CALLING, *_TALKING)},
    **{(s, Wait):           (S.DONE,     L._leave)    for s in _TALKING},
    **{(s, Withdraw):       (S.DONE,     L._withdraw) for s in _TALKING},
}
# fmt: on
"""What it does, state by state."""

_UNHEARD: Final = (Offer, Alert, Progress, Key)
IGNORED: Final = frozenset(
    {(S.DONE, event) for event in EVENTS}
    | {(s, event) for s in (S.NEW, S.CALLING, *_TALKING) for event in _UNHEARD}
    | {(S.NEW, event) for event in (Connect, Wait, Release, SaidAll, Taken)}
    | {(S.CALLING, event) for event in (Wait, SaidAll, Taken)}
    | {(S.ANSWERED, event) for event in (Connect, Timeout, SaidAll)}
    | {(S.TELLING, event) for event in (Connect, Timeout, Taken)}
)
"""Pairs that are known, harmless and deliberately without effect."""
