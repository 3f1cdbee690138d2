# SPDX-License-Identifier: MIT
"""The record of a call as of now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from altiware.core.call import Call, CallState
from altiware.core.ids import Party, PartyKind
from altiware.core.plan import Plan
from altiware.core.record import CallRecord, Direction, RecordParty

__all__ = ["Registrar"]


@dataclass(frozen=True, slots=True)
class _Times:
    """Seconds of a call, counted until now while it is open."""

    ringing: float
    talking: float
    held: float


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

    def record(self, call: Call, now: float) -> CallRecord:
        """Return the record of a call at ``now`` (engine seconds)."""
        times = _count(call, now)
        trunk = next((each for each in call.parties if each.kind is PartyKind.TRUNK), None)
        return CallRecord(
            id=call.id,
            session=call.session,
            direction=_direction(call),
            caller=self._caller(call),
            target=self._target(call),
            digits=call.digits,
            opened=self._wall(call.opened_at),
            answered=self._when(call.answered_at),
            closed=self._when(call.closed_at),
            cause=call.cause if call.state is CallState.ENDED else None,
            decision=call.decision,
            trunk=self._party(trunk).port if trunk else None,
            caller_id=call.caller if call.origin.kind is PartyKind.TRUNK else None,
            charged_to=_charged(call),
            ringing_s=times.ringing,
            talking_s=times.talking,
            held_s=times.held,
            parties=tuple(call.parties),
            route=call.route,
            notes=tuple(call.notes.items()),
        )

    def _when(self, at: float | None) -> datetime | None:
        return None if at is None else self._wall(at)

    def _party(self, party: Party) -> RecordParty:
        return self._known.get(party) or RecordParty(party, party.name)

    def _caller(self, call: Call) -> RecordParty:
        known = self._party(call.origin)
        if call.origin.kind is PartyKind.STATION or call.caller is None:
            return known
        return RecordParty(known.party, call.caller.number, call.caller.name, known.port)

    def _target(self, call: Call) -> RecordParty | None:
        if call.target is None:
            return None
        known = self._party(call.target)
        if call.decision is None:
            return known
        return RecordParty(known.party, call.decision.digits, known.name, known.port)


def _direction(call: Call) -> Direction:
    if call.origin.kind is PartyKind.TRUNK:
        return Direction.INBOUND
    return Direction.OUTBOUND if call.decision is not None else Direction.INTERNAL


def _charged(call: Call) -> str:
    return call.initiator.name if call.initiator.kind is PartyKind.STATION else ""


def _count(call: Call, now: float) -> _Times:
    end = now if call.closed_at is None else call.closed_at
    answered = end if call.answered_at is None else call.answered_at
    ringing = max(0.0, answered - call.alerting_at) if call.alerting_at is not None else 0.0
    held = call.held_s + (end - call.held_since if call.held_since is not None else 0.0)
    talking = max(0.0, end - answered - held)
    return _Times(round(ringing, 3), round(talking, 3), round(held, 3))
