# SPDX-License-Identifier: MIT
"""Calls over an office line to the world outside."""

import pytest

from altiware.core.causes import Cause
from altiware.core.decision import NumberClass, Verdict
from altiware.core.ids import PortAddress
from altiware.core.notices import Decided, OrderMissed
from altiware.core.plan import Dialling, Plan, StationPlan, TrunkDirection, TrunkPlan
from altiware.core.record import Direction
from tests.signalling_rig import Office, Phone, SignallingRig, office_plan

LOCAL = "5550123"


def dials_out(rig: SignallingRig, extension: str = "101", line: int = 0) -> tuple[Phone, Office]:
    """Have a local call out, up to the digits sent."""
    caller, office = rig.phone(extension), rig.office(line)
    caller.calls("9" + LOCAL)
    rig.passes(4.0)
    office.is_seized()
    office.gives("dial")
    office.receives(LOCAL)
    rig.passes(2.0)
    return caller, office


def test_the_number_is_stored_judged_and_then_forwarded(rig: SignallingRig) -> None:
    alice, office = rig.phone("101"), rig.office()
    alice.calls("9" + LOCAL)
    office.is_free()
    rig.passes(4.0)
    office.is_seized()
    office.receives_nothing()
    alice.is_silent()
    rig.passes(0.5)
    office.gives("dial")
    alice.is_silent()
    office.receives(LOCAL)
    rig.passes(2.0)
    alice.hears(office)
    rig.passes(20.0)
    office.hears(alice)
    alice.hangs_up()
    office.is_free()
    (record,) = rig.records
    assert record.direction is Direction.OUTBOUND
    assert (record.digits, record.number) == ("9" + LOCAL, LOCAL)
    assert record.trunk == PortAddress(0, 4)
    assert record.charged_to == "101"
    assert record.decision is not None
    assert record.decision.number_class is NumberClass.LOCAL
    assert record.cause is Cause.NORMAL


def test_hash_ends_a_number_at_once(rig: SignallingRig) -> None:
    alice, office = rig.phone("101"), rig.office()
    alice.calls("9" + LOCAL + "#")
    office.is_seized()
    office.gives("dial")
    office.receives(LOCAL)


def test_a_trunk_that_pulses() -> None:
    plan = Plan(
        stations=(StationPlan("101", PortAddress(0, 0)),),
        trunks=(TrunkPlan(PortAddress(0, 1), dialling=Dialling.PULSE),),
    )
    rig = SignallingRig(plan)
    alice, office = rig.phone("101"), rig.office()
    alice.calls("9" + LOCAL + "#")
    office.gives("dial")
    office.receives_pulses(LOCAL)
    alice.hears(office)
    alice.hangs_up()
    rig.everybody_hangs_up()
    rig.is_clean()


def test_the_answer_is_supposed_after_a_time_without_ringback(rig: SignallingRig) -> None:
    alice, office = dials_out(rig)
    rig.passes(19.0)
    assert rig.exchange.calls()[0].record.answered is None
    rig.passes(2.0)
    assert rig.exchange.calls()[0].record.answered is not None
    alice.hears(office)


def test_ringback_keeps_the_answer_waiting(rig: SignallingRig) -> None:
    _, office = dials_out(rig)
    office.gives("ringback")
    rig.passes(60.0)
    assert rig.exchange.calls()[0].record.answered is None
    office.stops("ringback")
    rig.passes(2.0)
    assert rig.exchange.calls()[0].record.answered is not None


def reversing_office() -> SignallingRig:
    return SignallingRig(
        Plan(
            stations=(StationPlan("101", PortAddress(0, 0)),),
            trunks=(TrunkPlan(PortAddress(0, 1), answer_after_s=None),),
        )
    )


def test_an_office_that_reverses_is_heard_one_way_until_the_answer() -> None:
    rig = reversing_office()
    alice, office = dials_out(rig)
    alice.hears(office)
    office.is_silent()
    rig.passes(300.0)
    assert rig.exchange.calls()[0].record.answered is None
    office.reverses()
    office.hears(alice)
    rig.passes(10.0)
    office.reverses(back=True)
    office.is_free()
    alice.hears_tone("reorder")
    assert rig.records[0].talking_s == pytest.approx(10.0, abs=0.01)
    rig.everybody_hangs_up()
    rig.is_clean()


@pytest.mark.parametrize("sign", ["loop", "busy", "reorder", "dial"])
def test_the_far_end_hangs_up(rig: SignallingRig, sign: str) -> None:
    alice, office = dials_out(rig)
    rig.passes(30.0)
    if sign == "loop":
        office.breaks_loop(350)
    else:
        office.gives(sign)
    office.is_free()
    alice.hears_tone("reorder")
    assert rig.records[0].cause is Cause.NORMAL


def test_switching_noise_is_no_hang_up(rig: SignallingRig) -> None:
    alice, office = dials_out(rig)
    rig.passes(30.0)
    office.breaks_loop(50)
    office.is_seized()
    alice.hears(office)


def test_a_busy_number_outside(rig: SignallingRig) -> None:
    alice, office = dials_out(rig)
    office.gives("busy")
    alice.hears_tone("busy")
    office.is_free()
    assert rig.records[0].cause is Cause.BUSY


def test_a_caller_who_hangs_up_before_the_digits_are_sent(rig: SignallingRig) -> None:
    alice, office = rig.phone("101"), rig.office()
    alice.calls("9" + LOCAL + "#")
    office.is_seized()
    alice.hangs_up()
    office.is_free()
    office.receives_nothing()
    assert rig.records[0].cause is Cause.ABANDONED


