# SPDX-License-Identifier: MIT
import dataclasses
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from altiware.core.call import EVENTS, IGNORED, TRANSITIONS, Call
from altiware.core.call_states import JOINED, WANTED, CallState
from altiware.core.call_times import Phase
from altiware.core.causes import Cause
from altiware.core.decision import Decision, DialRequest, NumberClass, Verdict
from altiware.core.effects import (
    Astray,
    Attach,
    ConnectPath,
    Detach,
    DisconnectPath,
    Effect,
    Ended,
    Hunt,
    Judge,
    ListenPath,
    Send,
    Talking,
)
from altiware.core.errors import SeizureError
from altiware.core.events import Event, Timeout
from altiware.core.ids import CallId, Party, PortAddress, application, station
from altiware.core.ids import trunk as trunk_party
from altiware.core.legs import (
    Alert,
    Alerting,
    Answered,
    Connect,
    Departed,
    Failed,
    Heed,
    Key,
    Keyed,
    Offer,
    Progress,
    Progressed,
    Refused,
    Release,
    Reply,
    Seize,
    Unavailable,
    Wait,
)
from altiware.core.orders import (
    Absorb,
    Allowed,
    Bridge,
    Clear,
    Denied,
    Divert,
    Hold,
    Join,
    NoTrunk,
    Nowhere,
    Retrieve,
    Take,
    ToApplication,
    ToOffice,
    ToOutside,
    ToStation,
    TrunkFound,
    Turn,
    Unbridge,
)
from altiware.core.plan import Timers
from altiware.core.signals import Caller, RingStyle
from tests.altiware.core.machine import every_pair_is_known, state

ID = CallId("1")
ALICE, BOB, CAROL = station("101"), station("102"), station("103")
DESK = application("attendant", 1)
LINE_1, LINE_2 = trunk_party(PortAddress(0, 0)), trunk_party(PortAddress(0, 1))
CALLER = Caller("101", "Alice")
REQUEST = DialRequest(ALICE, "5550123", "us")
ALLOWED = Decision(Verdict.ALLOW, "test", "it is a test", NumberClass.LOCAL, "5550123")
DENIED = dataclasses.replace(ALLOWED, verdict=Verdict.DENY)

EVENT_OF: dict[type[Event], Any] = {
    ToStation: lambda at: ToStation(at, BOB, RingStyle.INTERNAL),
    ToApplication: lambda at: ToApplication(at, DESK),
    ToOffice: lambda at: ToOffice(at, BOB),
    Divert: lambda at: Divert(at, Cause.FORWARDED),
    Take: lambda at: Take(at, CAROL),
    Turn: Turn,
    Keyed: lambda at: Keyed(at, ALICE, "1"),
    ToOutside: lambda at: ToOutside(at, REQUEST),
    Nowhere: lambda at: Nowhere(at, Cause.WRONG_NUMBER),
    Allowed: lambda at: Allowed(at, ALLOWED),
    Denied: lambda at: Denied(at, DENIED),
    TrunkFound: lambda at: TrunkFound(at, LINE_1),
    NoTrunk: NoTrunk,
    Timeout: Timeout,
    Alerting: lambda at: Alerting(at, BOB, ID),
    Refused: lambda at: Refused(at, BOB, ID, Cause.BUSY),
    Unavailable: lambda at: Unavailable(at, LINE_1, ID, Cause.NO_DIAL_TONE),
    Progressed: lambda at: Progressed(at, LINE_1, both_ways=True),
    Answered: lambda at: Answered(at, BOB),
    Departed: lambda at: Departed(at, ALICE),
    Failed: lambda at: Failed(at, BOB),
    Hold: lambda at: Hold(at, ALICE),
    Retrieve: Retrieve,
    Join: lambda at: Join(at, ALICE, CAROL),
    Absorb: Absorb,
    Bridge: Bridge,
    Unbridge: Unbridge,
    Clear: lambda at: Clear(at, Cause.STOPPED),
}


def call(*events: Event, near: Party = ALICE) -> Call:
    """Return a call to which these events have happened."""
    made = Call(ID, ID, near, digits="102", caller=CALLER, timers=Timers(), at=0.0)
    for event in events:
        made.receive(event)
    return made


