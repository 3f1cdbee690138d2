# SPDX-License-Identifier: MIT
"""Conference rooms: whoever calls the room's number, and knows its PIN, talks with all who are in.

Each person has a conversation of his own with the room: it asks for the PIN, says who comes and
goes, and takes his keys: *6 mutes him, *3 says how many there are; the host's *7 locks the room, *8
mutes all others, *9 removes who came last, and *0 with a number and # invites somebody.  The room
itself is the sum of those who are seated in it: it begins with the first and ends with the last.

The three-way conference by hook flash is another thing (:mod:`altiware.features.consultation`).
"""

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

from altiware.core.causes import Cause
from altiware.core.effects import Effect, PlayMusic, Say, Seat, Send, Silence, Unseat
from altiware.core.events import Event, SaidAll, Timeout
from altiware.core.ids import PartyKind, application
from altiware.core.legs import Connect, Key, Offer, Release, Wait
from altiware.core.numbering import Place
from altiware.core.rooms import RoomPlan
from altiware.core.speech import Clip
from altiware.features.applications import Conversation, Desk, Opening, Rows
from altiware.features.directory import listed
from altiware.features.effects import Spawn
from altiware.features.outcall import Outcall, OutcallEnded
from altiware.features.speaking import ENGLISH, Counted, phrases

__all__ = ["EVENTS", "IGNORED", "Command", "Room", "RoomState", "Said", "room"]

PIN_S: Final = 8.0
KEY_S: Final = 3.0
TRIES: Final = 3


@dataclass(frozen=True, slots=True)
class Said(Event):
    """Something that everybody in the room is told."""

    clips: tuple[Clip, ...]


class Command(enum.Enum):
    """What the host has done to all others in the room."""

    LOCK = "lock"
    UNLOCK = "unlock"
    MUTE = "mute"
    UNMUTE = "unmute"
    REMOVE = "remove"
    BEGIN = "begin"
    "The host has come."


@dataclass(frozen=True, slots=True)
class Commanded(Event):
    """The host has done something."""

    command: Command


class RoomState(enum.Enum):
    """Each state means one thing that the person could tell."""

    NEW = "new"
    ANSWERING = "answering"
    AT_DOOR = "asked for the PIN"
    WAITING = "waiting for the host"
    SEATED = "in the conference"
    COMMANDING = "in the conference, giving a command"
    INVITING = "in the conference, dialling somebody"
    ON_HOLD = "away, with the conference on hold"
    REFUSED = "told why not"
    DONE = "done"


S = RoomState
IN_ROOM: Final = frozenset({S.SEATED, S.COMMANDING, S.INVITING, S.ON_HOLD, S.WAITING})


