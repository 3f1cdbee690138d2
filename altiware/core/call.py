# SPDX-License-Identifier: MIT
"""One call: a near party who wanted it, a far party who was wanted, and who hears whom.

Sans-I/O, and without knowledge of telephones or lines: parties speak
:mod:`altiware.core.legs`, the switchboard and the features speak :mod:`altiware.core.orders`.
A call never has more than two parties; consultation, transfer and conference are made of calls
by the features.  Who is at it and what they hear is in :mod:`altiware.core.call_parties`, what
its record needs in :mod:`altiware.core.call_times`.
"""

from collections.abc import Callable
from typing import Final

from altiware.core.call_parties import CallParties, is_application
from altiware.core.call_states import (
    DIVERTED,
    EVENTS,
    JOINED,
    LED,
    PHASES,
    TAKEN,
    WANTED,
    CallState,
)
from altiware.core.causes import Cause
from altiware.core.decision import Decision
from altiware.core.effects import (
    Astray,
    ConnectPath,
    Detach,
    Effect,
    Hunt,
    Judge,
    ListenPath,
    Send,
    Talking,
)
from altiware.core.events import Event, Timeout
from altiware.core.ids import CallId, Party, PartyKind
from altiware.core.legs import (
    Alert,
    Alerting,
    Answered,
    Departed,
    Failed,
    Key,
    Keyed,
    Offer,
    Progress,
    Progressed,
    Refused,
    Seize,
    Unavailable,
    Wait,
)
from altiware.core.orders import (
    Absorb,
    Allowed,
    Bridge,
    Clear,
    Denied,
    Divert,
    Hold,
    Join,
    NoTrunk,
    Nowhere,
    Retrieve,
    Take,
    ToApplication,
    ToOffice,
    ToOutside,
    ToStation,
    TrunkFound,
    Turn,
    Unbridge,
)
from altiware.core.plan import Timers
from altiware.core.signals import Caller, RingStyle

__all__ = ["EVENTS", "IGNORED", "TRANSITIONS", "Call", "CallState"]


