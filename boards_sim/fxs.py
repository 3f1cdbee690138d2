# SPDX-License-Identifier: MIT
"""Firmware of one FXS port: feeds a telephone's line, rings it, reads its hook switch.

It knows the loop and nothing else: not whether a person or a cable is at the other end.  The
rules and their numbers are in docs/reference/qhi.md ("What the board decides").  Work is done
when the loop has changed or ``due_ms`` has come, not with every frame.
"""

import enum
import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from boards_sim.clock import BoardClock
from boards_sim.debounce import NEVER_MS, Debounced
from boards_sim.loop import Feed, Loop
from drivers.base import Linefeed
from drivers.qhi.arguments import BYTE, WORD
from drivers.qhi.numbers import LineBits, PortEventCode

__all__ = ["FxsPort", "Report"]

Report = Callable[[int, PortEventCode, bytes], None]
"""Called with port, event and arguments."""

OFF_HOOK_MA: Final = 15.0
ON_HOOK_MA: Final = 10.0
LOOP_HOLD_MS: Final = 5
"""Breaks and makes seen in one sample (5 ms) only are bounces of the contacts."""
OFF_HOOK_HOLD_MS: Final = 20
TRIP_HOLD_MS: Final = 60
"""Longer than one period of 20 Hz, so that ringing current isn't taken for a loop."""
BREAK_MS: Final = range(18, 111)
TEN_PULSES: Final = 10
DIGIT_MAKE_MS: Final = 200
FLASH_WINDOW_MS: Final = (280, 1120)

BATTERY_VOLTS: Final = 48.0
FEED_OHMS: Final = 400.0
FEED_LIMIT_MA: Final = 26.0
RINGING_VOLTS: Final = 65.0
"""rms."""

FEEDING: Final = {
    Linefeed.ACTIVE: 1.0,
    Linefeed.ON_HOOK_TRANSMISSION: 1.0,
    Linefeed.RINGING: 1.0,
    Linefeed.ACTIVE_REVERSED: -1.0,
    Linefeed.ON_HOOK_TRANSMISSION_REVERSED: -1.0,
}
"""The states in which loop current can flow, and its sign."""
ONE_WIRE: Final = (Linefeed.TIP_OPEN, Linefeed.RING_OPEN)
"""The states in which one terminal only is fed: for tests, and for ground start."""


def feed_of(linefeed: Linefeed) -> Feed:
    """Return what the line circuit puts on the loop in a state."""
    volts = BATTERY_VOLTS * FEEDING.get(linefeed, 1.0 if linefeed in ONE_WIRE else 0.0)
    ringing = RINGING_VOLTS if linefeed is Linefeed.RINGING else 0.0
    return Feed(
        volts,
        FEED_OHMS,
        FEED_LIMIT_MA,
        ringing,
        tip=linefeed is not Linefeed.TIP_OPEN,
        ring=linefeed is not Linefeed.RING_OPEN,
    )


class Hook(enum.Enum):
    """What the telephone's hook switch is taken to be doing."""

    ON = "on-hook"
    OFF = "off-hook"
    BREAK = "open, and too short yet to say why"


