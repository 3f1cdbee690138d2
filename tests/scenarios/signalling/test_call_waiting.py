# SPDX-License-Identifier: MIT
"""Call waiting, alone and beside everything else that a station in a call can do."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from altiware.core.causes import Cause
from altiware.core.plan import Plan
from dsp import callerid
from dsp.cas import cas_tone
from dsp.engine import Detect
from tests.scenarios.signalling.station_office import confirmed, station_plan, station_rig
from tests.signalling_rig import Phone, SignallingRig

WAITS: dict[str, dict[str, Any]] = {
    "101": {"call_waiting": True},
    "102": {"call_waiting": True},
    "104": {"call_waiting": True, "busy": "105", "no_answer": "106", "ring_s": 12.0},
}


def plan(**changes: Any) -> Plan:
    return station_plan(WAITS, **changes)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[SignallingRig]:
    rig = station_rig(tmp_path, plan())
    yield rig
    rig.everybody_hangs_up()
    rig.is_clean()
    rig.close()


def phones(rig: SignallingRig) -> list[Phone]:
    return [rig.phone(each.extension) for each in rig.plan.stations]


def third_calls(rig: SignallingRig) -> tuple[Phone, Phone, Phone]:
    """Have 101 talk to 102, and 103 call 102."""
    alice, bob, carol, *_ = phones(rig)
    alice.calls("102")
    bob.lifts()
    carol.calls("102")
    carol.hears_tone("ringback")
    return alice, bob, carol


@pytest.mark.feature("call waiting")
def test_a_third_party_is_heard_as_three_beeps_in_24_s(rig: SignallingRig) -> None:
    alice, bob, carol = third_calls(rig)
    for _ in range(3):
        bob.hears_beside("waiting", alice)
        alice.hears(bob)
        rig.passes(0.8)
        bob.hears(alice)
        rig.passes(7.2)
    carol.hears_tone("busy")
    rig.passes(20.0)
    bob.hears(alice)


def sees_the_signal(bob: Phone) -> None:
    """Let the beep end, and the alerting signal be the only thing that is heard."""
    bob.rig.passes(0.14)  # the last digit was dialled 0.2 s ago
    (source,) = bob.rig.engine.sources(bob.timeslot)
    assert bob.rig.engine.says[source] == cas_tone()
    bob.rig.passes(0.1)
    assert bob.listens_for(Detect.DIGITS)


@pytest.mark.feature("call waiting", "caller ID")
def test_the_caller_who_waits_is_shown_on_a_display_that_answers(rig: SignallingRig) -> None:
    alice, bob, _ = third_calls(rig)
    sees_the_signal(bob)
    alice.is_silent()
    bob.presses_for_display("D")
    (source,) = rig.engine.sources(bob.timeslot)
    message = rig.engine.says[source]
    assert isinstance(message, bytes)
    assert callerid.parse(message).number == "103"
    rig.passes(1.2)
    bob.hears(alice)
    alice.hears(bob)
    assert not bob.listens_for(Detect.DIGITS)


@pytest.mark.feature("call waiting", "caller ID")
def test_a_telephone_without_a_display_talks_on_at_once(rig: SignallingRig) -> None:
    alice, bob, _ = third_calls(rig)
    sees_the_signal(bob)
    rig.passes(0.25)
    bob.hears(alice)
    alice.hears(bob)


@pytest.mark.feature("call waiting", "caller ID")
@pytest.mark.parametrize("when_s", [0.1, 0.35, 0.45])
@pytest.mark.parametrize("what", ["flash", "hang up", "first leaves", "caller leaves"])
def test_the_showing_of_a_caller_is_left_at_any_time(
    rig: SignallingRig, what: str, when_s: float
) -> None:
    alice, bob, carol = third_calls(rig)
    rig.passes(when_s)
    match what:
        case "flash":
            bob.flashes()
            bob.hears(carol)
            carol.hears(bob)
        case "hang up":
            bob.hangs_up()
            bob.rings()
        case "first leaves":
            alice.hangs_up()
            rig.passes(2.0)
            bob.hears_tone("reorder")
        case _:
            carol.hangs_up()
            rig.passes(2.0)
            bob.hears(alice)
            alice.hears(bob)


@pytest.mark.feature("call waiting", "caller ID")
def test_a_telephone_that_is_shown_no_callers_hears_the_beep_alone(tmp_path: Path) -> None:
    rig = station_rig(
        tmp_path, station_plan({"102": {"call_waiting": True, "shows_caller": False}})
    )
    alice, bob, _ = third_calls(rig)
    rig.passes(0.32)
    bob.hears(alice)
    rig.everybody_hangs_up()
    rig.is_clean()
    rig.close()


@pytest.mark.feature("call waiting", "hold")
def test_a_flash_takes_the_call_that_waits_and_swaps(rig: SignallingRig) -> None:
    alice, bob, carol = third_calls(rig)
    bob.flashes()
    bob.hears(carol)
    carol.hears(bob)
    alice.is_silent()
    bob.flashes()
    bob.hears(alice)
    alice.hears(bob)
    carol.is_silent()
    bob.flashes()
    bob.hears(carol)


@pytest.mark.feature("call waiting")
def test_hanging_up_with_one_waiting_rings(rig: SignallingRig) -> None:
    alice, bob, carol = third_calls(rig)
    bob.hangs_up()
    alice.hears_tone("reorder")
    bob.rings("internal")
    carol.hears_tone("ringback")
    bob.lifts()
    bob.hears(carol)
    carol.hears(bob)


@pytest.mark.feature("call waiting")
@pytest.mark.parametrize("swaps", [0, 1])
def test_hanging_up_on_one_of_two_rings_back_for_the_other(rig: SignallingRig, swaps: int) -> None:
    alice, bob, carol = third_calls(rig)
    for _ in range(1 + swaps):
        bob.flashes()
    left, other = (carol, alice) if swaps == 0 else (alice, carol)
    bob.hangs_up()
    left.hears_tone("reorder")
    bob.rings("return")
    bob.lifts()
    bob.hears(other)


@pytest.mark.feature("call waiting")
def test_the_first_party_leaves_and_a_flash_takes_the_call_that_waits(rig: SignallingRig) -> None:
    alice, bob, carol = third_calls(rig)
    alice.hangs_up()
    bob.hears_tone("reorder")
    bob.flashes()
    bob.hears(carol)
    bob.flashes()
    bob.hears_tone("stutter")


@pytest.mark.feature("call waiting")
@pytest.mark.parametrize("leaver", ["talking", "held"])
def test_one_of_two_leaves(rig: SignallingRig, leaver: str) -> None:
    alice, bob, carol = third_calls(rig)
    bob.flashes()
    if leaver == "held":
        alice.hangs_up()
        bob.hears(carol)
    else:
        carol.hangs_up()
        bob.hears_tone("reorder")
        bob.flashes()
        bob.hears(alice)


@pytest.mark.feature("call waiting")
def test_whoever_waits_gives_up(rig: SignallingRig) -> None:
    alice, bob, carol = third_calls(rig)
    carol.hangs_up()
    rig.passes(20.0)
    bob.hears(alice)
    bob.flashes()
    bob.hears_tone("stutter")
    (record,) = rig.records
    assert record.cause is Cause.ABANDONED
    assert record.target is not None
    assert record.target.number == "102"


@pytest.mark.feature("call waiting")
def test_a_fourth_party_gets_busy(rig: SignallingRig) -> None:
    _, bob, _ = third_calls(rig)
    dave = rig.phone("104")
    dave.calls("102")
    dave.hears_tone("busy")
    dave.hangs_up()
    bob.flashes()
    dave.calls("102")
    dave.hears_tone("busy")


@pytest.mark.feature("call waiting")
def test_a_call_from_outside_waits_and_is_taken(tmp_path: Path) -> None:
    rig = station_rig(tmp_path, plan(incoming="102"))
    alice, bob, office = rig.phone("101"), rig.phone("102"), rig.office()
    alice.calls("102")
    bob.lifts()
    office.calls_in("2125550123")
    bob.hears_beside("waiting", alice)
    bob.flashes()
    office.is_seized()
    bob.hears(office)
    alice.is_silent()
    rig.everybody_hangs_up()
    rig.is_clean()
    rig.close()


@pytest.mark.feature("call waiting", "busy handling")
def test_a_call_that_is_not_taken_goes_where_busy_calls_go(rig: SignallingRig) -> None:
    alice, _, carol, dave, erin, _ = phones(rig)
    alice.calls("104")
    dave.lifts()
    carol.calls("104")
    rig.passes(23.0)
    erin.is_quiet()
    rig.passes(1.5)
    erin.rings()
    carol.hears_tone("ringback")
    dave.hears(alice)


@pytest.mark.feature("call waiting", "forward busy")
def test_calls_wait_before_they_are_forwarded(rig: SignallingRig) -> None:
    alice, bob, carol, dave, *_ = phones(rig)
    confirmed(bob, "#35104")
    alice.calls("102")
    bob.lifts()
    carol.calls("102")
    bob.hears_beside("waiting", alice)
    rig.passes(24.5)
    dave.rings()


@pytest.mark.feature("call waiting", "forward all calls")
def test_forwarded_calls_do_not_wait(rig: SignallingRig) -> None:
    alice, bob, carol, dave, *_ = phones(rig)
    confirmed(bob, "#36104")
    bob.calls("101")
    alice.lifts()
    carol.calls("102")
    bob.hears(alice)
    dave.rings()


@pytest.mark.feature("call waiting", "do not disturb")
def test_nothing_beeps_at_one_who_is_not_to_be_disturbed(rig: SignallingRig) -> None:
    alice, bob, carol, *_ = phones(rig)
    confirmed(bob, "#33")
    bob.calls("101")
    alice.lifts()
    carol.calls("102")
    carol.hears_tone("busy")
    bob.hears(alice)


@pytest.mark.feature("call waiting", "consultation")
def test_a_caller_of_one_who_consults_gets_busy(rig: SignallingRig) -> None:
    alice, bob, carol, dave, *_ = phones(rig)
    alice.calls("102")
    bob.lifts()
    bob.flashes()
    dave.calls("102")
    dave.hears_tone("busy")
    dave.hangs_up()
    bob.dials("103")
    carol.lifts()
    dave.calls("102")
    dave.hears_tone("busy")
    bob.hears(carol)


@pytest.mark.feature("call waiting", "consultation")
def test_a_call_that_a_holder_makes_does_not_wait(rig: SignallingRig) -> None:
    """It is at one consultation's hands already."""
    alice, bob, carol, dave, *_ = phones(rig)
    alice.calls("102")
    bob.lifts()
    carol.calls("104")
    dave.lifts()
    carol.flashes()
    carol.dials("102")
    carol.hears_tone("busy")
    bob.hears(alice)


