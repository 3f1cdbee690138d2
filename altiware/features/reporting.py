# SPDX-License-Identifier: MIT
"""What the switchboard gives out: work for the board and the engine, and notices, in order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from altiware.core.call import Call
from altiware.core.deadlines import Machine
from altiware.core.decision import Decision
from altiware.core.effects import (
    ConnectPath,
    DisconnectPath,
    ListenPath,
    Outside,
    PlayTone,
    Silence,
    ToBoard,
    ToStore,
    UnlistenPath,
)
from altiware.core.events import Digit, Event
from altiware.core.ids import CallId, Party
from altiware.core.line import AT_REST, Line, LineState
from altiware.core.notices import (
    CallAnswered,
    CallClosed,
    CallOpened,
    Connected,
    Decided,
    DigitDialled,
    Disconnected,
    LineChanged,
    Notice,
    ToneGiven,
    Traced,
    TraceKind,
    TrunkChanged,
)
from altiware.core.pager import Pager, PagerState
from altiware.core.plan import Plan
from altiware.core.record import CallRecord
from altiware.core.signals import Tone
from altiware.core.trunk import Trunk, TrunkState
from altiware.features.applications import Conversation
from altiware.features.consultation import Consultation
from altiware.features.records import Registrar
from altiware.features.tracing import Tracer, line_of

__all__ = ["Outcome", "Perform", "Reporter"]


@dataclass(frozen=True, slots=True)
class Perform:
    """What the board or the engine is to do at a party."""

    party: Party
    effect: Outside


Outcome = Perform | Notice

_IN_CALL: Final = frozenset({LineState.TALKING, TrunkState.TALKING})
_AT_REST: Final = AT_REST | {
    LineState.LOST,
    TrunkState.IDLE,
    TrunkState.LOST,
    PagerState.IDLE,
    PagerState.LOST,
    PagerState.BARRED,
}


class Reporter:
    """Collects outcomes while the machines talk."""

    def __init__(self, plan: Plan, wall: Callable[[float], datetime]) -> None:
        self.tones: dict[Party, Tone] = {}
        self._outcomes: list[Outcome] = []
        self._registrar = Registrar(plan, wall)
        self._wall = wall
        self._tracer = Tracer()

    def adopt(self, plan: Plan) -> None:
        """Know the parties of a new plan."""
        self._registrar = Registrar(plan, self._wall)

    def take(self) -> list[Outcome]:
        """Return what has been collected."""
        outcomes, self._outcomes = self._outcomes, []
        return outcomes

    def record(self, call: Call, now: float) -> CallRecord:
        """Return a call's record as of now."""
        return self._registrar.record(call, now)

    # Machines

    def told(self, machine: Machine, kind: TraceKind, source: str, event: Event) -> None:
        """Report that a machine is told something.

        Keys in a call may be a password: that one was pressed is told, but not which.
        """
        name = name_of(machine)
        if isinstance(event, Digit) and machine.state in _IN_CALL:
            event = Digit(event.at, "")
        self._trace(machine, partial(line_of, event.at, kind, source, name, event))

    def perform(self, machine: Machine, effect: Outside, at: float) -> None:
        """Report that a machine wants something done outside."""
        party = party_of(machine)
        target = "board" if isinstance(effect, ToBoard) else "engine"
        target = "store" if isinstance(effect, ToStore) else target
        name = name_of(machine)
        self._trace(machine, partial(line_of, at, TraceKind.EFFECT, name, target, effect))
        self._outcomes += self._noticed(party, effect, at)
        self._outcomes.append(Perform(party, effect))

    def changed(self, machine: Machine, at: float) -> None:
        """Report that a machine is in another state."""
        state = machine.state
        if isinstance(machine, Line):
            self._outcomes.append(LineChanged(at, machine.station.extension, state.value))
        elif isinstance(machine, Trunk | Pager):
            self._outcomes.append(TrunkChanged(at, machine.trunk.port, state.value))
        if state in _AT_REST:
            self._tracer.idle(party_of(machine))

    def left(self, conversation: Conversation) -> None:
        """Report that an application has come to its end."""
        self._tracer.idle(conversation.party)

    def tell(self, notice: Notice) -> None:
        """Report what a feature has to tell."""
        self._outcomes.append(notice)

    def dialled(self, line: Line, digit: Digit) -> None:
        """Report a dialled digit."""
        self._outcomes.append(DigitDialled(digit.at, line.station.extension, digit.key))

    # Calls

    def opened(self, call: Call, at: float) -> None:
        """Report that a call has begun."""
        self._outcomes.append(CallOpened(at, self.record(call, at)))

    def answered(self, call: Call, at: float) -> None:
        """Report that a call was answered."""
        self._outcomes.append(CallAnswered(at, self.record(call, at)))

    def closed(self, call: Call, at: float) -> None:
        """Report that a call is over."""
        self._outcomes.append(CallClosed(at, self.record(call, at)))

    def offered(self, machine: Machine, call: CallId) -> None:
        """Report that a call is offered; one who has nothing else to do is traced with it."""
        if machine.state in _AT_REST:
            self.attached(party_of(machine), call)

    def attached(self, party: Party, call: CallId) -> None:
        """Report that a party is at a call."""
        self._outcomes += self._tracer.attached(party, call)

    def decided(self, call: Call, decision: Decision, at: float) -> None:
        """Report what the policy says."""
        line = line_of(at, TraceKind.DECISION, "policy", call.id, decision, call.id)
        self._outcomes += [Decided(at, call.id, decision), line]

    def _trace(self, machine: Machine, line: Callable[[CallId], Traced]) -> None:
        match machine:
            case Call():
                self._outcomes.append(line(machine.id))
            case Consultation():
                self._outcomes.append(line(machine.held))
            case _:
                party = party_of(machine)
                call = self._tracer.call_of(party)
                if call:
                    self._outcomes.append(line(call))
                else:
                    self._tracer.keep(party, line(call))

    def _noticed(self, party: Party, effect: Outside, at: float) -> Iterator[Notice]:
        match effect:
            case PlayTone(tone):
                self.tones[party] = tone
                yield ToneGiven(at, party, tone)
            case Silence():
                if self.tones.pop(party, None) is not None:
                    yield ToneGiven(at, party, None)
            case ConnectPath(a, b):
                yield Connected(at, a, b)
            case ListenPath(listener, source):
                yield Connected(at, listener, source, one_way=True)
            case DisconnectPath(a, b) | UnlistenPath(a, b):
                yield Disconnected(at, a, b)


def name_of(machine: Machine) -> str:
    """Return the name of a machine in traces."""
    match machine:
        case Call():
            return machine.id
        case Consultation():
            return f"consultation of {machine.owner}"
        case _:
            return party_of(machine).name


def party_of(machine: Machine) -> Party:
    """Return at whom a machine's effects are performed."""
    match machine:
        case Line() | Trunk() | Pager() | Conversation():
            return machine.party
        case Call():
            return machine.near
        case Consultation():
            return machine.owner
        case _:
            raise TypeError(f"no machine of an exchange: {machine!r}")
