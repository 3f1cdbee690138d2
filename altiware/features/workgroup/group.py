# SPDX-License-Identifier: MIT
"""A workgroup: brings together who waits and who is free.

It lives from the first call on, watches its agents' telephones and settings, and remembers only
what nothing else tells: who was called last, since when each is idle, how long calls take.
"""

import enum
import itertools
from collections.abc import Iterator
from typing import ClassVar, Final

from altiware.core.effects import Effect, Send
from altiware.core.events import Event, Timeout
from altiware.core.ids import CallId, Party, application
from altiware.core.plan import Service
from altiware.core.workgroups import Distribution, WorkgroupPlan
from altiware.features.applications import Changed, Conversation, Desk, Opening, Rows
from altiware.features.effects import Spawn
from altiware.features.workgroup.agents import AT_WORK, AgentState, agent_states
from altiware.features.workgroup.distribution import Free, Waiting, distribute
from altiware.features.workgroup.leg import LEG, Leg
from altiware.features.workgroup.messages import Closed, LegEnded, ShiftOver, Stir, group_party
from altiware.features.workgroup.sentences import expected_wait_s
from altiware.features.workgroup.waiter import Waiter, queue

__all__ = ["EVENTS", "IGNORED", "Group", "GroupState", "workgroup"]

REST_S: Final = 3.0
"""An agent who couldn't be had is left alone for so long: others may be free by then."""
HANDLING_S: Final = 180.0
"""How long a call takes, as long as nobody knows."""
NEWEST: Final = 0.2
"""What the last call weighs in the average of all."""


class GroupState(enum.Enum):
    """Whether the plan has it."""

    OPEN = "open"
    DONE = "done"


S = GroupState


def workgroup(desk: Desk, name: str) -> WorkgroupPlan | None:
    """Return the plan of a group; None: there is none of this name."""
    return next((each for each in desk.plan.workgroups if each.name == name), None)


class Group(Conversation):
    """One workgroup."""

    first = S.OPEN
    rows: ClassVar[Rows]

    def __init__(self, desk: Desk, name: str) -> None:
        party = group_party(name)
        own = Opening(party, Service("workgroup", name), CallId(""), party, None)
        super().__init__(desk, own)
        self.name = name
        self.handling_s = HANDLING_S
        self._last = ""
        self._free_since: dict[str, float] = {}
        self._rests_until: dict[str, float] = {}
        self._legs = itertools.count(1)

    def watches(self, what: Party | CallId) -> bool:
        """Watch its agents, and who is to be called back inside."""
        if not isinstance(what, Party):
            return False
        plan = workgroup(self.desk, self.name)
        is_agent = plan is not None and plan.is_member(what.name)
        return is_agent or any(each.needs == what for each in self._queue())

    def expected_wait_s(self, position: int) -> float:
        """Return how long the waiter at a position of the queue may have to wait."""
        plan = workgroup(self.desk, self.name)
        states = agent_states(self.desk, plan).values() if plan else ()
        return expected_wait_s(position, self.handling_s, sum(s in AT_WORK for s in states))

    def _queue(self) -> list[Waiter]:
        return queue(self.desk, self.name)

    # Who is called for whom

    def _distribute(self, event: Event) -> list[Effect]:
        plan = workgroup(self.desk, self.name)
        if plan is None:
            self.enter(S.DONE)
            return [Send(each.party, Closed(event.at)) for each in self._queue()]
        waiters = {each.party: each for each in self._unserved(plan)}
        waiting = [Waiting(e.party, e.since, e.skill, e.tried) for e in waiters.values()]
        free = list(self._free(plan, event.at)) if waiting else []
        called: list[Effect] = []
        for each in distribute(plan, waiting, free, self._last, event.at):
            self._last = each.agents[-1]
            waiter = waiters[each.waiter]
            called += [self._call(plan, waiter, agent) for agent in each.agents]
        self.deadline = self._next_look(plan, waiting, event.at)
        return called

    def _unserved(self, plan: WorkgroupPlan) -> Iterator[Waiter]:
        """Yield for whom somebody may be called; where all ring, who is free later rings too."""
        legs = (each for each in self.desk.conversations.values() if isinstance(each, Leg))
        served = {each.waiter for each in legs} if plan.mode is not Distribution.ALL else set()
        for each in self._queue():
            if each.is_waiting and each.party not in served:
                yield each

    def _free(self, plan: WorkgroupPlan, now: float) -> Iterator[Free]:
        states = agent_states(self.desk, plan)
        for each in plan.members:
            rests = self._rests_until.get(each.extension, now) > now
            if states[each.extension] is AgentState.READY and not rests:
                since = self._free_since.get(each.extension, 0.0)
                yield Free(each.extension, since, each.levels)

    def _call(self, plan: WorkgroupPlan, waiter: Waiter, agent: str) -> Effect:
        party = application(Service(LEG, self.name).words, next(self._legs))
        leg = Leg(self.desk, party, plan, agent, waiter.order())
        return Spawn(leg, waiter.opening.call)

    def _next_look(self, plan: WorkgroupPlan, waiting: list[Waiting], now: float) -> float | None:
        """Return when something changes by itself: an agent has rested, a caller takes anybody."""
        if not waiting:
            return None
        times = [*self._rests_until.values()]
        times += [each.since + plan.skilled_only_s for each in waiting if each.skill]
        return min((each for each in times if each > now), default=None)

    # What it remembers

    def _note_leg(self, event: Event) -> list[Effect]:
        assert isinstance(event, LegEnded)
        self._rests_until[event.agent] = event.at + REST_S
        return self._distribute(event)

    def _note_shift(self, event: Event) -> list[Effect]:
        assert isinstance(event, ShiftOver)
        self._free_since[event.agent] = event.at
        self.handling_s += NEWEST * (event.seconds - self.handling_s)
        return self._distribute(event)


EVENTS: Final[tuple[type[Event], ...]] = (Stir, Changed, Timeout, LegEnded, ShiftOver)
"""All that it can be told."""

Group.choices = {S.OPEN: frozenset({S.DONE})}
Group.rows = {
    **{(S.OPEN, event): (S.OPEN, Group._distribute) for event in (Stir, Changed, Timeout)},
    (S.OPEN, LegEnded): (S.OPEN, Group._note_leg),
    (S.OPEN, ShiftOver): (S.OPEN, Group._note_shift),
}
IGNORED: Final = frozenset((S.DONE, event) for event in EVENTS)
"""Pairs that are known, harmless and deliberately without effect."""
