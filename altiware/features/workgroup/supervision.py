# SPDX-License-Identifier: MIT
"""A supervisor in a call of a workgroup: he listens; whispers to the agent; barges in.

A code for each, and the agent's extension behind it; keys 1, 2 and 3 change from one to the other.
It is for the supervisors of the group that the call belongs to, one at a time, and ends with the
call.  The caller is never told; that is the law's business, and the office's (``recording``).
"""

import enum
from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, Final

from altiware.core.call import CallState
from altiware.core.effects import Effect, ListenPath, Say, UnlistenPath
from altiware.core.events import Event, SaidAll, Timeout
from altiware.core.ids import CallId, Party, PartyKind, station
from altiware.core.legs import Connect, Departed, Key, Offer, Release, Wait
from altiware.features.applications import Changed, Conversation, Desk, Opening, Rows
from altiware.features.speaking import phrases
from altiware.features.workgroup.codes import shift_of

__all__ = ["EVENTS", "IGNORED", "Supervision", "SupervisionState"]


class SupervisionState(enum.Enum):
    """What the supervisor is to the two who talk."""

    NEW = "new"
    ANSWERING = "answering"
    MONITORING = "listening"
    WHISPERING = "heard by the agent"
    BARGING = "heard by both"
    AWAY = "on hold"
    REFUSING = "told why not"
    DONE = "done"


S = SupervisionState
INSIDE: Final = (S.MONITORING, S.WHISPERING, S.BARGING)
BY_ARGUMENT: Final[Mapping[str, S]] = MappingProxyType(
    {"monitor": S.MONITORING, "whisper": S.WHISPERING, "barge": S.BARGING}
)
BY_KEY: Final = dict(zip("123", INSIDE, strict=True))
SAID: Final = {
    S.MONITORING: phrases("supervise-listening"),
    S.WHISPERING: phrases("supervise-whisper"),
    S.BARGING: phrases("supervise-barge"),
}
HEARD: Final = frozenset({CallState.TALKING, CallState.CONFERENCED})

Path = tuple[Party, Party]
"""Who hears whom."""


class Supervision(Conversation):
    """One supervisor at one call."""

    first = S.NEW
    for_stations = True
    rows: ClassVar[Rows]

    def __init__(self, desk: Desk, opening: Opening) -> None:
        super().__init__(desk, opening)
        self.agent = opening.digits
        self._call = CallId("")
        self._paths: frozenset[Path] = frozenset()

    def watches(self, what: Party | CallId) -> bool:
        """Watch the call that is supervised."""
        return what == self._call

    def _begin(self, event: Event) -> list[Effect]:
        assert isinstance(event, Connect)
        shift = shift_of(self.desk, self.agent)
        supervisor = self.opening.caller
        if shift is None or supervisor.name == self.agent:
            return self._refuse("supervise-none")
        taken = any(
            isinstance(each, Supervision) and each.state in INSIDE and each.agent == self.agent
            for each in self.desk.conversations.values()
        )
        if supervisor.name not in shift.plan.supervisors or taken:
            return self._refuse("supervise-not-allowed")
        self._call = shift.opening.call
        return self._be(BY_ARGUMENT[self.opening.service.argument])

    def _refuse(self, phrase: str) -> list[Effect]:
        self.enter(S.REFUSING)
        return [Say(phrases(phrase))]

    def _be(self, mode: S) -> list[Effect]:
        self.enter(mode)
        return [*self._rewire(), Say(SAID[mode])]

    def _press(self, event: Event) -> list[Effect]:
        assert isinstance(event, Key)
        mode = BY_KEY.get(event.key)
        return self._be(mode) if mode is not None and mode is not self.state else []

    def _look(self, event: Event) -> list[Effect]:
        if self._is_open():
            return self._rewire()
        self.enter(S.DONE)
        return [*self._unwire(), Departed(event.at, self.party)]

    def _look_away(self, event: Event) -> list[Effect]:
        if self._is_open():
            return []
        self.enter(S.DONE)
        return [Departed(event.at, self.party)]

    def _is_open(self) -> bool:
        """Whether the agent still has the call."""
        shift = shift_of(self.desk, self.agent)
        return shift is not None and shift.opening.call == self._call and shift.call() is not None

    def _step_out(self, event: Event) -> list[Effect]:
        return self._unwire()

    def _step_in(self, event: Event) -> list[Effect]:
        """Go on, if it is still the supervisor: nobody is transferred into others' calls."""
        assert isinstance(event, Connect)
        if event.other != self.opening.caller:
            self.enter(S.DONE)
            return [Departed(event.at, self.party)]
        return self._rewire()

    def _leave(self, event: Event) -> list[Effect]:
        return self._unwire()

    # Who hears whom

    def _rewire(self) -> list[Effect]:
        """Let hear who is to: while they talk, and not while the agent holds the call."""
        wanted = self._wanted()
        away = [UnlistenPath(*path) for path in sorted(self._paths - wanted)]
        new = [ListenPath(*path) for path in sorted(wanted - self._paths)]
        self._paths = wanted
        return [*away, *new]

    def _unwire(self) -> list[Effect]:
        paths, self._paths = self._paths, frozenset()
        return [UnlistenPath(*path) for path in sorted(paths)]

    def _wanted(self) -> frozenset[Path]:
        call = self.desk.calls.get(self._call)
        agent, supervisor = station(self.agent), self.opening.caller
        other = call.other(agent) if call is not None and call.state in HEARD else None
        if other is None or other.kind is PartyKind.APPLICATION or other == supervisor:
            return frozenset()
        paths = {(supervisor, agent), (supervisor, other)}
        paths |= {(agent, supervisor)} if self.state in (S.WHISPERING, S.BARGING) else set()
        paths |= {(other, supervisor)} if self.state is S.BARGING else set()
        return frozenset(paths)


