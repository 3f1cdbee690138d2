# SPDX-License-Identifier: MIT
"""What the agents of a workgroup are doing: found out from what goes on, kept nowhere."""

import enum
from collections.abc import Mapping
from typing import Final

from altiware.core.ids import station
from altiware.core.workgroups import WorkgroupPlan
from altiware.features.applications import Desk
from altiware.features.workgroup.leg import Leg, LegState
from altiware.features.workgroup.logging_in import is_logged_in
from altiware.features.workgroup.shift import IN_CALL, Shift, ShiftState

__all__ = ["AT_WORK", "AgentState", "agent_states"]


class AgentState(enum.Enum):
    """Each means one thing that the agent could tell.  The values are what people read."""

    LOGGED_OUT = "logged out"
    NOT_READY = "not ready"
    RINGING = "ringing"
    "For a call of a workgroup."
    TALKING = "talking"
    "In a call of a workgroup."
    WRAP_UP = "wrap-up"
    AWAY = "away"
    "He has forwarded his calls, or does not want to be disturbed."
    BUSY = "busy"
    "His telephone is in use, or out of service."
    READY = "ready"


A = AgentState
AT_WORK: Final = frozenset({A.RINGING, A.TALKING, A.WRAP_UP, A.BUSY, A.READY})
"""Who will be free again soon."""


def agent_states(desk: Desk, plan: WorkgroupPlan) -> dict[str, AgentState]:
    """Return the state of each member, in the order of the plan."""
    taken = _taken(desk)
    return {
        each.extension: _state(desk, plan, each.extension, taken.get(each.extension))
        for each in plan.members
    }


def _taken(desk: Desk) -> Mapping[str, AgentState]:
    """Return who has a call of any workgroup."""
    taken: dict[str, AgentState] = {}
    for each in desk.conversations.values():
        if isinstance(each, Shift) and each.state in IN_CALL:
            taken[each.agent] = A.TALKING
        elif isinstance(each, Shift) and each.state is ShiftState.WRAPPING:
            taken.setdefault(each.agent, A.WRAP_UP)
        elif isinstance(each, Leg) and each.state is not LegState.DONE:
            taken.setdefault(each.agent, A.RINGING)
    return taken


def _state(desk: Desk, plan: WorkgroupPlan, agent: str, taken: AgentState | None) -> AgentState:
    settings = desk.settings.of(agent)
    if not is_logged_in(desk, agent, plan):
        return A.LOGGED_OUT
    if taken is not None:
        return taken
    if settings.not_ready:
        return A.NOT_READY
    if settings.do_not_disturb or settings.forward:
        return A.AWAY
    return A.READY if desk.is_idle(station(agent)) else A.BUSY
