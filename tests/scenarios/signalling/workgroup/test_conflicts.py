# SPDX-License-Identifier: MIT
"""What becomes of a workgroup's calls beside everything else that people do with telephones."""

import dataclasses
from typing import Any

import pytest

from altiware.core.attendants import AttendantAct, AttendantItem, AttendantPlan
from altiware.core.causes import Cause
from altiware.core.notices import SettingChanged
from altiware.core.plan import Service
from altiware.core.speech import Phrase
from altiware.core.workgroup_events import WorkgroupFact as F
from altiware.features.catalog import FACTORIES
from tests.scenarios.signalling.station_office import confirmed
from tests.scenarios.signalling.test_applications import Guide
from tests.scenarios.signalling.workgroup.group_office import (
    PHRASE_S,
    GroupRig,
    Make,
    changed,
    group_plan,
)
from tests.signalling_rig import Office, Phone

ALL = ("102", "103", "104")


def serve(rig: GroupRig, extension: str = "102") -> tuple[Office, Phone]:
    """Let an agent have a caller from outside."""
    office, agent = rig.call_in(), rig.phone(extension)
    agent.lifts()
    office.hears(agent)
    return office, agent


# What an agent has set


@pytest.mark.feature("workgroup queue", "do not disturb")
def test_an_agent_who_is_not_to_be_disturbed_gets_no_calls(rig: GroupRig) -> None:
    for extension in ALL:
        confirmed(rig.phone(extension), "#33", "do-not-disturb-on")
    office = rig.call_in()
    rig.are_quiet(*ALL)
    office.hears_said("queue-welcome")
    confirmed(rig.phone("103"), "#33", "do-not-disturb-off")
    rig.phone("103").rings()


@pytest.mark.feature("workgroup queue", "forward all calls")
def test_an_agent_who_has_forwarded_his_calls_gets_none(rig: GroupRig) -> None:
    confirmed(rig.phone("102"), "#36105", "forward-all-to", "number-1")
    rig.call_in()
    rig.are_quiet("102", "105")
    rig.phone("103").rings()


@pytest.mark.feature("workgroup queue", "forward when nobody answers")
def test_a_call_of_the_group_does_not_follow_an_agents_forwarding(make: Make) -> None:
    plan = group_plan()
    stations = tuple(
        dataclasses.replace(each, no_answer="105", busy="105", ring_s=10.0)
        for each in plan.stations
    )
    rig = make(dataclasses.replace(plan, stations=stations))
    rig.call_in()
    rig.passes(10.1)
    rig.are_quiet("102", "105")
    rig.phone("103").rings()
    assert rig.facts[-1].fact is F.MISSED


@pytest.mark.feature("workgroup queue", "call waiting")
def test_a_call_of_the_group_does_not_wait_for_an_agent_who_talks(make: Make) -> None:
    plan = group_plan()
    stations = tuple(dataclasses.replace(each, call_waiting=True) for each in plan.stations)
    rig = make(dataclasses.replace(plan, stations=stations))
    rig.phone("105").calls("102")
    rig.phone("102").lifts()
    rig.occupy("103", "104")
    office = rig.call_in()
    office.hears_said("queue-welcome")
    rig.phone("102").hears(rig.phone("105"))
    rig.phone("106").calls("102")
    rig.passes(0.1)
    rig.phone("106").hears_tone("ringback")


@pytest.mark.feature("workgroup", "call waiting")
def test_an_agent_takes_another_call_that_waits_and_returns(make: Make) -> None:
    plan = group_plan()
    stations = tuple(dataclasses.replace(each, call_waiting=True) for each in plan.stations)
    rig = make(dataclasses.replace(plan, stations=stations))
    office, bob = serve(rig)
    erin = rig.phone("105")
    erin.calls("102")
    rig.passes(0.1)
    bob.flashes()
    bob.hears(erin)
    assert rig.agents()["102"].value == "talking"
    bob.flashes()
    bob.hears(office)
    erin.hangs_up()
    bob.hears(office)


@pytest.mark.feature("workgroup queue", "forward when busy")
def test_a_busy_agents_forwarding_does_not_get_the_groups_calls(make: Make) -> None:
    rig = make(kept=[SettingChanged(0.0, each, "forward_busy", "105") for each in ALL])
    rig.occupy(*ALL)
    rig.call_in().hears_said("queue-welcome")
    rig.phone("105").is_quiet()


# What others do with a call that rings, or waits


