# SPDX-License-Identifier: MIT
"""A new plan in the middle of calls."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from altiware.core.causes import Cause
from altiware.core.plan import Numbering, Plan, StationPlan
from tests.signalling_rig import SignallingRig, office_plan

OFFICE = office_plan(stations=4, trunks=2)
LESS = replace(OFFICE, stations=OFFICE.stations[:3])


@pytest.fixture
def rig() -> Iterator[SignallingRig]:
    """An office of four that begins with three."""
    rig = SignallingRig(OFFICE)
    yield rig
    rig.everybody_hangs_up()
    rig.is_clean()
    rig.close()


def change(rig: SignallingRig, plan: Plan) -> None:
    rig.exchange.reconfigure(plan)
    rig.plan = plan
    rig.passes(0.0)


@pytest.mark.feature("configuration in service")
def test_a_call_goes_on_and_a_new_station_can_be_called(rig: SignallingRig) -> None:
    change(rig, LESS)
    alice, bob = rig.phone("101"), rig.phone("102")
    alice.calls("102")
    bob.lifts()
    change(rig, OFFICE)
    alice.hears(bob)
    carol, dave = rig.phone("103"), rig.phone("104")
    carol.calls("104")
    dave.rings()
    dave.lifts()
    carol.hears(dave)


@pytest.mark.feature("configuration in service")
def test_who_is_taken_out_is_torn_from_his_call(rig: SignallingRig) -> None:
    alice, dave = rig.phone("101"), rig.phone("104")
    alice.calls("104")
    dave.lifts()
    change(rig, LESS)
    alice.hears_tone("reorder")
    alice.hangs_up()
    assert rig.records[0].cause is Cause.BOARD_LOST
    alice.calls("104")
    alice.hears_tone("reorder")
    assert [each.extension for each in rig.exchange.lines()] == ["101", "102", "103"]


@pytest.mark.feature("configuration in service")
def test_a_station_that_moves_is_called_at_its_new_port(rig: SignallingRig) -> None:
    *others, dave = OFFICE.stations
    moved = replace(LESS, stations=(*others[:2], replace(others[2], port=dave.port)))
    change(rig, moved)
    alice, carol = rig.phone("101"), rig.phone("103")
    alice.calls("103")
    carol.rings()
    assert carol.port == dave.port


@pytest.mark.feature("configuration in service")
def test_names_and_numbers_are_those_of_the_new_plan(rig: SignallingRig) -> None:
    alice, bob = rig.phone("101"), rig.phone("102")
    named = tuple(replace(each, name=f"New {each.name}") for each in OFFICE.stations)
    change(rig, replace(OFFICE, stations=named, operator="102", numbering=Numbering()))
    alice.calls("0")
    bob.rings("operator")
    (call,) = rig.exchange.calls()
    assert call.record.caller.name == "New Alice"


def test_a_station_on_a_port_of_another_kind_is_complained_of(rig: SignallingRig) -> None:
    wrong = StationPlan("105", OFFICE.trunks[1].port)
    change(rig, replace(OFFICE, stations=(*OFFICE.stations, wrong), trunks=OFFICE.trunks[:1]))
    (missed,) = [each for each in rig.notices if type(each).__name__ == "OrderMissed"]
    assert "needs fxs" in str(missed)
    rig.notices.remove(missed)
