# SPDX-License-Identifier: MIT
"""Zone paging: somebody calls a zone's number and speaks to all telephones of it that answer.

Those that are at rest ring distinctively, do not disturb excepted; analog telephones can't answer
by themselves, so somebody has to lift the handset, and then hears the speaker, who hears nobody.
When the first has answered the speaker is told to speak; who lifts later hears the rest.  A key of
the speaker, a flash, hanging up or two minutes end it, and so does the last listener's hanging up.
"""

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

from altiware.core.effects import Effect, PlayTone, Say, Seat, Send, Silence, Unseat
from altiware.core.events import Event, SaidAll, Timeout
from altiware.core.ids import CallId, Party, application
from altiware.core.legs import Alert, Connect, Key, Offer, Progress, Release, Setup, Wait
from altiware.core.signals import RingStyle, Tone
from altiware.features.applications import Conversation, Desk, Opening, Rows
from altiware.features.effects import Spawn
from altiware.features.paging import LONGEST_S
from altiware.features.speaking import phrases

__all__ = [
    "EAR_EVENTS",
    "EAR_IGNORED",
    "EVENTS",
    "IGNORED",
    "PHRASES",
    "Ear",
    "EarState",
    "ZonePage",
    "ZonePageState",
]

PHRASES: Final = {
    "page-speak": "Please speak after the tone.",
    "page-busy": "Somebody is paging at the moment. Please try again soon.",
    "page-nobody": "No telephone of that zone can be paged right now.",
    "page-ended": "Your page has ended.",
}
RING_S: Final = 20.0


@dataclass(frozen=True, slots=True)
class Opened(Event):
    """A telephone of the zone has answered."""


@dataclass(frozen=True, slots=True)
class Closed(Event):
    """A telephone of the zone hears nothing any more, or never did."""

    ear: Party


@dataclass(frozen=True, slots=True)
class Over(Event):
    """The page is over."""


class EarState(enum.Enum):
    """Where one telephone of the zone is."""

    NEW = "new"
    CALLING = "ringing"
    LISTENING = "listening"
    DONE = "done"


class Ear(Conversation):
    """One telephone that hears a page."""

    first = EarState.NEW
    rows: ClassVar[Rows]

    def __init__(self, page: "ZonePage", extension: str, number: int) -> None:
        party = application(f"{page.party.name} at {extension}", number)
        own = Opening(party, page.opening.service, CallId(""), page.party, page.opening.shown)
        super().__init__(page.desk, own)
        self.deadline = 0.0
        self._extension = extension
        self._room = page.room
        self._listener: Party | None = None

    def _call(self, event: Event) -> list[Effect]:
        self.deadline = event.at + RING_S
        return [
            Setup(
                event.at, self.party, self._extension, self.opening.shown,
                style=RingStyle.INTERCOM, only=True,
            )
        ]  # fmt: skip

    def _listen(self, event: Event) -> list[Effect]:
        assert isinstance(event, Connect)
        self._listener = event.other
        assert self._listener is not None, "applications are told with whom"
        seat = Seat(self._room, self._listener, muted=True)
        return [seat, Send(self.opening.caller, Opened(event.at))]

    def _tell(self, event: Event) -> list[Effect]:
        return [Send(self.opening.caller, Closed(event.at, self.party))]

    def _give_up(self, event: Event) -> list[Effect]:
        return [*self._tell(event), *self.hang_up(event)]

    def _rise(self, event: Event) -> list[Effect]:
        assert self._listener is not None
        return [Unseat(self._room, self._listener), *self._tell(event)]

    def _leave(self, event: Event) -> list[Effect]:
        return [*self._rise(event), *self.hang_up(event)]


E = EarState
EAR_EVENTS: Final[tuple[type[Event], ...]] = (
    Offer,
    Alert,
    Progress,
    Connect,
    Key,
    Wait,
    Release,
    Timeout,
    Over,
)
"""All that an ear can be told."""

# fmt: off
Ear.rows = {
    (E.NEW,       Timeout): (E.CALLING,   Ear._call),
    (E.NEW,       Over):    (E.DONE,      Ear.do_nothing),
    (E.CALLING,   Connect): (E.LISTENING, Ear._listen),
    (E.CALLING,   Timeout): (E.DONE,      Ear._give_up),
    (E.CALLING,   Release): (E.DONE,      Ear._tell),
    (E.CALLING,   Over):    (E.DONE,      Ear.hang_up),
    (E.LISTENING, Wait):    (E.DONE,      Ear._leave),
    (E.LISTENING, Release): (E.DONE,      Ear._rise),
    (E.LISTENING, Over):    (E.DONE,      Ear._leave),
}
# fmt: on

EAR_IGNORED: Final = frozenset(
    {(E.DONE, event) for event in EAR_EVENTS}
    | {(E.NEW, event) for event in EAR_EVENTS if event not in {Timeout, Over}}
    | {(E.CALLING, event) for event in (Offer, Alert, Progress, Key, Wait)}
    | {(E.LISTENING, event) for event in (Offer, Alert, Progress, Connect, Key, Timeout)}
)
"""Pairs that are known, harmless and deliberately without effect."""


