# SPDX-License-Identifier: MIT
"""What every application can do, shown by one that exists for this alone.

190 is a guide: it speaks, and then leads its caller by his keys: 2 to Bob, 3 to itself anew, 4
records what he says until he presses a key, 5 calls Carol and joins her to the caller, * hangs up.
"""

import enum
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from altiware.core.causes import Cause
from altiware.core.effects import Effect, Record, Say, StopRecording
from altiware.core.events import Event, Recorded, Timeout
from altiware.core.ids import application
from altiware.core.legs import Connect, Key, Offer, Release, Setup
from altiware.core.plan import FeatureCode, Numbering, Service
from altiware.core.speech import Phrase
from altiware.features.applications import Conversation, Rows
from altiware.features.effects import Change, LeadOn, Pick, Spawn, Splice
from tests.scenarios.signalling.office_sounds import MadeUpSounds
from tests.signalling_rig import SignallingRig, office_plan


class GuideState(enum.Enum):
    NEW = "new"
    ANSWERING = "answering"
    SPEAKING = "speaking"
    RECORDING = "recording"
    CALLING = "calling"
    DONE = "done"


G = GuideState


class Guide(Conversation):
    """Leads callers by keys."""

    first = GuideState.NEW
    rows: ClassVar[Rows]

    def speak(self, event: Event) -> list[Effect]:
        return [Say((Phrase("welcome"), Phrase("press-2")))]

    def press(self, event: Event) -> list[Effect]:
        assert isinstance(event, Key)
        to = self.desk.dial_plan.destination
        call = self.opening.call
        match event.key:
            case "2":
                return [LeadOn(call, to("102"), chosen=True)]
            case "3":
                return [LeadOn(call, to("190"), chosen=True)]
            case "4":
                self.enter(G.RECORDING)
                return [Record("notes/one.wav")]
            case "5":
                self.enter(G.CALLING)
                return [Spawn(Outcall(self, "103"), call)]
            case _:
                self.enter(G.DONE)
                return self.hang_up(event)

    def stop(self, event: Event) -> list[Effect]:
        return [StopRecording()]

    def say_thanks(self, event: Event) -> list[Effect]:
        return [Say((Phrase("thanks"),))]


Guide.choices = {G.SPEAKING: frozenset({G.RECORDING, G.CALLING, G.DONE})}
Guide.rows = {
    (G.NEW, Offer): (G.ANSWERING, Guide.answer),
    (G.ANSWERING, Connect): (G.SPEAKING, Guide.speak),
    (G.SPEAKING, Key): (G.SPEAKING, Guide.press),
    (G.RECORDING, Key): (G.RECORDING, Guide.stop),
    (G.RECORDING, Recorded): (G.SPEAKING, Guide.say_thanks),
    **{(s, Release): (G.DONE, Guide.do_nothing) for s in G},
}


class Outcall(Conversation):
    """Calls somebody and joins him to the guide's caller."""

    first = GuideState.NEW
    rows: ClassVar[Rows]

    def __init__(self, guide: Guide, number: str) -> None:
        opening = guide.opening
        party = application("outcall", 1)
        super().__init__(guide.desk, replace(opening, party=party))
        self.guide = guide.party
        self.number = number
        self.deadline = 0.0

    def call(self, event: Event) -> list[Effect]:
        return [Setup(event.at, self.party, self.number, self.opening.shown)]

    def join(self, event: Event) -> list[Effect]:
        own = self.desk.call_at(self.party)
        assert own is not None
        return [Splice(self.opening.call, self.guide, own, self.party)]


Outcall.rows = {
    (G.NEW, Timeout): (G.CALLING, Outcall.call),
    (G.CALLING, Connect): (G.DONE, Outcall.join),
    (G.CALLING, Release): (G.DONE, Outcall.do_nothing),
}


class Pickup(Conversation):
    """Takes the call that rings at the extension dialled behind the code."""

    first = GuideState.NEW
    rows: ClassVar[Rows]

    def take(self, event: Event) -> list[Effect]:
        wanted = self.desk.dial_plan.destination(self.opening.digits).party
        ringing = self.desk.call_at(wanted) if wanted else None
        if ringing is None:
            return self.refuse(event, Cause.WRONG_NUMBER)
        return [Pick(self.opening.caller, self.opening.call, ringing)]


Pickup.rows = {(G.NEW, Offer): (G.DONE, Pickup.take)}


class Quiet(Conversation):
    """Sets and clears do not disturb."""

    first = GuideState.NEW
    rows: ClassVar[Rows]

    def change(self, event: Event) -> list[Effect]:
        extension = self.opening.caller.name
        now = self.desk.settings.of(extension).do_not_disturb
        return [
            Change(extension, "do_not_disturb", not now),
            *self.refuse(event, Cause.NORMAL),
        ]


