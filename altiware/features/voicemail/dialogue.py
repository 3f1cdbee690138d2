# SPDX-License-Identifier: MIT
"""Conversations made of dialogues, each a small machine: a question, a menu, a recording.

A dialogue is a machine like all others (one enum, one table); it calls another with ``Enter`` and
is told by ``Left`` how that ended.  :class:`Visit` is the application at the call: it keeps the
stack of dialogues, gives the top one what happens, and hangs up when none is left.  When the
caller has gone, each dialogue from the top is told so (``Gone``), and may finish what must be kept.
"""

import enum
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar, Final

from altiware.core.effects import Effect, Silence, StopRecording
from altiware.core.events import Event, Recorded, SaidAll, Timeout
from altiware.core.ids import CallId, PartyKind
from altiware.core.legs import Connect, Key, Offer, Release
from altiware.core.plan import Plan
from altiware.core.signals import Caller
from altiware.features.applications import Conversation, Desk, Opening, Rows
from altiware.features.voicemail.messages import TEMPORARY, Sender
from altiware.features.voicemail.notices import CalleeGone, CalleeJoined
from altiware.features.voicemail.orders import (
    Done,
    Kept,
    MailboxShown,
    NotKept,
    PasswordChecked,
)

__all__ = [
    "EVENTS",
    "Begin",
    "Dialogue",
    "Enter",
    "Gone",
    "Leave",
    "Left",
    "Visit",
    "VisitState",
]


@dataclass(frozen=True, slots=True)
class Begin(Event):
    """The dialogue is on."""


@dataclass(frozen=True, slots=True)
class Left(Event):
    """The dialogue that was entered has ended."""

    result: object = None
    "What the one that was entered says it is."


@dataclass(frozen=True, slots=True)
class Gone(Event):
    """The caller has hung up."""


@dataclass(frozen=True, slots=True)
class Leave(Effect):
    """The dialogue has ended."""

    result: object = None


LEAVING_S: Final = 60.0
"""What isn't completed so long after the caller has gone (the engine has died) never will be."""
DialogueRows = Mapping[tuple[Any, type[Event]], tuple[Any, Callable[[Any, Any], list[Effect]]]]

EVENTS: Final[tuple[type[Event], ...]] = (
    Begin,
    Left,
    Gone,
    Key,
    SaidAll,
    Recorded,
    Timeout,
    MailboxShown,
    Kept,
    NotKept,
    Done,
    PasswordChecked,
    CalleeJoined,
    CalleeGone,
)
"""All that a dialogue can be told."""


class Dialogue:
    """One thing that is talked about with a caller.

    ``Gone`` needs no row where nothing has to be kept: it ends the dialogue.
    """

    first: ClassVar[enum.Enum]
    rows: ClassVar[DialogueRows]
    choices: ClassVar[Mapping[Any, frozenset[Any]]] = MappingProxyType({})
    "Where the actions of a state may go beyond the table, as of conversations."

    def __init__(self, visit: "Visit") -> None:
        self.visit = visit
        self.state = self.first
        self.deadline: float | None = None

    @property
    def plan(self) -> Plan:
        """The office's plan."""
        return self.visit.desk.plan

    def receive(self, event: Event) -> list[Effect]:
        """Apply one event and return the effects to perform, in order."""
        if type(event) is Timeout:
            self.deadline = None
        row = self.rows.get((self.state, type(event)))
        if row is None:
            return [Leave()] if isinstance(event, Gone) else []
        state, act = row
        if state is not self.state:
            self.enter(state)
        return act(self, event)

    def drop(self) -> list[Effect]:
        """Leave nothing behind: somebody else is at the mailbox, and all begins anew."""
        return []

    def enter(self, state: enum.Enum) -> None:
        """Be in another state, one of ``choices``: its action alone knows which."""
        self.state = state
        self.deadline = None

    def leave(self, event: Event) -> list[Effect]:
        """End without a result."""
        return [Leave()]


@dataclass(frozen=True, slots=True)
class Enter(Effect):
    """Talk about something else, and come back."""

    dialogue: Dialogue


class VisitState(enum.Enum):
    """Where a visit is; what is talked about, its dialogues know."""

    NEW = "new"
    ANSWERING = "answering"
    TALKING = "talking"
    LEAVING = "leaving"
    "The caller has gone; what he said is being kept."
    DONE = "done"


