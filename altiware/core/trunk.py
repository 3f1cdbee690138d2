# SPDX-License-Identifier: MIT
"""One analog line of the central office, both ways.

Out: it closes the loop only on a :class:`Seize` that carries an allowing decision, waits for
the office's dial tone, sends the digits and only then lets the caller hear the line.  In: it
gathers the caller's number between the first two rings and asks for a call.  The far end's
hang-up shows as an open loop, a change of polarity, or busy or dial tone, as far as its office
is known to give that sign.  Between calls it rests, so that the office sees the loop open.

A network that takes the whole number with the seizure (NumberTaken) tells in words what an
office says in tones, and of the answer too: nothing is supposed then.

It does not choose itself: who may call out over it, and who answers for it, is decided above.
"""

import enum
from collections.abc import Callable
from typing import Final

from altiware.core.causes import Cause
from altiware.core.decision import Decision
from altiware.core.effects import (
    AnswerLoop,
    Effect,
    Hear,
    PlayMusic,
    PlayTone,
    PulseDigits,
    ReleaseLoop,
    SeizeLoop,
    SendDigits,
    Silence,
)
from altiware.core.events import (
    BusyHeard,
    CallerShown,
    DialToneHeard,
    Digit,
    DigitsSent,
    Event,
    InService,
    LoopBroken,
    NumberTaken,
    OrderRefused,
    OutOfService,
    Restored,
    Reversed,
    RingbackEnded,
    RingbackHeard,
    RingBegan,
    RingEnded,
    Timeout,
)
from altiware.core.ids import CallId
from altiware.core.legs import (
    Alert,
    Alerting,
    Answered,
    Connect,
    Departed,
    Failed,
    Freed,
    Heed,
    Keyed,
    Progress,
    Progressed,
    Refused,
    Release,
    Seize,
    Setup,
    Unavailable,
    Wait,
)
from altiware.core.office import Disconnect
from altiware.core.plan import Dialling, Timers, TrunkPlan
from altiware.core.signals import Caller, Ears, Tone

__all__ = ["EVENTS", "IGNORED", "SIGNS", "TRANSITIONS", "Trunk", "TrunkState"]


POLARITY_SETTLES_S: Final = 1.0
"""Offices that reverse the line to show a caller put it back when he is answered."""


class TrunkState(enum.Enum):
    """Each state means one thing an observer of the line could describe."""

    LOST = "out of service"
    IDLE = "idle"
    FIRST_RING = "first ring"
    BETWEEN_RINGS = "waiting for caller ID"
    PRESENTED = "ringing inside"
    DECLINED = "ringing in vain"
    "Nobody takes it; the caller rings until he gives up."
    SEIZING = "waiting for dial tone"
    SENDING = "sending digits"
    PROCEEDING = "waiting for an answer"
    CALLING = "called by number"
    "The network has the number, and tells when the called party is rung, answers or is busy."
    TALKING = "talking"
    HOLDING_ON = "hearing our ringback"
    "The loop is closed, and somebody inside is being rung for the party outside."
    ON_HOLD = "on hold"
    "The loop is closed, and the party inside has turned to something else."
    GUARD = "guard time"
    STUCK = "its loop could not be opened"
    "The board refused; it is asked again."


