# SPDX-License-Identifier: MIT
"""An agent's call: who has it, how long, what is recorded of it, and his time afterwards.

The call is between the agent and the caller; this machine only watches it.  A recording has both
sides in one file, pauses while the call is on hold (what is said then is another's), and goes on in
another file.  Whoever comes into a recorded call is told once.
"""

import enum
import re
from typing import ClassVar, Final

from altiware.core.call import Call, CallState
from altiware.core.effects import (
    Effect,
    ListenPath,
    Record,
    Say,
    Send,
    StopRecording,
    UnlistenPath,
)
from altiware.core.events import Event, SaidAll, Timeout
from altiware.core.events import Recorded as FileWritten
from altiware.core.ids import CallId, Party, PartyKind, station
from altiware.core.legs import Key, Release
from altiware.core.plan import Service
from altiware.core.workgroup_events import WorkgroupEvent, WorkgroupFact
from altiware.core.workgroups import Recorded, WorkgroupPlan
from altiware.features.applications import Changed, Conversation, Desk, Opening, Rows
from altiware.features.effects import Report
from altiware.features.speaking import phrases
from altiware.features.workgroup.messages import EndWrapUp, RecordWanted, ShiftOver, group_party

__all__ = ["EVENTS", "IGNORED", "IN_CALL", "Shift", "ShiftState"]


class ShiftState(enum.Enum):
    """What the agent is doing, and whether that is recorded."""

    TALKING = "talking"
    RECORDING = "recording"
    PAUSED = "recording, when somebody talks"
    WRAPPING = "after the call"
    FILING = "waiting for the file"
    "The agent is free."
    DONE = "done"


S = ShiftState
FILING_S: Final = 60.0
"""A file that isn't whole by then never will be: the engine has died with it."""
IN_CALL: Final = frozenset({S.TALKING, S.RECORDING, S.PAUSED})
HEARD: Final = frozenset({CallState.TALKING, CallState.CONFERENCED})


class Shift(Conversation):
    """One call of one agent."""

    first = S.TALKING
    rows: ClassVar[Rows]

    def __init__(
        self, desk: Desk, plan: WorkgroupPlan, agent: str, call: CallId, at: float, *, told: bool
    ) -> None:
        """Begin at ``at``; ``told``: its caller knows that he is recorded."""
        party = Party(PartyKind.APPLICATION, f"shift {call}")
        own = Opening(party, Service("shift", plan.name), call, station(agent), None)
        super().__init__(desk, own)
        self.plan = plan
        self.agent = agent
        self._began = self._ended = at
        self._told: set[Party] | None = None if told else set()
        self._hearers: tuple[Party, ...] = ()
        "Who is being told."
        self._parts = 0
        self._unwritten = 0
        if plan.recording is Recorded.ALWAYS:
            self.state = S.PAUSED

    def watches(self, what: Party | CallId) -> bool:
        """Watch the call."""
        return what == self.opening.call

    def call(self) -> Call | None:
        """Return the call while the agent is in it."""
        call = self.desk.calls.get(self.opening.call)
        return call if call is not None and station(self.agent) in (call.near, call.far) else None

    # The call

    def _look(self, event: Event) -> list[Effect]:
        return [] if self.call() is not None else self._end(event)

    def _look_for_speech(self, event: Event) -> list[Effect]:
        call = self.call()
        if call is None:
            return self._end(event)
        return self._record(call) if call.state in HEARD else []

    def _look_for_silence(self, event: Event) -> list[Effect]:
        call = self.call()
        if call is None:
            return [*self._stop(), *self._end(event)]
        if call.state in HEARD:
            return self._ask_consent(call)
        self.enter(S.PAUSED)
        return self._stop()

    def _end(self, event: Event) -> list[Effect]:
        self.enter(S.WRAPPING)
        self._ended = event.at
        told = self._tell(event, WorkgroupFact.TALKED, event.at - self._began)
        if not self.plan.wrap_up_s:
            return [told, *self._leave(event)]
        self.deadline = event.at + self.plan.wrap_up_s
        return [told]

    def _wrap_up(self, event: Event) -> list[Effect]:
        told = self._tell(event, WorkgroupFact.WRAPPED_UP, event.at - self._ended)
        return [told, *self._leave(event)]

    def _leave(self, event: Event) -> list[Effect]:
        self.enter(S.FILING if self._unwritten else S.DONE)
        self.deadline = event.at + FILING_S if self._unwritten else None
        over = ShiftOver(event.at, self.agent, event.at - self._began)
        return [
            Send(group_party(each.name), over)
            for each in self.desk.plan.workgroups
            if each.is_member(self.agent)
        ]

    def _tell(self, event: Event, fact: WorkgroupFact, seconds: float, what: str = "") -> Effect:
        when, call = self.desk.wall(event.at), self.opening.call
        name = self.plan.name
        return Report(
            WorkgroupEvent(event.at, when, name, fact, call, self.agent, seconds, what=what)
        )

    # Recording

    def _record(self, call: Call) -> list[Effect]:
        self.enter(S.RECORDING)
        self._parts += 1
        self._unwritten += 1
        part = f"-{self._parts}" if self._parts > 1 else ""
        folder = re.sub(r"[^A-Za-z0-9_-]+", "-", self.plan.name)
        file = f"workgroups/{folder}/{call.id}{part}.wav"
        return [Record(file, of=station(self.agent)), *self._ask_consent(call)]

    def _ask_consent(self, call: Call) -> list[Effect]:
        """Let who doesn't know it yet hear that the call may be recorded."""
        other = call.other(station(self.agent))
        if other is None:
            return []
        if self._told is None:  # before he waited
            self._told = {other}
        if other in self._told:
            return []
        self._told.add(other)
        hushed = self._hush()
        self._hearers = (other, station(self.agent))
        heard = [ListenPath(each, self.party) for each in self._hearers]
        return [*hushed, *heard, Say(phrases("record-consent"))]

    def _hush(self) -> list[Effect]:
        hearers, self._hearers = self._hearers, ()
        return [UnlistenPath(each, self.party) for each in hearers]

    def _end_telling(self, event: Event) -> list[Effect]:
        return self._hush()

    def _stop(self) -> list[Effect]:
        return [StopRecording(), *self._hush()]

    def _want_no_more(self, event: Event) -> list[Effect]:
        if self.plan.recording is Recorded.ALWAYS:
            self.enter(S.PAUSED)
        return []

    def _want_no_more_now(self, event: Event) -> list[Effect]:
        if self.plan.recording is Recorded.ALWAYS:
            self.enter(S.RECORDING)
            return []
        return self._stop()

    def _file(self, event: Event) -> list[Effect]:
        assert isinstance(event, FileWritten)
        self._unwritten -= 1
        if self.state is S.FILING and not self._unwritten:
            self.enter(S.DONE)
        if event.ended_by == "unwritable":
            return []
        return [self._tell(event, WorkgroupFact.RECORDED, 0.0, event.file)]


