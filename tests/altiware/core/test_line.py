# SPDX-License-Identifier: MIT
import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altiware.core.causes import Cause
from altiware.core.effects import (
    Effect,
    FeedActive,
    FeedOnHook,
    Hear,
    PlayTone,
    Ring,
    SendCallerId,
    SendLamp,
    Silence,
    StopRinging,
)
from altiware.core.events import (
    Digit,
    Event,
    Flash,
    InService,
    Lamp,
    OffHook,
    OnHook,
    OutOfService,
    Timeout,
)
from altiware.core.ids import CallId, PortAddress, station
from altiware.core.legs import (
    Alert,
    Alerting,
    Answered,
    Connect,
    Departed,
    Failed,
    Flashed,
    Offer,
    Progress,
    Recall,
    Refused,
    Release,
    Setup,
)
from altiware.core.line import AT_REST, EVENTS, IGNORED, TRANSITIONS, Line, LineState
from altiware.core.numbering import DialPlan
from altiware.core.plan import Plan, StationPlan, Timers
from altiware.core.signals import Absence, Caller, Ears, RingStyle, Tone
from tests.altiware.core.machine import every_pair_is_known, state

CALL = CallId("1")
ALICE = station("101")
CADENCE = (400, 200, 400, 3000)
RINGING = dict.fromkeys(RingStyle, CADENCE)
PLAN = Plan(stations=(StationPlan("101", PortAddress(0, 0)), StationPlan("102", PortAddress(0, 1))))


def line(*events: Event, shows_caller: bool = True) -> Line:
    """Return a line in service to which these events have happened."""
    plan = dataclasses.replace(PLAN.stations[0], shows_caller=shows_caller)
    made = Line(plan, DialPlan(PLAN), Timers(), RINGING)
    for event in (InService(0.0), *events):
        made.receive(event)
    return made


def offer(at: float = 0.0, caller: Caller | None = None) -> Offer:
    return Offer(at, CALL, caller, RingStyle.INTERNAL)


def dialled(digits: str, at: float = 0.0) -> list[Event]:
    return [OffHook(at), *(Digit(at, key) for key in digits)]


def waiting() -> Line:
    return line(*dialled("102"), Timeout(0.0))


def test_every_state_answers_every_event() -> None:
    every_pair_is_known(LineState, EVENTS, TRANSITIONS, IGNORED)


def test_ignored_events_change_nothing() -> None:
    for where, event in IGNORED:
        ignoring = line()
        ignoring.state = where
        ignoring.deadline = 7.0
        fields = {f.name for f in dataclasses.fields(event)}
        extra = {"party": ALICE, "call": CALL, "caller": None, "style": RingStyle.INTERNAL}
        extra |= {"other": None, "key": "1", "cause": Cause.NORMAL, "holding": False}
        arguments = {name: extra[name] for name in fields - {"at"}}
        assert ignoring.receive(event(0.0, **arguments)) == []
        assert (state(ignoring), ignoring.deadline) == (where, 7.0)


def test_it_is_out_of_service_until_its_board_is_up() -> None:
    lost = Line(PLAN.stations[0], DialPlan(PLAN), Timers(), RINGING)
    assert state(lost) is LineState.LOST
    assert lost.receive(offer()) == [Refused(0.0, ALICE, CALL, Cause.OUT_OF_SERVICE)]
    assert lost.receive(OffHook(0.0)) == []
    lost.receive(InService(0.0))
    assert state(lost) is LineState.IDLE


def test_lifting_gives_dial_tone_and_listens_for_digits() -> None:
    idle = line()
    assert idle.receive(OffHook(1.0)) == [PlayTone(Tone.DIAL), Hear(Ears.DIGITS)]
    assert idle.deadline == 11.0


def test_the_first_digit_ends_dial_tone_and_a_whole_number_is_sent_at_once() -> None:
    dialling = line(OffHook(0.0))
    assert dialling.receive(Digit(1.0, "1")) == [Silence()]
    assert dialling.deadline == 5.0
    dialling.receive(Digit(2.0, "0"))
    dialling.receive(Digit(3.0, "2"))
    assert dialling.deadline == 3.0
    assert dialling.receive(Timeout(3.0)) == [Hear(Ears.NONE), Setup(3.0, ALICE, "102")]
    assert state(dialling) is LineState.WAITING


def test_silence_ends_a_number() -> None:
    dialling = line(*dialled("95550123", at=1.0))
    assert dialling.deadline == 5.0
    assert dialling.receive(Timeout(5.0))[1] == Setup(5.0, ALICE, "95550123")


@pytest.mark.parametrize(("cause", "tone"), [(Cause.BUSY, Tone.BUSY), (Cause.DENIED, Tone.REORDER)])
def test_the_end_of_a_call_is_heard(cause: Cause, tone: Tone) -> None:
    for told in (waiting(), line(offer(), OffHook(0.0))):
        assert told.receive(Release(1.0, cause)) == [PlayTone(tone)]
        assert (state(told), told.deadline) == (LineState.CLEARED, 21.0)