@pytest.mark.feature("call waiting", "conference")
def test_nobody_waits_for_parties_of_a_conference(rig: SignallingRig) -> None:
    alice, bob, carol, dave, *_ = phones(rig)
    bob.calls("101")
    alice.lifts()
    bob.flashes()
    bob.dials("103")
    carol.lifts()
    bob.flashes()
    alice.hears(bob, carol)
    for busy in ("101", "102"):
        dave.calls(busy)
        dave.hears_tone("busy")
        dave.hangs_up()


@pytest.mark.feature("call waiting", "hold")
def test_the_first_party_holds_while_one_waits(rig: SignallingRig) -> None:
    alice, bob, carol = third_calls(rig)
    alice.flashes()
    bob.is_silent()
    bob.flashes()
    carol.hears_tone("ringback")
    alice.flashes()
    alice.hears(bob)
    bob.flashes()
    bob.hears(carol)


@pytest.mark.feature("call waiting", "transfer")
def test_the_first_party_transfers_while_one_waits(rig: SignallingRig) -> None:
    alice, bob, carol = third_calls(rig)
    alice.flashes()
    alice.dials("104")
    dave = rig.phone("104")
    dave.lifts()
    alice.hangs_up()
    bob.hears(dave)
    bob.flashes()
    bob.hears(carol)
    dave.is_silent()
    bob.flashes()
    bob.hears(dave)


