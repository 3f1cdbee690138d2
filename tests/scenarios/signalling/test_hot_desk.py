# SPDX-License-Identifier: MIT
"""Extensions at other telephones, and what is done from elsewhere with a password."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from altiware.core.ids import station
from altiware.core.notices import SettingChanged
from altiware.features.profile import PROFILES
from altiware.features.voicemail.orders import SetPassword
from drivers.base import Linefeed
from tests.scenarios.signalling.mail_office import PIN, MailRig, mail_plan
from tests.signalling_rig import Phone, SignallingRig


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[MailRig]:
    plan = mail_plan()
    plan = replace(plan, numbering=replace(plan.numbering, codes=PROFILES["oe45"]))
    rig = MailRig(tmp_path, plan)
    for extension in ("102", "103"):
        rig.archive.perform(station(extension), SetPassword(extension, PIN))
    yield rig
    rig.everybody_hangs_up()
    rig.passes(15.0)
    rig.is_clean()
    rig.close()


def at(rig: SignallingRig, place: str) -> Phone:
    """Return the telephone that was this extension's in the plan."""
    return rig.phone(place)


def logs_in(rig: MailRig, extension: str, place: str) -> None:
    """Log in at a telephone, and replace it."""
    phone = at(rig, place)
    phone.calls(f"#27{extension}{PIN}#")
    rig.hears(phone, "hot-desk-logged-in")
    phone.hangs_up()
    rig.passes(0.1)


@pytest.mark.feature("hot desking")
def test_a_telephone_says_which_extension_it_has(rig: MailRig) -> None:
    alice = at(rig, "101")
    alice.calls("#27#")
    rig.hears(alice, "this-is-extension")
    rig.hears(alice, "number-1")


@pytest.mark.feature("hot desking")
def test_calls_come_where_an_extension_has_logged_in(rig: MailRig) -> None:
    alice, first, second = at(rig, "101"), at(rig, "102"), at(rig, "104")
    logs_in(rig, "102", "104")
    alice.calls("102")
    second.rings("internal")
    first.is_quiet()
    second.lifts()
    alice.hears(second)
    second.hangs_up()
    alice.hangs_up()
    alice.calls("104")
    first.rings()


@pytest.mark.feature("hot desking")
def test_who_calls_from_there_is_the_one_who_logged_in(rig: MailRig) -> None:
    alice = at(rig, "101")
    logs_in(rig, "102", "104")
    at(rig, "104").calls("101")
    alice.rings()
    rig.passes(1.6)
    assert alice.is_shown().number == "102"


@pytest.mark.feature("hot desking")
def test_logging_out_moves_everybody_back(rig: MailRig) -> None:
    alice, first, second = at(rig, "101"), at(rig, "102"), at(rig, "104")
    logs_in(rig, "102", "104")
    second.calls("#26")
    rig.hears(second, "hot-desk-logged-out")
    second.hangs_up()
    rig.passes(0.1)
    alice.calls("102")
    first.rings()
    second.is_quiet()
    alice.hangs_up()
    first.calls("#26")
    rig.hears(first, "hot-desk-nobody")


@pytest.mark.feature("hot desking")
def test_nothing_moves_before_the_telephone_is_replaced(rig: MailRig) -> None:
    first, second = at(rig, "102"), at(rig, "104")
    second.calls(f"#27102{PIN}#")
    rig.hears(second, "hot-desk-logged-in")
    first.calls("101")
    at(rig, "101").rings()
    second.hangs_up()
    rig.passes(5.0)
    at(rig, "101").rings()
    first.hangs_up()
    rig.passes(0.1)
    at(rig, "101").calls("102")
    second.rings()


@pytest.mark.feature("hot desking")
def test_what_was_not_dialled_is_asked_for(rig: MailRig) -> None:
    second = at(rig, "104")
    second.calls("#27102#")
    rig.hears(second, "enter-password")
    second.presses(f"{PIN}#")
    rig.hears(second, "hot-desk-logged-in")


@pytest.mark.feature("hot desking")
@pytest.mark.parametrize("digits", ["102111999", f"199{PIN}", f"101{PIN}"])
def test_a_wrong_password_and_no_extension_are_told_apart_by_nobody(
    rig: MailRig, digits: str
) -> None:
    second = at(rig, "104")
    second.calls(f"#27{digits}#")
    rig.hears(second, "wrong-login")
    rig.passes(1.0)
    second.hears_tone("reorder")
    second.hangs_up()
    at(rig, "101").calls("104")
    second.rings()


