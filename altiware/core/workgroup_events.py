# SPDX-License-Identifier: MIT
"""What workgroups tell of themselves: the facts from which all their figures are made."""

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from altiware.core.ids import CallId
from altiware.core.notices import Notice

__all__ = ["WorkgroupEvent", "WorkgroupFact"]


NO_CALL: Final = CallId("")


class WorkgroupFact(enum.Enum):
    """What has happened.  The values are what is stored."""

    OFFERED = "offered"
    "A caller has come.  One of the next five follows, and nothing else."
    ANSWERED = "answered"
    "An agent has him; seconds: he waited.  With a call-back, its answer by an agent."
    ABANDONED = "abandoned"
    "He has hung up; seconds: he waited."
    OVERFLOWED = "overflowed"
    "He was led elsewhere; seconds: he waited."
    REFUSED = "refused"
    "Nobody was there, or too many were waiting."
    CALL_BACK = "call-back"
    "He wants to be called back, and keeps his place; ANSWERED or LAPSED follows."
    LAPSED = "lapsed"
    "A call-back that nobody came to make."
    MISSED = "missed"
    "An agent was rung and didn't answer; seconds: so long."
    TALKED = "talked"
    "An agent's call is over; seconds: so long."
    WRAPPED_UP = "wrapped up"
    "An agent's time after a call is over; seconds: so long."
    RECORDED = "recorded"
    "A recording is whole; what: its file."
    LOGGED_IN = "logged in"
    LOGGED_OUT = "logged out"
    READY = "ready"
    NOT_READY = "not ready"
    RESTARTED = "restarted"
    "The service has started: who was waiting waits no more."


@dataclass(frozen=True, slots=True)
class WorkgroupEvent(Notice):
    """One fact about one workgroup."""

    when: datetime
    group: str
    fact: WorkgroupFact
    call: CallId = NO_CALL
    "The caller's; of an agent's, the one that he has."
    agent: str = ""
    "An extension."
    seconds: float = 0.0
    in_time: bool = False
    "Of ANSWERED: within the service level."
    what: str = ""
