# SPDX-License-Identifier: MIT
"""Books of a link: what a simulated board has sent, and what the engine says became of it.

Every PCM frame that the board offers its link has come, or has been counted as missing; those
before the first that came and after the last belong to a link that was begun or lost, of which
the driver tells.  Whatever else is ``unaccounted``.  Links without numbered frames (modems)
have no such books, only the counters.
"""

from collections import Counter
from typing import Final

from boards_sim.stage import SimulatedBoard
from drivers.base import Board
from drivers.qhi.frame import FrameKind
from drivers.qht import Way
from dsp.engine import Engine
from dsp.tables import LinkCounters

__all__ = ["Ledger"]

KEPT: Final = ("pcm_in", "gaps", "slips_in", "bad_frames", "underruns_in", "concealed")


class Ledger:
    """The books of one board's link, through all its lives."""

    def __init__(self, engine: Engine, board: Board, simulated: SimulatedBoard) -> None:
        self.counted: Counter[str] = Counter()
        "The engine's counters, of all links so far."
        self.offered = 0
        "PCM frames that the board has sent, whether there was a way or not."
        self.with_links = 0
        "Of those, how many were lost with a link that began or ended."
        self.unaccounted = 0
        self.twice = 0
        "Counted as missing and as come: the first of a stream, where the second overtook it."
        self._engine = engine
        self._board = board
        self._link: int | None = None
        self._seen: LinkCounters | None = None
        self._begin()
        simulated.wire.tap = self._note

    def _begin(self) -> None:
        self._here = self._before = self._at_last = 0

    def look(self) -> None:
        """Read the counters, before what was read can end the link."""
        if self._link is None or not self._board.owns_link(self._link):
            self.close()
            handles = [each.link for each in self._engine.links()]
            self._link = next((each for each in handles if self._board.owns_link(each)), None)
        link = self._link
        if link is None:
            return
        seen, self._seen = self._seen, self._engine.link_counters(link)
        had = seen.pcm_in if seen else 0
        if self._seen.pcm_in == had:
            return
        if had == 0:
            self._before = self._here - _known(self._seen)
        self._at_last = self._here

    def close(self) -> None:
        """Add up the link that has gone."""
        if self._seen is not None:
            for name in KEPT:
                self.counted[name] += getattr(self._seen, name)
            lost = self._before + self._here - self._at_last
            self.with_links += lost
            open_frames = self._here - lost - _known(self._seen)
            self.unaccounted += max(0, open_frames)
            self.twice += max(0, -open_frames)
        self._link, self._seen = None, None
        self._begin()

    def _note(self, way: Way, data: bytes) -> None:
        if way is not Way.TO_HOST:
            return
        frames = sum(piece[1:2] == _PCM for piece in data.split(b"\0"))
        self.offered += frames
        self._here += frames


_PCM: Final = bytes((0x10 | FrameKind.PCM,))
"""The second byte of a frame on the wire, with the version; the first is COBS's."""


def _known(counters: LinkCounters) -> int:
    """Return how many frames of the board have come once, or are known to be missing."""
    return counters.pcm_in - counters.slips_in + counters.gaps
