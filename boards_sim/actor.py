# SPDX-License-Identifier: MIT
"""What every actor at the far end of a simulated line has: an ear, a mouth, scripts.

A *script* is a generator that yields once per frame (5 ms) until the thing is done; it raises
``AssertionError`` with what was seen instead when it doesn't come about, and ``ValueError`` for
a wrong wish.  Whoever owns the time runs it: ``Stage`` at once, the control socket beside others.
"""

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from boards_sim.clock import FRAME_MS
from boards_sim.ear import Ear
from boards_sim.loop import Loop
from boards_sim.mouth import Mouth, dtmf, speech
from boards_sim.tones import patterns
from dsp.tones import Country

__all__ = ["Actor", "Script", "StageClock", "pause", "until"]

Samples = npt.NDArray[np.int16]
T = TypeVar("T")
Script = Generator[None, None, T]

LOOK_EVERY: Final = 4
"""Frames between two looks at what an ear has heard."""


class StageClock:
    """The stage's own time, in frames since it was built."""

    def __init__(self) -> None:
        self.frames = 0

    @property
    def now(self) -> float:
        """Seconds."""
        return self.frames * FRAME_MS / 1000.0


def pause(ms: float) -> Script[None]:
    """Let so much time pass."""
    for _ in range(round(ms / FRAME_MS)):
        yield


def until(
    happened: Callable[[], bool],
    within_s: float,
    instead: Callable[[], str],
    every: int = 1,
) -> Script[None]:
    """Wait for something; raise what was there instead when it hasn't come in time."""
    frames = max(0, round(within_s * 1000 / FRAME_MS))
    for frame in range(frames + 1):
        if (frame % every == 0 or frame == frames) and happened():
            return
        if frame < frames:
            yield
    raise AssertionError(instead())


class Actor:
    """Somebody at the far end of a line."""

    def __init__(self, name: str, loop: Loop, clock: StageClock, country: Country) -> None:
        self.name = name
        self.loop = loop
        self.clock = clock
        self.country = country
        self.mouth = Mouth()
        self.ear = Ear(patterns(country))
        self._was_silent = True

    def give(self, said: Samples) -> None:
        """Fill the frame that goes into the line."""
        if not self.mouth.is_silent:
            self.mouth.take(said)
            self._was_silent = False
        elif not self._was_silent:
            said[:] = 0
            self._was_silent = True

    def get(self, heard: Samples, loud: bool) -> None:
        """Take the frame that came out of the line, and do what is due."""
        raise NotImplementedError

    def hears(self, tone: str, within_s: float = 3.0) -> Script[None]:
        """Wait for a tone, "speech" or "silence"."""
        self.ear.hears(tone)

        def instead() -> str:
            return self.fault(f"{tone} within {within_s:g} s", f"heard {self.ear.describe()}")

        yield from until(lambda: self.ear.hears(tone), within_s, instead, LOOK_EVERY)

    def save_ear(self, path: Path) -> Script[None]:
        """Write all that was heard."""
        self.ear.recording.save(path)
        return
        yield

    def fault(self, expected: str, seen: str) -> str:
        """Return the sentence that says what was seen instead."""
        return f"{self.name} at {self.clock.now:.3f} s: expected {expected}; {seen}"

    def _press(self, keys: str) -> Script[None]:
        self.mouth.say(dtmf(keys))
        while self.mouth.speaks:
            yield

    def _speak(self, recording: Path, *, wait: bool) -> Script[None]:
        self.mouth.say(speech(recording))
        while wait and self.mouth.speaks:
            yield
