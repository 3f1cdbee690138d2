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
from altiware.core.ids import CallId, Party, PartyKind, PortAddress
from altiware.core.record import CallRecord, Direction, RecordParty
from altiware.core.signals import Absence, Caller

__all__ = ["Json", "from_json", "to_json"]

Json = dict[str, Any]
"""An object of a JSON document."""


def to_json(record: CallRecord) -> Json:
    """Return the record as a JSON object."""
    return {
        "id": record.id,
        "session": record.session,
        "direction": record.direction.value,
        "caller": _party_to_json(record.caller),
        "target": _party_to_json(record.target) if record.target else None,
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
        caller=_party(row["caller"]),
        target=_party(row["target"]) if row["target"] else None,
        digits=row["digits"],
        opened=datetime.fromisoformat(row["opened"]),
        answered=datetime.fromisoformat(row["answered"]) if row["answered"] else None,
        closed=datetime.fromisoformat(row["closed"]) if row["closed"] else None,
        cause=Cause(row["cause"]) if row["cause"] else None,
        decision=_decision(row["decision"]) if row["decision"] else None,
        trunk=_port(row["trunk"]) if row["trunk"] else None,
        caller_id=_caller(row["caller_id"]) if row["caller_id"] else None,
        charged_to=row["charged_to"],
        ringing_s=row["ringing_s"],
        talking_s=row["talking_s"],
        held_s=row["held_s"],
        parties=tuple(_named(text) for text in row["parties"]),
        route=row.get("route", ""),
        notes=tuple((name, value) for name, value in row.get("notes", ())),
    )


def _party_to_json(party: RecordParty) -> Json:
    return {
        "party": f"{party.party.kind.value} {party.party.name}",
        "number": party.number,
        "name": party.name,
        "port": str(party.port) if party.port else None,
    }


def _party(row: Json) -> RecordParty:
    port = _port(row["port"]) if row["port"] else None
    return RecordParty(_named(row["party"]), row["number"], row["name"], port)


def _named(text: str) -> Party:
    kind, _, name = text.partition(" ")
    return Party(PartyKind(kind), name)


def _port(text: str) -> PortAddress:
    board, _, channel = text.partition(":")
    return PortAddress(int(board), int(channel))


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
