# SPDX-License-Identifier: MIT
"""Calls from the world outside."""

import pytest

from altiware.core.causes import Cause
from altiware.core.ids import PortAddress
from altiware.core.plan import Plan, StationPlan, TrunkDirection, TrunkPlan
from altiware.core.record import Direction
from tests.signalling_rig import SignallingRig


def test_a_call_in_rings_the_operator_after_caller_id(rig: SignallingRig) -> None:
    operator, office = rig.phone("101"), rig.office()
    office.rings()
    operator.is_quiet()
    rig.passes(1.2)
    office.shows("2125550123", "SMITH JOHN")
    operator.rings("operator")
    office.is_free()
    rig.passes(2.6)
    shown = operator.is_shown()
    assert (shown.number, shown.name) == ("2125550123", "SMITH JOHN")
    operator.lifts()
    office.is_seized()
    operator.hears(office)
    office.hears(operator)
    rig.passes(60.0)
    office.breaks_loop(400)
    office.is_free()
    operator.hears_tone("reorder")
    (record,) = rig.records
    assert record.direction is Direction.INBOUND
    assert (record.caller.number, record.caller.name) == ("2125550123", "SMITH JOHN")
    assert record.caller_id is not None
    assert record.trunk == PortAddress(0, 4)
    assert record.target is not None
    assert record.target.number == "101"
    assert record.cause is Cause.NORMAL
    assert record.talking_s == pytest.approx(60.4, abs=0.01)


def test_without_caller_id_the_second_ring_is_waited_for(rig: SignallingRig) -> None:
    operator, office = rig.phone("101"), rig.office()
    office.rings()
    rig.passes(3.9)
    operator.is_quiet()
    office.rings()
    operator.rings("operator")


def test_a_double_burst_is_one_ring(rig: SignallingRig) -> None:
    operator, office = rig.phone("101"), rig.office()
    office.rings(2, on_s=0.4, off_s=0.2)
    operator.is_quiet()
    rig.passes(2.0)
    office.rings(2, on_s=0.4, off_s=0.2)
    operator.rings()


def test_a_single_ring_is_nobody(rig: SignallingRig) -> None:
    office = rig.office()
    office.rings()
    rig.passes(10.0)
    assert office.state == "idle"
    assert rig.records == []


def test_a_caller_gives_up(rig: SignallingRig) -> None:
    operator, office = rig.phone("101"), rig.office()
    office.calls_in("2125550123")
    rig.passes(2.0)
    office.rings(3)
    operator.rings()
    rig.passes(6.4)
    operator.rings()
    rig.passes(0.2)
    operator.is_quiet()
    assert rig.records[0].cause is Cause.ABANDONED


def test_a_busy_operator_is_waited_for(rig: SignallingRig) -> None:
    operator, bob, office = rig.phone("101"), rig.phone("102"), rig.office()
    operator.calls("102")
    bob.lifts()
    office.calls_in("2125550123")
    for _ in range(4):
        rig.passes(2.0)
        office.rings()
    operator.hears(bob)
    operator.hangs_up()
    rig.passes(2.0)
    operator.rings("operator")
    office.rings()
    operator.lifts()
    operator.hears(office)


def test_the_operator_hangs_up(rig: SignallingRig) -> None:
    operator, office = rig.phone("101"), rig.office()
    office.calls_in("2125550123")
    operator.lifts()
    operator.hangs_up()
    office.is_free()
    assert rig.records[0].cause is Cause.NORMAL


def test_two_callers_at_once(rig: SignallingRig) -> None:
    operator, first, second = rig.phone("101"), rig.office(0), rig.office(1)
    first.calls_in("2125550001")
    second.calls_in("2125550002")
    operator.lifts()
    operator.hears(first)
    operator.hangs_up()
    second.rings()
    operator.rings()
    operator.lifts()
    operator.hears(second)


def test_a_trunk_for_calls_out_is_not_answered() -> None:
    plan = Plan(
        stations=(StationPlan("101", PortAddress(0, 0)),),
        trunks=(TrunkPlan(PortAddress(0, 1), direction=TrunkDirection.OUT),),
    )
    rig = SignallingRig(plan)
    rig.office().rings(5)
    rig.phone("101").is_quiet()
    assert [each.cause for each in rig.records] == [Cause.DENIED]
    rig.everybody_hangs_up()
    rig.is_clean()
