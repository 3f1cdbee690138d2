# SPDX-License-Identifier: MIT
"""The simulated boards' sense of time: a sample counter, and what keeps it beside a real clock."""

from collections.abc import Callable
from typing import Final

__all__ = ["FRAME", "FRAME_MS", "RATE_HZ", "BoardClock", "Pacer"]

RATE_HZ: Final = 8000
FRAME_MS: Final = 5
FRAME: Final = 40
"""Samples of a frame: one step of everything here."""


class BoardClock:
    """A board's crystal: it counts samples since power was switched on."""

    TRIM_PPM: Final = 0.05
    """A step of its trimmer."""

    def __init__(self) -> None:
        self.samples = 0
        self.trim_ppm = 0.0
        "What the trimmer adds."

    @property
    def ms(self) -> int:
        """Milliseconds since power was switched on."""
        return self.samples * 1000 // RATE_HZ

    @property
    def tick(self) -> int:
        """The counter as QHI carries it: 32 bits."""
        return self.samples & 0xFFFF_FFFF

    def trim(self, ppm: float) -> float:
        """Set the trimmer, as near as its steps allow; return what it is now."""
        self.trim_ppm = round(ppm / self.TRIM_PPM) * self.TRIM_PPM
        return self.trim_ppm

    def advance(self) -> None:
        """Let one frame pass."""
        self.samples += FRAME


class Pacer:
    """Lets steps pass in real time, 200 a second on the average.

    A step that is late is made up for by those after it; what is more than ``FORGIVEN_S`` behind
    (a suspended machine, a debugger) is forgotten, as if the crystal had stood still.
    """

    FORGIVEN_S: Final = 0.25

    def __init__(self, monotonic: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._due = monotonic()

    def wait(self) -> bool:
        """Return when the next step is due; False: it was due already."""
        self._due += FRAME_MS / 1000.0
        now = self._monotonic()
        if now < self._due:
            self._sleep(self._due - now)
            return True
        if now - self._due > self.FORGIVEN_S:
            self._due = now
        return False
