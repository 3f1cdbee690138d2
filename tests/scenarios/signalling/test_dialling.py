# SPDX-License-Identifier: MIT
"""Redial, the last caller, speed dial and call-back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from altiware.core.notices import SettingChanged
from altiware.features.call_back import CallBack
from drivers.base import Linefeed
from tests.scenarios.signalling.station_office import (
    confirmed,
    refused,
    station_plan,
    station_rig,
)
from tests.scenarios.signalling.test_outgoing_calls import LOCAL
from tests.signalling_rig import Phone, SignallingRig

LISTS: dict[str, dict[str, Any]] = {
    "102": {"speed_dial": {"07": "104"}, "call_waiting": True},
    "103": {"manager": True},
}


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[SignallingRig]:
    plan = replace(station_plan(LISTS), speed_dial={"07": "105", "08": f"9{LOCAL}"})
    rig = station_rig(tmp_path, plan)
    yield rig
    rig.everybody_hangs_up()
    rig.passes(61.0)  # who is rung by a call-back is rung until it gives up
    rig.is_clean()
    rig.close()


def shown(phone: Phone) -> str:
    """Wait until a ringing telephone shows its caller, and return the number."""
    for _ in range(20):
        if phone.board.feeds.get(phone.port.port) is Linefeed.ON_HOOK_TRANSMISSION:
            break
        phone.rig.passes(0.1)
    return phone.is_shown().number


def phones(rig: SignallingRig) -> list[Phone]:
    return [rig.phone(each.extension) for each in rig.plan.stations]


@pytest.mark.feature("redial")
def test_the_last_number_is_dialled_again(rig: SignallingRig) -> None:
    alice, bob, carol, *_ = phones(rig)
    alice.calls("#68")
    alice.hears_tone("reorder")
    alice.hangs_up()
    alice.calls("103")
    alice.hangs_up()
    alice.calls("102")
    alice.hangs_up()
    alice.calls("#68")
    bob.rings("internal")
    carol.is_quiet()


@pytest.mark.feature("redial", "outgoing call")
def test_a_number_outside_is_dialled_again_if_it_may_be(rig: SignallingRig) -> None:
    alice, office = rig.phone("101"), rig.office()
    for digits in (f"9{LOCAL}#", "#68"):
        alice.calls(digits)
        office.is_seized()
        office.gives("dial")
        office.receives(LOCAL)
        alice.hangs_up()
        rig.passes(5.0)
    alice.calls("9011442071234567#")
    alice.hangs_up()
    alice.calls("#68")
    alice.hears_tone("reorder")
    office.is_free()


@pytest.mark.feature("redial", "speed dial")
def test_a_number_from_a_list_is_dialled_again_and_a_code_is_not(rig: SignallingRig) -> None:
    _, bob, _, dave, *_ = phones(rig)
    bob.calls("#6007")
    dave.rings()
    bob.hangs_up()
    confirmed(bob, "#35#")
    bob.calls("#68")
    dave.rings()


@pytest.mark.feature("redial", "cancel call waiting")
def test_a_number_behind_a_code_is_dialled_again_without_it(rig: SignallingRig) -> None:
    alice, bob, carol, *_ = phones(rig)
    bob.calls("#70101")
    bob.hangs_up()
    bob.calls("#68")
    alice.lifts()
    carol.calls("102")
    bob.hears_beside("waiting", alice)


@pytest.mark.feature("last caller")
def test_the_last_caller_inside_is_called(rig: SignallingRig) -> None:
    alice, bob, carol, *_ = phones(rig)
    bob.calls("#69")
    bob.hears_tone("reorder")
    bob.hangs_up()
    carol.calls("102")
    carol.hangs_up()
    alice.calls("102")
    alice.hangs_up()
    bob.calls("#69")
    alice.rings()


@pytest.mark.feature("last caller", "outgoing call")
def test_the_last_caller_outside_is_called_under_the_policy(tmp_path: Path) -> None:
    plan = station_plan(incoming="102")
    plan = replace(plan, numbering=replace(plan.numbering, area_codes=("212",)))
    rig = station_rig(tmp_path, plan)
    bob, office = rig.phone("102"), rig.office()
    office.calls_in("2125550123")
    bob.rings()
    rig.passes(20.0)
    office.is_free()
    bob.calls("#69")
    office.is_seized()
    office.gives("dial")
    office.receives("2125550123")
    rig.everybody_hangs_up()
    rig.is_clean()
    rig.close()


@pytest.mark.feature("last caller", "forward all calls")
def test_the_last_caller_is_of_whom_was_rung(rig: SignallingRig) -> None:
    alice, bob, carol, *_ = phones(rig)
    confirmed(bob, "#36103")
    alice.calls("102")
    carol.rings()
    alice.hangs_up()
    bob.calls("#69")
    bob.hears_tone("reorder")
    bob.hangs_up()
    carol.calls("#69")
    alice.rings()


@pytest.mark.feature("speed dial")
def test_numbers_of_the_plan_are_dialled_by_two_digits(rig: SignallingRig) -> None:
    alice, bob, _, dave, erin, _ = phones(rig)
    bob.calls("#6007")
    dave.rings()
    bob.hangs_up()
    bob.calls("#6107")
    erin.rings()
    alice.calls("#6007")
    alice.hears_tone("reorder")


@pytest.mark.feature("speed dial", "outgoing call")
def test_a_number_of_the_list_may_be_outside(rig: SignallingRig) -> None:
    alice, office = rig.phone("101"), rig.office()
    alice.calls("#6108")
    office.gives("dial")
    office.receives(LOCAL)


@pytest.mark.feature("speed dial")
def test_numbers_are_stored_and_taken_out_from_the_telephone(rig: SignallingRig) -> None:
    _, bob, carol, dave, *_ = phones(rig)
    confirmed(bob, "#6219103#", "speed-dial-saved")
    bob.calls("#6019")
    carol.rings()
    bob.hangs_up()
    confirmed(bob, "#6207#", "speed-dial-saved")
    bob.calls("#6007")
    bob.hears_tone("reorder")
    dave.is_quiet()
    kept = [each for each in rig.notices if isinstance(each, SettingChanged)]
    assert kept[-1].value == {"19": "103", "07": ""}


@pytest.mark.feature("speed dial")
def test_the_office_s_list_is_the_operator_s_and_managers_business(rig: SignallingRig) -> None:
    operator, bob, carol, dave, *_ = phones(rig)
    refused(bob, "#6300104#", "not-permitted")
    confirmed(carol, "#6300104#", "speed-dial-saved")
    confirmed(operator, "#6301103#", "speed-dial-saved")
    bob.calls("#6100")
    dave.rings()


@pytest.mark.feature("speed dial")
@pytest.mark.parametrize(
    ("digits", "said"),
    [
        ("#6220103#", "invalid-entry"),
        ("#620#", "invalid-entry"),
        ("#6200199#", "invalid-number"),
    ],
)
def test_what_is_no_place_or_no_number_is_refused(
    rig: SignallingRig, digits: str, said: str
) -> None:
    refused(rig.phone("102"), digits, said)


@pytest.mark.feature("call-back")
def test_whoever_found_one_busy_is_rung_when_both_are_free(rig: SignallingRig) -> None:
    alice, _, carol, *_ = phones(rig)
    carol.lifts()
    alice.calls("103")
    alice.hears_tone("busy")
    alice.hangs_up()
    confirmed(alice, "#66#", "call-back-set")
    rig.passes(60.0)
    alice.is_quiet()
    alice.lifts()
    carol.hangs_up()
    rig.passes(5.0)
    carol.is_quiet()
    alice.hangs_up()
    rig.passes(1.1)
    alice.rings()
    assert shown(alice) == "103"
    alice.lifts()
    alice.hears_tone("ringback")
    carol.rings("internal")
    carol.lifts()
    alice.hears(carol)
    carol.hears(alice)
    alice.hangs_up()
    carol.hangs_up()
    rig.passes(60.0)
    alice.is_quiet()
    assert rig.records[-1].charged_to == "101"


@pytest.mark.feature("call-back")
def test_a_call_back_that_is_not_answered_is_tried_once(rig: SignallingRig) -> None:
    alice, carol = rig.phone("101"), rig.phone("103")
    confirmed(alice, "#66103", "call-back-set")
    rig.passes(1.1)
    alice.rings()
    rig.passes(60.0)
    alice.is_quiet()
    carol.is_quiet()
    rig.passes(10.0)
    alice.is_quiet()


@pytest.mark.feature("call-back")
def test_a_call_back_is_cancelled(rig: SignallingRig) -> None:
    alice, carol = rig.phone("101"), rig.phone("103")
    carol.lifts()
    confirmed(alice, "#66103", "call-back-set")
    confirmed(alice, "#66103", "call-back-already")
    confirmed(alice, "#67", "call-back-canceled")
    refused(alice, "#67", "call-back-none")
    carol.hangs_up()
    rig.passes(5.0)
    alice.is_quiet()


@pytest.mark.feature("call-back")
def test_a_call_back_expires(rig: SignallingRig) -> None:
    alice, carol = rig.phone("101"), rig.phone("103")
    carol.lifts()
    confirmed(alice, "#66103")
    rig.passes(1801.0)
    board = rig.exchange._switchboard
    assert not any(isinstance(each, CallBack) for each in board.conversations.values())
    carol.hangs_up()
    rig.passes(5.0)
    alice.is_quiet()


@pytest.mark.feature("call-back")
@pytest.mark.parametrize("number", ["101", "199", f"9{LOCAL}#"])
def test_some_numbers_have_no_call_back(rig: SignallingRig, number: str) -> None:
    refused(rig.phone("101"), f"#66{number}", "call-back-none")


@pytest.mark.feature("call-back", "forward all calls")
def test_whoever_asked_is_rung_at_his_own_telephone(rig: SignallingRig) -> None:
    alice, _, carol, dave, *_ = phones(rig)
    carol.lifts()
    confirmed(alice, "#66103")
    confirmed(alice, "#36104")
    carol.hangs_up()
    rig.passes(1.1)
    alice.rings()
    dave.is_quiet()


@pytest.mark.feature("call-back", "forward all calls")
def test_a_call_back_goes_where_the_other_forwards_by_now(rig: SignallingRig) -> None:
    alice, _, carol, dave, *_ = phones(rig)
    carol.lifts()
    confirmed(alice, "#66103")
    carol.hangs_up()
    confirmed(carol, "#36104")
    rig.passes(1.1)
    alice.lifts()
    dave.rings()
    alice.hears_tone("ringback")


@pytest.mark.feature("call-back", "do not disturb")
def test_a_call_back_does_not_disturb_whoever_asked(rig: SignallingRig) -> None:
    """He has said so after he had asked: the call-back ends."""
    alice, carol = rig.phone("101"), rig.phone("103")
    carol.lifts()
    confirmed(alice, "#66103")
    confirmed(alice, "#33")
    carol.hangs_up()
    rig.passes(5.0)
    alice.is_quiet()


@pytest.mark.feature("call-back", "call waiting")
def test_a_call_back_waits_until_a_talking_station_is_free(rig: SignallingRig) -> None:
    alice, bob, carol, *_ = phones(rig)
    carol.calls("102")
    bob.lifts()
    confirmed(alice, "#66102")
    rig.passes(5.0)
    bob.hears(carol)
    bob.hangs_up()
    rig.passes(1.1)
    alice.rings()
