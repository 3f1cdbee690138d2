# SPDX-License-Identifier: MIT
"""The switchboard alone, without ports: what goes in, and what comes out in which order."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from altiware.core.causes import Cause
from altiware.core.effects import PlayTone, Ring, Silence
from altiware.core.events import (
    BusyHeard,
    CallerShown,
    DialToneHeard,
    Digit,
    DigitsSent,
    Event,
    Flash,
    InService,
    LoopBroken,
    OffHook,
    OnHook,
    OrderRefused,
    OutOfService,
    Restored,
    Reversed,
    RingbackEnded,
    RingbackHeard,
    RingBegan,
    RingEnded,
)
from altiware.core.ids import CallId, Party, PortAddress, station, trunk
from altiware.core.line import LineState
from altiware.core.notices import (
    CallClosed,
    CallOpened,
    Connected,
    DigitDialled,
    Disconnected,
    LineChanged,
    ToneGiven,
    Traced,
)
from altiware.core.plan import Numbering, Plan, StationPlan, TrunkPlan
from altiware.core.signals import Caller, RingStyle, Tone
from altiware.core.trunk import TrunkState
from altiware.features.profile import PROFILES
from altiware.features.switchboard import Outcome, Perform, Switchboard

ALICE, BOB, CAROL = station("101"), station("102"), station("103")
LINE_1, LINE_2 = trunk(PortAddress(0, 8)), trunk(PortAddress(0, 9))
EVERYBODY = (ALICE, BOB, CAROL, LINE_1, LINE_2)
PLAN = Plan(
    stations=tuple(StationPlan(str(101 + i), PortAddress(0, i)) for i in range(3)),
    trunks=(TrunkPlan(PortAddress(0, 8)), TrunkPlan(PortAddress(0, 9))),
)
WITH_CODES = replace(
    PLAN,
    stations=tuple(
        replace(each, call_waiting=True, needs_account=each.extension == "103")
        for each in PLAN.stations
    ),
    numbering=Numbering(codes=PROFILES["oe45"]),
)
"""The same with all that stations can set and do."""
RINGING = dict.fromkeys(RingStyle, (1000, 3000))
EIGHT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class Bench:
    """A switchboard with everybody in service, and all that it gave out."""

    def __init__(self, plan: Plan = PLAN) -> None:
        ids = (CallId(f"{number:05d}") for number in itertools.count(1))
        self.board = Switchboard(plan, RINGING, ids, lambda at: EIGHT + timedelta(seconds=at))
        self.outcomes: list[Outcome] = []
        for party in EVERYBODY:
            self.happens(party, InService(0.0))

    def happens(self, party: Party, event: Event) -> list[Outcome]:
        found = self.board.receive(party, event)
        self.outcomes += found
        return found

    def dials(self, party: Party, digits: str, at: float = 0.0) -> list[Outcome]:
        found = self.happens(party, OffHook(at))
        for key in digits:
            found += self.happens(party, Digit(at, key))
        return found + self.expires(at)

    def expires(self, at: float) -> list[Outcome]:
        found = self.board.expire(at)
        self.outcomes += found
        return found


def test_an_effect_comes_after_the_notice_of_it() -> None:
    lifted = Bench().happens(ALICE, OffHook(1.0))
    words = [each for each in lifted if not isinstance(each, Traced)]
    assert words[:2] == [ToneGiven(1.0, ALICE, Tone.DIAL), Perform(ALICE, PlayTone(Tone.DIAL))]
    assert words[-1] == LineChanged(1.0, "101", "dial tone")


def test_digits_are_noticed_one_by_one() -> None:
    dialled = Bench().dials(ALICE, "102")
    keys = [each.key for each in dialled if isinstance(each, DigitDialled)]
    assert keys == ["1", "0", "2"]


def test_a_silence_that_ends_no_tone_is_not_noticed() -> None:
    tested = Bench()
    tested.dials(ALICE, "102")
    hung_up = tested.happens(BOB, OffHook(1.0)) + tested.happens(BOB, OnHook(2.0))
    assert Perform(BOB, Silence()) in hung_up
    assert not any(isinstance(each, ToneGiven) and each.party == BOB for each in hung_up)


def test_a_record_is_opened_before_anything_is_traced_of_it() -> None:
    dialled = Bench().dials(ALICE, "102")
    kinds = [type(each) for each in dialled if isinstance(each, CallOpened | Traced)]
    assert kinds[0] is CallOpened


def test_who_hears_whom_is_noticed() -> None:
    tested = Bench()
    tested.dials(ALICE, "102")
    assert Connected(5.0, ALICE, BOB) in tested.happens(BOB, OffHook(5.0))
    assert Disconnected(9.0, ALICE, BOB) in tested.happens(ALICE, OnHook(9.0))


def test_clearing_ends_all_calls_with_a_cause() -> None:
    tested = Bench()
    tested.dials(ALICE, "102")
    tested.dials(CAROL, "911")
    closed = [
        each for each in tested.board.clear(9.0, Cause.STOPPED) if isinstance(each, CallClosed)
    ]
    assert [each.record.cause for each in closed] == [Cause.STOPPED, Cause.STOPPED]
    assert tested.board.calls == {}


def test_where_everybody_is() -> None:
    tested = Bench()
    tested.dials(ALICE, "102")
    assert tested.board.call_at(ALICE) == tested.board.call_at(BOB) == "00001"
    assert tested.board.tone_at(ALICE) is Tone.RINGBACK
    tested.happens(ALICE, OnHook(1.0))
    assert tested.board.call_at(BOB) is None
    assert tested.board.tone_at(ALICE) is None


def test_an_offer_to_a_busy_station_is_not_part_of_its_own_trace() -> None:
    tested = Bench()
    tested.dials(BOB, "10")
    tested.dials(ALICE, "102")
    tested.happens(BOB, Digit(0.0, "3"))
    tested.expires(0.0)
    told = [each for each in tested.outcomes if isinstance(each, Traced) and each.target == "102"]
    assert {each.call for each in told if each.what == "Digit"} == {"00002"}


def test_a_party_that_is_not_planned_is_an_error() -> None:
    with pytest.raises(KeyError):
        Bench().happens(station("999"), OffHook(0.0))


def test_the_style_of_ringing_is_the_office_s() -> None:
    rung = Bench().dials(ALICE, "102")
    assert Perform(BOB, Ring((1000, 3000))) in rung


STATION_EVENTS = st.sampled_from([OffHook, OnHook, Flash])
TRUNK_EVENTS = st.sampled_from(
    [
        RingBegan,
        RingEnded,
        DialToneHeard,
        DialToneHeard,
        BusyHeard,
        RingbackHeard,
        RingbackEnded,
        DigitsSent,
        Reversed,
        Restored,
        LoopBroken,
        OrderRefused,
    ]
)
LIFTED = "lifts "
"""In front of a number: the handset is lifted for it."""
NUMBERS = st.sampled_from(["101", "102", "103", "0", "199", "95550123#", "911", "9900#"])
DIALLED = """#33 #36102 #36# #35103 #70102 #71 #68 #69 #32# #3212# 12# #38 #39 #66102 #67 #31 #29102
#27# #26 101 102 103 0 95550123#"""
CODES = st.sampled_from(DIALLED.split()).map(LIFTED.__add__)