INSIDE = (ToStation(0.0, BOB, RingStyle.INTERNAL),)
RINGING = (*INSIDE, Alerting(1.0, BOB, ID))
TALKING = (*RINGING, Answered(6.0, BOB))
OUTSIDE = (ToOutside(0.0, REQUEST), Allowed(0.0, ALLOWED))
SEIZING = (*OUTSIDE, TrunkFound(0.0, LINE_1))
PROCEEDING = (*SEIZING, Progressed(4.0, LINE_1, both_ways=False))


def test_every_state_answers_every_event() -> None:
    every_pair_is_known(CallState, EVENTS, TRANSITIONS, IGNORED)
    assert set(EVENT_OF) == set(EVENTS)


def test_ignored_events_change_nothing() -> None:
    for where, event in IGNORED:
        ignoring = call()
        ignoring.state = where
        ignoring.deadline = 7.0
        assert ignoring.receive(EVENT_OF[event](0.0)) == []
        assert (state(ignoring), ignoring.deadline) == (where, 7.0)


# Inside


def test_a_station_is_offered_the_call_with_its_caller() -> None:
    offer = Offer(0.0, ID, CALLER, RingStyle.INTERNAL)
    assert call().receive(INSIDE[0]) == [Send(BOB, offer)]


def test_ringing_and_the_answer() -> None:
    ringing = call(*INSIDE)
    assert ringing.receive(Alerting(1.0, BOB, ID)) == [
        Attach(BOB, ID),
        Send(ALICE, Alert(1.0)),
    ]
    assert ringing.deadline == 61.0
    assert ringing.receive(Answered(6.0, BOB)) == [
        Send(ALICE, Connect(6.0)),
        ConnectPath(ALICE, BOB),
        Talking(ID),
    ]
    assert state(ringing) is CallState.TALKING
    assert not ringing.deadline


def test_a_busy_station_is_not_released() -> None:
    wanted = call(*INSIDE)
    refused = wanted.receive(Refused(0.0, BOB, ID, Cause.BUSY))
    assert refused == [Detach(BOB, ID), Astray(ID, BOB, Cause.BUSY)]
    ended = wanted.receive(Nowhere(0.0, Cause.BUSY))
    assert [each for each in ended if isinstance(each, Send)] == [
        Send(ALICE, Release(0.0, Cause.BUSY))
    ]


def test_who_calls_himself_is_told_that_he_is_busy() -> None:
    wanted = call(ToStation(0.0, ALICE, RingStyle.INTERNAL))
    assert wanted.receive(Refused(0.0, ALICE, ID, Cause.BUSY)) == [Astray(ID, ALICE, Cause.BUSY)]
    assert Send(ALICE, Release(0.0, Cause.BUSY)) in wanted.receive(Nowhere(0.0, Cause.BUSY))


def test_nobody_answers() -> None:
    ringing = call(*RINGING)
    assert ringing.receive(Timeout(61.0)) == [
        Send(BOB, Release(61.0, Cause.NO_ANSWER)),
        Detach(BOB, ID),
        Astray(ID, BOB, Cause.NO_ANSWER),
    ]
    ended = ringing.receive(Nowhere(61.0, Cause.NO_ANSWER))
    assert Send(ALICE, Release(61.0, Cause.NO_ANSWER)) in ended
    assert (ringing.cause, ringing.led) == (Cause.NO_ANSWER, (BOB,))


def test_a_station_may_ring_for_its_own_time() -> None:
    ringing = call(ToStation(0.0, BOB, RingStyle.INTERNAL, 12.0), Alerting(1.0, BOB, ID))
    assert ringing.deadline == 13.0


# Led on


def test_an_application_is_told_with_whom_it_talks_and_hears_his_keys() -> None:
    led = call(ToApplication(0.0, DESK))
    assert led.receive(Answered(0.0, DESK)) == [
        Send(ALICE, Connect(0.0)),
        Send(DESK, Connect(0.0, ALICE, CALLER)),
        ConnectPath(ALICE, DESK),
        Send(ALICE, Heed(0.0)),
        Talking(ID),
    ]
    assert led.receive(Keyed(1.0, ALICE, "5")) == [Send(DESK, Key(1.0, "5"))]


