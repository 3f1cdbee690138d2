# SPDX-License-Identifier: MIT
"""The board's end of a link: a descriptor that never blocks, and what can befall a cable.

It moves bytes and knows nothing of frames.  When the host doesn't read, what a real board's
small buffer couldn't hold is dropped.
"""

import os
from typing import Final

__all__ = ["Wire"]

MOST_PENDING: Final = 65536
READ_BYTES: Final = 65536


class Wire:
    """One end of a stream of bytes, open or closed."""

    def __init__(self) -> None:
        self._descriptor = -1
        self._pending = bytearray()
        self.muted = False
        "A stall: nothing goes out, nothing is read."
        self.dropped = 0
        "Bytes that the host was too slow for."

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
        os.set_blocking(descriptor, False)
        self._descriptor = descriptor

    def close(self) -> None:
        """Unplug; once more does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor = -1
        self._pending.clear()

    def write(self, data: bytes) -> None:
        """Send, or keep what the link can't take yet."""
        if not self.is_open or self.muted:
            return
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
        del self._pending[:sent]

    def read(self) -> bytes:
        """Return what has come; notices when the other end is gone (``is_open`` is False then)."""
        if not self.is_open or self.muted:
            return b""
        try:
            data = os.read(self._descriptor, READ_BYTES)
        except BlockingIOError:
            return b""
        except OSError:
            data = b""
        if not data:
            self.close()
        return data
