# SPDX-License-Identifier: MIT
"""Which agents are called for which callers: a pure function.

Callers are served in the order in which they came.  One who wants a skill may be overtaken while
nobody who has it is free, but not for ever: after ``skilled_only_s`` anybody will do.  An agent who
didn't answer for a caller is called again for him when all others have been.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from altiware.core.ids import Party
from altiware.core.workgroups import Distribution, WorkgroupPlan

__all__ = ["Assignment", "Free", "Waiting", "distribute"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits, and for whom nobody is being called."""

    party: Party
    since: float
    skill: str = ""
    "Empty: anybody will do."
    tried: frozenset[str] = frozenset()
    "Extensions of agents who couldn't be had for him."


@dataclass(frozen=True, slots=True)
class Free:
    """An agent who can be called."""

    extension: str
    since: float
    "When his last call of a workgroup was over."
    levels: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Assignment:
    """These are to be called for him."""

    waiter: Party
    agents: tuple[str, ...]


def distribute(
    plan: WorkgroupPlan, waiting: Iterable[Waiting], free: Iterable[Free], last: str, now: float
) -> list[Assignment]:
    """Return who is to be called for whom.

    ``waiting`` is in the order in which they came, ``last`` the extension that was called last.
    No agent is in two assignments, no waiter either.
    """
    places = {each.extension: place for place, each in enumerate(plan.members)}
    left = sorted(free, key=lambda each: places[each.extension])
    found = []
    for each in waiting:
        if not left:
            break
        able = [agent for agent in left if _is_able(plan, each, agent, now)]
        fresh = [agent for agent in able if agent.extension not in each.tried] or able
        if not fresh:
            continue
        chosen = fresh if plan.mode is Distribution.ALL else [_best(plan, each, fresh, last)]
        left = [agent for agent in left if agent not in chosen]
        last = chosen[-1].extension
        found.append(Assignment(each.party, tuple(agent.extension for agent in chosen)))
    return found


def _is_able(plan: WorkgroupPlan, waiting: Waiting, agent: Free, now: float) -> bool:
    patient = now - waiting.since < plan.skilled_only_s
    return not (waiting.skill and patient and not agent.levels.get(waiting.skill, 0))


def _best(plan: WorkgroupPlan, waiting: Waiting, agents: Sequence[Free], last: str) -> Free:
    """Return one of the agents, who are in the order of the members."""
    match plan.mode:
        case Distribution.ROUND_ROBIN:
            return _after(plan, agents, last)
        case Distribution.LONGEST_IDLE:
            return min(agents, key=lambda each: each.since)
        case Distribution.SKILLS:
            return min(agents, key=lambda each: (-each.levels.get(waiting.skill, 0), each.since))
        case _:
            return agents[0]


def _after(plan: WorkgroupPlan, agents: Sequence[Free], last: str) -> Free:
    """Return the first behind ``last``, round the circle of members."""
    order = [each.extension for each in plan.members]
    begin = order.index(last) + 1 if last in order else 0
    circle = order[begin:] + order[:begin]
    return min(agents, key=lambda each: circle.index(each.extension))