class Call(CallParties):
    """The state of one call, and the facts for its record."""

    def __init__(
        self,
        call: CallId,
        session: CallId,
        near: Party,
        *,
        digits: str,
        caller: Caller | None,
        timers: Timers,
        at: float,
        on_behalf: Party | None = None,
    ) -> None:
        super().__init__(call, near, caller, at)
        self.session = session
        self.state = CallState.NEW
        self.deadline: float | None = None
        self.digits = digits
        self.initiator = on_behalf or near
        "Who set the call up, and is charged."
        self.target: Party | None = None
        self.decision: Decision | None = None
        self.tried: tuple[Party, ...] = ()
        self.route = ""
        "Over which it left."
        self.style: RingStyle | None = None
        "How stations are rung for it; None: as its lead says."
        self.insists = False
        "It rings in spite of do not disturb and forwarding."
        self.returns_to: Party | None = None
        "The station that transferred it while it rang."
        self.only = False
        "Nobody takes it in the place of who is wanted."
        self.notes: dict[str, str] = {}
        "What the caller gave of himself: digits, by the name under which they were asked for."
        self._ring_s: float | None = timers.no_answer_s
        "None: who is rung, an application, keeps the time itself."
        self._timers = timers

    def receive(self, event: Event) -> list[Effect]:
        """Apply one event and return the effects to perform, in order."""
        row = TRANSITIONS.get((self.state, type(event)))
        if row is None:
            return []
        state, act = row
        if state is not self.state or type(event) is Timeout:
            self.deadline = None
        self.times.spend(event.at)
        if state is not self.state:
            self.state = state
            self.times.phase = PHASES.get(state, self.times.phase)
        return act(self, event)

    # Where the number leads.  Actions never touch ``state``.

    def _offer(self, event: Event) -> list[Effect]:
        assert isinstance(event, ToStation)
        self.target = event.party
        self._offered(event.party, event.at)
        self._ring_s = self._timers.no_answer_s if event.ring_s is None else event.ring_s
        style = self.style or event.style
        return [Send(event.party, Offer(event.at, self.id, self.caller, style))]

    def _offer_application(self, event: Event) -> list[Effect]:
        assert isinstance(event, ToApplication)
        self.target = event.stands_for or event.party
        self._offered(event.party, event.at, self.target)
        self._ring_s = None
        offer = Offer(event.at, self.id, self.caller, RingStyle.INTERNAL)
        return [*self._attach(event.party), Send(event.party, offer)]

    def _present(self, event: Event) -> list[Effect]:
        assert isinstance(event, ToOffice)
        self.target = event.party
        self._offered(event.party, event.at)
        return self._present_again(event)

    def _present_again(self, event: Event) -> list[Effect]:
        assert self.target is not None
        self.far = self.target
        return [Send(self.far, Offer(event.at, self.id, self.caller, RingStyle.OPERATOR))]

    def _wait_for_office(self, event: Event) -> list[Effect]:
        assert isinstance(event, Refused)
        self.far = None
        self.deadline = event.at + self._timers.reoffer_s
        return [Detach(event.party, self.id)]

    def _judge(self, event: Event) -> list[Effect]:
        assert isinstance(event, ToOutside)
        if self.near.kind is PartyKind.STATION:  # whoever answered before was no party outside
            self.times.answered_at = None
        return [Judge(self.id, event.request)]

    def _hunt(self, event: Event) -> list[Effect]:
        assert isinstance(event, Allowed)
        self.decision = event.decision
        return [Hunt(self.id, event.decision, self.tried)]

    def _seize(self, event: Event) -> list[Effect]:
        assert isinstance(event, TrunkFound)
        assert self.decision is not None, "hunting begins with an allowing decision"
        self.target = event.party
        self._offered(event.party, event.at)
        self.route = event.route
        self.reached[event.party] = self.decision
        seize = Seize(event.at, self.id, self.decision, event.digits)
        return [*self._attach(event.party), Send(event.party, seize)]

    def _hunt_on(self, event: Event) -> list[Effect]:
        assert isinstance(event, Unavailable)
        assert self.decision is not None
        self._gone(event.cause, event.at)
        self.cause = event.cause
        self.tried += (event.party,)
        return [Detach(event.party, self.id), Hunt(self.id, self.decision, self.tried)]

    # Before the answer.

    def _alert(self, event: Event) -> list[Effect]:
        assert isinstance(event, Alerting)
        self.times.alert(event.at)
        self.deadline = None if self._ring_s is None else event.at + self._ring_s
        return [*self._attach(event.party), Send(self.near, Alert(event.at))]

    def _alert_in_words(self, event: Event) -> list[Effect]:
        """Give our ringback in the place of whatever the network lets hear while it rings."""
        return [*self._disconnect(), *self._alert(event)]

    def _attach_office(self, event: Event) -> list[Effect]:
        assert isinstance(event, Alerting)
        self.times.alert(event.at)
        return self._attach(event.party)

    def _progress(self, event: Event) -> list[Effect]:
        assert isinstance(event, Progressed)
        self.times.alert(event.at)
        self.path = (self.near, event.party)
        path = ConnectPath(*self.path) if event.both_ways else ListenPath(*self.path)
        return [Send(self.near, Progress(event.at)), path]

    def _answer(self, event: Event) -> list[Effect]:
        assert self.far is not None
        self.times.answer(event.at)
        greeted = (self.near, self.far) if is_application(self.far) else (self.near,)
        told = [self._greet(each, event.at) for each in greeted]
        return [*told, *self._connect(event.at), Talking(self.id)]

    # Where to instead.

    def _lead_on_refused(self, event: Event) -> list[Effect]:
        assert isinstance(event, Refused)
        self._gone(event.cause, event.at)  # at another call, or ours itself: not to be released
        self.led += (event.party,)
        itself = event.party == self.near
        detached = [] if itself else [Detach(event.party, self.id)]
        return [*detached, Astray(self.id, event.party, event.cause)]

    def _lead_on_unanswered(self, event: Event) -> list[Effect]:
        assert self.far is not None
        wanted = self.far
        let_go = self._let_go(event.at, Cause.NO_ANSWER)
        return [*let_go, Astray(self.id, wanted, Cause.NO_ANSWER)]

    def _divert(self, event: Event) -> list[Effect]:
        assert isinstance(event, Divert)
        self.returns_to = None  # who leads it on sees to it
        return self._let_go(event.at, event.cause)

    def _turn(self, event: Event) -> list[Effect]:
        assert self.far is not None
        self.times.leave(Cause.TRANSFERRED, event.at)
        gone, self.near, self.far = self.near, self.far, None
        return [*self._disconnect(), Detach(gone, self.id)]

    def _take(self, event: Event) -> list[Effect]:
        assert isinstance(event, Take)
        let_go = self._let_go(event.at, Cause.PICKED_UP)
        self.target = event.by
        self._offered(event.by, event.at)
        taken = [*self._attach(event.by), self._greet(event.by, event.at)]
        return [*let_go, *taken, *self._answer(event)]

    # Talking, and what features make of it.

    def _pass_key(self, event: Event) -> list[Effect]:
        assert isinstance(event, Keyed)
        other = self.other(event.party)
        if other is None or not is_application(other):
            return []  # people hear each other's keys
        return [Send(other, Key(event.at, event.key))]

    def _hold(self, event: Event) -> list[Effect]:
        assert isinstance(event, Hold)
        waits = self.other(event.by)
        told = [Send(waits, Wait(event.at))] if waits is not None else []
        return [*self._disconnect(), Detach(event.by, self.id), *told]

    def _retrieve(self, event: Event) -> list[Effect]:
        return self._meet(event.at)

    def _bridge(self, event: Event) -> list[Effect]:
        return self._disconnect()

    def _join(self, event: Event) -> list[Effect]:
        assert isinstance(event, Join)
        return self._replace(event)

    def _join_alerting(self, event: Event) -> list[Effect]:
        assert isinstance(event, Join)
        if event.leaver.kind is PartyKind.STATION:
            self.returns_to = event.leaver
            due = event.at + self._timers.transfer_s
            self.deadline = due if self.deadline is None else min(self.deadline, due)
        return [*self._join(event), Send(self.near, Alert(event.at))]

    def _join_proceeding(self, event: Event) -> list[Effect]:
        changed = self._join(event)
        return [*changed, Send(self.near, Progress(event.at)), *self._connect(event.at)]

    def _join_talking(self, event: Event) -> list[Effect]:
        return [*self._join(event), *self._meet(event.at)]

    # The end.

    def _deny(self, event: Event) -> list[Effect]:
        assert isinstance(event, Denied)
        self.decision = event.decision
        return self._end(Cause.DENIED, event.at)

    def _no_trunk(self, event: Event) -> list[Effect]:
        return self._end(self.cause or Cause.ALL_TRUNKS_BUSY, event.at)

    def _refused(self, event: Event) -> list[Effect]:
        assert isinstance(event, Refused)
        self._gone(event.cause, event.at)  # at another call, or ours itself: not to be released
        return [*self._end(event.cause, event.at), Detach(event.party, self.id)]

    def _abandon(self, event: Event) -> list[Effect]:
        assert isinstance(event, Departed)
        # Who is called can only leave after an answer that the network didn't tell.
        unanswered = event.party == self.near and self.times.answered_at is None
        cause = Cause.ABANDONED if unanswered else Cause.NORMAL
        return self._end(cause, event.at, event.party)

    def _hang_up(self, event: Event) -> list[Effect]:
        assert isinstance(event, Departed)
        return self._end(Cause.NORMAL, event.at, event.party)

    def _fail(self, event: Event) -> list[Effect]:
        assert isinstance(event, Failed)
        return self._end(Cause.BOARD_LOST, event.at, event.party)

    def _clear(self, event: Event) -> list[Effect]:
        assert isinstance(event, Clear | Nowhere)
        return self._end(event.cause, event.at)

    def _absorb(self, event: Event) -> list[Effect]:
        gone, self.far = self.far, None
        detached = [Detach(gone, self.id)] if gone else []
        return [*detached, *self._end(Cause.TRANSFERRED, event.at, self.near)]