@pytest.mark.feature("call waiting", "transfer")
def test_a_caller_is_transferred_to_one_who_talks_and_gets_busy(rig: SignallingRig) -> None:
    alice, bob, carol, dave, *_ = phones(rig)
    alice.calls("102")
    bob.lifts()
    carol.calls("104")
    dave.lifts()
    dave.flashes()
    dave.dials("102")
    dave.hears_tone("busy")
    dave.flashes()
    dave.hears(carol)


@pytest.mark.feature("call waiting", "park")
def test_a_parked_call_is_none_to_wait_beside(rig: SignallingRig) -> None:
    alice, bob, carol, *_ = phones(rig)
    alice.calls("102")
    bob.lifts()
    bob.flashes()
    bob.dials("#31")
    rig.passes(5.0)
    bob.hangs_up()
    carol.calls("102")
    bob.rings("internal")


@pytest.mark.feature("call waiting", "pickup")
def test_a_call_that_waits_is_not_ringing_to_be_picked_up(rig: SignallingRig) -> None:
    alice, bob, carol = third_calls(rig)
    dave = rig.phone("104")
    dave.calls("#29102")
    dave.hears_tone("reorder")
    bob.flashes()
    bob.hears(carol)
    alice.is_silent()


@pytest.mark.feature("call waiting", "emergency call")
def test_nothing_beeps_in_an_emergency_call(rig: SignallingRig) -> None:
    alice, bob, office = rig.phone("101"), rig.phone("102"), rig.office()
    bob.calls("911")
    office.gives("dial")
    rig.passes(25.0)
    bob.hears(office)
    alice.calls("102")
    alice.hears_tone("busy")