@pytest.mark.feature("hot desking")
def test_another_log_in_takes_the_place_of_the_first(rig: MailRig) -> None:
    alice, second = at(rig, "101"), at(rig, "104")
    logs_in(rig, "102", "104")
    logs_in(rig, "103", "104")
    alice.calls("103")
    second.rings()
    alice.hangs_up()
    alice.calls("102")
    at(rig, "102").rings()


@pytest.mark.feature("hot desking")
def test_an_extension_in_a_call_does_not_move(rig: MailRig) -> None:
    first, second = at(rig, "102"), at(rig, "104")
    first.calls("101")
    second.calls(f"#27102{PIN}#")
    rig.hears(second, "hot-desk-in-use")


@pytest.mark.feature("hot desking", "forward all calls")
def test_forwarding_follows_its_extension(rig: MailRig) -> None:
    alice, carol, second = at(rig, "101"), at(rig, "103"), at(rig, "104")
    logs_in(rig, "102", "104")
    second.calls("#36103")
    rig.hears(second, "forward-all-to")
    second.hangs_up()
    second.lifts()
    second.hangs_up()
    alice.calls("102")
    carol.rings()
    alice.hangs_up()
    alice.calls("104")
    at(rig, "102").rings()


@pytest.mark.feature("hot desking", "do not disturb")
def test_do_not_disturb_follows_its_extension(rig: MailRig) -> None:
    first, second = at(rig, "102"), at(rig, "104")
    first.calls("#33")
    rig.passes(2.0)
    first.hangs_up()
    logs_in(rig, "102", "104")
    at(rig, "101").calls("104")
    first.rings()
    second.is_quiet()


@pytest.mark.feature("hot desking", "message-waiting lamp")
def test_the_lamp_goes_with_the_extension(rig: MailRig) -> None:
    alice, first, second = at(rig, "101"), at(rig, "102"), at(rig, "104")
    alice.calls("#40102")
    rig.leaves_message(alice)
    alice.hangs_up()
    rig.passes(3.0)
    assert rig.waiting["102"][0] == 1
    logs_in(rig, "102", "104")
    rig.passes(1.2)
    for phone in (first, second):
        assert phone.board.feeds[phone.port.port] is Linefeed.ON_HOOK_TRANSMISSION
    rig.passes(1.5)
    second.lifts()
    second.hears_tone("stutter")
    first.lifts()
    first.hears_tone("dial")


@pytest.mark.feature("hot desking", "restart")
def test_extensions_are_where_they_were_after_a_restart(tmp_path: Path) -> None:
    plan = mail_plan()
    kept = [SettingChanged(0.0, "102", "seat", "00:03")]
    rig = SignallingRig(plan, kept=kept)
    rig.phone("101").calls("102")
    rig.phone("104").rings()
    rig.everybody_hangs_up()
    rig.is_clean()
    rig.close()


@pytest.mark.feature("hot desking", "configuration in service")
def test_a_new_plan_leaves_extensions_where_they_are(rig: MailRig) -> None:
    logs_in(rig, "102", "104")
    named = tuple(replace(each, name=f"New {each.name}") for each in rig.plan.stations)
    rig.exchange.reconfigure(replace(rig.plan, stations=named))
    at(rig, "101").calls("102")
    at(rig, "104").rings()


@pytest.mark.feature("remote forward")
def test_calls_are_forwarded_from_another_telephone(rig: MailRig) -> None:
    alice, bob, carol, dave = (at(rig, each) for each in ("101", "102", "103", "104"))
    dave.calls("#37")
    rig.hears(dave, "forward-from-enter")
    dave.presses("102")
    rig.hears(dave, "enter-password")
    dave.presses(f"{PIN}#")
    rig.hears(dave, "forward-enter-number")
    dave.presses("103#")
    rig.hears(dave, "forward-all-to")
    dave.hangs_up()
    alice.calls("102")
    carol.rings()
    bob.is_quiet()
    alice.hangs_up()
    dave.calls("#37")
    rig.hears(dave, "forward-from-enter")
    dave.presses(f"102{PIN}#")
    rig.hears(dave, "forward-enter-number")
    dave.presses("*#")
    rig.hears(dave, "forward-off")
    alice.calls("102")
    bob.rings()


@pytest.mark.feature("remote forward")
def test_nobody_forwards_without_the_password(rig: MailRig) -> None:
    bob, dave = at(rig, "102"), at(rig, "104")
    dave.calls("#37")
    rig.hears(dave, "forward-from-enter")
    dave.presses("102246810#")
    rig.hears(dave, "wrong-login")
    dave.hangs_up()
    at(rig, "101").calls("102")
    bob.rings()
