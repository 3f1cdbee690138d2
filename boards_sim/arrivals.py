# SPDX-License-Identifier: MIT
"""Counts by their numbers which of the host's PCM frames are missing, and which came late or twice.

    arrivals = Arrivals()
    arrivals.begin(clock.tick)              # with each START
    missing = arrivals.take(frame.seq, frame.tick)

Nothing is dropped or made up here: what has come is played as it comes (docs/reference/qhi.md, 5).
"""

from typing import Final

__all__ = ["Arrivals"]

LATE: Final = 16
"""A frame so far behind has come twice, or was overtaken by the next."""
_SEQUENCE: Final = 1 << 16
_TICKS: Final = 1 << 32


class Arrivals:
    """The numbers of one stream's answers, which begin at 0."""

    def __init__(self) -> None:
        self._expected = 0
        self._began = 0

    def begin(self, tick: int) -> None:
        """Begin a stream; ``tick`` is that of its first frame to the host."""
        self._expected = 0
        self._began = tick

    def take(self, seq: int, tick: int) -> int | None:
        """Return how many are missing before this frame; None: it came late or twice.

        What answers a tick before the stream began is late, too: it belongs to the one before.
        """
        if (tick - self._began) % _TICKS >= _TICKS // 2:
            return None
        missing = (seq - self._expected) % _SEQUENCE
        if missing >= _SEQUENCE - LATE:
            return None
        self._expected = (seq + 1) % _SEQUENCE
        return missing if missing < _SEQUENCE // 2 else 0
