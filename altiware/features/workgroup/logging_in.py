# SPDX-License-Identifier: MIT
"""Which workgroups an agent is logged in to: what he has set, and how that is changed."""

from collections.abc import Iterable

from altiware.core.effects import Effect
from altiware.core.ids import CallId
from altiware.core.workgroup_events import WorkgroupEvent, WorkgroupFact
from altiware.core.workgroups import WorkgroupPlan
from altiware.features.applications import Desk
from altiware.features.effects import Change, Report

__all__ = ["groups_of", "is_logged_in", "log_in", "log_out", "reported"]


def groups_of(desk: Desk, agent: str) -> list[WorkgroupPlan]:
    """Return the groups of which an extension is a member."""
    return [each for each in desk.plan.workgroups if each.is_member(agent)]


def is_logged_in(desk: Desk, agent: str, plan: WorkgroupPlan) -> bool:
    """Whether an agent works for a group: who has never said anything does for all of his."""
    names = desk.settings.of(agent).workgroups
    return names is None or plan.name in names


def log_in(desk: Desk, at: float, agent: str, plans: Iterable[WorkgroupPlan]) -> list[Effect]:
    """Log an agent in to groups, beside those to which he is."""
    return _change(desk, at, agent, plans, WorkgroupFact.LOGGED_IN)


def log_out(desk: Desk, at: float, agent: str, plans: Iterable[WorkgroupPlan]) -> list[Effect]:
    """Log an agent out of groups."""
    return _change(desk, at, agent, plans, WorkgroupFact.LOGGED_OUT)


def reported(
    desk: Desk, at: float, agent: str, plans: Iterable[WorkgroupPlan], fact: WorkgroupFact
) -> list[Effect]:
    """Tell something of an agent, for each group."""
    when = desk.wall(at)
    return [Report(WorkgroupEvent(at, when, each.name, fact, CallId(""), agent)) for each in plans]


def _change(
    desk: Desk, at: float, agent: str, plans: Iterable[WorkgroupPlan], fact: WorkgroupFact
) -> list[Effect]:
    asked, wanted = {each.name for each in plans}, fact is WorkgroupFact.LOGGED_IN
    before = {each.name: is_logged_in(desk, agent, each) for each in groups_of(desk, agent)}
    after = {name: wanted if name in asked else was for name, was in before.items()}
    if after == before:
        return []
    changed = [each for each in groups_of(desk, agent) if after[each.name] != before[each.name]]
    names = [name for name, is_in in after.items() if is_in]
    return [Change(agent, "workgroups", names), *reported(desk, at, agent, changed, fact)]
