# SPDX-License-Identifier: MIT
"""What a board has to say: frames on their way to the link, events until acknowledged, counters."""

from collections import deque
from typing import Final

from boards_sim.clock import BoardClock
from boards_sim.eventring import EventRing
from boards_sim.identity import WINDOW
from drivers.qhi.frame import Frame, FrameKind, encode
from drivers.qhi.messages import EventMessage
from drivers.qhi.numbers import Counter

__all__ = ["Outbox"]

_SEQUENCE: Final = 1 << 16


class Outbox:
    """The sending side of one board's link."""

    def __init__(self, clock: BoardClock) -> None:
        self.events = EventRing()
        self.linked = False
        self._clock = clock
        self._counts = dict.fromkeys(Counter, 0)
        self._output: deque[bytes] = deque()
        self._seq = dict.fromkeys(FrameKind, 0)

    # The link

    def open(self) -> None:
        """Begin on a fresh link."""
        self.linked = True
        self._output.clear()
        self._output.append(b"\0")

    def close(self) -> None:
        """Note that nobody takes what is sent."""
        self.linked = False
        self._output.clear()

    def take(self) -> bytes:
        """Return what is to be sent over the link now."""
        data = b"".join(self._output)
        self._output.clear()
        return data

    def put(self, data: bytes) -> None:
        """Send bytes that are no frame, or were one already."""
        self._output.append(data)

    # Frames

    def begin(self) -> None:
        """Begin a session: frames and events count from their beginning."""
        self.events.begin()
        self._seq = dict.fromkeys(FrameKind, 0)

    def begin_kind(self, kind: FrameKind) -> None:
        """Let the frames of a kind count from 0."""
        self._seq[kind] = 0

    def post(self, kind: FrameKind, payload: bytes, tick: int | None = None) -> None:
        """Send a frame with its kind's next number."""
        seq = self._seq[kind]
        self._seq[kind] = (seq + 1) % _SEQUENCE
        self.send(kind, seq, payload, tick)

    def send(self, kind: FrameKind, seq: int, payload: bytes, tick: int | None = None) -> Frame:
        """Send a frame with a number of its own, and return it."""
        at = self._clock.tick if tick is None else tick
        frame = Frame(kind, 0, seq, at, WINDOW, payload)
        self.resend(frame)
        return frame

    def resend(self, frame: Frame) -> None:
        """Send a frame as it is."""
        if self.linked:
            self.count(Counter.FRAMES_OUT)
            self._output.append(encode(frame))

    def report(self, message: EventMessage) -> None:
        """Send an event, and again until it is acknowledged."""
        frame = self.events.add(message, self._clock.ms)
        if frame is not None:
            self.count(Counter.EVENTS_SENT)
            self.resend(frame)

    def resend_events(self) -> None:
        """Send again what has waited for too long."""
        for frame in self.events.due(self._clock.ms):
            self.resend(frame)

    # Counters

    def count(self, counter: Counter, value: int | None = None) -> None:
        """Count one, or take a count that is kept elsewhere."""
        self._counts[counter] = self._counts[counter] + 1 if value is None else value

    def add(self, counter: Counter, more: int) -> None:
        """Count so many more."""
        self._counts[counter] += more

    def counters(self, bad_frames: int) -> list[int]:
        """Return the counters in the order of their numbers."""
        counts = {**self._counts, Counter.EVENTS_RESENT: self.events.resent}
        counts[Counter.FRAMES_BAD] += bad_frames
        return [counts[counter] & 0xFFFF_FFFF for counter in Counter]

    def lost_events(self, ports: int) -> int:
        """Return how many events found no room, once there is room to say so; else 0."""
        lost = self.events.lost
        if not lost or len(self.events) + ports >= EventRing.CAPACITY:
            return 0
        self.events.lost = 0
        self.add(Counter.EVENTS_LOST, lost)
        return lost

    def clear_counters(self) -> None:
        """Begin counting at 0."""
        self._counts = dict.fromkeys(Counter, 0)
