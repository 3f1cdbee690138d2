# SPDX-License-Identifier: MIT
"""One analog telephone, from hook-switch to talk path.

Sans-I/O: feed it events and perform the effects it returns; when ``deadline`` has passed, feed
it a :class:`Timeout`.  It collects a whole number before it asks for a call, rings with the
caller shown between the first two rings, and says busy to offers while it is in use.  It does
not know who talks to whom, what is on hold, or what a number means: calls do.
"""

import enum
from collections.abc import Callable, Mapping
from typing import Final

from altiware.core.causes import Cause, tone_of
from altiware.core.effects import (
    Beep,
    Effect,
    FeedActive,
    FeedOnHook,
    Hear,
    PlayMusic,
    PlayTone,
    Ring,
    SendCallerId,
    SendLamp,
    Silence,
    StopRinging,
)
from altiware.core.events import (
    Digit,
    Event,
    Flash,
    InService,
    Lamp,
    OffHook,
    OnHook,
    OutOfService,
    Timeout,
)
from altiware.core.legs import (
    Alert,
    Alerting,
    Answered,
    Connect,
    Departed,
    Failed,
    Flashed,
    Heed,
    Keyed,
    Knock,
    Offer,
    Progress,
    Recall,
    Refused,
    Release,
    Setup,
    Wait,
)
from altiware.core.numbering import DialPlan, Reading
from altiware.core.plan import StationPlan, Timers
from altiware.core.signals import Absence, Caller, Ears, RingStyle, Tone

__all__ = ["AT_REST", "EVENTS", "IGNORED", "TRANSITIONS", "Line", "LineState", "Ringing"]

CALLER_ID_AFTER_RING_S: Final = 0.5
"""The message comes at least 500 ms after the first ring has ended (GR-30)."""
CALLER_ID_PAUSE_MS: Final = 1500
"""Room for the longest message (0.8 s at 1200 bit/s) and 200 ms before the second ring."""

LAMP_AFTER_S: Final = 1.0
"""The message about messages comes so long after the last thing that happened on the line."""
LAMP_S: Final = 1.0
"""Room for that message: 300 bits of seizure, 180 marks and ten bytes at 1200 bit/s take 0.5 s."""

NOBODY_KNOWN: Final = Caller("", absence=Absence.UNAVAILABLE)

Ringing = Mapping[RingStyle, tuple[int, ...]]
"""On and off times in ms of each style, repeated until stopped."""


class LineState(enum.Enum):
    """Each state means one thing a caller could describe; no flags stand beside it."""

    LOST = "out of service"
    IDLE = "idle"
    LIGHTING = "setting the lamp"
    "On-hook, hearing the message about messages."
    RINGING = "ringing"
    SHOWING = "showing the caller"
    "Between the first two rings: on-hook, hearing the caller-ID message."
    DIAL_TONE = "dial tone"
    DIALLING = "dialling"
    WAITING = "waiting for the switch"
    RINGBACK = "ringback"
    LISTENING = "hearing the network"
    TALKING = "talking"
    ON_HOLD = "on hold"
    "The other has turned to something else."
    CLEARED = "busy or reorder"
    "The call is over, or there was none; the telephone is still off-hook."
    HOWLER = "howler"
    LOCKED_OUT = "locked out"
    "Off-hook and silent, until the handset is replaced."


