# SPDX-License-Identifier: MIT
"""An office to test calls on, where signalling is the test's and no sound is needed.

``SignallingRig`` is the real exchange on a board whose telephones and office lines are moved
directly by the test: ``alice.lifts(); alice.hears("dial"); alice.dials("102"); bob.rings()``.
Time jumps from deadline to deadline, so a call takes a millisecond.  With ``real_engine`` the
bus is the real one, in ticks of 5 ms; without, a stand-in that keeps book of ports and paths.
Sound, the line and the boards' own protocol are not here: see ``Rig`` for these.
"""

import itertools
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import cast

from altiware.core.ids import PortAddress
from altiware.core.notices import CallClosed, CallOpened, Notice, OrderMissed
from altiware.core.plan import Plan, StationPlan, TrunkPlan
from altiware.core.record import CallRecord
from altiware.exchange import Exchange
from drivers.base import (
    BatteryChanged,
    Board,
    BoardEvent,
    BoardInfo,
    BoardLost,
    BoardState,
    BoardUp,
    Capability,
    Flashed,
    HookChanged,
    Linefeed,
    LossReason,
    PolarityChanged,
    PortEvent,
    PortInfo,
    PortKind,
    PulseDigit,
    PulsesSent,
    RingCadence,
    RingingChanged,
    Ticket,
)
from drivers.errors import BoardOperationError
from dsp import callerid
from dsp.callerid import CallerId, CallerIdStandard
from dsp.engine import Detect, Engine
from dsp.events import (
    CallerIdHeard,
    DigitHeard,
    EngineEvent,
    LinkEvent,
    PortDone,
    ToneEnded,
    ToneHeard,
)
from dsp.progress import ProgressPlan
from dsp.tones import ToneSpec, country

MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
"""A Monday."""

DTMF_PERIOD_S = 0.16
CALLER_ID_S = 0.8


class StandInEngine:
    """The engine's ports, paths and clock, without any sound."""

    def __init__(self) -> None:
        self.now = 0.0
        self.sources: dict[int, set[int]] = {}
        self.parties: dict[int, set[int]] = {}
        self.says: dict[int, object] = {}
        "What each source plays: a ToneSpec, digits, or a caller-ID message."
        self.ears: dict[int, Detect] = {}
        self._handles = itertools.count(1)
        self._waiting: list[tuple[float, int]] = []
        self._events: deque[EngineEvent] = deque()

    # As the engine does

    def events(self) -> list[EngineEvent]:
        events = list(self._events)
        self._events.clear()
        return events

    def open_board_ports(self, count: int) -> list[int]:
        return [self._open(None) for _ in range(count)]

    def open_tone(self, spec: ToneSpec) -> int:
        return self._open(spec)

    def open_digits(self, digits: str) -> int:
        return self._open(digits, len(digits) * DTMF_PERIOD_S)

    def open_caller_id(self, message: bytes, standard: CallerIdStandard) -> int:
        return self._open(message, CALLER_ID_S)

    def open_conference(self, parties: int) -> int:
        port = self._open(None)
        self.parties[port] = set()
        return port

    def join(self, conference: int, port: int) -> None:
        self.parties[conference].add(port)

    def close_port(self, port: int) -> None:
        for book in (self.sources, self.parties, self.says, self.ears):
            book.pop(port, None)  # type: ignore[attr-defined]
        for heard in self.sources.values():
            heard.discard(port)

    def listen(self, listener: int, source: int) -> None:
        if listener in self.sources and source in self.sources:
            self.sources[listener].add(source)

    def unlisten(self, listener: int, source: int) -> None:
        self.sources.get(listener, set()).discard(source)

    def detect(self, port: int, what: Detect, plan: ProgressPlan | None = None) -> None:
        if port in self.sources:
            self.ears[port] = what

    def open_ports(self) -> list[int]:
        return list(self.sources)

    # For the rig

    def hears(self, listener: int, source: int) -> bool:
        together = any({listener, source} <= parties for parties in self.parties.values())
        return together or source in self.sources[listener]

    def inject(self, event: EngineEvent) -> None:
        self._events.append(event)

    @property
    def next(self) -> float | None:
        return min((at for at, _ in self._waiting), default=None)

    def advance(self, until: float) -> None:
        self.now = until
        for at, port in sorted(self._waiting):
            if at <= until:
                self._waiting.remove((at, port))
                if port in self.says:
                    self._events.append(PortDone(at, port, "ended"))

    def _open(self, says: object, lasts_s: float | None = None) -> int:
        port = next(self._handles)
        self.sources[port] = set()
        if says is not None:
            self.says[port] = says
        if lasts_s is not None:
            self._waiting.append((self.now + lasts_s, port))
        return port
