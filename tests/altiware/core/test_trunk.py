# SPDX-License-Identifier: MIT
import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altiware.core.causes import Cause
from altiware.core.decision import Decision, NumberClass, Verdict
from altiware.core.effects import (
    AnswerLoop,
    Effect,
    Hear,
    PlayTone,
    PulseDigits,
    ReleaseLoop,
    SeizeLoop,
    SendDigits,
    Silence,
)
from altiware.core.events import (
    BusyHeard,
    CallerShown,
    DialToneHeard,
    DigitsSent,
    Event,
    InService,
    LoopBroken,
    NumberTaken,
    OrderRefused,
    OutOfService,
    Restored,
    Reversed,
    RingbackEnded,
    RingbackHeard,
    RingBegan,
    RingEnded,
    Timeout,
)
from altiware.core.ids import CallId, PortAddress
from altiware.core.ids import trunk as trunk_party
from altiware.core.legs import (
    Alert,
    Alerting,
    Answered,
    Connect,
    Departed,
    Failed,
    Freed,
    Progress,
    Progressed,
    Refused,
    Release,
    Seize,
    Setup,
    Unavailable,
)
from altiware.core.office import USUAL_OFFICE, Disconnect, OfficePlan
from altiware.core.plan import Dialling, Timers, TrunkPlan
from altiware.core.signals import Caller, Ears, Tone
from altiware.core.trunk import EVENTS, IGNORED, SIGNS, TRANSITIONS, Trunk, TrunkState
from tests.altiware.core.machine import every_pair_is_known, state

CALL = CallId("1")
LINE_1 = trunk_party(PortAddress(0, 8))
ALLOWED = Decision(Verdict.ALLOW, "test", "it is a test", NumberClass.LOCAL, "5550123")
SMITH = Caller("2125550123", "SMITH JOHN")
OPENED = [Silence(), Hear(Ears.NONE), ReleaseLoop()]


def trunk(
    *events: Event,
    answer_after_s: float | None = 20.0,
    pulse: bool = False,
    office: OfficePlan = USUAL_OFFICE,
) -> Trunk:
    """Return a trunk in service to which these events have happened."""
    dialling = Dialling.PULSE if pulse else Dialling.DTMF
    plan = TrunkPlan(
        PortAddress(0, 8), dialling=dialling, answer_after_s=answer_after_s, office=office
    )
    made = Trunk(plan, Timers())
    for event in (InService(0.0), *events):
        made.receive(event)
    return made


SEIZED = (Seize(0.0, CALL, ALLOWED),)
SENDING = (*SEIZED, DialToneHeard(1.0))
CALLING = (*SEIZED, NumberTaken(0.5))
PROCEEDING = (*SENDING, DigitsSent(3.0))
OUT = (*PROCEEDING, Reversed(9.0))
RUNG = (RingBegan(0.0), RingEnded(2.0), Timeout(2.6))
PRESENTED = (*RUNG, CallerShown(3.5, SMITH))
IN = (*PRESENTED, Connect(8.0))


def test_every_state_answers_every_event() -> None:
    every_pair_is_known(TrunkState, EVENTS, TRANSITIONS, IGNORED)


def test_ignored_events_change_nothing() -> None:
    extra: dict[str, Any] = {
        "call": CALL,
        "decision": ALLOWED,
        "cause": Cause.NORMAL,
        "caller": SMITH,
        "other": None,
        "key": "1",
    }
    for where, event in IGNORED:
        ignoring = trunk()
        ignoring.state = where
        ignoring.deadline = 7.0
        arguments = {f.name: extra[f.name] for f in dataclasses.fields(event) if f.name != "at"}
        assert ignoring.receive(event(0.0, **arguments)) == []
        assert (state(ignoring), ignoring.deadline) == (where, 7.0)


def test_it_is_free_when_its_board_is_up() -> None:
    lost = Trunk(TrunkPlan(PortAddress(0, 8)), Timers())
    refused = [Unavailable(0.0, LINE_1, CALL, Cause.ALL_TRUNKS_BUSY)]
    assert lost.receive(Seize(0.0, CALL, ALLOWED)) == refused
    assert lost.receive(InService(0.0)) == [Freed(0.0, LINE_1)]


# Out