class Line:
    """The signalling state of one telephone."""

    def __init__(
        self, station: StationPlan, dial_plan: DialPlan, timers: Timers, ringing_ms: Ringing
    ) -> None:
        self.station = station
        self.party = station.party
        self.state = LineState.LOST
        self.deadline: float | None = None
        self._dial_plan = dial_plan
        self._timers = timers
        self._ringing_ms = ringing_ms
        self._digits = ""
        self._caller = NOBODY_KNOWN
        self._messages: int | None = None
        "How many wait; None: nobody has said."
        self._shown: int | None = None
        "How many the telephone was told of; None: it doesn't know."
        self._cadence_ms: tuple[int, ...] = ()

    def adopt(self, station: StationPlan, dial_plan: DialPlan, timers: Timers) -> None:
        """Go on by a new plan, in which the telephone is at the same port."""
        self.station = station
        self._dial_plan = dial_plan
        self._timers = timers

    def receive(self, event: Event) -> list[Effect]:
        """Apply one event and return the effects to perform, in order."""
        row = TRANSITIONS.get((self.state, type(event)))
        if row is None:
            return []
        state, act = row
        if state is not self.state or type(event) is Timeout:
            self.deadline = None
        self.state = state
        return act(self, event)

    # The lamp.  Actions never touch ``state``.

    def _note_messages(self, event: Event) -> list[Effect]:
        assert isinstance(event, Lamp)
        self._messages = event.messages
        return []

    def _note_and_light(self, event: Event) -> list[Effect]:
        return [*self._note_messages(event), *self._light_soon(event, event.at)]

    def _light_soon(self, event: Event, at: float) -> list[Effect]:
        """Let the telephone be told of its messages, if it is to be and doesn't know."""
        known = self._messages is None or self._messages == self._shown
        if self.station.shows_caller and not known:
            self.deadline = at
        return []

    def _light(self, event: Event) -> list[Effect]:
        self.deadline = event.at + LAMP_S
        self._shown = self._messages or 0
        return [FeedOnHook(), SendLamp(self._shown)]

    def _end_lighting(self, event: Event) -> list[Effect]:
        self._light_soon(event, event.at + LAMP_AFTER_S)
        return [Silence(), FeedActive()]

    def _lift_while_lit(self, event: Event) -> list[Effect]:
        self._shown = None
        return [Silence(), FeedActive(), *self._give_dial_tone(event)]

    def _ring_while_lit(self, event: Event) -> list[Effect]:
        self._shown = None
        return [Silence(), FeedActive(), *self._ring(event)]

    # Being called.

    def _ring(self, event: Event) -> list[Effect]:
        assert isinstance(event, Offer)
        self._cadence_ms = self._ringing_ms[event.style]
        self._caller = event.caller or NOBODY_KNOWN
        *first_ring_ms, pause_ms = self._cadence_ms
        if self.station.shows_caller and pause_ms >= CALLER_ID_PAUSE_MS:
            self.deadline = event.at + sum(first_ring_ms) / 1000 + CALLER_ID_AFTER_RING_S
        return [Ring(self._cadence_ms), Alerting(event.at, self.party, event.call)]

    def _show_caller(self, event: Event) -> list[Effect]:
        self.deadline = event.at + self._cadence_ms[-1] / 1000 - CALLER_ID_AFTER_RING_S
        return [StopRinging(), FeedOnHook(), SendCallerId(self._caller)]

    def _ring_on(self, event: Event) -> list[Effect]:
        return [FeedActive(), Ring(self._cadence_ms)]

    def _answer(self, event: Event) -> list[Effect]:
        return [StopRinging(), Answered(event.at, self.party)]

    def _answer_while_shown(self, event: Event) -> list[Effect]:
        return [Silence(), FeedActive(), Answered(event.at, self.party)]

    def _stop_ringing(self, event: Event) -> list[Effect]:
        return [StopRinging(), *self._light_soon(event, event.at + LAMP_AFTER_S)]

    def _stop_showing(self, event: Event) -> list[Effect]:
        return [Silence(), FeedActive(), *self._light_soon(event, event.at + LAMP_AFTER_S)]

    def _refuse_busy(self, event: Event) -> list[Effect]:
        assert isinstance(event, Offer)
        return [Refused(event.at, self.party, event.call, Cause.BUSY)]

    def _refuse_lost(self, event: Event) -> list[Effect]:
        assert isinstance(event, Offer)
        return [Refused(event.at, self.party, event.call, Cause.OUT_OF_SERVICE)]

    # Calling.

    def _give_dial_tone(self, event: Event) -> list[Effect]:
        holding = isinstance(event, Recall) and event.holding
        self._digits = ""
        self.deadline = event.at + self._timers.first_digit_s
        stutters = holding or bool(self._messages)
        return [PlayTone(Tone.STUTTER if stutters else Tone.DIAL), Hear(Ears.DIGITS)]

    def _collect(self, event: Event) -> list[Effect]:
        assert isinstance(event, Digit)
        self._digits += event.key
        whole = self._dial_plan.read(self._digits) is Reading.WHOLE
        self.deadline = event.at + (0.0 if whole else self._timers.next_digit_s)
        return [Silence()]

    def _call(self, event: Event) -> list[Effect]:
        return [Hear(Ears.NONE), Setup(event.at, self.party, self._digits)]

    # What the call tells.

    def _hear_ringback(self, event: Event) -> list[Effect]:
        return [PlayTone(Tone.RINGBACK)]

    def _hear_ringback_again(self, event: Event) -> list[Effect]:
        return [Hear(Ears.NONE), *self._hear_ringback(event)]

    def _hear_path(self, event: Event) -> list[Effect]:
        return [Silence(), Hear(Ears.NONE)]

    def _heed_keys(self, event: Event) -> list[Effect]:
        return [Hear(Ears.DIGITS)]

    def _tell_key(self, event: Event) -> list[Effect]:
        assert isinstance(event, Digit)
        return [Keyed(event.at, self.party, event.key)]

    def _beep(self, event: Event) -> list[Effect]:
        assert isinstance(event, Knock)
        return [Beep(event.caller if self.station.shows_caller else None)]

    def _hear_music(self, event: Event) -> list[Effect]:
        return [Hear(Ears.NONE), PlayMusic()]

    def _hear_why(self, event: Event) -> list[Effect]:
        assert isinstance(event, Release)
        self.deadline = event.at + self._timers.tone_s
        return [PlayTone(tone_of(event.cause))]

    # Leaving, and not leaving.

    def _reorder(self, event: Event) -> list[Effect]:
        self.deadline = event.at + self._timers.tone_s
        return [Hear(Ears.NONE), PlayTone(Tone.REORDER)]

    def _howl(self, event: Event) -> list[Effect]:
        self.deadline = event.at + self._timers.howler_s
        return [PlayTone(Tone.HOWLER)]

    def _fall_silent(self, event: Event) -> list[Effect]:
        return [Silence()]

    def _hang_up(self, event: Event) -> list[Effect]:
        self._light_soon(event, event.at + LAMP_AFTER_S)
        return [Silence(), Hear(Ears.NONE), Departed(event.at, self.party)]

    def _report_flash(self, event: Event) -> list[Effect]:
        return [Flashed(event.at, self.party)]

    def _come_up(self, event: Event) -> list[Effect]:
        self._shown = None
        return self._light_soon(event, event.at + LAMP_AFTER_S)

    def _fail(self, event: Event) -> list[Effect]:
        return [Silence(), Hear(Ears.NONE), Failed(event.at, self.party)]


