# SPDX-License-Identifier: MIT
"""Records the traffic of a simulated board at its own end, and plays a record's host to a board.

    with recording(stage, path): ...                     # every byte, with the board's own tick
    replay = BoardReplay(Stage(seed=7), read_qht(path))  # the same profile, seed and script
    alice.lifts(); ...                                   # whoever acted then must act again
    assert replay.difference is None

Virtual time makes it exact: what a host had said at a tick is said to the board at that tick.
"""

import contextlib
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

from boards_sim.board import Board
from boards_sim.clock import FRAME
from boards_sim.stage import Stage
from drivers.qht import Chunk, Qht, QhtWriter, Way

__all__ = ["BoardReplay", "recording"]


def _tick_of(stage: Stage, board: int) -> Callable[[], int]:
    """Return the board's own sample counter, or the stage's time where that isn't to be seen."""
    firmware = stage.boards[board].firmware
    if isinstance(firmware, Board):
        clock = firmware.clock
        return lambda: clock.tick
    return lambda: stage.clock.frames * FRAME & 0xFFFF_FFFF


@contextlib.contextmanager
def recording(stage: Stage, path: Path, board: int = 0) -> Iterator[None]:
    """Write down all that passes over a board's link; begin before the host comes."""
    simulated = stage.boards[board]
    before = simulated.wire.tap
    with QhtWriter(path, stage.board_address) as writer:
        tick = _tick_of(stage, board)
        simulated.wire.tap = lambda way, data: writer.add(tick(), way, data)
        try:
            yield
        finally:
            simulated.wire.tap = before


class BoardReplay:
    """A host of paper: says what a record's host said, when it said it, and compares."""

    def __init__(self, stage: Stage, record: Qht, board: int = 0) -> None:
        self._stage = stage
        self._number = board
        self._board = stage.boards[board]
        self._chunks = [chunk for chunk in record.chunks if chunk.way is not Way.TO_HOST]
        self._expected = [chunk for chunk in record.chunks if chunk.way is Way.TO_HOST]
        self._at = 0
        self._host: socket.socket | None = None
        self._sent: list[Chunk] = []
        self._tick = _tick_of(stage, board)
        self._board.wire.tap = self._note
        stage.pumps.append(self.pump)
        self.pump()

    def _note(self, way: Way, data: bytes) -> None:
        if way is Way.TO_HOST:
            self._sent.append(Chunk(self._tick(), way, data))

    @property
    def is_over(self) -> bool:
        """Whether the host has nothing more to say."""
        return self._at >= len(self._chunks)

    @property
    def difference(self) -> Chunk | None:
        """The first piece that the board sent otherwise, or at another tick, than in the record."""
        for sent, expected in zip(self._sent, self._expected, strict=False):
            if sent != expected:
                return sent
        return None

    @property
    def compared(self) -> int:
        """How many pieces of the record the board has sent so far."""
        return min(len(self._sent), len(self._expected))

    def pump(self) -> None:
        """Say what is due at the board's tick."""
        while not self.is_over and self._chunks[self._at].tick <= self._tick():
            chunk = self._chunks[self._at]
            self._at += 1
            if chunk.way is Way.OPENED:
                self.close()
                self._host = socket.socket(fileno=self._stage.descriptor(self._number))
                self._host.setblocking(False)
            elif self._host is not None:
                self._say(self._host, chunk)
        if self._host is not None:
            with contextlib.suppress(BlockingIOError, ConnectionError):
                self._host.recv(1 << 20)

    def close(self) -> None:
        """Let go of the link."""
        if self._host is not None:
            self._host.close()
        self._host = None

    def _say(self, host: socket.socket, chunk: Chunk) -> None:
        if chunk.way is Way.CLOSED:
            self.close()
            return
        with contextlib.suppress(ConnectionError):
            host.sendall(chunk.data)
