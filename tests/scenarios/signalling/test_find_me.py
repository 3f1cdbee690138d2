# SPDX-License-Identifier: MIT
"""One number access: callers are brought to wherever the owner of an extension is."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest

from altiware.core.causes import Cause
from altiware.core.decision import DialPolicy
from altiware.core.errors import PlanError
from altiware.core.find_me import FindMeNumber, FindMePlan
from altiware.core.plan import Plan
from altiware.core.schedules import Schedule
from altiware.features.find_me import EVENTS, IGNORED, FindMe, FindMeState
from tests.altiware.core.machine import every_pair_is_known
from tests.rig_engine import Spoken
from tests.scenarios.signalling.station_office import confirmed, refused, station_plan, station_rig
from tests.signalling_rig import Office, Phone, SignallingRig

OWN = FindMeNumber("104", 10.0)
OTHER = FindMeNumber("105", 15.0)
OUTSIDE = FindMeNumber("95550123", 30.0)
EVENING = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
OFFICE_HOURS = Schedule("office", {day: ((time(8), time(17)),) for day in range(5)})


def plan(*numbers: FindMeNumber, of: dict[str, Any] | None = None, **changes: Any) -> Plan:
    """Return an office in which the owner of 104 is looked for."""
    sought = FindMePlan("104", numbers or (OWN, OTHER), **changes)
    made = station_plan({"104": of or {}})
    return replace(made, find_me=(sought,), incoming="104", schedules=(OFFICE_HOURS,))


def opened(folder: Path, made: Plan, **options: Any) -> SignallingRig:
    folder.joinpath("find-me").mkdir(exist_ok=True)
    return station_rig(folder, made, **options)


def closes(rig: SignallingRig) -> None:
    rig.everybody_hangs_up()
    rig.is_clean()
    rig.close()


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[SignallingRig]:
    rig = opened(tmp_path, plan())
    yield rig
    closes(rig)


def calls_in(rig: SignallingRig, line: int = 0) -> Office:
    """Let somebody call from outside, and say his name."""
    office = rig.office(line)
    office.calls_in("2125550123", "SMITH JOHN")
    office.hears_said("find-me-say-name")
    rig.passes(1.2)  # the phrase, the tone
    office.presses("#")
    rig.passes(0.1)
    office.hears_said("find-me-trying")
    rig.passes(0.6)
    return office


def takes(phone: Phone, key: str = "1") -> None:
    phone.rings()
    phone.lifts()
    phone.hears_said("find-me-call-for", "letter-d", "letter-a", "letter-v", "letter-e")
    phone.presses(key)


def test_every_pair_is_known() -> None:
    every_pair_is_known(FindMeState, EVENTS, FindMe.rows, IGNORED)


@pytest.mark.feature("find-me")
def test_a_caller_says_his_name_and_is_taken_at_the_second_number(rig: SignallingRig) -> None:
    office = calls_in(rig)
    dave, erin = rig.phone("104"), rig.phone("105")
    dave.rings()
    erin.is_quiet()
    rig.passes(10.1)
    dave.is_quiet()
    erin.rings()
    erin.lifts()
    (said,) = (rig.engine.says[each] for each in rig.engine.sources(erin.timeslot))
    assert isinstance(said, Spoken)
    (name,) = (each for each in said.clips if each.parent.name == "find-me")
    assert name.exists(), "he hears the caller's own voice"
    erin.presses("1")
    erin.hears(office)
    office.hears(erin)


@pytest.mark.feature("find-me")
def test_a_caller_from_inside_is_known(rig: SignallingRig) -> None:
    alice, dave = rig.phone("101"), rig.phone("104")
    alice.calls("104")
    alice.hears_said("find-me-trying")
    rig.passes(0.6)
    takes(dave)
    alice.hears(dave)
    dave.hears(alice)


@pytest.mark.feature("find-me", "coverage")
def test_nobody_takes_it_and_the_extension_s_coverage_does(tmp_path: Path) -> None:
    rig = opened(tmp_path, plan(of={"no_answer": "106"}))
    office = calls_in(rig)
    rig.passes(10.1 + 15.1)
    rig.phone("106").rings()
    rig.phone("106").lifts()
    office.hears(rig.phone("106"))
    closes(rig)


@pytest.mark.feature("find-me", "coverage")
def test_who_declines_sends_the_caller_there_at_once(tmp_path: Path) -> None:
    rig = opened(tmp_path, plan(of={"no_answer": "106"}))
    calls_in(rig)
    takes(rig.phone("104"), "2")
    rig.phone("106").rings()
    rig.phone("105").is_quiet()
    closes(rig)


@pytest.mark.feature("find-me")
def test_without_coverage_the_caller_is_told(rig: SignallingRig) -> None:
    office = calls_in(rig)
    takes(rig.phone("104"), "2")
    office.hears_said("find-me-not-found")
    rig.passes(0.6)
    office.is_free()


@pytest.mark.feature("find-me")
def test_a_machine_that_answers_takes_nothing(rig: SignallingRig) -> None:
    calls_in(rig)
    rig.phone("104").lifts()
    rig.passes(30.5)
    rig.phone("105").rings()


@pytest.mark.feature("find-me")
def test_the_caller_gives_up(rig: SignallingRig) -> None:
    office = calls_in(rig)
    dave = rig.phone("104")
    dave.rings()
    office.breaks_loop()
    dave.is_quiet()
    rig.passes(20.0)
    rig.phone("105").is_quiet()


@pytest.mark.feature("find-me")
def test_the_caller_gives_up_while_the_owner_is_asked(rig: SignallingRig) -> None:
    office = calls_in(rig)
    dave = rig.phone("104")
    dave.lifts()
    office.breaks_loop()
    dave.hears_said("find-me-gone")
    rig.passes(1.0)
    dave.hears_tone("reorder")


@pytest.mark.feature("find-me", "call waiting")
def test_a_busy_number_is_passed_over(rig: SignallingRig) -> None:
    rig.phone("104").lifts()
    calls_in(rig)
    rig.phone("105").rings()


@pytest.mark.feature("find-me", "routing")
def test_a_number_outside_is_called_at_the_owner_s_charge(tmp_path: Path) -> None:
    rig = opened(tmp_path, plan(OUTSIDE, of={"forwards_outside": True}))
    caller = calls_in(rig)
    mobile = rig.office(1)
    mobile.is_seized()
    mobile.gives("dial")
    mobile.receives("5550123")
    rig.passes(2.0)
    mobile.reverses()
    mobile.hears_said("find-me-call-for")
    mobile.presses("1")
    mobile.hears(caller)
    caller.hears(mobile)
    caller.breaks_loop()
    mobile.is_free()
    assert {each.charged_to for each in rig.records if each.decision} == {"104"}
    closes(rig)


@pytest.mark.feature("find-me", "policy")
@pytest.mark.parametrize(
    ("made", "allowed"),
    [
        (plan(OUTSIDE, OTHER), DialPolicy()),
        (plan(OUTSIDE, OTHER, of={"forwards_outside": True}), DialPolicy(frozenset())),
        (plan(FindMeNumber("911"), OTHER, of={"forwards_outside": True}), DialPolicy()),
    ],
)
def test_what_the_owner_may_not_call_is_not_called(
    tmp_path: Path, made: Plan, allowed: DialPolicy
) -> None:
    rig = opened(tmp_path, replace(made, policy=allowed))
    calls_in(rig)
    rig.office(1).is_free()
    rig.phone("105").rings()
    closes(rig)


@pytest.mark.feature("find-me", "schedules")
def test_outside_of_its_hours_the_extension_rings(tmp_path: Path) -> None:
    rig = opened(tmp_path, plan(OTHER, schedule="office"), morning=EVENING)
    rig.office().calls_in("2125550123")
    rig.phone("104").rings()
    closes(rig)


@pytest.mark.feature("find-me")
def test_only_for_some_callers(tmp_path: Path) -> None:
    rig = opened(tmp_path, plan(OTHER, callers=("212555", "101")))
    rig.office().calls_in("3035550123")
    rig.phone("104").rings()
    rig.office().breaks_loop()
    rig.passes(10.0)
    rig.phone("101").calls("104")
    rig.phone("101").hears_said("find-me-trying")
    closes(rig)


@pytest.mark.feature("find-me", "do not disturb")
def test_do_not_disturb_comes_first(rig: SignallingRig) -> None:
    confirmed(rig.phone("104"), "#33", "do-not-disturb-on")
    rig.phone("101").calls("104")
    rig.phone("101").hears_tone("busy")


@pytest.mark.feature("find-me", "forwarding")
def test_forwarding_comes_first(rig: SignallingRig) -> None:
    confirmed(rig.phone("104"), "#36106", "forward-all-to")
    rig.phone("101").calls("104")
    rig.phone("106").rings()


@pytest.mark.feature("find-me", "transfer")
def test_who_is_transferred_there_is_looked_for_on(rig: SignallingRig) -> None:
    alice, bob, dave = rig.phone("101"), rig.phone("102"), rig.phone("104")
    alice.calls("102")
    bob.lifts()
    bob.flashes()
    bob.dials("104")
    bob.hears_said("find-me-trying")
    bob.hangs_up()
    rig.passes(0.6)
    takes(dave)
    alice.hears(dave)


@pytest.mark.feature("find-me")
def test_the_owner_switches_it_off_and_on(rig: SignallingRig) -> None:
    dave, alice = rig.phone("104"), rig.phone("101")
    confirmed(dave, "#72", "find-me-off")
    alice.calls("104")
    dave.rings("internal")
    alice.hears_tone("ringback")
    alice.hangs_up()
    confirmed(dave, "#72", "find-me-on")
    alice.calls("104")
    alice.hears_said("find-me-trying")
    refused(rig.phone("106"), "#72", "feature-off")


@pytest.mark.feature("find-me", "hold")
def test_a_caller_who_waits_elsewhere_is_not_torn_away(rig: SignallingRig) -> None:
    alice, dave = rig.phone("101"), rig.phone("104")
    alice.calls("104")
    rig.passes(0.6)
    alice.flashes()
    takes(dave)
    dave.hears_said("find-me-gone")
    alice.flashes()
    alice.hangs_up()


@pytest.mark.parametrize(
    ("sought", "setting"),
    [
        (FindMePlan("999", (OWN,)), "extension"),
        (FindMePlan("104", ()), "numbers"),
        (FindMePlan("104", (FindMeNumber("104", 4.0),)), "ring_s"),
        (FindMePlan("104", (OWN,), schedule="never"), "schedule"),
        (FindMePlan("104", (OWN,), callers=tuple("12345678901")), "callers"),
    ],
)
def test_a_wrong_plan_is_refused(sought: FindMePlan, setting: str) -> None:
    with pytest.raises(PlanError, match=setting):
        station_plan(find_me=(sought,))


def test_the_record_tells_how_it_went_on(rig: SignallingRig) -> None:
    calls_in(rig)
    takes(rig.phone("104"))
    assert [each.cause for each in rig.records] == [Cause.TRANSFERRED]
    rig.everybody_hangs_up()
    first, second = rig.records
    assert (second.cause, second.session) == (Cause.NORMAL, first.id)
    assert second.caller.number == "2125550123"


@pytest.mark.feature("find-me")
@pytest.mark.parametrize("back", ["find-me", "forward"])
def test_two_who_look_for_each_other_ring(tmp_path: Path, back: str) -> None:
    there, here = (
        FindMePlan("104", (FindMeNumber("105"),)),
        FindMePlan("105", (FindMeNumber("104"),)),
    )
    sought = (there, here) if back == "find-me" else (there,)
    made = replace(plan(), find_me=tuple(replace(each, screening=False) for each in sought))
    rig = opened(tmp_path, made)
    if back == "forward":
        confirmed(rig.phone("105"), "#36104#")
    office, erin = rig.office(), rig.phone("105")
    office.calls_in("2125550123", "SMITH JOHN")
    rig.passes(1.5)
    if back == "find-me":
        erin.rings()
    rig.passes(10.0)
    assert len(rig.exchange.conversations()) < 6
    office.breaks_loop()
    rig.passes(40.0)
    closes(rig)
