# SPDX-License-Identifier: MIT
"""A board's events, put in order: each delivered once, acknowledged up to the first gap.

Feed it the sequence number of every EVT frame.  What arrives early waits; what was already
delivered is dropped (the board repeats whatever it hasn't seen acknowledged).
"""

from dataclasses import dataclass
from typing import Final

from drivers.qhi.messages import EventMessage

__all__ = ["RING", "EventOrder", "InOrder"]

RING: Final = 64
"""Events a board keeps at least (docs/reference/qhi.md): nothing further ahead can be genuine."""
_SEQUENCE: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class InOrder:
    """One event whose turn has come."""

    message: EventMessage
    late: bool
    "It was repeated, or waited for one before it: of levels, PCM frames know better."


class EventOrder:
    """The receiving end of the reliable event stream of one session."""

    def __init__(self) -> None:
        self.acknowledged = 0
        "Sequence number of the last event delivered in unbroken order; 0 at first."
        self._waiting: dict[int, EventMessage] = {}

    def receive(self, seq: int, message: EventMessage, *, repeated: bool) -> list[InOrder]:
        """Take one event and return those whose turn has come."""
        ahead = (seq - self.acknowledged - 1) % _SEQUENCE
        if ahead >= RING:
            return []
        if ahead > 0:
            self._waiting.setdefault(seq, message)
            return []
        self._waiting.pop(seq, None)
        self.acknowledged = seq
        return [InOrder(message, repeated), *self._follow()]

    def _follow(self) -> list[InOrder]:
        found = []
        while self._waiting:
            following = (self.acknowledged + 1) % _SEQUENCE
            message = self._waiting.pop(following, None)
            if message is None:
                break
            self.acknowledged = following
            found.append(InOrder(message, late=True))
        return found
