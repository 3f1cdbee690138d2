# SPDX-License-Identifier: MIT
"""Feature codes that do one thing: it is done, said, and confirmed by a tone.

A feature derives from :class:`Errand` and says in ``run`` what its code does; it serves stations
alone.  Whoever hangs up early has it done all the same.  Where nothing can be said the tone tells:
confirmation, or why not.
"""

import enum
from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Final

from altiware.core.causes import Cause
from altiware.core.effects import Effect, Say, Send
from altiware.core.events import Event, Recorded, SaidAll, Timeout
from altiware.core.legs import Connect, Key, Offer, Release, Wait
from altiware.core.orders import Clear
from altiware.features.applications import Conversation, Desk, Opening, Rows
from altiware.features.speaking import Clips

__all__ = ["EVENTS", "IGNORED", "Errand", "ErrandState", "Outcome"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What has become of an errand."""

    said: Clips
    effects: tuple[Effect, ...] = ()
    cause: Cause = Cause.DONE
    "Why the call ends: what tone follows."


class ErrandState(enum.Enum):
    """Where an errand is."""

    NEW = "new"
    ANSWERING = "answering"
    "Done, or not; to be told."
    SPEAKING = "saying what was done"
    DONE = "done"


class Errand(Conversation):
    """One thing that a station asks for."""

    first = ErrandState.NEW
    rows: ClassVar[Rows]
    for_stations = True

    def __init__(self, desk: Desk, opening: Opening) -> None:
        super().__init__(desk, opening)
        self.outcome = Outcome(())

    @property
    def extension(self) -> str:
        """Whose errand it is."""
        return self.opening.caller.name

    @abstractmethod
    def run(self, at: float) -> Outcome:
        """Find out what is to be done."""

    def begin(self, event: Event) -> list[Effect]:
        """Do it, and answer."""
        self.outcome = self.run(event.at)
        return [*self.outcome.effects, *self.answer(event)]

    def speak(self, event: Event) -> list[Effect]:
        """Say what was done."""
        return [Say(self.outcome.said)] if self.outcome.said else self.end(event)

    def end(self, event: Event) -> list[Effect]:
        """End the call with a tone that tells."""
        call = self.desk.call_at(self.party)
        return [Send(call, Clear(event.at, self.outcome.cause))] if call is not None else []


E = ErrandState
EVENTS: Final[tuple[type[Event], ...]] = (
    Offer,
    Connect,
    SaidAll,
    Recorded,
    Timeout,
    Key,
    Wait,
    Release,
)
"""All that an errand can be told."""

# fmt: off
Errand.rows = {
    (E.NEW,       Offer):   (E.ANSWERING, Errand.begin),
    (E.ANSWERING, Connect): (E.SPEAKING,  Errand.speak),
    (E.SPEAKING,  SaidAll): (E.SPEAKING,  Errand.end),
    **{(s, Release):        (E.DONE,      Errand.do_nothing) for s in E if s is not E.DONE},
}
# fmt: on

_OPEN: Final = (E.NEW, E.ANSWERING, E.SPEAKING)

IGNORED: Final = frozenset(
    {(E.DONE, event) for event in EVENTS}
    # It takes no keys, records nothing, and being put on hold it goes on.
    | {(s, event) for s in _OPEN for event in (Recorded, Timeout, Key, Wait)}
    | {(E.NEW, Connect), (E.NEW, SaidAll), (E.ANSWERING, SaidAll)}
    | {(E.ANSWERING, Offer), (E.SPEAKING, Offer), (E.SPEAKING, Connect)}
)
"""Pairs that are known, harmless and deliberately without effect."""
