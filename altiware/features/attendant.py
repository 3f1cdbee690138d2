# SPDX-License-Identifier: MIT
"""The auto attendant: answers, says its menu, and leads callers where their keys say.

A caller may dial an extension at the top at any time, also while a prompt plays; where a key of
the menu could be an extension's first digit, a pause decides.  What leads nowhere is said so, and
after some tries, or when nothing is pressed at the top, the operator is called.

It is a Conversation (:mod:`altiware.features.applications`); the tree is data
(:mod:`altiware.core.attendants`).  Schedules choose between attendants, and are not here.
"""

import enum
from collections.abc import Callable
from typing import Final

from altiware.core.attendants import ROOT, AttendantAct, AttendantItem, AttendantPlan
from altiware.core.effects import Effect, Say, Silence
from altiware.core.events import Event, SaidAll, Timeout
from altiware.core.legs import Connect, Key, Offer, Release, Wait
from altiware.core.numbering import Destination, Place
from altiware.core.plan import Service, StationPlan
from altiware.core.speech import Clip
from altiware.features.applications import Conversation, Desk, Opening
from altiware.features.directory import listed, matches
from altiware.features.effects import LeadOn, Note
from altiware.features.speaking import ENGLISH, phrases

__all__ = [
    "EVENTS",
    "IGNORED",
    "Attendant",
    "AttendantState",
    "Directory",
    "attendant",
    "directory",
]

CHOICES: Final = 8
"""So many names at most are offered by key."""
LEAST_LETTERS: Final = 2


class AttendantState(enum.Enum):
    """Each state means one thing the caller could tell."""

    NEW = "new"
    ANSWERING = "answering"
    SPEAKING = "saying a menu"
    WAITING = "waiting for a key"
    DIALLING = "an extension is being dialled"
    ASKING = "asking for an extension"
    SPELLING = "asking for a name"
    CHOOSING = "offering names"
    COLLECTING = "taking digits"
    PARTING = "saying goodbye"
    DONE = "done"


S = AttendantState


