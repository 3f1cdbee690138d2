# SPDX-License-Identifier: MIT
"""What an office line's office sends, found out by using the line as a telephone would.

A machine without I/O: ``start`` it, give it the board's and the engine's events (``receive``), and
call ``expire`` when ``deadline`` has passed; it orders what it needs from board and engine, and
tells what it finds and what a person is to do as ``notes``.  When it is ``done``, ``findings``
says all.  In order: dial tone; what the office says when nobody dials; busy tone, if it was given a
number that is busy (the line's own will do); an answer and a flash, if it was given one that is
answered; a call that comes in, how it rings and who calls, and how the office ends it once the
caller hangs up.

It needs the line for itself.  Whether the office reverses at the answer, and gives dial tone after
a flash, is found out only with a number that somebody answers.
"""

import itertools
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

from drivers.base import BatteryChanged, Board, BoardEvent, PolarityChanged, RingingChanged
from drivers.diagnostics.examination import SURE_MS, Examination, Steps, recent
from drivers.diagnostics.findings import (
    CallerIdSeen,
    HangUpSign,
    OfficeFindings,
    gain_for,
    is_same_tone,
    nearest,
)
from drivers.diagnostics.fsk_kind import standard_of
from drivers.diagnostics.line_under_test import samples_of
from drivers.diagnostics.note import NoteKind
from dsp.callerid import CallerIdStandard
from dsp.engine import Detect, Engine
from dsp.events import CallerIdHeard, DigitHeard, EngineEvent, PortDone, ToneSegment
from dsp.learn import LearnedTone, learn
from dsp.segments import Segment, SegmentKind

__all__ = ["Detection"]

DIAL_TONE_S: Final = 10.0
COMPLAINT_S: Final = 45.0
"""An office gives up waiting for digits after 10 to 20 s, and says so for a while."""
BUSY_S: Final = 30.0
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
NO_RINGBACK_S: Final = 6.5
"""The longest pause of ringback is 4 s: after so much without it, somebody has answered."""
FLASH_MS: Final = 500
"""Within what North American offices take for a flash (300 to 1000 ms)."""
RECALL_S: Final = 8.0
WRITTEN_S: Final = 5.0
MODEMS: Final = {CallerIdStandard.BELL202: "Bell 202", CallerIdStandard.V23: "V.23"}