def test_seizing_waits_for_dial_tone_and_sends_the_digits_of_the_decision() -> None:
    out = trunk()
    assert out.receive(Seize(1.0, CALL, ALLOWED)) == [SeizeLoop(ALLOWED), Hear(Ears.PROGRESS)]
    assert out.deadline == 6.0
    assert out.receive(DialToneHeard(2.0)) == [SendDigits("5550123")]
    assert out.receive(DigitsSent(4.0)) == [
        Hear(Ears.ANSWER),
        Progressed(4.0, LINE_1, both_ways=True),
    ]
    assert out.deadline == 24.0


def test_a_trunk_that_pulses() -> None:
    out = trunk(*SEIZED, pulse=True)
    assert out.receive(DialToneHeard(2.0)) == [PulseDigits("5550123")]


@pytest.mark.parametrize("sign", [Reversed, Timeout])
def test_the_answer(sign: type[Event]) -> None:
    out = trunk(*PROCEEDING)
    assert out.receive(sign(23.0)) == [Hear(Ears.HANG_UP), Answered(23.0, LINE_1)]
    assert (state(out), out.deadline) == (TrunkState.TALKING, None)


def test_an_office_that_reverses_is_believed_alone() -> None:
    out = trunk(*SENDING, answer_after_s=None)
    assert out.receive(DigitsSent(3.0)) == [
        Hear(Ears.ANSWER),
        Progressed(3.0, LINE_1, both_ways=False),
    ]
    assert out.deadline is None
    out.receive(RingbackHeard(4.0))
    out.receive(RingbackEnded(9.0))
    assert out.deadline is None


def test_ringback_puts_the_supposed_answer_off_until_it_ends() -> None:
    out = trunk(*PROCEEDING)
    out.receive(RingbackHeard(9.0))
    assert out.deadline is None
    out.receive(RingbackEnded(15.0))
    assert out.deadline == 17.0
    out.receive(RingbackHeard(16.0))
    assert out.deadline is None


@pytest.mark.parametrize("sign", [Timeout, BusyHeard, OrderRefused])
def test_no_dial_tone(sign: type[Event]) -> None:
    out = trunk(*SEIZED)
    unavailable = Unavailable(5.0, LINE_1, CALL, Cause.NO_DIAL_TONE)
    assert out.receive(sign(5.0)) == [unavailable, *OPENED]
    assert (state(out), out.deadline) == (TrunkState.GUARD, 6.5)


@pytest.mark.parametrize("sign", [Timeout, OrderRefused])
def test_digits_that_cannot_be_sent(sign: type[Event]) -> None:
    effects = trunk(*SENDING).receive(sign(5.0))
    assert effects == [Unavailable(5.0, LINE_1, CALL, Cause.NO_DIAL_TONE), *OPENED]


def test_a_busy_number() -> None:
    busy = Refused(5.0, LINE_1, CALL, Cause.BUSY)
    assert trunk(*PROCEEDING).receive(BusyHeard(5.0)) == [busy, *OPENED]


def test_glare_answers_the_call_that_came_in() -> None:
    out = trunk(*SEIZED)
    assert out.receive(RingBegan(0.5)) == [
        Unavailable(0.5, LINE_1, CALL, Cause.ALL_TRUNKS_BUSY),
        Hear(Ears.HANG_UP),
        Setup(0.5, LINE_1),
        PlayTone(Tone.RINGBACK),
    ]
    assert out.receive(Connect(4.0)) == [Silence(), Hear(Ears.HANG_UP)]
    assert state(out) is TrunkState.TALKING


# In


def test_the_caller_comes_between_the_first_two_rings() -> None:
    rung = trunk()
    assert rung.receive(RingBegan(0.0)) == [Hear(Ears.CALLER_ID)]
    rung.receive(RingEnded(2.0))
    assert rung.deadline == pytest.approx(2.6)
    assert rung.receive(Timeout(2.6)) == []
    assert rung.receive(CallerShown(3.5, SMITH)) == [
        Hear(Ears.NONE),
        Setup(3.5, LINE_1, caller=SMITH),
    ]
    assert rung.deadline == pytest.approx(10.0)


def test_a_second_ring_without_a_caller() -> None:
    assert trunk(*RUNG).receive(RingBegan(6.0)) == [Hear(Ears.NONE), Setup(6.0, LINE_1)]


def test_two_bursts_of_one_ring() -> None:
    rung = trunk(RingBegan(0.0), RingEnded(0.4), RingBegan(0.6), RingEnded(1.0))
    assert state(rung) is TrunkState.FIRST_RING
    assert rung.deadline == pytest.approx(1.6)


