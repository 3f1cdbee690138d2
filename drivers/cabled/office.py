# SPDX-License-Identifier: MIT
"""An office line that is a telephone port (FXS) of the peer: it feeds, rings, dials tone, connects.

It implements drivers.actors.OfficeLine.  ``OfficeHabits`` says what it does where countries
differ.  Caller ID is FSK after the first ring, whatever the country; no metering, no ground start,
no dial tone after a disconnect.
"""

import datetime as dt
import enum
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from drivers.base import Capability, HookChanged, Linefeed, PortInfo, PulseDigit, RingCadence
from drivers.base import PortEvent as BoardPortEvent
from drivers.cabled.actor import CabledActor
from dsp.callerid import Absence, CallerId, CallerIdStandard, CallTime, mdmf
from dsp.engine import Detect
from dsp.events import DigitHeard, PortEvent
from dsp.tones import RingStyle, ToneName

if TYPE_CHECKING:
    from drivers.cabled.bench import Bench

__all__ = ["CabledOffice", "OfficeHabits", "OfficeState"]

NO_DIGIT_S: Final = 15.0
ALL_DIGITS_S: Final = 4.0
"""No more digits for so long: the number is complete."""
CALLER_ID_S: Final = 0.5
"""Into the long pause after the first ring."""
DISCONNECT_S: Final = 0.3
NEVER: Final = float("inf")


@dataclass(frozen=True, slots=True)
class OfficeHabits:
    """What an office does where offices differ."""

    dial_tone_s: float = 0.3
    "After the loop was closed."
    answer_reversal: bool = False
    "Reverse the line when the called party answers."
    open_loop_ms: int = 500
    "Open the loop so long when the party outside hangs up; 0: busy tone is all that tells it."


class OfficeState(enum.Enum):
    """What the line is doing, as a subscriber would say it."""

    IDLE = "idle"
    RINGING = "ringing in"
    SEIZED = "taking the line"
    DIAL_TONE = "giving dial tone"
    COLLECTING = "collecting digits"
    RINGBACK = "ringing the called party"
    TALKING = "connected"
    BUSY = "giving busy tone"
    LOCKED_OUT = "giving reorder tone"
    ENDING = "left by the party outside"


class OfficeEvent(enum.Enum):
    """What can happen to a line."""

    SEIZED = "the loop was closed"
    RELEASED = "the loop was opened"
    DIGIT = "a digit was received"
    DUE = "the time has come"
    CALLED = "somebody calls in"
    GIVEN_UP = "the caller gives up"
    ANSWERED = "the called party answers"
    FOUND_BUSY = "the called party is busy"
    HUNG_UP = "the party outside hangs up"


