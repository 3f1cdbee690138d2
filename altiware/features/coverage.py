# SPDX-License-Identifier: MIT
"""Where a call goes when the station that was wanted is forwarded, busy, or doesn't answer.

``instead_of`` is asked before a station is called, ``after`` when it can't be had.  Both follow
what the station has set and the plan says; a call is led on ``HOPS`` times at most, and never to
where it has been, or back to whoever makes it.
"""

from typing import Final

from altiware.core.call import Call
from altiware.core.causes import Cause
from altiware.core.ids import Party, PartyKind
from altiware.core.numbering import Destination, Place
from altiware.core.plan import Service, StationPlan
from altiware.core.schedules import Slot
from altiware.features.applications import Desk
from altiware.features.incoming import slot_of
from altiware.features.settings import OFFICE

__all__ = ["HOPS", "after", "for_operator", "forwarded", "instead_of", "may_forward"]

HOPS: Final = 10
"""As the later releases of AltiWare; the first ones allowed one."""


def instead_of(desk: Desk, wanted: Party, call: Call, at: float) -> Destination | Cause | None:
    """Return where to rather than to a station; a cause: it takes no calls; None: to it."""
    if call.insists:
        return None
    settings = desk.settings.of(wanted.name)
    if settings.forward and wanted != call.initiator:
        return forwarded(desk, wanted, settings.forward, call)
    if settings.do_not_disturb:
        return Cause.DO_NOT_DISTURB
    return _looked_for(desk, wanted, call, at)


def _looked_for(desk: Desk, wanted: Party, call: Call, at: float) -> Destination | None:
    """Return who looks for the owner of a station wherever he is; None: he is at his telephone."""
    plan = next((each for each in desk.plan.find_me if each.extension == wanted.name), None)
    if call.only:  # somebody is looked for already: who is found isn't looked for in his turn
        return None
    if plan is None or wanted == call.initiator or not desk.settings.of(wanted.name).find_me:
        return None
    number = call.caller.number if call.caller is not None else ""
    meant = not plan.callers or any(number.startswith(each) for each in plan.callers)
    if not meant or slot_of(desk.plan, plan.schedule, desk.wall(at)) is not Slot.BUSINESS:
        return None
    return Destination(Place.APPLICATION, service=Service("find-me", wanted.name))


def for_operator(desk: Desk, to: Destination, call: Call) -> Destination:
    """Return where a call for the operator leads: elsewhere while he is off-line.

    Whoever comes from an application (an attendant) isn't led to one again, or he would go round.
    """
    operator = desk.plan.operator_party
    if to.place is not Place.OPERATOR or not desk.settings.of(OFFICE).operator_away:
        return to
    number = desk.plan.operator_away or desk.plan.incoming
    instead = desk.dial_plan.destination(number)
    been = any(each.kind is PartyKind.APPLICATION for each in call.parties)
    if instead.place is Place.APPLICATION and been:
        instead = Destination(Place.NOWHERE)
    if instead.place in {Place.NOWHERE, Place.OPERATOR}:
        return after(desk, operator, Cause.BUSY, call) or Destination(Place.NOWHERE)
    return instead


def after(desk: Desk, wanted: Party, cause: Cause, call: Call) -> Destination | None:
    """Return where to when ``wanted`` can't be had; None: the caller is told the cause."""
    station = _station(desk, wanted)
    if station is None or call.only:
        return None
    settings = desk.settings.of(wanted.name)
    unanswered = cause is Cause.NO_ANSWER
    own = settings.forward_no_answer if unanswered else settings.forward_busy
    to = forwarded(desk, wanted, own, call) if own else None
    number = station.no_answer if unanswered else station.busy
    if to is None and number:
        to = forwarded(desk, wanted, number, call)
    return to or _mailbox(desk, wanted, call) or _returned(call)


def forwarded(desk: Desk, wanted: Party, number: str, call: Call) -> Destination | None:
    """Return where a station has forwarded a call to; None: it may not be led there."""
    to = _led(desk, number, call)
    return to if to is not None and may_forward(desk, wanted, to) else None


def may_forward(desk: Desk, wanted: Party, to: Destination) -> bool:
    """Whether a station may forward its calls there: outside only if the plan says so."""
    if to.place is not Place.OUTSIDE:
        return to.place is not Place.NOWHERE and not to.by_code
    station = _station(desk, wanted)
    help_called = to.digits in desk.plan.emergency
    return station is not None and station.forwards_outside and not help_called


def _returned(call: Call) -> Destination | None:
    """Return the way back to who has transferred a call that now nobody answers."""
    if call.returns_to is None:
        return None
    service = Service("transfer-return", call.returns_to.name)
    return Destination(Place.APPLICATION, service=service)


def _mailbox(desk: Desk, wanted: Party, call: Call) -> Destination | None:
    """Return the mailbox of a station that has one; applications leave no messages."""
    if wanted.name not in desk.plan.mail.boxes or call.near.kind is PartyKind.APPLICATION:
        return None
    return Destination(Place.APPLICATION, service=Service("message", wanted.name))


def _led(desk: Desk, number: str, call: Call) -> Destination | None:
    to = desk.dial_plan.destination(number)
    circle = to.party is not None and (to.party in call.led or to.party == call.near)
    nowhere = to.place is Place.NOWHERE
    return None if nowhere or circle or len(call.led) >= HOPS else to


def _station(desk: Desk, party: Party) -> StationPlan | None:
    if party.kind is not PartyKind.STATION:
        return None
    return next((each for each in desk.plan.stations if each.party == party), None)