EVENTS: Final[tuple[type[Event], ...]] = (
    Changed,
    RecordWanted,
    EndWrapUp,
    SaidAll,
    FileWritten,
    Timeout,
    Key,
    Release,
)
"""All that it can be told."""

H = Shift
_LEAVING: Final = frozenset({S.WRAPPING, S.FILING, S.DONE})
Shift.choices = {
    S.TALKING: _LEAVING | {S.RECORDING, S.PAUSED},
    S.PAUSED: _LEAVING | {S.RECORDING},
    S.RECORDING: _LEAVING | {S.PAUSED},
    S.WRAPPING: frozenset({S.FILING, S.DONE}),
    S.FILING: frozenset({S.DONE}),
}

# fmt: off
Shift.rows = {
    (S.TALKING,   Changed):      (S.TALKING,   H._look),
    (S.TALKING,   RecordWanted): (S.PAUSED,    H._look_for_speech),
    (S.PAUSED,    Changed):      (S.PAUSED,    H._look_for_speech),
    (S.PAUSED,    RecordWanted): (S.TALKING,   H._want_no_more),
    (S.RECORDING, Changed):      (S.RECORDING, H._look_for_silence),
    (S.RECORDING, RecordWanted): (S.TALKING,   H._want_no_more_now),
    (S.RECORDING, SaidAll):      (S.RECORDING, H._end_telling),
    (S.WRAPPING,  Timeout):      (S.WRAPPING,  H._wrap_up),
    (S.WRAPPING,  EndWrapUp):    (S.WRAPPING,  H._wrap_up),
    (S.FILING,    Timeout):      (S.DONE,      H.do_nothing),
    **{(s, FileWritten):         (s,           H._file) for s in S if s is not S.DONE},
}
# fmt: on
"""What it does, state by state."""

IGNORED: Final = frozenset(
    {(S.DONE, event) for event in EVENTS}
    | {(s, event) for s in S for event in (Key, Release)}
    | {(s, event) for s in (S.WRAPPING, S.FILING) for event in (Changed, RecordWanted)}
    | {(s, SaidAll) for s in S if s is not S.RECORDING}
    | {(s, event) for s in IN_CALL for event in (EndWrapUp, Timeout)}
    | {(S.FILING, EndWrapUp)}
)
"""Pairs that are known, harmless and deliberately without effect."""
