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
        self.missing = 0
        "Whole frames that went in and didn't come out, less those that came out again."
        self._partial = b""
        self._held = b""
        self._held_is_whole = True

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
        self.missing -= bool(held) and self._held_is_whole
        return b"".join(frame + self._end for frame in frames) + held + rest

    def _pass(self, frames: list[bytes]) -> Iterator[bytes]:
        for frame in frames:
            if not frame:
                yield self._end
                continue
            self.missing += 1
            if self._happens("drop"):
                continue
            is_whole = not self._happens("corrupt")
            carried = (frame if is_whole else self._spoiled(frame)) + self._end
            if not self._held and self._happens("reorder"):
                self._held, self._held_is_whole = carried, is_whole
                continue
            for _ in range(1 + self._happens("duplicate")):
                self.missing -= is_whole
                yield carried
            if self._held:
                self.missing -= self._held_is_whole
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
        for bit in self._random.sample(range(len(frame) * 8), self._random.randint(1, 6)):
            spoiled[bit // 8] ^= 1 << bit % 8
        return bytes(spoiled)