def test_people_s_keys_are_told_to_nobody() -> None:
    assert call(*TALKING).receive(Keyed(7.0, ALICE, "5")) == []


def test_an_application_leads_its_caller_on() -> None:
    led = call(ToApplication(0.0, DESK), Answered(0.0, DESK))
    assert led.receive(Divert(3.0, Cause.FORWARDED)) == [
        DisconnectPath(ALICE, DESK),
        Send(DESK, Release(3.0, Cause.FORWARDED)),
        Detach(DESK, ID),
    ]
    assert state(led) is CallState.LEADING
    led.receive(ToStation(3.0, BOB, RingStyle.INTERNAL))
    assert led.receive(Alerting(3.0, BOB, ID))[-1] == Send(ALICE, Alert(3.0))
    led.receive(Answered(8.0, BOB))
    assert led.path == (ALICE, BOB)
    assert led.times.answered_at == 0.0, "of the first that answered"


def test_a_caller_who_leaves_while_he_is_led_on_was_answered_before() -> None:
    led = call(ToApplication(0.0, DESK), Answered(0.0, DESK), Divert(3.0, Cause.FORWARDED))
    led.receive(Departed(3.0, ALICE))
    assert led.cause is Cause.NORMAL


def test_a_ringing_call_is_taken_by_another() -> None:
    ringing = call(*RINGING)
    assert ringing.receive(Take(4.0, CAROL)) == [
        Send(BOB, Release(4.0, Cause.PICKED_UP)),
        Detach(BOB, ID),
        Attach(CAROL, ID),
        Send(CAROL, Connect(4.0)),
        Send(ALICE, Connect(4.0)),
        ConnectPath(ALICE, CAROL),
        Talking(ID),
    ]
    assert (state(ringing), ringing.target) == (CallState.TALKING, CAROL)


def test_a_wrong_number() -> None:
    assert call().receive(Nowhere(0.0, Cause.WRONG_NUMBER)) == [
        Send(ALICE, Release(0.0, Cause.WRONG_NUMBER)),
        Detach(ALICE, ID),
        Ended(ID),
    ]


# Outside


def test_the_policy_is_asked_before_a_trunk_is_hunted() -> None:
    out = call()
    assert out.receive(ToOutside(0.0, REQUEST)) == [Judge(ID, REQUEST)]
    assert out.receive(Allowed(0.0, ALLOWED)) == [Hunt(ID, ALLOWED, ())]
    assert out.receive(TrunkFound(0.0, LINE_1)) == [
        Attach(LINE_1, ID),
        Send(LINE_1, Seize(0.0, ID, ALLOWED)),
    ]


def test_a_denied_call_ends() -> None:
    denied = call(ToOutside(0.0, REQUEST))
    assert Send(ALICE, Release(0.0, Cause.DENIED)) in denied.receive(Denied(0.0, DENIED))
    assert denied.decision is DENIED


def test_a_seizure_without_an_allowing_decision_is_a_defect() -> None:
    with pytest.raises(SeizureError, match="it is a test"):
        call(ToOutside(0.0, REQUEST), Allowed(0.0, DENIED), TrunkFound(0.0, LINE_1))


def test_a_trunk_that_cannot_is_passed_over() -> None:
    out = call(*SEIZING)
    gone = Unavailable(5.0, LINE_1, ID, Cause.NO_DIAL_TONE)
    assert out.receive(gone) == [Detach(LINE_1, ID), Hunt(ID, ALLOWED, (LINE_1,))]
    out.receive(TrunkFound(5.0, LINE_2))
    gone = Unavailable(9.0, LINE_2, ID, Cause.NO_DIAL_TONE)
    assert out.receive(gone)[-1] == Hunt(ID, ALLOWED, (LINE_1, LINE_2))
    assert Send(ALICE, Release(9.0, Cause.NO_DIAL_TONE)) in out.receive(NoTrunk(9.0))


