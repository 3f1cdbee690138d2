# SPDX-License-Identifier: MIT
"""Hold, consultation, transfer and conference, by flash and hang-up."""

import pytest

from altiware.core.causes import Cause
from altiware.core.plan import Plan
from tests.scenarios.signalling.test_outgoing_calls import LOCAL, dials_out
from tests.signalling_rig import Office, Phone, SignallingRig, office_plan


def talk(rig: SignallingRig) -> tuple[Phone, Phone, Phone]:
    """Have 101 talk to 102."""
    alice, bob = rig.phone("101"), rig.phone("102")
    alice.calls("102")
    bob.lifts()
    alice.hears(bob)
    return alice, bob, rig.phone("103")


def consult(rig: SignallingRig) -> tuple[Phone, Phone, Phone]:
    """Have 101 talk to 103 while 102 is on hold."""
    alice, bob, carol = talk(rig)
    alice.flashes()
    alice.dials("103")
    carol.lifts()
    alice.hears(carol)
    return alice, bob, carol


def test_a_flash_puts_on_hold_and_gives_recall_dial_tone(rig: SignallingRig) -> None:
    alice, bob, _ = talk(rig)
    rig.passes(10.0)
    alice.flashes()
    alice.hears_tone("stutter")
    bob.is_silent()
    rig.passes(5.0)
    alice.flashes()
    alice.hears(bob)
    bob.hears(alice)
    alice.hangs_up()
    (record,) = rig.records
    assert record.held_s == pytest.approx(5.0, abs=0.01)
    assert record.talking_s == pytest.approx(10.0, abs=0.01)


def test_either_party_may_hold(rig: SignallingRig) -> None:
    alice, bob, _ = talk(rig)
    bob.flashes()
    bob.hears_tone("stutter")
    alice.is_silent()
    alice.flashes()
    alice.is_silent()
    bob.flashes()
    alice.hears(bob)


def test_consulting_keeps_the_first_party_on_hold(rig: SignallingRig) -> None:
    alice, bob, carol = talk(rig)
    alice.flashes()
    alice.dials("103")
    alice.hears_tone("ringback")
    carol.rings("internal")
    carol.lifts()
    alice.hears(carol)
    carol.hears(alice)
    bob.is_silent()


def test_a_flash_while_the_second_party_rings_returns(rig: SignallingRig) -> None:
    alice, bob, carol = talk(rig)
    alice.flashes()
    alice.dials("103")
    alice.flashes()
    carol.is_quiet()
    alice.hears(bob)
    assert rig.records[0].cause is Cause.ABANDONED


def test_a_busy_second_party_leaves_the_first_on_hold(rig: SignallingRig) -> None:
    alice, bob, carol = talk(rig)
    carol.lifts()
    alice.flashes()
    alice.dials("103")
    alice.hears_tone("busy")
    alice.flashes()
    alice.hears(bob)


def test_who_calls_himself_while_he_holds_hears_busy(rig: SignallingRig) -> None:
    alice, bob, _ = talk(rig)
    alice.flashes()
    alice.dials("101")
    alice.hears_tone("busy")
    alice.hangs_up()
    alice.rings("return")
    alice.lifts()
    alice.hears(bob)


def test_the_second_party_hangs_up(rig: SignallingRig) -> None:
    alice, bob, carol = consult(rig)
    carol.hangs_up()
    alice.hears_tone("reorder")
    alice.flashes()
    alice.hears(bob)


def test_the_held_party_hangs_up(rig: SignallingRig) -> None:
    alice, bob, carol = consult(rig)
    bob.hangs_up()
    alice.hears(carol)
    alice.flashes()
    carol.is_silent()
    alice.flashes()
    alice.hears(carol)


def test_the_held_party_hangs_up_while_the_owner_dials(rig: SignallingRig) -> None:
    alice, bob, carol = talk(rig)
    alice.flashes()
    bob.hangs_up()
    alice.dials("103")
    carol.lifts()
    alice.hears(carol)
    alice.hangs_up()
    carol.hears_tone("reorder")


