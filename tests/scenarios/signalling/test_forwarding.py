# SPDX-License-Identifier: MIT
"""Do not disturb, and calls that are forwarded: all, when busy, when nobody answers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from altiware.core.causes import Cause
from altiware.core.notices import SettingChanged
from altiware.store.database import Database
from altiware.store.journal import Journal
from altiware.store.settings import kept_settings
from altiware.store.writer import Writer
from tests.scenarios.signalling.station_office import (
    confirmed,
    refused,
    station_plan,
    station_rig,
)
from tests.scenarios.signalling.test_outgoing_calls import LOCAL
from tests.signalling_rig import Phone, SignallingRig, office_plan

OUTSIDE: dict[str, dict[str, Any]] = {
    "102": {"forwards_outside": True},
    "104": {"busy": "105", "no_answer": "106"},
}


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[SignallingRig]:
    rig = station_rig(tmp_path, station_plan(OUTSIDE))
    yield rig
    rig.everybody_hangs_up()
    rig.is_clean()
    rig.close()


def phones(rig: SignallingRig) -> list[Phone]:
    return [rig.phone(each.extension) for each in rig.plan.stations]


@pytest.mark.feature("do not disturb")
def test_do_not_disturb_is_switched_on_and_off(rig: SignallingRig) -> None:
    alice, bob, *_ = phones(rig)
    confirmed(bob, "#33", "do-not-disturb-on")
    alice.calls("102")
    alice.hears_tone("busy")
    alice.hangs_up()
    bob.calls("101")
    alice.rings()
    bob.hangs_up()
    confirmed(bob, "#33", "do-not-disturb-off")
    alice.calls("102")
    bob.rings("internal")


@pytest.mark.feature("do not disturb", "busy handling")
def test_callers_of_one_who_is_not_to_be_disturbed_go_where_busy_calls_go(
    rig: SignallingRig,
) -> None:
    alice, _, _, dave, erin, _ = phones(rig)
    confirmed(dave, "#33", "do-not-disturb-on")
    alice.calls("104")
    dave.is_quiet()
    erin.rings("internal")


@pytest.mark.feature("do not disturb", "hold")
def test_a_held_party_rings_back_whoever_is_not_to_be_disturbed(rig: SignallingRig) -> None:
    alice, bob, *_ = phones(rig)
    confirmed(bob, "#33", "do-not-disturb-on")
    bob.calls("101")
    alice.lifts()
    bob.flashes()
    bob.hangs_up()
    bob.rings("return")


@pytest.mark.feature("forward all calls")
def test_all_calls_are_forwarded_until_that_is_ended(rig: SignallingRig) -> None:
    alice, bob, carol, *_ = phones(rig)
    confirmed(bob, "#36103", "forward-all-to", "number-1", "number-0", "number-3")
    alice.calls("102")
    bob.is_quiet()
    carol.rings("internal")
    carol.lifts()
    alice.hears(carol)
    alice.hangs_up()
    carol.hangs_up()
    confirmed(bob, "#36#", "forward-off")
    alice.calls("102")
    bob.rings()


@pytest.mark.feature("forward all calls")
def test_who_calls_is_shown_where_a_call_was_forwarded_to(rig: SignallingRig) -> None:
    alice, bob, carol, *_ = phones(rig)
    confirmed(bob, "#36103")
    alice.calls("102")
    rig.passes(1.6)
    shown = carol.is_shown()
    assert (shown.number, shown.name) == ("101", "Alice")


@pytest.mark.feature("forward all calls")
def test_the_one_to_whom_calls_go_reaches_the_one_who_forwards(rig: SignallingRig) -> None:
    _, bob, carol, *_ = phones(rig)
    confirmed(bob, "#36103")
    carol.calls("102")
    bob.rings()


@pytest.mark.feature("forward all calls", "do not disturb")
def test_a_forwarded_call_does_not_disturb(rig: SignallingRig) -> None:
    alice, bob, carol, *_ = phones(rig)
    confirmed(bob, "#36103")
    confirmed(bob, "#33", "do-not-disturb-on")
    alice.calls("102")
    carol.rings()
    alice.hangs_up()
    confirmed(carol, "#33", "do-not-disturb-on")
    alice.calls("102")
    alice.hears_tone("busy")
    bob.is_quiet()


@pytest.mark.feature("forward all calls")
@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("102", "forward-to-self"),
        ("199", "forward-not-allowed"),
        ("911", "forward-not-allowed"),
    ],
)
def test_a_number_that_no_calls_can_go_to_is_refused(
    rig: SignallingRig, number: str, said: str
) -> None:
    bob = rig.phone("102")
    refused(bob, "#36" + number, said)
    rig.phone("101").calls("102")
    bob.rings()


@pytest.mark.feature("forward all calls")
def test_a_circle_is_refused_when_it_is_set(rig: SignallingRig) -> None:
    alice, bob, carol, *_ = phones(rig)
    confirmed(alice, "#36102")
    confirmed(bob, "#36103")
    refused(carol, "#36101", "forward-loop")


@pytest.mark.feature("forward busy", "forward all calls")
def test_a_circle_of_other_kinds_ends_where_the_call_has_been(rig: SignallingRig) -> None:
    alice, bob, carol, *_ = phones(rig)
    confirmed(bob, "#36103")
    confirmed(carol, "#35102")
    carol.lifts()
    alice.calls("102")
    alice.hears_tone("busy")


@pytest.mark.feature("forward all calls")
@pytest.mark.parametrize(("hops", "rings"), [(10, "112"), (11, "112")])
def test_a_call_is_led_on_ten_times_and_no_more(tmp_path: Path, hops: int, rings: str) -> None:
    plan = office_plan(stations=13, trunks=0)
    kept = [SettingChanged(0.0, str(102 + hop), "forward", str(103 + hop)) for hop in range(hops)]
    rig = station_rig(tmp_path, plan, kept=kept)
    rig.phone("101").calls("102")
    rig.phone(rings).rings()
    rig.everybody_hangs_up()
    rig.is_clean()
    rig.close()


@pytest.mark.feature("forward busy")
def test_calls_to_a_busy_station_are_forwarded(rig: SignallingRig) -> None:
    alice, bob, carol, *_ = phones(rig)
    confirmed(bob, "#35103", "forward-busy-to", "number-1", "number-0", "number-3")
    alice.calls("102")
    bob.rings()
    alice.hangs_up()
    bob.lifts()
    alice.calls("102")
    carol.rings("internal")
    alice.hangs_up()
    bob.hangs_up()
    confirmed(bob, "#35#", "forward-off")
    bob.lifts()
    alice.calls("102")
    alice.hears_tone("busy")


@pytest.mark.feature("forward no answer")
def test_calls_that_nobody_answers_are_forwarded(rig: SignallingRig) -> None:
    alice, bob, carol, *_ = phones(rig)
    confirmed(bob, "#42103", "forward-no-answer-to", "number-1", "number-0", "number-3")
    alice.calls("102")
    rig.passes(60.0)
    bob.is_quiet()
    carol.rings()
    carol.lifts()
    alice.hears(carol)


@pytest.mark.feature("forward busy", "busy handling")
def test_what_a_station_has_set_comes_before_what_the_plan_says(rig: SignallingRig) -> None:
    alice, _, carol, dave, *_ = phones(rig)
    confirmed(dave, "#35103")
    dave.lifts()
    alice.calls("104")
    carol.rings()


@pytest.mark.feature("forward all calls", "transfer")
def test_a_call_is_transferred_to_a_forwarded_station(rig: SignallingRig) -> None:
    alice, bob, carol, dave, *_ = phones(rig)
    confirmed(carol, "#36104")
    alice.calls("102")
    bob.lifts()
    bob.flashes()
    bob.dials("103")
    bob.hangs_up()
    dave.rings()
    dave.lifts()
    alice.hears(dave)


@pytest.mark.feature("forward outside")
def test_calls_go_outside_for_a_station_that_may(rig: SignallingRig) -> None:
    alice, bob, *_ = phones(rig)
    office = rig.office()
    confirmed(bob, f"#369{LOCAL}#", "forward-all-to", "number-9")
    alice.calls("102")
    office.is_seized()
    office.gives("dial")
    office.receives(LOCAL)
    alice.hangs_up()
    rig.passes(5.0)
    (record,) = [each for each in rig.records if each.decision]
    assert record.caller.number == "101"


@pytest.mark.feature("forward outside")
def test_a_station_that_may_not_forwards_nothing_outside(rig: SignallingRig) -> None:
    carol, office = rig.phone("103"), rig.office()
    refused(carol, f"#369{LOCAL}#", "forward-not-allowed")
    rig.phone("101").calls("103")
    carol.rings()
    office.is_free()


@pytest.mark.feature("forward outside")
def test_forwarding_outside_is_judged_when_a_call_comes(rig: SignallingRig) -> None:
    alice, bob, *_ = phones(rig)
    confirmed(bob, "#369011442071234567#")
    alice.calls("102")
    alice.hears_tone("reorder")
    assert rig.records[-1].cause is Cause.DENIED
    rig.office().is_free()


@pytest.mark.feature("do not disturb", "transfer")
def test_a_held_party_is_not_left_to_a_code(rig: SignallingRig) -> None:
    alice, bob, carol, *_ = phones(rig)
    alice.calls("102")
    bob.lifts()
    bob.flashes()
    bob.dials("#33")
    bob.hears_said("do-not-disturb-on")
    bob.hangs_up()
    bob.rings("return")
    bob.lifts()
    alice.hears(bob)
    carol.calls("102")
    carol.hears_tone("busy")


@pytest.mark.feature("do not disturb", "busy handling")
def test_a_code_is_for_whoever_dials_it_and_not_for_those_led_there(tmp_path: Path) -> None:
    rig = station_rig(tmp_path, station_plan({"104": {"busy": "#33"}}))
    alice, dave = rig.phone("101"), rig.phone("104")
    dave.lifts()
    alice.calls("104")
    alice.hears_tone("busy")
    alice.hangs_up()
    rig.phone("102").calls("101")
    alice.rings()
    rig.everybody_hangs_up()
    rig.is_clean()
    rig.close()


@pytest.mark.feature("forward all calls", "restart")
def test_what_was_set_holds_after_a_restart(tmp_path: Path) -> None:
    writer = Writer(Database.open(tmp_path / "data"))
    rig = station_rig(tmp_path)
    rig.exchange.subscribe(Journal(writer).note)
    confirmed(rig.phone("102"), "#36103")
    confirmed(rig.phone("104"), "#33", "do-not-disturb-on")
    rig.passes(1.0)
    rig.close()
    writer.close()

    database = Database.open(tmp_path / "data")
    again = station_rig(tmp_path, kept=kept_settings(database.connection))
    database.close()
    alice = again.phone("101")
    alice.calls("102")
    again.phone("103").rings()
    alice.hangs_up()
    alice.calls("104")
    alice.hears_tone("busy")
    again.everybody_hangs_up()
    again.is_clean()
    again.close()


@pytest.mark.feature("forward busy", "emergency")
@pytest.mark.parametrize("number", ["9911", "95550123"])
def test_what_the_plan_says_of_a_busy_station_leads_outside_only_where_it_may(
    tmp_path: Path, number: str
) -> None:
    rig = station_rig(tmp_path, station_plan({"102": {"busy": number}}))
    rig.phone("102").lifts()
    rig.phone("101").calls("102")
    rig.phone("101").hears_tone("busy")
    rig.office(0).is_free()
    rig.everybody_hangs_up()
    rig.is_clean()
    rig.close()
