# SPDX-License-Identifier: MIT
"""One number access: who calls an extension is brought to wherever its owner is.

A caller from outside is asked for his name; then the owner's numbers are called in turn while the
caller hears music.  Who answers hears whose call it is and from whom, and takes it with 1 or
declines it with 2: a machine that answers can do neither.  When he declines, or nobody has taken
it, the caller goes where callers go whom the extension doesn't answer.

Numbers outside are judged, and charged, as if the owner had called them, and only if he may forward
outside; no number of emergency is called.  When it applies :mod:`coverage` says.
"""

import enum
from typing import ClassVar, Final

from altiware.core.causes import Cause
from altiware.core.effects import (
    Effect,
    PlayMusic,
    PlayTone,
    Record,
    Say,
    Send,
    Silence,
    StopRecording,
)
from altiware.core.events import Event, Recorded, SaidAll, Timeout
from altiware.core.find_me import FindMeNumber
from altiware.core.ids import Party, PartyKind, application, station
from altiware.core.legs import Connect, Key, Offer, Release, Wait
from altiware.core.orders import Clear
from altiware.core.plan import StationPlan
from altiware.core.signals import Tone
from altiware.core.speech import Recording
from altiware.features import coverage
from altiware.features.applications import Conversation, Desk, Opening, Rows
from altiware.features.directory import listed
from altiware.features.effects import Change, LeadOn, Spawn
from altiware.features.errands import Errand, Outcome
from altiware.features.speaking import ENGLISH, Clips, phrases
from altiware.features.summons import CalledOff, Order, Result, Summoned, Summons, spoken
from altiware.features.voicemail.orders import Discard

__all__ = ["EVENTS", "IGNORED", "PHRASES", "FindMe", "FindMeState", "FindMeSwitch"]

PHRASES: Final = {
    "find-me-trying": "Please hold while I try to find the person you called.",
    "find-me-not-found": "I could not find the person you called.",
    "find-me-say-name": "Please say your name after the tone, and then press the pound key.",
    "find-me-call-for": "There is a call for",
    "find-me-from": "from",
    "an-unknown-caller": "an unknown caller",
    "find-me-accept": "To take the call,",
    "find-me-decline": "To send it to voice mail,",
    "find-me-on": "Your callers are now connected to you wherever you are.",
    "find-me-off": "Your callers are no longer connected to your other numbers.",
    "feature-off": "That is switched off on this telephone.",
}
NAME_S: Final = 6.0
"""The longest name."""
NAME_SILENCE_S: Final = 2.0


class FindMeState(enum.Enum):
    """Each state means one thing that the caller could tell."""

    NEW = "new"
    ANSWERING = "answering"
    ASKING = "asking for his name"
    BEEPING = "giving the tone"
    RECORDING = "recording his name"
    GREETING = "asking him to hold"
    SEEKING = "looking for the owner"
    REGRETTING = "telling that nobody was found"
    DONE = "done"


S = FindMeState


class FindMe(Conversation):
    """Looks for one person for one caller."""

    first = S.NEW
    takes_callers = True
    rows: ClassVar[Rows]

    def __init__(self, desk: Desk, opening: Opening) -> None:
        super().__init__(desk, opening)
        extension = opening.service.argument
        self.owner = station(extension)
        self._plan = next(each for each in desk.plan.find_me if each.extension == extension)
        self._left = [each for each in self._plan.numbers if self._may_be_called(each)]
        self._tried = 0
        self._summons: Party | None = None
        self._name = ""
        "The recording of the caller's."

    def _may_be_called(self, place: FindMeNumber) -> bool:
        to = self.desk.dial_plan.destination(place.number)
        return coverage.may_forward(self.desk, self.owner, to)

    # The caller

    def _receive(self, event: Event) -> list[Effect]:
        from_outside = self.opening.caller.kind is PartyKind.TRUNK
        if self._plan.screening and from_outside:
            self.enter(S.ASKING)
            return [Say(phrases("find-me-say-name"))]
        return self._greet(event)

    def _beep(self, event: Event) -> list[Effect]:
        return [PlayTone(Tone.RECORD)]

    def _record(self, event: Event) -> list[Effect]:
        self._name = f"find-me/{self.opening.call}.wav"
        return [Record(self._name, NAME_S, NAME_SILENCE_S)]

    def _end_recording(self, event: Event) -> list[Effect]:
        return [StopRecording()]

    def _note_name(self, event: Event) -> list[Effect]:
        assert isinstance(event, Recorded)
        if event.ended_by == "unwritable":
            self._name = ""
        return self._greet(event)

    def _greet(self, event: Event) -> list[Effect]:
        self.enter(S.GREETING)
        return [Say(phrases("find-me-trying"))]

    # The owner

    def _seek(self, event: Event) -> list[Effect]:
        return [PlayMusic(), *self._try_next(event)]

    def _try_next(self, event: Event) -> list[Effect]:
        if not self._left:
            return self._give_up(event)
        place = self._left.pop(0)
        self._tried += 1
        self._summons = application(f"{self.party.name} looks", self._tried)
        order = Order(
            place.number,
            place.ring_s,
            self._said(),
            asks=True,
            charged=self.owner,
            shown=self.opening.shown,
            join=self.opening.call,
        )
        return [Spawn(Summons(self, self._summons, order), self.opening.call)]

    def _said(self) -> Clips:
        owner = self._station(self.owner)
        whose = listed(owner, self.desk.settings) if owner is not None else ()
        call_for = (*phrases("find-me-call-for"), *whose, *phrases("find-me-from"), *self._who())
        return (*call_for, *phrases("pause"), *spoken("", "find-me-accept", "find-me-decline"))

    def _who(self) -> Clips:
        if self._name:
            return (Recording(self._name),)
        inside = self._station(self.opening.caller)
        if inside is not None:
            return (*phrases("extension"), *ENGLISH.digits(inside.extension))
        number = self.opening.shown.number if self.opening.shown is not None else ""
        known = number.isascii() and number.isdigit()
        return ENGLISH.telephone(number) if known else phrases("an-unknown-caller")

    def _station(self, party: Party) -> StationPlan | None:
        return next((each for each in self.desk.plan.stations if each.party == party), None)

    def _go_on(self, event: Event) -> list[Effect]:
        assert isinstance(event, Summoned)
        self._summons = None
        if event.result is Result.CAME:
            self.enter(S.DONE)
            return self._forget_name()
        if event.result is Result.DECLINED:
            return self._give_up(event)
        return self._try_next(event)

    def _give_up(self, event: Event) -> list[Effect]:
        """Lead the caller where callers go whom the extension doesn't answer."""
        call = self.desk.calls.get(self.opening.call)
        to = coverage.after(self.desk, self.owner, Cause.NO_ANSWER, call) if call else None
        if to is None:
            self.enter(S.REGRETTING)
            return [*self._forget_name(), Say(phrases("find-me-not-found"))]
        self.enter(S.DONE)
        return [*self._forget_name(), LeadOn(self.opening.call, to, Cause.NO_ANSWER)]

    # The end

    def _end(self, event: Event) -> list[Effect]:
        call = self.desk.call_at(self.party)
        return [Send(call, Clear(event.at, Cause.NO_ANSWER))] if call is not None else []

    def _call_off(self, event: Event) -> list[Effect]:
        """Look for nobody any more: the caller has gone."""
        told = [Send(self._summons, CalledOff(event.at))] if self._summons is not None else []
        return [Silence(), *told, *self._forget_name()]

    def _forget_name(self) -> list[Effect]:
        return [Discard(self._name)] if self._name else []


