# SPDX-License-Identifier: MIT
"""Who waits for an agent of a workgroup: a caller, or a place that is kept for one.

The queue is the sum of them, in the order in which they came.
"""

from abc import abstractmethod
from collections.abc import Iterable
from typing import ClassVar

from altiware.core.effects import Effect, Send
from altiware.core.events import Event
from altiware.core.ids import CallId, Party
from altiware.core.signals import Caller
from altiware.core.workgroup_events import WorkgroupEvent, WorkgroupFact
from altiware.core.workgroups import WorkgroupPlan
from altiware.features.applications import Conversation, Desk, Opening
from altiware.features.effects import Report
from altiware.features.workgroup.leg import Leg, Order
from altiware.features.workgroup.messages import (
    AgentAnswered,
    LegEnded,
    Stir,
    Withdraw,
    group_party,
)

__all__ = ["Waiter", "queue"]


class Waiter(Conversation):
    """One place in the queue of a workgroup."""

    in_queue: ClassVar[frozenset[object]]
    "States in which it has a place."
    waiting: ClassVar[frozenset[object]]
    "States in which an agent can be had for it."

    def __init__(self, desk: Desk, opening: Opening, plan: WorkgroupPlan, skill: str) -> None:
        super().__init__(desk, opening)
        self.plan = plan
        self.skill = skill
        self.since = 0.0
        "When it came."
        self.tried: frozenset[str] = NOTHING_TRIED

    @abstractmethod
    def order(self) -> Order:
        """Return what an agent is called for."""

    @property
    def is_waiting(self) -> bool:
        """Whether an agent can be called for it now."""
        return self.state in self.waiting

    @property
    def needs(self) -> Party | None:
        """A station that must be idle, too."""
        return None

    def legs(self) -> list[Leg]:
        """Return the agents who are being called for it."""
        conversations = self.desk.conversations.values()
        return [
            each for each in conversations if isinstance(each, Leg) and each.waiter == self.party
        ]

    def shown(self) -> Caller:
        """Return what an agent's telephone shows: the group, and who calls."""
        who = self.opening.shown or Caller("")
        return Caller(who.number, f"{self.plan.name} {who.name}".strip(), who.absence)

    def stir(self, event: Event) -> Effect:
        """Let the group look whom it can serve."""
        return Send(group_party(self.plan.name), Stir(event.at))

    def withdraw(self, event: Event, but: Party | None = None) -> list[Effect]:
        """Want no agent any more, but one."""
        return [Send(each.party, Withdraw(event.at)) for each in self.legs() if each.party != but]

    def refuse_agent(self, event: Event) -> list[Effect]:
        """Have an agent already, or none now."""
        assert isinstance(event, AgentAnswered)
        return [Send(event.leg, Withdraw(event.at))]

    def note_tried(self, event: Event) -> list[Effect]:
        """Know that an agent can't be had."""
        assert isinstance(event, LegEnded)
        self.tried |= {event.agent}
        return []

    def tell(self, event: Event, fact: WorkgroupFact, agent: str = "") -> Effect:
        """Report what has become of it."""
        waited = event.at - self.since
        in_time = fact is WorkgroupFact.ANSWERED and waited <= self.plan.service_level_s
        when, name, call = self.desk.wall(event.at), self.plan.name, self.call_id
        return Report(WorkgroupEvent(event.at, when, name, fact, call, agent, waited, in_time))

    @property
    def call_id(self) -> CallId:
        """The caller's call, under which all facts about it are told."""
        return self.opening.call


NOTHING_TRIED: frozenset[str] = frozenset()


def queue(desk: Desk, name: str) -> list[Waiter]:
    """Return who has a place in the queue of a group, the next one first."""
    waiters: Iterable[Waiter] = (
        each for each in desk.conversations.values() if isinstance(each, Waiter)
    )
    own = (each for each in waiters if each.plan.name == name and each.state in each.in_queue)
    return sorted(own, key=lambda each: each.since)
