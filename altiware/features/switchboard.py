# SPDX-License-Identifier: MIT
"""All machines of an office, and the messages between them: still without any I/O.

Feed it what happens at a party, or the time; it lets the machines talk to each other until they
have no more to say, first in first out, and returns what the world is to do and to know, in
order.  It asks the policy, hunts trunks, opens calls, and knows who is at which call; all else
is in the machines.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from altiware.core.call import Call, CallState
from altiware.core.call_times import Phase
from altiware.core.causes import Cause
from altiware.core.deadlines import Deadlines, Machine
from altiware.core.effects import (
    Astray,
    Attach,
    Detach,
    Effect,
    Ended,
    Hunt,
    Judge,
    Outside,
    Record,
    Send,
    Talking,
    Vacate,
)
from altiware.core.events import Digit, Event, Lamp, OutOfService, Recorded, Timeout
from altiware.core.ids import CallId, Party, PartyKind
from altiware.core.legs import (
    Departed,
    Failed,
    Flashed,
    Freed,
    FromParty,
    Keyed,
    Offer,
    Recall,
    Reply,
    Seize,
    Setup,
)
from altiware.core.line import AT_REST, Line, LineState, Ringing
from altiware.core.notices import Notice, SettingChanged, TraceKind
from altiware.core.numbering import Destination, DialPlan, Place
from altiware.core.orders import (
    Allowed,
    Clear,
    Denied,
    NoTrunk,
    Nowhere,
    Take,
    ToApplication,
    ToOffice,
    TrunkFound,
)
from altiware.core.pager import Pager
from altiware.core.plan import Plan, paging
from altiware.core.record import CallRecord
from altiware.core.signals import Caller, Tone
from altiware.core.trunk import Trunk
from altiware.features import accounts, call_waiting, coverage, emergency
from altiware.features.applications import Changed, Conversation, Factory
from altiware.features.call_waiting import CallWaiting
from altiware.features.catalog import FACTORIES
from altiware.features.consultation import (
    Consultation,
    ConsultationState,
    HeldEnded,
    SecondAnswered,
    SecondEnded,
    SecondServes,
    SecondTakesCallers,
    WaitingTaken,
)
from altiware.features.conversations import Conversations
from altiware.features.hunting import any_in_service, call_to_preempt, free_trunk, free_way
from altiware.features.memory import Memory
from altiware.features.outgoing import ways
from altiware.features.reporting import Outcome, Perform, Reporter, name_of, party_of
from altiware.features.requests import REQUESTS, Requests
from altiware.features.routing import destination, lead
from altiware.features.settings import OFFICE, Settings
from altiware.policy import decide

__all__ = ["Outcome", "Perform", "Switchboard"]


class Switchboard(Requests):
    """The machines of one office."""

    def __init__(
        self,
        plan: Plan,
        ringing_ms: Ringing,
        call_ids: Iterator[CallId],
        wall: Callable[[float], datetime],
        *,
        factories: Mapping[str, Factory] = FACTORIES,
        kept: Iterable[SettingChanged] = (),
    ) -> None:
        """Set up the office.

        ``wall`` tells what the clock on the wall showed at engine seconds, ``kept`` what people
        had set at their telephones.
        """
        self.settings = Settings(kept)
        self.memory = Memory()
        self.wall = wall
        self.lines: dict[Party, Line] = {}
        self.trunks: dict[Party, Trunk] = {}
        self.pagers: dict[Party, Pager] = {}
        self._ringing_ms = ringing_ms
        self._adopt(plan)
        self.calls: dict[CallId, Call] = {}
        self.consultations: dict[Party, Consultation] = {}
        self._conversations = Conversations(self, factories)
        self._call_ids = call_ids
        self._at: dict[Party, CallId] = {}
        self._claims: dict[CallId, Consultation] = {}
        self._emergencies: deque[Call] = deque()
        self._last_taken: dict[str, Party] = {}
        "The trunk that each route has taken last."
        self._deadlines = Deadlines()
        self._queue: deque[tuple[Machine, Event]] = deque()
        self._reporter = Reporter(plan, wall)

    def _adopt(self, plan: Plan) -> None:
        self.plan = plan
        self.dial_plan = DialPlan(plan)
        self._names = {each.party: each.name for each in plan.stations}
        for planned in plan.stations:
            line = self.lines.get(planned.party)
            if line is None:
                new = Line(planned, self.dial_plan, plan.timers, self._ringing_ms)
                self.lines[planned.party] = new
                if self.memory.messages:  # whoever had the telephone before may have had some
                    new.receive(Lamp(0.0, self.memory.messages.get(planned.party, 0)))
            else:
                line.adopt(planned, self.dial_plan, plan.timers)
        for each in paging(plan):
            pager = self.pagers.setdefault(each.party, Pager(each, plan.timers))
            pager.adopt(each, plan.timers)
        for each in (each for each in plan.trunks if each.party not in self.pagers):
            trunk = self.trunks.get(each.party)
            if trunk is None:
                self.trunks[each.party] = Trunk(each, plan.timers)
            else:
                trunk.adopt(each, plan.timers)

    # From outside

    def adopt(self, plan: Plan, gone: Iterable[Party], now: float) -> list[Outcome]:
        """Go on by a new plan; who is gone, or at another port, is torn from his calls first."""
        outcomes: list[Outcome] = []
        for party in gone:
            outcomes += self.receive(party, OutOfService(now))
            self.lines.pop(party, None)
            self.trunks.pop(party, None)
            self.pagers.pop(party, None)
        self._adopt(plan)
        self._reporter.adopt(plan)
        return outcomes

    def receive(self, party: Party, event: Event) -> list[Outcome]:
        """Take what happened at a party and return what follows."""
        machine = self._endpoint(party)
        if machine is not None:
            self._post(machine, event, TraceKind.EVENT, _OUTSIDE[party.kind])
        return self._settle()

    def hear(self, notice: Notice) -> list[Outcome]:
        """Take what the store has to tell all."""
        self._hear(notice)
        return self._settle()

    def expire(self, now: float) -> list[Outcome]:
        """Give every machine whose deadline has passed its Timeout."""
        outcomes: list[Outcome] = []
        while (machine := self._deadlines.due(now)) is not None:
            self._post(machine, Timeout(now), TraceKind.EVENT, "clock")
            outcomes += self._settle()
        return outcomes

    def clear(self, at: float, cause: Cause) -> list[Outcome]:
        """End all calls."""
        for call in list(self.calls.values()):
            self._post(call, Clear(at, cause), TraceKind.EVENT, "exchange")
        return self._settle()

    @property
    def conversations(self) -> Mapping[Party, Conversation]:
        """All that applications have going on."""
        return self._conversations.open

    @property
    def deadline(self) -> float | None:
        """When ``expire`` is due; None: nothing is waited for."""
        return self._deadlines.next

    def call_at(self, party: Party) -> CallId | None:
        """Return the call that a party is at."""
        return self._at.get(party)

    def held_by(self, party: Party) -> CallId | None:
        """Return the call that a station has on hold while it does something else."""
        consultation = self.consultations.get(party)
        return consultation.held if consultation is not None else None

    def is_claimed(self, call: CallId) -> bool:
        """Whether a consultation works on a call."""
        return call in self._claims

    def is_idle(self, party: Party) -> bool:
        """Whether a station would ring if it were called."""
        line = self.lines.get(party)
        return line is not None and line.state in AT_REST

    def is_at_rest(self, party: Party) -> bool:
        """Whether a station is neither in use nor rung, or out of service."""
        line = self.lines.get(party)
        return line is None or line.state in {*AT_REST, LineState.LOST}

    def tone_at(self, party: Party) -> Tone | None:
        """Return the tone that a party hears."""
        return self._reporter.tones.get(party)

    def record(self, call: Call, now: float) -> CallRecord:
        """Return a call's record as of now."""
        return self._reporter.record(call, now)

    # Messages

    def _endpoint(self, party: Party) -> Machine | None:
        """Return the machine of a party; None: an application that has come to its end."""
        if party.kind is PartyKind.APPLICATION:
            return self.conversations.get(party)
        if party in self.pagers:
            return self.pagers[party]
        return self.lines[party] if party in self.lines else self.trunks[party]

    def _post(self, machine: Machine, event: Event, kind: TraceKind, source: str) -> None:
        self._reporter.told(machine, kind, source, event)
        self._queue.append((machine, event))

    def _tell(self, machine: Machine, order: Event) -> None:
        self._post(machine, order, TraceKind.MESSAGE, "switchboard")

    def _settle(self) -> list[Outcome]:
        while self._queue:
            self._deliver(*self._queue.popleft())
        return self._reporter.take()

    def _deliver(self, machine: Machine, event: Event) -> None:
        in_call = machine.state is LineState.TALKING  # where keys may be a password
        if isinstance(machine, Line) and isinstance(event, Digit) and not in_call:
            self._reporter.dialled(machine, event)
        before, shape = machine.state, _shape(machine)
        if isinstance(event, Recorded):
            self._spend(machine, Phase.TALKING, event.at)
        effects = machine.receive(event)
        self._deadlines.watch(machine)
        for effect in effects:
            self._carry_out(machine, effect, event.at)
        if machine.state is not before:
            self._reporter.changed(machine, event.at)
        if _shape(machine) != shape:
            what = machine.id if isinstance(machine, Call) else party_of(machine)
            self._stir(what, event.at)
        if machine.state is ConsultationState.DONE and isinstance(machine, Consultation):
            self._forget(machine)
        elif isinstance(machine, Conversation) and machine.finished:
            self._conversations.forget(machine.party)
            self._reporter.perform(machine, Vacate(), event.at)
            self._reporter.left(machine)

    def _stir(self, what: Party | CallId, at: float) -> None:
        """Tell who watches a station or call that it has changed; too often to be traced."""
        for watcher in self._conversations.watching(what):
            self._queue.append((watcher, Changed(at, what)))

    def _carry_out(self, machine: Machine, effect: Effect, at: float) -> None:
        if isinstance(effect, Outside):
            self._reporter.perform(machine, effect, at)
            if isinstance(effect, Record):
                self._spend(machine, Phase.RECORDING, at)
        elif isinstance(effect, FromParty):
            _REPORTS.get(type(effect), Switchboard._pass_on)(self, machine, effect)
        else:
            _INSIDE[type(effect)](self, machine, effect, at)

    def _spend(self, machine: Machine, phase: Phase, at: float) -> None:
        """Note in a call's times that what its caller says is recorded, or is no longer."""
        call = self.calls.get(self._at.get(party_of(machine), CallId("")))
        if call is not None and call.state is CallState.TALKING:
            call.times.enter(phase, at)

    def _send(self, machine: Machine, effect: Send, at: float) -> None:
        """Pass a message to another machine; a call can't speak to who isn't at it."""
        message = effect.message
        receiver: Machine | None
        if not isinstance(effect.to, Party):
            receiver = self.calls.get(effect.to)
        elif isinstance(message, (Offer, Seize)):
            receiver = self._endpoint(effect.to)
            if receiver is not None:
                self._reporter.offered(receiver, message.call)
        else:
            away = isinstance(machine, Call) and self._at.get(effect.to) != machine.id
            receiver = None if away else self._endpoint(effect.to)
        if receiver is not None:
            self._post(receiver, message, TraceKind.MESSAGE, name_of(machine))

    # What parties report

    def _pass_on(self, machine: Machine, report: FromParty) -> None:
        """Give a report to the consultation that it concerns, or to the call; keys to the call."""
        call = report.call if isinstance(report, Reply) else self._at.get(report.party)
        consultation = self.consultations.get(report.party)
        receiver: Machine | None = self.calls.get(call) if call else None
        concerned = consultation is not None and consultation.concerns(report, call)
        if concerned and not isinstance(report, Keyed):
            receiver = consultation
        if receiver is not None:
            self._post(receiver, report, TraceKind.MESSAGE, name_of(machine))
        if isinstance(report, (Departed, Failed)) and consultation is None:
            waiting = call_waiting.waiting_for(self, report.party)
            if waiting is not None:
                left = call_waiting.OwnerLeft(report.at)
                self._tell(waiting, left)

    def _set_up(self, machine: Machine, setup: Setup) -> None:
        if setup.party in self.consultations:
            self._pass_on(machine, setup)
        else:
            self._open(setup, self._conversations.session_of(setup.party))

    def _flashed(self, machine: Machine, flashed: Flashed) -> None:
        """Begin a consultation, or go on with one; with no call at all give dial tone anew."""
        call = self.calls.get(self._at.get(flashed.party, CallId("")))
        waiting = call_waiting.waiting_for(self, flashed.party)
        if flashed.party in self.consultations:
            self._pass_on(machine, flashed)
        elif call is not None:
            self._turn_from(call, flashed, waiting)
        elif waiting is not None:
            take = Take(flashed.at, flashed.party)
            self._tell(self.calls[waiting.opening.call], take)
        else:
            again = Recall(flashed.at, holding=False)
            self._tell(machine, again)

    def _turn_from(self, call: Call, flashed: Flashed, waiting: CallWaiting | None) -> None:
        """Let a station hold its call, to take the one that waits or to do something else."""
        held_party = call.other(flashed.party)
        if call.state is not CallState.TALKING or call.id in self._claims or not held_party:
            return
        consultation = Consultation(
            flashed.party,
            call.id,
            held_party,
            self._caller(held_party, call),
            self.plan.timers,
        )
        self.consultations[flashed.party] = self._claims[call.id] = consultation
        event: Event = flashed
        if waiting is not None:
            self._claims[waiting.opening.call] = consultation
            event = WaitingTaken(flashed.at, waiting.opening.call, waiting.opening.shown)
        self._post(consultation, event, TraceKind.MESSAGE, flashed.party.name)

    def _freed(self, machine: Machine, freed: Freed) -> None:
        """Give a trunk that has become free to the emergency call that waits for one."""
        while self._emergencies:
            call = self._emergencies.popleft()
            if call.state is CallState.HUNTING:
                found = TrunkFound(freed.at, freed.party)
                self._tell(call, found)
                return

    # Calls

    def _open(self, setup: Setup, session: CallId | None) -> Call:
        call_id = next(self._call_ids)
        call = Call(
            call_id,
            session or call_id,
            setup.party,
            digits=setup.digits,
            caller=setup.caller or self._caller(setup.party, None),
            timers=self.plan.timers,
            at=setup.at,
            on_behalf=setup.on_behalf,
        )
        call.style, call.insists, call.only = setup.style, setup.insists, setup.only
        self.calls[call_id] = call
        self._reporter.opened(call, setup.at)
        self._attach(call, Attach(setup.party, call_id), setup.at)
        self._reporter.told(call, TraceKind.MESSAGE, setup.party.name, setup)
        to = destination(setup, self.plan, self.dial_plan, self.wall(setup.at))
        if isinstance(to, ToOffice) and self.settings.of(OFFICE).operator_away:
            to = Destination(Place.OPERATOR, to.party)
        if isinstance(to, Destination):
            self.memory.note_number(setup.party, to)
            self._lead(call, to, setup.at)
        else:
            self._tell(call, to)
        return call

    def _lead(
        self,
        call: Call,
        to: Destination,
        at: float,
        cause: Cause | None = None,
        who: Party | None = None,
    ) -> None:
        """Tell a call where it leads: past stations that are forwarded, to one of four places.

        ``who``: the party that is led, if it isn't the near one yet.
        """
        who = who or call.near
        to = coverage.for_operator(self, to, call)
        while to.party is not None:
            instead = coverage.instead_of(self, to.party, call, at)
            if instead is None:
                break
            call.led += (to.party,)
            cause = instead if isinstance(instead, Cause) else Cause.FORWARDED
            next_to = instead if isinstance(instead, Destination) else None
            next_to = next_to or coverage.after(self, to.party, cause, call)
            if next_to is None:
                self._tell(call, Nowhere(at, cause))
                return
            to = next_to
        to = accounts.asked_first(self, call, to, _charged(call))
        party = self._conversations.begin(call, who, to, self._caller(who, call), cause)
        leads = lead(to, who, _charged(call), self.plan, at)
        if party is not None:
            leads = ToApplication(at, party, self.conversations[party].stands_for)
        self._tell(call, leads)

    def _astray(self, machine: Machine, effect: Astray, at: float) -> None:
        call = self.calls[effect.call]
        to = call_waiting.instead_of_busy(self, effect.party, effect.cause, call)
        to = to or coverage.after(self, effect.party, effect.cause, call)
        if to is None:
            nowhere = Nowhere(at, effect.cause)
            self._tell(call, nowhere)
        else:
            self._lead(call, to, at, effect.cause)

    def _caller(self, party: Party, call: Call | None) -> Caller | None:
        """Return how a party is shown to others."""
        if party.kind is PartyKind.STATION:
            return Caller(party.name, self._names.get(party, ""))
        return call.caller if call is not None and call.origin == party else None

    def _attach(self, machine: Machine, effect: Attach, at: float) -> None:
        self._at[effect.party] = effect.call
        self.memory.note_caller(effect.party, self.calls[effect.call])
        self._reporter.attached(effect.party, effect.call)

    def _detach(self, machine: Machine, effect: Detach, at: float) -> None:
        if self._at.get(effect.party) == effect.call:
            del self._at[effect.party]

    def _judge(self, machine: Machine, effect: Judge, at: float) -> None:
        call = self.calls[effect.call]
        blocked = self.settings.of(OFFICE).outside_blocked
        decision = decide(replace(effect.request, blocked=blocked), self.plan.policy)
        self._reporter.decided(call, decision, at)
        answer = Allowed(at, decision) if decision.allows else Denied(at, decision)
        self._post(call, answer, TraceKind.MESSAGE, "policy")
        if decision.emergency:
            who = effect.request.caller
            for beside in emergency.raised(self, call.id, who, decision.digits, at):
                self._carry_out(call, beside, at)

    def _hunt(self, machine: Machine, effect: Hunt, at: float) -> None:
        call = self.calls[effect.call]
        trunks = self.trunks.values()
        emergency = effect.decision.emergency
        found = self._find_trunk(call, effect, at)
        if found is not None:
            self._tell(call, found)
        elif emergency and any_in_service(trunks):
            self._preempt(call, at)
        else:
            self._tell(call, NoTrunk(at))

    def _find_trunk(self, call: Call, effect: Hunt, at: float) -> TrunkFound | None:
        if effect.decision.emergency:
            idle = free_trunk(self.trunks.values(), effect.tried)
            return TrunkFound(at, idle.party) if idle is not None else None
        open_ways = ways(
            self.plan, effect.decision, _charged(call), self._last_taken, self.wall(at)
        )
        found = free_way(self.trunks, open_ways, effect.tried)
        if found is None:
            return None
        trunk, way = found
        self._last_taken[way.route] = trunk.party
        return TrunkFound(at, trunk.party, way.route, way.digits)

    def _preempt(self, call: Call, at: float) -> None:
        hunting = [each for each in self._emergencies if each.state is CallState.HUNTING]
        self._emergencies = deque([*hunting, call])
        waiting = len(self._emergencies)
        victim = call_to_preempt(self.trunks.values(), self._at, self.calls, waiting)
        if victim is not None:
            clear = Clear(at, Cause.PREEMPTED)
            self._tell(victim, clear)

    def _talking(self, machine: Machine, effect: Talking, at: float) -> None:
        call = self.calls[effect.call]
        self._reporter.answered(call, at)
        claim = self._claims.get(call.id)
        if claim is not None and call.far is not None:
            self._post(claim, self._answered_by(call.far, at), TraceKind.MESSAGE, call.id)

    def _answered_by(self, party: Party, at: float) -> Event:
        """Return what the owner of a consultation is told of who answered."""
        conversation = self.conversations.get(party)
        if conversation is None:
            return SecondAnswered(at, party)
        return SecondTakesCallers(at) if conversation.takes_callers else SecondServes(at)

    def _ended(self, machine: Machine, effect: Ended, at: float) -> None:
        call = self.calls.pop(effect.call)
        self._reporter.closed(call, at)
        claim = self._claims.pop(call.id, None)
        if claim is not None:
            over = HeldEnded(at) if call.id == claim.held else SecondEnded(at)
            self._post(claim, over, TraceKind.MESSAGE, call.id)

    def _forget(self, consultation: Consultation) -> None:
        self.consultations.pop(consultation.owner, None)
        for call in (consultation.held, consultation.second):
            if call is not None:
                self._claims.pop(call, None)