class Attendant(Conversation):
    """One caller at an attendant."""

    first = S.NEW
    takes_callers = True

    def __init__(self, desk: Desk, opening: Opening, plan: AttendantPlan) -> None:
        super().__init__(desk, opening)
        self.plan = plan
        self._path = ROOT
        self._keys = ""
        self._left = self.plan.tries
        self._offered: tuple[StationPlan, ...] = ()

    # Speaking.  Actions name the state that follows where it depends on what was dialled.

    def _begin(self, event: Event) -> list[Effect]:
        self._path, self._left = ROOT, self.plan.tries
        return self._say_menu(event)

    def _say_menu(self, event: Event, *before: Clip) -> list[Effect]:
        self.enter(S.SPEAKING)
        self._keys = ""
        prompt = (*before, *self.plan.items[self._path].prompt)
        if not prompt:
            return [Silence(), *self._wait(event)]
        return [Say(prompt)]

    def _wait(self, event: Event) -> list[Effect]:
        self.enter(S.WAITING)
        self.deadline = event.at + self.plan.timeout_s
        return []

    def _complain(self, event: Event, phrase: str) -> list[Effect]:
        """Say that it leads nowhere, and the menu again; after some tries call the operator."""
        self._left -= 1
        if self._left <= 0:
            return self._call_operator(event)
        return self._say_menu(event, *phrases(phrase))

    # Keys of a menu

    def _press(self, event: Event) -> list[Effect]:
        assert isinstance(event, Key)
        self._keys += event.key
        path = self._path + self._keys
        at_top = self._path == ROOT
        if path in self.plan.items and not (at_top and self._may_go_on()):
            return self._act(event, path)
        if at_top and self._may_go_on():
            return self._dial_on(event)
        return self._complain(event, "not-a-choice")

    def _dial_on(self, event: Event) -> list[Effect]:
        """Take what was dialled as an extension as soon as it is whole."""
        to = self.desk.dial_plan.destination(self._keys)
        if _is_inside(to):
            return self._lead(to)
        self.enter(S.DIALLING)
        self.deadline = event.at + self.plan.between_s
        return [Silence()]

    def _dial_key(self, event: Event) -> list[Effect]:
        assert isinstance(event, Key)
        if event.key == "#":
            return self._end_dialling(event)
        self._keys += event.key
        if self._may_go_on():
            return self._dial_on(event)
        return self._complain(event, "invalid-extension")

    def _end_dialling(self, event: Event) -> list[Effect]:
        if len(self._keys) == 1 and self._keys in self.plan.items:
            return self._act(event, self._keys)
        return self._complain(event, "invalid-extension")

    def _may_go_on(self) -> bool:
        """Whether an extension or service begins with, or is, what was dialled."""
        numbers = [each.extension for each in self.desk.plan.stations]
        numbers += self.desk.plan.numbering.services
        return any(number.startswith(self._keys) for number in numbers)

    def _press_nothing(self, event: Event) -> list[Effect]:
        if self._path == ROOT:
            return self._call_operator(event)
        self._path = ROOT
        return self._say_menu(event)

    # What items do

    def _act(self, event: Event, path: str) -> list[Effect]:
        item = self.plan.items[path]
        return _ACTS[item.act](self, event, path, item)

    def _go(self, event: Event, path: str) -> list[Effect]:
        item = self.plan.items[path]
        if item.act is not AttendantAct.MENU:
            return self._act(event, path)
        self._path = path
        return self._say_menu(event)

    def _call(self, event: Event, number: str) -> list[Effect]:
        to = self.desk.dial_plan.destination(number)
        if not _is_inside(to):
            return self._complain(event, "invalid-extension")
        return self._lead(to)

    def _call_operator(self, event: Event) -> list[Effect]:
        party = self.desk.plan.operator_party
        return self._lead(Destination(Place.OPERATOR, party))

    def _serve(self, kind: str, argument: str = "") -> list[Effect]:
        return self._lead(Destination(Place.APPLICATION, service=Service(kind, argument)))

    def _lead(self, to: Destination) -> list[Effect]:
        self.enter(S.DONE)
        return [Silence(), LeadOn(self.opening.call, to, chosen=True)]

    def _part(self, event: Event, prompt: tuple[Clip, ...]) -> list[Effect]:
        self.enter(S.PARTING)
        return [Say(prompt or phrases("thank-you-for-calling", "goodbye"))]

    def _let_go(self, event: Event) -> list[Effect]:
        return self.hang_up(event)

    # Asking

    def _ask(self, event: Event, state: AttendantState, *prompt: Clip) -> list[Effect]:
        self.enter(state)
        self._keys = ""
        return [Say(prompt)] if prompt else [Silence()]

    def _pause(self, event: Event) -> list[Effect]:
        self.deadline = event.at + self.plan.timeout_s
        return []

    def _take_key(self, event: Event) -> list[Effect]:
        """Note a key of an extension or name; # ends it."""
        assert isinstance(event, Key)
        self.deadline = event.at + self.plan.timeout_s
        if event.key == "*":
            return self._say_menu(event)
        if event.key != "#":
            self._keys += event.key
            return [Silence()]
        return self._end_asking(event)

    def _end_asking(self, event: Event) -> list[Effect]:
        if self.state is S.ASKING:
            return self._call(event, self._keys)
        found = matches(self.desk.plan.stations, self._keys) if self._keys else ()
        if len(self._keys) < LEAST_LETTERS or not found:
            return self._complain(event, "directory-none")
        return self._offer(event, found)

    def _offer(self, event: Event, found: tuple[StationPlan, ...]) -> list[Effect]:
        if len(found) > CHOICES:
            return self._ask(event, S.SPELLING, *phrases("directory-too-many"))
        self._offered = found
        said: list[Clip] = []
        for key, station in enumerate(found, 1):
            said += [*phrases("for"), *listed(station, self.desk.settings)]
            said += phrases(f"press-{key}")
        return self._ask(event, S.CHOOSING, *said)

    def _choose(self, event: Event) -> list[Effect]:
        assert isinstance(event, Key)
        chosen = int(event.key) - 1 if event.key.isdigit() else -1
        if not 0 <= chosen < len(self._offered):
            return self._complain(event, "not-a-choice")
        return self._lead(Destination(Place.STATION, self._offered[chosen].party))

    def _say_directory(self, event: Event) -> list[Effect]:
        said: list[Clip] = []
        for station in sorted(self.desk.plan.stations, key=lambda each: each.name):
            if station.name:
                said += [*listed(station, self.desk.settings), *phrases("directory-at-extension")]
                said += ENGLISH.digits(station.extension)
        return self._say_menu(event, *said)

    # Digits for the record

    def _collect(self, event: Event, path: str, item: AttendantItem) -> list[Effect]:
        self._path = path
        return self._ask(event, S.COLLECTING, *item.prompt)

    def _collect_key(self, event: Event) -> list[Effect]:
        assert isinstance(event, Key)
        item = self.plan.items[self._path]
        self.deadline = event.at + self.plan.timeout_s
        if event.key != "#":
            self._keys += event.key
        if event.key == "#" or len(self._keys) >= item.digits[1]:
            return self._end_collecting(event)
        return [Silence()]

    def _end_collecting(self, event: Event) -> list[Effect]:
        item, parent = self.plan.items[self._path], self._path[:-1]
        if len(self._keys) < item.digits[0]:
            self._path = parent
            return self._complain(event, "not-a-choice")
        note = Note(self.opening.call, item.target, self._keys)
        self._path = parent
        after = self._go(event, item.then) if item.then is not None else self._say_menu(event)
        return [note, *after]


