# SPDX-License-Identifier: MIT
"""Books of a modem's link, whose samples have no numbers: pieces of 5 ms of each stream.

A piece that the modem has sent has come, or the engine has counted a tick without one; a second
copy makes up for one that is lost.  A piece that the engine has sent was taken, or the fault
script has dropped it.  A spoiled piece is one that came; as it may hold a byte more or less behind
its shields, one piece a stream is forgiven on the way to the modem.  Those before the first of a
stream that came and after the last belong to a stream that began or ended.
"""

from collections import Counter
from typing import Final

from boards_sim.stage import SimulatedBoard
from boards_sim.voice_modem import VoiceModem
from drivers.base import Board
from drivers.qht import Way
from dsp.engine import Engine
from dsp.tables import LinkCounters
from tests.ledger import KEPT, Flow, Point, link_of

__all__ = ["ModemLedger"]

LEAST_BYTES: Final = 40
"""What is shorter is no piece of samples."""


class ModemLedger:
    """The books of one modem's link, through all its streams."""

    def __init__(self, engine: Engine, board: Board, simulated: SimulatedBoard) -> None:
        assert isinstance(simulated.firmware, VoiceModem)
        self.counted: Counter[str] = Counter()
        "The engine's counters, of all links so far."
        self.flows = {"pcm_to_host": Flow(), "pcm_to_board": Flow(grain=1)}
        self.offered = 0
        "Pieces that the modem has sent, whether there was a way or not."
        self._engine = engine
        self._board = board
        self._modem = simulated.firmware
        self._wire = simulated.wire
        self._link: int | None = None
        self._seen: LinkCounters | None = None
        self._sent: LinkCounters | None = None
        "The engine's counters when all was sent that the modem can read now."
        self._then: LinkCounters | None = None
        "The engine's counters when the modem last read."
        self._streams = False
        simulated.wire.tap = self._note

    @property
    def unaccounted(self) -> int:
        """Pieces of either way of which nobody tells."""
        return sum(flow.unaccounted for flow in self.flows.values())

    def look(self) -> None:
        """Read the counters, before what was read can end the link."""
        if self._link is None or not self._board.owns_link(self._link):
            self.close()
            self._link = link_of(self._engine, self._board)
        if self._link is None:
            return
        self._seen = self._engine.link_counters(self._link)
        streams = self._modem.stream is not None
        if streams and not self._streams:
            self._then = self._seen
            for name, at in self._points(self._seen).items():
                self.flows[name].begin(at)
        elif streams:
            for name, at in self._points(self._seen).items():
                self.flows[name].look(at)
        elif self._streams:
            self._end_stream()
        self._streams = streams

    def note_sent(self) -> None:
        """Let the engine send what was ordered, and read its counters before the modem reads."""
        self._sent = None
        if self._link is not None and self._board.owns_link(self._link):
            self._sent = self._engine.link_counters(self._link)

    def close(self) -> None:
        """Add up the link that has gone."""
        if self._streams:
            self._end_stream()
        if self._seen is not None:
            for name in KEPT:
                self.counted[name] += getattr(self._seen, name)
        self._link, self._seen, self._then, self._streams = None, None, None, False

    def _end_stream(self) -> None:
        assert self._seen
        self.flows["pcm_to_host"].end(self.offered)
        self.flows["pcm_to_board"].end(self._seen.frames_out)

    def _points(self, seen: LinkCounters) -> dict[str, Point]:
        then = self._then or seen
        script = self._wire.to_board.counts
        taken = self._modem.frames_taken
        came = seen.pcm_in - seen.slips_in + seen.underruns_in
        return {
            "pcm_to_host": Point(self.offered, seen.pcm_in, came),
            "pcm_to_board": Point(
                then.frames_out, taken, taken + script["drop"] - script["duplicate"]
            ),
        }

    def _note(self, way: Way, data: bytes) -> None:
        if way is Way.TO_HOST and self._modem.stream is not None and len(data) >= LEAST_BYTES:
            self.offered += 1
        elif way is Way.TO_BOARD:
            self._then = self._sent