class ZonePageState(enum.Enum):
    """Each state means one thing that the speaker could tell."""

    NEW = "new"
    ANSWERING = "answering"
    CALLING = "ringing the zone"
    TELLING = "saying that he may speak"
    BEEPING = "giving the tone"
    PAGING = "being heard"
    REFUSING = "telling that it is over"
    DONE = "done"


S = ZonePageState


class ZonePage(Conversation):
    """One page to a zone."""

    first = S.NEW
    rows: ClassVar[Rows]

    def __init__(self, desk: Desk, opening: Opening) -> None:
        super().__init__(desk, opening)
        name = opening.service.argument
        self.plan = next(each for each in desk.plan.zones if each.name == name)
        self.room = f"zone {self.party.name}"
        self._ears: set[Party] = set()

    def _begin(self, event: Event) -> list[Effect]:
        if any(each.plan == self.plan for each in self._others()):
            return self._say_and_leave("page-busy")
        ears = [Ear(self, each, i) for i, each in enumerate(self.plan.stations) if self._may(each)]
        if not ears:
            return self._say_and_leave("page-nobody")
        self._ears = {each.party for each in ears}
        return [PlayTone(Tone.RINGBACK), *(Spawn(each, self.opening.call) for each in ears)]

    def _may(self, extension: str) -> bool:
        party = next(each.party for each in self.desk.plan.stations if each.extension == extension)
        undisturbed = self.desk.settings.of(extension).do_not_disturb
        return self.desk.is_idle(party) and not undisturbed

    def _others(self) -> Iterator["ZonePage"]:
        for each in self.desk.conversations.values():
            if isinstance(each, ZonePage) and each is not self and each._ears:
                yield each

    def _tell(self, event: Event) -> list[Effect]:
        return [Say(phrases("page-speak"))]

    def _beep(self, event: Event) -> list[Effect]:
        return [PlayTone(Tone.RECORD)]

    def _be_heard(self, event: Event) -> list[Effect]:
        self.deadline = event.at + LONGEST_S
        return [Seat(self.room, self.opening.caller)]

    def _lose(self, event: Event) -> list[Effect]:
        assert isinstance(event, Closed)
        self._ears.discard(event.ear)
        if self._ears:
            return []
        phrase = "page-nobody" if self.state is S.CALLING else "page-ended"
        return [Unseat(self.room, self.opening.caller), *self._say_and_leave(phrase)]

    def _end(self, event: Event) -> list[Effect]:
        return [*self._close(event), *self._say_and_leave("page-ended")]

    def _close(self, event: Event) -> list[Effect]:
        over = [Send(each, Over(event.at)) for each in sorted(self._ears)]
        self._ears = set()
        return [Silence(), Unseat(self.room, self.opening.caller), *over]

    def _leave(self, event: Event) -> list[Effect]:
        return [*self._close(event), *self.hang_up(event)]

    def _say_and_leave(self, phrase: str) -> list[Effect]:
        self.enter(S.REFUSING)
        return [Say(phrases(phrase))]


P = ZonePage
EVENTS: Final[tuple[type[Event], ...]] = (
    Offer,
    Connect,
    Key,
    SaidAll,
    Opened,
    Closed,
    Timeout,
    Wait,
    Release,
)
"""All that it can be told."""

_GOING_ON: Final = (S.CALLING, S.TELLING, S.BEEPING, S.PAGING)

ZonePage.choices = dict.fromkeys(_GOING_ON, frozenset({S.REFUSING}))
# fmt: off
ZonePage.rows = {
    (S.NEW,       Offer):   (S.ANSWERING, P.answer),
    (S.ANSWERING, Connect): (S.CALLING,   P._begin),
    (S.ANSWERING, Release): (S.DONE,      P.do_nothing),
    (S.CALLING,   Opened):  (S.TELLING,   P._tell),
    (S.TELLING,   SaidAll): (S.BEEPING,   P._beep),
    (S.BEEPING,   SaidAll): (S.PAGING,    P._be_heard),
    (S.PAGING,    Key):     (S.PAGING,    P._end),
    (S.PAGING,    Timeout): (S.PAGING,    P._end),
    **{(s, Closed):         (s,           P._lose)  for s in _GOING_ON},
    **{(s, Wait):           (S.DONE,      P._leave) for s in _GOING_ON},
    **{(s, Release):        (S.DONE,      P._close) for s in _GOING_ON},
    (S.REFUSING,  SaidAll): (S.DONE,      P.hang_up),
    (S.REFUSING,  Release): (S.DONE,      P.do_nothing),
}
# fmt: on
"""What it does, state by state."""

IGNORED: Final = frozenset(
    {(S.DONE, event) for event in EVENTS}
    | {(S.NEW, event) for event in EVENTS if event is not Offer}
    | {(S.ANSWERING, event) for event in EVENTS if event not in {Connect, Release}}
    | {(s, event) for s in _GOING_ON for event in (Offer, Connect)}
    | {(s, event) for s in _GOING_ON for event in (Key, Timeout) if s is not S.PAGING}
    | {(s, SaidAll) for s in (S.CALLING, S.PAGING)}
    | {(s, Opened) for s in _GOING_ON if s is not S.CALLING}
    | {(S.REFUSING, event) for event in EVENTS if event not in {SaidAll, Release}}
)
"""Pairs that are known, harmless and deliberately without effect."""
