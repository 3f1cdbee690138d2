# SPDX-License-Identifier: MIT
"""Which ends of calls are abnormal: those after which somebody will ask what happened."""

from collections.abc import Iterable
from typing import Final

from altiware.core.causes import Cause
from altiware.core.notices import Traced, TraceKind
from altiware.core.record import CallRecord

__all__ = ["reason_of"]

ABNORMAL: Final = frozenset({Cause.NO_DIAL_TONE, Cause.OUT_OF_SERVICE, Cause.BOARD_LOST})
"""Busy, no answer, wrong or denied numbers and hanging up are what telephones are for."""
TONES: Final = frozenset({"BusyHeard", "DialToneHeard"})
SIGNALS: Final = frozenset({"LoopBroken", "Reversed", "Restored"})
"""How an office tells properly that the other party has gone."""


def reason_of(record: CallRecord, trace: Iterable[Traced]) -> str:
    """Say why the end of a call was abnormal; empty: it wasn't.

    A call that ended well, but whose trunk told so by a tone only, is one: until the tone was
    certain, somebody listened to it, and next time it may not be recognised.
    """
    if record.cause in ABNORMAL:
        return f"call ended: {record.cause.value}"
    if record.cause is not Cause.NORMAL or record.trunk is None:
        return ""
    name = str(record.trunk)
    told = [
        line.what
        for line in trace
        if line.call == record.id and line.kind is TraceKind.EVENT and line.target == name
    ]
    last = next((what for what in reversed(told) if what in TONES | SIGNALS), "")
    return "the office hung up by a tone only" if last in TONES and told[-1] == last else ""
