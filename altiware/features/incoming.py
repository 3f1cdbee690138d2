# SPDX-License-Identifier: MIT
"""Where a call from outside leads: by its trunk, its caller, the number called, and the hour."""

from datetime import datetime

from altiware.core.ids import Party
from altiware.core.plan import Plan, TrunkPlan
from altiware.core.routes import InRule
from altiware.core.schedules import Slot
from altiware.core.signals import Caller

__all__ = ["slot_of", "target"]


def target(
    plan: Plan, trunk: Party, caller: Caller | None, called: str, when: datetime
) -> str | None:
    """Return where it leads, as dialled inside; None: no rule fits it."""
    line = next((each for each in plan.trunks if each.party == trunk), None)
    number = caller.number if caller is not None else ""
    for rule in plan.routing.incoming:
        if _fits(rule, line, number, called):
            return rule.target(slot_of(plan, rule.schedule, when))
    return None


def slot_of(plan: Plan, schedule: str, when: datetime) -> Slot:
    """Return the slot of a schedule by its name; without one it is always business."""
    found = next((each for each in plan.schedules if each.name == schedule), None)
    return found.slot(when) if found is not None else Slot.BUSINESS


def _fits(rule: InRule, line: TrunkPlan | None, caller: str, called: str) -> bool:
    names = {line.name, str(line.port)} if line is not None else set()
    return (
        (not rule.trunk or rule.trunk in names)
        and caller.startswith(rule.caller)
        and called.endswith(rule.called)
    )
