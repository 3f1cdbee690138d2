# SPDX-License-Identifier: MIT
"""The board's end of a link: a descriptor that never blocks, and what can befall a cable.

It moves bytes and knows nothing of frames.  When the host doesn't read, what a real board's
small buffer couldn't hold is dropped.
"""

import contextlib
import os
import random
import socket
from collections.abc import Callable
from typing import Final

from boards_sim.mangler import Mangler
from drivers.qht import Way

__all__ = ["Wire"]

MOST_PENDING: Final = 65536
READ_BYTES: Final = 65536


def _nobody(way: Way, data: bytes) -> None:
    """Tell nobody."""


class Wire:
    """One end of a stream of bytes, open or closed."""

    def __init__(self, seed: int = 0, *, framed: bool = True) -> None:
        self._descriptor = -1
        self._pending = bytearray()
        self.muted = False
        "A stall: nothing goes out, nothing is read."
        self.half_closed = False
        "Nothing goes out any more, and the host has been told so where its link can tell."
        self.refuses = False
        "Unplugged: whoever comes is sent away."
        rng = random.Random(seed)  # noqa: S311 - reproducible, not secret
        self.to_host = Mangler(random.Random(rng.random()), framed=framed)  # noqa: S311
        self.to_board = Mangler(random.Random(rng.random()), framed=framed)  # noqa: S311
        self.tap: Callable[[Way, bytes], None] = _nobody
        "Called with what the board sends and gets, before and after what the cable does to it."
        self.dropped = 0
        "Bytes that the host was too slow for."
        self.sent = self.taken = 0
        "Bytes written to the link that is open, and read from it."

    @property
    def is_open(self) -> bool:
        """Whether there is a link."""
        return self._descriptor >= 0

    @property
    def descriptor(self) -> int:
        """What becomes readable when the host has sent something; -1: there is no link."""
        return self._descriptor

    def open(self, descriptor: int) -> None:
        """Take over a connected descriptor; the one before is closed."""
        self.close()
        if self.refuses:
            os.close(descriptor)
            return
        os.set_blocking(descriptor, False)
        self._descriptor = descriptor
        self.sent = self.taken = 0
        self.half_closed = False
        self.tap(Way.OPENED, b"")

    def close(self) -> None:
        """Unplug; once more does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self.tap(Way.CLOSED, b"")
        self._descriptor = -1
        self._pending.clear()
        self.to_host.flush()
        self.to_board.flush()

    def half_close(self) -> None:
        """End the way to the host; what it sends still comes."""
        self.half_closed = True
        self._pending.clear()
        if not self.is_open:
            return
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(self._descriptor)) as twin:
            twin.shutdown(socket.SHUT_WR)

    def write(self, data: bytes) -> None:
        """Send, or keep what the link can't take yet."""
        if data and self.is_open:
            self.tap(Way.TO_HOST, data)
        if not self.is_open or self.muted or self.half_closed:
            return
        data = self.to_host.feed(data)
        if len(self._pending) + len(data) > MOST_PENDING:
            self.dropped += len(data)
            data = b""
        self._pending += data
        if not self._pending:
            return
        try:
            sent = os.write(self._descriptor, self._pending)
        except BlockingIOError:
            return
        except OSError:
            self.close()
            return
        self.sent += sent
        del self._pending[:sent]

    def read(self) -> bytes:
        """Return what has come; notices when the other end is gone (``is_open`` is False then)."""
        if not self.is_open or self.muted:
            return b""
        data = b""
        while len(data) < READ_BYTES and (some := self._read_some()) is not None:
            if not some:
                if not data:
                    self.close()
                break
            self.taken += len(some)
            data += self.to_board.feed(some)
        if data:
            self.tap(Way.TO_BOARD, data)
        return data

    def _read_some(self) -> bytes | None:
        """Return what one read brings (of a bus, one transfer); b"": the end, None: nothing yet."""
        try:
            return os.read(self._descriptor, READ_BYTES)
        except BlockingIOError:
            return None
        except OSError:
            return b""