def test_hanging_up_while_the_second_party_rings_transfers(rig: SignallingRig) -> None:
    alice, bob, carol = talk(rig)
    alice.flashes()
    alice.dials("103")
    alice.hangs_up()
    bob.hears_tone("ringback")
    carol.rings()
    carol.lifts()
    bob.hears(carol)
    carol.hears(bob)
    bob.hangs_up()
    carol.hears_tone("reorder")
    held, second = rig.records
    assert (held.cause, second.cause) == (Cause.TRANSFERRED, Cause.NORMAL)
    assert held.session == second.session
    assert [each.name for each in second.parties] == ["101", "103", "102"]
    assert second.charged_to == "101"


def test_hanging_up_after_the_answer_transfers(rig: SignallingRig) -> None:
    alice, bob, carol = consult(rig)
    alice.hangs_up()
    bob.hears(carol)
    carol.hears(bob)
    alice.lifts()
    alice.hears_tone("dial")
    alice.hangs_up()
    carol.hangs_up()
    bob.hears_tone("reorder")


def test_a_transferred_call_that_nobody_answers(rig: SignallingRig) -> None:
    alice, _, carol = talk(rig)
    alice.flashes()
    alice.dials("103")
    alice.hangs_up()
    rig.passes(30.1)
    carol.is_quiet()
    alice.rings("return")


def test_a_flash_in_a_consultation_makes_a_conference(rig: SignallingRig) -> None:
    alice, bob, carol = consult(rig)
    alice.flashes()
    alice.hears(bob, carol)
    bob.hears(alice, carol)
    carol.hears(alice, bob)


def test_a_flash_in_a_conference_drops_the_last(rig: SignallingRig) -> None:
    alice, bob, carol = consult(rig)
    alice.flashes()
    alice.flashes()
    alice.hears(bob)
    bob.hears(alice)
    carol.hears_tone("reorder")


@pytest.mark.parametrize("leaver", ["102", "103"])
def test_a_guest_leaves_the_conference(rig: SignallingRig, leaver: str) -> None:
    alice, bob, carol = consult(rig)
    alice.flashes()
    rig.phone(leaver).hangs_up()
    other = carol if leaver == "102" else bob
    alice.hears(other)
    other.hears(alice)
    alice.flashes()
    alice.hears_tone("stutter")
    alice.flashes()
    alice.hears(other)


def test_the_owner_leaves_the_conference_to_the_others(rig: SignallingRig) -> None:
    alice, bob, carol = consult(rig)
    alice.flashes()
    rig.passes(10.0)
    alice.hangs_up()
    bob.hears(carol)
    carol.hears(bob)


def test_hanging_up_on_a_held_party_rings_back(rig: SignallingRig) -> None:
    alice, bob, _ = talk(rig)
    alice.flashes()
    alice.hangs_up()
    alice.rings("return")
    bob.is_silent()
    alice.lifts()
    alice.hears(bob)
    bob.hears(alice)


def test_hanging_up_on_a_busy_tone_rings_back(rig: SignallingRig) -> None:
    alice, bob, carol = talk(rig)
    carol.lifts()
    alice.flashes()
    alice.dials("103")
    alice.hears_tone("busy")
    alice.hangs_up()
    alice.rings("return")
    alice.lifts()
    alice.hears(bob)


def test_ringing_back_ends_some_time(rig: SignallingRig) -> None:
    alice, bob, _ = talk(rig)
    alice.flashes()
    alice.hangs_up()
    rig.passes(60.0)
    alice.is_quiet()
    bob.hears_tone("reorder")
    assert rig.records[0].cause is Cause.NO_ANSWER


def test_the_held_party_gives_up_while_the_owner_is_rung_back(rig: SignallingRig) -> None:
    alice, bob, _ = talk(rig)
    alice.flashes()
    alice.hangs_up()
    bob.hangs_up()
    alice.is_quiet()


