# SPDX-License-Identifier: MIT
"""Call records by hand: who called whom, when, and for how long."""

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from altiware.core.causes import Cause
from altiware.core.ids import CallId, PortAddress, station, trunk
from altiware.core.record import CallRecord, Direction, LegRecord, LegSeconds, RecordParty

__all__ = ["LINES", "at", "caller", "leg", "record", "someone"]

LINES = [PortAddress(0, 8 + line) for line in range(4)]
_numbers = itertools.count(1)


def at(text: str, day: int = 2) -> datetime:
    """Return a time as 10:15 or 10:15:30 of a day in March 2026; the 2nd is a Monday."""
    return datetime.fromisoformat(f"2026-03-{day:02d}T{text}").replace(tzinfo=UTC)


def someone(extension: str) -> RecordParty:
    """Return a station."""
    return RecordParty(station(extension), extension, f"Name {extension}", PortAddress(0, 0))


def caller(line: int) -> RecordParty:
    """Return whoever is on an office line."""
    return RecordParty(trunk(LINES[line]), "2125550123", "", LINES[line])


def leg(
    who: RecordParty,
    target: RecordParty,
    begin: datetime,
    seconds: LegSeconds,
    *,
    answered: bool = True,
    cause: Cause = Cause.NORMAL,
    workgroup: str = "",
) -> LegRecord:
    """Return a leg that is as long as its seconds."""
    answer = begin + timedelta(seconds=seconds.setup + seconds.ringing)
    end = begin + timedelta(seconds=seconds.total)
    return LegRecord(
        who, target, begin, begin, answer if answered else None, end, cause, workgroup, seconds
    )


def record(
    direction: Direction, legs: Sequence[LegRecord], cause: Cause = Cause.NORMAL, **changes: object
) -> CallRecord:
    """Return a closed call of these legs."""
    call = CallId(f"c{next(_numbers):05d}")
    parties = [party for each in legs for party in (each.caller, each.target)]
    ports = [each.port for each in parties if each.party.kind.value == "trunk"]
    stations = [each.number for each in parties if each.party.kind.value == "station"]
    facts = {
        "session": call,
        "digits": "",
        "caller": legs[0].caller,
        "target": legs[-1].target,
        "opened": legs[0].offered,
        "answered": next((each.answered for each in legs if each.answered), None),
        "closed": legs[-1].ended,
        "trunk": ports[0] if ports else None,
        "charged_to": "" if direction is Direction.INBOUND else stations[0],
        "ringing_s": sum(each.seconds.ringing for each in legs),
        "talking_s": sum(each.seconds.talking for each in legs),
        "held_s": sum(each.seconds.held for each in legs),
        "legs": tuple(legs),
    }
    return CallRecord(id=call, direction=direction, cause=cause, **{**facts, **changes})  # type: ignore[arg-type]