class CabledOffice(CabledActor):
    """A subscriber line, seen from the office."""

    def __init__(self, bench: "Bench", near: int, port: PortInfo, habits: OfficeHabits) -> None:
        super().__init__(bench, near, port)
        self.state = OfficeState.IDLE
        self.dialled = ""
        "The digits of the latest seizure."
        self._habits = habits
        self._cadence = RingCadence(bench.country.ringing_ms[RingStyle.EXTERNAL])
        self._caller_id: bytes | None = None
        self._closed = False
        self._due = NEVER

    @property
    def at_rest(self) -> bool:
        """Whether the loop is open, and nobody calls."""
        return not self._closed and self.state is OfficeState.IDLE

    # What happens

    def takes(self, event: BoardPortEvent) -> None:
        """Take what the peer reports of this port."""
        super().takes(event)
        if isinstance(event, HookChanged):
            self._closed = event.off_hook
            self._happen(OfficeEvent.SEIZED if event.off_hook else OfficeEvent.RELEASED)
        elif isinstance(event, PulseDigit):
            self._receive(event.key)

    def hears_of(self, event: PortEvent) -> None:
        """Take what the peer's engine reports."""
        super().hears_of(event)
        if isinstance(event, DigitHeard) and event.port == self.slot:
            self._receive(event.key)

    def _receive(self, key: str) -> None:
        if self.state in COLLECTS:
            self.dialled += key
            self._happen(OfficeEvent.DIGIT)

    def tick(self) -> None:
        """Do what is due."""
        if self.state is not OfficeState.IDLE:
            super().tick()
        if self._bench.now >= self._due:
            self._happen(OfficeEvent.DUE)

    def rests(self) -> None:
        """Feed the line and be idle."""
        super().rests()
        if self.state is not OfficeState.IDLE:
            self.state, self._due = OfficeState.IDLE, NEVER
            self._board.stop_ringing(self.port)

    def _happen(self, event: OfficeEvent) -> None:
        row = TRANSITIONS.get((self.state, event))
        if row is None:
            if (self.state, event) in IGNORED:
                return
            raise AssertionError(
                f"{self.name} at {self._bench.now:.3f} s is {self.state.value}: {event.value}?"
            )
        self.state, act = row
        self._due = NEVER
        act(self)

    # Actions

    def _wait(self, seconds: float) -> None:
        self._due = self._bench.now + seconds

    def _be_idle(self) -> None:
        self._fall_silent()
        self._board.feed(self.port, Linefeed.ACTIVE)
        self._engine.detect(self.slot, Detect.NONE)

    def _stop_ringing(self) -> None:
        self._fall_silent()
        self._board.stop_ringing(self.port)

    def _ring(self) -> None:
        self._board.ring(self.port, self._cadence)
        if self._caller_id is not None:
            self._wait(_long_pause_s(self._cadence) + CALLER_ID_S)

    def _send_caller_id(self) -> None:
        assert self._caller_id is not None
        us = self._bench.country.code == "us"
        standard = CallerIdStandard.BELL202 if us else CallerIdStandard.V23
        self._play(self._engine.open_caller_id(self._caller_id, standard))

    def _listen(self) -> None:
        self._fall_silent()
        self._ear.listen(self.slot, Detect.DIGITS)

    def _connect_caller(self) -> None:
        self.dialled = ""
        self._listen()
        self._record()

    def _await_number(self) -> None:
        self.dialled = ""
        self._listen()
        self._wait(self._habits.dial_tone_s)

    def _give_dial_tone(self) -> None:
        self._sound(ToneName.DIAL)
        self._wait(NO_DIGIT_S)

    def _collect(self) -> None:
        self._fall_silent()
        self._wait(ALL_DIGITS_S)

    def _ring_out(self) -> None:
        self._sound(ToneName.RINGBACK)

    def _connect_called(self) -> None:
        self._fall_silent()
        self._ear.forget(self._bench.now)
        if self._habits.answer_reversal:
            self._board.feed(self.port, Linefeed.ACTIVE_REVERSED)
        self._record()

    def _give_busy(self) -> None:
        self._sound(ToneName.BUSY)

    def _give_reorder(self) -> None:
        self._sound(ToneName.REORDER)

    def _begin_to_end(self) -> None:
        self._fall_silent()
        self._wait(DISCONNECT_S)

    def _disconnect(self) -> None:
        if self._habits.open_loop_ms:
            self._board.open_loop(self.port, self._habits.open_loop_ms)
        else:
            self._sound(ToneName.BUSY)

    # drivers.actors.OfficeLine

    def calls_in(self, number: str = "", name: str = "", absent: str = "") -> None:
        """Ring the line for an outside caller; tell who it is, if anything is given."""
        self._bench.check(self.info, Capability.RING_TX, "ring")
        self._caller_id = None
        if number or name or absent:
            self._bench.check(self.info, Capability.CALLER_ID_TX, "speak to an on-hook line")
            why = Absence(absent) if absent else None
            when = CallTime.of(dt.datetime.now(dt.UTC).astimezone())
            self._caller_id = mdmf(CallerId(number, name, why, when))
        self._happen(OfficeEvent.CALLED)

    def stops_calling(self) -> None:
        """Let the outside caller give up before an answer."""
        self._happen(OfficeEvent.GIVEN_UP)

    def is_seized(self, within_s: float = 3.0) -> None:
        """See the loop closed."""
        self._until(lambda: self._closed, within_s, f"a seizure within {within_s:g} s")

    def is_free(self, within_s: float = 3.0) -> None:
        """See the loop open."""
        self._until(lambda: not self._closed, within_s, f"an open loop within {within_s:g} s")

    def receives(self, digits: str, within_s: float = 10.0) -> None:
        """Have received exactly these digits since the loop was closed."""
        expected = f"the digits {digits} within {within_s:g} s"
        self._until(lambda: self.dialled == digits, within_s, expected)

    def answers(self) -> None:
        """Let the called party answer (with a reversal where that is this office's habit)."""
        if self._habits.answer_reversal:
            self._bench.check(self.info, Capability.POLARITY_TX, "reverse the line")
        self._happen(OfficeEvent.ANSWERED)

    def is_busy(self) -> None:
        """Let the called party be busy."""
        self._happen(OfficeEvent.FOUND_BUSY)

    def hangs_up(self) -> None:
        """Let the party outside hang up: the disconnect signal follows."""
        if self._habits.open_loop_ms:
            self._bench.check(self.info, Capability.OSI_TX, "open the loop for a moment")
        self._happen(OfficeEvent.HUNG_UP)

    def says(self, speech: Path, *, wait: bool = True) -> None:
        """Let the party outside speak."""
        if self.state is not OfficeState.TALKING:
            raise AssertionError(self.fault("a call to speak in", f"it is {self.state.value}"))
        self._speak(speech, wait=wait)

    def presses(self, keys: str) -> None:
        """Let the party outside press keys, and return when the last has been sent."""
        if self.state is not OfficeState.TALKING:
            raise AssertionError(self.fault("a call to press keys in", f"it is {self.state.value}"))
        self._press(keys)

    def hears(self, tone: str, within_s: float = 3.0) -> None:
        """Let the party outside hear a tone, "speech" or "silence"; recognition takes its time.

        While the line rings it hears ringback: that is the office's own.
        """
        if self.state is OfficeState.RINGING and tone == ToneName.RINGBACK.value:
            return
        self._hears(tone, within_s)

    def _seen(self) -> str:
        dialled = f"dialled {self.dialled!r}" if self.dialled else "no digits"
        loop = "loop closed" if self._closed else "loop open"
        return f"it is {self.state.value}, {loop}, {dialled}; {super()._seen()}"