Action = Callable[[Line, Event], list[Effect]]
Table = dict[tuple[LineState, type[Event]], tuple[LineState, Action]]
S = LineState

EVENTS: Final[tuple[type[Event], ...]] = (
    InService,
    OutOfService,
    OffHook,
    OnHook,
    Flash,
    Digit,
    Lamp,
    Timeout,
    Offer,
    Alert,
    Progress,
    Connect,
    Wait,
    Heed,
    Knock,
    Recall,
    Release,
)
"""All that a line can be told."""

AT_REST: Final = frozenset({S.IDLE, S.LIGHTING})
"""On-hook, and nobody calls."""
OFF_HOOK: Final = tuple(s for s in S if s not in {S.LOST, *AT_REST, S.RINGING, S.SHOWING})
BUSY: Final = tuple(s for s in S if s is not S.IDLE)
AT_HAND: Final = tuple(s for s in OFF_HOOK if s not in {S.WAITING, S.RINGBACK, S.LISTENING})
"""Off-hook, and no number of theirs is under way."""

# fmt: off
TRANSITIONS: Final[Table] = {
    (S.LOST,       InService):    (S.IDLE,       Line._come_up),
    (S.LOST,       Offer):        (S.LOST,       Line._refuse_lost),

    (S.IDLE,       OffHook):      (S.DIAL_TONE,  Line._give_dial_tone),
    (S.IDLE,       Offer):        (S.RINGING,    Line._ring),
    (S.IDLE,       OutOfService): (S.LOST,       Line._fail),

    (S.IDLE,       Lamp):         (S.IDLE,       Line._note_and_light),
    (S.IDLE,       Timeout):      (S.LIGHTING,   Line._light),
    (S.LIGHTING,   Timeout):      (S.IDLE,       Line._end_lighting),
    (S.LIGHTING,   OffHook):      (S.DIAL_TONE,  Line._lift_while_lit),
    (S.LIGHTING,   Offer):        (S.RINGING,    Line._ring_while_lit),
    (S.LIGHTING,   OutOfService): (S.LOST,       Line._fail),

    (S.RINGING,    Timeout):      (S.SHOWING,    Line._show_caller),
    (S.RINGING,    OffHook):      (S.TALKING,    Line._answer),
    (S.RINGING,    Release):      (S.IDLE,       Line._stop_ringing),
    (S.RINGING,    Offer):        (S.RINGING,    Line._refuse_busy),
    (S.RINGING,    OutOfService): (S.LOST,       Line._fail),

    (S.SHOWING,    Timeout):      (S.RINGING,    Line._ring_on),
    (S.SHOWING,    OffHook):      (S.TALKING,    Line._answer_while_shown),
    (S.SHOWING,    Release):      (S.IDLE,       Line._stop_showing),
    (S.SHOWING,    Offer):        (S.SHOWING,    Line._refuse_busy),
    (S.SHOWING,    OutOfService): (S.LOST,       Line._fail),

    (S.DIAL_TONE,  Digit):        (S.DIALLING,   Line._collect),
    (S.DIAL_TONE,  Timeout):      (S.CLEARED,    Line._reorder),
    (S.DIALLING,   Digit):        (S.DIALLING,   Line._collect),
    (S.DIALLING,   Timeout):      (S.WAITING,    Line._call),

    (S.WAITING,    Alert):        (S.RINGBACK,   Line._hear_ringback),
    (S.WAITING,    Progress):     (S.LISTENING,  Line._hear_path),
    (S.WAITING,    Release):      (S.CLEARED,    Line._hear_why),
    (S.RINGBACK,   Progress):     (S.LISTENING,  Line._hear_path),
    (S.RINGBACK,   Release):      (S.CLEARED,    Line._hear_why),
    (S.LISTENING,  Alert):        (S.RINGBACK,   Line._hear_ringback),
    (S.LISTENING,  Release):      (S.CLEARED,    Line._hear_why),
    (S.TALKING,    Alert):        (S.RINGBACK,   Line._hear_ringback_again),
    (S.TALKING,    Progress):     (S.LISTENING,  Line._hear_path),
    (S.TALKING,    Release):      (S.CLEARED,    Line._hear_why),
    (S.TALKING,    Wait):         (S.ON_HOLD,    Line._hear_music),
    (S.TALKING,    Heed):         (S.TALKING,    Line._heed_keys),
    (S.TALKING,    Knock):        (S.TALKING,    Line._beep),
    (S.TALKING,    Digit):        (S.TALKING,    Line._tell_key),
    (S.ON_HOLD,    Alert):        (S.RINGBACK,   Line._hear_ringback_again),
    (S.ON_HOLD,    Progress):     (S.LISTENING,  Line._hear_path),
    (S.ON_HOLD,    Release):      (S.CLEARED,    Line._hear_why),

    (S.CLEARED,    Timeout):      (S.HOWLER,     Line._howl),
    (S.HOWLER,     Timeout):      (S.LOCKED_OUT, Line._fall_silent),

    **{(s, Lamp):                 (s,            Line._note_messages)  for s in BUSY},
    **{(s, OnHook):               (S.IDLE,       Line._hang_up)        for s in OFF_HOOK},
    **{(s, Flash):                (s,            Line._report_flash)   for s in OFF_HOOK},
    **{(s, Offer):                (s,            Line._refuse_busy)    for s in OFF_HOOK},
    **{(s, OutOfService):         (S.LOST,       Line._fail)           for s in OFF_HOOK},
    **{(s, Recall):               (S.DIAL_TONE,  Line._give_dial_tone) for s in AT_HAND},
    **{(s, Connect):              (S.TALKING,    Line._hear_path)      for s in OFF_HOOK},
}
# fmt: on
"""What a line does, state by state, and what all do that are off-hook."""

