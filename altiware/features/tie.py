# SPDX-License-Identifier: MIT
"""Tie trunks: another exchange calls in, hears dial tone, and dials numbers of this office.

Stations and services answer it as they answer outside callers; feature codes are for stations
alone.  Hopping off, out again over a trunk, is denied unless the plan names an extension for the
trunk: then the policy is asked as if that one had dialled, and it is charged.  Help may always be
called; the place that is told then is not known.  One number is dialled per call.
"""

import enum
from typing import ClassVar, Final

from altiware.core.causes import Cause
from altiware.core.effects import Effect, PlayTone, Silence
from altiware.core.events import Event, SaidAll, Timeout
from altiware.core.ids import Party, station
from altiware.core.legs import Connect, Key, Offer, Release, Wait
from altiware.core.numbering import Destination, Place, Reading
from altiware.core.signals import Tone
from altiware.features.applications import Conversation, Desk, Opening, Rows
from altiware.features.effects import LeadOn

__all__ = ["EVENTS", "IGNORED", "Tie", "TieState"]

REORDER_S: Final = 5.0


class TieState(enum.Enum):
    """Each state means one thing that the other exchange could tell."""

    NEW = "new"
    ANSWERING = "answering"
    READY = "dial tone"
    DIALLING = "dialling"
    REFUSING = "reorder"
    DONE = "done"


S = TieState


class Tie(Conversation):
    """One call in on a tie trunk, until it is led on."""

    first = S.NEW
    rows: ClassVar[Rows]

    def __init__(self, desk: Desk, opening: Opening) -> None:
        super().__init__(desk, opening)
        trunks = desk.plan.trunks
        self._trunk = next((each for each in trunks if each.party == opening.caller), None)
        self._digits = ""

    def _answer(self, event: Event) -> list[Effect]:
        if self._trunk is not None and self._trunk.tie:
            return self.answer(event)
        self.enter(S.DONE)
        return self.refuse(event, Cause.DENIED)

    def _give_dial_tone(self, event: Event) -> list[Effect]:
        self.deadline = event.at + self.desk.plan.timers.first_digit_s
        return [PlayTone(Tone.DIAL)]

    def _collect(self, event: Event) -> list[Effect]:
        assert isinstance(event, Key)
        self._digits += event.key
        if self.desk.dial_plan.read(self._digits) is Reading.WHOLE:
            return [Silence(), *self._lead(event)]
        self.enter(S.DIALLING)
        self.deadline = event.at + self.desk.plan.timers.next_digit_s
        return [Silence()]

    def _lead(self, event: Event) -> list[Effect]:
        to = self.desk.dial_plan.destination(self._digits)
        charged = self._charged(to) if to.place is Place.OUTSIDE else None
        if to.by_code or to.place is Place.NOWHERE or (to.place is Place.OUTSIDE and not charged):
            self.enter(S.REFUSING)
            self.deadline = event.at + REORDER_S
            return [PlayTone(Tone.REORDER)]
        self.enter(S.DONE)
        return [LeadOn(self.opening.call, to, chosen=True, on_behalf=charged)]

    def _charged(self, to: Destination) -> Party | None:
        """Return who is asked for and charged outside; None: nobody, so it isn't possible."""
        assert self._trunk is not None, "it came in on one"
        if self._trunk.hop_off:
            return station(self._trunk.hop_off)
        helped = to.digits in self.desk.plan.emergency
        return self.desk.plan.operator_party if helped else None


EVENTS: Final[tuple[type[Event], ...]] = (Offer, Connect, Key, SaidAll, Timeout, Wait, Release)
"""All that it can be told."""

_DIALLED: Final = frozenset({S.DIALLING, S.REFUSING, S.DONE})
Tie.choices = {S.NEW: frozenset({S.DONE}), S.READY: _DIALLED, S.DIALLING: _DIALLED}

# fmt: off
Tie.rows = {
    (S.NEW,       Offer):   (S.ANSWERING, Tie._answer),
    (S.ANSWERING, Connect): (S.READY,     Tie._give_dial_tone),
    (S.READY,     Key):     (S.READY,     Tie._collect),
    (S.READY,     Timeout): (S.DONE,      Tie.hang_up),
    (S.DIALLING,  Key):     (S.DIALLING,  Tie._collect),
    (S.DIALLING,  Timeout): (S.DIALLING,  Tie._lead),
    (S.REFUSING,  Timeout): (S.DONE,      Tie.hang_up),
    **{(s, Release):        (S.DONE,      Tie.do_nothing) for s in S if s is not S.DONE},
}
# fmt: on
"""What it does, state by state."""

_OPEN: Final = tuple(state for state in S if state is not S.DONE)

IGNORED: Final = frozenset(
    {(S.DONE, event) for event in EVENTS}
    | {(s, event) for s in _OPEN for event in (SaidAll, Wait)}
    | {(s, Offer) for s in _OPEN if s is not S.NEW}
    | {(s, Connect) for s in _OPEN if s is not S.ANSWERING}
    | {(s, Key) for s in (S.NEW, S.ANSWERING, S.REFUSING)}
    | {(s, Timeout) for s in (S.NEW, S.ANSWERING)}
)
"""Pairs that are known, harmless and deliberately without effect."""