Action = Callable[[Call, Event], list[Effect]]
Table = dict[tuple[CallState, type[Event]], tuple[CallState, Action]]
S = CallState

# fmt: off
TRANSITIONS: Final[Table] = {
    **{(s, ToStation):            (S.OFFERING,    Call._offer)             for s in LED},
    **{(s, ToApplication):        (S.OFFERING,    Call._offer_application) for s in LED},
    **{(s, ToOffice):             (S.PRESENTED,   Call._present)           for s in LED},
    **{(s, ToOutside):            (S.JUDGING,     Call._judge)             for s in LED},
    **{(s, Nowhere):              (S.ENDED,       Call._clear)             for s in LED},
    (S.LEADING,     Absorb):      (S.ENDED,       Call._absorb),
    (S.JUDGING,     Allowed):     (S.HUNTING,     Call._hunt),
    (S.JUDGING,     Denied):      (S.ENDED,       Call._deny),
    (S.HUNTING,     TrunkFound):  (S.SEIZING,     Call._seize),
    (S.HUNTING,     NoTrunk):     (S.ENDED,       Call._no_trunk),

    (S.SEIZING,     Progressed):  (S.PROCEEDING,  Call._progress),
    (S.SEIZING,     Unavailable): (S.HUNTING,     Call._hunt_on),
    (S.SEIZING,     Refused):     (S.ENDED,       Call._refused),

    (S.OFFERING,    Alerting):    (S.ALERTING,    Call._alert),
    (S.OFFERING,    Answered):    (S.TALKING,     Call._answer),
    (S.OFFERING,    Refused):     (S.LEADING,     Call._lead_on_refused),
    (S.ALERTING,    Answered):    (S.TALKING,     Call._answer),
    (S.ALERTING,    Refused):     (S.LEADING,     Call._lead_on_refused),
    (S.ALERTING,    Timeout):     (S.LEADING,     Call._lead_on_unanswered),
    (S.PRESENTED,   Alerting):    (S.PRESENTED,   Call._attach_office),
    (S.PRESENTED,   Refused):     (S.QUEUED,      Call._wait_for_office),
    (S.PRESENTED,   Answered):    (S.TALKING,     Call._answer),
    (S.QUEUED,      Timeout):     (S.PRESENTED,   Call._present_again),
    (S.PROCEEDING,  Alerting):    (S.ALERTING,    Call._alert_in_words),
    (S.PROCEEDING,  Answered):    (S.TALKING,     Call._answer),
    (S.PROCEEDING,  Refused):     (S.ENDED,       Call._refused),

    **{(s, Divert):               (S.LEADING,     Call._divert) for s in DIVERTED},
    **{(s, Take):                 (S.TALKING,     Call._take)   for s in TAKEN},

    (S.TALKING,     Turn):        (S.LEADING,     Call._turn),
    (S.TALKING,     Keyed):       (S.TALKING,     Call._pass_key),
    (S.TALKING,     Absorb):      (S.ENDED,       Call._absorb),
    (S.TALKING,     Hold):        (S.HELD,        Call._hold),
    (S.TALKING,     Bridge):      (S.CONFERENCED, Call._bridge),
    (S.TALKING,     Join):        (S.TALKING,     Call._join_talking),
    (S.HELD,        Retrieve):    (S.TALKING,     Call._retrieve),
    (S.HELD,        Bridge):      (S.CONFERENCED, Call._bridge),
    (S.HELD,        Absorb):      (S.ENDED,       Call._absorb),
    (S.CONFERENCED, Unbridge):    (S.TALKING,     Call._retrieve),
    (S.CONFERENCED, Join):        (S.TALKING,     Call._join_talking),
    (S.CONFERENCED, Absorb):      (S.ENDED,       Call._absorb),

    (S.LEADING,     Join):        (S.LEADING,     Call._join),
    (S.JUDGING,     Join):        (S.JUDGING,     Call._join),
    (S.HUNTING,     Join):        (S.HUNTING,     Call._join),
    (S.SEIZING,     Join):        (S.SEIZING,     Call._join),
    (S.OFFERING,    Join):        (S.OFFERING,    Call._join),
    (S.ALERTING,    Join):        (S.ALERTING,    Call._join_alerting),
    (S.PROCEEDING,  Join):        (S.PROCEEDING,  Call._join_proceeding),

    **{(s, Departed):             (S.ENDED,       Call._abandon) for s in WANTED},
    **{(s, Departed):             (S.ENDED,       Call._hang_up) for s in JOINED},
    **{(s, Failed):               (S.ENDED,       Call._fail)    for s in (*WANTED, *JOINED)},
    **{(s, Clear):                (S.ENDED,       Call._clear)   for s in (*WANTED, *JOINED)},
}
# fmt: on
"""What a call does, state by state, and how all end."""

