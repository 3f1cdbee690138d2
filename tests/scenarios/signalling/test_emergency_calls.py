# SPDX-License-Identifier: MIT
"""Calls for help pass, whatever else is going on."""

import pytest

from altiware.core.causes import Cause
from altiware.core.decision import DialPolicy
from altiware.core.ids import PortAddress
from altiware.core.plan import Numbering, Plan, StationPlan, TrunkDirection, TrunkPlan
from tests.scenarios.signalling.test_outgoing_calls import dials_out
from tests.signalling_rig import SignallingRig, office_plan


@pytest.mark.parametrize("digits", ["911", "9911"])
def test_the_number_is_dialled_with_or_without_access_digit(
    rig: SignallingRig, digits: str
) -> None:
    alice, office = rig.phone("101"), rig.office()
    alice.calls(digits)
    office.is_seized()
    office.gives("dial")
    office.receives("911")
    rig.passes(1.0)
    alice.hears(office)


def test_nothing_is_allowed_but_help() -> None:
    rig = SignallingRig(office_plan(policy=DialPolicy(allowed=frozenset())))
    rig.phone("101").calls("95550123#")
    rig.phone("102").calls("911")
    rig.office().gives("dial")
    rig.office().receives("911")
    rig.everybody_hangs_up()
    rig.is_clean()


def test_a_busy_trunk_is_taken_from_its_call(rig: SignallingRig) -> None:
    alice, first = dials_out(rig, "101", 0)
    bob, second = dials_out(rig, "102", 1)
    carol = rig.phone("103")
    carol.calls("911")
    first.is_free()
    alice.hears_tone("reorder")
    bob.hears(second)
    rig.passes(1.6)
    first.is_seized()
    first.gives("dial")
    first.receives("911")
    assert rig.records[0].cause is Cause.PREEMPTED
    rig.passes(2.0)
    carol.hears(first)


def test_two_calls_for_help_take_two_trunks(rig: SignallingRig) -> None:
    _, first = dials_out(rig, "101", 0)
    _, second = dials_out(rig, "102", 1)
    rig.phone("103").calls("911")
    rig.phone("104").calls("911")
    rig.passes(1.6)
    first.is_seized()
    first.gives("dial")
    first.receives("911")
    rig.passes(2.0)
    second.gives("dial")
    second.receives("911")


def test_a_call_for_help_is_not_taken_from_another(rig: SignallingRig) -> None:
    rig.phone("101").calls("911")
    rig.phone("102").calls("911")
    rig.phone("103").calls("911")
    rig.office(0).is_seized()
    rig.office(1).is_seized()
    rig.phone("101").hangs_up()
    rig.passes(1.6)
    rig.office(0).is_seized()
    assert len(rig.exchange.calls()) == 2


def test_a_caller_who_no_longer_waits_gets_no_trunk(rig: SignallingRig) -> None:
    dials_out(rig, "101", 0)
    dials_out(rig, "102", 1)
    carol = rig.phone("103")
    carol.calls("911")
    carol.hangs_up()
    rig.passes(2.0)
    rig.office(0).is_free()


def test_a_trunk_for_incoming_calls_serves_too() -> None:
    plan = Plan(
        stations=(StationPlan("101", PortAddress(0, 0)),),
        trunks=(TrunkPlan(PortAddress(0, 1), direction=TrunkDirection.IN),),
    )
    rig = SignallingRig(plan)
    rig.phone("101").calls("911")
    rig.office().is_seized()
    rig.everybody_hangs_up()
    rig.is_clean()


def test_with_no_trunk_in_service_the_caller_is_told() -> None:
    rig = SignallingRig(office_plan(trunks=0))
    rig.phone("101").calls("911")
    rig.phone("101").hears_tone("reorder")
    rig.everybody_hangs_up()
    rig.is_clean()


def test_dead_lines_are_tried_again(rig: SignallingRig) -> None:
    alice = rig.phone("101")
    alice.calls("911")
    rig.passes(10.0)
    rig.passes(1.6)
    rig.office(0).is_seized()
    rig.office(0).gives("dial")
    rig.office(0).receives("911")


def test_during_a_consultation(rig: SignallingRig) -> None:
    alice, bob = rig.phone("101"), rig.phone("102")
    alice.calls("102")
    bob.lifts()
    alice.flashes()
    alice.dials("911")
    rig.office().is_seized()


@pytest.mark.parametrize(("country", "number"), [("uk", "999"), ("de", "112"), ("jp", "119")])
def test_other_countries_have_other_numbers(country: str, number: str) -> None:
    plan = Plan(
        stations=(StationPlan("201", PortAddress(0, 0)),),
        trunks=(TrunkPlan(PortAddress(0, 1)),),
        country=country,
        numbering=Numbering(),
    )
    rig = SignallingRig(plan)
    rig.phone("201").calls(number)
    rig.office().is_seized()
    rig.office().gives("dial")
    rig.office().receives(number)
    rig.everybody_hangs_up()
    rig.is_clean()