def test_a_caller_during_a_consultation_gets_busy(rig: SignallingRig) -> None:
    alice, _, _ = talk(rig)
    alice.flashes()
    dave = rig.phone("104")
    dave.calls("101")
    dave.hears_tone("busy")
    alice.hears_tone("stutter")


def operator_has_a_call_in(rig: SignallingRig) -> tuple[Phone, Office]:
    operator, office = rig.phone("101"), rig.office(1)
    office.calls_in("2125550123", "SMITH JOHN")
    operator.lifts()
    operator.hears(office)
    return operator, office


def test_the_operator_transfers_an_outside_caller(rig: SignallingRig) -> None:
    operator, office = operator_has_a_call_in(rig)
    operator.flashes()
    operator.dials("103")
    operator.hangs_up()
    office.hears_tone("ringback")
    carol = rig.phone("103")
    carol.lifts()
    office.hears(carol)
    carol.hears(office)
    office.breaks_loop()
    carol.hears_tone("reorder")
    first, second = rig.records
    assert first.session == second.session
    assert second.trunk == first.trunk


def test_the_operator_asks_first(rig: SignallingRig) -> None:
    operator, office = operator_has_a_call_in(rig)
    operator.flashes()
    operator.dials("103")
    carol = rig.phone("103")
    carol.lifts()
    operator.hangs_up()
    office.hears(carol)
    carol.hears(office)


def test_an_outgoing_call_is_transferred_to_a_colleague(rig: SignallingRig) -> None:
    alice, office = dials_out(rig, "102")
    rig.passes(30.0)
    alice.flashes()
    alice.dials("103")
    carol = rig.phone("103")
    carol.lifts()
    alice.hangs_up()
    carol.hears(office)
    office.hears(carol)


def test_a_colleague_is_transferred_to_an_outgoing_call_under_way(rig: SignallingRig) -> None:
    alice, bob, _ = talk(rig)
    office = rig.office()
    alice.flashes()
    alice.dials("9" + LOCAL + "#")
    office.is_seized()
    alice.hangs_up()
    office.gives("dial")
    office.receives(LOCAL)
    rig.passes(2.0)
    bob.hears(office)
    rig.passes(20.0)
    office.hears(bob)


@pytest.mark.parametrize("when", ["ringing", "talking", "conference"])
def test_two_outside_parties_are_not_left_to_each_other(rig: SignallingRig, when: str) -> None:
    operator, first = operator_has_a_call_in(rig)
    second = rig.office(0)
    operator.flashes()
    operator.dials("9" + LOCAL + "#")
    second.gives("dial")
    rig.passes(2.0)
    if when != "ringing":
        rig.passes(30.0)
    if when == "conference":
        operator.flashes()
        first.hears(operator, second)
    operator.hangs_up()
    first.is_free()
    second.is_free()
    assert {each.cause for each in rig.records} == {Cause.TRUNK_TO_TRUNK}


def test_a_conference_of_two_outside_parties_and_one_inside(rig: SignallingRig) -> None:
    operator, first = operator_has_a_call_in(rig)
    operator.flashes()
    operator.dials("9" + LOCAL + "#")
    second = rig.office(0)
    second.gives("dial")
    rig.passes(40.0)
    operator.flashes()
    first.hears(operator, second)
    second.breaks_loop()
    second.is_free()
    first.hears(operator)


def test_whoever_is_consulted_cannot_hold_the_one_who_consults(rig: SignallingRig) -> None:
    alice, _, carol = consult(rig)
    carol.flashes()
    carol.hears(alice)


def small_office() -> Plan:
    return office_plan(stations=3, trunks=0)


def test_a_refused_number_during_a_consultation(rig: SignallingRig) -> None:
    alice, bob, _ = talk(rig)
    alice.flashes()
    alice.dials("9011442071234567#")
    alice.hears_tone("reorder")
    alice.flashes()
    alice.hears(bob)
    assert rig.records[0].cause is Cause.DENIED
