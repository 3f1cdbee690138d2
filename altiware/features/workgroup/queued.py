# SPDX-License-Identifier: MIT
"""A caller in the queue of a workgroup.

He is told what the plan says at its times, with music between; key 1 asks for a call-back where
that is possible.  He leaves to an agent, by hanging up, or to the overflow: at once if nobody is
logged in or too many wait, else when he has waited long enough; but only once from each group.  He
keeps his place while a station has put him on hold, or when it was consulting the queue for him.
"""

import enum
from dataclasses import replace
from typing import ClassVar, Final

from altiware.core.causes import Cause
from altiware.core.effects import Effect, PlayMusic, PlayTone, Say, Send
from altiware.core.events import Event, SaidAll, Timeout
from altiware.core.ids import Party, PartyKind
from altiware.core.legs import Connect, Departed, Key, Offer, Refused, Release, Wait
from altiware.core.numbering import Destination
from altiware.core.signals import Caller, RingStyle, Tone
from altiware.core.speech import Clip
from altiware.core.workgroup_events import WorkgroupFact
from altiware.core.workgroups import Recorded, WorkgroupPlan
from altiware.features.applications import Desk, Opening, Rows
from altiware.features.effects import LeadOn, Spawn
from altiware.features.speaking import ENGLISH, phrases
from altiware.features.workgroup.agents import AgentState, agent_states
from altiware.features.workgroup.group import Group, workgroup
from altiware.features.workgroup.kept_place import KeptPlace, number_of, way_back
from altiware.features.workgroup.leg import Order
from altiware.features.workgroup.messages import (
    AgentAnswered,
    Closed,
    Joined,
    LegEnded,
    Taken,
    group_party,
)
from altiware.features.workgroup.sentences import CALL_BACK_KEY, Place, announcement
from altiware.features.workgroup.waiter import Waiter, queue

__all__ = ["EVENTS", "IGNORED", "KIND", "Queued", "QueuedState"]

KIND: Final = "workgroup"
NO_GROUP: Final = WorkgroupPlan("", ())


class QueuedState(enum.Enum):
    """Each state means one thing that the caller could tell."""

    NEW = "new"
    ANSWERING = "answering"
    CONSENTING = "told that he is recorded"
    WAITING = "waiting"
    ON_HOLD = "waiting, away"
    CONNECTING = "connecting"
    "An agent has answered."
    BOOKING = "told that he will be called back"
    LEAVING = "told why not"
    DONE = "done"


S = QueuedState


