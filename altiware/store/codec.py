# SPDX-License-Identifier: MIT
"""Call records as JSON objects, and back: what the store keeps and the commands print.

``to_json(record)`` and ``from_json(object)`` are each other's inverse.  Names and order are those
of :class:`CallRecord`; enums are their values, times ISO 8601, ports ``BB:CC``.
"""

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from altiware.core.causes import Cause
from altiware.core.decision import Decision, NumberClass, Verdict
from altiware.core.ids import CallId
from altiware.core.record import CallRecord, Direction
from altiware.core.signals import Absence, Caller
from altiware.store.leg_codec import (
    Json,
    leg_from_json,
    leg_to_json,
    party_from_json,
    party_named,
    party_to_json,
    port_from_text,
)

__all__ = ["Json", "from_json", "to_json"]


def to_json(record: CallRecord) -> Json:
    """Return the record as a JSON object."""
    return {
        "id": record.id,
        "session": record.session,
        "direction": record.direction.value,
        "caller": party_to_json(record.caller),
        "target": party_to_json(record.target) if record.target else None,
        "digits": record.digits,
        "opened": record.opened.isoformat(),
        "answered": record.answered.isoformat() if record.answered else None,
        "closed": record.closed.isoformat() if record.closed else None,
        "cause": record.cause.value if record.cause else None,
        "decision": _decision_to_json(record.decision) if record.decision else None,
        "trunk": str(record.trunk) if record.trunk else None,
        "caller_id": _caller_to_json(record.caller_id) if record.caller_id else None,
        "charged_to": record.charged_to,
        "ringing_s": record.ringing_s,
        "talking_s": record.talking_s,
        "held_s": record.held_s,
        "parties": [f"{party.kind.value} {party.name}" for party in record.parties],
        "route": record.route,
        "notes": [list(note) for note in record.notes],
        "legs": [leg_to_json(leg) for leg in record.legs],
    }


def from_json(row: Mapping[str, Any]) -> CallRecord:
    """Return the record that ``to_json`` wrote.

    Raises:
        KeyError, ValueError: it was written by something else.
    """
    return CallRecord(
        id=CallId(row["id"]),
        session=CallId(row["session"]),
        direction=Direction(row["direction"]),
        caller=party_from_json(row["caller"]),
        target=party_from_json(row["target"]) if row["target"] else None,
        digits=row["digits"],
        opened=datetime.fromisoformat(row["opened"]),
        answered=datetime.fromisoformat(row["answered"]) if row["answered"] else None,
        closed=datetime.fromisoformat(row["closed"]) if row["closed"] else None,
        cause=Cause(row["cause"]) if row["cause"] else None,
        decision=_decision(row["decision"]) if row["decision"] else None,
        trunk=port_from_text(row["trunk"]) if row["trunk"] else None,
        caller_id=_caller(row["caller_id"]) if row["caller_id"] else None,
        charged_to=row["charged_to"],
        ringing_s=row["ringing_s"],
        talking_s=row["talking_s"],
        held_s=row["held_s"],
        parties=tuple(party_named(text) for text in row["parties"]),
        route=row.get("route", ""),
        notes=tuple((name, value) for name, value in row.get("notes", ())),
        legs=tuple(leg_from_json(leg) for leg in row.get("legs", ())),
    )


def _decision_to_json(decision: Decision) -> Json:
    row = dataclasses.asdict(decision)
    return {
        **row,
        "verdict": decision.verdict.value,
        "number_class": decision.number_class.value,
    }


def _decision(row: Json) -> Decision:
    return Decision(
        Verdict(row["verdict"]),
        row["rule"],
        row["why"],
        NumberClass(row["number_class"]),
        row["digits"],
    )


def _caller_to_json(caller: Caller) -> Json:
    absence = caller.absence.value if caller.absence else None
    return {"number": caller.number, "name": caller.name, "absence": absence}


def _caller(row: Json) -> Caller:
    absence = Absence(row["absence"]) if row["absence"] else None
    return Caller(row["number"], row["name"], absence)
