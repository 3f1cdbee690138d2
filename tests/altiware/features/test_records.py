# SPDX-License-Identifier: MIT
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from altiware.core.call import Call
from altiware.core.causes import Cause
from altiware.core.decision import Decision, DialRequest, NumberClass, Verdict
from altiware.core.events import Event, Timeout
from altiware.core.ids import CallId, Party, PortAddress, application, station, trunk
from altiware.core.legs import Alerting, Answered, Departed, Progressed, Refused, Unavailable
from altiware.core.orders import (
    Allowed,
    Clear,
    Denied,
    Divert,
    Hold,
    Join,
    Retrieve,
    ToApplication,
    ToOffice,
    ToOutside,
    ToStation,
    TrunkFound,
)
from altiware.core.plan import FeatureCode, Numbering, Plan, Service, StationPlan, Timers, TrunkPlan
from altiware.core.record import CallRecord, Direction, LegRecord, LegSeconds
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
    numbering=Numbering(
        services={
            "190": Service("attendant", "main menu", "Main menu"),
            "195": Service("room", "big"),
        },
        codes={"#33": FeatureCode(Service("do-not-disturb", name="do not disturb"))},
    ),
)
DESK = application("attendant main menu", 7)
ALLOWED = Decision(Verdict.ALLOW, "test", "it is a test", NumberClass.LOCAL, "5550123")


def record(
    near: Party,
    *events: Event,
    digits: str = "",
    caller: Caller | None = None,
    now: float = 99.0,
    plan: Plan = PLAN,
) -> CallRecord:
    made = Call(
        CallId("2"), CallId("1"), near, digits=digits, caller=caller, timers=Timers(), at=1.0
    )
    for event in events:
        made.receive(event)
    return Registrar(plan, lambda at: EIGHT + timedelta(seconds=at)).record(made, now)


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


# Legs

NORMAL = Cause.NORMAL
GREETED = (ToApplication(1.0, DESK), Answered(2.0, DESK))
LED_ON = (
    *GREETED,
    Divert(9.0, Cause.FORWARDED),
    ToStation(9.0, BOB, RingStyle.EXTERNAL),
    Alerting(10.0, BOB, CallId("2")),
)


def ends_of(leg: LegRecord) -> tuple[float, float | None]:
    """Return when a leg began and ended, in engine seconds."""
    ended = None if leg.ended is None else (leg.ended - EIGHT).total_seconds()
    return (leg.offered - EIGHT).total_seconds(), ended


def test_who_is_led_on_by_an_attendant_has_two_legs() -> None:
    led = (*LED_ON, Answered(15.0, BOB), Hold(20.0, BOB), Retrieve(23.0), Departed(30.0, LINE_1))
    told = record(LINE_1, *led, caller=SMITH)
    desk, bob = told.legs
    assert (desk.target.number, desk.target.name) == ("190", "Main menu")
    assert (ends_of(desk), desk.cause) == ((1.0, 9.0), Cause.FORWARDED)
    assert desk.seconds == LegSeconds(setup=1.0, attendant=7.0)
    assert (bob.target.number, bob.target.name) == ("102", "Bob")
    assert (ends_of(bob), bob.cause) == ((9.0, 30.0), Cause.NORMAL)
    assert bob.seconds == LegSeconds(setup=1.0, ringing=5.0, talking=12.0, held=3.0)
    assert {each.caller.number for each in told.legs} == {"2125550123"}
    assert told.answered == EIGHT + timedelta(seconds=2), "the attendant answered first"
    assert (told.ringing_s, told.talking_s, told.held_s) == (5.0, 12.0, 3.0)


def test_a_leg_that_goes_on_counts_until_now() -> None:
    told = record(LINE_1, *LED_ON, caller=SMITH, now=14.0)
    assert (ends_of(told.legs[1]), told.legs[1].cause) == ((9.0, None), None)
    assert told.legs[1].seconds == LegSeconds(setup=1.0, ringing=4.0)