class Detection(Examination):
    """The examination of one line."""

    def __init__(
        self,
        board: Board,
        engine: Engine,
        port: int,
        *,
        busy_number: str = "",
        answer_number: str = "",
        call_s: float = 60.0,
    ) -> None:
        """Describe it.

        ``answer_number`` is of a telephone that somebody will answer; ``call_s``: how long that
        and a call from outside are waited for, 0: no call is asked for.
        """
        super().__init__(board, engine, port)
        self._busy_number = busy_number
        self._answer_number = answer_number
        self._call_s = call_s
        self._tones: dict[str, LearnedTone] = {}
        self._signs: set[HangUpSign] = set()
        self._open_loop_ms: int | None = None
        self._caller_id: CallerIdSeen | None = None
        self._ringing: list[float] = []
        self._settled_at = 0.0
        self._answer_reversal: bool | None = None
        self._flash_recall: bool | None = None

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
            answer_reversal=self._answer_reversal,
            flash_recall=self._flash_recall,
            faults=tuple(self._faults),
        )

    # The examination

    def _examine(self) -> Steps[None]:
        if not (yield from self._hear_dial_tone()):
            return
        yield from self._hear_complaint()
        yield from self._rest()
        if self._busy_number:
            yield from self._hear_busy()
            yield from self._rest()
        if self._answer_number:
            yield from self._see_an_answer()
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
        if not (yield from self._call(self._busy_number)):
            return
        busy = yield from self._learned("busy", BUSY_S)
        if busy is None:
            self._fault(f"{self._busy_number} gave no tone that repeats")
        elif max(busy.pattern.cadence_ms[1::2], default=0) >= RINGBACK_PAUSE_MS:
            self._keep("ringback", busy)
            self._fault(f"{self._busy_number} isn't busy: it rings")
        else:
            self._keep("busy", busy)

    def _call(self, number: str) -> Steps[bool]:
        """Seize the line and dial; False: there was no dial tone."""
        self._board.seize(self._port)
        if (yield from self._learned("dial", DIAL_TONE_S, sure_ms=0)) is None:
            self._fault("No dial tone the second time: the office rests longer than 2 s")
            return False
        yield from self._dials(number)
        return True

    def _see_an_answer(self) -> Steps[None]:
        """Call somebody who answers: find out about a reversal then, and about a flash."""
        self._say(NoteKind.DOING, f"Dialling {self._answer_number}, which is to be answered")
        if not (yield from self._call(self._answer_number)):
            return
        self._listen(Detect.LEARN)
        self._say(NoteKind.ASKING, f"Answer the call to {self._answer_number}, and wait")
        self._answer_reversal = yield from self._answered()
        if self._answer_reversal is None:
            self._fault(f"Nobody answered the call to {self._answer_number}")
            return
        how = "by reversing tip and ring" if self._answer_reversal else "by no signal"
        self._say(NoteKind.FOUND, f"The office tells of the answer {how}")
        self._board.flash(self._port, FLASH_MS)
        recall = yield from self._learned("dial", RECALL_S)
        self._flash_recall = recall is not None and self._is_dial_tone(recall)
        does = "gives dial tone" if self._flash_recall else "does nothing"
        self._say(NoteKind.FOUND, f"After a flash of {FLASH_MS} ms in the call the office {does}")

    def _answered(self) -> Steps[bool | None]:
        """Wait for an answer, and tell whether tip and ring were exchanged; None: there was none.

        Without a signal, ringback that doesn't come again is the answer.
        """
        until, ringback_at = self._now + max(self._call_s, NO_RINGBACK_S), self._now
        while self._now < until:
            event = yield min(until, ringback_at + NO_RINGBACK_S)
            if isinstance(event, PolarityChanged):
                return True
            if isinstance(event, ToneSegment) and event.segment.kind is SegmentKind.TONE:
                ringback_at = self._now
            elif event is None and self._now >= ringback_at + NO_RINGBACK_S:
                return False
        return None

    def _is_dial_tone(self, tone: LearnedTone) -> bool:
        """Whether it is dial tone or its stutter: of the same frequencies."""
        dial = self._tones["dial"].pattern
        return is_same_tone(replace(tone.pattern, cadence_ms=()), replace(dial, cadence_ms=()))

    def _take_a_call(self) -> Steps[None]:
        self._say(NoteKind.ASKING, f"Call this line now (within {self._call_s:.0f} s)")
        self._listen(Detect.CALLER_ID | Detect.DIGITS)
        with tempfile.TemporaryDirectory(prefix="altiware-detect-") as directory:
            path = Path(directory) / "ring.wav"
            self._opened = self._engine.open_tap(path, self._timeslot)
            rings = yield from self._ring()
            yield from self._see_modem(path)
        if not rings:
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

    def _see_modem(self, path: Path) -> Steps[None]:
        """End the recording, and tell whose caller ID is on it if one came by FSK."""
        assert self._opened is not None
        self._engine.close_port(self._opened)
        yield from self._until(lambda event: isinstance(event, PortDone), WRITTEN_S)
        self._opened = None
        if self._caller_id is None or self._caller_id.dtmf:
            return
        standard = standard_of(samples_of(path)[0])
        self._caller_id = replace(self._caller_id, standard=standard)
        if standard is not None:
            self._say(NoteKind.FOUND, f"Its modem is {MODEMS[standard]}")

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
                self._hear_end_tone(learn("busy", recent(segments)))
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

    def _keep(self, name: str, tone: LearnedTone) -> None:
        self._tones[name] = replace(tone, pattern=replace(tone.pattern, name=name))
        hz = "+".join(f"{each:g}" for each in tone.pattern.hz)
        cadence = "/".join(map(str, tone.pattern.cadence_ms)) or "continuous"
        heard = f"{tone.cycles:.1f} cycles, ±{tone.spread_hz / 2:.1f} Hz, ±{tone.spread_ms} ms"
        self._say(NoteKind.FOUND, f"{name.capitalize()} tone: {hz} Hz, {cadence} ({heard})")


def _intervals_ms(edges: list[float]) -> tuple[int, ...]:
    pairs = itertools.pairwise(edges)
    return tuple(round((after - before) * 100) * 10 for before, after in pairs)
