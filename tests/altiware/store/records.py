# SPDX-License-Identifier: MIT
"""Call records for the tests of the store: one by hand, and any by hypothesis."""

import dataclasses
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from altiware.core.causes import Cause
from altiware.core.decision import Decision, NumberClass, Verdict
from altiware.core.ids import CallId, PortAddress, application, station, trunk
from altiware.core.record import CallRecord, Direction, LegRecord, LegSeconds, RecordParty
from altiware.core.signals import Absence, Caller

NINE = datetime(2026, 11, 22, 9, 5, tzinfo=UTC)
LINE_1 = PortAddress(0, 0)
LOCAL = Decision(Verdict.ALLOW, "local", "Local calls are allowed.", NumberClass.LOCAL, "5550142")


def outbound(call: str = "c1", *, seconds: float = 75.0) -> CallRecord:
    """Return a call out by 103 that was talked for so long."""
    return CallRecord(
        id=CallId(call),
        session=CallId(call),
        direction=Direction.OUTBOUND,
        caller=RecordParty(station("103"), "103", "Service", PortAddress(0, 6)),
        target=RecordParty(trunk(LINE_1), "5550142", "", LINE_1),
        digits="95550142",
        opened=NINE - timedelta(seconds=20),
        answered=NINE,
        closed=NINE + timedelta(seconds=seconds),
        cause=Cause.NORMAL,
        decision=LOCAL,
        trunk=LINE_1,
        charged_to="103",
        talking_s=seconds,
        parties=(station("103"), trunk(LINE_1)),
    )


def inbound(call: str = "c2", caller: Caller | None = None) -> CallRecord:
    """Return a call in that 101 answered."""
    return CallRecord(
        id=CallId(call),
        session=CallId(call),
        direction=Direction.INBOUND,
        caller=RecordParty(trunk(LINE_1), caller.number if caller else "", "", LINE_1),
        target=RecordParty(station("101"), "101", "Reception", PortAddress(0, 4)),
        digits="",
        opened=NINE,
        answered=NINE + timedelta(seconds=8),
        closed=NINE + timedelta(seconds=68),
        cause=Cause.NORMAL,
        trunk=LINE_1,
        caller_id=caller,
        parties=(trunk(LINE_1), station("101")),
        legs=(_greeting(), _talk()),
    )


def _greeting() -> LegRecord:
    """Return how the attendant had the caller of ``inbound`` before."""
    return LegRecord(
        caller=RecordParty(trunk(LINE_1), "", "", LINE_1),
        target=RecordParty(application("attendant main", 1), "190", "Main menu"),
        offered=NINE,
        answered=NINE,
        ended=NINE + timedelta(seconds=3),
        cause=Cause.FORWARDED,
        seconds=LegSeconds(attendant=3.0),
    )


def _talk() -> LegRecord:
    return LegRecord(
        caller=RecordParty(trunk(LINE_1), "", "", LINE_1),
        target=RecordParty(station("101"), "101", "Reception", PortAddress(0, 4)),
        offered=NINE + timedelta(seconds=3),
        alerting=NINE + timedelta(seconds=3),
        answered=NINE + timedelta(seconds=8),
        ended=NINE + timedelta(seconds=68),
        cause=Cause.NORMAL,
        seconds=LegSeconds(ringing=5.0, held=12.5, talking=47.5),
    )


def still_open(record: CallRecord) -> CallRecord:
    """Return the record as it was while the call went on."""
    return dataclasses.replace(record, closed=None, cause=None)


texts = st.text(max_size=90)
ports = st.builds(PortAddress, st.integers(0, 31), st.integers(0, 11))
parties = st.one_of(st.builds(station, texts), st.builds(trunk, ports))
times = st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC))
seconds = st.floats(0, 1e6)
record_parties = st.builds(RecordParty, parties, texts, texts, st.none() | ports)
legs = st.builds(
    LegRecord,
    caller=record_parties,
    target=record_parties,
    offered=times,
    alerting=st.none() | times,
    answered=st.none() | times,
    ended=st.none() | times,
    cause=st.none() | st.sampled_from(Cause),
    workgroup=texts,
    seconds=st.builds(LegSeconds, *[seconds] * 9),
)
records = st.builds(
    CallRecord,
    id=texts,
    session=texts,
    direction=st.sampled_from(Direction),
    caller=record_parties,
    target=st.none() | record_parties,
    digits=texts,
    opened=times,
    answered=st.none() | times,
    closed=st.none() | times,
    cause=st.none() | st.sampled_from(Cause),
    decision=st.none()
    | st.builds(
        Decision, st.sampled_from(Verdict), texts, texts, st.sampled_from(NumberClass), texts
    ),
    trunk=st.none() | ports,
    caller_id=st.none() | st.builds(Caller, texts, texts, st.none() | st.sampled_from(Absence)),
    charged_to=texts,
    ringing_s=seconds,
    talking_s=seconds,
    held_s=seconds,
    parties=st.lists(parties, max_size=4).map(tuple),
    legs=st.lists(legs, max_size=3).map(tuple),
)