class Trunk:
    """The signalling state of one line of the central office."""

    def __init__(self, trunk: TrunkPlan, timers: Timers) -> None:
        self.trunk = trunk
        self.party = trunk.party
        self.state = TrunkState.LOST
        self.deadline: float | None = None
        self._timers = timers
        self._call: CallId = CallId("")
        self._decision: Decision | None = None
        "Of a call going out."
        self._digits = ""
        "What the call going out is to dial."
        self._caller: Caller | None = None
        "Shown before the first ring."
        self._settled_at = 0.0
        "From when on polarity says something of a call that came in."

    def adopt(self, trunk: TrunkPlan, timers: Timers) -> None:
        """Go on by a new plan, in which the line is at the same port."""
        self.trunk = trunk
        self._timers = timers

    def receive(self, event: Event) -> list[Effect]:
        """Apply one event and return the effects to perform, in order."""
        row = TRANSITIONS.get((self.state, type(event)))
        if row is None or not self._believes(event):
            return []
        state, act = row
        if state is not self.state or type(event) is Timeout:
            self.deadline = None
        self.state = state
        return act(self, event)

    def _believes(self, event: Event) -> bool:
        """Whether this office would give such a sign that the far end has gone."""
        sign = SIGNS.get(type(event)) if self.state in IN_CALL else None
        if sign is None:
            return True
        if sign in _POLARITY and event.at < self._settled_at:
            return False  # what was exchanged to show the caller is put back at the answer
        if sign is Disconnect.REVERSAL and self._decision is not None:
            return False  # of a call going out it is the answer, later than we thought
        return sign in self.trunk.office.disconnect

    # Coming in.  Actions never touch ``state``.

    def _expect_caller(self, event: Event) -> list[Effect]:
        """Listen: offices that show a caller before the first ring exchange tip and ring first."""
        self._caller = None
        self.deadline = event.at + self._timers.ring_gap_s
        return [Hear(Ears.CALLER_ID)]

    def _note_caller(self, event: Event) -> list[Effect]:
        assert isinstance(event, CallerShown)
        self._caller = event.caller
        return []

    def _stop_listening(self, event: Event) -> list[Effect]:
        self._caller = None
        return [Hear(Ears.NONE)]

    def _watch_ring(self, event: Event) -> list[Effect]:
        return [Hear(Ears.CALLER_ID)]

    def _await_join(self, event: Event) -> list[Effect]:
        self.deadline = event.at + self._timers.ring_join_ms / 1000
        return []

    def _join(self, event: Event) -> list[Effect]:
        self.deadline = None
        return []

    def _await_caller(self, event: Event) -> list[Effect]:
        self.deadline = event.at + self._timers.ring_gap_s
        return []

    def _present(self, event: Event) -> list[Effect]:
        caller, self._caller = self._caller, None
        if isinstance(event, CallerShown):
            caller = event.caller
            self.deadline = event.at + self._timers.ring_gap_s
        return [Hear(Ears.NONE), Setup(event.at, self.party, caller=caller)]

    def _forget(self, event: Event) -> list[Effect]:
        self._caller = None
        return [Hear(Ears.NONE), Freed(event.at, self.party)]

    def _abandon(self, event: Event) -> list[Effect]:
        return [Departed(event.at, self.party), Freed(event.at, self.party)]

    def _answer(self, event: Event) -> list[Effect]:
        self._decision = None
        self._settled_at = event.at + POLARITY_SETTLES_S
        return [AnswerLoop(), Hear(Ears.HANG_UP)]

    # Going out.

    def _seize(self, event: Event) -> list[Effect]:
        assert isinstance(event, Seize)
        self._call = event.call
        self._caller = None
        self._decision = event.decision
        self._digits = event.digits or event.decision.digits
        self.deadline = event.at + self._timers.dial_tone_wait_s
        return [SeizeLoop(event.decision, event.digits), Hear(Ears.PROGRESS)]

    def _refuse(self, event: Event) -> list[Effect]:
        assert isinstance(event, Seize)
        return [Unavailable(event.at, self.party, event.call, Cause.ALL_TRUNKS_BUSY)]

    def _dial(self, event: Event) -> list[Effect]:
        self.deadline = event.at + self._timers.sending_s
        pulse = self.trunk.dialling is Dialling.PULSE
        return [PulseDigits(self._digits) if pulse else SendDigits(self._digits)]

    def _give_up(self, event: Event) -> list[Effect]:
        gone = Unavailable(event.at, self.party, self._call, Cause.NO_DIAL_TONE)
        return [gone, *self._open_loop(event)]

    def _proceed(self, event: Event) -> list[Effect]:
        answer_after_s = self.trunk.answer_after_s
        if answer_after_s is not None:
            self.deadline = event.at + answer_after_s
        progressed = Progressed(event.at, self.party, both_ways=answer_after_s is not None)
        return [Hear(Ears.ANSWER), progressed]

    def _wait_for_answer(self, event: Event) -> list[Effect]:
        self.deadline = None
        return []

    def _suppose_answer(self, event: Event) -> list[Effect]:
        if self.trunk.answer_after_s is not None:
            self.deadline = event.at + self._timers.ringback_over_s
        return []

    def _leave_it_to_network(self, event: Event) -> list[Effect]:
        return [Progressed(event.at, self.party, both_ways=False)]

    def _is_rung(self, event: Event) -> list[Effect]:
        return [Alerting(event.at, self.party, self._call)]

    def _answered(self, event: Event) -> list[Effect]:
        return [Hear(Ears.HANG_UP), Answered(event.at, self.party)]

    def _is_busy(self, event: Event) -> list[Effect]:
        busy = Refused(event.at, self.party, self._call, Cause.BUSY)
        return [busy, *self._open_loop(event)]

    def _is_not_answered(self, event: Event) -> list[Effect]:
        vain = Refused(event.at, self.party, self._call, Cause.NO_ANSWER)
        return [vain, *self._open_loop(event)]

    def _glare(self, event: Event) -> list[Effect]:
        """Two calls met: our closing the loop has answered the one that came in."""
        self._decision = None
        self._settled_at = event.at + POLARITY_SETTLES_S
        return [
            Unavailable(event.at, self.party, self._call, Cause.ALL_TRUNKS_BUSY),
            Hear(Ears.HANG_UP),
            Setup(event.at, self.party),
            PlayTone(Tone.RINGBACK),
        ]

    # Talking and leaving.

    def _hear_ringback(self, event: Event) -> list[Effect]:
        return [Hear(Ears.HANG_UP), PlayTone(Tone.RINGBACK)]

    def _hear_music(self, event: Event) -> list[Effect]:
        return [Hear(Ears.HANG_UP), PlayMusic()]

    def _hear_path(self, event: Event) -> list[Effect]:
        return [Silence(), Hear(Ears.HANG_UP)]

    def _heed_keys(self, event: Event) -> list[Effect]:
        return [Hear(Ears.HANG_UP | Ears.DIGITS)]

    def _tell_key(self, event: Event) -> list[Effect]:
        assert isinstance(event, Digit)
        return [Keyed(event.at, self.party, event.key)]

    def _depart(self, event: Event) -> list[Effect]:
        return [Departed(event.at, self.party), *self._open_loop(event)]

    def _open_loop(self, event: Event) -> list[Effect]:
        self.deadline = event.at + self._timers.guard_s
        return [Silence(), Hear(Ears.NONE), ReleaseLoop()]

    def _ask_again_later(self, event: Event) -> list[Effect]:
        self.deadline = event.at + self._timers.guard_s
        return []

    def _rest(self, event: Event) -> list[Effect]:
        return [Freed(event.at, self.party)]

    def _decline(self, event: Event) -> list[Effect]:
        self.deadline = event.at + self._timers.ring_gap_s
        return []

    def _fail(self, event: Event) -> list[Effect]:
        return [Silence(), Hear(Ears.NONE), Failed(event.at, self.party)]