class Directory(Attendant):
    """Somebody inside who dials by name: there is no menu, but the question whom he wants."""

    def _say_menu(self, event: Event, *before: Clip) -> list[Effect]:
        asked = phrases("directory-by-last-name", "directory-end-with-pound")
        return self._ask(event, S.SPELLING, *before, *asked)


def directory(desk: Desk, opening: Opening) -> Directory:
    """Open the directory of the office."""
    return Directory(desk, opening, AttendantPlan("directory", {}))


def attendant(desk: Desk, opening: Opening) -> Attendant | None:
    """Open the attendant of that name, or the first; None: there is none."""
    name = opening.service.argument
    plans = (each for each in desk.plan.attendants if name in {"", each.name})
    plan = next(plans, None)
    return Attendant(desk, opening, plan) if plan is not None else None


A = Attendant
Act = Callable[[Attendant, Event, str, AttendantItem], list[Effect]]

_ACTS: Final[dict[AttendantAct, Act]] = {
    AttendantAct.INVALID: lambda a, e, p, i: a._complain(e, "not-a-choice"),
    AttendantAct.MENU: lambda a, e, p, i: a._go(e, p),
    AttendantAct.REPEAT: lambda a, e, p, i: a._say_menu(e),
    AttendantAct.TOP: lambda a, e, p, i: a._go(e, ROOT),
    AttendantAct.GO: lambda a, e, p, i: a._go(e, i.target),
    AttendantAct.CALL: lambda a, e, p, i: a._call(e, i.target),
    AttendantAct.OPERATOR: lambda a, e, p, i: a._call_operator(e),
    AttendantAct.EXTENSION: lambda a, e, p, i: a._ask(
        e, S.ASKING, *(i.prompt or phrases("enter-extension"))
    ),
    AttendantAct.NAME: lambda a, e, p, i: a._ask(
        e, S.SPELLING, *(i.prompt or phrases("directory-by-last-name", "directory-end-with-pound"))
    ),
    AttendantAct.DIRECTORY: lambda a, e, p, i: a._say_directory(e),
    AttendantAct.HANG_UP: lambda a, e, p, i: a._part(e, i.prompt),
    AttendantAct.MESSAGE: lambda a, e, p, i: a._serve("message", i.target),
    AttendantAct.MAILBOX: lambda a, e, p, i: a._serve("mailbox"),
    AttendantAct.COLLECT: lambda a, e, p, i: a._collect(e, p, i),
}