@pytest.mark.feature("workgroup queue", "pickup of one extension")
def test_somebody_else_picks_up_an_agents_call(rig: GroupRig) -> None:
    office, erin = rig.call_in(), rig.phone("105")
    rig.phone("102").rings()
    erin.calls("#29102")
    rig.phone("102").is_quiet()
    office.hears(erin)
    assert rig.facts[-1].fact is F.ANSWERED
    assert rig.facts[-1].agent == "105"


@pytest.mark.feature("workgroup queue", "transfer")
def test_a_caller_is_transferred_to_the_group(make: Make) -> None:
    rig = make(group_plan(incoming="101"))
    rig.occupy(*ALL)
    office, alice = rig.call_in(), rig.phone("101")
    alice.lifts()
    office.hears(alice)
    alice.flashes()
    alice.dials("500")
    rig.passes(0.1)
    alice.hears_said("queue-welcome")
    assert rig.waiting() == ["101"]
    alice.hangs_up()
    assert rig.waiting() == [str(office.port)], "he has the place that she took for him"
    office.hears_said("queue-welcome")
    rig.passes(3 * PHRASE_S)
    office.hears_said("music")
    rig.phone("103").hangs_up()
    rig.phone("103").rings()
    rig.phone("103").lifts()
    office.hears(rig.phone("103"))
    rig.phone("103").hears(office)


@pytest.mark.feature("workgroup queue", "transfer")
def test_who_consults_the_group_speaks_with_the_agent_first(make: Make) -> None:
    rig = make(group_plan(incoming="101"))
    office, alice = rig.call_in(), rig.phone("101")
    alice.lifts()
    alice.flashes()
    alice.dials("500")
    rig.passes(0.1)
    bob = rig.phone("102")
    bob.lifts()
    alice.hears(bob)
    alice.hangs_up()
    office.hears(bob)
    bob.hears(office)


@pytest.mark.feature("workgroup queue", "transfer")
def test_who_consults_the_group_returns_to_his_caller(make: Make) -> None:
    rig = make(group_plan(incoming="101"))
    rig.occupy(*ALL)
    office, alice = rig.call_in(), rig.phone("101")
    alice.lifts()
    alice.flashes()
    alice.dials("500")
    rig.passes(0.1)
    alice.flashes()
    alice.hears(office)
    assert rig.waiting() == []
    assert rig.facts[-1].fact is F.ABANDONED


@pytest.mark.feature("workgroup queue", "hold")
def test_who_turns_away_from_the_queue_keeps_his_place(rig: GroupRig) -> None:
    rig.occupy("103", "104")
    alice, bob = rig.calls_group("101"), rig.phone("102")
    bob.rings()
    alice.flashes()
    bob.is_quiet()
    alice.hears_tone("stutter")
    rig.passes(5.0)
    bob.is_quiet()
    assert rig.waiting() == ["101"]
    alice.flashes()
    bob.rings()
    bob.lifts()
    alice.hears(bob)


# What an agent does with his caller


@pytest.mark.feature("workgroup", "transfer")
def test_an_agent_transfers_his_caller_and_is_free(rig: GroupRig) -> None:
    office, bob = serve(rig)
    bob.flashes()
    bob.dials("105")
    assert rig.agents()["102"].value == "talking"
    bob.hangs_up()
    assert rig.agents()["102"].value == "ready"
    rig.phone("105").lifts()
    office.hears(rig.phone("105"))
    assert rig.facts[-1].fact is F.TALKED


@pytest.mark.feature("workgroup", "transfer")
def test_an_agent_sends_his_caller_back_to_the_group(rig: GroupRig) -> None:
    office, bob = serve(rig)
    bob.flashes()
    bob.dials("500")
    rig.passes(0.1)
    bob.hangs_up()
    rig.phone("103").rings()
    rig.phone("103").lifts()
    office.hears(rig.phone("103"))


@pytest.mark.feature("workgroup", "call park")
def test_an_agent_parks_his_caller_and_is_free(rig: GroupRig) -> None:
    office, bob = serve(rig)
    bob.flashes()
    bob.dials("#41")
    rig.passes(4.2)
    bob.hangs_up()
    office.hears_said("music")
    assert rig.agents()["102"].value == "ready"
    rig.phone("105").calls("#411#")
    office.hears(rig.phone("105"))


