# SPDX-License-Identifier: MIT
"""Applications that let their caller wait, with ringback, while they fetch one person for him.

One derives from :class:`Fetching` and says in ``order`` whom; it may try again when he is busy, and
say in ``fail`` what is done when he can't be had.
"""

import enum
from abc import abstractmethod
from typing import ClassVar, Final

from altiware.core.causes import Cause
from altiware.core.effects import Effect, PlayTone, Send, Silence
from altiware.core.events import Event, SaidAll, Timeout
from altiware.core.ids import Party, application
from altiware.core.legs import Connect, Key, Offer, Release, Wait
from altiware.core.orders import Clear
from altiware.core.signals import Tone
from altiware.features.applications import Conversation, Desk, Opening, Rows
from altiware.features.effects import Spawn
from altiware.features.summons import CalledOff, Order, Result, Summoned, Summons

__all__ = ["EVENTS", "IGNORED", "Fetching", "FetchingState"]

AGAIN_S: Final = 5.0


class FetchingState(enum.Enum):
    """Where it is with whom is wanted."""

    NEW = "new"
    ANSWERING = "answering"
    CALLING = "calling"
    RESTING = "waiting until he is free"
    DONE = "done"


S = FetchingState


class Fetching(Conversation):
    """Fetches one person for one caller."""

    first = S.NEW
    rows: ClassVar[Rows]
    patience_s: ClassVar[float] = 0.0
    "For so long a busy one is tried again."

    def __init__(self, desk: Desk, opening: Opening) -> None:
        super().__init__(desk, opening)
        self._calls = 0
        self._until = 0.0
        self._summons: Party | None = None

    @abstractmethod
    def order(self) -> Order:
        """Return whom to fetch, and how."""

    def is_possible(self) -> bool:
        """Whether anybody can be fetched."""
        return True

    def fail(self, event: Event, cause: Cause) -> list[Effect]:
        """Let the caller go whose wanted one can't be had."""
        call = self.desk.call_at(self.party)
        return [Send(call, Clear(event.at, cause))] if call is not None else []

    def _open(self, event: Event) -> list[Effect]:
        if self.is_possible():
            return self.answer(event)
        self.enter(S.DONE)
        return self.refuse(event, Cause.WRONG_NUMBER)

    def _begin(self, event: Event) -> list[Effect]:
        self._until = event.at + self.patience_s
        return [PlayTone(Tone.RINGBACK), *self._call(event)]

    def _call(self, event: Event) -> list[Effect]:
        self._calls += 1
        self._summons = application(f"{self.party.name} calls", self._calls)
        return [Spawn(Summons(self, self._summons, self.order()), self.opening.call)]

    def _conclude(self, event: Event) -> list[Effect]:
        assert isinstance(event, Summoned)
        self._summons = None
        if event.result is Result.CAME:
            self.enter(S.DONE)
            return []
        if event.cause is Cause.BUSY and event.at < self._until:
            self.enter(S.RESTING)
            self.deadline = event.at + AGAIN_S
            return []
        self.enter(S.DONE)
        return self.fail(event, event.cause)

    def _call_off(self, event: Event) -> list[Effect]:
        """Fetch nobody any more: the caller has gone."""
        told = [Send(self._summons, CalledOff(event.at))] if self._summons is not None else []
        return [Silence(), *told]


EVENTS: Final[tuple[type[Event], ...]] = (
    Offer,
    Connect,
    Key,
    SaidAll,
    Summoned,
    Timeout,
    Wait,
    Release,
)
"""All that it can be told."""

Fetching.choices = {
    S.NEW: frozenset({S.DONE}),
    S.ANSWERING: frozenset({S.DONE}),
    S.CALLING: frozenset({S.RESTING, S.DONE}),
}

# fmt: off
Fetching.rows = {
    (S.NEW,       Offer):    (S.ANSWERING, Fetching._open),
    (S.ANSWERING, Connect):  (S.CALLING,   Fetching._begin),
    (S.CALLING,   Summoned): (S.CALLING,   Fetching._conclude),
    (S.RESTING,   Timeout):  (S.CALLING,   Fetching._call),
    **{(s, Release):         (S.DONE,      Fetching._call_off) for s in S if s is not S.DONE},
}
# fmt: on
"""What it does, state by state."""

_OPEN: Final = (S.NEW, S.ANSWERING, S.CALLING, S.RESTING)

IGNORED: Final = frozenset(
    {(S.DONE, event) for event in EVENTS}
    | {(s, Offer) for s in _OPEN if s is not S.NEW}
    | {(s, Connect) for s in _OPEN if s is not S.ANSWERING}
    | {(s, event) for s in _OPEN for event in (Key, SaidAll, Wait)}
    | {(s, Summoned) for s in _OPEN if s is not S.CALLING}
    | {(s, Timeout) for s in _OPEN if s is not S.RESTING}
)
"""Pairs that are known, harmless and deliberately without effect."""
