# SPDX-License-Identifier: MIT
"""Codes that dial for a station: the last number again, the last caller, numbers of lists.

They lead the call on; where it leads outside, the policy is asked for the station as if it had
dialled the number itself.  Lists are the plan's, with what was stored from telephones: 60 numbers
of the office (``00`` to ``59``), 20 of each station (``00`` to ``19``), as AltiWare.
"""

import enum
from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar, Final

from altiware.core.causes import Cause
from altiware.core.effects import Effect
from altiware.core.events import Event
from altiware.core.legs import Offer, Release
from altiware.core.numbering import Destination, Place
from altiware.features.applications import Conversation, Desk, Rows
from altiware.features.effects import Change, LeadOn
from altiware.features.errands import Errand, Outcome
from altiware.features.speaking import ENGLISH, phrases

__all__ = [
    "EVENTS",
    "IGNORED",
    "Dialling",
    "DiallingState",
    "LastCaller",
    "Redial",
    "SpeedDial",
    "StoreSpeedDial",
    "is_privileged",
]

SYSTEM: Final = "system"
PLACES: Final = {SYSTEM: 60, "station": 20}
"""Numbers of a list, by the argument of the service."""
NOBODY: Final = Destination(Place.NOWHERE)


class DiallingState(enum.Enum):
    """It is over as soon as it has begun."""

    NEW = "new"
    DONE = "done"


class Dialling(Conversation):
    """Leads its caller to a number that he didn't dial."""

    first = DiallingState.NEW
    rows: ClassVar[Rows]
    for_stations = True

    @abstractmethod
    def number(self) -> Destination:
        """Find the number."""

    def lead(self, event: Event) -> list[Effect]:
        """Lead there, unless there is no number."""
        to = self.number()
        if to.place is Place.NOWHERE or to.by_code:
            return self.refuse(event, Cause.WRONG_NUMBER)
        return [LeadOn(self.opening.call, to)]


# fmt: off
Dialling.rows = {
    (DiallingState.NEW, Offer): (DiallingState.DONE, Dialling.lead),
}
# fmt: on


EVENTS: Final[tuple[type[Event], ...]] = (Offer, Release)
"""All that it can be told."""
IGNORED: Final = frozenset(
    {(DiallingState.NEW, Release), (DiallingState.DONE, Offer), (DiallingState.DONE, Release)}
)
"""It has no call before the offer, and none after it."""


class Redial(Dialling):
    """The number that the station dialled last."""

    def number(self) -> Destination:
        """Return where it led."""
        return self.desk.memory.dialled.get(self.opening.caller, NOBODY)


class LastCaller(Dialling):
    """Who rang at the station last."""

    def number(self) -> Destination:
        """Return how to reach him."""
        return self.desk.memory.callers.get(self.opening.caller, NOBODY)


class SpeedDial(Dialling):
    """A number of a list."""

    def number(self) -> Destination:
        """Return where the stored number leads."""
        whose = "" if self.opening.service.argument == SYSTEM else self.opening.caller.name
        number = _stored(self.desk, whose).get(self.opening.digits, "")
        return self.desk.dial_plan.destination(number)


class StoreSpeedDial(Errand):
    """Stores a number in a list, or takes one out: two digits, and the number."""

    def run(self, at: float) -> Outcome:
        """Store it, if it leads anywhere; the office's list is the operator's business."""
        which = self.opening.service.argument
        place, number = self.opening.digits[:2], self.opening.digits[2:]
        if which == SYSTEM and not is_privileged(self.desk, self.extension):
            return Outcome(phrases("not-permitted"), cause=Cause.DENIED)
        if len(place) != 2 or not place.isdecimal() or int(place) >= PLACES[which]:
            return Outcome(phrases("invalid-entry"), cause=Cause.WRONG_NUMBER)
        to = self.desk.dial_plan.destination(number)
        if number and (to.place is Place.NOWHERE or to.by_code):
            return Outcome(phrases("invalid-number"), cause=Cause.WRONG_NUMBER)
        whose = "" if which == SYSTEM else self.extension
        stored = {**self.desk.settings.of(whose).speed_dial, place: number}
        said = (*phrases("speed-dial-saved"), *ENGLISH.digits(number))
        return Outcome(said, (Change(whose, "speed_dial", stored),))


def is_privileged(desk: Desk, extension: str) -> bool:
    """Whether an extension may change what concerns the office: the operator's, a manager's."""
    if desk.plan.operator_party.name == extension:
        return True
    return any(each.manager for each in desk.plan.stations if each.extension == extension)


def _stored(desk: Desk, whose: str) -> Mapping[str, str]:
    """Return a list of an extension, or of the office (empty): what was stored comes first."""
    planned = (each.speed_dial for each in desk.plan.stations if each.extension == whose)
    of_plan = next(planned, {}) if whose else desk.plan.speed_dial
    return {**of_plan, **desk.settings.of(whose).speed_dial}