class Queued(Waiter):
    """One caller."""

    first = S.NEW
    takes_callers = True
    rows: ClassVar[Rows]

    def __init__(self, desk: Desk, opening: Opening) -> None:
        name, _, skill = opening.service.argument.partition(":")
        super().__init__(desk, opening, workgroup(desk, name) or NO_GROUP, skill)
        self._consents: Party | None = None
        "Who has heard that he is recorded."
        self._said = 0
        "Announcements so far."
        self._due = 0.0
        "When the next is."

    # Coming

    def _arrive(self, event: Event) -> list[Effect]:
        assert isinstance(event, Offer)
        if self.plan is NO_GROUP:
            self.enter(S.DONE)
            return [Refused(event.at, self.party, event.call, Cause.WRONG_NUMBER)]
        self.since = event.at
        offered = self.tell(event, WorkgroupFact.OFFERED)
        if not self._why_not():
            return [offered, *self.answer(event)]
        if self._may_overflow():
            return [offered, *self._overflow(event)]
        return [offered, self.tell(event, WorkgroupFact.REFUSED), *self.answer(event)]

    def _why_not(self) -> str:
        """Return what a caller is told who can't wait; empty: he can."""
        if len(queue(self.desk, self.plan.name)) >= self.plan.most_waiting:
            return "queue-full"
        states = agent_states(self.desk, self.plan).values()
        return "" if any(each is not AgentState.LOGGED_OUT for each in states) else "queue-nobody"

    def _greet(self, event: Event) -> list[Effect]:
        self._know_partner(event)
        why_not = self._why_not()
        if why_not:
            return self._say_why(why_not)
        return self._ask_consent(event)

    def _say_why(self, phrase: str) -> list[Effect]:
        self.enter(S.LEAVING)
        return [Say(phrases(phrase, "goodbye"))]

    def _ask_consent(self, event: Event) -> list[Effect]:
        if self.plan.recording is not Recorded.ALWAYS or self._consents == self.partner:
            self.enter(S.WAITING)
            return self._wait(event)
        self.enter(S.CONSENTING)
        return [*self.withdraw(event), Say(phrases("record-consent"))]

    def _note_consent(self, event: Event) -> list[Effect]:
        self._consents = self.partner
        return self._wait(event)

    @property
    def partner(self) -> Party:
        """Who waits: who came, or whom he has transferred here."""
        return self.opening.caller

    def _know_partner(self, event: Event) -> None:
        assert isinstance(event, Connect)
        if event.other is not None and event.other != self.partner:
            shown = event.caller or _station_shown(self.desk, event.other)
            self.opening = replace(self.opening, caller=event.other, shown=shown)

    def _change_partner(self, event: Event) -> list[Effect]:
        """Go on with who was transferred here, and must know that he may be recorded."""
        assert isinstance(event, Connect)
        self._know_partner(event)
        return self._ask_consent(event)

    def _change_partner_late(self, event: Event) -> list[Effect]:
        return [*self.withdraw(event), *self._change_partner(event)]

    # Waiting

    def _wait(self, event: Event) -> list[Effect]:
        """Take, or keep, a place; what is to be heard comes when agents have been looked for."""
        self.deadline = event.at
        party = group_party(self.plan.name)
        group = Group(self.desk, self.plan.name)
        begun = [] if party in self.desk.conversations else [Spawn(group, self.opening.call)]
        return [*begun, self.stir(event)]

    def _pass_time(self, event: Event) -> list[Effect]:
        if self._may_overflow() and self._overflows_at() <= event.at:
            return [*self.withdraw(event), *self._overflow(event)]
        heard = self._announce(event)
        self.deadline = self._next_time()
        return [*heard, self.stir(event)]

    def _announce(self, event: Event) -> list[Effect]:
        announcements = self.plan.announcements
        if not self._said and not self.tried and self.legs():
            self._due = float("inf")  # somebody is about to answer; see _miss_agent
            return [PlayTone(Tone.RINGBACK)]
        if not announcements:
            return [PlayMusic()]
        if event.at < self._due:
            return [PlayMusic()] if not self._said else []
        said = announcements[min(self._said, len(announcements) - 1)]
        self._said += 1
        self._due = self._due_after(event.at)
        return [Say(announcement(said.says, self._place()))]

    def _due_after(self, now: float) -> float:
        announcements = self.plan.announcements
        if self._said < len(announcements):
            return max(now, self.since + announcements[self._said].after_s)
        return now + self.plan.repeat_s if self.plan.repeat_s else float("inf")

    def _next_time(self) -> float | None:
        times = [self._due] if self.plan.announcements else []
        times += [self._overflows_at()] if self._may_overflow() else []
        return min((each for each in times if each != float("inf")), default=None)

    def _place(self) -> Place:
        position = 1 + queue(self.desk, self.plan.name).index(self)
        group = self.desk.conversations.get(group_party(self.plan.name))
        wait_s = group.expected_wait_s(position) if isinstance(group, Group) else 0.0
        return Place(position, wait_s, self._way_back() is not None)

    def _play_music(self, event: Event) -> list[Effect]:
        return [PlayMusic()]

    def _hold(self, event: Event) -> list[Effect]:
        return self.withdraw(event)

    # To an agent

    def order(self) -> Order:
        """Return what an agent is called for."""
        since = self.since if self.plan.tells_agent else None
        outside = self.partner.kind is PartyKind.TRUNK
        style = RingStyle.EXTERNAL if outside else RingStyle.INTERNAL
        return Order(self.party, self.shown(), self.opening.call, since=since, style=style)

    def _take(self, event: Event) -> list[Effect]:
        assert isinstance(event, AgentAnswered)
        return [Send(event.leg, Taken(event.at)), *self.withdraw(event, but=event.leg)]

    def _miss_agent(self, event: Event) -> list[Effect]:
        if not self._said:
            self.deadline, self._due = event.at, self.since
        return self.note_tried(event)

    def _lose_agent(self, event: Event) -> list[Effect]:
        return [*self.note_tried(event), *self._wait(event)]

    def _leave_to_agent(self, event: Event) -> list[Effect]:
        assert isinstance(event, Joined)
        return [self.tell(event, WorkgroupFact.ANSWERED, event.agent)]

    # Elsewhere

    def _overflows_at(self) -> float:
        after_s = self.plan.overflow_after_s
        return self.since + after_s if after_s else float("inf")

    def _may_overflow(self) -> bool:
        """Whether he can be led elsewhere: once from each group, lest two play ball with him."""
        return bool(self.plan.overflow) and not any(
            each.kind is PartyKind.APPLICATION and _group_of(each.name) == self.plan.name
            for each in self.opening.led
        )

    def _overflow(self, event: Event) -> list[Effect]:
        self.enter(S.DONE)
        to = self.desk.dial_plan.destination(self.plan.overflow)
        told = self.tell(event, WorkgroupFact.OVERFLOWED)
        return [told, LeadOn(self.opening.call, to, Cause.NO_ANSWER)]

    def _close(self, event: Event) -> list[Effect]:
        told = self.tell(event, WorkgroupFact.REFUSED)
        return [*self.withdraw(event), told, *self._say_why("queue-nobody")]

    # Called back

    def _way_back(self) -> Destination | None:
        return way_back(self.desk.plan, self.plan, self._number(), self.partner)

    def _number(self) -> str:
        return number_of(self.opening.shown, self.partner)

    def _press(self, event: Event) -> list[Effect]:
        assert isinstance(event, Key)
        if event.key != CALL_BACK_KEY or not self.plan.call_back:
            return []
        to = self._way_back()
        if to is None:
            return [Say(phrases("queue-callback-not-possible"))]
        self.enter(S.BOOKING)
        place = KeptPlace(self, to, event.at)
        return [
            *self.withdraw(event),
            self.tell(event, WorkgroupFact.CALL_BACK),
            Spawn(place, self.opening.call),
            Say((*_where(self._number()), *phrases("queue-callback-set"))),
        ]

    def _hang_up_booked(self, event: Event) -> list[Effect]:
        return [Departed(event.at, self.party), self.stir(event)]

    def _let_go_booked(self, event: Event) -> list[Effect]:
        return [self.stir(event)]

    def _abandon(self, event: Event) -> list[Effect]:
        return [*self.withdraw(event), self.tell(event, WorkgroupFact.ABANDONED)]


