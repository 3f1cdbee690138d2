# SPDX-License-Identifier: MIT
"""An office line that is used as a telephone would, step by step: what examinations are made of.

Derive from ``Examination`` and write ``_examine``: a generator of steps that waits by yielding
until when, and is sent what happened.  Whoever runs it gives it events (``receive``), calls
``expire`` when ``deadline`` has passed, and reads ``notes``; see ``altiware.cli.line.examine``.
"""

import abc
from collections import deque
from collections.abc import Callable, Generator
from typing import Final, TypeVar

from drivers.base import Board, BoardEvent, BoardLost, OrderFailed
from drivers.diagnostics.note import Note, NoteKind
from dsp.engine import Detect, Engine
from dsp.events import EngineEvent, PortDone, PortEvent, ToneSegment
from dsp.learn import LearnedTone, learn
from dsp.segments import Segment

__all__ = ["SURE_MS", "Examination", "Steps", "recent"]

T = TypeVar("T")
Steps = Generator[float, BoardEvent | EngineEvent | None, T]
"""Yields until when it waits; is sent what has happened, or None when that time has come."""

GUARD_S: Final = 2.0
"""The office must see the loop open: flash and pulses are shorter than a second."""
SENDING_S: Final = 20.0
RECENT_MS: Final = 14000
"""A tone is learned from what was heard last, ringback's two cycles: before, there may have been
another."""
SURE_MS: Final = 4500
"""Two cycles and more of any cadence but ringback's."""


class Examination(abc.ABC):
    """The use of one line."""

    def __init__(self, board: Board, engine: Engine, port: int) -> None:
        self.notes: deque[Note] = deque()
        self.deadline: float | None = None
        self.done = False
        self._board = board
        self._engine = engine
        self._port = port
        self._now = 0.0
        self._faults: list[str] = []
        self._opened: int | None = None
        "A port of the engine that ends by itself: digits, a recording."
        self._steps: Steps[None] = self._examine()

    @abc.abstractmethod
    def _examine(self) -> Steps[None]:
        """Go through the examination."""

    def start(self, now: float) -> None:
        """Begin."""
        self._go_on(lambda: next(self._steps), now)

    def receive(self, event: BoardEvent | EngineEvent, now: float) -> None:
        """Take an event; those of other ports are nothing."""
        if self.done or not self._concerns(event):
            return
        if isinstance(event, BoardLost | OrderFailed):
            self._fault(_why(event))
            self._finish()
        else:
            self._go_on(lambda: self._steps.send(event), now)

    def expire(self, now: float) -> None:
        """``deadline`` has passed."""
        if not self.done:
            self._go_on(lambda: self._steps.send(None), now)

    def _go_on(self, step: Callable[[], float], now: float) -> None:
        self._now = now
        try:
            self.deadline = step()
        except StopIteration:
            self._finish()

    def _finish(self) -> None:
        """Leave the line as it was found."""
        self._steps.close()
        self.done, self.deadline = True, None
        self._hush()
        if self._board.state is not self._board.state.UP:
            return
        self._engine.detect(self._timeslot, Detect.NONE)
        self._board.release(self._port)

    # What it is made of

    def _rest(self) -> Steps[None]:
        self._board.release(self._port)
        self._listen(Detect.NONE)
        yield from self._until(lambda _: False, GUARD_S)

    def _dials(self, number: str) -> Steps[None]:
        """Send digits, and wait until they are out."""
        self._listen(Detect.NONE)
        self._opened = self._engine.open_digits(number)
        self._engine.listen(self._timeslot, self._opened)
        yield from self._until(lambda event: isinstance(event, PortDone), SENDING_S)
        self._hush()

    def _until(self, wanted: Callable[[object], bool], within_s: float) -> Steps[None]:
        until = self._now + within_s
        event = yield until
        while event is not None and not wanted(event):
            event = yield until

    def _learned(
        self,
        name: str,
        within_s: float,
        *,
        other: Callable[[LearnedTone], bool] = lambda _: True,
        sure_ms: int = SURE_MS,
    ) -> Steps[LearnedTone | None]:
        """Learn a tone from what is heard; None if there is none in time."""
        self._listen(Detect.NONE)
        self._listen(Detect.LEARN)
        until, segments, best = self._now + within_s, list[Segment](), None
        while True:
            event = yield until
            if event is None:
                return best
            if not isinstance(event, ToneSegment):
                continue
            segments.append(event.segment)
            tone = learn(name, recent(segments))
            if tone is None or not other(tone):
                continue
            best = tone
            if not tone.pattern.cadence_ms or tone.heard_ms >= sure_ms:
                return tone

    @property
    def _timeslot(self) -> int:
        return self._board.timeslot(self._port)

    def _listen(self, what: Detect) -> None:
        self._engine.detect(self._timeslot, what)

    def _hush(self) -> None:
        if self._opened is not None:
            self._engine.close_port(self._opened)
            self._opened = None

    def _concerns(self, event: BoardEvent | EngineEvent) -> bool:
        if isinstance(event, PortDone):
            return event.port == self._opened
        if isinstance(event, PortEvent):
            return event.port == self._timeslot
        return isinstance(event, BoardLost) or getattr(event, "port", None) == self._port

    # What it says

    def _say(self, kind: NoteKind, text: str) -> None:
        self.notes.append(Note(self._now, kind, text))

    def _fault(self, text: str) -> None:
        self._faults.append(text)
        self._say(NoteKind.FAULT, text)


def recent(segments: list[Segment]) -> list[Segment]:
    """Return the last ones that make up RECENT_MS."""
    total, first = 0, len(segments)
    while first > 0 and total < RECENT_MS:
        first -= 1
        total += segments[first].duration_ms if segments[first].ended else 0
    return segments[first:]


def _why(event: BoardLost | OrderFailed) -> str:
    if isinstance(event, BoardLost):
        return f"The board was lost: {event.reason.value} {event.detail}".rstrip()
    return f"The board refused to {event.order}: {event.status}"