_LEADS: Final = (ToStation, ToApplication, ToOffice, ToOutside, Nowhere)
_ALIVE: Final = (*WANTED, *JOINED)
_UNOFFERED: Final = (S.JUDGING, S.HUNTING, S.QUEUED, S.LEADING)

IGNORED: Final = frozenset(
    # Nothing comes before the number is understood, and nothing after the end.
    {(S.NEW, event) for event in EVENTS if event not in _LEADS}
    | {(S.ENDED, event) for event in EVENTS}
    # Each question is asked, and answered, in one state.
    | {(state, event) for state in _ALIVE for event in _LEADS if state is not S.LEADING}
    | {(s, event) for s in _ALIVE for event in (Allowed, Denied) if s is not S.JUDGING}
    | {(s, event) for s in _ALIVE for event in (TrunkFound, NoTrunk) if s is not S.HUNTING}
    | {(s, Timeout) for s in _ALIVE if s not in {S.ALERTING, S.QUEUED}}
    # What endpoints repeat, or say too late.
    | {(s, Alerting) for s in _ALIVE if s not in {S.OFFERING, S.PRESENTED, S.PROCEEDING}}
    | {(s, Answered) for s in (*_UNOFFERED, S.SEIZING, *JOINED)}
    | {(s, Keyed) for s in _ALIVE if s is not S.TALKING}
    | {(s, Refused) for s in (*_UNOFFERED, *JOINED)}
    | {(s, event) for s in _ALIVE for event in (Progressed, Unavailable) if s is not S.SEIZING}
    # What features ask of a call that is not where they think it is.
    | {(s, Hold) for s in _ALIVE if s is not S.TALKING}
    | {(s, Retrieve) for s in _ALIVE if s is not S.HELD}
    | {(s, Bridge) for s in _ALIVE if s not in {S.TALKING, S.HELD}}
    | {(s, Unbridge) for s in _ALIVE if s is not S.CONFERENCED}
    | {(s, Absorb) for s in _ALIVE if s not in {S.LEADING, *JOINED}}
    | {(s, Divert) for s in _ALIVE if s not in DIVERTED}
    | {(s, Turn) for s in _ALIVE if s is not S.TALKING}
    | {(s, Take) for s in _ALIVE if s not in TAKEN}
    | {(S.PRESENTED, Join), (S.QUEUED, Join), (S.HELD, Join)}
)
"""Pairs that are known, harmless and deliberately without effect."""