class FxsPort:
    """The line circuit of one telephone."""

    def __init__(self, number: int, loop: Loop, clock: BoardClock, report: Report) -> None:
        self.number = number
        self.loop = loop
        self._report = report
        self._clock = clock
        loop.watch(self._loop_changed)
        self.due_ms = 0
        self.power_up()

    def power_up(self) -> None:
        """Begin as after a reset: at rest, the hook as the loop shows it."""
        self._loop_closed = Debounced(False, on_ms=LOOP_HOLD_MS, off_ms=LOOP_HOLD_MS)
        self._hook = Hook.ON
        self._pulses = 0
        self._ring_steps: Iterator[int] | None = None
        self._step_end_ms = NEVER_MS
        self._reopen_ms = NEVER_MS
        self._before_open = Linefeed.ACTIVE
        self.linefeed = Linefeed.OPEN
        self.rest()

    def rest(self) -> None:
        """Feed, don't ring, take the default flash window."""
        self.flash_window_ms = FLASH_WINDOW_MS
        self._reopen_ms = NEVER_MS
        self.stop_ringing()

    # What the host can see

    @property
    def off_hook(self) -> bool:
        """The hook as last reported: flash and pulses don't change it."""
        return self._hook is not Hook.ON

    @property
    def ringing(self) -> bool:
        """Whether a cadence runs, in a burst or a pause."""
        return self._ring_steps is not None

    @property
    def is_opening(self) -> bool:
        """Whether the loop is open for a moment (OPEN_LOOP)."""
        return self._reopen_ms != NEVER_MS

    @property
    def bits(self) -> LineBits:
        """The level state of PORT.STATE."""
        bits = LineBits.BATTERY
        if self.off_hook:
            bits |= LineBits.OFF_HOOK
        return bits | LineBits.RINGING if self.ringing else bits

    @property
    def terminal_volts(self) -> float:
        """Voltage between the board's terminals."""
        return self.loop.reading.feed_volts

    # What the host can ask for

    def set_linefeed(self, linefeed: Linefeed) -> None:
        """Feed the line so; stops ringing."""
        self._ring_steps = None
        self._step_end_ms = self._reopen_ms = NEVER_MS
        self._apply(linefeed)

    def ring(self, steps_ms: Sequence[int]) -> None:
        """Ring with a cadence (on, off, ...) from its start, until stopped or tripped."""
        self._reopen_ms = NEVER_MS
        self._ring_steps = itertools.cycle(steps_ms)
        self._apply(Linefeed.ON_HOOK_TRANSMISSION)
        self._step_end_ms = self._clock.ms
        self._next_ring_step()

    def stop_ringing(self) -> None:
        """Stop ringing and feed the line."""
        self.set_linefeed(Linefeed.ACTIVE)

    def open_loop(self, duration_ms: int) -> None:
        """Take the battery away for a time."""
        before = self._before_open if self._reopen_ms != NEVER_MS else self.linefeed
        self._ring_steps = None
        self._step_end_ms = NEVER_MS
        self._before_open = Linefeed.ACTIVE if before is Linefeed.RINGING else before
        self._reopen_ms = self._clock.ms + duration_ms
        self._apply(Linefeed.OPEN)

    # Time

    def tick(self) -> None:
        """Do whatever is due."""
        now_ms = self._clock.ms
        if now_ms >= self._reopen_ms:
            self._reopen_ms = NEVER_MS
            self._apply(self._before_open)
        if now_ms >= self._step_end_ms:
            self._next_ring_step()
        self._read_loop()
        self._decide()
        self.due_ms = min(self._reopen_ms, self._step_end_ms, self._loop_closed.due_ms)
        self.due_ms = min(self.due_ms, self._decision_due_ms())

    def _loop_changed(self) -> None:
        self.due_ms = 0

    def _apply(self, linefeed: Linefeed) -> None:
        self.linefeed = linefeed
        self.loop.feed_from(feed_of(linefeed))
        self.due_ms = 0

    def _next_ring_step(self) -> None:
        assert self._ring_steps is not None
        self._step_end_ms += next(self._ring_steps)
        rings = self.linefeed is not Linefeed.RINGING
        self._apply(Linefeed.RINGING if rings else Linefeed.ON_HOOK_TRANSMISSION)

    # The hook switch

    def _read_loop(self) -> None:
        """Note whether loop current flows; without feeding nothing can be known."""
        if self.linefeed not in FEEDING:
            return
        least = ON_HOOK_MA if self._loop_closed.value else OFF_HOOK_MA
        self._loop_closed.see(abs(self.loop.reading.milliamps) >= least, self._clock.ms)

    def _decide(self) -> None:
        changed = self._loop_closed.settle(self._clock.ms)
        closed = self._loop_closed.value
        lasted_ms = self._clock.ms - self._loop_closed.since_ms
        if self._hook is Hook.ON:
            if closed and lasted_ms >= self._off_hook_hold_ms():
                self._go_off_hook()
        elif self._hook is Hook.OFF:
            if changed and not closed:
                self._break_began_ms = self._loop_closed.since_ms
                self._hook = Hook.BREAK
            elif self._pulses and lasted_ms >= DIGIT_MAKE_MS:
                self._end_digit()
        elif closed:
            self._hook = Hook.OFF
            self._read_break(self._loop_closed.since_ms - self._break_began_ms)
        elif lasted_ms > self.flash_window_ms[1] and self.linefeed in FEEDING:
            self._hook = Hook.ON
            self._pulses = 0
            self._report(self.number, PortEventCode.HOOK, BYTE.pack(0))

    def _decision_due_ms(self) -> int:
        since_ms = self._loop_closed.since_ms
        if self._hook is Hook.ON and self._loop_closed.value:
            return since_ms + self._off_hook_hold_ms()
        if self._hook is Hook.OFF and self._pulses:
            return since_ms + DIGIT_MAKE_MS
        if self._hook is Hook.BREAK:
            return since_ms + self.flash_window_ms[1] + 1
        return NEVER_MS

    def _off_hook_hold_ms(self) -> int:
        return TRIP_HOLD_MS if self.linefeed is Linefeed.RINGING else OFF_HOOK_HOLD_MS

    def _go_off_hook(self) -> None:
        self._hook = Hook.OFF
        self._pulses = 0
        if self.ringing:
            self.stop_ringing()
            self._report(self.number, PortEventCode.RING_TRIP, b"")
        self._report(self.number, PortEventCode.HOOK, BYTE.pack(1))

    def _read_break(self, length_ms: int) -> None:
        """Say what a break of the loop was, now that it is over."""
        if length_ms in BREAK_MS:
            self._pulses += 1
            return
        self._pulses = 0
        shortest, longest = self.flash_window_ms
        if shortest <= length_ms <= longest:
            self._report(self.number, PortEventCode.FLASH, WORD.pack(length_ms))

    def _end_digit(self) -> None:
        pulses, self._pulses = self._pulses, 0
        if pulses <= TEN_PULSES:
            digit = ord("0") + pulses % TEN_PULSES
            self._report(self.number, PortEventCode.PULSE_DIGIT, BYTE.pack(digit))
