# SPDX-License-Identifier: MIT
"""Books of a link: what each end has sent, and what became of it by what the other end says.

PCM frames have numbers: each has come, or its receiver (the engine; the board, by its counters)
has counted it as missing.  All frames together have come, or the fault script has swallowed or
spoiled them, and knows.  Those before the first that came and after the last belong to a link or
stream that was begun or lost, of which the driver tells.  Whatever else is ``unaccounted``.  Links
without numbered frames have books of another kind (tests/ledger_modem.py).
"""

import struct
from collections import Counter
from typing import Final, NamedTuple, Protocol

from boards_sim.firmware.interface import Firmware
from boards_sim.stage import SimulatedBoard
from drivers.base import Board
from drivers.qhi.frame import Deframer, FrameKind
from drivers.qhi.messages import Response
from drivers.qhi.numbers import Counter as BoardCounter
from drivers.qhi.numbers import MessageClass, SysVerb
from drivers.qht import Way
from dsp.engine import Engine
from dsp.tables import LinkCounters

__all__ = ["FLOWS", "KEPT", "Flow", "Ledger", "Point", "link_of"]

KEPT: Final = (
    "pcm_in",
    "pcm_out",
    "gaps",
    "slips_in",
    "late_in",
    "bad_frames",
    "underruns_in",
    "concealed",
    "dropped_out",
)
FLOWS: Final = ("pcm_to_host", "pcm_to_board", "frames_to_host", "frames_to_board")


class Point(NamedTuple):
    """Totals of one way at one moment, in frames."""

    sent: int = 0
    taken: int = 0
    known: int = 0
    "Came once, or are known to be missing."


class Flow:
    """The frames of one way, through all lives of the link."""

    def __init__(self, grain: int = 0) -> None:
        """Open it; ``grain``: so many frames more or less in a life say nothing."""
        self._grain = grain
        self.with_links = 0
        "Sent before the first that came or after the last, while a link began or ended."
        self.unaccounted = 0
        self.twice = 0
        "Counted as missing and as come."
        self.begin(Point())

    def begin(self, at: Point) -> None:
        """Begin a link's life."""
        self._begun = self._last = at
        self._before = 0

    def look(self, at: Point) -> None:
        """Note how it stands, if another frame has come."""
        if at.taken == self._last.taken:
            return
        if self._last.taken == self._begun.taken:
            self._before = at.sent - self._begun.sent - (at.known - self._begun.known)
        self._last = at

    def end(self, sent: int) -> None:
        """Add up the life that has gone; ``sent`` until its end."""
        last, begun = self._last, self._begun
        self.with_links += self._before + sent - last.sent
        open_frames = last.sent - begun.sent - self._before - (last.known - begun.known)
        self.unaccounted += max(0, open_frames - self._grain)
        self.twice += max(0, -open_frames - self._grain)


def link_of(engine: Engine, board: Board) -> int | None:
    """Return the engine's handle of a board's link, if there is one."""
    return next((each.link for each in engine.links() if board.owns_link(each.link)), None)


class CountingFirmware(Firmware, Protocol):
    """Firmware that speaks QHI."""

    def counters(self) -> list[int]:
        """Return what SYS.COUNTERS would."""


