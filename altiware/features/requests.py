# SPDX-License-Identifier: MIT
"""What features ask of the switchboard (:mod:`altiware.features.effects`), performed.

``Switchboard`` derives from :class:`Requests`: here is what features do with calls, there what
calls need to come about.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from altiware.core.call import Call, CallState
from altiware.core.causes import Cause
from altiware.core.deadlines import Deadlines, Machine
from altiware.core.effects import Effect
from altiware.core.events import Event, Lamp
from altiware.core.ids import CallId, Party, station
from altiware.core.legs import Setup
from altiware.core.line import Line
from altiware.core.notices import MessageWaiting, Notice, SettingChanged, TraceKind
from altiware.core.numbering import Destination
from altiware.core.orders import Absorb, Clear, Divert, Join, Nowhere, Take, Turn
from altiware.features.applications import Conversation
from altiware.features.consultation import Consultation, Opened
from altiware.features.conversations import Conversations
from altiware.features.effects import (
    Change,
    Consult,
    Hand,
    LeadOn,
    Note,
    Pick,
    Report,
    Spawn,
    Splice,
    Transfer,
)
from altiware.features.memory import Memory
from altiware.features.reporting import Reporter
from altiware.features.settings import Settings
from altiware.features.transfer import transfer

__all__ = ["REQUESTS", "Requests"]


class Requests(ABC):
    """The part of a switchboard that serves features."""

    calls: dict[CallId, Call]
    lines: dict[Party, Line]
    settings: Settings
    memory: Memory
    _claims: dict[CallId, Consultation]
    _conversations: Conversations
    _deadlines: Deadlines
    _reporter: Reporter

    @abstractmethod
    def _tell(self, machine: Machine, order: Event) -> None:
        """Post an order of the switchboard's own."""

    @abstractmethod
    def _post(self, machine: Machine, event: Event, kind: TraceKind, source: str) -> None:
        """Post an event to a machine."""

    @abstractmethod
    def _answered_by(self, party: Party, at: float) -> Event:
        """Return what the owner of a consultation is told of who answered."""

    @abstractmethod
    def _stir(self, what: Party | CallId, at: float) -> None:
        """Tell who watches a station or call that it has changed."""

    @abstractmethod
    def _carry_out(self, machine: Machine, effect: Effect, at: float) -> None:
        """Do what a machine wants."""

    @abstractmethod
    def _open(self, setup: Setup, session: CallId | None) -> Call:
        """Open a call."""

    @abstractmethod
    def _lead(
        self,
        call: Call,
        to: Destination,
        at: float,
        cause: Cause | None = None,
        who: Party | None = None,
    ) -> None:
        """Tell a call where it leads."""

    # Calls of a session

    def _consult(self, machine: Machine, effect: Consult, at: float) -> None:
        assert isinstance(machine, Consultation)
        second = self._open(effect.setup, self.calls[effect.held].session)
        self._claims[second.id] = machine
        self._tell(machine, Opened(at, second.id))

    def _transfer(self, machine: Machine, effect: Transfer, at: float) -> None:
        held, second = self.calls[effect.held], self.calls[effect.second]
        for order in transfer(effect.owner, held, second, at):
            self._carry_out(machine, order, at)

    # Calls and applications

    def _lead_on(self, machine: Machine, effect: LeadOn, at: float) -> None:
        call = self.calls.get(effect.call)
        if call is not None and call.state is CallState.HELD:  # whom it would lead isn't there
            self._tell(call, Clear(at, Cause.NORMAL))
        elif call is not None:
            if isinstance(machine, Conversation) and machine.for_stations:
                self.memory.note_number(call.near, effect.to)
            claim = self._claims.get(call.id)
            if claim is not None and call.id == claim.second:
                self._tell(claim, Opened(at, call.id))
            self._tell(call, Divert(at, effect.cause))
            call.led = () if effect.chosen else call.led
            call.initiator = effect.on_behalf or call.initiator
            self._lead(call, effect.to, at, effect.cause)

    def _hand(self, machine: Machine, effect: Hand, at: float) -> None:
        call = self.calls.get(effect.call)
        if call is not None and call.state is CallState.TALKING:
            self._tell(call, Turn(at))
            self._lead(call, effect.to, at, who=call.far)

    def _pick(self, machine: Machine, effect: Pick, at: float) -> None:
        own, call = self.calls.get(effect.instead_of), self.calls.get(effect.call)
        if own is None or call is None:
            return
        self._tell(own, Divert(at, Cause.PICKED_UP))
        claim = self._claims.get(own.id)
        if claim is not None and call.id in self._claims:  # a call is at one consultation's hands
            self._tell(own, Nowhere(at, Cause.DENIED))
            return
        if claim is not None:
            self._claims[call.id] = self._claims.pop(own.id)
            self._post(claim, Opened(at, call.id), TraceKind.MESSAGE, "switchboard")
        self._tell(own, Absorb(at))
        self._tell(call, Take(at, effect.by))

    def _spawn(self, machine: Machine, effect: Spawn, at: float) -> None:
        assert isinstance(effect.machine, Conversation)
        beside = self.calls.get(effect.beside)
        self.employ(effect.machine, beside.session if beside else None)

    def employ(self, conversation: Conversation, session: CallId | None = None) -> None:
        """Let a conversation live that nobody has called."""
        self._conversations.add(conversation, session)
        self._deadlines.watch(conversation)

    def _splice(self, machine: Machine, effect: Splice, at: float) -> None:
        first, second = self.calls.get(effect.first), self.calls.get(effect.second)
        if first is None or second is None:
            return
        stays = first.other(effect.first_leaver)
        if stays is not None:
            caller = first.caller if stays == first.origin else None
            self._reclaim(first, second, second.other(effect.second_leaver), at)
            self._tell(first, Absorb(at))
            decision = first.reached.get(stays)
            self._tell(second, Join(at, effect.second_leaver, stays, caller, decision))

    def _reclaim(self, first: Call, second: Call, reached: Party | None, at: float) -> None:
        """Let a consultation go on in another call, with whom its owner has reached there."""
        claim = self._claims.get(first.id)
        if claim is not None and claim.second == first.id and reached is not None:
            self._claims[second.id] = self._claims.pop(first.id)
            opened, answered = Opened(at, second.id), self._answered_by(reached, at)
            self._post(claim, opened, TraceKind.MESSAGE, "switchboard")
            self._post(claim, answered, TraceKind.MESSAGE, "switchboard")

    # Settings, records, notices

    def _change(self, machine: Machine, effect: Change, at: float) -> None:
        change = SettingChanged(at, effect.extension, effect.setting, effect.value)
        self.settings.change(change)
        self._reporter.tell(change)
        self._stir(station(effect.extension), at)

    def _note(self, machine: Machine, effect: Note, at: float) -> None:
        call = self.calls.get(effect.call)
        if call is not None:
            call.notes[effect.name] = effect.value

    def _report(self, machine: Machine, effect: Report, at: float) -> None:
        self._hear(effect.notice)

    def _hear(self, notice: Notice) -> None:
        """Tell the listeners; and a telephone, if it is about its messages."""
        self._reporter.tell(notice)
        if isinstance(notice, MessageWaiting):
            owner = station(notice.extension)
            self.memory.messages[owner] = notice.new
            if owner in self.lines:
                self._tell(self.lines[owner], Lamp(notice.at, notice.new))


REQUESTS: Final[Mapping[type[Effect], Callable[[Any, Machine, Any, float], None]]] = (
    MappingProxyType(
        {
            LeadOn: Requests._lead_on,
            Hand: Requests._hand,
            Pick: Requests._pick,
            Spawn: Requests._spawn,
            Splice: Requests._splice,
            Change: Requests._change,
            Report: Requests._report,
            Note: Requests._note,
            Consult: Requests._consult,
            Transfer: Requests._transfer,
        }
    )
)
"""What is done for each effect that features give."""