_TOLD: Final = frozenset({Alert, Progress, Connect, Wait, Heed, Knock, Recall, Release})

IGNORED: Final = frozenset(
    # What the board may repeat when it says how its ports are.
    {(state, InService) for state in S if state is not S.LOST}
    | {(state, OffHook) for state in (S.LOST, *OFF_HOOK)}
    | {(s, event) for s in (*AT_REST, S.RINGING, S.SHOWING) for event in (OnHook, Flash)}
    | {(S.LOST, event) for event in (OutOfService, OnHook, Flash)}
    # Digits that nobody waits for, and time-outs that nobody set.
    | {(state, Digit) for state in S if state not in {S.DIAL_TONE, S.DIALLING, S.TALKING}}
    | {(s, Timeout) for s in (S.LOST, S.WAITING, S.RINGBACK, S.LISTENING, S.TALKING)}
    | {(S.LOCKED_OUT, Timeout), (S.ON_HOLD, Timeout)}
    # What a call says to a telephone that has left it, or knows already.
    | {(state, event) for state in (S.LOST, *AT_REST) for event in _TOLD}
    | {(s, event) for s in (S.RINGING, S.SHOWING) for event in _TOLD - {Release}}
    | {(s, Recall) for s in (S.WAITING, S.RINGBACK, S.LISTENING)}
    | {(S.RINGBACK, Alert), (S.LISTENING, Progress)}
    | {(s, event) for s in OFF_HOOK for event in (Wait, Heed, Knock) if s is not S.TALKING}
    | {
        (state, event)
        for state in (S.DIAL_TONE, S.DIALLING, S.CLEARED, S.HOWLER, S.LOCKED_OUT)
        for event in (Alert, Progress, Release)
    }
)
"""Pairs that are known, harmless and deliberately without effect."""
