# SPDX-License-Identifier: MIT
"""Overhead paging: somebody speaks through a loudspeaker behind a port of direction "paging".

One code takes the first such port, another the one whose place among the trunks is dialled
behind it.  Only what the speaker says goes there, and nothing comes back; a key of his, a flash,
hanging up or two minutes end it.  :mod:`altiware.core.pager` says how the port is kept from
reaching a network.
"""

import enum
from typing import ClassVar, Final

from altiware.core.effects import DisconnectPath, Effect, ListenPath, PlayTone, Say, Send
from altiware.core.events import Event, SaidAll, Timeout
from altiware.core.legs import Connect, Key, Offer, Release, Wait
from altiware.core.pager import Page, PageBegan, PageFailed, PageOver, Pager, PagerState
from altiware.core.plan import TrunkDirection
from altiware.core.signals import Tone
from altiware.features.applications import Conversation, Desk, Opening, Rows
from altiware.features.speaking import phrases

__all__ = ["EVENTS", "IGNORED", "LONGEST_S", "PHRASES", "OverheadPage", "OverheadPageState"]

PHRASES: Final = {
    "page-speak": "Please speak after the tone.",
    "page-busy": "Somebody is paging at the moment. Please try again soon.",
    "page-none": "There is no such paging zone.",
    "page-ended": "Your page has ended.",
}
LONGEST_S: Final = 120.0
BY_TRUNK: Final = "trunk"


class OverheadPageState(enum.Enum):
    """Each state means one thing that the speaker could tell."""

    NEW = "new"
    ANSWERING = "answering"
    OPENING = "opening the port"
    TELLING = "saying that he may speak"
    BEEPING = "giving the tone"
    PAGING = "being heard"
    REFUSING = "telling why not"
    DONE = "done"


S = OverheadPageState


class OverheadPage(Conversation):
    """One page."""

    first = S.NEW
    for_stations = True
    rows: ClassVar[Rows]

    def __init__(self, desk: Desk, opening: Opening) -> None:
        super().__init__(desk, opening)
        self._pager = self._wanted()

    def _wanted(self) -> Pager | None:
        """Return the port: the first, or that of the number behind the code."""
        trunks = self.desk.plan.trunks
        if self.opening.service.argument == BY_TRUNK:
            number = int(self.opening.digits) if self.opening.digits.isdecimal() else 0
            trunks = trunks[number - 1 : number] if number else ()
        paging = (each for each in trunks if each.direction is TrunkDirection.PAGING)
        first = next(paging, None)
        return self.desk.pagers.get(first.party) if first is not None else None

    def _open(self, event: Event) -> list[Effect]:
        if self._pager is None:
            return self._refuse("page-none")
        if self._pager.state in {PagerState.LISTENING, PagerState.PAGING}:
            return self._refuse("page-busy")
        return [Send(self._pager.party, Page(event.at, self.party))]

    def _tell(self, event: Event) -> list[Effect]:
        return [Say(phrases("page-speak"))]

    def _beep(self, event: Event) -> list[Effect]:
        return [PlayTone(Tone.RECORD)]

    def _be_heard(self, event: Event) -> list[Effect]:
        assert self._pager is not None
        self.deadline = event.at + LONGEST_S
        return [ListenPath(self._pager.party, self.opening.caller)]

    def _end(self, event: Event) -> list[Effect]:
        self.enter(S.REFUSING)
        return [*self._close(event), Say(phrases("page-ended"))]

    def _close(self, event: Event) -> list[Effect]:
        assert self._pager is not None
        paths = [DisconnectPath(self._pager.party, self.opening.caller)]
        return [*paths, Send(self._pager.party, PageOver(event.at))]

    def _leave(self, event: Event) -> list[Effect]:
        return [*self._close(event), *self.hang_up(event)]

    def _fail(self, event: Event) -> list[Effect]:
        assert self._pager is not None
        return [
            DisconnectPath(self._pager.party, self.opening.caller),
            *self._refuse("page-none"),
        ]

    def _refuse(self, phrase: str) -> list[Effect]:
        self.enter(S.REFUSING)
        return [Say(phrases(phrase))]


P = OverheadPage
EVENTS: Final[tuple[type[Event], ...]] = (
    Offer,
    Connect,
    Key,
    SaidAll,
    PageBegan,
    PageFailed,
    Timeout,
    Wait,
    Release,
)
"""All that it can be told."""

_WITH_PORT: Final = (S.OPENING, S.TELLING, S.BEEPING, S.PAGING)

OverheadPage.choices = {
    **dict.fromkeys(_WITH_PORT, frozenset({S.REFUSING})),
}
# fmt: off
OverheadPage.rows = {
    (S.NEW,       Offer):     (S.ANSWERING, P.answer),
    (S.ANSWERING, Connect):   (S.OPENING,   P._open),
    (S.ANSWERING, Release):   (S.DONE,      P.do_nothing),
    (S.OPENING,   PageBegan): (S.TELLING,   P._tell),
    (S.TELLING,   SaidAll):   (S.BEEPING,   P._beep),
    (S.BEEPING,   SaidAll):   (S.PAGING,    P._be_heard),
    (S.PAGING,    Key):       (S.PAGING,    P._end),
    (S.PAGING,    Timeout):   (S.PAGING,    P._end),
    **{(s, PageFailed):       (s,           P._fail)  for s in _WITH_PORT},
    **{(s, Wait):             (S.DONE,      P._leave) for s in _WITH_PORT},
    **{(s, Release):          (S.DONE,      P._close) for s in _WITH_PORT},
    (S.REFUSING,  SaidAll):   (S.DONE,      P.hang_up),
    (S.REFUSING,  Release):   (S.DONE,      P.do_nothing),
}
# fmt: on
"""What it does, state by state."""

IGNORED: Final = frozenset(
    {(S.DONE, event) for event in EVENTS}
    | {(S.NEW, event) for event in EVENTS if event is not Offer}
    | {(S.ANSWERING, event) for event in EVENTS if event not in {Connect, Release}}
    | {(s, event) for s in _WITH_PORT for event in (Offer, Connect)}
    | {(s, Key) for s in _WITH_PORT if s is not S.PAGING}
    | {(s, Timeout) for s in _WITH_PORT if s is not S.PAGING}
    | {(s, SaidAll) for s in (S.OPENING, S.PAGING)}
    | {(s, PageBegan) for s in _WITH_PORT if s is not S.OPENING}
    | {(S.REFUSING, event) for event in EVENTS if event not in {SaidAll, Release}}
)
"""Pairs that are known, harmless and deliberately without effect."""