V = Supervision
EVENTS: Final[tuple[type[Event], ...]] = (
    Offer,
    Connect,
    Key,
    SaidAll,
    Timeout,
    Wait,
    Release,
    Changed,
)
"""All that it can be told."""

_CHANGES: Final = frozenset(INSIDE)
Supervision.choices = {
    S.ANSWERING: _CHANGES | {S.REFUSING},
    **{state: _CHANGES | {S.DONE} for state in INSIDE},
    S.AWAY: frozenset({S.DONE}),
}

# fmt: off
Supervision.rows = {
    (S.NEW,       Offer):   (S.ANSWERING,  V.answer),
    (S.ANSWERING, Connect): (S.ANSWERING,  V._begin),
    (S.REFUSING,  SaidAll): (S.DONE,       V.hang_up),
    (S.AWAY,      Connect): (S.MONITORING, V._step_in),
    (S.AWAY,      Changed): (S.AWAY,       V._look_away),
    **{(s, Key):            (s,            V._press)    for s in INSIDE},
    **{(s, Changed):        (s,            V._look)     for s in INSIDE},
    **{(s, Wait):           (S.AWAY,       V._step_out) for s in INSIDE},
    **{(s, Connect):        (S.MONITORING, V._step_in)  for s in INSIDE},
    **{(s, Release):        (S.DONE,       V._leave)    for s in (*INSIDE, S.AWAY)},
    **{(s, Release):        (S.DONE,       V.do_nothing)
       for s in (S.NEW, S.ANSWERING, S.REFUSING)},
}
# fmt: on
"""What it does, state by state."""

IGNORED: Final = frozenset(
    {(S.DONE, event) for event in EVENTS}
    | {(s, Offer) for s in S if s not in {S.NEW, S.DONE}}
    | {(s, Timeout) for s in S if s is not S.DONE}
    | {(S.NEW, event) for event in (Connect, Key, SaidAll, Wait, Changed)}
    | {(S.ANSWERING, event) for event in (Key, SaidAll, Wait, Changed)}
    | {(S.REFUSING, event) for event in (Connect, Key, Wait, Changed)}
    | {(S.AWAY, event) for event in (Key, SaidAll, Wait)}
    | {(s, SaidAll) for s in INSIDE}
)
"""Pairs that are known, harmless and deliberately without effect."""
