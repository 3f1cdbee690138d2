# SPDX-License-Identifier: MIT
"""Call control alone: the time per event of whole internal calls through the switchboard.

An event is what a board reports or a timer that expires; the time holds all that follows from
it: messages between machines, effects, notices and trace lines.  ``core_line_event_us`` is the
line's machine by itself.
"""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from altiware.core.events import Digit, Event, InService, OffHook, OnHook
from altiware.core.ids import CallId, Party, PortAddress
from altiware.core.line import Line
from altiware.core.numbering import DialPlan
from altiware.core.plan import Plan, StationPlan
from altiware.core.signals import RingStyle
from altiware.features.switchboard import Switchboard
from tests.bench.clock import microseconds
from tests.figure import Figure

PLAN: Final = Plan(stations=tuple(StationPlan(str(101 + i), PortAddress(0, i)) for i in range(8)))
RINGING: Final = dict.fromkeys(RingStyle, (2000, 4000))
MORNING: Final = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def _call(at: float, near: Party, far: Party) -> list[tuple[Party, Event]]:
    """Return what the boards report of one call; the timer after the last digit comes besides."""
    digits = zip(itertools.count(1), str(far), strict=False)
    dialled = [(near, Digit(at + i / 10, key)) for i, key in digits if key.isdigit()]
    return [
        (near, OffHook(at)),
        *dialled,
        (far, OffHook(at + 5.0)),
        (near, OnHook(at + 60.0)),
        (far, OnHook(at + 61.0)),
    ]


def _switchboard() -> float:
    ids = (CallId(str(number)) for number in itertools.count())
    board = Switchboard(PLAN, RINGING, ids, lambda at: MORNING + timedelta(seconds=at))
    near, far = PLAN.stations[0].party, PLAN.stations[1].party
    for station in PLAN.stations:
        board.receive(station.party, InService(0.0))
    starts = itertools.count(100.0, 100.0)
    timers = 0

    def whole_call() -> None:
        nonlocal timers
        for party, event in _call(next(starts), near, far):
            board.receive(party, event)
            while board.deadline is not None and board.deadline <= event.at:
                timers += 1
                board.expire(event.at)

    whole_call()
    assert not board.calls, "the call has ended"
    events = len(_call(0.0, near, far)) + timers
    return microseconds(whole_call, calls=300) / events


def _line() -> float:
    station = PLAN.stations[0]
    line = Line(station, DialPlan(PLAN), PLAN.timers, RINGING)
    line.receive(InService(0.0))
    cycle = (OffHook(1.0), *(Digit(2.0, key) for key in "12"), OnHook(3.0))

    def lifted_and_replaced() -> None:
        for event in cycle:
            line.receive(event)

    return microseconds(lifted_and_replaced, calls=5000) / len(cycle)


def measure() -> Iterator[Figure]:
    """Yield the time per event."""
    yield Figure("core_event_us", _switchboard(), "us")
    yield Figure("core_line_event_us", _line(), "us")