@pytest.mark.feature("call waiting", "feature codes")
def test_nothing_beeps_while_a_code_is_answered(rig: SignallingRig) -> None:
    alice, bob = rig.phone("101"), rig.phone("102")
    bob.calls("#35#")
    bob.hears_said("forward-off")
    alice.calls("102")
    alice.hears_tone("busy")


@pytest.mark.feature("cancel call waiting")
def test_no_call_waits_during_one_call_that_asked_for_it(rig: SignallingRig) -> None:
    alice, bob, carol, *_ = phones(rig)
    bob.calls("#70101")
    alice.rings()
    alice.lifts()
    bob.hears(alice)
    carol.calls("102")
    carol.hears_tone("busy")
    carol.hangs_up()
    bob.hangs_up()
    alice.hangs_up()
    bob.calls("101")
    alice.lifts()
    carol.calls("102")
    carol.hears_tone("ringback")


@pytest.mark.feature("cancel call waiting")
def test_the_other_of_an_undisturbed_call_has_call_waiting(rig: SignallingRig) -> None:
    alice, bob, carol, *_ = phones(rig)
    bob.calls("#70101")
    alice.lifts()
    carol.calls("101")
    alice.hears_beside("waiting", bob)


@pytest.mark.feature("call waiting")
def test_call_waiting_is_switched_on_and_off_from_the_telephone(rig: SignallingRig) -> None:
    alice, bob, carol, dave, *_ = phones(rig)
    confirmed(bob, "#71", "call-waiting-off")
    confirmed(carol, "#71", "call-waiting-on")
    bob.calls("103")
    carol.lifts()
    alice.calls("102")
    alice.hears_tone("busy")
    dave.calls("103")
    dave.hears_tone("ringback")


@pytest.mark.feature("call waiting")
def test_a_lost_board_ends_it_all(rig: SignallingRig) -> None:
    third_calls(rig)
    rig.boards[0].is_lost()
    rig.passes(30.0)
    rig.is_empty()
    rig.boards[0].comes_up()
    rig.passes(0.0)
