# SPDX-License-Identifier: MIT
"""Where a module's one call is, and what its words make of that: a table."""

import enum
from typing import Final

from drivers.base import CallProgress
from drivers.cellular.words import CallWord

__all__ = ["TRANSITIONS", "CallState"]


class CallState(enum.Enum):
    """Where the call is."""

    IDLE = "idle"
    ORDERED = "number given to the module"
    CALLING = "calling"
    ALERTING = "alerting"
    ANSWERING = "answering"
    TALKING = "talking"
    ENDING = "asking why it ended"


S, W, P = CallState, CallWord, CallProgress

# fmt: off
TRANSITIONS: Final[dict[tuple[CallState, CallWord], tuple[CallState, CallProgress | None]]] = {
    (S.CALLING,   W.ALERTING): (S.ALERTING, P.ALERTING),
    (S.CALLING,   W.ACTIVE):   (S.TALKING,  P.ANSWERED),
    (S.CALLING,   W.BUSY):     (S.IDLE,     P.BUSY),
    (S.CALLING,   W.ENDED):    (S.ENDING,   None),
    (S.ALERTING,  W.ACTIVE):   (S.TALKING,  P.ANSWERED),
    (S.ALERTING,  W.BUSY):     (S.IDLE,     P.BUSY),
    (S.ALERTING,  W.ENDED):    (S.ENDING,   None),
    (S.ANSWERING, W.BUSY):     (S.IDLE,     P.ENDED),
    (S.ANSWERING, W.ENDED):    (S.IDLE,     P.ENDED),
    (S.TALKING,   W.BUSY):     (S.IDLE,     P.ENDED),
    (S.TALKING,   W.ENDED):    (S.IDLE,     P.ENDED),
    (S.ENDING,    W.BUSY):     (S.IDLE,     P.BUSY),
}
# fmt: on
"""What isn't here says nothing new.  While a number is given, only the module's answer counts."""
