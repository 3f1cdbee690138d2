# SPDX-License-Identifier: MIT
"""Which agents are rung for a caller, and what is told of it."""

import pytest

from altiware.core.causes import Cause
from altiware.core.plan import Service
from altiware.core.workgroup_events import WorkgroupFact as F
from altiware.core.workgroups import Distribution, Member
from altiware.features.workgroup.agents import AgentState
from tests.scenarios.signalling.workgroup.group_office import GroupRig, Make, changed, group_plan

# One call


@pytest.mark.feature("workgroup")
def test_a_caller_is_rung_through_to_a_free_agent(rig: GroupRig) -> None:
    office, bob = rig.call_in(), rig.phone("102")
    bob.rings("external")
    office.hears_tone("ringback")
    rig.are_quiet("103", "104")
    bob.lifts()
    office.hears(bob)
    bob.hears(office)
    assert rig.agents()["102"] is AgentState.TALKING
    rig.passes(10.0)
    office.breaks_loop()
    rig.has_told(F.OFFERED, F.ANSWERED, F.TALKED)
    offered, answered, talked = rig.facts
    assert offered.call == answered.call
    assert answered.agent == "102"
    assert answered.in_time
    assert talked.seconds == pytest.approx(10.0, abs=0.5)


@pytest.mark.feature("workgroup")
def test_the_agent_is_shown_the_group_and_who_calls(rig: GroupRig) -> None:
    rig.call_in()
    rig.passes(2.6)
    shown = rig.phone("102").is_shown()
    assert (shown.number, shown.name) == ("2125550123", "sales SMITH JOH")


@pytest.mark.feature("workgroup")
def test_calls_inside_are_distributed_too(rig: GroupRig) -> None:
    alice, bob = rig.phone("101"), rig.phone("102")
    alice.calls("500")
    rig.passes(0.1)
    bob.rings("internal")
    bob.lifts()
    alice.hears(bob)
    bob.hangs_up()
    alice.hears_tone("reorder")


@pytest.mark.feature("workgroup")
def test_both_calls_are_recorded_as_one_session(rig: GroupRig) -> None:
    office, bob = rig.call_in(), rig.phone("102")
    bob.lifts()
    rig.passes(5.0)
    office.breaks_loop()
    first, second = rig.records
    assert {first.cause, second.cause} == {Cause.TRANSFERRED, Cause.NORMAL}
    assert first.session == second.session
    answered = next(each for each in rig.records if each.cause is Cause.NORMAL)
    assert answered.target is not None
    assert answered.target.number == "102"
    assert answered.caller.number == "2125550123"


# Which agent


@pytest.mark.feature("workgroup: first available")
def test_the_first_of_the_members_is_called(make: Make) -> None:
    rig = make(group_plan(changed(mode=Distribution.FIRST)))
    for _ in range(2):
        office = rig.call_in()
        rig.phone("102").rings()
        rig.phone("102").lifts()
        rig.passes(5.0)
        rig.phone("102").hangs_up()
        office.is_free()
        rig.passes(3.0)


@pytest.mark.feature("workgroup: round robin")
def test_one_after_the_other_is_called(make: Make) -> None:
    rig = make(group_plan(changed(mode=Distribution.ROUND_ROBIN)))
    for extension in ("102", "103", "104", "102"):
        rig.call_in()
        rig.phone(extension).rings()
        rig.phone(extension).lifts()
        rig.phone(extension).hangs_up()
        rig.passes(3.0)


@pytest.mark.feature("workgroup: longest idle")
def test_who_is_idle_longest_is_called(rig: GroupRig) -> None:
    for extension, talk_s in (("102", 1.0), ("103", 60.0), ("104", 5.0)):
        rig.call_in()
        rig.phone(extension).rings()
        rig.phone(extension).lifts()
        rig.passes(talk_s)
        rig.phone(extension).hangs_up()
        rig.passes(3.0)
    rig.call_in()
    rig.phone("102").rings()


@pytest.mark.feature("workgroup: ring all")
def test_all_ring_and_who_answers_first_has_the_caller(make: Make) -> None:
    rig = make(group_plan(changed(mode=Distribution.ALL)))
    office = rig.call_in()
    for extension in ("102", "103", "104"):
        rig.phone(extension).rings()
    rig.phone("103").lifts()
    rig.are_quiet("102", "104")
    office.hears(rig.phone("103"))


@pytest.mark.feature("workgroup: ring all")
def test_an_agent_who_is_free_later_rings_too(make: Make) -> None:
    rig = make(group_plan(changed(mode=Distribution.ALL)))
    rig.phone("102").lifts()
    rig.call_in()
    rig.phone("103").rings()
    rig.phone("102").hangs_up()
    rig.phone("102").rings()


@pytest.mark.feature("workgroup: ring all")
def test_the_second_caller_rings_who_the_first_has_left(make: Make) -> None:
    rig = make(group_plan(changed(mode=Distribution.ALL)))
    first = rig.call_in()
    second = rig.call_in(1)
    rig.phone("102").lifts()
    first.hears(rig.phone("102"))
    rig.phone("103").rings()
    rig.phone("104").lifts()
    second.hears(rig.phone("104"))


SKILLED = changed(
    mode=Distribution.SKILLS,
    members=(
        Member("102"),
        Member("103", {"german": 1}),
        Member("104", {"german": 9}),
    ),
)


@pytest.mark.feature("workgroup: skills")
def test_who_is_best_at_it_is_called_first_then_who_is_able_at_all(make: Make) -> None:
    rig = german_office(make)
    alice, erin, frank = (rig.phone(each) for each in ("101", "105", "106"))
    alice.calls("501")
    rig.passes(0.1)
    rig.phone("104").rings()
    erin.calls("501")
    rig.passes(0.1)
    rig.phone("103").rings()
    frank.calls("501")
    rig.passes(0.1)
    rig.phone("102").is_quiet()
    rig.passes(60.0)
    rig.phone("102").rings()


@pytest.mark.feature("workgroup: skills")
def test_who_wants_no_skill_gets_any_agent(make: Make) -> None:
    rig = german_office(make)
    rig.phone("101").calls("500")
    rig.passes(0.1)
    rig.phone("102").rings()


def german_office(make: Make) -> GroupRig:
    """Return an office where 501 is for callers who speak German."""
    return make(group_plan(SKILLED, services={"501": Service("workgroup", "sales:german")}))
