# SPDX-License-Identifier: MIT
"""A telephone that is an office port (FXO) of the peer: it closes the loop, dials, hears, speaks.

It implements drivers.actors.Telephone.  Against a simulated person it is a little late: ringing
counts when the peer has debounced it, tones when its engine has recognised them (cabled/ear.py).
The display reads FSK caller ID of an on-hook line, not DTMF.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from drivers.actors import Caller
from drivers.base import Capability, PortInfo, PulsesSent, RingingChanged
from drivers.base import PortEvent as BoardPortEvent
from drivers.cabled.actor import CabledActor
from dsp.callerid import CallerIdError, CallerIdStandard, parse
from dsp.engine import Detect
from dsp.events import CallerIdHeard, PortEvent

if TYPE_CHECKING:
    from drivers.cabled.bench import Bench

__all__ = ["CabledTelephone"]

"""Of one order to the engine."""
LATE_S: Final = 0.3
"""A burst's end is told so late at most: 150 ms of debouncing, and the way."""
PULSE_DIGIT_S: Final = 2.5
"""Ten pulses and the pause after them, with something to spare."""
NEW_CALL_S: Final = 8.0
"""Ringing after such a pause is another call."""


class CabledTelephone(CabledActor):
    """A telephone, and the person using it."""

    def __init__(self, bench: "Bench", near: int, port: PortInfo) -> None:
        super().__init__(bench, near, port)
        self._lifted = False
        self._ringing = False
        self._rang_at: float | None = None
        self._caller: Caller | None = None
        self._unread = ""
        self._pulsing = 0
        self._listen_on_hook()

    def _listen_on_hook(self) -> None:
        us = self._bench.country.code == "us"
        standard = CallerIdStandard.BELL202 if us else CallerIdStandard.V23
        self._engine.detect(self.slot, Detect.CALLER_ID, standard=standard)

    @property
    def at_rest(self) -> bool:
        """Whether the handset is on the hook, and the bell silent."""
        return not self._lifted and not self._ringing

    # What happens

    def takes(self, event: BoardPortEvent) -> None:
        """Take what the peer reports of this port."""
        super().takes(event)
        if isinstance(event, RingingChanged):
            self._ringing = event.ringing
            if event.ringing and (self._rang_at is None or event.at - self._rang_at > NEW_CALL_S):
                self._caller, self._unread = None, ""
            self._rang_at = event.at
        elif isinstance(event, PulsesSent):
            self._pulsing = 0

    def hears_of(self, event: PortEvent) -> None:
        """Take what the peer's engine reports."""
        super().hears_of(event)
        if isinstance(event, CallerIdHeard) and event.port == self.slot:
            try:
                told = parse(event.message)
            except CallerIdError as error:
                self._unread = str(error)
                return
            absent = told.absent.value if told.absent else ""
            self._caller = Caller(told.number, told.name, absent)

    def tick(self) -> None:
        """Do what is due."""
        if self._lifted:
            super().tick()

    def rests(self) -> None:
        """Hang up, whatever was being done."""
        super().rests()
        if self._lifted:
            self._lifted = False
            self._board.release(self.port)

    # drivers.actors.Telephone

    def lifts(self) -> None:
        """Lift the handset."""
        self._must(lifted=False, to="lift it")
        self._board.seize(self.port)
        self._lifted = True
        self._ear.listen(self.slot)
        self._record()

    def hangs_up(self) -> None:
        """Replace the handset."""
        self._must(lifted=True, to="hang up")
        self._fall_silent()
        self._end_recording()
        self._board.release(self.port)
        self._lifted = False
        self._listen_on_hook()

    def flashes(self, duration_ms: int = 500) -> None:
        """Press the hook for a moment."""
        self._must(lifted=True, to="flash")
        self._bench.check(self.info, Capability.FLASH_TX, "flash")
        self._board.flash(self.port, duration_ms)
        self._passes(duration_ms / 1000)

    def dials(self, digits: str, *, pulse: bool = False) -> None:
        """Dial, and return when the last digit has been sent."""
        self._must(lifted=True, to="dial")
        if pulse:
            self._pulses(digits)
            return
        self._press(digits)

    def _pulses(self, digits: str) -> None:
        self._bench.check(self.info, Capability.PULSE_TX, "dial by pulses")
        if not (digits.isascii() and digits.isdigit()):
            raise ValueError(f"a rotary dial has 0-9 only, not {digits!r}")
        self._board.pulse(self.port, digits)
        self._pulsing = len(digits)
        patience_s = len(digits) * PULSE_DIGIT_S
        self._until(lambda: not self._pulsing, patience_s, f"{digits} to have been sent")

    def says(self, speech: Path, *, wait: bool = True) -> None:
        """Speak a recording into the handset."""
        self._must(lifted=True, to="speak")
        self._speak(speech, wait=wait)

    def hears(self, tone: str, within_s: float = 3.0) -> None:
        """Hear a tone, "speech" or "silence"; what its recognition takes is added."""
        self._must(lifted=True, to="listen")
        self._hears(tone, within_s)

    def rings(self, within_s: float = 6.0) -> None:
        """Be ringing, or begin to."""
        self._until(lambda: self._ringing, within_s + LATE_S, f"ringing within {within_s:g} s")

    def is_quiet(self, for_s: float = 6.5) -> None:
        """Not ring for so long, once the peer has noticed that a burst has ended."""
        settles, until = self._bench.now + LATE_S, self._bench.now + for_s
        while self._bench.now < until:
            if self._ringing and self._bench.now > settles:
                raise AssertionError(self.fault(f"no ringing for {for_s:g} s", "it rings"))
            self._bench.step()

    def shows(self, within_s: float = 6.0) -> Caller:
        """Return the caller that the display shows."""
        self._bench.check(self.info, Capability.CALLER_ID_RX, "hear an on-hook line")
        expected = f"a caller on the display within {within_s:g} s"
        self._until(lambda: self._caller is not None, within_s, expected)
        assert self._caller is not None
        return self._caller

    def _passes(self, seconds: float) -> None:
        until = self._bench.now + seconds
        self._until(lambda: self._bench.now >= until, seconds + 1.0, "time to pass")

    def _must(self, *, lifted: bool, to: str) -> None:
        if self._lifted != lifted:
            state = "lifted already" if self._lifted else "not lifted"
            raise AssertionError(f"{self.name} at {self._bench.now:.3f} s: can't {to}: {state}")

    def _seen(self) -> str:
        if self._lifted:
            return super()._seen()
        bell = "has never rung" if self._rang_at is None else f"rang last at {self._rang_at:.2f} s"
        return f"the bell {bell}; {self._unread or 'no caller ID'}"
