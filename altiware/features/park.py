# SPDX-License-Identifier: MIT
"""Call park: a caller waits, with music, at a place from which any telephone can fetch him.

With a party on hold, the code tells a free location (or, personal, parks at the own extension);
who then hangs up has parked the held party there.  Without one, or with a location dialled behind
the code, it retrieves: from there, or from where is asked for.  Who isn't fetched in time rings
where he was parked.

A parked call is a conversation in state PARKED; there is no other list of them.
"""

import enum
from collections.abc import Iterator
from typing import ClassVar, Final

from altiware.core.causes import Cause
from altiware.core.effects import Effect, PlayMusic, Say
from altiware.core.events import Event, SaidAll, Timeout
from altiware.core.ids import PartyKind
from altiware.core.legs import Connect, Key, Offer, Release, Wait
from altiware.core.numbering import Destination, Place
from altiware.core.speech import Clip
from altiware.features.applications import Conversation, Desk, Opening, Rows
from altiware.features.effects import LeadOn, Pick
from altiware.features.speaking import ENGLISH, phrases

__all__ = ["EVENTS", "IGNORED", "Park", "ParkState"]

PERSONAL: Final = "personal"
LOCATIONS: Final = tuple(str(number) for number in range(1, 100))
"""Of the whole office; two digits at most, because they are called across a room."""
PERSONAL_MOST: Final = 50
"""As AltiWare: so many wait at one extension."""
ASK_S: Final = 5.0
"""How long a location is waited for, and how long after its last digit."""


class ParkState(enum.Enum):
    """Each state means one thing that somebody could tell."""

    NEW = "new"
    ANSWERING = "answering"
    TELLING = "telling the location"
    ASKING = "asking for the location"
    REFUSING = "telling why not"
    PARKED = "parked"
    DONE = "done"


S = ParkState


class Park(Conversation):
    """One caller parked, or somebody who parks or retrieves him."""

    first = S.NEW
    takes_callers = True
    rows: ClassVar[Rows]

    def __init__(self, desk: Desk, opening: Opening) -> None:
        super().__init__(desk, opening)
        self.location = ""
        "Empty: of the extension."
        self.personal = opening.service.argument == PERSONAL
        self.parker = opening.caller
        self._digits = opening.digits

    # Beginning

    def _begin(self, event: Event) -> list[Effect]:
        if self.parker.kind is not PartyKind.STATION:
            self.enter(S.DONE)
            return self.refuse(event, Cause.DENIED)
        retrieved = self._retrieve(event) if self._digits and not self.personal else []
        return retrieved or self.answer(event)

    def _speak(self, event: Event) -> list[Effect]:
        if self._digits and not self.personal:
            return self._refuse("park-none")
        if self.desk.held_by(self.parker) is not None:
            return self._reserve(event)
        if self.personal:
            return self._retrieve(event) or self._refuse("park-none")
        self.enter(S.ASKING)
        return [Say(phrases("park-enter-location"))]

    # Parking

    def _reserve(self, event: Event) -> list[Effect]:
        """Take a free location, and tell it."""
        if self.personal:
            if sum(1 for _ in self._waiting_at("")) >= PERSONAL_MOST:
                return self._refuse("park-full")
            return self._tell(ENGLISH.digits(self.parker.name))
        taken = {each.location for each in self._others()}
        self.location = next((each for each in LOCATIONS if each not in taken), "")
        if not self.location:
            return self._refuse("park-full")
        return self._tell(ENGLISH.number(int(self.location)))

    def _tell(self, where: tuple[Clip, ...]) -> list[Effect]:
        self.enter(S.TELLING)
        return [Say((*phrases("parked-at"), *where))]

    def _tell_again(self, event: Event) -> list[Effect]:
        where = self.location or self.parker.name
        return [Say((*phrases("pause", "parked-at"), *ENGLISH.digits(where)))]

    def _keep(self, event: Event) -> list[Effect]:
        """Let the party wait whom the parker has left here by hanging up."""
        assert isinstance(event, Connect)
        if event.other is None or event.other == self.parker:
            return []
        self.enter(S.PARKED)
        self.deadline = event.at + self.desk.plan.timers.park_s
        return [PlayMusic()]

    def _return(self, event: Event) -> list[Effect]:
        """Nobody has fetched him: he rings where he was parked."""
        back = Destination(Place.STATION, self.parker)
        return [LeadOn(self.opening.call, back, Cause.NO_ANSWER, chosen=True)]

    # Retrieving

    def _retrieve(self, event: Event) -> list[Effect]:
        """Take the call that waits longest there; nothing: there is none."""
        location = "" if self.personal else self._digits
        found = next(self._waiting_at(location), None)
        if found is None:
            return []
        self.enter(S.DONE)
        return [Pick(self.parker, self.opening.call, found.opening.call)]

    def _take_digit(self, event: Event) -> list[Effect]:
        assert isinstance(event, Key)
        if event.key == "#":
            return self._end_asking(event)
        self._digits += event.key
        self.deadline = event.at + ASK_S
        return self._end_asking(event) if len(self._digits) >= 2 else []

    def _wait_for_digits(self, event: Event) -> list[Effect]:
        self.deadline = event.at + ASK_S
        return []

    def _end_asking(self, event: Event) -> list[Effect]:
        self._digits = self._digits.lstrip("0")
        return self._retrieve(event) or self._refuse("park-none")

    def _waiting_at(self, location: str) -> Iterator["Park"]:
        """Yield who is parked at a location, or at the own extension, the first first."""
        for each in self._others():
            is_ours = bool(location) or each.parker == self.parker
            if each.state is S.PARKED and each.location == location and is_ours:
                yield each

    def _others(self) -> Iterator["Park"]:
        for each in self.desk.conversations.values():
            if isinstance(each, Park) and each is not self and each.state is not S.DONE:
                yield each

    # The end

    def _refuse(self, phrase: str) -> list[Effect]:
        self.enter(S.REFUSING)
        return [Say(phrases(phrase))]


