# SPDX-License-Identifier: MIT
"""The SMDR line of a call: 81 characters at fixed places, in the style of AltiWare.

``smdr_line(record)`` gives the line, or None for what is not logged: calls between extensions
and outgoing ones under 15 s.  What is longer than its place keeps its end (the last digits tell
two numbers apart); characters that are not ASCII become ``?``.
"""

from datetime import datetime
from typing import Final

from altiware.core.record import CallRecord, Direction

__all__ = ["LENGTH", "smdr_line"]

LENGTH: Final = 81
SHORTEST_OUTBOUND_S: Final = 15
LONGEST_S: Final = 99 * 3600 + 59 * 60 + 59
NO_PORT: Final = "-1-1"


def smdr_line(record: CallRecord) -> bytes | None:
    """Return a closed call's line with its LF; None if it is not logged."""
    seconds = _duration_s(record)
    if record.direction is Direction.INBOUND:
        return _line(record, seconds, _inbound(record))
    if record.direction is Direction.OUTBOUND and seconds >= SHORTEST_OUTBOUND_S:
        return _line(record, seconds, _outbound(record))
    return None


def _inbound(record: CallRecord) -> str:
    """Return offsets 23 to 71 of a call that came in."""
    called = record.target.number if record.target else ""
    return _field(_trunk(record), 4) + _field(_calling(record), 34) + _field(called, 4) + 7 * " "


def _outbound(record: CallRecord) -> str:
    """Return offsets 23 to 71 of a call that went out."""
    calling = record.charged_to or record.caller.number
    return (
        _field(calling, 4) + 6 * " " + _field(record.number, 26) + 2 * " "
        + _field(_trunk(record), 4) + 7 * " "
    )  # fmt: skip


def _line(record: CallRecord, seconds: int, middle: str) -> bytes:
    start = record.answered or record.opened
    clock = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    account = _field(record.account, 8)
    line = f" {start:%m/%d} {_time(start)} {clock} {middle}{account}\n"
    return line.encode("ascii", errors="replace")


def _time(at: datetime) -> str:
    """Return hh:mmA or hh:mmP on a clock of twelve hours."""
    return f"{(at.hour - 1) % 12 + 1:02d}:{at.minute:02d}{'A' if at.hour < 12 else 'P'}"


def _duration_s(record: CallRecord) -> int:
    """Return whole seconds from the answer to the end."""
    if record.answered is None or record.closed is None:
        return 0
    seconds = int((record.closed - record.answered).total_seconds())
    return min(max(seconds, 0), LONGEST_S)


def _trunk(record: CallRecord) -> str:
    return record.trunk.recorded if record.trunk else NO_PORT


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
