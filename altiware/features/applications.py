# SPDX-License-Identifier: MIT
"""What all applications have in common: attendants, mailboxes, queues, parking places ...

An application is a party of calls like any other: it is offered a call, answers or refuses, and
is told what becomes of it (:mod:`altiware.core.legs`); a conversation of it may also set up calls
of its own.  Beside what telephones can do it says clips, records, hears keys, leads its caller
elsewhere, and joins calls (:mod:`altiware.features.effects`).  Each call gets a machine of its
own, which is forgotten when ``finished``.

A feature derives from :class:`Conversation`: an enum of states, one table, actions that return
effects; :mod:`altiware.features.catalog` names them all.
"""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, ClassVar, Protocol

from altiware.core.call import Call
from altiware.core.causes import Cause
from altiware.core.effects import Effect
from altiware.core.events import Event, Timeout
from altiware.core.ids import CallId, Party
from altiware.core.legs import Answered, Departed, Offer, Refused
from altiware.core.numbering import DialPlan
from altiware.core.pager import Pager
from altiware.core.plan import Plan, Service
from altiware.core.signals import Caller
from altiware.core.trunk import Trunk
from altiware.features.memory import Memory
from altiware.features.settings import Settings

__all__ = ["Changed", "Conversation", "Desk", "Factory", "Opening", "Rows"]


class Desk(Protocol):
    """What an application can see of the office; it changes things by effects only."""

    plan: Plan
    dial_plan: DialPlan
    settings: Settings
    memory: Memory
    trunks: dict[Party, Trunk]
    pagers: dict[Party, Pager]

    @property
    def calls(self) -> Mapping[CallId, Call]:
        """The open calls."""

    @property
    def conversations(self) -> Mapping[Party, "Conversation"]:
        """All that applications have going on."""

    def call_at(self, party: Party) -> CallId | None:
        """Return the call that a party is at, or that rings there."""

    def held_by(self, party: Party) -> CallId | None:
        """Return the call that a station has on hold while it does something else."""

    def is_claimed(self, call: CallId) -> bool:
        """Whether a call is held, consulted about, or one of a conference."""

    def is_idle(self, party: Party) -> bool:
        """Whether a station would ring if it were called."""

    def wall(self, at: float) -> datetime:
        """Return what the clock on the wall shows at engine seconds."""


@dataclass(frozen=True, slots=True)
class Opening:
    """How a conversation comes about."""

    party: Party
    "Its own name."
    service: Service
    call: CallId
    caller: Party
    "Who is at the other end."
    shown: Caller | None
    "How that one is shown."
    digits: str = ""
    "What was dialled behind the feature code."
    led: tuple[Party, ...] = ()
    "Whom the call was wanted for before, in order."
    cause: Cause | None = None
    "Why it was led on from the last of them."
    dialled: str = ""
    "The whole number, as dialled."


@dataclass(frozen=True, slots=True)
class Changed(Event):
    """A station or call that the application watches is in another state, or has other parties."""

    what: Party | CallId


Rows = Mapping[tuple[Any, type[Event]], tuple[Any, Callable[[Any, Any], list[Effect]]]]
Factory = Callable[[Desk, Opening], "Conversation | None"]
"""Opens a conversation; None: what is meant doesn't exist."""


class Conversation:
    """One application at one call.

    The table may use the events of :class:`altiware.core.legs.ToParty`, SaidAll, Recorded,
    Timeout, and what features send each other.
    """

    first: ClassVar[enum.Enum]
    "The state in which it begins; the last one is called DONE."
    rows: ClassVar[Rows]
    "The table; both are set below it."
    takes_callers: ClassVar[bool] = False
    "Whether somebody on hold is handed to it when his holder, having called it, hangs up."
    choices: ClassVar[Mapping[Any, frozenset[Any]]] = MappingProxyType({})
    "Where the actions of a state may go beyond the table: what was dialled decides."
    for_stations: ClassVar[bool] = False
    "It serves a station that dials it, and nobody who is led there or comes from outside."

    def __init__(self, desk: Desk, opening: Opening) -> None:
        self.desk = desk
        self.opening = opening
        self.state = self.first
        self.deadline: float | None = None

    @property
    def party(self) -> Party:
        """Its name among the parties."""
        return self.opening.party

    def watches(self, what: Party | CallId) -> bool:
        """Whether Changed is told of a station (its line and settings) or call."""
        return False

    @property
    def finished(self) -> bool:
        """Whether it has come to its end."""
        return self.state.name == "DONE"

    @property
    def stands_for(self) -> Party | None:
        """Who is recorded as called in its place."""
        return None

    def receive(self, event: Event) -> list[Effect]:
        """Apply one event and return the effects to perform, in order."""
        if type(event) is Timeout:
            self.deadline = None
        row = self.rows.get((self.state, type(event)))
        if row is None:
            return []
        state, act = row
        if state is not self.state:
            self.enter(state)
        return act(self, event)

    def enter(self, state: enum.Enum) -> None:
        """Be in another state, one of ``choices``: its action alone knows which."""
        self.state = state
        self.deadline = None

    # What most do

    def answer(self, event: Event) -> list[Effect]:
        """Take the call that is offered; Connect follows."""
        assert isinstance(event, Offer)
        return [Answered(event.at, self.party)]

    def refuse(self, event: Event, cause: Cause) -> list[Effect]:
        """Take no call: the caller is led elsewhere, or told why."""
        assert isinstance(event, Offer)
        return [Refused(event.at, self.party, event.call, cause)]

    def hang_up(self, event: Event) -> list[Effect]:
        """End the call."""
        return [Departed(event.at, self.party)]

    def do_nothing(self, event: Event) -> list[Effect]:
        """Change the state alone."""
        return []
