# SPDX-License-Identifier: MIT
"""The SMDR line of a call: 81 characters at fixed places, in the style of AltiWare.

``smdr_lines(record)`` gives no line for what is not logged: calls between extensions and outgoing
ones under 15 s.  What is longer than its place keeps its end (the last digits tell
two numbers apart); characters that are not ASCII become ``?``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from altiware.core.ids import PartyKind, PortAddress
from altiware.core.record import CallRecord, Direction, LegRecord

__all__ = ["LENGTH", "smdr_lines"]

LENGTH: Final = 81
SHORTEST_OUTBOUND_S: Final = 15
LONGEST_S: Final = 99 * 3600 + 59 * 60 + 59
NO_PORT: Final = "-1-1"


def smdr_lines(record: CallRecord) -> list[bytes]:
    """Return a closed call's lines, each with its LF; none if it is not logged.

    Mostly one.  A caller from outside whom an extension has forwarded outside had two trunks: the
    call that it made for him has a line of its own.  Who was transferred is logged again, from then
    on, at whom he came to; if nobody answered there, that is no call.
    """
    lines = []
    if record.direction is Direction.INBOUND:
        span = _span(record)
        if span.answered is not None or not record.handed_on:
            lines.append(_line(record, span, _inbound(record)))
        spans = [_Span(leg.answered, leg.ended, leg.target.port) for leg in _left(record)]
    else:
        spans = [_span(record)] if record.direction is Direction.OUTBOUND else []
    logged = [span for span in spans if span.seconds >= SHORTEST_OUTBOUND_S]
    return [*lines, *(_line(record, span, _outbound(record, span)) for span in logged)]


@dataclass(frozen=True, slots=True)
class _Span:
    """For how long a trunk was talked on."""

    answered: datetime | None
    ended: datetime | None
    trunk: PortAddress | None

    @property
    def seconds(self) -> int:
        """Whole seconds from the answer to the end."""
        if self.answered is None or self.ended is None:
            return 0
        seconds = int((self.ended - self.answered).total_seconds())
        return min(max(seconds, 0), LONGEST_S)


def _span(record: CallRecord) -> _Span:
    """Return when the trunk was talked on; who was transferred into the call came later."""
    if not record.handed_on:
        return _Span(record.answered, record.closed, record.trunk)
    own = (leg.answered for leg in record.legs if leg.caller.party == record.caller.party)
    return _Span(next(filter(None, own), None), record.closed, record.trunk)


def _left(record: CallRecord) -> Iterator[LegRecord]:
    """Yield the legs over which a caller from outside has left the office again."""
    for leg in record.legs:
        if leg.target.party.kind is PartyKind.TRUNK:
            yield leg


def _inbound(record: CallRecord) -> str:
    """Return offsets 23 to 71 of a call that came in."""
    target = record.target
    called = target.number if target else ""
    if target is not None and target.party.kind is PartyKind.TRUNK:
        called = record.charged_to  # who forwarded it was called
    return (
        _field(_port(record.trunk), 4) + _field(_calling(record), 34) + _field(called, 4) + 7 * " "
    )


def _outbound(record: CallRecord, span: _Span) -> str:
    """Return offsets 23 to 71 of a call that went out."""
    calling = record.charged_to or record.caller.number
    return (
        _field(calling, 4) + 6 * " " + _field(record.number, 26) + 2 * " "
        + _field(_port(span.trunk), 4) + 7 * " "
    )  # fmt: skip


def _line(record: CallRecord, span: _Span, middle: str) -> bytes:
    start, seconds = span.answered or record.opened, span.seconds
    clock = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    account = _field(record.account, 8)
    line = f" {start:%m/%d} {_time(start)} {clock} {middle}{account}\n"
    return line.encode("ascii", errors="replace")


def _time(at: datetime) -> str:
    """Return hh:mmA or hh:mmP on a clock of twelve hours."""
    return f"{(at.hour - 1) % 12 + 1:02d}:{at.minute:02d}{'A' if at.hour < 12 else 'P'}"


def _port(port: PortAddress | None) -> str:
    return port.recorded if port else NO_PORT


def _calling(record: CallRecord) -> str:
    """Return number and name of an outside caller as far as they are known."""
    caller = record.caller_id
    if caller is None:
        return record.caller.number
    return f"{caller.number} {caller.name}".strip()


def _field(text: str, width: int) -> str:
    """Fill or cut to a width; what is cut is the beginning, and controls become ``?``."""
    clean = "".join(each if each.isprintable() else "?" for each in text)
    return clean[-width:].ljust(width)
