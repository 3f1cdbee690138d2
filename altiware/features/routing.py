# SPDX-License-Identifier: MIT
"""Where a call leads: from its digits, or from where it came in, to the first thing it is told.

Destinations that are applications are opened by the switchboard; all others are leads.
"""

from datetime import datetime

from altiware.core.causes import Cause
from altiware.core.decision import DialRequest
from altiware.core.events import Event
from altiware.core.ids import Party, PartyKind
from altiware.core.legs import Setup
from altiware.core.numbering import Destination, DialPlan, Place
from altiware.core.orders import Nowhere, ToOffice, ToOutside, ToStation
from altiware.core.plan import Plan, Service, TrunkDirection
from altiware.core.signals import RingStyle
from altiware.features.incoming import target

__all__ = ["destination", "lead"]

NOWHERE = Destination(Place.NOWHERE)
TIE = Service("tie", name="Tie trunk")


def destination(
    setup: Setup, plan: Plan, dial_plan: DialPlan, when: datetime
) -> Destination | Event:
    """Return where a new call leads, or at once what it is told; ``when`` is wall time."""
    if setup.party.kind is not PartyKind.TRUNK:
        return dial_plan.destination(setup.digits)
    for trunk in plan.trunks:
        if trunk.party == setup.party and trunk.direction is TrunkDirection.OUT:
            return Nowhere(setup.at, Cause.DENIED)
        if trunk.party == setup.party and trunk.tie:
            return Destination(Place.APPLICATION, service=TIE)
    number = target(plan, setup.party, setup.caller, setup.digits, when) or plan.incoming
    if number:
        return dial_plan.destination(number)
    return ToOffice(setup.at, plan.operator_party)


def lead(to: Destination, origin: Party, charged: Party, plan: Plan, at: float) -> Event:
    """Return the event that tells a call of ``origin`` that it leads to what is no application."""
    if to.place is Place.OUTSIDE:
        if charged.kind is not PartyKind.STATION:  # callers from outside are nobody's to charge
            return Nowhere(at, Cause.DENIED)
        return ToOutside(at, _request(charged, to.digits, plan))
    if to.party is None:
        return Nowhere(at, Cause.WRONG_NUMBER)
    station = next((each for each in plan.stations if each.party == to.party), None)
    ring_s = station.ring_s if station is not None else None
    return ToStation(at, to.party, _style(to, origin), ring_s)


def _style(to: Destination, origin: Party) -> RingStyle:
    if to.place is Place.OPERATOR:
        return RingStyle.OPERATOR
    return RingStyle.EXTERNAL if origin.kind is PartyKind.TRUNK else RingStyle.INTERNAL


def _request(caller: Party, digits: str, plan: Plan) -> DialRequest:
    return DialRequest(
        caller=caller,
        digits=digits,
        country=plan.country,
        area_codes=plan.numbering.area_codes,
        emergency_numbers=plan.emergency,
    )
