# SPDX-License-Identifier: MIT
"""The calls of some days: by extension, trunk, hour and day.

``call_sections(records)`` reads each closed record once.  An extension's calls are those that it
made and those that rang there; a transferred call is one of everybody who talked in it.  A call
that was made inside, and a caller from outside transferred into it, counts as inside: he has come
in once.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from altiware.core.ids import PartyKind
from altiware.core.record import CallRecord, Direction, LegRecord
from altiware.reports.sections import Section

__all__ = ["call_sections"]


@dataclass(slots=True)
class _Tally:
    """Calls and seconds of one row."""

    inbound: int = 0
    outbound: int = 0
    internal: int = 0
    answered: int = 0
    talking_s: float = 0.0

    def count(self, record: CallRecord) -> None:
        """Count a call."""
        inside = record.direction is Direction.INTERNAL or record.handed_on
        self.internal += inside
        self.inbound += record.direction is Direction.INBOUND and not inside
        self.outbound += record.direction is Direction.OUTBOUND
        self.answered += record.answered is not None
        self.talking_s += record.talking_s

    @property
    def row(self) -> tuple[int | float | None, ...]:
        """Calls in, out and inside, answered, minutes talked, seconds per answered call."""
        average = round(self.talking_s / self.answered, 1) if self.answered else None
        minutes = round(self.talking_s / 60, 1)
        return (self.inbound, self.outbound, self.internal, self.answered, minutes, average)


HEADINGS = ("in", "out", "inside", "answered", "talked min", "average s")


@dataclass(slots=True)
class _Extension:
    """What one extension did."""

    name: str = ""
    made: int = 0
    outside: int = 0
    "Of those that it made."
    rang: int = 0
    answered: int = 0
    talking_s: float = 0.0


def call_sections(records: Iterable[CallRecord]) -> tuple[Section, ...]:
    """Return the sections ``total``, ``extension``, ``trunk``, ``hour``, ``day`` and ``cause``."""
    total = _Tally()
    trunks: dict[str, _Tally] = defaultdict(_Tally)
    hours: dict[str, _Tally] = defaultdict(_Tally)
    days: dict[str, _Tally] = defaultdict(_Tally)
    causes: dict[str, int] = defaultdict(int)
    extensions: dict[str, _Extension] = defaultdict(_Extension)
    for record in records:
        hour, day = hours[f"{record.opened:%H}:00"], days[f"{record.opened:%Y-%m-%d %a}"]
        for tally in (total, hour, day):
            tally.count(record)
        if record.trunk is not None:
            _count_trunk(trunks[str(record.trunk)], record)
        causes[record.cause.value if record.cause else "going on"] += 1
        _count_extensions(record, extensions)
    return (
        Section("total", "All calls", HEADINGS, (total.row,)),
        _by_extension(extensions),
        _by("trunk", "By trunk", trunks),
        _by("hour", "By hour of the day", hours),
        _by("day", "By day", days),
        Section("cause", "Why they ended", ("cause", "calls"), _most_first(causes)),
    )


def _count_trunk(trunk: _Tally, record: CallRecord) -> None:
    if record.handed_on:  # the same call on the trunk goes on
        trunk.talking_s += record.talking_s
    else:
        trunk.count(record)


def _count_extensions(record: CallRecord, extensions: dict[str, _Extension]) -> None:
    if record.charged_to:
        maker = extensions[record.charged_to]
        maker.made += 1
        maker.outside += record.direction is Direction.OUTBOUND
    for leg in record.legs:
        _count_leg(leg, extensions)


def _count_leg(leg: LegRecord, extensions: dict[str, _Extension]) -> None:
    """Count one leg for the stations at its two ends."""
    for party, called in ((leg.caller, False), (leg.target, True)):
        if party.party.kind is not PartyKind.STATION:
            continue
        own = extensions[party.number]
        own.name = party.name or own.name
        own.talking_s += leg.seconds.talking
        if called:
            own.rang += leg.alerting is not None or leg.answered is not None
            own.answered += leg.answered is not None


def _by_extension(extensions: dict[str, _Extension]) -> Section:
    rows = tuple(
        (
            *(number, each.name, each.made, each.outside, each.rang, each.answered),
            *(each.rang - each.answered, round(each.talking_s / 60, 1)),
        )
        for number, each in sorted(extensions.items())
    )
    headings = ("extension", "name", "made", "outside", "rang", "answered", "missed", "talked min")
    return Section("extension", "By extension", headings, rows)


def _by(name: str, title: str, tallies: dict[str, _Tally]) -> Section:
    rows = tuple((key, *tally.row) for key, tally in sorted(tallies.items()))
    return Section(name, title, (name, *HEADINGS), rows)


def _most_first(causes: dict[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(causes.items(), key=lambda each: (-each[1], each[0])))