steps = st.one_of(
    st.tuples(st.sampled_from(EVERYBODY[:3]), STATION_EVENTS),
    st.tuples(st.sampled_from(EVERYBODY[:3]), NUMBERS),
    st.tuples(st.sampled_from(EVERYBODY[3:]), TRUNK_EVENTS),
    st.tuples(st.sampled_from(EVERYBODY[3:]), st.just(CallerShown)),
    st.tuples(st.sampled_from(EVERYBODY), st.sampled_from([OutOfService, InService])),
    st.tuples(st.none(), st.sampled_from([0.5, 3.0, 30.0])),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(steps, max_size=60))
def test_whatever_happens_everything_comes_to_rest(happenings: list[tuple[Party, object]]) -> None:
    comes_to_rest(Bench(), happenings)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(steps, st.tuples(st.sampled_from(EVERYBODY[:3]), CODES)), max_size=60))
def test_whatever_codes_are_dialled_everything_comes_to_rest(
    happenings: list[tuple[Party, object]],
) -> None:
    tested = Bench(WITH_CODES)
    comes_to_rest(tested, happenings)
    assert tested.board.conversations == {}


def type_in(tested: Bench, party: Party, digits: str, now: float) -> None:
    if digits.startswith(LIFTED):
        tested.happens(party, OffHook(now))
    for key in digits.removeprefix(LIFTED):
        tested.happens(party, Digit(now, key))
    tested.expires(now)


def comes_to_rest(tested: Bench, happenings: list[tuple[Party, object]]) -> None:
    """Let it all happen, everybody hang up, and time pass until nothing is waited for."""
    now = 0.0
    for party, what in happenings:
        if isinstance(what, float):
            now += what
            tested.expires(now)
        elif isinstance(what, str):
            type_in(tested, party, what, now)
        elif what is CallerShown:
            tested.happens(party, CallerShown(now, Caller("2125550123")))
        else:
            assert isinstance(what, type)
            tested.happens(party, what(now))
    for party in EVERYBODY[3:]:
        tested.happens(party, LoopBroken(now))
        tested.happens(party, RingEnded(now))
    for _ in range(2):  # the second time for those who are rung back
        for party in EVERYBODY[:3]:
            tested.happens(party, OnHook(now))
    while tested.board.deadline is not None:
        now = max(now, tested.board.deadline)
        tested.expires(now)
    is_at_rest(tested)


def is_at_rest(tested: Bench) -> None:
    board = tested.board
    assert {each.state for each in board.lines.values()} <= {LineState.IDLE, LineState.LOST}
    assert {each.state for each in board.trunks.values()} <= {TrunkState.IDLE, TrunkState.LOST}
    assert (board.calls, board.consultations) == ({}, {})
    assert {party for party in EVERYBODY if board.tone_at(party)} == set()
    opened = [each.record.id for each in tested.outcomes if isinstance(each, CallOpened)]
    closed = [each.record.id for each in tested.outcomes if isinstance(each, CallClosed)]
    assert sorted(opened) == sorted(closed)
