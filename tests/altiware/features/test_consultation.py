# SPDX-License-Identifier: MIT
import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altiware.core.causes import Cause
from altiware.core.effects import CloseConference, Effect, OpenConference, Send
from altiware.core.events import Event, Timeout
from altiware.core.ids import CallId, station
from altiware.core.legs import (
    Alerting,
    Answered,
    Departed,
    Failed,
    Flashed,
    Offer,
    Recall,
    Refused,
    Release,
    Setup,
)
from altiware.core.orders import Bridge, Clear, Hold, Retrieve, Take, Unbridge
from altiware.core.plan import Timers
from altiware.core.signals import Caller, RingStyle
from altiware.features.consultation import (
    EVENTS,
    IGNORED,
    TRANSITIONS,
    Consultation,
    ConsultationState,
    HeldEnded,
    Opened,
    SecondAnswered,
    SecondEnded,
    SecondServes,
    SecondTakesCallers,
    WaitingTaken,
)
from altiware.features.effects import Consult, Transfer
from tests.altiware.core.machine import every_pair_is_known, state

ALICE, BOB, CAROL = station("101"), station("102"), station("103")
HELD, SECOND = CallId("1"), CallId("2")
BOB_SHOWN = Caller("102", "Bob")
CAROL_SHOWN = Caller("103", "Carol")

EVENT_OF: dict[type[Event], Any] = {
    Flashed: lambda at: Flashed(at, ALICE),
    Setup: lambda at: Setup(at, ALICE, "103"),
    Alerting: lambda at: Alerting(at, ALICE, HELD),
    Answered: lambda at: Answered(at, ALICE),
    Refused: lambda at: Refused(at, ALICE, HELD, Cause.BUSY),
    Departed: lambda at: Departed(at, ALICE),
    Failed: lambda at: Failed(at, ALICE),
    Opened: lambda at: Opened(at, SECOND),
    WaitingTaken: lambda at: WaitingTaken(at, SECOND, CAROL_SHOWN),
    SecondAnswered: lambda at: SecondAnswered(at, CAROL),
    SecondTakesCallers: SecondTakesCallers,
    SecondServes: SecondServes,
    SecondEnded: SecondEnded,
    HeldEnded: HeldEnded,
    Timeout: Timeout,
}


def consultation(*events: type[Event]) -> Consultation:
    """Return Alice's consultation, with Bob on hold, to which these events have happened."""
    made = Consultation(ALICE, HELD, BOB, BOB_SHOWN, Timers())
    for event in events:
        made.receive(EVENT_OF[event](0.0))
    return made


HOLDING = (Flashed,)
CALLING = (Flashed, Setup, Opened)
CONSULTING = (*CALLING, SecondAnswered)
CONFERENCE = (*CONSULTING, Flashed)
HANDING = (*CALLING, SecondTakesCallers)
SERVED = (*CALLING, SecondServes)
RETURNING = (Flashed, Departed)


def after(events: tuple[type[Event], ...], event: type[Event]) -> list[Effect]:
    return consultation(*events).receive(EVENT_OF[event](9.0))


def test_every_state_answers_every_event() -> None:
    every_pair_is_known(ConsultationState, EVENTS, TRANSITIONS, IGNORED)
    assert set(EVENT_OF) == set(EVENTS)


def test_ignored_events_change_nothing() -> None:
    for where, event in IGNORED:
        ignoring = consultation()
        ignoring.state = where
        ignoring.deadline = 7.0
        assert ignoring.receive(EVENT_OF[event](0.0)) == []
        assert (ignoring.state, ignoring.deadline) == (where, 7.0)


def test_a_flash_holds_and_recalls() -> None:
    recall = Recall(9.0, holding=True)
    assert after((), Flashed) == [Send(HELD, Hold(9.0, ALICE)), Send(ALICE, recall)]


def test_a_second_flash_returns() -> None:
    assert after(HOLDING, Flashed) == [Send(HELD, Retrieve(9.0))]


def test_dialling_opens_a_second_call() -> None:
    assert after(HOLDING, Setup) == [Consult(Setup(9.0, ALICE, "103"), HELD)]


def test_a_flash_while_calling_withdraws() -> None:
    assert after(CALLING, Flashed) == [
        Send(SECOND, Departed(9.0, ALICE)),
        Send(HELD, Retrieve(9.0)),
    ]


@pytest.mark.parametrize("events", [CALLING, CONSULTING])
def test_hanging_up_transfers(events: tuple[type[Event], ...]) -> None:
    assert after(events, Departed) == [Transfer(ALICE, HELD, SECOND)]


def test_a_flash_while_consulting_makes_a_conference() -> None:
    assert after(CONSULTING, Flashed) == [
        Send(HELD, Bridge(9.0)),
        Send(SECOND, Bridge(9.0)),
        OpenConference(HELD, (ALICE, BOB, CAROL)),
    ]


def test_leaving_the_conference() -> None:
    close, go_on = CloseConference(HELD), Unbridge(9.0)
    drop = Send(SECOND, Departed(9.0, ALICE))
    assert after(CONFERENCE, Flashed) == [close, drop, Send(HELD, go_on)]
    assert after(CONFERENCE, SecondEnded) == [close, Send(HELD, go_on)]
    assert after(CONFERENCE, HeldEnded) == [close, Send(SECOND, go_on)]
    assert after(CONFERENCE, Departed) == [close, Transfer(ALICE, HELD, SECOND)]