def _long_pause_s(cadence: RingCadence) -> float:
    """Return when the longest pause of a cadence begins."""
    pauses = cadence.steps_ms[1::2]
    longest = pauses.index(max(pauses))
    return sum(cadence.steps_ms[: 2 * longest + 1]) / 1000


S, E, Line = OfficeState, OfficeEvent, CabledOffice
COLLECTS: Final = frozenset({S.DIAL_TONE, S.COLLECTING, S.RINGBACK})

# fmt: off
TRANSITIONS: Final[
    dict[tuple[OfficeState, OfficeEvent], tuple[OfficeState, Callable[[CabledOffice], None]]]
] = {
    (S.IDLE,       E.SEIZED):     (S.SEIZED,     Line._await_number),
    (S.IDLE,       E.CALLED):     (S.RINGING,    Line._ring),
    (S.RINGING,    E.DUE):        (S.RINGING,    Line._send_caller_id),
    (S.RINGING,    E.SEIZED):     (S.TALKING,    Line._connect_caller),
    (S.RINGING,    E.GIVEN_UP):   (S.IDLE,       Line._stop_ringing),
    (S.RINGING,    E.HUNG_UP):    (S.IDLE,       Line._stop_ringing),
    (S.SEIZED,     E.DUE):        (S.DIAL_TONE,  Line._give_dial_tone),
    (S.SEIZED,     E.RELEASED):   (S.IDLE,       Line._be_idle),
    (S.DIAL_TONE,  E.DUE):        (S.LOCKED_OUT, Line._give_reorder),
    (S.DIAL_TONE,  E.DIGIT):      (S.COLLECTING, Line._collect),
    (S.DIAL_TONE,  E.RELEASED):   (S.IDLE,       Line._be_idle),
    (S.COLLECTING, E.DIGIT):      (S.COLLECTING, Line._collect),
    (S.COLLECTING, E.DUE):        (S.RINGBACK,   Line._ring_out),
    (S.COLLECTING, E.ANSWERED):   (S.TALKING,    Line._connect_called),
    (S.COLLECTING, E.FOUND_BUSY): (S.BUSY,       Line._give_busy),
    (S.COLLECTING, E.RELEASED):   (S.IDLE,       Line._be_idle),
    (S.RINGBACK,   E.DIGIT):      (S.COLLECTING, Line._collect),
    (S.RINGBACK,   E.ANSWERED):   (S.TALKING,    Line._connect_called),
    (S.RINGBACK,   E.FOUND_BUSY): (S.BUSY,       Line._give_busy),
    (S.RINGBACK,   E.RELEASED):   (S.IDLE,       Line._be_idle),
    (S.TALKING,    E.HUNG_UP):    (S.ENDING,     Line._begin_to_end),
    (S.TALKING,    E.RELEASED):   (S.IDLE,       Line._be_idle),
    (S.BUSY,       E.RELEASED):   (S.IDLE,       Line._be_idle),
    (S.LOCKED_OUT, E.RELEASED):   (S.IDLE,       Line._be_idle),
    (S.ENDING,     E.DUE):        (S.ENDING,     Line._disconnect),
    (S.ENDING,     E.RELEASED):   (S.IDLE,       Line._be_idle),
}
# fmt: on
"""Everything an office does.  A pair that is neither here nor in IGNORED is a wrong script."""

IGNORED: Final = frozenset(
    {(state, event) for state in S for event in (E.SEIZED, E.RELEASED, E.DIGIT, E.DUE)}
    - TRANSITIONS.keys()
) | {(S.IDLE, E.HUNG_UP)}
"""What the line may bring at any time, without effect."""
