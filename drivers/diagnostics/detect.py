# SPDX-License-Identifier: MIT
"""What an office line's office sends, found out by using the line as a telephone would.

A machine without I/O: ``start`` it, give it the board's and the engine's events (``receive``), and
call ``expire`` when ``deadline`` has passed; it orders what it needs from board and engine, and
tells what it finds and what a person is to do as ``notes``.  When it is ``done``, ``findings``
says all.  In order: dial tone; what the office says when nobody dials; busy tone, if it was given a
number that is busy (the line's own will do); a call that comes in, how it rings and who calls, and
how the office ends it once the caller hangs up.

It doesn't call anybody who would answer, and needs the line for itself.  Whether the office
reverses at the answer isn't found out: nobody answers.
"""

import itertools
from collections import deque
from collections.abc import Callable, Generator
from dataclasses import replace
from typing import Final, TypeVar

from drivers.base import (
    BatteryChanged,
    Board,
    BoardEvent,
    BoardLost,
    OrderFailed,
    PolarityChanged,
    RingingChanged,
)
from drivers.diagnostics.findings import (
    CallerIdSeen,
    HangUpSign,
    OfficeFindings,
    gain_for,
    is_same_tone,
    nearest,
)
from drivers.diagnostics.note import Note, NoteKind
from dsp.engine import Detect, Engine
from dsp.events import CallerIdHeard, DigitHeard, EngineEvent, PortDone, PortEvent, ToneSegment
from dsp.learn import LearnedTone, learn
from dsp.segments import Segment

__all__ = ["Detection"]

T = TypeVar("T")
Steps = Generator[float, BoardEvent | EngineEvent | None, T]
"""Yields until when it waits; is sent what has happened, or None when that time has come."""

DIAL_TONE_S: Final = 10.0
COMPLAINT_S: Final = 45.0
"""An office gives up waiting for digits after 10 to 20 s, and says so for a while."""
SENDING_S: Final = 20.0
BUSY_S: Final = 30.0
GUARD_S: Final = 2.0
"""The office must see the loop open: flash and pulses are shorter than a second."""
RECENT_MS: Final = 14000
"""A tone is learned from what was heard last, ringback's two cycles: before, there may have been
another."""
SURE_MS: Final = 4500
"""Two cycles and more of any cadence but ringback's."""
RING_GAP_S: Final = 0.6
"""Bursts that are closer are one ring."""
RINGS: Final = 2
CALLER_DIGITS: Final = 3
END_S: Final = 60.0
POLARITY_SETTLES_S: Final = 1.0
"""What was reversed to show a caller is put back when he is answered."""
MORE_SIGNS_S: Final = 12.0
"""After the first sign, dial or busy tone may follow."""
WINK_MS: Final = 80
"""Offices open the loop for 20 to 50 ms after it was closed."""
RINGBACK_PAUSE_MS: Final = 1500
"""Only ringback pauses so long."""