def test_no_trunk_is_free() -> None:
    ended = call(*OUTSIDE).receive(NoTrunk(0.0))
    assert Send(ALICE, Release(0.0, Cause.ALL_TRUNKS_BUSY)) in ended


def test_before_the_answer_the_network_is_heard_one_way() -> None:
    out = call(*SEIZING)
    assert out.receive(Progressed(4.0, LINE_1, both_ways=False)) == [
        Send(ALICE, Progress(4.0)),
        ListenPath(ALICE, LINE_1),
    ]
    assert ConnectPath(ALICE, LINE_1) in out.receive(Answered(9.0, LINE_1))


def test_a_network_that_says_it_rings_gives_way_to_our_ringback() -> None:
    out = call(*PROCEEDING)
    assert out.receive(Alerting(5.0, LINE_1, ID)) == [
        DisconnectPath(ALICE, LINE_1),
        Attach(LINE_1, ID),
        Send(ALICE, Alert(5.0)),
    ]
    assert ConnectPath(ALICE, LINE_1) in out.receive(Answered(9.0, LINE_1))


def test_an_office_that_does_not_tell_the_answer_is_heard_both_ways() -> None:
    progressed = call(*SEIZING).receive(Progressed(4.0, LINE_1, both_ways=True))
    assert ConnectPath(ALICE, LINE_1) in progressed


@pytest.mark.parametrize(("party", "cause"), [(ALICE, Cause.ABANDONED), (LINE_1, Cause.NORMAL)])
def test_leaving_before_the_answer_was_seen(party: Party, cause: Cause) -> None:
    left = call(*PROCEEDING)
    left.receive(Departed(9.0, party))
    assert left.cause is cause


# From outside


def test_whoever_answers_for_the_office_is_rung_and_waited_for() -> None:
    office = call(near=LINE_1)
    offer = Send(BOB, Offer(0.0, ID, CALLER, RingStyle.OPERATOR))
    assert office.receive(ToOffice(0.0, BOB)) == [offer]
    assert office.receive(Refused(0.0, BOB, ID, Cause.BUSY)) == [Detach(BOB, ID)]
    assert office.deadline == 2.0
    again = Send(BOB, Offer(2.0, ID, CALLER, RingStyle.OPERATOR))
    assert office.receive(Timeout(2.0)) == [again]
    assert office.receive(Alerting(2.0, BOB, ID)) == [Attach(BOB, ID)]
    assert office.deadline is None
    assert Talking(ID) in office.receive(Answered(4.0, BOB))


def test_an_outside_caller_who_gives_up_while_nobody_is_free() -> None:
    office = call(ToOffice(0.0, BOB), Refused(0.0, BOB, ID, Cause.BUSY), near=LINE_1)
    ended = office.receive(Departed(9.0, LINE_1))
    assert ended == [Detach(LINE_1, ID), Ended(ID)]


# Talking, and features


def test_hanging_up_releases_the_other() -> None:
    for leaver, other in ((ALICE, BOB), (BOB, ALICE)):
        assert call(*TALKING).receive(Departed(60.0, leaver)) == [
            DisconnectPath(ALICE, BOB),
            Send(other, Release(60.0, Cause.NORMAL)),
            Detach(ALICE, ID),
            Detach(BOB, ID),
            Ended(ID),
        ]


def test_hold_and_retrieve() -> None:
    talking = call(*TALKING)
    assert talking.receive(Hold(10.0, BOB)) == [
        DisconnectPath(ALICE, BOB),
        Detach(BOB, ID),
        Send(ALICE, Wait(10.0)),
    ]
    assert talking.receive(Retrieve(15.0)) == [
        Attach(ALICE, ID),
        Attach(BOB, ID),
        Send(ALICE, Connect(15.0)),
        Send(BOB, Connect(15.0)),
        ConnectPath(ALICE, BOB),
    ]
    assert talking.times.legs[0].seconds[Phase.HELD] == 5.0


def test_the_time_on_hold_is_counted_to_the_end() -> None:
    held = call(*TALKING, Hold(10.0, BOB), Departed(17.0, ALICE))
    assert held.times.legs[0].seconds[Phase.HELD] == 7.0