def _group_of(party: str) -> str:
    """Return of which group a conversation was, by its name."""
    kind, _, rest = party.partition(" ")
    return rest.rpartition(" ")[0].partition(":")[0] if kind == KIND else ""


def _station_shown(desk: Desk, party: Party) -> Caller | None:
    names = (each.name for each in desk.plan.stations if each.party == party)
    return next((Caller(party.name, name) for name in names), None)


def _where(number: str) -> tuple[Clip, ...]:
    return (*phrases("queue-callback-number"), *ENGLISH.telephone(number))


Q = Queued
EVENTS: Final[tuple[type[Event], ...]] = (
    Offer,
    Connect,
    Key,
    SaidAll,
    Timeout,
    Wait,
    Release,
    AgentAnswered,
    Joined,
    LegEnded,
    Closed,
)
"""All that it can be told."""


Queued.in_queue = frozenset({S.CONSENTING, S.WAITING, S.ON_HOLD})
Queued.waiting = frozenset({S.WAITING})
Queued.choices = {
    S.NEW: frozenset({S.DONE}),
    S.ANSWERING: frozenset({S.LEAVING, S.CONSENTING, S.WAITING, S.DONE}),
    S.WAITING: frozenset({S.CONSENTING, S.BOOKING, S.LEAVING, S.DONE}),
    S.ON_HOLD: frozenset({S.LEAVING}),
    S.CONSENTING: frozenset({S.LEAVING}),
}
_WAITING: Final = (S.CONSENTING, S.WAITING, S.ON_HOLD)
_PLACED: Final = (*_WAITING, S.CONNECTING)