Action = Callable[[Trunk, Event], list[Effect]]
Table = dict[tuple[TrunkState, type[Event]], tuple[TrunkState, Action]]
S = TrunkState

EVENTS: Final[tuple[type[Event], ...]] = (
    InService,
    OutOfService,
    OrderRefused,
    Timeout,
    RingBegan,
    RingEnded,
    CallerShown,
    DialToneHeard,
    BusyHeard,
    RingbackHeard,
    RingbackEnded,
    DigitsSent,
    NumberTaken,
    Reversed,
    Restored,
    LoopBroken,
    Digit,
    Seize,
    Alert,
    Progress,
    Connect,
    Wait,
    Heed,
    Release,
)
"""All that a trunk can be told."""

IN_CALL: Final = (S.TALKING, S.HOLDING_ON, S.ON_HOLD)
HUNG_UP: Final = tuple(
    (state, sign)
    for state in IN_CALL
    for sign in (BusyHeard, DialToneHeard, LoopBroken, Restored, Reversed)
)

# fmt: off
TRANSITIONS: Final[Table] = {
    (S.LOST,          InService):     (S.IDLE,          Trunk._rest),

    (S.IDLE,          RingBegan):     (S.FIRST_RING,    Trunk._watch_ring),
    (S.IDLE,          Seize):         (S.SEIZING,       Trunk._seize),
    (S.IDLE,          Reversed):      (S.IDLE,          Trunk._expect_caller),
    (S.IDLE,          Restored):      (S.IDLE,          Trunk._expect_caller),
    (S.IDLE,          CallerShown):   (S.IDLE,          Trunk._note_caller),
    (S.IDLE,          Timeout):       (S.IDLE,          Trunk._stop_listening),

    (S.FIRST_RING,    RingEnded):     (S.FIRST_RING,    Trunk._await_join),
    (S.FIRST_RING,    RingBegan):     (S.FIRST_RING,    Trunk._join),
    (S.FIRST_RING,    Timeout):       (S.BETWEEN_RINGS, Trunk._await_caller),
    (S.FIRST_RING,    CallerShown):   (S.PRESENTED,     Trunk._present),
    (S.BETWEEN_RINGS, CallerShown):   (S.PRESENTED,     Trunk._present),
    (S.BETWEEN_RINGS, RingBegan):     (S.PRESENTED,     Trunk._present),
    (S.BETWEEN_RINGS, Timeout):       (S.IDLE,          Trunk._forget),
    (S.PRESENTED,     RingEnded):     (S.PRESENTED,     Trunk._await_caller),
    (S.PRESENTED,     RingBegan):     (S.PRESENTED,     Trunk._join),
    (S.PRESENTED,     Timeout):       (S.IDLE,          Trunk._abandon),
    (S.PRESENTED,     Connect):       (S.TALKING,       Trunk._answer),
    (S.PRESENTED,     Release):       (S.DECLINED,      Trunk._decline),
    (S.DECLINED,      RingEnded):     (S.DECLINED,      Trunk._await_caller),
    (S.DECLINED,      RingBegan):     (S.DECLINED,      Trunk._join),
    (S.DECLINED,      Timeout):       (S.IDLE,          Trunk._rest),

    (S.SEIZING,       DialToneHeard): (S.SENDING,       Trunk._dial),
    (S.SEIZING,       NumberTaken):   (S.CALLING,       Trunk._leave_it_to_network),
    (S.SEIZING,       RingBegan):     (S.HOLDING_ON,    Trunk._glare),
    (S.SEIZING,       Timeout):       (S.GUARD,         Trunk._give_up),
    (S.SEIZING,       BusyHeard):     (S.GUARD,         Trunk._give_up),
    (S.SEIZING,       OrderRefused):  (S.GUARD,         Trunk._give_up),
    (S.SEIZING,       Release):       (S.GUARD,         Trunk._open_loop),
    (S.SENDING,       DigitsSent):    (S.PROCEEDING,    Trunk._proceed),
    (S.SENDING,       Timeout):       (S.GUARD,         Trunk._give_up),
    (S.SENDING,       OrderRefused):  (S.GUARD,         Trunk._give_up),
    (S.SENDING,       Release):       (S.GUARD,         Trunk._open_loop),
    (S.PROCEEDING,    Reversed):      (S.TALKING,       Trunk._answered),
    (S.PROCEEDING,    Timeout):       (S.TALKING,       Trunk._answered),
    (S.PROCEEDING,    RingbackHeard): (S.PROCEEDING,    Trunk._wait_for_answer),
    (S.PROCEEDING,    RingbackEnded): (S.PROCEEDING,    Trunk._suppose_answer),
    (S.PROCEEDING,    BusyHeard):     (S.GUARD,         Trunk._is_busy),
    (S.PROCEEDING,    DialToneHeard): (S.GUARD,         Trunk._depart),
    (S.PROCEEDING,    LoopBroken):    (S.GUARD,         Trunk._depart),
    (S.PROCEEDING,    Release):       (S.GUARD,         Trunk._open_loop),
    (S.CALLING,       RingbackHeard): (S.CALLING,       Trunk._is_rung),
    (S.CALLING,       Reversed):      (S.TALKING,       Trunk._answered),
    (S.CALLING,       BusyHeard):     (S.GUARD,         Trunk._is_busy),
    (S.CALLING,       LoopBroken):    (S.GUARD,         Trunk._is_not_answered),
    (S.CALLING,       Release):       (S.GUARD,         Trunk._open_loop),

    **dict.fromkeys(HUNG_UP,          (S.GUARD,         Trunk._depart)),
    **{(s, Release):                  (S.GUARD,         Trunk._open_loop) for s in IN_CALL},
    **{(s, Connect):                  (S.TALKING,       Trunk._hear_path) for s in IN_CALL},
    (S.TALKING,       Alert):         (S.HOLDING_ON,    Trunk._hear_ringback),
    (S.TALKING,       Wait):          (S.ON_HOLD,       Trunk._hear_music),
    (S.TALKING,       Heed):          (S.TALKING,       Trunk._heed_keys),
    (S.TALKING,       Digit):         (S.TALKING,       Trunk._tell_key),
    (S.HOLDING_ON,    Progress):      (S.TALKING,       Trunk._hear_path),
    (S.HOLDING_ON,    Wait):          (S.ON_HOLD,       Trunk._hear_music),
    (S.ON_HOLD,       Alert):         (S.HOLDING_ON,    Trunk._hear_ringback),
    (S.ON_HOLD,       Progress):      (S.TALKING,       Trunk._hear_path),

    (S.GUARD,         Timeout):       (S.IDLE,          Trunk._rest),
    (S.GUARD,         OrderRefused):  (S.STUCK,         Trunk._ask_again_later),
    (S.STUCK,         Timeout):       (S.GUARD,         Trunk._open_loop),
    (S.GUARD,         RingBegan):     (S.FIRST_RING,    Trunk._watch_ring),

    **{(s, Seize):                    (s,               Trunk._refuse) for s in S if s != S.IDLE},
    **{(s, OutOfService):             (S.LOST,          Trunk._fail)   for s in S if s != S.LOST},
}
# fmt: on
"""What a trunk does, state by state, and what it does in all."""

