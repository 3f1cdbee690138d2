# SPDX-License-Identifier: MIT
"""The states of a call, what several of them have in common, and all that a call can be told."""

import enum
from typing import Final

from altiware.core.call_times import Phase
from altiware.core.events import Event, Timeout
from altiware.core.legs import (
    Alerting,
    Answered,
    Departed,
    Failed,
    Keyed,
    Progressed,
    Refused,
    Unavailable,
)
from altiware.core.orders import (
    Absorb,
    Allowed,
    Bridge,
    Clear,
    Denied,
    Divert,
    Hold,
    Join,
    NoTrunk,
    Nowhere,
    Retrieve,
    Take,
    ToApplication,
    ToOffice,
    ToOutside,
    ToStation,
    TrunkFound,
    Turn,
    Unbridge,
)

__all__ = ["DIVERTED", "EVENTS", "JOINED", "LED", "PHASES", "TAKEN", "WANTED", "CallState"]


class CallState(enum.Enum):
    """Each state means one thing the near party could tell."""

    NEW = "new"
    JUDGING = "asking the policy"
    HUNTING = "looking for a trunk"
    SEIZING = "seizing a trunk"
    OFFERING = "offered"
    ALERTING = "ringing"
    PRESENTED = "ringing the office"
    "From outside; whoever answers for the office is rung."
    QUEUED = "waiting for the office"
    "From outside; whoever answers for the office is busy, and the caller rings on."
    LEADING = "being led on"
    "Nobody is wanted at this moment: where to instead is being asked."
    PROCEEDING = "hearing the network"
    TALKING = "talking"
    HELD = "held"
    CONFERENCED = "in conference"
    ENDED = "ended"


S = CallState

PHASES: Final = {
    S.OFFERING: Phase.SETUP,
    S.SEIZING: Phase.SETUP,
    S.ALERTING: Phase.RINGING,
    S.PRESENTED: Phase.RINGING,
    S.PROCEEDING: Phase.RINGING,
    S.QUEUED: Phase.WAITING,
    S.TALKING: Phase.TALKING,
    S.CONFERENCED: Phase.TALKING,
    S.HELD: Phase.HELD,
}
"""What the caller spends his time with; in the other states nobody is wanted."""

WANTED: Final = (
    S.JUDGING,
    S.HUNTING,
    S.SEIZING,
    S.OFFERING,
    S.ALERTING,
    S.PRESENTED,
    S.QUEUED,
    S.PROCEEDING,
    S.LEADING,
)
"""Not yet answered, by the one who is wanted now."""
JOINED: Final = (S.TALKING, S.HELD, S.CONFERENCED)
LED: Final = (S.NEW, S.LEADING)
TAKEN: Final = (S.OFFERING, S.ALERTING, S.PRESENTED, S.QUEUED, S.TALKING)
DIVERTED: Final = (*TAKEN, S.SEIZING, S.PROCEEDING)

EVENTS: Final[tuple[type[Event], ...]] = (
    ToStation,
    ToApplication,
    ToOffice,
    ToOutside,
    Nowhere,
    Divert,
    Turn,
    Take,
    Keyed,
    Allowed,
    Denied,
    TrunkFound,
    NoTrunk,
    Timeout,
    Alerting,
    Refused,
    Unavailable,
    Progressed,
    Answered,
    Departed,
    Failed,
    Hold,
    Retrieve,
    Join,
    Absorb,
    Bridge,
    Unbridge,
    Clear,
)
"""All that a call can be told."""