# fmt: off
Queued.rows = {
    (S.NEW,        Offer):         (S.ANSWERING,  Q._arrive),
    (S.ANSWERING,  Connect):       (S.ANSWERING,  Q._greet),
    (S.CONSENTING, SaidAll):       (S.WAITING,    Q._note_consent),
    (S.CONSENTING, Connect):       (S.WAITING,    Q._change_partner),
    (S.CONSENTING, Wait):          (S.ON_HOLD,    Q._hold),
    (S.WAITING,    Timeout):       (S.WAITING,    Q._pass_time),
    (S.WAITING,    SaidAll):       (S.WAITING,    Q._play_music),
    (S.WAITING,    Key):           (S.WAITING,    Q._press),
    (S.WAITING,    AgentAnswered): (S.CONNECTING, Q._take),
    (S.WAITING,    LegEnded):      (S.WAITING,    Q._miss_agent),
    (S.WAITING,    Wait):          (S.ON_HOLD,    Q._hold),
    (S.WAITING,    Connect):       (S.WAITING,    Q._change_partner),
    (S.ON_HOLD,    Connect):       (S.WAITING,    Q._change_partner),
    (S.ON_HOLD,    AgentAnswered): (S.ON_HOLD,    Q.refuse_agent),
    (S.CONNECTING, AgentAnswered): (S.CONNECTING, Q.refuse_agent),
    (S.CONNECTING, Joined):        (S.DONE,       Q._leave_to_agent),
    (S.CONNECTING, LegEnded):      (S.WAITING,    Q._lose_agent),
    (S.CONNECTING, Wait):          (S.ON_HOLD,    Q._hold),
    (S.CONNECTING, Connect):       (S.WAITING,    Q._change_partner_late),
    (S.CONNECTING, SaidAll):       (S.CONNECTING, Q._play_music),
    (S.BOOKING,    SaidAll):       (S.DONE,       Q._hang_up_booked),
    (S.BOOKING,    Release):       (S.DONE,       Q._let_go_booked),
    (S.LEAVING,    SaidAll):       (S.DONE,       Q.hang_up),
    **{(s, Closed):                (s,            Q._close)     for s in _WAITING},
    **{(s, Release):               (S.DONE,       Q._abandon)   for s in (S.ANSWERING, *_PLACED)},
    **{(s, Release):               (S.DONE,       Q.do_nothing) for s in (S.NEW, S.LEAVING)},
}
# fmt: on
"""What it does, state by state."""

_FROM_LEGS: Final = (AgentAnswered, Joined, LegEnded)
IGNORED: Final = frozenset(
    {(S.DONE, event) for event in EVENTS}
    | {(s, Offer) for s in S if s not in {S.NEW, S.DONE}}
    | {(S.NEW, event) for event in (Connect, Key, SaidAll, Timeout, Wait, Closed, *_FROM_LEGS)}
    | {(S.ANSWERING, event) for event in (Key, SaidAll, Timeout, Wait, Closed, *_FROM_LEGS)}
    | {(S.CONSENTING, event) for event in (Key, Timeout, *_FROM_LEGS)}
    | {(S.WAITING, Joined)}
    | {(S.ON_HOLD, event) for event in (Key, SaidAll, Timeout, Wait, Joined, LegEnded)}
    | {(S.CONNECTING, event) for event in (Key, Timeout, Closed)}
    | {(s, e) for s in (S.BOOKING, S.LEAVING) for e in (Connect, Key, Timeout, Wait, Closed)}
    | {(s, event) for s in (S.BOOKING, S.LEAVING) for event in _FROM_LEGS}
)
"""Pairs that are known, harmless and deliberately without effect."""
