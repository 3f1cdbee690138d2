# SPDX-License-Identifier: MIT
"""Somebody calls in: bursts of ringing out of a module's RING, and who calls, once."""

from typing import Final

from drivers.base import BoardEvent, CallerReported, RingingChanged
from drivers.cellular.words import Caller

__all__ = ["Ringing"]

BURST_S: Final = 2.0
"""How long a burst of ringing is taken to last: a module says only that it began."""
RING_GAP_S: Final = 8.0
"""Without another RING for so long, nobody calls any more."""


class Ringing:
    """The ringing of one port."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._burst_ends: float | None = None
        self._caller_gone: float | None = None
        self._caller_told = False

    @property
    def somebody_calls(self) -> bool:
        """Whether there is somebody to answer."""
        return self._caller_gone is not None

    @property
    def deadlines(self) -> tuple[float | None, float | None]:
        """When ``expire`` is due."""
        return self._burst_ends, self._caller_gone

    def rings(self, now: float) -> list[BoardEvent]:
        """Take a RING, or another word for it."""
        if self._caller_gone is None:
            self._caller_told = False
        self._caller_gone = now + RING_GAP_S
        goes_on = self._burst_ends is not None
        self._burst_ends = now + BURST_S
        return [] if goes_on else [RingingChanged(now, self._port, ringing=True)]

    def is_answered(self) -> None:
        """Note that nobody waits any more; a burst that has begun still ends."""
        self._caller_gone = None

    def is_given_up(self, now: float) -> list[BoardEvent]:
        """Note that the caller has gone."""
        burst_ends, self._burst_ends, self._caller_gone = self._burst_ends, None, None
        return [] if burst_ends is None else [RingingChanged(now, self._port, ringing=False)]

    def tells(self, caller: Caller, now: float) -> list[BoardEvent]:
        """Take who calls: modules repeat it with each RING."""
        if self._caller_told or self._caller_gone is None:
            return []
        self._caller_told = True
        return [CallerReported(now, self._port, caller.number, absent=caller.absent)]

    def expire(self, now: float) -> list[BoardEvent]:
        """Do what is due."""
        if self._caller_gone is not None and now >= self._caller_gone:
            self._caller_gone = None
        if self._burst_ends is None or now < self._burst_ends:
            return []
        self._burst_ends = None
        return [RingingChanged(now, self._port, ringing=False)]
