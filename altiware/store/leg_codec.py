# SPDX-License-Identifier: MIT
"""The legs and parties of call records as JSON objects, and back; :mod:`altiware.store.codec`."""

import dataclasses
from datetime import datetime
from typing import Any

from altiware.core.causes import Cause
from altiware.core.ids import Party, PartyKind, PortAddress
from altiware.core.record import LegRecord, LegSeconds, RecordParty

__all__ = [
    "Json",
    "leg_from_json",
    "leg_to_json",
    "party_from_json",
    "party_named",
    "party_to_json",
    "port_from_text",
]

Json = dict[str, Any]
"""An object of a JSON document."""


def leg_to_json(leg: LegRecord) -> Json:
    """Return a leg as a JSON object; seconds of which there are none are left out."""
    seconds = {name: spent for name, spent in dataclasses.asdict(leg.seconds).items() if spent}
    return {
        "caller": party_to_json(leg.caller),
        "target": party_to_json(leg.target),
        "offered": leg.offered.isoformat(),
        "alerting": leg.alerting.isoformat() if leg.alerting else None,
        "answered": leg.answered.isoformat() if leg.answered else None,
        "ended": leg.ended.isoformat() if leg.ended else None,
        "cause": leg.cause.value if leg.cause else None,
        "workgroup": leg.workgroup,
        "seconds": seconds,
    }


def leg_from_json(row: Json) -> LegRecord:
    """Return the leg that ``leg_to_json`` wrote."""
    return LegRecord(
        caller=party_from_json(row["caller"]),
        target=party_from_json(row["target"]),
        offered=datetime.fromisoformat(row["offered"]),
        alerting=datetime.fromisoformat(row["alerting"]) if row["alerting"] else None,
        answered=datetime.fromisoformat(row["answered"]) if row["answered"] else None,
        ended=datetime.fromisoformat(row["ended"]) if row["ended"] else None,
        cause=Cause(row["cause"]) if row["cause"] else None,
        workgroup=row["workgroup"],
        seconds=LegSeconds(**row["seconds"]),
    )


def party_to_json(party: RecordParty) -> Json:
    """Return a party as a JSON object."""
    return {
        "party": f"{party.party.kind.value} {party.party.name}",
        "number": party.number,
        "name": party.name,
        "port": str(party.port) if party.port else None,
    }


def party_from_json(row: Json) -> RecordParty:
    """Return the party that ``party_to_json`` wrote."""
    port = port_from_text(row["port"]) if row["port"] else None
    return RecordParty(party_named(row["party"]), row["number"], row["name"], port)


def party_named(text: str) -> Party:
    """Read ``kind name``."""
    kind, _, name = text.partition(" ")
    return Party(PartyKind(kind), name)


def port_from_text(text: str) -> PortAddress:
    """Read ``BB:CC``."""
    board, _, channel = text.partition(":")
    return PortAddress(int(board), int(channel))
