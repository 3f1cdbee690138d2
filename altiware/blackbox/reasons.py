# SPDX-License-Identifier: MIT
"""Which ends of calls are abnormal: those after which somebody will ask what happened."""

from collections.abc import Iterable
from typing import Final

from altiware.core.causes import Cause
from altiware.core.notices import Traced, TraceKind
from altiware.core.record import CallRecord

__all__ = ["SIGNALS", "reason_of", "sign_of"]

ABNORMAL: Final = frozenset({Cause.NO_DIAL_TONE, Cause.OUT_OF_SERVICE, Cause.BOARD_LOST})
"""Busy, no answer, wrong or denied numbers and hanging up are what telephones are for."""
TONES: Final = frozenset({"BusyHeard", "DialToneHeard"})
SIGNALS: Final = frozenset({"LoopBroken", "Reversed", "Restored"})
"""How an office tells properly that the other party has gone."""


def sign_of(record: CallRecord, trace: Iterable[Traced]) -> str:
    """Return the event by which the trunk of a call was told of its end; empty: by none."""
    if record.cause is not Cause.NORMAL or record.trunk is None:
        return ""
    name = str(record.trunk)
    last = ""
    for line in trace:
        if line.call == record.id and line.kind is TraceKind.EVENT and line.target == name:
            last = line.what
    return last if last in TONES | SIGNALS else ""


def reason_of(record: CallRecord, sign: str, *, signals: bool) -> str:
    """Say why the end of a call was abnormal; empty: it wasn't.

    ``signals``: a call on this trunk has ended by a signal on the wires before.  Where none ever
    has, the office gives none, and a hang-up told by a tone is an ordinary one.  Where they do,
    a tone alone says that the signal is missing: until the tone was certain somebody listened to
    it, and next time it may not be recognised.
    """
    if record.cause in ABNORMAL:
        return f"call ended: {record.cause.value}"
    return "the office hung up by a tone only" if sign in TONES and signals else ""