def test_a_trunk_rests_between_calls(rig: SignallingRig) -> None:
    alice, office = dials_out(rig)
    bob = rig.phone("102")
    bob.calls("9" + LOCAL)
    alice.hangs_up()
    assert office.state == "guard time"
    bob.dials("#")
    rig.office(1).is_seized()
    rig.passes(1.5)
    assert office.state == "idle"


def test_a_line_without_dial_tone_is_passed_over(rig: SignallingRig) -> None:
    alice, dead, good = rig.phone("101"), rig.office(0), rig.office(1)
    alice.calls("9" + LOCAL + "#")
    dead.is_seized()
    rig.passes(5.0)
    dead.is_free()
    good.is_seized()
    good.gives("dial")
    good.receives(LOCAL)
    dead.receives_nothing()


def test_no_line_gives_dial_tone(rig: SignallingRig) -> None:
    alice = rig.phone("101")
    alice.calls("9" + LOCAL + "#")
    rig.passes(10.0)
    alice.hears_tone("reorder")
    assert rig.records[0].cause is Cause.NO_DIAL_TONE


def test_all_trunks_busy(rig: SignallingRig) -> None:
    dials_out(rig, "101", 0)
    dials_out(rig, "102", 1)
    carol = rig.phone("103")
    carol.calls("9" + LOCAL + "#")
    carol.hears_tone("reorder")
    assert rig.records[0].cause is Cause.ALL_TRUNKS_BUSY


def test_a_trunk_for_calls_from_outside_is_not_seized() -> None:
    plan = Plan(
        stations=(StationPlan("101", PortAddress(0, 0)),),
        trunks=(TrunkPlan(PortAddress(0, 1), direction=TrunkDirection.IN),),
    )
    rig = SignallingRig(plan)
    rig.phone("101").calls("9" + LOCAL + "#")
    rig.office().is_free()
    assert rig.records[0].cause is Cause.ALL_TRUNKS_BUSY
    rig.everybody_hangs_up()
    rig.is_clean()


REFUSED = {
    "2125550123": NumberClass.LONG_DISTANCE,
    "12125550123": NumberClass.LONG_DISTANCE,
    "18095550123": NumberClass.INTERNATIONAL,
    "011442071234567": NumberClass.INTERNATIONAL,
    "9005550123": NumberClass.PREMIUM,
    "411": NumberClass.DIRECTORY,
    "0": NumberClass.OPERATOR,
    "1010288": NumberClass.DIAL_AROUND,
    "*675550123": NumberClass.UNKNOWN,
    "5": NumberClass.UNKNOWN,
}


@pytest.mark.parametrize(("number", "kind"), REFUSED.items())
def test_a_refused_number_seizes_nothing(
    rig: SignallingRig, number: str, kind: NumberClass
) -> None:
    alice = rig.phone("101")
    alice.calls("9" + number)
    rig.passes(4.0)
    alice.hears_tone("reorder")
    rig.office(0).is_free()
    rig.office(1).is_free()
    (record,) = rig.records
    assert record.cause is Cause.DENIED
    assert record.decision is not None
    assert (record.decision.verdict, record.decision.number_class) == (Verdict.DENY, kind)
    assert [each.decision for each in rig.notices if isinstance(each, Decided)] == [record.decision]


def test_a_toll_free_number_is_let_through(rig: SignallingRig) -> None:
    rig.phone("101").calls("918005550123")
    office = rig.office()
    office.is_seized()
    office.gives("dial")
    office.receives("18005550123")


def test_a_board_that_refuses_to_seize(rig: SignallingRig) -> None:
    alice, bob = rig.phone("101"), rig.phone("102")
    rig.boards[0].refuses.add("seize")
    alice.calls("9" + LOCAL + "#")
    alice.hears_tone("reorder")
    rig.boards[0].refuses.clear()
    rig.notices = [each for each in rig.notices if type(each).__name__ != "OrderMissed"]
    bob.calls("101")
    bob.hears_tone("busy")


def test_glare_goes_to_the_one_who_calls_in(rig: SignallingRig) -> None:
    alice, operator = rig.phone("102"), rig.phone("101")
    first, second = rig.office(0), rig.office(1)
    alice.calls("9" + LOCAL + "#")
    first.is_seized()
    first.rings()
    second.is_seized()
    operator.rings("operator")
    operator.lifts()
    operator.hears(first)
    first.hears(operator)
    second.gives("dial")
    second.receives(LOCAL)


def test_two_offices_in_one_plan() -> None:
    rig = SignallingRig(office_plan(stations=2, trunks=3))
    for index in range(3):
        rig.office(index).is_free()


def test_a_board_that_refuses_to_open_the_loop_is_asked_again(rig: SignallingRig) -> None:
    alice, office = rig.phone("101"), rig.office()
    alice.calls("95550123#")
    office.is_seized()
    rig.boards[0].refuses.add("release")
    alice.hangs_up()
    rig.passes(10.0)
    assert office.state == "its loop could not be opened"
    office.is_seized()
    rig.boards[0].refuses.clear()
    rig.passes(1.5)
    office.is_free()
    rig.passes(3.0)
    assert office.state == "idle"
    missed = [each for each in rig.notices if isinstance(each, OrderMissed)]
    assert {each.order for each in missed} == {"ReleaseLoop"}
    rig.notices = [each for each in rig.notices if each not in missed]