@pytest.mark.feature("workgroup", "conference")
def test_an_agent_makes_a_conference_of_his_call(rig: GroupRig) -> None:
    office, bob = serve(rig)
    erin = rig.phone("105")
    bob.flashes()
    bob.dials("105")
    erin.lifts()
    bob.flashes()
    bob.hears(office, erin)
    assert rig.agents()["102"].value == "talking"
    bob.hangs_up()
    office.hears(erin)
    assert rig.agents()["102"].value == "ready"


@pytest.mark.feature("workgroup", "hold")
def test_an_agent_who_hangs_up_with_his_caller_on_hold_is_rung_for_him(rig: GroupRig) -> None:
    office, bob = serve(rig)
    bob.flashes()
    bob.hangs_up()
    bob.rings()
    assert rig.agents()["102"].value == "talking"
    bob.lifts()
    office.hears(bob)


# How a call comes to the group, and where it goes from there


MENU = AttendantPlan(
    "main",
    {
        "": AttendantItem(AttendantAct.MENU, prompt=(Phrase("attendant-welcome"),)),
        "2": AttendantItem(AttendantAct.CALL, target="500"),
    },
)


@pytest.mark.feature("workgroup overflow", "attendant")
def test_from_the_attendant_to_the_group_and_on_to_a_mailbox(make: Make) -> None:
    plan = group_plan(
        changed(overflow="590", overflow_after_s=20.0),
        services={"190": Service("attendant", "main"), "590": Service("guide")},
        attendants=(MENU,),
        incoming="190",
    )
    rig = make(plan, factories={**FACTORIES, "guide": Guide})
    rig.occupy(*ALL)
    office = rig.office()
    office.calls_in("2125550123")
    office.hears_said("attendant-welcome")
    office.presses("2")
    office.hears_said("queue-welcome", "queue-next")
    rig.passes(20.0)
    office.hears_said("welcome", "press-2")


@pytest.mark.feature("workgroup", "forward all calls")
def test_an_extension_is_forwarded_to_the_group(rig: GroupRig) -> None:
    confirmed(rig.phone("106"), "#36500", "forward-all-to", "number-5")
    rig.phone("101").calls("106")
    rig.passes(0.1)
    rig.phone("102").rings()
    rig.phone("102").lifts()
    rig.phone("101").hears(rig.phone("102"))


# What fails


@pytest.mark.feature("workgroup queue", "lost board")
def test_the_board_is_lost_while_callers_wait(rig: GroupRig) -> None:
    rig.occupy(*ALL)
    rig.call_in()
    rig.boards[0].is_lost()
    rig.passes(0.5)
    rig.is_forgotten()
    assert rig.facts[-1].fact is F.ABANDONED
    rig.boards[0].comes_up()
    rig.passes(1.0)
    rig.call_in()
    rig.phone("102").rings()


@pytest.mark.feature("workgroup", "lost board")
@pytest.mark.parametrize("answered", [False, True])
def test_the_agents_board_is_lost(make: Make, answered: bool) -> None:
    plan = group_plan()
    moved = dataclasses.replace(
        plan.stations[1], port=dataclasses.replace(plan.stations[1].port, board=1, port=0)
    )
    stations = (plan.stations[0], moved, *_shifted(plan.stations[2:]))
    rig = make(dataclasses.replace(plan, stations=stations, trunks=_shifted(plan.trunks)))
    office = rig.call_in()
    if answered:
        rig.phone("102").lifts()
    rig.boards[1].is_lost()
    rig.passes(0.5)
    if answered:
        office.is_free()
        assert Cause.BOARD_LOST in {each.cause for each in rig.records}
    else:
        rig.phone("103").rings()
        rig.phone("103").lifts()
        office.hears(rig.phone("103"))
    rig.boards[1].comes_up()
    rig.passes(0.5)


def _shifted(plans: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return plans with the port before theirs."""
    return tuple(
        dataclasses.replace(each, port=dataclasses.replace(each.port, port=each.port.port - 1))
        for each in plans
    )


@pytest.mark.feature("workgroup", "reconfiguration")
def test_a_group_that_is_taken_out_of_the_plan_lets_its_callers_go(rig: GroupRig) -> None:
    rig.occupy(*ALL)
    office = rig.call_in()
    rig.exchange.reconfigure(
        dataclasses.replace(
            rig.plan,
            workgroups=(),
            incoming="101",
            numbering=dataclasses.replace(rig.plan.numbering, services={}),
        )
    )
    rig.passes(30.0)
    office.hears_said("queue-nobody", "goodbye")
    rig.passes(2 * PHRASE_S + 0.1)
    office.is_free()
