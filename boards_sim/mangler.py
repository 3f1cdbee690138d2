# SPDX-License-Identifier: MIT
"""One direction of a bad cable: loses, doubles, spoils and exchanges frames.

It knows no frames but their end, the byte 0 (docs/reference/qhi.md), so it works on any link
that moves bytes.  Bytes of a frame that isn't whole yet wait; ``flush`` forgets them.  Where
bytes aren't framed (modems), each piece is taken for a frame.
"""

import random
from collections import Counter
from collections.abc import Iterator

__all__ = ["Mangler"]

LONGEST_WAIT = 65536
"""Bytes without an end of frame that are let through as they are."""


class Mangler:
    """Spoils what passes; shares are 0 to 1 of the frames."""

    def __init__(self, rng: random.Random, *, framed: bool = True) -> None:
        self._random = rng
        self._end = b"\0" if framed else b""
        self.shares: dict[str, float] = {}
        "By verb: drop, duplicate, corrupt, reorder."
        self.counts: Counter[str] = Counter()
        self._partial = b""
        self._held = b""

    @property
    def is_idle(self) -> bool:
        """Whether bytes may pass by it."""
        return not (self.shares or self._partial or self._held)

    def feed(self, data: bytes) -> bytes:
        """Return what arrives of what is sent."""
        if self.is_idle:
            return data
        if not self._end:
            return b"".join(self._pass([data] if data else []))
        *frames, self._partial = (self._partial + data).split(self._end)
        if not self.shares or len(self._partial) > LONGEST_WAIT:
            return self._let_go(frames)
        return b"".join(self._pass(frames))

    def flush(self) -> None:
        """Forget what is on its way: the link is gone."""
        self._partial = self._held = b""

    def _let_go(self, frames: list[bytes]) -> bytes:
        rest, self._partial = self._partial, b""
        held, self._held = self._held, b""
        return b"".join(frame + self._end for frame in frames) + held + rest

    def _pass(self, frames: list[bytes]) -> Iterator[bytes]:
        for frame in frames:
            if not frame:
                yield self._end
                continue
            if self._happens("drop"):
                continue
            whole = (self._spoiled(frame) if self._happens("corrupt") else frame) + self._end
            if not self._held and self._happens("reorder"):
                self._held = whole
                continue
            yield whole
            if self._happens("duplicate"):
                yield whole
            if self._held:
                yield self._held
                self._held = b""

    def _happens(self, verb: str) -> bool:
        share = self.shares.get(verb, 0.0)
        if not share or self._random.random() >= share:
            return False
        self.counts[verb] += 1
        return True

    def _spoiled(self, frame: bytes) -> bytes:
        """Turn one to six bits over; a byte may become 0 and end the frame early."""
        spoiled = bytearray(frame)
        for _ in range(self._random.randint(1, 6)):
            bit = self._random.randrange(len(spoiled) * 8)
            spoiled[bit // 8] ^= 1 << bit % 8
        return bytes(spoiled)