class Room(Conversation):
    """One person in, or at the door of, a conference room."""

    first = S.NEW
    takes_callers = True
    rows: ClassVar[Rows]

    def __init__(self, desk: Desk, opening: Opening, plan: RoomPlan) -> None:
        super().__init__(desk, opening)
        self.plan = plan
        self.partner = opening.caller
        self.is_host = not self.plan.host_pin
        self.is_muted = False
        self.is_locked = False
        "The room, as everybody in it has been told."
        self._keys = ""
        self._left = TRIES
        self._invited = 0

    @property
    def room(self) -> str:
        """Names the conference."""
        return f"room {self.plan.name}"

    def others(self) -> Iterator["Room"]:
        """Yield who else is in the room, in order of arrival."""
        rooms = (each for each in self.desk.conversations.values() if isinstance(each, Room))
        for each in rooms:
            if each is not self and each.room == self.room and each.state in IN_ROOM:
                yield each

    # At the door

    def _greet(self, event: Event) -> list[Effect]:
        assert isinstance(event, Connect)
        self.partner = event.other or self.partner
        if self.plan.pin or self.plan.host_pin:
            return self._ask_pin(event)
        return self._come_in(event)

    def _ask_pin(self, event: Event, *before: str) -> list[Effect]:
        self.enter(S.AT_DOOR)
        self._keys = ""
        return [Say(phrases(*before, "conference-enter-pin"))]

    def _await_pin(self, event: Event) -> list[Effect]:
        self.deadline = event.at + PIN_S
        return []

    def _take_pin(self, event: Event) -> list[Effect]:
        assert isinstance(event, Key)
        if event.key == "#":
            return self._check_pin(event)
        self._keys += event.key
        self.deadline = event.at + PIN_S
        return [Silence()]

    def _check_pin(self, event: Event) -> list[Effect]:
        if self.plan.host_pin and self._keys == self.plan.host_pin:
            self.is_host = True
            return self._come_in(event)
        if self._keys == self.plan.pin:
            return self._come_in(event)
        self._left -= 1
        if self._left <= 0:
            return self._refuse("conference-wrong-pin", "goodbye")
        return self._ask_pin(event, "conference-wrong-pin")

    def _refuse(self, *why: str) -> list[Effect]:
        self.enter(S.REFUSED)
        return [Say(phrases(*why))]

    # In the room

    def _come_in(self, event: Event) -> list[Effect]:
        others = list(self.others())
        if any(each.is_locked for each in others) and not self.is_host:
            return self._refuse("conference-is-locked", "goodbye")
        if len(others) >= self.plan.most:
            return self._refuse("conference-full", "goodbye")
        self.is_locked = any(each.is_locked for each in others)
        if self.plan.waits_for_host and not self.is_host and not self._host_is_there():
            self.enter(S.WAITING)
            return [Say(phrases("conference-wait-for-host"))]
        begins = [self._tell(each, Commanded(event.at, Command.BEGIN)) for each in others]
        told = self._tell_all(event, (*self._name(), *phrases("conference-has-joined")))
        here = phrases("conference-first") if not others else self._count()
        return [*self._sit(), *(begins if self.is_host else []), *told, Say(here)]

    def _sit(self) -> list[Effect]:
        self.enter(S.SEATED)
        return [Seat(self.room, self.partner, muted=self.is_muted)]

    def _host_is_there(self) -> bool:
        return any(each.is_host for each in self.others())

    def _begin(self, event: Event) -> list[Effect]:
        return [Silence(), *self._sit()]

    def _play_music(self, event: Event) -> list[Effect]:
        return [PlayMusic()]

    def _tell(self, other: "Room", event: Event) -> Effect:
        return Send(other.party, event)

    def _tell_all(self, event: Event, clips: tuple[Clip, ...]) -> list[Effect]:
        """Let all others hear something, if this room says who comes and goes."""
        if not self.plan.announces:
            return []
        return [self._tell(each, Said(event.at, clips)) for each in self.others()]

    def _name(self) -> tuple[Clip, ...]:
        """Return how the person is announced: by name, extension, or not known."""
        station = next(
            (each for each in self.desk.plan.stations if each.party == self.partner), None
        )
        if station is None:
            return phrases("an-outside-caller")
        if self.desk.settings.of(station.extension).spoken_name:
            return listed(station, self.desk.settings)
        return (*phrases("extension"), *ENGLISH.digits(station.extension))

    def _count(self) -> tuple[Clip, ...]:
        count = sum(1 for _ in self.others())
        words = "conference-there-is" if count == 1 else "conference-there-are"
        people = ENGLISH.count(count, Counted.PERSON)
        return (*phrases(words), *people, *phrases("conference-besides-you"))

    def _hear(self, event: Event) -> list[Effect]:
        assert isinstance(event, Said)
        return [Say(event.clips)]

    # Keys in the room

    def _press(self, event: Event) -> list[Effect]:
        """Begin a command; other keys are heard by the others and mean nothing."""
        assert isinstance(event, Key)
        if event.key != "*":
            return []
        self.enter(S.COMMANDING)
        self.deadline = event.at + KEY_S
        return []

    def _command(self, event: Event) -> list[Effect]:
        assert isinstance(event, Key)
        self.enter(S.SEATED)
        match event.key, self.is_host:
            case "6", _:
                return self._mute(not self.is_muted, "conference-muted", "conference-unmuted")
            case "3", _:
                return [Say(self._count())]
            case "7", True:
                return self._lock(event)
            case "8", True:
                return self._mute_others(event)
            case "9", True:
                return self._remove_last(event)
            case "0", True:
                return self._ask_number(event)
        return [Say(phrases("not-a-choice"))]

    def _sit_back(self, event: Event) -> list[Effect]:
        return []

    def _mute(self, muted: bool, on: str, off: str) -> list[Effect]:
        self.is_muted = muted
        word = on if muted else off
        return [Seat(self.room, self.partner, muted=muted), Say(phrases(word))]

    def _lock(self, event: Event) -> list[Effect]:
        self.is_locked = not self.is_locked
        command = Command.LOCK if self.is_locked else Command.UNLOCK
        told = [self._tell(each, Commanded(event.at, command)) for each in self.others()]
        word = "conference-locked" if self.is_locked else "conference-unlocked"
        return [*told, Say(phrases(word))]

    def _mute_others(self, event: Event) -> list[Effect]:
        others = [each for each in self.others() if not each.is_host]
        muted = not all(each.is_muted for each in others)
        command = Command.MUTE if muted else Command.UNMUTE
        told = [self._tell(each, Commanded(event.at, command)) for each in others]
        word = "conference-all-muted" if muted else "conference-all-unmuted"
        return [*told, Say(phrases(word))]

    def _remove_last(self, event: Event) -> list[Effect]:
        others = [each for each in self.others() if not each.is_host]
        return [self._tell(others[-1], Commanded(event.at, Command.REMOVE))] if others else []

    def _obey(self, event: Event) -> list[Effect]:
        assert isinstance(event, Commanded)
        match event.command:
            case Command.LOCK | Command.UNLOCK:
                self.is_locked = event.command is Command.LOCK
            case Command.MUTE | Command.UNMUTE:
                muted = event.command is Command.MUTE
                return self._mute(muted, "conference-muted-by-host", "conference-unmuted")
            case Command.REMOVE:
                return [Unseat(self.room, self.partner), *self._refuse("conference-removed")]
        return []

    # Inviting

    def _ask_number(self, event: Event) -> list[Effect]:
        self.enter(S.INVITING)
        self._keys = ""
        self.deadline = event.at + PIN_S
        return [Say(phrases("conference-invite-number"))]

    def _take_number(self, event: Event) -> list[Effect]:
        assert isinstance(event, Key)
        self.deadline = event.at + PIN_S
        if event.key != "#":
            self._keys += event.key
            return []
        return self._invite(event)

    def _invite(self, event: Event) -> list[Effect]:
        """Call somebody, who is led into the room when he answers."""
        self.enter(S.SEATED)
        to = self.desk.dial_plan.destination(self._keys)
        if to.place is Place.NOWHERE or self.partner.kind is not PartyKind.STATION:
            return [Say(phrases("invalid-number"))]
        self._invited += 1
        name = application(f"invitation of {self.party}", self._invited)
        invitation = Outcall(self, name, self._keys, self.partner, self.opening.service)
        return [Spawn(invitation, self.opening.call)]

    def _hear_of_call(self, event: Event) -> list[Effect]:
        assert isinstance(event, OutcallEnded)
        return [Say(phrases("no-answer"))] if event.cause is not Cause.NORMAL else []

    # Away and back, and leaving

    def _step_out(self, event: Event) -> list[Effect]:
        return [Unseat(self.room, self.partner)]

    def _step_in(self, event: Event) -> list[Effect]:
        """Seat whoever is at the other end now: the same person, or whom he has sent."""
        assert isinstance(event, Connect)
        before, self.partner = self.partner, event.other or self.partner
        return [Unseat(self.room, before), *self._sit()]

    def _leave(self, event: Event) -> list[Effect]:
        told = self._tell_all(event, (*self._name(), *phrases("conference-has-left")))
        return [Unseat(self.room, self.partner), *told]


