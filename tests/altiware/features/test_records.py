# SPDX-License-Identifier: MIT
from datetime import UTC, datetime, timedelta

from altiware.core.call import Call
from altiware.core.causes import Cause
from altiware.core.decision import Decision, DialRequest, NumberClass, Verdict
from altiware.core.events import Event
from altiware.core.ids import CallId, Party, PortAddress, station, trunk
from altiware.core.legs import Alerting, Answered, Departed, Progressed
from altiware.core.orders import (
    Allowed,
    Clear,
    Denied,
    Hold,
    Join,
    Retrieve,
    ToOffice,
    ToOutside,
    ToStation,
    TrunkFound,
)
from altiware.core.plan import Plan, StationPlan, Timers, TrunkPlan
from altiware.core.record import CallRecord, Direction
from altiware.core.signals import Caller, RingStyle
from altiware.features.records import Registrar

EIGHT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ALICE, BOB = station("101"), station("102")
LINE_1 = trunk(PortAddress(0, 8))
SMITH = Caller("2125550123", "SMITH JOHN")
PLAN = Plan(
    stations=(
        StationPlan("101", PortAddress(0, 0), "Alice"),
        StationPlan("102", PortAddress(0, 1), "Bob"),
    ),
    trunks=(TrunkPlan(PortAddress(0, 8), "Line 1"),),
)
ALLOWED = Decision(Verdict.ALLOW, "test", "it is a test", NumberClass.LOCAL, "5550123")


def record(
    near: Party, *events: Event, digits: str = "", caller: Caller | None = None, now: float = 99.0
) -> CallRecord:
    made = Call(
        CallId("2"), CallId("1"), near, digits=digits, caller=caller, timers=Timers(), at=1.0
    )
    for event in events:
        made.receive(event)
    return Registrar(PLAN, lambda at: EIGHT + timedelta(seconds=at)).record(made, now)


RINGING = (ToStation(1.0, BOB, RingStyle.INTERNAL), Alerting(2.0, BOB, CallId("2")))


def test_an_internal_call_from_opening_to_close() -> None:
    told = record(ALICE, *RINGING, Answered(7.0, BOB), Departed(37.0, BOB), digits="102")
    assert (told.id, told.session, told.direction) == ("2", "1", Direction.INTERNAL)
    assert (told.caller.number, told.caller.name) == ("101", "Alice")
    assert told.target is not None
    assert (told.target.number, told.target.port) == ("102", PortAddress(0, 1))
    assert told.opened == EIGHT + timedelta(seconds=1)
    assert told.answered == EIGHT + timedelta(seconds=7)
    assert told.closed == EIGHT + timedelta(seconds=37)
    assert (told.ringing_s, told.talking_s, told.held_s) == (5.0, 30.0, 0.0)
    assert (told.cause, told.charged_to, told.number) == (Cause.NORMAL, "101", "102")
    assert told.parties == (ALICE, BOB)


def test_an_open_call_counts_until_now() -> None:
    held = (*RINGING, Answered(7.0, BOB), Hold(10.0, ALICE))
    told = record(ALICE, *held, now=15.0)
    assert (told.closed, told.cause) == (None, None)
    assert (told.ringing_s, told.talking_s, told.held_s) == (5.0, 3.0, 5.0)
    back = record(ALICE, *held, Retrieve(15.0), now=20.0)
    assert (back.talking_s, back.held_s) == (8.0, 5.0)


def test_an_outgoing_call() -> None:
    seized = (
        ToOutside(1.0, DialRequest(ALICE, "5550123", "us")),
        Allowed(1.0, ALLOWED),
        TrunkFound(1.0, LINE_1),
    )
    told = record(ALICE, *seized, Progressed(5.0, LINE_1, both_ways=True), digits="95550123")
    assert told.direction is Direction.OUTBOUND
    assert told.target is not None
    assert (told.target.number, told.target.name) == ("5550123", "Line 1")
    assert (told.digits, told.number, told.trunk) == ("95550123", "5550123", PortAddress(0, 8))
    assert told.decision is ALLOWED


def test_a_denied_call_is_outbound_and_has_no_target() -> None:
    denied = Decision(Verdict.DENY, "test", "no", NumberClass.PREMIUM, "9005550123")
    request = DialRequest(ALICE, "9005550123", "us")
    told = record(ALICE, ToOutside(1.0, request), Denied(1.0, denied), digits="99005550123")
    assert (told.direction, told.target, told.trunk) == (Direction.OUTBOUND, None, None)
    assert (told.cause, told.number) == (Cause.DENIED, "9005550123")


def test_a_call_in() -> None:
    offered = (ToOffice(1.0, ALICE), Alerting(1.0, ALICE, CallId("2")))
    told = record(LINE_1, *offered, Answered(9.0, ALICE), caller=SMITH)
    assert told.direction is Direction.INBOUND
    assert (told.caller.number, told.caller.name) == ("2125550123", "SMITH JOHN")
    assert told.caller.port == told.trunk == PortAddress(0, 8)
    assert (told.caller_id, told.charged_to) == (SMITH, "")
    unknown = record(LINE_1, *offered)
    assert (unknown.caller.number, unknown.caller.name) == ("", "Line 1")


def test_a_colleague_who_takes_over_an_outgoing_call_is_not_charged() -> None:
    seized = (
        ToOutside(1.0, DialRequest(ALICE, "5550123", "us")),
        Allowed(1.0, ALLOWED),
        TrunkFound(1.0, LINE_1),
        Join(3.0, ALICE, BOB),
    )
    told = record(ALICE, *seized)
    assert (told.direction, told.caller.number) == (Direction.OUTBOUND, "102")
    assert told.charged_to == "101"


def test_a_transferred_trunk_is_in_the_record_of_the_call_that_goes_on() -> None:
    join = Join(5.0, ALICE, LINE_1, SMITH)
    told = record(ALICE, *RINGING, join, Clear(9.0, Cause.STOPPED))
    assert (told.direction, told.trunk) == (Direction.INBOUND, PortAddress(0, 8))
    assert (told.caller.number, told.caller_id, told.charged_to) == ("2125550123", SMITH, "101")
    assert told.parties == (ALICE, BOB, LINE_1)
