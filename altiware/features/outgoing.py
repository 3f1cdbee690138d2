# SPDX-License-Identifier: MIT
"""Over which trunks a call leaves, in which order, and with which digits on each.

Emergency calls don't ask: they take any trunk, with the digits as dialled.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from altiware.core.decision import Decision
from altiware.core.ids import Party, PartyKind
from altiware.core.plan import Plan, TrunkPlan
from altiware.core.routes import Hunting, OutRoute
from altiware.core.schedules import Slot
from altiware.features.incoming import slot_of

__all__ = ["Way", "ways"]


@dataclass(frozen=True, slots=True)
class Way:
    """One route that a call may take."""

    route: str
    "Its name; empty: there are no routes, and any trunk will do."
    trunks: tuple[Party, ...]
    "In the order in which they are tried."
    digits: str
    "What is dialled there."


def ways(
    plan: Plan, decision: Decision, charged: Party, last: Mapping[str, Party], when: datetime
) -> list[Way]:
    """Return the ways of a call, the one to be tried first first.

    ``charged`` is who calls: a station of a tenant takes the tenant's trunks and those of none.
    ``last`` is the trunk that each route has taken last.
    """
    tenant = _tenant(plan, charged)
    if not plan.routing.routes:
        every = tuple(each.party for each in plan.trunks if _open_to(each, tenant))
        return [Way("", every, decision.digits)]
    found = []
    for route in _routes(plan, decision):
        if route.schedule and slot_of(plan, route.schedule, when) is not Slot.BUSINESS:
            continue
        trunks = [each for each in _trunks(plan, route) if _open_to(each, tenant)]
        order = _hunt(route, [each.party for each in trunks], last.get(route.name))
        found.append(Way(route.name, order, route.digits(decision.digits)))
    return found


def _routes(plan: Plan, decision: Decision) -> list[OutRoute]:
    """Return the routes for a number in the order in which they are tried."""
    by_name = {each.name: each for each in plan.routing.routes}
    fitting = [each for each in plan.routing.patterns if each.fits(decision.digits)]
    if not fitting:
        return list(plan.routing.routes)
    pattern = max(fitting, key=lambda each: len(each.prefix))
    routes = [by_name[name] for name in pattern.routes]
    if pattern.least_cost:
        routes.sort(key=lambda each: each.costs.get(decision.number_class, 0.0))
    return routes


def _trunks(plan: Plan, route: OutRoute) -> list[TrunkPlan]:
    named = {each.name: each for each in plan.trunks if each.name}
    named |= {str(each.port): each for each in plan.trunks}
    return [named[name] for name in route.trunks]


def _hunt(route: OutRoute, trunks: list[Party], last: Party | None) -> tuple[Party, ...]:
    match route.hunting:
        case Hunting.LOW:
            return tuple(trunks)
        case Hunting.HIGH:
            return tuple(reversed(trunks))
        case Hunting.ROUND_ROBIN:
            begin = trunks.index(last) + 1 if last in trunks else 0
            return (*trunks[begin:], *trunks[:begin])


def _tenant(plan: Plan, charged: Party) -> str:
    if charged.kind is not PartyKind.STATION:
        return ""
    return next((each.tenant for each in plan.stations if each.party == charged), "")


def _open_to(trunk: TrunkPlan, tenant: str) -> bool:
    return not tenant or not trunk.tenant or trunk.tenant == tenant