def test_a_single_ring_is_forgotten() -> None:
    rung = trunk(*RUNG)
    assert rung.deadline == pytest.approx(9.1)
    assert rung.receive(Timeout(9.1)) == [Hear(Ears.NONE), Freed(9.1, LINE_1)]


def test_a_caller_who_gives_up() -> None:
    rung = trunk(*PRESENTED, RingBegan(6.0))
    assert rung.deadline is None
    rung.receive(RingEnded(8.0))
    assert rung.deadline == pytest.approx(14.5)
    assert rung.receive(Timeout(14.5)) == [Departed(14.5, LINE_1), Freed(14.5, LINE_1)]


def test_answering_closes_the_loop() -> None:
    assert trunk(*PRESENTED).receive(Connect(8.0)) == [AnswerLoop(), Hear(Ears.HANG_UP)]


def test_a_declined_call_rings_in_vain_and_is_not_presented_again() -> None:
    rung = trunk(*PRESENTED)
    assert rung.receive(Release(4.0, Cause.DENIED)) == []
    assert rung.receive(RingBegan(6.0)) == []
    rung.receive(RingEnded(8.0))
    assert rung.receive(Timeout(14.5)) == [Freed(14.5, LINE_1)]


def test_a_ringing_trunk_is_not_seized() -> None:
    for events in (RUNG[:1], RUNG, PRESENTED, (*PRESENTED, Release(4.0, Cause.DENIED))):
        refused = trunk(*events).receive(Seize(5.0, CallId("2"), ALLOWED))
        assert refused == [Unavailable(5.0, LINE_1, CallId("2"), Cause.ALL_TRUNKS_BUSY)]


# The end


@pytest.mark.parametrize("sign", [LoopBroken, Restored, BusyHeard, DialToneHeard])
@pytest.mark.parametrize("events", [OUT, IN, (*OUT, Alert(9.0))])
def test_the_far_end_has_gone(events: tuple[Event, ...], sign: type[Event]) -> None:
    gone = trunk(*events)
    assert gone.receive(sign(60.0)) == [Departed(60.0, LINE_1), *OPENED]
    assert (state(gone), gone.deadline) == (TrunkState.GUARD, 61.5)


@pytest.mark.parametrize("told", Disconnect)
@pytest.mark.parametrize("events", [OUT, IN, (*OUT, Alert(9.0))])
def test_only_what_the_office_is_said_to_give_ends_a_call(
    events: tuple[Event, ...], told: Disconnect
) -> None:
    office = OfficePlan(disconnect=frozenset({told}))
    for sign, kind in SIGNS.items():
        gone = trunk(*events, office=office)
        before = state(gone)
        ends = kind is told and (sign is not Reversed or events == IN)
        assert bool(gone.receive(sign(60.0))) == ends
        assert state(gone) is (TrunkState.GUARD if ends else before)


@pytest.mark.parametrize("sign", [Reversed, Restored])
def test_polarity_that_is_put_back_at_the_answer_ends_nothing(sign: type[Event]) -> None:
    office = OfficePlan(disconnect=frozenset(Disconnect))
    answered = trunk(*IN, office=office)
    assert answered.receive(sign(8.3)) == []
    assert Departed(60.0, LINE_1) in answered.receive(sign(60.0))


@pytest.mark.parametrize("sign", [LoopBroken, DialToneHeard])
def test_the_far_end_has_gone_before_its_answer_was_seen(sign: type[Event]) -> None:
    assert trunk(*PROCEEDING).receive(sign(9.0)) == [Departed(9.0, LINE_1), *OPENED]


@pytest.mark.parametrize(
    "events", [SEIZED, SENDING, PROCEEDING, CALLING, OUT, IN, (*OUT, Alert(9.0))]
)
def test_release_opens_the_loop_and_rests(events: tuple[Event, ...]) -> None:
    released = trunk(*events)
    assert released.receive(Release(60.0, Cause.NORMAL)) == OPENED
    seize = Seize(60.1, CallId("2"), ALLOWED)
    assert isinstance(released.receive(seize)[0], Unavailable)
    assert released.receive(Timeout(61.5)) == [Freed(61.5, LINE_1)]
    assert state(released) is TrunkState.IDLE


def test_a_ring_in_the_guard_time_is_a_call() -> None:
    rung = trunk(*OUT, Release(60.0, Cause.NORMAL), RingBegan(60.5))
    assert (state(rung), rung.deadline) == (TrunkState.FIRST_RING, None)