def test_ringback_network_and_talk() -> None:
    calling = waiting()
    assert calling.receive(Alert(0.0)) == [PlayTone(Tone.RINGBACK)]
    assert calling.receive(Progress(0.0)) == [Silence(), Hear(Ears.NONE)]
    assert state(calling) is LineState.LISTENING
    calling.receive(Connect(0.0))
    assert state(calling) is LineState.TALKING
    assert calling.deadline is None


def test_a_transferred_party_hears_ringback_again() -> None:
    talking = line(offer(), OffHook(0.0))
    assert talking.receive(Alert(0.0)) == [Hear(Ears.NONE), PlayTone(Tone.RINGBACK)]
    assert talking.receive(Connect(0.0)) == [Silence(), Hear(Ears.NONE)]


def test_an_offer_rings_and_is_told() -> None:
    assert line().receive(offer()) == [Ring(CADENCE), Alerting(0.0, ALICE, CALL)]


def test_the_caller_is_shown_between_the_first_two_rings() -> None:
    caller = Caller("102", "Bob")
    ringing = line(offer(10.0, caller))
    assert ringing.deadline == pytest.approx(10.0 + 1.0 + 0.5)
    shown = ringing.receive(Timeout(11.5))
    assert shown == [StopRinging(), FeedOnHook(), SendCallerId(caller)]
    assert ringing.deadline == pytest.approx(10.0 + 4.0)
    assert ringing.receive(Timeout(14.0)) == [FeedActive(), Ring(CADENCE)]
    assert ringing.deadline is None


def test_a_caller_who_is_not_known_is_shown_as_such() -> None:
    ringing = line(offer())
    unknown = SendCallerId(Caller("", absence=Absence.UNAVAILABLE))
    assert unknown in ringing.receive(Timeout(1.5))


def test_a_caller_is_not_shown_where_there_is_no_display_or_no_time() -> None:
    plain = line(offer(caller=Caller("102")), shows_caller=False)
    assert plain.deadline is None
    hasty = Line(PLAN.stations[0], DialPlan(PLAN), Timers(), dict.fromkeys(RingStyle, (500, 1000)))
    hasty.receive(InService(0.0))
    hasty.receive(offer(caller=Caller("102")))
    assert hasty.deadline is None


def test_answering() -> None:
    assert line(offer()).receive(OffHook(2.0)) == [StopRinging(), Answered(2.0, ALICE)]
    shown = line(offer(caller=Caller("102")), Timeout(1.0))
    assert shown.receive(OffHook(2.0)) == [Silence(), FeedActive(), Answered(2.0, ALICE)]


def test_an_offer_taken_back() -> None:
    ringing = line(offer())
    assert ringing.receive(Release(0.0, Cause.ABANDONED)) == [StopRinging()]
    assert state(ringing) is LineState.IDLE
    shown = line(offer(caller=Caller("102")), Timeout(1.0))
    assert shown.receive(Release(0.0, Cause.ABANDONED)) == [Silence(), FeedActive()]


def test_a_second_offer_is_refused_and_disturbs_nothing() -> None:
    ringing = line(offer(caller=Caller("102")))
    before = ringing.deadline
    second = Offer(0.5, CallId("2"), None, RingStyle.EXTERNAL)
    assert ringing.receive(second) == [Refused(0.5, ALICE, CallId("2"), Cause.BUSY)]
    assert ringing.deadline == before


def test_a_telephone_left_off_hook_is_locked_out_in_steps() -> None:
    left = line(OffHook(0.0))
    assert left.receive(Timeout(10.0)) == [Hear(Ears.NONE), PlayTone(Tone.REORDER)]
    assert left.receive(Timeout(30.0)) == [PlayTone(Tone.HOWLER)]
    assert left.receive(Timeout(70.0)) == [Silence()]
    assert (state(left), left.deadline) == (LineState.LOCKED_OUT, None)


def test_a_flash_is_passed_on_and_recall_gives_dial_tone() -> None:
    talking = line(offer(), OffHook(0.0))
    assert talking.receive(Flash(1.0)) == [Flashed(1.0, ALICE)]
    assert state(talking) is LineState.TALKING
    recalled = talking.receive(Recall(1.0, holding=True))
    assert recalled == [PlayTone(Tone.STUTTER), Hear(Ears.DIGITS)]
    assert talking.receive(Connect(2.0)) == [Silence(), Hear(Ears.NONE)]
    assert state(talking) is LineState.TALKING


def test_losing_the_board() -> None:
    assert Failed(3.0, ALICE) in waiting().receive(OutOfService(3.0))


told = st.sampled_from(
    [
        InService(0.0),
        OutOfService(0.0),
        OffHook(0.0),
        OnHook(0.0),
        Flash(0.0),
        Timeout(0.0),
        offer(),
        offer(caller=Caller("102")),
        Alert(0.0),
        Progress(0.0),
        Connect(0.0),
        Recall(0.0, holding=True),
        Release(0.0, Cause.BUSY),
        Lamp(0.0, 0),
        Lamp(0.0, 3),
        *(Digit(0.0, key) for key in "0129*#"),
    ]
)


