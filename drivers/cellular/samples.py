# SPDX-License-Identifier: MIT
"""The port that a module's samples go through: theirs between calls means nothing."""

from typing import Final

from dsp.engine import Engine
from dsp.tables import LinkFraming, SampleFormat, SerialKind

__all__ = ["SamplePort"]

SAMPLES_S: Final = 2.0
"""In what time the samples of a call must have begun."""


class SamplePort:
    """An open port of samples."""

    def __init__(self, engine: Engine, descriptor: int) -> None:
        """Give the descriptor to the engine.

        Raises:
            EngineError: it can't be; the descriptor is still the caller's.
        """
        self._engine = engine
        self.link = engine.open_link(
            descriptor,
            [],
            sample_format=SampleFormat.S16LE,
            clock=True,
            framing=LinkFraming.SAMPLES,
        )
        self.due: float | None = None
        "When ``are_missing`` is to be asked."
        self._before = 0

    def carry(self, timeslot: int) -> None:
        """Let them go to and from a port of the engine."""
        self._engine.set_link(self.link, [timeslot], sample_format=SampleFormat.S16LE)

    def begin(self, now: float) -> None:
        """From now on they mean something."""
        self._engine.send_frame(self.link, SerialKind.BEGIN, b"")
        self._before = self._engine.link_counters(self.link).pcm_in
        self.due = now + SAMPLES_S

    def rest(self) -> None:
        """Not any more."""
        self._engine.send_frame(self.link, SerialKind.REST, b"")
        self.due = None

    def are_missing(self) -> bool:
        """Tell whether none has come since the beginning."""
        self.due = None
        return self._engine.link_counters(self.link).pcm_in == self._before

    def close(self) -> None:
        """Give the port back."""
        self._engine.close_link(self.link)
