# SPDX-License-Identifier: MIT
"""Firmware of one FXO port: closes the office's loop as a telephone would, watches its battery.

The rules and their numbers are in docs/reference/qhi.md ("What the board decides").  Work is
done when the loop has changed or ``due_ms`` has come, not with every frame.
"""

from collections import deque
from collections.abc import Callable
from typing import Final

from boards_sim.clock import BoardClock
from boards_sim.debounce import NEVER_MS, Debounced
from boards_sim.fxs import Report
from boards_sim.loop import Load, Loop
from drivers.qhi.arguments import BATTERY, BYTE, PULSES_SENT, Pulses
from drivers.qhi.numbers import LineBits, PortEventCode, Status

__all__ = ["FxoPort"]

RING_VOLTS: Final = 25.0
RING_ON_MS: Final = 64
RING_OFF_MS: Final = 150
BATTERY_MS: Final = 64
POLARITY_MS: Final = 64
LONGEST_AWAY_MS: Final = 65535
HOOK_SWITCH: Final = Load(closed=True, ohms=250.0, ren=0.3)
OPEN_SWITCH: Final = Load(closed=False, ohms=250.0, ren=0.3)


def _nobody() -> None:
    """Tell nobody."""


class FxoPort:
    """The line circuit of one office line."""

    def __init__(self, number: int, loop: Loop, clock: BoardClock, report: Report) -> None:
        self.number = number
        self.loop = loop
        self._report = report
        self._clock = clock
        self.due_ms = 0
        self.monitor = True
        self.monitor_changed: Callable[[], None] = _nobody
        "Called when ``monitor`` may have changed what passes."
        loop.watch(self._loop_changed)
        self.power_up()

    def power_up(self) -> None:
        """Begin as after a reset: at rest, battery and polarity as the loop shows them."""
        reading = self.loop.reading
        self._ring = Debounced(False, on_ms=RING_ON_MS, off_ms=RING_OFF_MS)
        self._battery = Debounced(reading.has_battery, on_ms=BATTERY_MS, off_ms=BATTERY_MS)
        self._reversed = Debounced(reading.volts < 0, on_ms=POLARITY_MS, off_ms=POLARITY_MS)
        self._away_since_ms = 0
        self._wanted = False
        self._switching: deque[tuple[bool, int]] = deque()
        self._switch_ms = NEVER_MS
        self._pulse_request: tuple[int, int] | None = None
        self.rest()

    def rest(self) -> None:
        """Open the loop, stop pulsing, listen to the on-hook line."""
        self.set_hook(off_hook=False)
        self.listen(on=True)

    # What the host can see

    @property
    def off_hook(self) -> bool:
        """Whether the loop is closed, flash and pulses apart."""
        return self._wanted

    @property
    def ringing(self) -> bool:
        """Whether a burst of ringing is on the line."""
        return self._ring.value

    @property
    def bits(self) -> LineBits:
        """The level state of PORT.STATE."""
        bits = LineBits(0)
        for flag, value in (
            (LineBits.OFF_HOOK, self.off_hook),
            (LineBits.RINGING, self.ringing),
            (LineBits.BATTERY, self._battery.value),
            (LineBits.REVERSED, self._reversed.value),
        ):
            bits |= flag if value else LineBits(0)
        return bits

    @property
    def terminal_volts(self) -> float:
        """Voltage between the board's terminals."""
        return self.loop.reading.volts

    @property
    def pulsing(self) -> bool:
        """Whether dial pulses are being sent."""
        return self._pulse_request is not None

    # What the host can ask for

    def set_hook(self, *, off_hook: bool) -> None:
        """Close or open the loop; stops pulses and flash."""
        self._cut_pulses_short()
        self._switching.clear()
        self._switch_ms = NEVER_MS
        self._wanted = off_hook
        self._switch(closed=off_hook)

    def flash(self, duration_ms: int) -> None:
        """Open the closed loop for a time."""
        self._cut_pulses_short()
        self._switching.clear()
        self._switching.append((True, 0))
        self._switch(closed=False)
        self._switch_ms = self._clock.ms + duration_ms

    def pulse(self, pulses: Pulses, seq: int, tag: int) -> None:
        """Send digits; PULSES_SENT reports their end."""
        for digit in pulses.digits:
            for _ in range(int(digit) or 10):
                self._switching.append((False, pulses.break_ms))
                self._switching.append((True, pulses.make_ms))
            self._switching.append((True, pulses.between_ms))
        self._switching.pop()
        self._pulse_request = (seq, tag)
        self._switch_ms = self._clock.ms
        self.due_ms = 0

    def listen(self, *, on: bool) -> None:
        """Hear the line while it is on-hook, or don't."""
        self.monitor = on
        self.monitor_changed()

    # Time

    def tick(self) -> None:
        """Do whatever is due."""
        now_ms = self._clock.ms
        while now_ms >= self._switch_ms:
            self._next_switch()
        self._read_loop()
        self._decide()
        watched = (self._ring.due_ms, self._battery.due_ms, self._reversed.due_ms)
        self.due_ms = min(self._switch_ms, *watched)

    def _loop_changed(self) -> None:
        self.due_ms = 0

    def _switch(self, *, closed: bool) -> None:
        self.loop.load_with(HOOK_SWITCH if closed else OPEN_SWITCH)
        self.due_ms = 0

    def _next_switch(self) -> None:
        if self._switching:
            closed, duration_ms = self._switching.popleft()
            self._switch(closed=closed)
            self._switch_ms += duration_ms
            return
        self._switch_ms = NEVER_MS
        self._end_pulses(Status.OK)

    def _cut_pulses_short(self) -> None:
        self._end_pulses(Status.BAD_STATE)

    def _end_pulses(self, status: Status) -> None:
        if self._pulse_request is None:
            return
        seq, tag = self._pulse_request
        self._pulse_request = None
        self._report(self.number, PortEventCode.PULSES_SENT, PULSES_SENT.pack(seq, tag, status))

    # The office's end

    def _read_loop(self) -> None:
        reading = self.loop.reading
        self._ring.see(reading.ring_volts >= RING_VOLTS, self._clock.ms)
        if self._switch_ms != NEVER_MS:
            return
        self._battery.see(reading.has_battery, self._clock.ms)
        if reading.has_battery and not self.ringing and not reading.ring_volts:
            self._reversed.see(reading.volts < 0, self._clock.ms)

    def _decide(self) -> None:
        if self._ring.settle(self._clock.ms):
            on = BYTE.pack(self._ring.value)
            self._report(self.number, PortEventCode.RINGING, on)
        before_ms = self._battery.since_ms
        if self._battery.settle(self._clock.ms):
            away_ms = self._battery.since_ms - before_ms if self._battery.value else 0
            state = BATTERY.pack(self._battery.value, 0, min(away_ms, LONGEST_AWAY_MS))
            self._report(self.number, PortEventCode.BATTERY, state)
        if self._reversed.settle(self._clock.ms):
            turned = BYTE.pack(self._reversed.value)
            self._report(self.number, PortEventCode.POLARITY, turned)
