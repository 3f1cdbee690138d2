# SPDX-License-Identifier: MIT
"""Where a call leads: from its digits, or from where it came in, to the first thing it is told."""

from altiware.core.causes import Cause
from altiware.core.decision import DialRequest
from altiware.core.events import Event
from altiware.core.ids import Party, PartyKind
from altiware.core.legs import Setup
from altiware.core.numbering import DialPlan, Place
from altiware.core.orders import Nowhere, ToOffice, ToOutside, ToStation
from altiware.core.plan import Plan, TrunkDirection
from altiware.core.signals import RingStyle

__all__ = ["lead"]


def lead(setup: Setup, plan: Plan, dial_plan: DialPlan) -> Event:
    """Return the event that tells a new call where it leads."""
    if setup.party.kind is PartyKind.TRUNK:
        return _lead_in(setup, plan)
    destination = dial_plan.destination(setup.digits)
    if destination.place is Place.OUTSIDE:
        return ToOutside(setup.at, _request(setup.party, destination.digits, plan))
    if destination.party is None:
        return Nowhere(setup.at, Cause.WRONG_NUMBER)
    to_operator = destination.place is Place.OPERATOR
    style = RingStyle.OPERATOR if to_operator else RingStyle.INTERNAL
    return ToStation(setup.at, destination.party, style)


def _lead_in(setup: Setup, plan: Plan) -> Event:
    for trunk in plan.trunks:
        if trunk.party == setup.party and trunk.direction is TrunkDirection.OUT:
            return Nowhere(setup.at, Cause.DENIED)
    return ToOffice(setup.at, plan.operator_party)


def _request(caller: Party, digits: str, plan: Plan) -> DialRequest:
    return DialRequest(
        caller=caller,
        digits=digits,
        country=plan.country,
        area_codes=plan.numbering.area_codes,
        emergency_numbers=plan.emergency,
    )