def room(desk: Desk, opening: Opening) -> Room | None:
    """Open the door of the room of that name; None: there is none."""
    name = opening.service.argument
    plan = next((each for each in desk.plan.rooms if each.name == name), None)
    return Room(desk, opening, plan) if plan is not None else None


R = Room
EVENTS: Final[tuple[type[Event], ...]] = (
    Offer,
    Connect,
    Key,
    SaidAll,
    Timeout,
    Wait,
    Release,
    Said,
    Commanded,
    OutcallEnded,
)
"""All that it can be told."""

SEATED: Final = (S.SEATED, S.COMMANDING, S.INVITING)
_DOOR: Final = frozenset({S.AT_DOOR, S.WAITING, S.SEATED, S.REFUSED})
Room.choices = {
    S.ANSWERING: _DOOR,
    S.AT_DOOR: _DOOR,
    S.WAITING: _DOOR,
    S.SEATED: frozenset({S.COMMANDING, S.INVITING, S.REFUSED}),
    S.COMMANDING: frozenset({S.SEATED, S.REFUSED}),
    S.INVITING: frozenset({S.SEATED, S.REFUSED}),
    S.ON_HOLD: frozenset({S.REFUSED}),
}

# fmt: off
Room.rows = {
    (S.NEW,        Offer):     (S.ANSWERING,  R.answer),
    (S.ANSWERING,  Connect):   (S.ANSWERING,  R._greet),
    (S.AT_DOOR,    SaidAll):   (S.AT_DOOR,    R._await_pin),
    (S.AT_DOOR,    Key):       (S.AT_DOOR,    R._take_pin),
    (S.AT_DOOR,    Timeout):   (S.AT_DOOR,    R._check_pin),
    (S.AT_DOOR,    Connect):   (S.AT_DOOR,    R._greet),
    (S.WAITING,    SaidAll):   (S.WAITING,    R._play_music),
    (S.WAITING,    Commanded): (S.SEATED,     R._begin),
    (S.WAITING,    Connect):   (S.WAITING,    R._greet),
    (S.SEATED,     Key):       (S.SEATED,     R._press),
    (S.COMMANDING, Key):       (S.SEATED,     R._command),
    (S.COMMANDING, Timeout):   (S.SEATED,     R._sit_back),
    (S.INVITING,   Key):       (S.INVITING,   R._take_number),
    (S.INVITING,   Timeout):   (S.INVITING,   R._invite),
    (S.ON_HOLD,    Connect):   (S.SEATED,     R._step_in),
    (S.ON_HOLD,    Commanded): (S.ON_HOLD,    R._obey),
    (S.REFUSED,    SaidAll):   (S.DONE,       R.hang_up),
    **{(s, Said):              (s,            R._hear)         for s in SEATED},
    **{(s, Commanded):         (s,            R._obey)         for s in SEATED},
    **{(s, OutcallEnded):      (s,            R._hear_of_call) for s in SEATED},
    **{(s, Wait):              (S.ON_HOLD,    R._step_out)     for s in SEATED},
    **{(s, Connect):           (S.SEATED,     R._step_in)      for s in SEATED},
    **{(s, Release):           (S.DONE,       R._leave)        for s in (*SEATED, S.ON_HOLD)},
    **{(s, Release):           (S.DONE,       R.do_nothing)
       for s in (S.NEW, S.ANSWERING, S.AT_DOOR, S.WAITING, S.REFUSED)},
}
# fmt: on
"""What it does, state by state."""

_OUTSIDE: Final = (S.NEW, S.ANSWERING, S.AT_DOOR, S.REFUSED)
IGNORED: Final = frozenset(
    {(S.DONE, event) for event in EVENTS}
    | {(s, Offer) for s in S if s not in {S.NEW, S.DONE}}
    | {(s, event) for s in _OUTSIDE for event in (Said, Commanded, OutcallEnded, Wait)}
    | {(S.NEW, event) for event in (Connect, Key, SaidAll, Timeout)}
    | {(S.ANSWERING, event) for event in (Key, SaidAll, Timeout)}
    | {(S.WAITING, event) for event in (Key, Timeout, Wait, Said, OutcallEnded)}
    # What is said ends while one talks; nobody waits for it.
    | {(s, SaidAll) for s in (*SEATED, S.ON_HOLD)}
    | {(S.SEATED, Timeout)}
    | {(S.ON_HOLD, event) for event in (Key, Timeout, Wait, Said, OutcallEnded)}
    | {(S.REFUSED, event) for event in (Connect, Key, Timeout)}
)
"""Pairs that are known, harmless and deliberately without effect."""
