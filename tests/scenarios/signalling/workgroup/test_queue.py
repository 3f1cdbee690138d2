# SPDX-License-Identifier: MIT
"""What a caller hears who has to wait, where he goes, and what is left when he gives up."""

from dataclasses import replace

import pytest

from altiware.core.causes import Cause
from altiware.core.decision import DialPolicy, NumberClass
from altiware.core.plan import Numbering, Service
from altiware.core.workgroup_events import WorkgroupFact as F
from altiware.core.workgroups import Announcement, Blank, Recorded
from altiware.features.profile import PROFILES
from tests.scenarios.signalling.workgroup.group_office import (
    PHRASE_S,
    GroupRig,
    Make,
    changed,
    group_plan,
    logged_out,
)

ALL = ("102", "103", "104")


# Waiting


@pytest.mark.feature("workgroup queue")
def test_a_caller_waits_and_is_told_his_place_at_its_times(rig: GroupRig) -> None:
    rig.occupy(*ALL)
    first, second = rig.call_in(), rig.call_in(1)
    first.hears_said("music")
    second.hears_said("queue-welcome", "queue-position", "number-2", "queue-in-line")
    rig.passes(4 * PHRASE_S + 0.1)
    second.hears_said("music")
    rig.passes(24.5)
    first.hears_said("music")
    rig.passes(3.5)
    second.hears_said("queue-still-busy", "queue-position", "number-2", "queue-in-line")
    rig.phone("102").hangs_up()
    rig.phone("102").rings()
    rig.phone("102").lifts()
    first.hears(rig.phone("102"))
    assert rig.waiting() == [str(second.port)]
    rig.passes(45.0)
    second.hears_said("queue-still-busy", "queue-next")


@pytest.mark.feature("workgroup queue")
def test_callers_are_served_in_the_order_in_which_they_came(rig: GroupRig) -> None:
    rig.occupy(*ALL)
    first, alice, third = rig.call_in(), rig.calls_group("101"), rig.call_in(1)
    assert rig.waiting() == [str(first.port), "101", str(third.port)]
    for agent, caller in zip(ALL, (first, alice, third), strict=True):
        rig.phone(agent).hangs_up()
        rig.phone(agent).lifts()
        caller.hears(rig.phone(agent))


@pytest.mark.feature("workgroup queue")
def test_the_expected_wait_is_said_in_minutes(make: Make) -> None:
    waits = (Announcement(0.0, (Blank.WAIT,)),)
    rig = make(group_plan(changed(announcements=waits)))
    rig.occupy(*ALL)
    rig.call_in().hears_said("queue-wait-less-than-minute")  # 3 minutes a call, three agents
    rig.call_in(1).hears_said("queue-wait", "number-2", "minutes")


@pytest.mark.feature("workgroup queue")
def test_music_plays_where_nothing_is_announced(make: Make) -> None:
    rig = make(group_plan(changed(announcements=())))
    rig.occupy(*ALL)
    office = rig.call_in()
    office.hears_said("music")
    rig.passes(100.0)
    office.hears_said("music")


@pytest.mark.feature("workgroup queue")
def test_an_agent_who_does_not_answer_is_passed_by(rig: GroupRig) -> None:
    office = rig.call_in()
    rig.phone("102").rings()
    rig.passes(15.1)
    rig.are_quiet("102", "104")
    rig.phone("103").rings()
    office.hears_said("queue-welcome")
    rig.passes(15.1)
    rig.phone("104").rings()
    rig.passes(15.1)
    rig.phone("102").rings()
    rig.phone("102").lifts()
    office.hears(rig.phone("102"))
    rig.has_told(F.OFFERED, F.MISSED, F.MISSED, F.MISSED, F.ANSWERED)
    assert not rig.facts[-1].in_time


@pytest.mark.feature("workgroup: no-answer log-out")
def test_an_agent_who_does_not_answer_is_logged_out(make: Make) -> None:
    rig = make(group_plan(changed(no_answer_log_out=True)))
    rig.call_in()
    rig.passes(15.1)
    assert rig.agents()["102"].value == "logged out"
    rig.phone("103").rings()
    rig.has_told(F.OFFERED, F.MISSED, F.LOGGED_OUT)


# Not waiting


@pytest.mark.feature("workgroup overflow")
def test_who_has_waited_too_long_is_led_elsewhere(make: Make) -> None:
    rig = make(group_plan(changed(overflow="105", overflow_after_s=40.0)))
    rig.occupy(*ALL)
    office = rig.call_in()
    rig.passes(35.0)
    rig.phone("105").is_quiet()
    rig.passes(5.0)
    rig.phone("105").rings()
    office.hears_tone("ringback")
    assert rig.waiting() == []
    rig.phone("105").lifts()
    office.hears(rig.phone("105"))
    rig.has_told(F.OFFERED, F.OVERFLOWED)


