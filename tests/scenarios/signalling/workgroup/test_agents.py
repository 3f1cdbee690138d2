# SPDX-License-Identifier: MIT
"""What agents dial, and when they are left alone."""

import pytest

from altiware.core.plan import Service
from altiware.core.workgroup_events import WorkgroupFact as F
from altiware.core.workgroups import Member
from tests.scenarios.signalling.station_office import confirmed, refused
from tests.scenarios.signalling.workgroup.group_office import (
    GroupRig,
    Make,
    changed,
    group_plan,
    logged_out,
)


def states(rig: GroupRig, name: str = "sales") -> dict[str, str]:
    """Return what the agents are doing, in words."""
    return {agent: state.value for agent, state in rig.agents(name).items()}


@pytest.mark.feature("agent log-in")
def test_an_agent_logs_out_and_in_again(rig: GroupRig) -> None:
    confirmed(rig.phone("102"), "#56#", "agent-logged-out")
    assert states(rig)["102"] == "logged out"
    rig.call_in()
    rig.are_quiet("102")
    rig.phone("103").rings()
    confirmed(rig.phone("102"), "#54#", "agent-logged-in")
    assert states(rig)["102"] == "ready"
    assert [each.fact for each in rig.facts] == [F.LOGGED_OUT, F.OFFERED, F.LOGGED_IN]


@pytest.mark.feature("agent log-in")
def test_logging_in_twice_is_said(rig: GroupRig) -> None:
    confirmed(rig.phone("102"), "#54#", "agent-already-in")
    confirmed(rig.phone("102"), "#56#", "agent-logged-out")
    confirmed(rig.phone("102"), "#56#", "agent-already-out")


@pytest.mark.feature("agent log-in")
def test_the_last_one_is_told_that_he_is(make: Make) -> None:
    rig = make(kept=logged_out("102", "103"))
    confirmed(rig.phone("104"), "#56#", "agent-logged-out", "agent-last")


@pytest.mark.feature("agent log-in")
def test_an_agent_of_two_groups_logs_out_of_one(make: Make) -> None:
    service = changed(name="service", members=(Member("102"), Member("105")))
    plan = group_plan(changed(), service, services={"501": Service("workgroup", "service")})
    rig = make(plan)
    confirmed(rig.phone("102"), "#56501#", "agent-logged-out-of", "number-5")
    assert states(rig)["102"] == "ready"
    assert states(rig, "service")["102"] == "logged out"
    confirmed(rig.phone("102"), "#54501#", "agent-logged-in-to", "number-5")
    assert states(rig, "service")["102"] == "ready"


@pytest.mark.feature("agent log-in")
@pytest.mark.parametrize(("extension", "code"), [("105", "#54#"), ("102", "#54501#")])
def test_who_is_no_member_does_not_log_in(rig: GroupRig, extension: str, code: str) -> None:
    refused(rig.phone(extension), code, "agent-not-member")


@pytest.mark.feature("agent ready")
def test_an_agent_who_is_not_ready_gets_no_calls(rig: GroupRig) -> None:
    confirmed(rig.phone("102"), "#91#", "agent-not-ready")
    rig.occupy("103", "104")
    office = rig.call_in()
    rig.are_quiet("102")
    office.hears_said("queue-welcome")
    confirmed(rig.phone("102"), "#90#", "agent-ready")
    rig.phone("102").rings()


@pytest.mark.feature("agent ready")
def test_an_agent_is_not_ready_but_can_be_called_by_others(rig: GroupRig) -> None:
    confirmed(rig.phone("102"), "#91#", "agent-not-ready")
    rig.phone("101").calls("102")
    rig.phone("102").rings()


def one_agent(make: Make, wrap_up_s: float) -> GroupRig:
    group = changed(members=(Member("102"),), wrap_up_s=wrap_up_s)
    return make(group_plan(group))


@pytest.mark.feature("agent wrap-up")
def test_an_agent_is_left_alone_after_a_call(make: Make) -> None:
    rig = one_agent(make, 30.0)
    rig.call_in()
    bob = rig.phone("102")
    bob.lifts()
    rig.passes(5.0)
    bob.hangs_up()
    assert states(rig) == {"102": "wrap-up"}
    rig.call_in(1)
    rig.passes(26.0)
    bob.is_quiet()
    rig.passes(2.0)
    bob.rings()
    told = {each.fact: each.seconds for each in rig.facts}
    assert told[F.TALKED] == pytest.approx(5.0, abs=0.1)
    assert told[F.WRAPPED_UP] == pytest.approx(30.0, abs=0.1)


@pytest.mark.feature("agent wrap-up", "agent ready")
def test_wrap_up_ends_when_the_agent_says_so(make: Make) -> None:
    rig = one_agent(make, 300.0)
    rig.call_in()
    bob = rig.phone("102")
    bob.lifts()
    bob.hangs_up()
    rig.call_in(1)
    bob.is_quiet()
    confirmed(bob, "#90#", "agent-ready")
    bob.rings()


@pytest.mark.feature("agent wrap-up")
def test_wrap_up_begins_when_the_caller_has_gone(make: Make) -> None:
    rig = one_agent(make, 30.0)
    office = rig.call_in()
    bob = rig.phone("102")
    bob.lifts()
    rig.passes(5.0)
    office.breaks_loop()
    assert states(rig) == {"102": "wrap-up"}
    rig.passes(31.0)
    assert states(rig) == {"102": "busy"}, "he has not hung up"


@pytest.mark.feature("agent wrap-up", "workgroup")
def test_wrap_up_after_one_group_holds_for_the_other(make: Make) -> None:
    sales = changed(members=(Member("102"),), wrap_up_s=60.0)
    service = changed(name="service", members=(Member("102"),))
    rig = make(group_plan(sales, service, services={"501": Service("workgroup", "service")}))
    rig.call_in()
    bob = rig.phone("102")
    bob.lifts()
    bob.hangs_up()
    rig.calls_group("105", "501")
    rig.passes(55.0)
    bob.is_quiet()
    rig.passes(5.0)
    bob.rings()
