# SPDX-License-Identifier: MIT
"""Whoever can help inside is told of an emergency call, and the way there is tested."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from altiware.core.emergency import EmergencyPlan
from altiware.core.notices import EmergencyCalled, EmergencyConfirmed
from altiware.core.plan import Plan
from altiware.features.emergency import EVENTS, IGNORED, Alarm, AlarmState, described
from altiware.features.hot_desk import seated
from altiware.features.summons import EVENTS as SUMMONS_EVENTS
from altiware.features.summons import IGNORED as SUMMONS_IGNORED
from altiware.features.summons import Summons, SummonsState
from tests.altiware.core.machine import every_pair_is_known
from tests.rig_engine import Spoken
from tests.scenarios.signalling.station_office import station_plan, station_rig
from tests.scenarios.signalling.test_outgoing_calls import dials_out
from tests.signalling_rig import Phone, SignallingRig

WHERE = "2nd floor, room 12"
NOTIFY = EmergencyPlan(notify=("106",), call_back="2125550100")
SAID = ("emergency-notice", "number-1", "number-0", "number-1", "pause")
SAID_WHERE = ("emergency-notice-location", "ordinal-2", "place-floor", "pause", "place-room")


def plan(emergency: EmergencyPlan = NOTIFY) -> Plan:
    made = station_plan({"101": {"location": WHERE}, "102": {"call_back": "2125550102"}})
    trunks = tuple(replace(each, number="2125550199") for each in made.trunks)
    return replace(made, trunks=trunks, emergency_plan=emergency)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[SignallingRig]:
    rig = station_rig(tmp_path, plan())
    yield rig
    rig.everybody_hangs_up()
    rig.is_clean()
    rig.close()


@pytest.fixture
def warden(rig: SignallingRig) -> Phone:
    """The telephone that is to be told."""
    return rig.phone("106")


def confirms(warden: Phone) -> None:
    """Answer, and press the key."""
    warden.lifts()
    warden.presses("1")
    warden.hears_said("emergency-notice-confirmed")
    warden.rig.passes(0.6)
    warden.hangs_up()
    assert [each.confirmed for each in confirmed(warden.rig)] == [True]


def said(phone: Phone) -> list[str]:
    """Return all that is being said to somebody, clip by clip."""
    says = phone.rig.engine.says
    heard = [says[each] for each in phone.rig.engine.sources(phone.timeslot)]
    return next((each.names for each in heard if isinstance(each, Spoken)), [""])


def called(rig: SignallingRig) -> list[EmergencyCalled]:
    return [each for each in rig.notices if isinstance(each, EmergencyCalled)]


def confirmed(rig: SignallingRig) -> list[EmergencyConfirmed]:
    return [each for each in rig.notices if isinstance(each, EmergencyConfirmed)]


def test_every_pair_is_known() -> None:
    every_pair_is_known(AlarmState, EVENTS, Alarm.rows, IGNORED)
    every_pair_is_known(SummonsState, SUMMONS_EVENTS, Summons.rows, SUMMONS_IGNORED)


@pytest.mark.feature("emergency")
@pytest.mark.parametrize("digits", ["911", "9911"])
def test_a_notice_tells_who_where_and_the_number_to_call_back(
    rig: SignallingRig, warden: Phone, digits: str
) -> None:
    begun = rig.engine.now
    rig.phone("101").calls(digits)
    (told,) = called(rig)
    assert told.at - begun < 1.0, "within a second"
    assert (told.extension, told.name, told.location) == ("101", "Alice", WHERE)
    assert (told.call_back, told.number) == ("2125550100", "911")
    assert described(told) == (f"EMERGENCY: 101 Alice calls 911; {WHERE}; call back: 2125550100")
    rig.office().is_seized()
    confirms(warden)


@pytest.mark.feature("emergency")
def test_a_telephone_rings_and_says_who_and_where_again_and_again(
    rig: SignallingRig, warden: Phone
) -> None:
    rig.phone("101").calls("911")
    warden.rings("urgent")
    warden.lifts()
    warden.hears_said(*SAID, *SAID_WHERE)
    for _ in range(400):
        if said(warden)[0] == "pause":
            break
        rig.passes(0.1)
    warden.hears_said("pause", *SAID, *SAID_WHERE)
    warden.presses("1")
    warden.hears_said("emergency-notice-confirmed")
    rig.passes(0.6)
    warden.hangs_up()
    rig.passes(60.0)
    warden.is_quiet()
    assert [each.confirmed for each in confirmed(rig)] == [True]


@pytest.mark.feature("emergency")
def test_the_record_of_the_call_keeps_the_location(rig: SignallingRig, warden: Phone) -> None:
    alice = rig.phone("101")
    alice.calls("911")
    confirms(warden)
    alice.hangs_up()
    (record,) = [each for each in rig.records if each.digits == "911"]
    assert dict(record.notes) == {"location": WHERE}


@pytest.mark.feature("emergency", "do not disturb")
def test_the_notice_rings_through_do_not_disturb(rig: SignallingRig, warden: Phone) -> None:
    warden.calls("#33")
    rig.passes(1.0)
    warden.hangs_up()
    rig.phone("101").calls("911")
    confirms(warden)


@pytest.mark.feature("emergency", "forwarding")
def test_the_notice_is_not_forwarded(rig: SignallingRig, warden: Phone) -> None:
    warden.calls("#36105")
    rig.passes(4.0)
    warden.hangs_up()
    rig.phone("101").calls("911")
    rig.phone("105").is_quiet()
    confirms(warden)


@pytest.mark.feature("emergency", "do not disturb")
@pytest.mark.parametrize("code", ["#33", "#36105"])
def test_a_telephone_that_takes_no_calls_calls_help(
    rig: SignallingRig, warden: Phone, code: str
) -> None:
    alice = rig.phone("101")
    alice.calls(code)
    rig.passes(6.0)
    alice.hangs_up()
    alice.calls("911")
    rig.office().is_seized()
    confirms(warden)


@pytest.mark.feature("emergency")
def test_all_trunks_are_busy(rig: SignallingRig, warden: Phone) -> None:
    _, first = dials_out(rig, "103", 0)
    dials_out(rig, "104", 1)
    rig.phone("101").calls("911")
    assert len(called(rig)) == 1
    first.is_free()
    rig.passes(1.6)
    first.is_seized()
    confirms(warden)


@pytest.mark.feature("emergency", "consultation")
def test_from_a_consultation(rig: SignallingRig, warden: Phone) -> None:
    alice, bob = rig.phone("101"), rig.phone("102")
    alice.calls("102")
    bob.lifts()
    alice.flashes()
    alice.dials("911")
    rig.office().is_seized()
    (told,) = called(rig)
    assert told.extension == "101"
    confirms(warden)


@pytest.mark.feature("emergency")
def test_a_busy_telephone_is_told_when_it_is_free(rig: SignallingRig, warden: Phone) -> None:
    warden.calls("105")
    rig.phone("105").lifts()
    rig.phone("101").calls("911")
    rig.passes(12.0)
    warden.hears(rig.phone("105"))
    warden.hangs_up()
    rig.passes(5.1)
    confirms(warden)


@pytest.mark.feature("emergency")
def test_a_telephone_that_nobody_answers_rings_again(rig: SignallingRig, warden: Phone) -> None:
    rig.phone("101").calls("911")
    rig.passes(30.5)
    warden.is_quiet()
    rig.passes(5.0)
    warden.rings("urgent")
    confirms(warden)


@pytest.mark.feature("emergency")
def test_who_hangs_up_without_a_word_is_rung_again(rig: SignallingRig, warden: Phone) -> None:
    rig.phone("101").calls("911")
    warden.lifts()
    warden.presses("2")
    warden.hangs_up()
    rig.passes(5.5)
    warden.rings("urgent")
    confirms(warden)


@pytest.mark.feature("emergency")
def test_after_an_hour_nobody_is_rung(rig: SignallingRig, warden: Phone) -> None:
    rig.phone("101").calls("911")
    rig.passes(10.0)
    rig.phone("101").hangs_up()
    rig.passes(3700.0)
    warden.is_quiet()
    assert [each.confirmed for each in confirmed(rig)] == [False]
    assert "not confirmed at 106" in described(confirmed(rig)[0])


@pytest.mark.feature("emergency")
def test_who_calls_help_himself_is_not_told(rig: SignallingRig, warden: Phone) -> None:
    warden.calls("911")
    rig.office().is_seized()
    assert len(called(rig)) == 1
    rig.passes(60.0)
    assert not confirmed(rig)


@pytest.mark.feature("emergency test")
@pytest.mark.parametrize("digits", ["933", "933#"])
def test_the_test_says_number_and_location_and_calls_nobody(
    rig: SignallingRig, warden: Phone, digits: str
) -> None:
    alice = rig.phone("101")
    alice.calls(digits)
    rig.passes(4.1 if digits == "933" else 0.1)
    alice.hears_said("emergency-test", "pause", "emergency-test-number", "number-2", "number-1")
    assert {"emergency-test-callback", "emergency-test-location", "place-room"} <= set(said(alice))
    rig.office().is_free()
    warden.is_quiet()
    assert not called(rig)


@pytest.mark.feature("emergency test")
def test_the_test_says_what_is_missing(tmp_path: Path) -> None:
    rig = station_rig(tmp_path, station_plan())
    alice = rig.phone("101")
    alice.calls("933#")
    assert {"emergency-test-no-number", "emergency-test-no-location"} <= set(said(alice))
    rig.everybody_hangs_up()
    rig.is_clean()


@pytest.mark.feature("emergency test")
def test_a_local_number_that_begins_so_is_still_called(rig: SignallingRig) -> None:
    rig.phone("101").calls("93345678#")
    rig.office().is_seized()


@pytest.mark.feature("emergency", "hot desking")
def test_help_comes_to_where_the_telephone_stands() -> None:
    office = station_plan(
        {"101": {"location": WHERE}, "102": {"location": "lobby", "call_back": "2125550102"}}
    )
    moved = seated(office, {"101": str(office.stations[1].port)})
    where = {each.extension: (each.location, each.call_back) for each in moved.stations}
    assert where["101"] == ("lobby", "2125550102")
    assert where["102"] == (WHERE, "")