@pytest.mark.feature("workgroup overflow")
def test_an_agent_who_is_ringing_is_let_go_at_the_overflow(make: Make) -> None:
    rig = make(group_plan(changed(overflow="105", overflow_after_s=5.0)))
    rig.call_in()
    rig.phone("102").rings()
    rig.passes(5.0)
    rig.phone("102").is_quiet()
    rig.phone("105").rings()


@pytest.mark.feature("workgroup overflow")
def test_nobody_is_logged_in(make: Make) -> None:
    rig = make(group_plan(changed(overflow="105")), kept=logged_out(*ALL))
    rig.call_in()
    rig.phone("105").rings()
    rig.has_told(F.OFFERED, F.OVERFLOWED)


@pytest.mark.feature("workgroup queue")
def test_where_there_is_no_overflow_it_is_said_that_nobody_is_there(make: Make) -> None:
    rig = make(kept=logged_out(*ALL))
    office = rig.call_in()
    office.hears_said("queue-nobody", "goodbye")
    rig.passes(2 * PHRASE_S + 0.1)
    office.is_free()
    rig.has_told(F.OFFERED, F.REFUSED)


@pytest.mark.feature("workgroup queue")
def test_a_full_queue_takes_nobody(make: Make) -> None:
    rig = make(group_plan(changed(most_waiting=1)))
    rig.occupy(*ALL)
    rig.call_in()
    rig.call_in(1).hears_said("queue-full", "goodbye")


@pytest.mark.feature("workgroup overflow")
def test_two_groups_that_overflow_to_each_other_do_not_play_ball(make: Make) -> None:
    plan = group_plan(
        changed(overflow="501"),
        changed(name="service", overflow="500"),
        services={"501": Service("workgroup", "service")},
    )
    rig = make(plan, kept=logged_out(*ALL))
    office = rig.call_in()
    office.hears_said("queue-nobody", "goodbye")
    assert [(each.group, each.fact) for each in rig.facts] == [
        ("sales", F.OFFERED),
        ("sales", F.OVERFLOWED),
        ("service", F.OFFERED),
        ("service", F.OVERFLOWED),
        ("sales", F.OFFERED),
        ("sales", F.REFUSED),
    ]


# Giving up


@pytest.mark.feature("workgroup queue")
def test_the_caller_gives_up_while_an_agent_rings(rig: GroupRig) -> None:
    alice = rig.calls_group("101")
    rig.phone("102").rings()
    rig.passes(4.0)
    alice.hangs_up()
    rig.phone("102").is_quiet()
    assert rig.agents()["102"].value == "ready"
    rig.has_told(F.OFFERED, F.ABANDONED)
    assert rig.facts[-1].seconds == pytest.approx(4.3, abs=0.1)


@pytest.mark.feature("workgroup queue")
def test_the_caller_gives_up_while_he_waits(rig: GroupRig) -> None:
    rig.occupy(*ALL)
    alice, office = rig.calls_group("101"), rig.call_in()
    alice.hangs_up()
    assert rig.waiting() == [str(office.port)]
    rig.phone("103").hangs_up()
    rig.phone("103").lifts()
    office.hears(rig.phone("103"))


@pytest.mark.feature("workgroup queue")
def test_the_caller_gives_up_in_the_same_moment_as_the_agent_is_called(rig: GroupRig) -> None:
    alice = rig.phone("101")
    alice.lifts()
    alice.dials("500")
    alice.hangs_up()
    rig.passes(0.5)
    rig.are_quiet(*ALL)


@pytest.mark.feature("workgroup queue")
def test_the_caller_gives_up_while_the_agent_is_told_about_him(make: Make) -> None:
    rig = make(group_plan(changed(tells_agent=True)))
    alice, bob = rig.calls_group("101"), rig.phone("102")
    rig.passes(3.0)
    bob.lifts()
    bob.hears_said("queue-agent-waited", "number-3", "seconds")
    alice.hangs_up()
    bob.hears_tone("reorder")
    rig.has_told(F.OFFERED, F.ABANDONED)


@pytest.mark.feature("workgroup queue")
def test_the_agent_gives_up_while_he_is_told_about_the_caller(make: Make) -> None:
    rig = make(group_plan(changed(tells_agent=True)))
    alice, bob = rig.calls_group("101"), rig.phone("102")
    bob.lifts()
    bob.hangs_up()
    rig.phone("103").rings()
    rig.phone("103").lifts()
    rig.passes(5 * PHRASE_S)
    alice.hears(rig.phone("103"))


# Called back


def wants_call_back(rig: GroupRig, line: int = 0) -> None:
    """Let a caller from outside ask for a call-back, and be let go."""
    office = rig.call_in(line)
    rig.passes(1.0)
    office.presses("1")
    office.hears_said("queue-callback-number", "number-2", "number-1", "number-2", "pause")
    rig.passes(16 * PHRASE_S)
    office.is_free()
    rig.passes(2.0)


