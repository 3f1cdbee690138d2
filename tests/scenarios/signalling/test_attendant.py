# SPDX-License-Identifier: MIT
"""Callers at the auto attendant: a small tree, extensions, names, time-outs and mistakes."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from altiware.core.attendants import AttendantAct, AttendantItem, AttendantPlan
from altiware.core.errors import PlanError
from altiware.core.plan import FeatureCode, Numbering, Service
from altiware.core.speech import Phrase
from tests.scenarios.signalling.office_sounds import PHRASE_S, MadeUpSounds
from tests.signalling_rig import NAMES, Office, SignallingRig, office_plan

Act = AttendantAct


def menu(prompt: str) -> AttendantItem:
    return AttendantItem(Act.MENU, prompt=(Phrase(prompt),))


MAIN = AttendantPlan(
    "main",
    {
        "": menu("greeting"),
        "2": menu("sales-menu"),
        "21": AttendantItem(Act.CALL, target="102"),
        "22": AttendantItem(Act.TOP),
        "23": AttendantItem(Act.GO, target="2"),
        "24": AttendantItem(Act.INVALID),
        "3": AttendantItem(Act.NAME),
        "4": AttendantItem(Act.EXTENSION),
        "5": AttendantItem(Act.COLLECT, prompt=(Phrase("order-number"),), target="order",
                           digits=(3, 5), then="2"),
        "6": AttendantItem(Act.DIRECTORY),
        "7": AttendantItem(Act.REPEAT),
        "9": AttendantItem(Act.HANG_UP),
        "0": AttendantItem(Act.OPERATOR),
        "1": AttendantItem(Act.CALL, target="103"),
        "8": AttendantItem(Act.CALL, target="191"),
    },
)  # fmt: skip
NIGHT = AttendantPlan("night", {"": menu("closed"), "1": AttendantItem(Act.HANG_UP)})
NUMBERING = Numbering(
    services={"190": Service("attendant", "main"), "191": Service("attendant", "night")},
    codes={"#34": FeatureCode(Service("directory"))},
)
PLAN = office_plan(incoming="190", attendants=(MAIN, NIGHT), numbering=NUMBERING)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[SignallingRig]:
    rig = SignallingRig(PLAN, sounds=MadeUpSounds(tmp_path))
    yield rig
    rig.everybody_hangs_up()
    rig.is_clean()
    rig.close()


@pytest.fixture
def caller(rig: SignallingRig) -> Office:
    """Somebody outside, whom the attendant greets."""
    office = rig.office()
    office.calls_in("2125550123", "SMITH JOHN")
    office.is_seized()
    office.hears_said("greeting")
    return office


def is_led_to(rig: SignallingRig, caller: Office, extension: str) -> None:
    phone = rig.phone(extension)
    phone.rings("operator" if extension == "101" else "external")
    caller.hears_tone("ringback")
    phone.lifts()
    caller.hears(phone)


@pytest.mark.feature("auto attendant")
@pytest.mark.parametrize(
    ("keys", "extension"),
    [("21", "102"), ("102", "102"), ("0", "101"), ("103", "103"), ("231", "102")],
)
def test_keys_lead_where_the_tree_says(
    rig: SignallingRig, caller: Office, keys: str, extension: str
) -> None:
    caller.presses(keys)
    is_led_to(rig, caller, extension)


@pytest.mark.feature("auto attendant")
def test_a_key_that_could_begin_an_extension_waits_for_more(
    rig: SignallingRig, caller: Office
) -> None:
    caller.presses("1")
    rig.phone("103").is_quiet()
    caller.is_silent()
    rig.passes(2.4)
    is_led_to(rig, caller, "103")


@pytest.mark.feature("auto attendant")
def test_a_menu_below_is_said_and_left_again(rig: SignallingRig, caller: Office) -> None:
    caller.presses("2")
    caller.hears_said("sales-menu")
    caller.presses("2")
    caller.hears_said("greeting")
    rig.passes(PHRASE_S)
    caller.presses("2")
    rig.passes(PHRASE_S + 7.0)
    caller.hears_said("greeting")


@pytest.mark.feature("auto attendant")
def test_a_digit_interrupts_the_prompt_at_once(rig: SignallingRig, caller: Office) -> None:
    caller.hears_said("greeting")
    caller.presses("1")
    caller.is_silent()


@pytest.mark.feature("auto attendant")
def test_who_presses_nothing_gets_the_operator(rig: SignallingRig, caller: Office) -> None:
    rig.passes(PHRASE_S + 7.1)
    is_led_to(rig, caller, "101")


@pytest.mark.feature("auto attendant")
@pytest.mark.parametrize("wrong", ["*", "199"])
def test_what_leads_nowhere_is_said_and_ends_at_the_operator(
    rig: SignallingRig, caller: Office, wrong: str
) -> None:
    phrase = "not-a-choice" if wrong == "*" else "invalid-extension"
    for _ in range(2):
        caller.presses(wrong)
        caller.hears_said(phrase)
    caller.presses(wrong)
    is_led_to(rig, caller, "101")


@pytest.mark.feature("auto attendant")
def test_an_invalid_item_is_refused_in_its_menu(rig: SignallingRig, caller: Office) -> None:
    caller.presses("24")
    caller.hears_said("not-a-choice", "sales-menu")


@pytest.mark.feature("dial by name")
def test_a_name_is_spelled_and_chosen(rig: SignallingRig, caller: Office) -> None:
    assert NAMES[2] == "Carol"
    caller.presses("3")
    caller.hears_said("directory-by-last-name")
    caller.presses("227#")
    caller.hears_said("for")
    caller.presses("1")
    is_led_to(rig, caller, "103")


@pytest.mark.feature("dial by name")
def test_a_station_dials_by_name(rig: SignallingRig) -> None:
    alice, carol = rig.phone("101"), rig.phone("103")
    alice.calls("#34")
    alice.hears_said("directory-by-last-name")
    alice.dials("99#")
    alice.hears_said("directory-none", "directory-by-last-name")
    alice.dials("227#1")
    carol.rings("internal")
    carol.lifts()
    alice.hears(carol)


@pytest.mark.feature("dial by name")
def test_a_name_that_nobody_has(rig: SignallingRig, caller: Office) -> None:
    caller.presses("3")
    caller.presses("999#")
    caller.hears_said("directory-none")


@pytest.mark.feature("auto attendant")
def test_an_extension_is_asked_for(rig: SignallingRig, caller: Office) -> None:
    caller.presses("4")
    caller.hears_said("enter-extension")
    caller.presses("104")
    rig.passes(7.1)
    is_led_to(rig, caller, "104")


@pytest.mark.feature("auto attendant")
def test_digits_are_collected_into_the_record(rig: SignallingRig, caller: Office) -> None:
    caller.presses("5")
    caller.hears_said("order-number")
    caller.presses("47110")
    caller.hears_said("sales-menu")
    caller.breaks_loop()
    (record,) = rig.records
    assert record.notes == (("order", "47110"),)


@pytest.mark.feature("auto attendant")
def test_too_few_digits_are_refused(rig: SignallingRig, caller: Office) -> None:
    caller.presses("5")
    caller.presses("12#")
    caller.hears_said("not-a-choice")


@pytest.mark.feature("auto attendant")
def test_the_directory_is_read_out(rig: SignallingRig, caller: Office) -> None:
    caller.presses("6")
    spelled = [f"letter-{letter}" for letter in "alice"]
    caller.hears_said(*spelled, "directory-at-extension", "number-1", "number-0", "number-1")


@pytest.mark.feature("auto attendant")
def test_the_attendant_says_goodbye(rig: SignallingRig, caller: Office) -> None:
    caller.presses("9")
    caller.hears_said("thank-you-for-calling")
    rig.passes(2 * PHRASE_S + 0.1)
    caller.is_free()


@pytest.mark.feature("auto attendant")
def test_an_attendant_leads_to_another(rig: SignallingRig, caller: Office) -> None:
    caller.presses("8")
    caller.hears_said("closed")


@pytest.mark.feature("auto attendant", "transfer")
def test_a_caller_is_transferred_to_the_attendant(rig: SignallingRig, caller: Office) -> None:
    caller.presses("102")
    bob = rig.phone("102")
    bob.lifts()
    bob.flashes()
    bob.dials("190")
    bob.hears_said("greeting")
    rig.passes(0.2)
    bob.hangs_up()
    caller.hears_said("greeting")
    caller.presses("103")
    is_led_to(rig, caller, "103")


@pytest.mark.feature("auto attendant", "conference")
def test_a_station_calls_the_attendant_and_is_led(rig: SignallingRig) -> None:
    alice, bob = rig.phone("101"), rig.phone("102")
    alice.calls("190")
    alice.hears_said("greeting")
    alice.dials("102")
    bob.rings("internal")
    bob.lifts()
    alice.hears(bob)


def test_a_tree_without_a_root_is_refused() -> None:
    with pytest.raises(PlanError, match=r"attendants\.0\.items\.top"):
        replace(PLAN, attendants=(replace(MAIN, items={"1": AttendantItem(Act.TOP)}),))


def test_an_item_below_no_menu_is_refused() -> None:
    items = {**MAIN.items, "11": AttendantItem(Act.TOP)}
    with pytest.raises(PlanError, match=r"attendants\.0\.items\.11"):
        replace(PLAN, attendants=(replace(MAIN, items=items),))


@pytest.mark.feature("auto attendant", "hold")
def test_an_attendant_that_was_put_on_hold_gives_up_without_a_trace(rig: SignallingRig) -> None:
    bob = rig.phone("102")
    bob.calls("190")
    bob.hears_said("greeting")
    bob.flashes()
    rig.passes(30.0)
    assert rig.exchange.calls() == (), "it can lead nobody on who isn't there"
    bob.hangs_up()