def test_hanging_up_on_a_held_party_rings_back() -> None:
    returning = consultation(*HOLDING)
    offer = Offer(9.0, HELD, BOB_SHOWN, RingStyle.RETURN)
    assert returning.receive(Departed(9.0, ALICE)) == [Send(ALICE, offer)]
    assert returning.deadline == 69.0


def test_what_becomes_of_ringing_back() -> None:
    stop = Send(ALICE, Release(9.0, Cause.NORMAL))
    assert after(RETURNING, Answered) == [Send(HELD, Retrieve(9.0))]
    assert after(RETURNING, HeldEnded) == [stop]
    assert after(RETURNING, Timeout) == [stop, Send(HELD, Clear(9.0, Cause.NO_ANSWER))]
    assert after(RETURNING, Refused) == [Send(HELD, Clear(9.0, Cause.BOARD_LOST))]


def alternating(*events: type[Event]) -> Consultation:
    taking = Consultation(ALICE, HELD, BOB, BOB_SHOWN, Timers())
    happenings: tuple[type[Event], ...] = (WaitingTaken, *events)
    for event in happenings:
        taking.receive(EVENT_OF[event](0.0))
    return taking


def test_a_call_that_waits_is_taken_and_the_first_held() -> None:
    taking = Consultation(ALICE, HELD, BOB, BOB_SHOWN, Timers())
    assert taking.receive(WaitingTaken(9.0, SECOND, CAROL_SHOWN)) == [
        Send(HELD, Hold(9.0, ALICE)),
        Send(SECOND, Take(9.0, ALICE)),
    ]


def test_a_flash_swaps_the_two() -> None:
    swapping = alternating()
    assert swapping.receive(Flashed(9.0, ALICE)) == [
        Send(SECOND, Hold(9.0, ALICE)),
        Send(HELD, Retrieve(9.0)),
    ]
    assert swapping.receive(Flashed(9.0, ALICE)) == [
        Send(HELD, Hold(9.0, ALICE)),
        Send(SECOND, Retrieve(9.0)),
    ]


@pytest.mark.parametrize(
    ("events", "left", "rings", "shown"),
    [
        ((), SECOND, HELD, BOB_SHOWN),
        ((Flashed,), HELD, SECOND, CAROL_SHOWN),
    ],
)
def test_hanging_up_on_one_of_two_rings_back_for_the_other(
    events: tuple[type[Event], ...], left: CallId, rings: CallId, shown: Caller
) -> None:
    assert alternating(*events).receive(Departed(9.0, ALICE)) == [
        Send(left, Departed(9.0, ALICE)),
        Send(ALICE, Offer(9.0, rings, shown, RingStyle.RETURN)),
    ]


def test_an_owner_whose_board_is_lost_leaves_nothing() -> None:
    for events in (HOLDING, CALLING, CONSULTING, CONFERENCE, RETURNING):
        cleared = after(events, Failed)
        told = {each.to for each in cleared if isinstance(each, Send)}
        assert told >= {HELD}
        assert (SECOND in told) == (events in (CALLING, CONSULTING, CONFERENCE))


@given(st.lists(st.sampled_from(EVENTS), max_size=30))
def test_a_conference_that_is_opened_is_closed(happenings: list[type[Event]]) -> None:
    made = consultation()
    conferences = 0
    for event in happenings:
        if event is Opened and made.second is not None:
            continue  # a second call is opened once
        for effect in made.receive(EVENT_OF[event](0.0)):
            conferences += isinstance(effect, OpenConference)
            conferences -= isinstance(effect, CloseConference)
        assert conferences == (state(made) is ConsultationState.CONFERENCE)
        if state(made) is ConsultationState.CALLING and made.second is None:
            made.receive(Opened(0.0, SECOND))  # the switchboard always answers


def test_hanging_up_hands_the_held_party_to_an_application_that_takes_callers() -> None:
    assert after(HANDING, Departed) == [Transfer(ALICE, HELD, SECOND)]


def test_hanging_up_on_any_other_application_rings_back() -> None:
    left = after(SERVED, Departed)
    assert left[0] == Send(SECOND, Departed(9.0, ALICE))
    assert left[1] == Send(ALICE, Offer(9.0, HELD, BOB_SHOWN, RingStyle.RETURN))


def test_a_flash_leaves_an_application() -> None:
    for serving in (HANDING, SERVED):
        assert after(serving, Flashed) == [
            Send(SECOND, Departed(9.0, ALICE)),
            Send(HELD, Retrieve(9.0)),
        ]


def test_whom_an_application_leads_to_can_join_a_conference() -> None:
    assert state(consultation(*HANDING, SecondAnswered, Flashed)) is ConsultationState.CONFERENCE


def test_a_second_call_is_forgotten_when_it_has_ended() -> None:
    ended = consultation(*CONSULTING, SecondEnded)
    assert (ended.second, ended.second_party) == (None, None)
    assert state(ended) is ConsultationState.HOLDING
    assert dataclasses.is_dataclass(Opened)