def test_the_time_for_which_nobody_is_free_is_waiting() -> None:
    waits = (
        ToOffice(1.0, BOB),
        Refused(1.0, BOB, CallId("2"), Cause.BUSY),
        Timeout(3.0),
        Alerting(3.0, BOB, CallId("2")),
        Answered(5.0, BOB),
        Departed(6.0, LINE_1),
    )
    (leg,) = record(LINE_1, *waits).legs
    assert leg.seconds == LegSeconds(waiting=2.0, ringing=2.0, talking=1.0)


def test_a_transfer_begins_a_leg_with_another_caller() -> None:
    joined = (*RINGING, Answered(7.0, BOB), Join(10.0, ALICE, LINE_1, SMITH), Clear(18.0, NORMAL))
    first, second = record(ALICE, *joined).legs
    assert (first.caller.number, first.cause) == ("101", Cause.TRANSFERRED)
    assert (first.seconds.talking, second.seconds.talking) == (3.0, 8.0)
    assert (second.caller.number, second.caller.name) == ("2125550123", "SMITH JOHN")
    assert second.answered == second.offered == first.ended


def test_each_trunk_that_was_tried_is_a_leg() -> None:
    other = trunk(PortAddress(0, 9))
    tried = (
        ToOutside(1.0, DialRequest(ALICE, "5550123", "us")),
        Allowed(1.0, ALLOWED),
        TrunkFound(1.0, other),
        Unavailable(6.0, other, CallId("2"), Cause.NO_DIAL_TONE),
        TrunkFound(6.0, LINE_1),
        Progressed(8.0, LINE_1, both_ways=True),
        Departed(10.0, ALICE),
    )
    failed, went = record(ALICE, *tried).legs
    assert (failed.cause, failed.seconds) == (Cause.NO_DIAL_TONE, LegSeconds(setup=5.0))
    assert (went.target.number, went.target.name) == ("5550123", "Line 1")
    assert went.seconds == LegSeconds(setup=2.0, ringing=2.0)


def test_a_service_is_known_by_its_number_and_name() -> None:
    def target(name: str) -> tuple[str, str]:
        party = application(name, 3)
        events = (ToApplication(1.0, party), Answered(1.0, party), Clear(2.0, NORMAL))
        (leg,) = record(ALICE, *events).legs
        return leg.target.number, leg.target.name

    assert target("room big") == ("195", "room big")
    assert target("do-not-disturb") == ("#33", "do not disturb")
    assert target("message 102") == ("102", "message 102")
    assert target("invitation of room big") == ("", "invitation of room big")


def test_a_workgroup_s_queue_is_waiting_and_named_in_what_follows() -> None:
    numbering = Numbering(services={"180": Service("workgroup", "sales", "Sales")})
    plan = replace(PLAN, numbering=numbering)
    queue = application("workgroup sales", 1)
    led = (ToApplication(1.0, queue), Answered(1.0, queue), Divert(31.0, Cause.FORWARDED))
    answered = (ToStation(31.0, BOB, RingStyle.EXTERNAL), Answered(33.0, BOB), Clear(40.0, NORMAL))
    queued, talked = record(LINE_1, *led, *answered, plan=plan).legs
    assert (queued.seconds, queued.workgroup) == (LegSeconds(waiting=30.0), "")
    assert (talked.seconds, talked.workgroup) == (LegSeconds(setup=2.0, talking=7.0), "180")


def test_who_is_called_for_a_workgroup_is_its_agent_s_call() -> None:
    numbering = Numbering(services={"180": Service("workgroup", "sales", "Sales")})
    plan = replace(PLAN, numbering=numbering)
    calls_agent = application("leg sales", 4)
    spliced = (*RINGING, Answered(7.0, BOB), Join(7.0, calls_agent, LINE_1, SMITH))
    rang, talked = record(calls_agent, *spliced, Clear(20.0, NORMAL), plan=plan).legs
    assert (rang.caller.number, rang.caller.name, rang.workgroup) == ("180", "Sales", "")
    assert (talked.caller.number, talked.workgroup) == ("2125550123", "180")
