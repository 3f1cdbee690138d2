# SPDX-License-Identifier: MIT
"""Calls from station to station."""

import pytest

from altiware.core.causes import Cause
from altiware.core.notices import Traced
from altiware.core.record import Direction
from tests.signalling_rig import SignallingRig


def test_a_call_from_dial_tone_to_hang_up(rig: SignallingRig) -> None:
    alice, bob = rig.phone("101"), rig.phone("102")
    alice.lifts()
    alice.hears_tone("dial")
    alice.dials("1")
    alice.is_silent()
    alice.dials("02")
    alice.hears_tone("ringback")
    bob.rings("internal")
    rig.passes(10.0)
    bob.lifts()
    alice.hears(bob)
    bob.hears(alice)
    rig.passes(30.0)
    alice.hangs_up()
    bob.hears_tone("reorder")
    bob.hangs_up()
    (record,) = rig.records
    assert (record.caller.number, record.digits) == ("101", "102")
    assert record.target is not None
    assert (record.target.number, record.target.name) == ("102", "Bob")
    assert record.direction is Direction.INTERNAL
    assert record.cause is Cause.NORMAL
    assert record.talking_s == pytest.approx(30.0, abs=0.01)
    assert record.ringing_s == pytest.approx(10.0, abs=0.5)
    assert record.closed is not None
    assert record.answered is not None
    assert (record.closed - record.answered).total_seconds() == pytest.approx(30.0, abs=0.01)


def test_the_called_party_may_hang_up_first(rig: SignallingRig) -> None:
    alice, bob = rig.phone("101"), rig.phone("102")
    alice.calls("102")
    bob.lifts()
    bob.hangs_up()
    alice.hears_tone("reorder")
    assert rig.records[0].cause is Cause.NORMAL


def test_a_caller_who_gives_up_stops_the_bell(rig: SignallingRig) -> None:
    alice, bob = rig.phone("101"), rig.phone("102")
    alice.calls("102")
    bob.rings()
    alice.hangs_up()
    bob.is_quiet()
    assert rig.records[0].cause is Cause.ABANDONED


def test_a_station_in_use_is_busy(rig: SignallingRig) -> None:
    alice, bob, carol = rig.phone("101"), rig.phone("102"), rig.phone("103")
    bob.lifts()
    alice.calls("102")
    alice.hears_tone("busy")
    assert rig.records[0].cause is Cause.BUSY
    alice.hangs_up()
    bob.dials("103")
    carol.lifts()
    alice.calls("103")
    alice.hears_tone("busy")
    bob.hears(carol)


def test_nobody_can_call_himself(rig: SignallingRig) -> None:
    alice = rig.phone("101")
    alice.calls("101")
    alice.hears_tone("busy")
    assert rig.records[0].cause is Cause.BUSY


def test_a_call_that_nobody_answers_ends(rig: SignallingRig) -> None:
    alice, bob = rig.phone("101"), rig.phone("102")
    alice.calls("102")
    rig.passes(59.0)
    bob.rings()
    rig.passes(1.0)
    bob.is_quiet()
    alice.hears_tone("reorder")
    assert rig.records[0].cause is Cause.NO_ANSWER


@pytest.mark.parametrize("digits", ["199", "#12", "*67", "00"])
def test_a_wrong_number_gets_reorder(rig: SignallingRig, digits: str) -> None:
    alice = rig.phone("101")
    alice.calls(digits)
    rig.passes(5.0)
    alice.hears_tone("reorder" if digits != "00" else "busy")


def test_zero_rings_the_operator_in_her_own_style(rig: SignallingRig) -> None:
    rig.phone("103").calls("0")
    rig.phone("101").rings("operator")


def test_a_short_number_is_wrong_after_the_inter_digit_time(rig: SignallingRig) -> None:
    alice = rig.phone("101")
    alice.calls("10")
    rig.passes(3.7)
    alice.is_silent()
    rig.passes(0.2)
    alice.hears_tone("reorder")
    assert rig.records[0].cause is Cause.WRONG_NUMBER


def test_a_telephone_left_off_hook_is_locked_out(rig: SignallingRig) -> None:
    alice = rig.phone("101")
    alice.lifts()
    rig.passes(9.9)
    alice.hears_tone("dial")
    rig.passes(0.2)
    alice.hears_tone("reorder")
    rig.passes(20.0)
    alice.hears_tone("howler")
    rig.passes(40.0)
    alice.is_silent()
    assert alice.state == "locked out"
    rig.phone("102").calls("101")
    rig.phone("102").hears_tone("busy")
    alice.hangs_up()
    alice.lifts()
    alice.hears_tone("dial")


def test_a_rotary_dial_does_as_well(rig: SignallingRig) -> None:
    alice, bob = rig.phone("101"), rig.phone("102")
    alice.lifts()
    alice.dials("102", pulse=True)
    bob.rings()


def test_the_caller_is_shown_between_the_first_two_rings(rig: SignallingRig) -> None:
    alice, bob = rig.phone("101"), rig.phone("102")
    alice.calls("102")
    rig.passes(1.2)
    bob.rings()
    rig.passes(0.4)
    bob.is_quiet()
    shown = bob.is_shown()
    assert (shown.number, shown.name) == ("101", "Alice")
    rig.passes(2.6)
    bob.rings()
    bob.is_silent()


def test_a_call_answered_while_the_caller_is_shown(rig: SignallingRig) -> None:
    alice, bob = rig.phone("101"), rig.phone("102")
    alice.calls("102")
    rig.passes(1.6)
    bob.is_shown()
    bob.lifts()
    bob.hears(alice)


def test_a_caller_who_gives_up_while_he_is_shown(rig: SignallingRig) -> None:
    alice, bob = rig.phone("101"), rig.phone("102")
    alice.calls("102")
    rig.passes(1.6)
    alice.hangs_up()
    bob.is_quiet()
    bob.is_silent()
    rig.passes(10.0)
    bob.is_quiet()


def test_a_flash_on_reorder_gives_dial_tone_anew(rig: SignallingRig) -> None:
    alice = rig.phone("101")
    alice.calls("199")
    alice.hears_tone("reorder")
    alice.flashes()
    alice.hears_tone("dial")
    alice.dials("102")
    rig.phone("102").rings()


def test_the_trace_tells_the_call_in_order(rig: SignallingRig) -> None:
    alice, bob = rig.phone("101"), rig.phone("102")
    alice.calls("102")
    bob.lifts()
    alice.hangs_up()
    bob.hangs_up()
    traced = [each for each in rig.notices if isinstance(each, Traced)]
    assert {each.call for each in traced} == {rig.records[0].id}
    assert [each.at for each in traced] == sorted(each.at for each in traced)
    words = [(each.source, each.target, each.what) for each in traced]
    call = rig.records[0].id
    story = [
        ("telephone", "101", "OffHook"),
        ("101", "engine", "PlayTone"),
        ("telephone", "101", "Digit"),
        ("101", call, "Setup"),
        (call, "102", "Offer"),
        ("102", "board", "Ring"),
        ("102", call, "Alerting"),
        (call, "101", "Alert"),
        ("telephone", "102", "OffHook"),
        ("102", call, "Answered"),
        (call, "engine", "ConnectPath"),
        ("telephone", "101", "OnHook"),
        (call, "engine", "DisconnectPath"),
        (call, "102", "Release"),
        ("telephone", "102", "OnHook"),
    ]
    places = [words.index(each) for each in story]
    assert places == sorted(places)
