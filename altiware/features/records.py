# SPDX-License-Identifier: MIT
"""The record of a call as of now."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from altiware.core.call import Call, CallState
from altiware.core.call_times import Leg, Phase
from altiware.core.decision import Decision
from altiware.core.ids import Party, PartyKind
from altiware.core.plan import Plan
from altiware.core.record import CallRecord, Direction, LegRecord, LegSeconds, RecordParty
from altiware.core.signals import Caller

__all__ = ["Registrar"]

WORKGROUP: Final = "workgroup"
LEG: Final = "leg"
"""The kind of application that calls an agent: see :mod:`altiware.features.workgroup.leg`."""
SPENT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "attendant": "attendant",
        "mailbox": "voice_mail",
        "message": "voice_mail",
        "park": "held",
        "room": "talking",
        WORKGROUP: "waiting",
    }
)
"""What a caller does who talks to a service of a kind; with all others it is ``service``."""


class Registrar:
    """Writes records: knows the parties' names and ports, and what the wall clock showed when."""

    def __init__(self, plan: Plan, wall: Callable[[float], datetime]) -> None:
        self._wall = wall
        self._known = {
            each.party: RecordParty(each.party, each.extension, each.name, each.port)
            for each in plan.stations
        }
        self._known |= {
            each.party: RecordParty(each.party, "", each.name, each.port) for each in plan.trunks
        }
        codes = {code: each.service for code, each in plan.numbering.codes.items()}
        services = {**codes, **plan.numbering.services}
        self._services = {each.words: (number, each) for number, each in services.items()}

    def record(self, call: Call, now: float) -> CallRecord:
        """Return the record of a call at ``now`` (engine seconds)."""
        legs = tuple(self._legs(call, now))
        trunk = _trunk(call)
        return CallRecord(
            id=call.id,
            session=call.session,
            direction=_direction(call),
            caller=self._caller(call),
            target=self._target(call),
            digits=call.digits,
            opened=self._wall(call.times.opened_at),
            answered=self._when(call.times.answered_at),
            closed=self._when(call.times.closed_at),
            cause=call.cause if call.state is CallState.ENDED else None,
            decision=_decision(call),
            trunk=self._party(trunk).port if trunk else None,
            caller_id=call.caller if call.origin.kind is PartyKind.TRUNK else None,
            charged_to=_charged(call),
            ringing_s=_total(leg.seconds.ringing for leg in legs),
            talking_s=_total(leg.seconds.talking for leg in legs),
            held_s=_total(leg.seconds.held for leg in legs),
            parties=tuple(call.parties),
            route=call.route,
            notes=tuple(call.notes.items()),
            legs=legs,
        )

    def _when(self, at: float | None) -> datetime | None:
        return None if at is None else self._wall(at)

    # Parties

    def _party(self, party: Party) -> RecordParty:
        known = self._known.get(party)
        if known is not None:
            return known
        if party.kind is PartyKind.APPLICATION:
            return self._application(party)
        return RecordParty(party, party.name)

    def _application(self, party: Party) -> RecordParty:
        """Return what people know of an application: its number and name."""
        words = party.name.rpartition(" ")[0]
        if _kind(party) == LEG:  # which calls an agent for his workgroup
            words = words.replace(LEG, WORKGROUP, 1)
        known = self._services.get(words)
        if known is None:
            argument = words.rpartition(" ")[2]
            return RecordParty(party, argument if argument.isdigit() else "", words)
        number, service = known
        return RecordParty(party, number, service.name or words)

    def _shown(self, party: Party, shown: Caller | None) -> RecordParty:
        """Return a caller, as he was shown."""
        known = self._party(party)
        if party.kind is PartyKind.STATION or shown is None:
            return known
        return RecordParty(known.party, shown.number, shown.name, known.port)

    def _calling(self, call: Call, party: Party, shown: Caller | None) -> RecordParty:
        """Return a caller; one outside whom somebody here has called, under that number."""
        return self._called(call, party) if party in call.reached else self._shown(party, shown)

    def _caller(self, call: Call) -> RecordParty:
        return self._calling(call, call.origin, call.caller)

    def _target(self, call: Call) -> RecordParty | None:
        return None if call.target is None else self._called(call, call.target)

    def _called(self, call: Call, party: Party) -> RecordParty:
        """Return a called party; one outside under the number that was dialled."""
        known = self._party(party)
        decision = call.reached.get(party)
        if decision is None:
            return known
        return RecordParty(known.party, decision.digits, known.name, known.port)

    # Legs

    def _legs(self, call: Call, now: float) -> Iterable[LegRecord]:
        before: tuple[Party, ...] = ()
        for leg in call.times.legs:
            yield LegRecord(
                caller=self._calling(call, leg.caller, leg.shown),
                target=self._called(call, leg.party),
                offered=self._wall(leg.offered_at),
                alerting=self._when(leg.alerting_at),
                answered=self._when(leg.answered_at),
                ended=self._when(leg.ended_at),
                cause=leg.cause,
                workgroup=self._workgroup(before),
                seconds=_seconds(leg, call.times.spent(leg, now)),
            )
            before = (leg.party, leg.caller)

    def _workgroup(self, before: tuple[Party, ...]) -> str:
        """Return the number of the workgroup that led the call here."""
        for party in before:
            if _kind(party) in {WORKGROUP, LEG}:
                return self._application(party).number
        return ""


def _kind(party: Party) -> str:
    """Return the kind of service that an application is; of others nothing."""
    return party.name.partition(" ")[0] if party.kind is PartyKind.APPLICATION else ""


def _seconds(leg: Leg, spent: Mapping[Phase, float]) -> LegSeconds:
    kind = _kind(leg.party) or _kind(leg.caller)
    talking = SPENT.get(kind, "service") if kind else "talking"
    booked: dict[str, float] = {}
    for phase, seconds in spent.items():
        name = talking if phase is Phase.TALKING else phase.value
        booked[name] = booked.get(name, 0.0) + seconds
    return LegSeconds(**{name: round(seconds, 3) for name, seconds in booked.items()})


def _total(seconds: Iterable[float]) -> float:
    return round(sum(seconds), 3)


def _direction(call: Call) -> Direction:
    if call.origin.kind is PartyKind.TRUNK and call.origin not in call.reached:
        return Direction.INBOUND
    return Direction.OUTBOUND if _decision(call) is not None else Direction.INTERNAL


def _decision(call: Call) -> Decision | None:
    """Return the decision about the call, or about the call out that its caller was reached by."""
    return call.decision or call.reached.get(call.origin)


def _trunk(call: Call) -> Party | None:
    """Return the trunk by which the call crosses the border: that which carried it, if several."""
    trunks = [each for each in call.parties if each.kind is PartyKind.TRUNK]
    if call.origin in trunks:
        return call.origin
    return trunks[-1] if trunks else None


def _charged(call: Call) -> str:
    """Return who pays: who forwarded it outside last, else who set it up."""
    led = [each for each in call.led if each.kind is PartyKind.STATION]
    payer = led[-1] if call.decision is not None and led else call.initiator
    return payer.name if payer.kind is PartyKind.STATION else ""