_MENU: Final = frozenset({S.SPEAKING, S.WAITING, S.DONE})
"Where every mistake leads: the menu again, or the operator."
_ITEMS: Final = _MENU | {S.DIALLING, S.ASKING, S.SPELLING, S.COLLECTING, S.PARTING}
Attendant.choices = {
    S.SPEAKING: _ITEMS,
    S.WAITING: _ITEMS,
    S.DIALLING: _ITEMS,
    S.ASKING: _MENU,
    S.SPELLING: _MENU | {S.SPELLING, S.CHOOSING},
    S.CHOOSING: _MENU,
    S.COLLECTING: _ITEMS,
}

EVENTS: Final[tuple[type[Event], ...]] = (Offer, Connect, Key, SaidAll, Timeout, Wait, Release)
"""All that an attendant can be told."""

ASKING: Final = (S.ASKING, S.SPELLING)
TALKING: Final = tuple(s for s in S if s not in {S.NEW, S.ANSWERING, S.DONE})

# fmt: off
Attendant.rows = {
    (S.NEW,        Offer):   (S.ANSWERING,  A.answer),
    (S.ANSWERING,  Connect): (S.SPEAKING,   A._begin),

    (S.SPEAKING,   Key):     (S.SPEAKING,   A._press),
    (S.SPEAKING,   SaidAll): (S.WAITING,    A._wait),
    (S.WAITING,    Key):     (S.WAITING,    A._press),
    (S.WAITING,    Timeout): (S.WAITING,    A._press_nothing),
    (S.DIALLING,   Key):     (S.DIALLING,   A._dial_key),
    (S.DIALLING,   Timeout): (S.DIALLING,   A._end_dialling),

    **{(s, SaidAll):         (s,            A._pause)          for s in ASKING},
    **{(s, Key):             (s,            A._take_key)       for s in ASKING},
    **{(s, Timeout):         (s,            A._end_asking)     for s in ASKING},
    (S.CHOOSING,   SaidAll): (S.CHOOSING,   A._pause),
    (S.CHOOSING,   Key):     (S.CHOOSING,   A._choose),
    (S.CHOOSING,   Timeout): (S.SPEAKING,   A._say_menu),
    (S.COLLECTING, SaidAll): (S.COLLECTING, A._pause),
    (S.COLLECTING, Key):     (S.COLLECTING, A._collect_key),
    (S.COLLECTING, Timeout): (S.COLLECTING, A._end_collecting),

    (S.PARTING,    SaidAll): (S.DONE,       A._let_go),

    # Somebody who had the caller on hold has left him with the attendant.
    **{(s, Connect):         (S.SPEAKING,   A._begin)          for s in TALKING},
    **{(s, Release):         (S.DONE,       A.do_nothing)      for s in S if s is not S.DONE},
}
# fmt: on
"""What an attendant does, state by state."""

IGNORED: Final = frozenset(
    {(S.DONE, event) for event in EVENTS}
    | {(s, Offer) for s in (S.ANSWERING, *TALKING)}
    | {(S.NEW, event) for event in (Connect, Key, SaidAll, Timeout, Wait)}
    | {(S.ANSWERING, event) for event in (Key, SaidAll, Timeout, Wait)}
    # The end of what was interrupted; a caller who holds us, and comes back.
    | {(s, SaidAll) for s in (S.WAITING, S.DIALLING)}
    | {(s, Wait) for s in TALKING}
    | {(S.SPEAKING, Timeout), (S.PARTING, Key), (S.PARTING, Timeout)}
)
"""Pairs that are known, harmless and deliberately without effect."""


def _is_inside(to: Destination) -> bool:
    return to.place in {Place.STATION, Place.OPERATOR, Place.APPLICATION}
