# SPDX-License-Identifier: MIT
"""What holds of every call record: its times are in order, and its seconds add up.

``adds_up(record)`` asserts it of one closed record, ``sessions_add_up(records)`` of all of an
office: who went on elsewhere is found there.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from altiware.core.causes import Cause
from altiware.core.ids import PartyKind
from altiware.core.record import CallRecord, LegRecord

__all__ = ["adds_up", "sessions_add_up"]

ROUNDED_S: Final = 0.005
"""Nine kinds of seconds, each rounded to the millisecond."""

NEAR: Final = 200
"""A call that another goes on in was opened among so many before and after it."""


def adds_up(record: CallRecord) -> None:
    """Assert that a closed record is right in itself."""
    assert record.closed is not None, "it is closed"
    in_order([record.opened, record.answered, record.closed], record)
    for leg in record.legs:
        leg_adds_up(leg)
    assert gaps_s(record) == 0.0 or (record.decision and record.decision.emergency), record
    for name in ("ringing", "talking", "held"):
        total = sum(getattr(leg.seconds, name) for leg in record.legs)
        assert abs(total - getattr(record, f"{name}_s")) < ROUNDED_S, (name, record)
    assert record.answered in answers_of(record), record


def answers_of(record: CallRecord) -> set[datetime | None]:
    """Return when a call may count as answered: if it left the office, by whom it went to."""
    answers = [leg.answered for leg in record.legs if leg.answered]
    outside = [leg.answered for leg in record.legs if leg.target.party.kind is PartyKind.TRUNK]
    first = {answers[0] if answers else None}
    return first | {next(filter(None, outside), None)} if record.decision else first


def leg_adds_up(leg: LegRecord) -> None:
    """Assert that the seconds of a leg are its length."""
    assert leg.ended is not None
    assert leg.cause is not None
    in_order([leg.offered, leg.alerting, leg.answered, leg.ended], leg)
    length_s = (leg.ended - leg.offered).total_seconds()
    assert abs(leg.seconds.total - length_s) < ROUNDED_S, leg
    if leg.answered is None:
        spoken = leg.seconds.talking + leg.seconds.attendant + leg.seconds.voice_mail
        assert spoken + leg.seconds.recording + leg.seconds.service == 0.0, leg


def gaps_s(record: CallRecord) -> float:
    """Return for how long the call was at nobody; legs that overlap are a defect."""
    assert record.closed is not None
    if not record.legs:
        return 0.0
    ends = [record.opened, *(leg.ended for leg in record.legs if leg.ended)]
    begins = [*(leg.offered for leg in record.legs), record.closed]
    assert len(ends) == len(begins), record
    gaps = [begin - end for begin, end in zip(begins, ends, strict=True)]
    assert min(gaps) >= timedelta(0), record
    return sum(gaps, timedelta(0)).total_seconds()


def sessions_add_up(records: Iterable[CallRecord]) -> None:
    """Assert of all calls of an office that the records of each session belong together."""
    sessions = defaultdict(list)
    everything = sorted(records, key=lambda each: each.id)
    for record in everything:
        sessions[record.session].append(record)
    for session, together in sessions.items():
        assert together[0].id == session, "a session is named after the call that began it"
    for index, record in enumerate(everything):
        if record.cause is Cause.TRANSFERRED:
            around = everything[max(0, index - NEAR) : index + NEAR]
            assert any(_goes_on(record, other) for other in around), f"nobody went on: {record}"


def _goes_on(record: CallRecord, other: CallRecord) -> bool:
    """Whether a party of a call was in another when it ended."""
    assert record.closed is not None
    assert other.closed is not None
    is_open = other.opened <= record.closed <= other.closed
    return other.id != record.id and is_open and bool(set(other.parties) & set(record.parties))


def in_order(times: Iterable[datetime | None], of: object) -> None:
    """Assert that what has happened did so in this order."""
    known = [each for each in times if each is not None]
    assert all(before <= after for before, after in pairwise(known)), of
