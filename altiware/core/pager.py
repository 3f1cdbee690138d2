# SPDX-License-Identifier: MIT
"""A port with a loudspeaker amplifier behind it: seized to be spoken to, and for nothing else.

It is no trunk: nothing hunts it, no call is presented from it, it has no row for Seize and none in
which a digit is sent, so that no number can reach a network through it.  Should an office line be
wired to it by mistake, its dial tone is heard before anybody speaks and while somebody does; then
the loop is opened at once, and the port is barred until it is put into service anew.
"""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from altiware.core.effects import Effect, Hear, PageLoop, ReleaseLoop, Send
from altiware.core.events import (
    BusyHeard,
    DialToneHeard,
    Event,
    InService,
    OrderRefused,
    OutOfService,
    Timeout,
)
from altiware.core.ids import Party
from altiware.core.plan import Timers, TrunkPlan
from altiware.core.signals import Ears

__all__ = [
    "EVENTS",
    "IGNORED",
    "TRANSITIONS",
    "Page",
    "PageBegan",
    "PageFailed",
    "PageOver",
    "Pager",
    "PagerState",
]

LISTEN_S: Final = 1.5
"""So long it is listened for dial tone before anybody is heard; offices give it within a second."""


@dataclass(frozen=True, slots=True)
class Page(Event):
    """An application wants somebody to be heard there; PageBegan or PageFailed follows."""

    by: Party


@dataclass(frozen=True, slots=True)
class PageOver(Event):
    """Nobody is to be heard any more."""


@dataclass(frozen=True, slots=True)
class PageBegan(Event):
    """What is said is heard from now on."""


@dataclass(frozen=True, slots=True)
class PageFailed(Event):
    """It can't be, or no longer."""


class PagerState(enum.Enum):
    """Each state means one thing an observer of the port could describe."""

    LOST = "out of service"
    IDLE = "idle"
    LISTENING = "listening for dial tone"
    PAGING = "paging"
    GUARD = "guard time"
    BARRED = "barred: an office line"


class Pager:
    """The state of one paging port."""

    def __init__(self, trunk: TrunkPlan, timers: Timers) -> None:
        self.trunk = trunk
        self.party = trunk.party
        self.state = PagerState.LOST
        self.deadline: float | None = None
        self._timers = timers
        self._by: Party | None = None

    def adopt(self, trunk: TrunkPlan, timers: Timers) -> None:
        """Go on by a new plan."""
        self.trunk = trunk
        self._timers = timers

    def receive(self, event: Event) -> list[Effect]:
        """Apply one event and return the effects to perform, in order."""
        row = TRANSITIONS.get((self.state, type(event)))
        if row is None:
            return []
        state, act = row
        if state is not self.state:
            self.deadline = None
        self.state = state
        return act(self, event)

    # Actions never touch ``state``.

    def _rest(self, event: Event) -> list[Effect]:
        return []

    def _open(self, event: Event) -> list[Effect]:
        assert isinstance(event, Page)
        self._by = event.by
        self.deadline = event.at + LISTEN_S
        return [PageLoop(), Hear(Ears.PROGRESS)]

    def _begin(self, event: Event) -> list[Effect]:
        return [Hear(Ears.ANSWER), self._tell(PageBegan(event.at))]

    def _refuse(self, event: Event) -> list[Effect]:
        assert isinstance(event, Page)
        return [Send(event.by, PageFailed(event.at))]

    def _close(self, event: Event) -> list[Effect]:
        self.deadline = event.at + self._timers.guard_s
        return [Hear(Ears.NONE), ReleaseLoop()]

    def _break_off(self, event: Event) -> list[Effect]:
        return [*self._close(event), self._tell(PageFailed(event.at))]

    def _bar(self, event: Event) -> list[Effect]:
        return [Hear(Ears.NONE), ReleaseLoop(), self._tell(PageFailed(event.at))]

    def _fail(self, event: Event) -> list[Effect]:
        return [Hear(Ears.NONE), self._tell(PageFailed(event.at))]

    def _tell(self, message: Event) -> Effect:
        assert self._by is not None, "somebody has asked for it"
        return Send(self._by, message)


Action = Callable[[Pager, Event], list[Effect]]
S = PagerState

EVENTS: Final[tuple[type[Event], ...]] = (
    InService,
    OutOfService,
    OrderRefused,
    Timeout,
    DialToneHeard,
    BusyHeard,
    Page,
    PageOver,
)
"""All that a pager can be told."""

_OPEN: Final = (S.LISTENING, S.PAGING)

# fmt: off
TRANSITIONS: Final[dict[tuple[PagerState, type[Event]], tuple[PagerState, Action]]] = {
    (S.LOST,      InService):    (S.IDLE,      Pager._rest),
    (S.IDLE,      Page):         (S.LISTENING, Pager._open),
    (S.LISTENING, Timeout):      (S.PAGING,    Pager._begin),
    (S.GUARD,     Timeout):      (S.IDLE,      Pager._rest),
    **{(s, PageOver):            (S.GUARD,     Pager._close)     for s in _OPEN},
    **{(s, OrderRefused):        (S.GUARD,     Pager._break_off) for s in _OPEN},
    **{(s, DialToneHeard):       (S.BARRED,    Pager._bar)       for s in _OPEN},
    **{(s, BusyHeard):           (S.BARRED,    Pager._bar)       for s in _OPEN},
    **{(s, OutOfService):        (S.LOST,      Pager._fail)      for s in _OPEN},
    **{(s, OutOfService):        (S.LOST,      Pager._rest) for s in (S.IDLE, S.GUARD, S.BARRED)},
    **{(s, Page):                (s,           Pager._refuse)    for s in S if s is not S.IDLE},
}
# fmt: on
"""What a pager does, state by state."""

IGNORED: Final = frozenset(
    {(S.LOST, OutOfService)}
    | {(s, InService) for s in S if s is not S.LOST}
    | {(s, Timeout) for s in (S.LOST, S.IDLE, S.PAGING, S.BARRED)}
    | {
        (s, event)
        for s in S
        if s not in _OPEN
        for event in (PageOver, OrderRefused, DialToneHeard, BusyHeard)
    }
)
"""Pairs that are known, harmless and deliberately without effect."""