Quiet.rows = {(G.NEW, Offer): (G.DONE, Quiet.change)}

FACTORIES = {"guide": Guide, "pickup": Pickup, "quiet": Quiet}
NUMBERING = Numbering(
    services={"190": Service("guide")},
    codes={
        "#29": FeatureCode(Service("pickup"), follows=3),
        "#33": FeatureCode(Service("quiet")),
    },
)
PLAN = office_plan(incoming="190", numbering=NUMBERING)
PLAN = replace(
    PLAN,
    stations=tuple(
        replace(each, no_answer="190", ring_s=20.0) if each.extension == "102" else each
        for each in PLAN.stations
    ),
)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[SignallingRig]:
    sounds = MadeUpSounds(tmp_path, music=True)
    rig = SignallingRig(PLAN, sounds=sounds, factories=FACTORIES)
    yield rig
    rig.everybody_hangs_up()
    rig.is_clean()
    rig.close()


def test_a_caller_from_outside_is_answered_and_led_by_his_keys(rig: SignallingRig) -> None:
    office, bob = rig.office(), rig.phone("102")
    office.calls_in("2125550123", "SMITH JOHN")
    office.is_seized()
    office.hears_said("welcome", "press-2")
    rig.passes(0.6)
    office.presses("2")
    office.hears_tone("ringback")
    bob.rings("external")
    bob.lifts()
    office.hears(bob)
    bob.hears(office)


def test_a_key_ends_what_is_being_said(rig: SignallingRig) -> None:
    alice = rig.phone("101")
    alice.calls("190")
    alice.hears_said("welcome")
    alice.dials("3")
    alice.hears_said("welcome")
    alice.dials("*")
    alice.hears_tone("reorder")
    alice.hangs_up()


def test_a_caller_whom_nobody_answers_is_back_at_the_guide(rig: SignallingRig) -> None:
    office, bob = rig.office(), rig.phone("102")
    office.calls_in("2125550123")
    office.presses("2")
    bob.rings()
    rig.passes(20.2)
    bob.is_quiet()
    office.hears_said("welcome")
    office.breaks_loop()
    (record,) = rig.records
    assert record.answered is not None


def test_what_is_said_to_an_application_is_recorded(rig: SignallingRig, tmp_path: Path) -> None:
    alice = rig.phone("101")
    alice.calls("190")
    alice.dials("4")
    rig.passes(2.0)
    alice.dials("#")
    rig.passes(1.0)
    assert (tmp_path / "notes/one.wav").exists()
    alice.hangs_up()


def test_an_application_calls_somebody_and_joins_the_parties(rig: SignallingRig) -> None:
    office, carol = rig.office(), rig.phone("103")
    office.calls_in("2125550123")
    office.presses("5")
    carol.rings()
    carol.lifts()
    office.hears(carol)
    carol.hears(office)
    carol.hangs_up()
    office.is_free()
    first, second = sorted(rig.records, key=lambda each: each.id)
    assert first.session == second.session
    assert (first.cause, second.cause) == (Cause.TRANSFERRED, Cause.NORMAL)


def test_a_ringing_telephone_is_picked_up_from_another(rig: SignallingRig) -> None:
    alice, bob, carol = (rig.phone(each) for each in ("101", "102", "103"))
    alice.calls("102")
    bob.rings()
    carol.calls("#29102")
    bob.is_quiet()
    carol.hears(alice)
    alice.hears(carol)
    alice.hangs_up()
    carol.hangs_up()


def test_a_pickup_of_nothing_is_told(rig: SignallingRig) -> None:
    carol = rig.phone("103")
    carol.calls("#29102")
    carol.hears_tone("reorder")


def test_a_station_that_wants_no_calls_gets_none(rig: SignallingRig) -> None:
    alice, carol = rig.phone("101"), rig.phone("103")
    carol.calls("#33")
    carol.hangs_up()
    alice.calls("103")
    alice.hears_tone("busy")
    carol.is_quiet()
    alice.hangs_up()
    carol.calls("#33")
    carol.hangs_up()
    alice.calls("103")
    carol.rings()


def test_a_party_on_hold_hears_music(rig: SignallingRig) -> None:
    alice, bob = rig.phone("101"), rig.phone("102")
    alice.calls("102")
    bob.lifts()
    bob.flashes()
    alice.hears_said("music")
    bob.flashes()
    alice.hears(bob)
    alice.hangs_up()
    bob.hangs_up()


@pytest.mark.parametrize("who", ["caller", "called"])
def test_hanging_up_in_the_middle_leaves_nothing(rig: SignallingRig, who: str) -> None:
    office, carol = rig.office(), rig.phone("103")
    office.calls_in("2125550123")
    office.presses("5")
    carol.rings()
    if who == "called":
        carol.lifts()
        carol.hangs_up()
    office.breaks_loop()
    rig.passes(60.0)