class Visit(Conversation):
    """An application at a call, made of dialogues."""

    first = VisitState.NEW
    rows: ClassVar[Rows]

    def __init__(self, desk: Desk, opening: Opening, opener: Callable[["Visit"], Dialogue]) -> None:
        """Build it; ``opener`` makes the first dialogue, anew for another caller."""
        super().__init__(desk, opening)
        self.caller = opening.caller
        self.shown = opening.shown
        self._call: CallId = opening.call
        self.recordings = 0
        self.calls_out = 0
        self.talked_s = 0.0
        "In all calls out of the mailbox."
        self._opener = opener
        self._stack: list[Dialogue] = []

    @property
    def sender(self) -> Sender:
        """Who is there, as the sender of a message."""
        if self.caller.kind is PartyKind.STATION:
            stations = self.desk.plan.stations
            name = next((each.name for each in stations if each.party == self.caller), "")
            return Sender(self.caller.name, name)
        shown = self.shown or Caller("")
        return Sender(shown.number, shown.name, outside=True)

    @property
    def at(self) -> CallId:
        """The call that it is at now: transfers change it."""
        return self.desk.call_at(self.party) or self._call

    @property
    def top(self) -> Dialogue | None:
        """What is talked about now."""
        return self._stack[-1] if self._stack else None

    def recording(self) -> str:
        """Return the name of a temporary file that no other recording has."""
        self.recordings += 1
        names = (self._call, self.party.name.replace(" ", "-"), str(self.recordings))
        return f"{TEMPORARY}/{'-'.join(names)}.wav"

    # The call

    def begin(self, event: Event) -> list[Effect]:
        """Talk to whoever is there."""
        assert isinstance(event, Connect)
        if event.other is not None:
            self.caller = event.other
            self.shown = event.caller or self.shown if self.other_is_first else event.caller
        self._stack = [self._opener(self)]
        return self._tell(Begin(event.at))

    @property
    def other_is_first(self) -> bool:
        """Whether the one who called is still the one who is there."""
        return self.caller == self.opening.caller

    def meet(self, event: Event) -> list[Effect]:
        """Begin anew when another partner has come; the same one goes on."""
        assert isinstance(event, Connect)
        if event.other is None or event.other == self.caller:
            return []
        dropped = [effect for each in self._stack for effect in each.drop()]
        return [Silence(), StopRecording(), *dropped, *self.begin(event)]

    def tell(self, event: Event) -> list[Effect]:
        """Tell what is talked about what happened."""
        return self._tell(event)

    def let_go(self, event: Event) -> list[Effect]:
        """Let the dialogues finish: the caller has gone."""
        if not self._stack:
            self.enter(VisitState.DONE)
            return []
        return self._tell(Gone(event.at))

    def _tell(self, event: Event) -> list[Effect]:
        """Run the dialogues until they have no more to say to each other."""
        asked: list[Effect] = []
        waiting = deque([event])
        while waiting and self._stack:
            for effect in self._stack[-1].receive(waiting.popleft()):
                if isinstance(effect, Enter):
                    self._stack.append(effect.dialogue)
                    waiting.append(Begin(event.at))
                elif isinstance(effect, Leave):
                    self._stack.pop()
                    waiting.append(self._left(effect, event.at))
                else:
                    asked.append(effect)
        self.deadline = self._stack[-1].deadline if self._stack else None
        if self.state is VisitState.LEAVING:
            self.deadline = event.at + LEAVING_S
        if not self._stack:
            asked += self._end(event)
        return asked

    def _left(self, effect: Leave, at: float) -> Event:
        """Say what the dialogue below is told; who has gone may still have left something."""
        over = self.state is VisitState.LEAVING and effect.result is None
        return Gone(at) if over else Left(at, effect.result)

    def _end(self, event: Event) -> list[Effect]:
        has_gone = self.state is VisitState.LEAVING
        self.enter(VisitState.DONE)
        return [] if has_gone else self.hang_up(event)


_TOLD: Final = tuple(each for each in EVENTS if each not in (Begin, Left, Gone))
V = VisitState

# fmt: off
Visit.rows = {
    (V.NEW,       Offer):    (V.ANSWERING, Visit.answer),
    (V.ANSWERING, Connect):  (V.TALKING,   Visit.begin),
    (V.TALKING,   Connect):  (V.TALKING,   Visit.meet),
    **{(V.TALKING, each):    (V.TALKING,   Visit.tell) for each in _TOLD},
    **{(V.LEAVING, each):    (V.LEAVING,   Visit.tell) for each in _TOLD},
    (V.LEAVING,   Timeout):  (V.DONE,      Visit.do_nothing),
    (V.NEW,       Release):  (V.DONE,      Visit.do_nothing),
    (V.ANSWERING, Release):  (V.DONE,      Visit.do_nothing),
    (V.TALKING,   Release):  (V.LEAVING,   Visit.let_go),
}
# fmt: on
Visit.choices = {V.TALKING: frozenset({V.DONE}), V.LEAVING: frozenset({V.DONE})}
"When no dialogue is left."