def call_back_rig(
    make: Make, *, allowed: tuple[NumberClass, ...] = (NumberClass.LOCAL,)
) -> GroupRig:
    """Return an office that calls back as 105, in the area of its callers."""
    numbering = Numbering(
        services={"500": Service("workgroup", "sales")},
        codes=PROFILES["oe45"],
        area_codes=("212",),
    )
    policy = DialPolicy(frozenset(allowed))
    group = changed(call_back=True, calls_as="105")
    rig = make(group_plan(group, numbering=numbering, policy=policy))
    rig.occupy(*ALL)
    return rig


@pytest.mark.feature("workgroup call-back")
def test_a_caller_is_called_back_when_it_is_his_turn(make: Make) -> None:
    rig = call_back_rig(make)
    wants_call_back(rig)
    later = rig.call_in(1)
    assert rig.waiting() == ["00:06", "00:07"], "he keeps his place"
    bob = rig.phone("102")
    bob.hangs_up()
    bob.rings()
    bob.lifts()
    bob.hears_said("queue-agent-callback")
    rig.passes(PHRASE_S + 0.1)
    office = rig.office(0)
    office.is_seized()
    office.gives("dial")
    office.receives("2125550123")
    rig.passes(25.0)
    office.hears(bob)
    later.hears_said("music")
    rig.passes(10.0)
    bob.hangs_up()
    rig.has_told(F.OFFERED, F.CALL_BACK, F.OFFERED, F.ANSWERED, F.TALKED)
    record = next(each for each in rig.records if each.decision is not None)
    assert record.charged_to == "105"


@pytest.mark.feature("workgroup call-back", "dialling rules")
def test_who_may_not_be_called_is_not_called_back(make: Make) -> None:
    rig = call_back_rig(make, allowed=())
    wants_call_back(rig)
    bob = rig.phone("102")
    bob.hangs_up()
    bob.lifts()
    rig.passes(PHRASE_S + 0.1)
    bob.hears_tone("reorder")
    rig.office(0).is_free()
    denied = [each for each in rig.records if each.cause is Cause.DENIED]
    assert [each.number for each in denied] == ["2125550123"]


@pytest.mark.feature("workgroup call-back", "emergency call")
@pytest.mark.parametrize("number", ["911", "", "55", "0119005551234567890"])
def test_numbers_that_are_none_are_not_called_back(make: Make, number: str) -> None:
    rig = call_back_rig(make)
    office = rig.call_in(number=number)
    rig.passes(3.0)
    office.presses("1")
    office.hears_said("queue-callback-not-possible")


@pytest.mark.feature("workgroup call-back")
def test_an_extension_is_called_back_when_it_is_free(make: Make) -> None:
    rig = make(group_plan(changed(call_back=True)))
    rig.occupy(*ALL)
    alice, bob = rig.calls_group("101"), rig.phone("102")
    alice.dials("1")
    alice.hears_said("queue-callback-number", "number-1")
    rig.passes(8 * PHRASE_S)
    bob.hangs_up()
    rig.passes(5.0)
    bob.is_quiet()  # she hasn't hung up
    alice.hangs_up()
    bob.rings()
    bob.lifts()
    rig.passes(PHRASE_S + 0.1)
    alice.rings()
    alice.lifts()
    alice.hears(bob)


@pytest.mark.feature("workgroup call-back")
def test_nobody_is_called_for_a_caller_who_is_still_there(make: Make) -> None:
    rig = call_back_rig(make)
    office = rig.call_in()
    rig.passes(1.0)
    office.presses("1")
    rig.phone("102").hangs_up()
    rig.passes(1.0)
    rig.phone("102").is_quiet()
    rig.passes(16 * PHRASE_S)
    office.is_free()
    assert rig.agents()["102"].value == "ringing"
    rig.phone("102").lifts()
    rig.phone("102").hears_said("queue-agent-callback")
    rig.passes(PHRASE_S + 0.1)


@pytest.mark.feature("workgroup call-back")
def test_a_call_back_that_nobody_makes_lapses(make: Make) -> None:
    rig = call_back_rig(make)
    wants_call_back(rig)
    rig.passes(4 * 3600.0)
    assert rig.waiting() == []
    assert rig.facts[-1].fact is F.LAPSED


# Consent


@pytest.mark.feature("workgroup recording", "workgroup queue")
def test_who_is_recorded_is_told_before_he_waits(make: Make) -> None:
    rig = make(group_plan(changed(recording=Recorded.ALWAYS)))
    office = rig.call_in()
    rig.are_quiet(*ALL)
    office.hears_said("record-consent")
    rig.passes(PHRASE_S + 0.1)
    rig.phone("102").rings()


def test_a_plan_of_a_group_is_checked() -> None:
    plan = changed(overflow_after_s=3.0, service_level_s=2000.0)
    faults = {each[0] for each in plan.contradictions({"102", "103"}, {"102", "103"})}
    assert faults == {"members", "overflow_after_s", "service_level_s", "supervisors"}
    far = replace(plan, overflow="95550123")
    assert "overflow" in {each[0] for each in far.contradictions({"102"}, {"102"})}
