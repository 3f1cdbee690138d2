# SPDX-License-Identifier: MIT
"""Fetching one object of a board, piece by piece, over BULK frames."""

import zlib
from collections.abc import Callable
from typing import Final

from drivers.qhi.frame import Frame, FrameKind
from drivers.qhi.layout import MessageError
from drivers.qhi.messages import Bulk, Hello
from drivers.qhi.numbers import BulkObject, BulkOp

__all__ = ["MAX_BYTES", "PIECE", "Fetch"]

PIECE: Final = 1024
MAX_BYTES: Final = 1 << 18
"""A dictionary that claims to be longer than this is refused."""
TRY_S: Final = 0.25
TRIES: Final = 3
_PART_OVERHEAD: Final = 28
"""Header, CRC and BULK's own fields."""


class Fetch:
    """One dictionary on its way."""

    def __init__(self, send: Callable[[Frame], None], hello: Hello, now: float) -> None:
        """Ask for the dictionary that a HELLO announces.

        Raises:
            MessageError: there is none, or it is too long.
        """
        if not 0 < hello.dictionary_length <= MAX_BYTES:
            raise MessageError(f"dictionary of {hello.dictionary_length} bytes")
        self.due = now
        self._send = send
        self._hello = hello
        self._piece = max(1, min(PIECE, hello.max_frame - _PART_OVERHEAD))
        self._got = bytearray()
        self._tries = 0
        self._ask(now)

    def expire(self, now: float) -> bool:
        """Ask again; return False when that was often enough."""
        if self._tries == TRIES:
            return False
        self._ask(now)
        return True

    def receive(self, bulk: Bulk, now: float) -> bytes | None:
        """Take a BULK frame; return the whole when it is whole.

        Raises:
            MessageError: the board refuses, or the whole isn't what HELLO said.
        """
        if bulk.object != BulkObject.DICTIONARY or bulk.op is BulkOp.READ:
            return None
        if bulk.op is BulkOp.REFUSED:
            raise MessageError(f"dictionary refused with status {bulk.status}")
        if bulk.offset != len(self._got):
            return None
        self._got += bulk.part
        missing = self._hello.dictionary_length - len(self._got)
        if missing > 0:
            if bulk.part:
                self._tries = 0
                self._ask(now)
            return None
        whole = bytes(self._got)
        if missing < 0 or zlib.crc32(whole) != self._hello.dictionary_crc:
            raise MessageError("dictionary is not the one of HELLO")
        return whole

    def _ask(self, now: float) -> None:
        self._tries += 1
        self.due = now + TRY_S
        length = min(self._piece, self._hello.dictionary_length - len(self._got))
        read = Bulk(BulkObject.DICTIONARY, BulkOp.READ, len(self._got), length)
        self._send(Frame(FrameKind.BULK, payload=read.encode()))
