# SPDX-License-Identifier: MIT
"""Which machine's deadline comes next.  The machines own their deadlines; this only sorts them."""

import enum
import heapq
import itertools
from typing import Protocol

from altiware.core.effects import Effect
from altiware.core.events import Event

__all__ = ["Deadlines", "Machine"]


class Machine(Protocol):
    """What all machines have in common."""

    deadline: float | None
    "When a Timeout is due, in engine seconds; None: nothing is waited for."

    @property
    def state(self) -> enum.Enum:
        """Where the machine is."""

    def receive(self, event: Event) -> list[Effect]:
        """Apply one event and return the effects to perform, in order."""


class Deadlines:
    """The machines by deadline.  A machine may stand here with a deadline that it gave up."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Machine]] = []
        self._order = itertools.count()

    def watch(self, machine: Machine) -> None:
        """Note the deadline that a machine has now, if it has one."""
        if machine.deadline is not None:
            heapq.heappush(self._heap, (machine.deadline, next(self._order), machine))

    @property
    def next(self) -> float | None:
        """The earliest deadline."""
        while self._heap and self._heap[0][2].deadline != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def due(self, now: float) -> Machine | None:
        """Take out the first machine whose deadline has passed."""
        first = self.next
        if first is None or first > now:
            return None
        return heapq.heappop(self._heap)[2]
