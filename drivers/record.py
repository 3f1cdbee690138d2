# SPDX-License-Identifier: MIT
"""Records the traffic of any link from the host's side, and plays such a record to a driver.

    link = RecordingLink(TcpLink("host", 5400), Path("board.qht"))      # then as any other link
    link = ReplayLink(read_qht(path))                                   # a board of paper

A recorded link costs a thread and one more pair of sockets between engine and board; a link that
isn't recorded costs nothing, for then this isn't there.
"""

import contextlib
import os
import select
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from drivers.errors import NotAvailableError
from drivers.links.link import Link
from drivers.qhi.frame import Deframer, FrameKind
from drivers.qhi.messages import Hello
from drivers.qht import Chunk, Qht, QhtWriter, Way

__all__ = ["RecordingLink", "ReplayLink", "session_of"]

READ_BYTES: Final = 65536
MOST_WAITING: Final = 1 << 20
"""Bytes that one side hasn't taken yet; more, and the other isn't read."""
TICKS_PER_NS: Final = 8e-6
WRAP: Final = 0xFFFF_FFFF
"""The tick goes round after six days."""


class RecordingLink:
    """Any link, with all that passes written down."""

    def __init__(
        self, link: Link, path: Path, clock_ns: Callable[[], int] = time.monotonic_ns
    ) -> None:
        """Begin the record.

        Raises:
            OSError: the file can't be made.
        """
        self._link = link
        self._clock_ns = clock_ns
        self._began_ns = clock_ns()
        self._writer = QhtWriter(path)
        self._writing = threading.Lock()
        self._threads: list[threading.Thread] = []

    def open(self) -> int:
        """Open the link itself, and return an end that passes through the record.

        Raises:
            NotAvailableError: the link can't be opened.
        """
        board = self._link.open()
        host, ours = socket.socketpair()
        self._write(Way.OPENED)
        pump = threading.Thread(
            target=self._pump, args=(board, ours.detach()), name="record", daemon=True
        )
        self._threads.append(pump)
        pump.start()
        return host.detach()

    def close(self) -> None:
        """End the record once both ends of every link are closed (waits a second for that)."""
        for thread in self._threads:
            thread.join(1.0)
        with self._writing:
            self._writer.close()

    def _write(self, way: Way, data: bytes = b"") -> None:
        tick = int((self._clock_ns() - self._began_ns) * TICKS_PER_NS)
        with self._writing:
            self._writer.add(tick, way, data)

    def _pump(self, board: int, host: int) -> None:
        """Pass bytes both ways until either end is gone."""
        for end in (board, host):
            os.set_blocking(end, False)
        waiting = {board: bytearray(), host: bytearray()}
        ways = {board: (host, Way.TO_HOST), host: (board, Way.TO_BOARD)}
        with contextlib.suppress(OSError):
            while self._pass_on(waiting, ways):
                pass
        self._write(Way.CLOSED)
        os.close(board)
        os.close(host)

    def _pass_on(self, waiting: dict[int, bytearray], ways: dict[int, tuple[int, Way]]) -> bool:
        """Wait for something and pass it on; False: an end is gone."""
        readable = [end for end, (to, _) in ways.items() if len(waiting[to]) < MOST_WAITING]
        writable = [end for end, data in waiting.items() if data]
        ready, free, _ = select.select(readable, writable, [])
        for end in ready:
            data = os.read(end, READ_BYTES)
            if not data:
                return False
            to, way = ways[end]
            self._write(way, data)
            waiting[to] += data
            if to not in free:
                free.append(to)
        for end in free:
            with contextlib.suppress(BlockingIOError):
                del waiting[end][: os.write(end, waiting[end])]
        return True


def session_of(record: Qht) -> int:
    """Return the first session number that the host offered in a record; 0: none.

    A driver that is to say the same again must be given it (drivers.quantum.QuantumBoard).
    """
    for frame in Deframer().feed(record.bytes_of(Way.TO_BOARD)):
        if frame.kind == FrameKind.HELLO:
            return Hello.decode(frame.payload).session
    return 0


class ReplayLink:
    """Plays a record's board to a driver: each piece once the host has said what came before.

    ``pump`` does a moment's work; ``difference`` tells where the driver said something else.
    """

    def __init__(self, record: Qht) -> None:
        self._chunks: list[Chunk] = list(record.chunks)
        self._expected = record.bytes_of(Way.TO_BOARD)
        self._at = 0
        self._needed = 0
        self._tick = 0
        self._end: socket.socket | None = None
        self.said = b""
        "By the driver, so far."

    def open(self) -> int:
        """Return a fresh end, as the record's host had one.

        Raises:
            NotAvailableError: the record has no more.
        """
        while self._at < len(self._chunks):
            chunk = self._chunks[self._at]
            self._at += 1
            if chunk.way is Way.OPENED:
                self.close()
                self._tick = chunk.tick
                host, self._end = socket.socketpair()
                self._end.setblocking(False)
                return host.detach()
        raise NotAvailableError("the record is at its end")

    @property
    def is_over(self) -> bool:
        """Whether everything has been played."""
        return self._at >= len(self._chunks)

    @property
    def difference(self) -> int | None:
        """At which of its bytes the driver said something else than in the record."""
        if self._expected.startswith(self.said) or self.said.startswith(self._expected):
            return None
        pairs = zip(self.said, self._expected, strict=False)
        return next(at for at, (said, expected) in enumerate(pairs) if said != expected)

    @property
    def is_said(self) -> bool:
        """Whether the driver has said all that is in the record, and nothing else."""
        return self.said == self._expected

    def pump(self, ticks: int = 40) -> None:
        """Let so much of the record's time pass, and play what belongs to it."""
        if self._end is None:
            return
        self._tick += ticks
        self._listen(self._end)
        while not self.is_over and self._end is not None:
            chunk = self._chunks[self._at]
            early = 0 < (chunk.tick - self._tick) & WRAP < WRAP // 2
            if early or not self._play(chunk, self._end):
                return
            self._at += 1

    def close(self) -> None:
        """Let go of the link."""
        if self._end is not None:
            self._end.close()
        self._end = None

    def _listen(self, end: socket.socket) -> None:
        with contextlib.suppress(BlockingIOError, ConnectionError):
            self.said += end.recv(1 << 20)

    def _play(self, chunk: Chunk, end: socket.socket) -> bool:
        """Let a chunk happen; False: the host hasn't said yet what came before it."""
        if chunk.way is Way.TO_BOARD:
            self._needed += len(chunk.data)
            return True
        if len(self.said) < self._needed or chunk.way is Way.OPENED:
            return False
        if chunk.way is Way.TO_HOST:
            end.sendall(chunk.data)
            return True
        self.close()
        return True