class Ledger:
    """The books of one board's link, through all its lives."""

    def __init__(
        self, engine: Engine, board: Board, simulated: SimulatedBoard, *, copies: bool = False
    ) -> None:
        """Open the books; ``copies``: events travel twice, so only PCM to the host is booked."""
        self.counted: Counter[str] = Counter()
        "The engine's counters, of all links so far."
        self.flows = {name: Flow() for name in FLOWS if not copies or name != "frames_to_host"}
        self._engine = engine
        self._board = board
        self._simulated = simulated
        self._copies = copies
        self._link: int | None = None
        self._seen: LinkCounters | None = None
        self._frames = self._pcm = self._stalled = 0
        "Offered by the board, in all; and frames among them that a stall has swallowed."
        self._sent: LinkCounters | None = None
        "The engine's counters when all was sent that the board can read now."
        self._has_read: LinkCounters | None = None
        "The engine's counters when the board last read, which hasn't been looked at yet."
        self._told = b""
        "The last answers that the board has sent."
        simulated.wire.tap = self._note

    @property
    def unaccounted(self) -> int:
        """Frames of either way of which nobody tells."""
        return sum(flow.unaccounted for flow in self.flows.values())

    @property
    def offered(self) -> int:
        """PCM frames that the board has sent, whether there was a way or not."""
        return self._pcm

    # Looking

    def look(self) -> None:
        """Read the counters, before what was read can end the link."""
        if self._link is None or not self._board.owns_link(self._link):
            self.close()
            self._open()
        if self._link is None:
            return
        seen = self._seen = self._engine.link_counters(self._link)
        self.flows["pcm_to_host"].look(self._pcm_to_host(seen))
        if not self._copies:
            self.flows["frames_to_host"].look(self._frames_to_host(seen))
        if self._has_read is not None:
            self._look_at_board(self._has_read)
        self._has_read = None

    def note_sent(self) -> None:
        """Let the engine send what was ordered, and read its counters before the board reads."""
        self._sent = None
        if self._link is not None and self._board.owns_link(self._link):
            self._sent = self._engine.link_counters(self._link)

    def _open(self) -> None:
        self._link = link_of(self._engine, self._board)
        self._has_read = None
        if self._link is not None:
            counts = self.board_counts()
            self.flows["pcm_to_board"].begin(self._pcm_to_board(0, counts))
            self.flows["frames_to_board"].begin(self._frames_to_board(0, counts))

    def _look_at_board(self, then: LinkCounters) -> None:
        counts = self.board_counts()
        self.flows["pcm_to_board"].look(self._pcm_to_board(then.pcm_out, counts))
        self.flows["frames_to_board"].look(self._frames_to_board(then.frames_out, counts))

    def close(self) -> None:
        """Add up the link that has gone."""
        seen = self._seen
        if seen is not None:
            for name in KEPT:
                self.counted[name] += getattr(seen, name)
            sent = (self._pcm, seen.pcm_out, self._frames, seen.frames_out)
            for name, until in zip(FLOWS, sent, strict=True):
                if name in self.flows:
                    self.flows[name].end(until)
        self._link, self._seen = None, None
        self.flows["pcm_to_host"].begin(Point(self._pcm))
        if not self._copies:
            swallowed = self._swallowed_to_host
            self.flows["frames_to_host"].begin(Point(self._frames, known=swallowed))

    def _begin_stream(self) -> None:
        """Begin the books of samples anew: the numbers of both ways do, too."""
        link = self._link
        if link is None or not self._board.owns_link(link) or self._seen is None:
            return
        if self._has_read is not None:
            self._look_at_board(self._has_read)
        seen, counts = self._seen, self.board_counts()
        sent = self._engine.link_counters(link).pcm_out
        self.flows["pcm_to_host"].end(self._pcm)
        self.flows["pcm_to_host"].begin(self._pcm_to_host(seen))
        self.flows["pcm_to_board"].end(sent)
        self.flows["pcm_to_board"].begin(self._pcm_to_board(sent, counts))

    # What is known of each way

    def _pcm_to_host(self, seen: LinkCounters) -> Point:
        return Point(self._pcm, seen.pcm_in, seen.pcm_in - seen.late_in + seen.gaps)

    def _frames_to_host(self, seen: LinkCounters) -> Point:
        return Point(self._frames, seen.frames_in, seen.frames_in + self._swallowed_to_host)

    def _pcm_to_board(self, sent: int, counts: list[int]) -> Point:
        late = counts[BoardCounter.PCM_LATE]
        known = counts[BoardCounter.PCM_IN] - late + counts[BoardCounter.PCM_MISSING]
        return Point(sent, counts[BoardCounter.PCM_IN], known)

    def _frames_to_board(self, sent: int, counts: list[int]) -> Point:
        taken = counts[BoardCounter.FRAMES_IN]
        return Point(sent, taken, taken + self._simulated.wire.to_board.missing)

    @property
    def _swallowed_to_host(self) -> int:
        return self._simulated.wire.to_host.missing + self._stalled

    def board_counts(self) -> list[int]:
        """Return the board's own counters, as it would tell them."""
        firmware: CountingFirmware = self._simulated.firmware  # type: ignore[assignment]
        return firmware.counters()

    def told(self) -> dict[str, int]:
        """Return the counters by name from the answer that the board has sent last over the link.

        Raises:
            AssertionError: there is none in it.
        """
        for frame in Deframer().feed(self._told):
            if frame.kind == FrameKind.RSP:
                answer = Response.decode(frame.payload)
                if (answer.class_, answer.verb) == (MessageClass.SYS, SysVerb.COUNTERS):
                    values = struct.unpack_from(f"<{len(BoardCounter)}I", answer.results, 2)
                    names = (counter.name.lower() for counter in BoardCounter)
                    return dict(zip(names, values, strict=True))
        raise AssertionError("the board has told no counters")

    # The wire

    def _note(self, way: Way, data: bytes) -> None:
        if way is Way.TO_HOST:
            self._note_offered(data)
        elif way is Way.TO_BOARD:
            self._has_read = self._sent

    def _note_offered(self, data: bytes) -> None:
        pieces = [piece for piece in data.split(b"\0") if piece]
        if any(piece[:4] == _FIRST_PCM for piece in pieces):
            self._begin_stream()
        if any(piece[1:2] == _RSP for piece in pieces):
            self._told = data
        self._frames += len(pieces)
        self._pcm += sum(piece[1:2] == _PCM for piece in pieces)
        wire = self._simulated.wire
        if wire.muted or wire.half_closed:
            self._stalled += len(pieces)


_PCM: Final = bytes((0x10 | FrameKind.PCM,))
_FIRST_PCM: Final = b"\x02" + _PCM + b"\x01\x01"
"""Its flags and both bytes of its number are 0, in COBS."""
_RSP: Final = bytes((0x10 | FrameKind.RSP,))
"""The second byte of a frame on the wire, with the version; the first is COBS's."""