def test_a_transferred_caller_hears_ringback() -> None:
    caller = trunk(*IN)
    assert caller.receive(Alert(9.0)) == [Hear(Ears.HANG_UP), PlayTone(Tone.RINGBACK)]
    assert caller.receive(Progress(9.0)) == [Silence(), Hear(Ears.HANG_UP)]
    assert state(caller) is TrunkState.TALKING


def test_a_number_taken_whole_needs_no_dial_tone_and_no_digits() -> None:
    calling = trunk(*SEIZED)
    heard = calling.receive(NumberTaken(0.5))
    assert heard == [Progressed(0.5, LINE_1, both_ways=False)]
    assert (state(calling), calling.deadline) == (TrunkState.CALLING, None)


def test_a_network_that_tells_is_never_supposed_to_have_answered() -> None:
    calling = trunk(*CALLING)
    assert calling.receive(RingbackHeard(2.0)) == [Alerting(2.0, LINE_1, CALL)]
    assert calling.receive(RingbackEnded(4.0)) == []
    assert calling.deadline is None
    assert calling.receive(Reversed(9.0)) == [Hear(Ears.HANG_UP), Answered(9.0, LINE_1)]


def test_a_network_that_tells_of_busy_and_of_the_end() -> None:
    busy = Refused(2.0, LINE_1, CALL, Cause.BUSY)
    assert trunk(*CALLING).receive(BusyHeard(2.0)) == [busy, *OPENED]
    vain = Refused(2.0, LINE_1, CALL, Cause.NO_ANSWER)
    assert trunk(*CALLING).receive(LoopBroken(2.0)) == [vain, *OPENED]


def test_a_late_reversal_is_no_hang_up() -> None:
    assert trunk(*PROCEEDING, Timeout(23.0)).receive(Reversed(25.0)) == []


def test_losing_the_board() -> None:
    for events in ((), RUNG, PRESENTED, SEIZED, OUT, IN, (*OUT, Release(9.0, Cause.NORMAL))):
        lost = trunk(*events)
        assert Failed(70.0, LINE_1) in lost.receive(OutOfService(70.0))
        assert lost.deadline is None


told = st.sampled_from(
    [
        *(event(0.0) for event in EVENTS if {f.name for f in dataclasses.fields(event)} == {"at"}),
        CallerShown(0.0, SMITH),
        Seize(0.0, CALL, ALLOWED),
        Release(0.0, Cause.NORMAL),
    ]
)


class Office:
    """What the office sees, by the effects."""

    def __init__(self) -> None:
        self.closed = False
        self.sounding = False
        self.ears = Ears.NONE

    def takes(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case SeizeLoop() | AnswerLoop():
                    assert not self.closed, "the loop is closed once"
                    self.closed = True
                case ReleaseLoop():
                    self.closed = False
                case PlayTone() | SendDigits():
                    self.sounding = True
                case Silence():
                    self.sounding = False
                case Hear(ears):
                    self.ears = ears


EARS = {
    TrunkState.SEIZING: Ears.PROGRESS,
    TrunkState.SENDING: Ears.PROGRESS,
    TrunkState.PROCEEDING: Ears.ANSWER,
    TrunkState.CALLING: Ears.PROGRESS,
    TrunkState.TALKING: Ears.HANG_UP,
    TrunkState.HOLDING_ON: Ears.HANG_UP,
    TrunkState.ON_HOLD: Ears.HANG_UP,
}
"""Where the loop is closed, and what is listened for then."""


@given(st.lists(told, max_size=40))
def test_the_loop_and_the_ears_follow_from_the_state(events: list[Event]) -> None:
    made, office = trunk(), Office()
    for event in events:
        office.takes(made.receive(event))
        if made.state is TrunkState.LOST:
            office.closed = False  # the board is gone, and its loops are open
        assert office.closed == (made.state in EARS)
        if made.state in EARS:
            assert office.ears & ~Ears.DIGITS is EARS[made.state]
            assert Ears.DIGITS not in office.ears or made.state is TrunkState.TALKING
        else:
            assert office.ears in {Ears.NONE, Ears.CALLER_ID}
            assert not office.sounding


@given(st.lists(told, max_size=40))
def test_digits_go_out_only_after_dial_tone(events: list[Event]) -> None:
    made = trunk()
    before: type[Event] | None = None
    for event in events:
        sends = any(isinstance(each, SendDigits | PulseDigits) for each in made.receive(event))
        before = type(event)
        assert not sends or before is DialToneHeard