class Telephone:
    """What a telephone hears and does by the effects it was given."""

    def __init__(self) -> None:
        self.tone: Tone | None = None
        self.shown = False
        self.bell = False
        self.fed_on_hook = False
        self.ears = Ears.NONE

    def takes(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case PlayTone(tone):
                    self.tone, self.shown = tone, False
                case SendCallerId():
                    self.tone, self.shown = None, True
                case Silence():
                    self.tone, self.shown = None, False
                case Ring():
                    self.bell = True
                case StopRinging():
                    self.bell = False
                case FeedOnHook():
                    self.fed_on_hook = True
                case FeedActive():
                    self.fed_on_hook = False
                case Hear(ears):
                    self.ears = ears


# The lamp


def test_a_resting_telephone_is_told_of_messages_at_once() -> None:
    lit = line(Lamp(5.0, 2))
    assert lit.deadline == 5.0
    assert lit.receive(Timeout(5.0)) == [FeedOnHook(), SendLamp(2)]
    assert lit.receive(Timeout(6.0)) == [Silence(), FeedActive()]
    assert state(lit) is LineState.IDLE
    assert lit.receive(OffHook(7.0))[0] == PlayTone(Tone.STUTTER)


def test_the_lamp_goes_out_when_there_are_none() -> None:
    lit = line(Lamp(5.0, 2), Timeout(5.0), Timeout(6.0), Lamp(7.0, 0))
    assert lit.receive(Timeout(7.0)) == [FeedOnHook(), SendLamp(0)]
    lit.receive(Timeout(8.0))
    assert lit.receive(OffHook(9.0))[0] == PlayTone(Tone.DIAL)


def test_what_a_telephone_knows_it_is_not_told_again() -> None:
    assert line(Lamp(5.0, 2), Timeout(5.0), Timeout(6.0), Lamp(7.0, 2)).deadline is None


def test_a_telephone_in_use_is_told_when_it_is_replaced() -> None:
    used = line(OffHook(0.0), Lamp(1.0, 1))
    assert used.deadline == Timers().first_digit_s
    used.receive(OnHook(3.0))
    assert used.deadline == 4.0
    rung = line(offer(), Lamp(1.0, 1), Release(2.0, Cause.NORMAL))
    assert rung.deadline == 3.0


@pytest.mark.parametrize("event", [OffHook(5.2), offer(5.2)])
def test_a_telephone_that_was_disturbed_while_it_was_told_is_told_again(event: Event) -> None:
    lit = line(Lamp(5.0, 1), Timeout(5.0))
    assert lit.receive(event)[:2] == [Silence(), FeedActive()]
    lit.receive(Release(6.0, Cause.NORMAL))
    lit.receive(OnHook(6.0))
    assert lit.deadline == 7.0


def test_messages_that_come_meanwhile_are_told_after() -> None:
    lit = line(Lamp(5.0, 1), Timeout(5.0), Lamp(5.5, 2))
    lit.receive(Timeout(6.0))
    assert lit.deadline == 7.0
    assert lit.receive(Timeout(7.0)) == [FeedOnHook(), SendLamp(2)]


def test_a_telephone_whose_board_was_away_is_told_anew() -> None:
    away = line(Lamp(5.0, 1), Timeout(5.0), Timeout(6.0), OutOfService(7.0), InService(8.0))
    assert away.deadline == 9.0


def test_a_telephone_without_a_display_stutters_only() -> None:
    plain = line(Lamp(5.0, 1), shows_caller=False)
    assert plain.deadline is None
    assert plain.receive(OffHook(6.0))[0] == PlayTone(Tone.STUTTER)


@given(st.lists(told))
def test_what_is_on_follows_from_the_state(events: list[Event]) -> None:
    made, telephone = line(), Telephone()
    for event in events:
        effects = made.receive(event)
        telephone.takes(effects)
        if made.state is LineState.LOST:
            telephone.bell = telephone.fed_on_hook = telephone.shown = False  # gone with it
        if made.state in {LineState.IDLE, LineState.LOST, LineState.TALKING, LineState.LOCKED_OUT}:
            assert telephone.tone is None
        assert telephone.bell == (made.state is LineState.RINGING)
        assert telephone.fed_on_hook == (made.state in {LineState.SHOWING, LineState.LIGHTING})
        listening = made.state in {LineState.DIAL_TONE, LineState.DIALLING}
        assert telephone.ears is (Ears.DIGITS if listening else Ears.NONE)


@given(st.lists(told))
def test_hanging_up_always_leads_home(events: list[Event]) -> None:
    made = line(*events)
    resting = {LineState.LOST, *AT_REST, LineState.RINGING, LineState.SHOWING}
    before = made.state
    effects = made.receive(OnHook(9.0))
    if before in resting:
        assert (state(made), effects) == (before, [])
    else:
        assert state(made) is LineState.IDLE
        assert effects[-1] == Departed(9.0, ALICE)