P = Park
EVENTS: Final[tuple[type[Event], ...]] = (Offer, Connect, Key, SaidAll, Timeout, Wait, Release)
"""All that it can be told."""

_SPEAKING: Final = frozenset({S.TELLING, S.ASKING, S.REFUSING, S.DONE})
Park.choices = {
    S.NEW: frozenset({S.DONE}),
    S.ANSWERING: _SPEAKING,
    S.ASKING: frozenset({S.REFUSING, S.DONE}),
    S.TELLING: frozenset({S.PARKED}),
}

# fmt: off
Park.rows = {
    (S.NEW,       Offer):   (S.ANSWERING, P._begin),
    (S.ANSWERING, Connect): (S.ANSWERING, P._speak),
    (S.TELLING,   SaidAll): (S.TELLING,   P._tell_again),
    (S.TELLING,   Connect): (S.TELLING,   P._keep),
    (S.ASKING,    SaidAll): (S.ASKING,    P._wait_for_digits),
    (S.ASKING,    Key):     (S.ASKING,    P._take_digit),
    (S.ASKING,    Timeout): (S.ASKING,    P._end_asking),
    (S.REFUSING,  SaidAll): (S.DONE,      P.hang_up),
    (S.PARKED,    Timeout): (S.DONE,      P._return),
    **{(s, Release):        (S.DONE,      P.do_nothing) for s in S if s is not S.DONE},
}
# fmt: on
"""What it does, state by state."""

IGNORED: Final = frozenset(
    {(S.DONE, event) for event in EVENTS}
    | {(S.NEW, event) for event in (Connect, Key, SaidAll, Timeout, Wait)}
    | {(s, Offer) for s in S if s not in {S.NEW, S.DONE}}
    | {(S.ANSWERING, event) for event in (Key, SaidAll, Timeout, Wait)}
    | {(S.TELLING, event) for event in (Key, Timeout, Wait)}
    | {(S.ASKING, event) for event in (Connect, Wait)}
    | {(S.REFUSING, event) for event in (Connect, Key, Timeout, Wait)}
    # Somebody has fetched the caller and put him on hold: that is another call's matter.
    | {(S.PARKED, event) for event in (Connect, Key, SaidAll, Wait)}
)
"""Pairs that are known, harmless and deliberately without effect."""
