# SPDX-License-Identifier: MIT
"""The board's ring of events: each is sent again until the host has acknowledged it."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from drivers.qhi.frame import Frame, FrameFlag, FrameKind
from drivers.qhi.messages import EventMessage

__all__ = ["EventRing"]

CAPACITY: Final = 64
RESEND_MS: Final = 200


@dataclass(slots=True)
class _Waiting:
    frame: Frame
    sent_ms: int


class EventRing:
    """Events that wait for their acknowledgement."""

    CAPACITY: Final = CAPACITY

    def __init__(self) -> None:
        self._waiting: deque[_Waiting] = deque()
        self._seq = 0
        self.lost = 0
        "Events that found the ring full, not yet reported."
        self.resent = 0

    def begin(self) -> None:
        """Forget everything; the next event is number 1."""
        self._waiting.clear()
        self._seq = 0
        self.lost = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, event: EventMessage, now_ms: int) -> Frame | None:
        """Keep an event and return its frame, to be sent now; None: the ring is full."""
        if len(self._waiting) >= CAPACITY:
            self.lost += 1
            return None
        self._seq = (self._seq + 1) % 65536
        frame = Frame(FrameKind.EVT, FrameFlag.ACK_WANTED, self._seq, event.tick, 0, event.encode())
        self._waiting.append(_Waiting(frame, now_ms))
        return frame

    def acknowledge(self, seq: int) -> None:
        """Forget number ``seq`` and all before it; numbers never sent mean nothing."""
        while self._waiting and (seq - self._waiting[0].frame.seq) % 65536 < len(self._waiting):
            self._waiting.popleft()

    def due(self, now_ms: int) -> Iterator[Frame]:
        """Yield what must be sent again."""
        for waiting in self._waiting:
            if now_ms - waiting.sent_ms >= RESEND_MS:
                waiting.sent_ms = now_ms
                self.resent += 1
                yield replace(waiting.frame, flags=FrameFlag.ACK_WANTED | FrameFlag.RETRANSMIT)