_POLARITY: Final = frozenset({Disconnect.POLARITY, Disconnect.REVERSAL})
SIGNS: Final[dict[type[Event], Disconnect]] = {
    LoopBroken: Disconnect.OSI,
    Restored: Disconnect.POLARITY,
    Reversed: Disconnect.REVERSAL,
    BusyHeard: Disconnect.TONES,
    DialToneHeard: Disconnect.TONES,
}
"""What ends a call, and the name under which the office is said to give it."""

_CLOSED: Final = (S.SEIZING, S.SENDING, S.PROCEEDING, S.CALLING, *IN_CALL)
_RINGING: Final = (S.FIRST_RING, S.BETWEEN_RINGS, S.PRESENTED, S.DECLINED)
_RESTING: Final = (S.LOST, S.IDLE, S.GUARD, S.STUCK)
_TONES: Final = (DialToneHeard, BusyHeard, RingbackHeard, RingbackEnded)


IGNORED: Final = frozenset(
    {(S.LOST, OutOfService)}
    | {(state, InService) for state in S if state is not S.LOST}
    | {(state, Timeout) for state in (S.LOST, S.CALLING, *IN_CALL)}
    # A closed loop has tripped the ringing; what is left of it says nothing.  A caller whose
    # number comes late, or again, has been presented.
    | {(s, RingBegan) for s in (S.LOST, S.STUCK, *_CLOSED) if s is not S.SEIZING}
    | {(state, RingEnded) for state in (*_RESTING, S.BETWEEN_RINGS, *_CLOSED)}
    | {(s, CallerShown) for s in (*_RESTING, S.PRESENTED, S.DECLINED, *_CLOSED) if s is not S.IDLE}
    # Tones and digits that nobody listens for or sends; the end of an order that was overtaken.
    | {(state, tone) for state in (*_RESTING, *_RINGING, S.SENDING) for tone in _TONES}
    | {(S.SEIZING, RingbackHeard), (S.SEIZING, RingbackEnded)}
    | {(S.CALLING, DialToneHeard), (S.CALLING, RingbackEnded)}
    | {(state, tone) for state in IN_CALL for tone in _TONES[2:]}
    | {(state, DigitsSent) for state in S if state is not S.SENDING}
    | {(state, NumberTaken) for state in S if state is not S.SEIZING}
    | {(s, OrderRefused) for s in S if s not in {S.SEIZING, S.SENDING, S.GUARD}}
    # Offices exchange tip and ring around ringing and dialling too, and open the loop for a
    # moment when it is closed; before the digits are out it means nothing.
    | {(state, Reversed) for state in S if state not in {S.IDLE, S.PROCEEDING, S.CALLING, *IN_CALL}}
    | {(state, Restored) for state in S if state not in {S.IDLE, *IN_CALL}}
    | {(state, LoopBroken) for state in (*_RESTING, *_RINGING, S.SEIZING, S.SENDING)}
    # What a call says to a trunk that has left it, or needn't know.
    | {(state, Release) for state in (*_RESTING, S.FIRST_RING, S.BETWEEN_RINGS, S.DECLINED)}
    | {(state, Alert) for state in S if state not in {S.TALKING, S.ON_HOLD}}
    | {(state, Progress) for state in S if state not in {S.HOLDING_ON, S.ON_HOLD}}
    | {(state, Connect) for state in S if state not in {S.PRESENTED, *IN_CALL}}
    | {(state, Wait) for state in S if state not in {S.TALKING, S.HOLDING_ON}}
    | {(state, event) for state in S for event in (Heed, Digit) if state is not S.TALKING}
)
"""Pairs that are known, harmless and deliberately without effect."""
