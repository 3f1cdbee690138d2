# SPDX-License-Identifier: MIT
"""A person with an analog telephone: handset, hook switch, keys, rotary dial, bell, display.

The handset hears and speaks only when lifted; the bell rings on ringing voltage; the display
reads FSK caller ID from the on-hook line.  No side tone: nobody hears himself.
"""

from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from boards_sim.actor import Actor, Script, StageClock, pause, until
from boards_sim.clock import FRAME
from boards_sim.fsk import (
    BELL_202,
    LAMP_MESSAGES,
    V23,
    Modem,
    caller_of,
    demodulate,
    lamp_of,
)
from boards_sim.loop import Load, Loop
from drivers.actors import Caller
from dsp.tones import Country

__all__ = ["Display", "TelephoneSet"]

Samples = npt.NDArray[np.int16]

BELL_VOLTS: Final = 40.0
LIFTED: Final = Load(closed=True, ohms=115.0, drop_volts=3.5, ren=1.0)
"""6.5 V at 26 mA."""
RESTING: Final = Load(closed=False, ohms=115.0, drop_volts=3.5, ren=1.0)
BREAK_MS: Final = 60
MAKE_MS: Final = 40
"""Ten pulses a second, as a rotary dial gives."""
WINDING_MS: Final = 600
"""The finger turns the dial up again."""
NEW_CALL_S: Final = 8.0
"""Ringing after such a pause is another call."""


class Display:
    """Reads caller ID and the lamp: starts with the first loud sample, ends with quiet."""

    QUIET_FRAMES: Final = 20
    LONGEST: Final = 4 * 8000

    def __init__(self, modem: Modem) -> None:
        self._modem = modem
        self._pieces: list[Samples] = []
        self._quiet = 0
        self.caller: Caller | None = None
        self.lamp = False
        "Whether it says that messages wait."
        self.attempts: list[str] = []
        "What came of each burst of sound, for the error when nothing is shown."

    def clear(self) -> None:
        """Forget the last caller: the telephone rings anew."""
        self.caller = None
        self.attempts = []

    def hear(self, heard: Samples, loud: bool) -> None:
        """Take a frame of the on-hook line."""
        if not loud and not self._pieces:
            return
        self._pieces.append(heard.copy())
        self._quiet = 0 if loud else self._quiet + 1
        if self._quiet >= self.QUIET_FRAMES or len(self._pieces) * FRAME >= self.LONGEST:
            self._read()

    def cut(self) -> None:
        """Lose the line: somebody has lifted the handset."""
        self._pieces = []

    def _read(self) -> None:
        sound = np.concatenate(self._pieces)
        self._pieces = []
        self._quiet = 0
        message = demodulate(sound, self._modem)
        if message is None:
            self.attempts.append(f"{len(sound) / 8000:.2f} s of sound without a message")
        elif message[0] in LAMP_MESSAGES:
            self.lamp = lamp_of(message)
        else:
            self.caller = caller_of(message)


class TelephoneSet(Actor):
    """A telephone and the person using it."""

    def __init__(self, name: str, loop: Loop, clock: StageClock, country: Country) -> None:
        super().__init__(name, loop, clock, country)
        self.display = Display(BELL_202 if country.code == "us" else V23)
        self.bursts: list[tuple[float, float | None]] = []
        "When the bell rang: from, to (None: it rings now)."
        loop.watch(self._loop_changed)

    @property
    def is_lifted(self) -> bool:
        """Whether the handset is off the hook."""
        return self.loop.load.closed

    @property
    def is_ringing(self) -> bool:
        """Whether the bell rings at this moment."""
        return bool(self.bursts) and self.bursts[-1][1] is None

    def get(self, heard: Samples, loud: bool) -> None:
        """Take the frame that came out of the line."""
        if self.is_lifted:
            self.ear.hear(heard)
        else:
            self.display.hear(heard, loud)

    def _loop_changed(self) -> None:
        rings = self.loop.reading.ring_volts >= BELL_VOLTS
        now = self.clock.now
        if rings and not self.is_ringing:
            last = self.bursts[-1][1] if self.bursts else None
            if last is None or now - last > NEW_CALL_S:
                self.display.clear()
            self.bursts.append((now, None))
        elif not rings and self.is_ringing:
            self.bursts[-1] = (self.bursts[-1][0], now)

    # Scripts

    def lifts(self) -> Script[None]:
        """Lift the handset."""
        self._must(lifted=False, to="lift it")
        self.display.cut()
        self.loop.load_with(LIFTED)
        return
        yield

    def hangs_up(self) -> Script[None]:
        """Replace the handset."""
        self._must(lifted=True, to="hang up")
        self.mouth.fall_silent()
        self.loop.load_with(RESTING)
        return
        yield

    def flashes(self, duration_ms: int = 500) -> Script[None]:
        """Press the hook for a moment."""
        self._must(lifted=True, to="flash")
        self.loop.load_with(RESTING)
        yield from pause(duration_ms)
        self.loop.load_with(LIFTED)

    def dials(self, digits: str, pulse: bool = False) -> Script[None]:
        """Dial and return when the last digit has been sent."""
        self._must(lifted=True, to="dial")
        if pulse:
            yield from self._turns_the_dial(digits)
            return
        yield from self._press(digits)

    def _turns_the_dial(self, digits: str) -> Script[None]:
        if not (digits.isascii() and digits.isdigit()):
            raise ValueError(f"a rotary dial has 0-9 only, not {digits!r}")
        for digit in digits:
            yield from pause(WINDING_MS)
            for _ in range(int(digit) or 10):
                self.loop.load_with(RESTING)
                yield from pause(BREAK_MS)
                self.loop.load_with(LIFTED)
                yield from pause(MAKE_MS)

    def says(self, speech: Path, wait: bool = True) -> Script[None]:
        """Speak a recording into the handset."""
        self._must(lifted=True, to="speak")
        yield from self._speak(speech, wait=wait)

    def rings(self, within_s: float = 6.0) -> Script[None]:
        """Wait until the bell rings."""

        def instead() -> str:
            return self.fault(f"ringing within {within_s:g} s", self._bell_history())

        yield from until(lambda: self.is_ringing, within_s, instead)

    def is_quiet(self, for_s: float = 6.5) -> Script[None]:
        """See that the bell doesn't ring for so long."""
        for _ in range(round(for_s * 200)):
            if self.is_ringing:
                raise AssertionError(self.fault(f"no ringing for {for_s:g} s", "it rings"))
            yield

    def shows(self, within_s: float = 6.0) -> Script[Caller]:
        """Return the caller on the display."""

        def instead() -> str:
            seen = "; ".join(self.display.attempts) or "no sound on the on-hook line"
            return self.fault(f"a caller on the display within {within_s:g} s", seen)

        yield from until(lambda: self.display.caller is not None, within_s, instead)
        caller = self.display.caller
        assert caller is not None
        return caller

    def _must(self, *, lifted: bool, to: str) -> None:
        if self.is_lifted != lifted:
            state = "lifted already" if self.is_lifted else "not lifted"
            raise AssertionError(f"{self.name} at {self.clock.now:.3f} s: can't {to}: {state}")

    def _bell_history(self) -> str:
        if not self.bursts:
            return "the bell has never rung"
        last = [f"{a:.2f}-{'' if b is None else f'{b:.2f}'} s" for a, b in self.bursts[-4:]]
        return f"the bell rang {', '.join(last)}"