F = FindMe
EVENTS: Final[tuple[type[Event], ...]] = (
    Offer,
    Connect,
    Key,
    SaidAll,
    Recorded,
    Summoned,
    Timeout,
    Wait,
    Release,
)
"""All that it can be told."""

FindMe.choices = {
    S.ANSWERING: frozenset({S.ASKING, S.GREETING}),
    S.RECORDING: frozenset({S.GREETING}),
    S.SEEKING: frozenset({S.REGRETTING, S.DONE}),
}
# fmt: off
FindMe.rows = {
    (S.NEW,        Offer):    (S.ANSWERING,  F.answer),
    (S.ANSWERING,  Connect):  (S.ANSWERING,  F._receive),
    (S.ASKING,     SaidAll):  (S.BEEPING,    F._beep),
    (S.ASKING,     Key):      (S.BEEPING,    F._beep),
    (S.BEEPING,    SaidAll):  (S.RECORDING,  F._record),
    (S.RECORDING,  Key):      (S.RECORDING,  F._end_recording),
    (S.RECORDING,  Recorded): (S.RECORDING,  F._note_name),
    (S.GREETING,   SaidAll):  (S.SEEKING,    F._seek),
    (S.SEEKING,    Summoned): (S.SEEKING,    F._go_on),
    (S.REGRETTING, SaidAll):  (S.REGRETTING, F._end),
    **{(s, Release):          (S.DONE,       F._call_off) for s in S if s is not S.DONE},
}
# fmt: on
"""What it does, state by state."""

_OPEN: Final = tuple(state for state in S if state is not S.DONE)

IGNORED: Final = frozenset(
    {(S.DONE, event) for event in EVENTS}
    | {(s, Offer) for s in _OPEN if s is not S.NEW}
    # A caller who was handed on, or put on hold, is looked for on.
    | {(s, Connect) for s in _OPEN if s is not S.ANSWERING}
    | {(s, event) for s in _OPEN for event in (Wait, Timeout)}
    | {(s, Key) for s in _OPEN if s not in {S.ASKING, S.RECORDING}}
    | {(s, Recorded) for s in _OPEN if s is not S.RECORDING}
    | {(s, Summoned) for s in _OPEN if s is not S.SEEKING}
    | {(s, SaidAll) for s in (S.NEW, S.ANSWERING, S.RECORDING, S.SEEKING)}
)
"""Pairs that are known, harmless and deliberately without effect."""


class FindMeSwitch(Errand):
    """Switches it off, or on again."""

    def run(self, at: float) -> Outcome:
        """Change it to the other, where the plan says where to look."""
        if all(each.extension != self.extension for each in self.desk.plan.find_me):
            return Outcome(phrases("feature-off"), cause=Cause.DENIED)
        wanted = not self.desk.settings.of(self.extension).find_me
        said = phrases("find-me-on") if wanted else phrases("find-me-off")
        return Outcome(said, (Change(self.extension, "find_me", wanted),))