class Detection:
    """The examination of one line."""

    def __init__(
        self,
        board: Board,
        engine: Engine,
        port: int,
        *,
        busy_number: str = "",
        call_s: float = 60.0,
    ) -> None:
        """Describe it; ``call_s``: how long a call is waited for, 0: none is asked for."""
        self.notes: deque[Note] = deque()
        self.deadline: float | None = None
        self.done = False
        self._board = board
        self._engine = engine
        self._port = port
        self._busy_number = busy_number
        self._call_s = call_s
        self._now = 0.0
        self._tones: dict[str, LearnedTone] = {}
        self._signs: set[HangUpSign] = set()
        self._open_loop_ms: int | None = None
        self._caller_id: CallerIdSeen | None = None
        self._ringing: list[float] = []
        self._faults: list[str] = []
        self._settled_at = 0.0
        self._digits: int | None = None
        self._steps: Steps[None] = self._examine()

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

    @property
    def findings(self) -> OfficeFindings:
        """What is known so far."""
        tones = tuple(self._tones.values())
        dial = self._tones.get("dial")
        return OfficeFindings(
            tones=tones,
            verdict=nearest(tones),
            signs=frozenset(self._signs),
            open_loop_ms=self._open_loop_ms,
            caller_id=self._caller_id,
            ringing_ms=_intervals_ms(self._ringing),
            receive_db=gain_for(dial) if dial else 0.0,
            faults=tuple(self._faults),
        )

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

    # The examination

    def _examine(self) -> Steps[None]:
        if not (yield from self._hear_dial_tone()):
            return
        yield from self._hear_complaint()
        yield from self._rest()
        if self._busy_number:
            yield from self._hear_busy()
            yield from self._rest()
        if self._call_s:
            yield from self._take_a_call()

    def _hear_dial_tone(self) -> Steps[bool]:
        self._say(NoteKind.DOING, "Going off-hook and listening for dial tone")
        self._board.seize(self._port)
        dial = yield from self._learned("dial", DIAL_TONE_S)
        if dial is None:
            self._fault("No dial tone: is the line connected, and is it in service?")
            return False
        self._keep("dial", dial)
        gain_db = gain_for(dial)
        level = f"Dial tone has {dial.dbm0:.1f} dBm0"
        self._say(NoteKind.FOUND, f"{level}: {gain_db:+.1f} dB of gain would suit" if gain_db else
                  f"{level}: no gain is needed")  # fmt: skip
        return True

    def _hear_complaint(self) -> Steps[None]:
        self._say(NoteKind.DOING, "Waiting for what the office says when nobody dials")
        dial = self._tones["dial"]
        complaint = yield from self._learned(
            "reorder", COMPLAINT_S, other=lambda tone: not is_same_tone(tone.pattern, dial.pattern)
        )
        if complaint is not None:
            self._keep("reorder", complaint)

    def _hear_busy(self) -> Steps[None]:
        self._say(NoteKind.DOING, f"Dialling {self._busy_number}, which should be busy")
        self._board.seize(self._port)
        if (yield from self._learned("dial", DIAL_TONE_S, sure_ms=0)) is None:
            self._fault("No dial tone the second time: the office rests longer than 2 s")
            return
        self._listen(Detect.NONE)
        self._digits = self._engine.open_digits(self._busy_number)
        self._engine.listen(self._timeslot, self._digits)
        yield from self._until(lambda event: isinstance(event, PortDone), SENDING_S)
        self._hush()
        busy = yield from self._learned("busy", BUSY_S)
        if busy is None:
            self._fault(f"{self._busy_number} gave no tone that repeats")
        elif max(busy.pattern.cadence_ms[1::2], default=0) >= RINGBACK_PAUSE_MS:
            self._keep("ringback", busy)
            self._fault(f"{self._busy_number} isn't busy: it rings")
        else:
            self._keep("busy", busy)

    def _take_a_call(self) -> Steps[None]:
        self._say(NoteKind.ASKING, f"Call this line now (within {self._call_s:.0f} s)")
        self._listen(Detect.CALLER_ID | Detect.DIGITS)
        if not (yield from self._ring()):
            self._say(NoteKind.FOUND, "Nobody called: caller ID and hang-up are not known")
            return
        self._board.seize(self._port)
        self._say(NoteKind.ASKING, "Answered: hang up the telephone that you called from")
        yield from self._hear_the_end()

    def _ring(self) -> Steps[bool]:
        """Wait for the second ring, and see who calls."""
        until, rings, last_end, digits, reversal = self._now + self._call_s, 0, -9.0, 0, False
        while rings < RINGS or self._ringing_now:
            event = yield until
            if event is None:
                return False
            if isinstance(event, RingingChanged):
                rings += event.ringing and event.at - last_end > RING_GAP_S
                last_end = last_end if event.ringing else event.at
                self._ringing.append(event.at)
            elif isinstance(event, PolarityChanged):
                reversal |= rings == 0
            digits += isinstance(event, DigitHeard)
            if isinstance(event, CallerIdHeard) or digits == CALLER_DIGITS:
                self._see_caller(dtmf=bool(digits), before=rings == 0, reversal=reversal)
        ringing = "/".join(map(str, _intervals_ms(self._ringing)))
        self._say(NoteKind.FOUND, f"Ringing {ringing} ms")
        return True

    @property
    def _ringing_now(self) -> bool:
        return len(self._ringing) % 2 == 1

    def _see_caller(self, *, dtmf: bool, before: bool, reversal: bool) -> None:
        if self._caller_id is not None:
            return
        self._caller_id = CallerIdSeen(dtmf, before, reversal)
        kind, place = "DTMF" if dtmf else "FSK", "before" if before else "after"
        turned = ", after a reversal" if reversal else ""
        self._say(NoteKind.FOUND, f"Caller ID by {kind}, {place} the first ring{turned}")

    def _hear_the_end(self) -> Steps[None]:
        """Wait for signs of the end; after the first one, a while for others."""
        self._listen(Detect.LEARN)
        self._settled_at = self._now + POLARITY_SETTLES_S
        until, segments = self._now + END_S, list[Segment]()
        while not self._signs & {HangUpSign.BUSY, HangUpSign.DIAL}:
            event = yield until
            if event is None:
                break
            known = len(self._signs)
            if isinstance(event, ToneSegment):
                segments.append(event.segment)
                self._hear_end_tone(learn("busy", _recent(segments)))
            else:
                self._see_sign(event)
            if known == 0 and self._signs:
                until = self._now + MORE_SIGNS_S
        if not self._signs:
            self._fault(f"The office said nothing of the caller's hanging up in {END_S:.0f} s")

    def _see_sign(self, event: BoardEvent | EngineEvent) -> None:
        if isinstance(event, BatteryChanged) and event.present and event.duration_ms >= WINK_MS:
            self._signs.add(HangUpSign.OPEN_LOOP)
            self._open_loop_ms = event.duration_ms
            self._say(NoteKind.FOUND, f"The office opened the loop for {event.duration_ms} ms")
        elif isinstance(event, PolarityChanged) and event.at >= self._settled_at:
            self._signs.add(HangUpSign.REVERSAL if event.reversed else HangUpSign.RESTORED)
            turned = "reversed" if event.reversed else "put back"
            self._say(NoteKind.FOUND, f"The office {turned} tip and ring")

    def _hear_end_tone(self, tone: LearnedTone | None) -> None:
        if tone is None or (tone.pattern.cadence_ms and tone.heard_ms < SURE_MS):
            return
        if is_same_tone(tone.pattern, self._tones["dial"].pattern):
            self._signs.add(HangUpSign.DIAL)
            self._say(NoteKind.FOUND, "Dial tone came back")
            return
        self._signs.add(HangUpSign.BUSY)
        known = [t for t in self._tones.values() if is_same_tone(tone.pattern, t.pattern)]
        if known:
            self._say(NoteKind.FOUND, f"{known[0].pattern.name.capitalize()} tone followed")
        else:
            self._keep("busy", tone)

    # What it is made of

    def _rest(self) -> Steps[None]:
        self._board.release(self._port)
        self._listen(Detect.NONE)
        yield from self._until(lambda _: False, GUARD_S)

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
            tone = learn(name, _recent(segments))
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
        if self._digits is not None:
            self._engine.close_port(self._digits)
            self._digits = None

    def _concerns(self, event: BoardEvent | EngineEvent) -> bool:
        if isinstance(event, PortDone):
            return event.port == self._digits
        if isinstance(event, PortEvent):
            return event.port == self._timeslot
        return isinstance(event, BoardLost) or getattr(event, "port", None) == self._port

    # What it says

    def _say(self, kind: NoteKind, text: str) -> None:
        self.notes.append(Note(self._now, kind, text))

    def _fault(self, text: str) -> None:
        self._faults.append(text)
        self._say(NoteKind.FAULT, text)

    def _keep(self, name: str, tone: LearnedTone) -> None:
        self._tones[name] = replace(tone, pattern=replace(tone.pattern, name=name))
        hz = "+".join(f"{each:g}" for each in tone.pattern.hz)
        cadence = "/".join(map(str, tone.pattern.cadence_ms)) or "continuous"
        heard = f"{tone.cycles:.1f} cycles, ±{tone.spread_hz / 2:.1f} Hz, ±{tone.spread_ms} ms"
        self._say(NoteKind.FOUND, f"{name.capitalize()} tone: {hz} Hz, {cadence} ({heard})")


def _recent(segments: list[Segment]) -> list[Segment]:
    """Return the last ones that make up RECENT_MS."""
    total, first = 0, len(segments)
    while first > 0 and total < RECENT_MS:
        first -= 1
        total += segments[first].duration_ms if segments[first].ended else 0
    return segments[first:]


def _intervals_ms(edges: list[float]) -> tuple[int, ...]:
    pairs = itertools.pairwise(edges)
    return tuple(round((after - before) * 100) * 10 for before, after in pairs)


def _why(event: BoardLost | OrderFailed) -> str:
    if isinstance(event, BoardLost):
        return f"The board was lost: {event.reason.value} {event.detail}".rstrip()
    return f"The board refused to {event.order}: {event.status}"