_INSIDE: Final[dict[type[Effect], Callable[[Switchboard, Machine, Any, float], None]]] = {
    Send: Switchboard._send,
    Attach: Switchboard._attach,
    Detach: Switchboard._detach,
    Judge: Switchboard._judge,
    Hunt: Switchboard._hunt,
    Talking: Switchboard._talking,
    Ended: Switchboard._ended,
    Astray: Switchboard._astray,
    **REQUESTS,
}
"""What effects that stay inside lead to."""

_OUTSIDE: Final = {
    PartyKind.STATION: "telephone",
    PartyKind.TRUNK: "office",
    PartyKind.APPLICATION: "engine",
}
"""From where events come to parties."""


def _shape(machine: Machine) -> object:
    """Return what others watch of a machine."""
    match machine:
        case Call():
            return machine.state, machine.near, machine.far
        case Line():
            return machine.state
    return None


def _charged(call: Call) -> Party:
    """Return who is asked for when the call leads outside: who forwarded it last, or made it."""
    stations = [each for each in call.led if each.kind is PartyKind.STATION]
    return stations[-1] if stations else call.initiator


_REPORTS: Final[dict[type[FromParty], Callable[[Switchboard, Machine, Any], None]]] = {
    Setup: Switchboard._set_up,
    Flashed: Switchboard._flashed,
    Freed: Switchboard._freed,
}
"""Reports that are not simply for the call that the party is at."""
