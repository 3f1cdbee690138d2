# SPDX-License-Identifier: MIT
"""Why calls end, and which tone tells it to whoever is still there."""

import enum
from typing import Final

from altiware.core.signals import Tone

__all__ = ["Cause", "tone_of"]


class Cause(enum.Enum):
    """Why a call ended.  The values are what records and people show."""

    NORMAL = "normal"
    "A party hung up after the answer."
    ABANDONED = "abandoned"
    "The caller hung up before an answer."
    BUSY = "busy"
    NO_ANSWER = "no answer"
    WRONG_NUMBER = "wrong number"
    DENIED = "denied"
    ALL_TRUNKS_BUSY = "all trunks busy"
    NO_DIAL_TONE = "no dial tone"
    "The office gave none on any trunk that was tried."
    OUT_OF_SERVICE = "out of service"
    "The target's board is lost."
    TRANSFERRED = "transferred"
    "The party went on in another call of the same session."
    PICKED_UP = "picked up"
    "Another telephone took the call."
    FORWARDED = "forwarded"
    DO_NOT_DISTURB = "do not disturb"
    DONE = "done"
    "A feature code has done what it is for."
    TRUNK_TO_TRUNK = "trunk to trunk"
    "The last inside party left, and outside parties may not be left to each other."
    PREEMPTED = "pre-empted"
    "The trunk was needed for an emergency call."
    BOARD_LOST = "board lost"
    RESTART = "restart"
    "The record was found open when the service started."
    STOPPED = "stopped"
    "The service was shut down."


TONES: Final[dict[Cause, Tone]] = {
    Cause.BUSY: Tone.BUSY,
    Cause.DO_NOT_DISTURB: Tone.BUSY,
    Cause.DONE: Tone.CONFIRM,
}


def tone_of(cause: Cause) -> Tone:
    """Return the tone for a station whose call ended: busy, confirmation, else reorder."""
    return TONES.get(cause, Tone.REORDER)