def test_a_party_takes_the_place_of_another() -> None:
    talking = call(*TALKING)
    assert talking.receive(Join(10.0, ALICE, CAROL)) == [
        DisconnectPath(ALICE, BOB),
        Detach(ALICE, ID),
        Attach(CAROL, ID),
        Attach(CAROL, ID),
        Attach(BOB, ID),
        Send(CAROL, Connect(10.0)),
        Send(BOB, Connect(10.0)),
        ConnectPath(CAROL, BOB),
    ]
    assert talking.parties == [ALICE, BOB, CAROL]
    assert talking.other(CAROL) == BOB


def test_a_called_party_may_be_replaced_too() -> None:
    talking = call(*TALKING, Join(10.0, BOB, CAROL))
    assert (talking.near, talking.far) == (ALICE, CAROL)


def test_who_joins_early_hears_what_the_caller_heard() -> None:
    ringing = call(*RINGING).receive(Join(2.0, ALICE, CAROL))
    assert ringing[-1] == Send(CAROL, Alert(2.0))
    proceeding = call(*PROCEEDING).receive(Join(5.0, ALICE, CAROL))
    assert proceeding[-2:] == [Send(CAROL, Progress(5.0)), ConnectPath(CAROL, LINE_1)]
    seizing = call(*SEIZING).receive(Join(1.0, ALICE, CAROL))
    assert seizing == [Detach(ALICE, ID), Attach(CAROL, ID)]


def test_a_conference_takes_the_path_and_gives_it_back() -> None:
    talking = call(*TALKING)
    assert talking.receive(Bridge(10.0)) == [DisconnectPath(ALICE, BOB)]
    assert ConnectPath(ALICE, BOB) in talking.receive(Unbridge(20.0))


def test_an_absorbed_call_tells_nobody() -> None:
    absorbed = call(*TALKING, Hold(10.0, ALICE))
    assert absorbed.receive(Absorb(20.0)) == [Detach(BOB, ID), Detach(ALICE, ID), Ended(ID)]
    assert absorbed.cause is Cause.TRANSFERRED


@pytest.mark.parametrize("event", [Failed, Clear])
def test_a_call_can_be_ended_from_any_state(event: type[Event]) -> None:
    for where in (*WANTED, *JOINED):
        ending = call(*TALKING)
        ending.state = where
        assert ending.receive(EVENT_OF[event](70.0))[-1] == Ended(ID)


def from_someone_in_it(made: Call, event: Event) -> Event:
    """Let who was asked answer, and who is there be replaced by somebody new."""
    if isinstance(event, Reply | Progressed | Answered):
        return dataclasses.replace(event, party=made.far or BOB)
    if isinstance(event, Join):
        joiner = station(str(200 + event.at))
        return dataclasses.replace(event, leaver=made.near, joiner=joiner)
    return event


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(list(EVENT_OF.values())), max_size=30))
def test_paths_and_places_are_given_back(happenings: list[Any]) -> None:
    made = call()
    paths: set[tuple[Party, Party]] = set()
    here = {ALICE}
    ends = 0
    effects: list[Effect]
    for at, happens in enumerate([*happenings, EVENT_OF[Clear]]):
        effects = made.receive(from_someone_in_it(made, happens(float(at))))
        for effect in effects:
            match effect:
                case ConnectPath(a, b) | ListenPath(a, b):
                    paths.add((a, b))
                case DisconnectPath(a, b):
                    paths.remove((a, b))
                case Attach(party):
                    here.add(party)
                case Detach(party):
                    here.discard(party)
                case Ended():
                    ends += 1
        assert len(paths) <= 1
        talking = made.state in {CallState.TALKING, CallState.PROCEEDING}
        assert bool(paths) == talking
    for leg in made.times.legs:
        ended_at = len(happenings) if leg.ended_at is None else leg.ended_at
        assert sum(made.times.spent(leg, ended_at).values()) == ended_at - leg.offered_at
    if made.state is CallState.ENDED:
        assert made.times.leg is None, "no leg goes on"
        assert (ends, here, made.deadline) == (1, set(), None)
        assert made.times.closed_at is not None
    else:
        assert state(made) is CallState.NEW
