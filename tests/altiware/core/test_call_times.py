# SPDX-License-Identifier: MIT
"""The seconds of a call, booked to the leg and the phase in which they pass."""

from altiware.core.call_times import CallTimes, Phase
from altiware.core.causes import Cause
from altiware.core.ids import station

ALICE, BOB, CAROL = station("101"), station("102"), station("103")


def times() -> CallTimes:
    """Return a call that rings at Bob since 1 s."""
    made = CallTimes(0.0)
    made.offer(ALICE, None, BOB, 0.0)
    made.enter(Phase.RINGING, 1.0)
    made.alert(1.0)
    return made


def test_time_is_booked_to_the_phase_that_has_been_going_on() -> None:
    made = times()
    made.enter(Phase.TALKING, 6.0)
    made.close(Cause.NORMAL, 10.0)
    (leg,) = made.legs
    assert leg.seconds == {Phase.SETUP: 1.0, Phase.RINGING: 5.0, Phase.TALKING: 4.0}
    assert (leg.offered_at, leg.ended_at, made.closed_at) == (0.0, 10.0, 10.0)


def test_time_between_legs_is_nobody_s() -> None:
    made = times()
    made.leave(Cause.NO_ANSWER, 6.0)
    assert (made.leg, made.alerting_at) == (None, None)
    made.offer(ALICE, None, CAROL, 20.0)
    made.spend(21.0)
    assert [sum(each.seconds.values()) for each in made.legs] == [6.0, 1.0]


def test_who_takes_a_place_goes_on_in_the_phase_of_the_leg() -> None:
    made = times()
    made.change(CAROL, None, BOB, 3.0)
    first, second = made.legs
    assert (first.cause, first.ended_at) == (Cause.TRANSFERRED, 3.0)
    assert (second.caller, second.alerting_at, second.answered_at) == (CAROL, 3.0, None)
    made.spend(5.0)
    assert second.seconds[Phase.RINGING] == 2.0


def test_who_takes_a_place_before_anybody_is_wanted_begins_no_leg() -> None:
    made = CallTimes(0.0)
    made.change(CAROL, None, BOB, 3.0)
    assert made.legs == []


def test_a_recording_ends_with_its_leg() -> None:
    made = times()
    made.enter(Phase.TALKING, 6.0)
    made.enter(Phase.RECORDING, 7.0)
    made.leave(Cause.FORWARDED, 9.0)
    assert made.legs[0].seconds[Phase.RECORDING] == 2.0
    assert made.phase is Phase.TALKING


def test_what_goes_on_is_counted_until_now_and_counted_once() -> None:
    made = times()
    (leg,) = made.legs
    assert made.spent(leg, 4.0) == {Phase.SETUP: 1.0, Phase.RINGING: 3.0}
    made.close(Cause.ABANDONED, 5.0)
    assert made.spent(leg, 99.0) == {Phase.SETUP: 1.0, Phase.RINGING: 4.0}
