# SPDX-License-Identifier: MIT
"""How long trunks were busy, by quarter of an hour: the traffic that measurements are made of.

A trunk is busy from its seizure to its release, whether or not anybody answered: that is what
keeps others from using it.  One erlang is one trunk that is busy all the time.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from altiware.core.ids import PartyKind, PortAddress
from altiware.core.record import CallRecord

__all__ = ["QUARTERS", "Occupancy", "busy_times", "split"]

QUARTER: Final = timedelta(minutes=15)
QUARTERS: Final = 96
"""Of a day."""
HOUR_QUARTERS: Final = 4


def busy_times(record: CallRecord) -> Iterator[tuple[PortAddress, datetime, datetime]]:
    """Yield each trunk that a closed call had, and from when to when."""
    if record.closed is None:
        return
    if not record.legs:
        if record.trunk is not None:
            yield record.trunk, record.opened, record.closed
        return
    for leg in record.legs:
        ended = leg.ended or record.closed
        for party in (leg.caller, leg.target):
            if party.party.kind is PartyKind.TRUNK and party.port is not None:
                yield party.port, leg.offered, ended


def split(begin: datetime, end: datetime) -> Iterator[tuple[date, int, float]]:
    """Yield day, quarter of the day (0 to 95) and seconds of it that lie between two times."""
    while begin < end:
        quarter = begin.hour * HOUR_QUARTERS + begin.minute // 15
        since = timedelta(minutes=begin.minute % 15, seconds=begin.second)
        next_quarter = begin - since - timedelta(microseconds=begin.microsecond) + QUARTER
        until = min(end, next_quarter)
        yield begin.date(), quarter, (until - begin).total_seconds()
        begin = until


@dataclass(slots=True)
class Occupancy:
    """Busy seconds of a group of trunks, by day and quarter; calls that came, by day and hour."""

    trunks: set[PortAddress] = field(default_factory=set)
    seconds: dict[date, list[float]] = field(default_factory=dict)
    calls: dict[tuple[date, int], int] = field(default_factory=lambda: defaultdict(int))
    "That had a trunk of the group, by day and hour in which they were opened."

    def add(self, records: Iterable[tuple[PortAddress, datetime, datetime]]) -> None:
        """Count busy times."""
        for port, begin, end in records:
            self.trunks.add(port)
            for day, quarter, seconds in split(begin, end):
                self.seconds.setdefault(day, [0.0] * QUARTERS)[quarter] += seconds

    def erlangs(self, days: Iterable[date], begin: int) -> float:
        """Return the average traffic of the hour that begins with a quarter, over some days."""
        values = [self.of_hour(day, begin) for day in days]
        return sum(values) / len(values) if values else 0.0

    def of_hour(self, day: date, begin: int) -> float:
        """Return the traffic, in erlangs, of the hour of a day that begins with a quarter."""
        quarters = self.seconds.get(day)
        return sum(quarters[begin : begin + HOUR_QUARTERS]) / 3600 if quarters else 0.0

    def busiest(self, day: date) -> tuple[int, float]:
        """Return with which quarter a day's busiest hour begins, and its erlangs."""
        return max(
            ((begin, self.of_hour(day, begin)) for begin in HOUR_BEGINS),
            key=lambda each: (each[1], -each[0]),
        )

    def busy_hour(self, days: Iterable[date]) -> tuple[int, float]:
        """Return the time-consistent busy hour: the same of all days, with the most traffic."""
        chosen = list(days)
        return max(
            ((begin, self.erlangs(chosen, begin)) for begin in HOUR_BEGINS),
            key=lambda each: (each[1], -each[0]),
        )


HOUR_BEGINS: Final = range(QUARTERS - HOUR_QUARTERS + 1)
"""Quarters with which an hour of the same day can begin."""
