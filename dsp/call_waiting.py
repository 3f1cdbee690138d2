# SPDX-License-Identifier: MIT
"""Caller ID during a call (type II): what either end does, and when, without any sound of its own.

``Alerter`` is the office's end (an FXS port): mute, CAS, wait for the answer, send the message,
unmute.  ``Answerer`` is the telephone's end (an FXO port): CAS heard, mute, answer D, receive,
unmute.  Give each event with its time to ``receive`` and perform the effects in their order;
``deadline`` says when a ``Timeout`` is due.  Neither knows why it is started, and the answer A of
type III sets is taken for a D.
"""

import enum
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

__all__ = [
    "ACK_KEY",
    "ACK_MS",
    "ALERTER",
    "ALERTER_IGNORED",
    "ANSWERER",
    "ANSWERER_IGNORED",
    "EVENTS",
    "Alerter",
    "AlerterState",
    "Answerer",
    "AnswererState",
    "CasEnded",
    "Effect",
    "Event",
    "Key",
    "MessageEnded",
    "Mute",
    "PlayAck",
    "PlayCas",
    "SendMessage",
    "ShowMessage",
    "SoundEnded",
    "Start",
    "Stop",
    "Timeout",
    "Unmute",
]

ACK_KEY: Final = "D"
ACK_KEYS: Final = frozenset("DA")
ACK_MS: Final = 60
"55 to 65."
ACK_WITHIN_S: Final = 0.24
"From the end of the CAS: the answer begins within 100 ms, lasts 65, and is heard 40 ms late."
MESSAGE_WITHIN_S: Final = 0.5
"From the end of the answer to the first bit of the message."
LONGEST_MESSAGE_S: Final = (80 + 10 * 258 + 10) / 1200
SOUND_WITHIN_S: Final = 1.0
"A CAS or an answer that has not ended by then never began."


@dataclass(frozen=True, slots=True)
class Event:
    """Base class of what a machine is told."""

    at: float
    "Seconds of the engine."


@dataclass(frozen=True, slots=True)
class Start(Event):
    """Tell of a caller (the office's end)."""


@dataclass(frozen=True, slots=True)
class CasEnded(Event):
    """A CAS was heard, and has ended (the telephone's end)."""


@dataclass(frozen=True, slots=True)
class SoundEnded(Event):
    """What was to be played (CAS, answer, message) is over."""


@dataclass(frozen=True, slots=True)
class Key(Event):
    """A DTMF key was heard."""

    key: str


@dataclass(frozen=True, slots=True)
class MessageEnded(Event):
    """A whole message was received."""

    message: bytes


@dataclass(frozen=True, slots=True)
class Timeout(Event):
    """The deadline has passed."""


@dataclass(frozen=True, slots=True)
class Stop(Event):
    """The call is over, or somebody hooked: leave it."""


EVENTS: Final = (Start, CasEnded, SoundEnded, Key, MessageEnded, Timeout, Stop)


@dataclass(frozen=True, slots=True)
class Effect:
    """Base class of what is to be done."""


@dataclass(frozen=True, slots=True)
class Mute(Effect):
    """The parties no longer hear each other."""


@dataclass(frozen=True, slots=True)
class Unmute(Effect):
    """The parties hear each other again: within 50 ms."""


@dataclass(frozen=True, slots=True)
class PlayCas(Effect):
    """Play ``dsp.cas.cas_tone()`` to the telephone; tell its end."""


@dataclass(frozen=True, slots=True)
class PlayAck(Effect):
    """Send ``ACK_KEY`` for ``ACK_MS``; tell its end."""


@dataclass(frozen=True, slots=True)
class SendMessage(Effect):
    """Send the message by FSK, without seizure (``in_call``); tell its end."""

    message: bytes


@dataclass(frozen=True, slots=True)
class ShowMessage(Effect):
    """A message was received."""

    message: bytes


class AlerterState(enum.Enum):
    """Where the office's end is."""

    TALKING = "talking"
    ALERTING = "sending the CAS"
    AWAITING = "waiting for the answer"
    SENDING = "sending the message"


class AnswererState(enum.Enum):
    """Where the telephone's end is."""

    TALKING = "talking"
    ANSWERING = "sending the answer"
    RECEIVING = "waiting for the message"


class Alerter:
    """The office's end."""

    def __init__(self, message: bytes) -> None:
        self.state = AlerterState.TALKING
        self.deadline: float | None = None
        self.delivered = False
        "Whether the message was sent whole, the telephone having answered."
        self._message = message

    def receive(self, event: Event) -> list[Effect]:
        """Apply one event and return the effects to perform, in order."""
        if isinstance(event, Key) and event.key not in ACK_KEYS:
            return []
        row = ALERTER.get((self.state, type(event)))
        if row is None:
            return []
        self.state, act = row
        self.deadline = None
        return act(self, event)

    def _alert(self, event: Event) -> list[Effect]:
        self.delivered = False
        self.deadline = event.at + SOUND_WITHIN_S
        return [Mute(), PlayCas()]

    def _await(self, event: Event) -> list[Effect]:
        self.deadline = event.at + ACK_WITHIN_S
        return []

    def _send(self, event: Event) -> list[Effect]:
        self.deadline = event.at + LONGEST_MESSAGE_S + SOUND_WITHIN_S
        return [SendMessage(self._message)]

    def _finish(self, _: Event) -> list[Effect]:
        self.delivered = True
        return [Unmute()]

    def _leave(self, _: Event) -> list[Effect]:
        return [Unmute()]


class Answerer:
    """The telephone's end."""

    def __init__(self) -> None:
        self.state = AnswererState.TALKING
        self.deadline: float | None = None

    def receive(self, event: Event) -> list[Effect]:
        """Apply one event and return the effects to perform, in order."""
        row = ANSWERER.get((self.state, type(event)))
        if row is None:
            return []
        self.state, act = row
        self.deadline = None
        return act(self, event)

    def _answer(self, event: Event) -> list[Effect]:
        self.deadline = event.at + SOUND_WITHIN_S
        return [Mute(), PlayAck()]

    def _await(self, event: Event) -> list[Effect]:
        self.deadline = event.at + MESSAGE_WITHIN_S + LONGEST_MESSAGE_S
        return []

    def _show(self, event: Event) -> list[Effect]:
        assert isinstance(event, MessageEnded)
        return [Unmute(), ShowMessage(event.message)]

    def _leave(self, _: Event) -> list[Effect]:
        return [Unmute()]


_A, _B = AlerterState, AnswererState
# fmt: off
ALERTER: Final[
    Mapping[tuple[AlerterState, type[Event]],
            tuple[AlerterState, Callable[[Alerter, Event], list[Effect]]]]
] = {
    (_A.TALKING,  Start):      (_A.ALERTING, Alerter._alert),
    (_A.ALERTING, SoundEnded): (_A.AWAITING, Alerter._await),
    (_A.ALERTING, Timeout):    (_A.TALKING,  Alerter._leave),
    (_A.ALERTING, Stop):       (_A.TALKING,  Alerter._leave),
    (_A.AWAITING, Key):        (_A.SENDING,  Alerter._send),
    (_A.AWAITING, Timeout):    (_A.TALKING,  Alerter._leave),
    (_A.AWAITING, Stop):       (_A.TALKING,  Alerter._leave),
    (_A.SENDING,  SoundEnded): (_A.TALKING,  Alerter._finish),
    (_A.SENDING,  Timeout):    (_A.TALKING,  Alerter._leave),
    (_A.SENDING,  Stop):       (_A.TALKING,  Alerter._leave),
}
ANSWERER: Final[
    Mapping[tuple[AnswererState, type[Event]],
            tuple[AnswererState, Callable[[Answerer, Event], list[Effect]]]]
] = {
    (_B.TALKING,   CasEnded):     (_B.ANSWERING, Answerer._answer),
    (_B.ANSWERING, SoundEnded):   (_B.RECEIVING, Answerer._await),
    (_B.ANSWERING, Timeout):      (_B.TALKING,   Answerer._leave),
    (_B.ANSWERING, Stop):         (_B.TALKING,   Answerer._leave),
    (_B.RECEIVING, MessageEnded): (_B.TALKING,   Answerer._show),
    (_B.RECEIVING, Timeout):      (_B.TALKING,   Answerer._leave),
    (_B.RECEIVING, Stop):         (_B.TALKING,   Answerer._leave),
}
# fmt: on

# The other end's sounds are for the other machine; a key or a CAS in the middle of talk is talk.
ALERTER_IGNORED: Final = (
    set(itertools.product((_A.TALKING,), (SoundEnded, Key, Timeout, Stop)))
    | set(itertools.product(AlerterState, (CasEnded, MessageEnded)))
    | {(_A.ALERTING, Key), (_A.SENDING, Key), (_A.AWAITING, SoundEnded)}
    | {(state, Start) for state in AlerterState if state is not _A.TALKING}
)
ANSWERER_IGNORED: Final = (
    set(itertools.product((_B.TALKING,), (SoundEnded, MessageEnded, Timeout, Stop)))
    | set(itertools.product(AnswererState, (Start, Key)))
    | {(_B.ANSWERING, CasEnded), (_B.RECEIVING, CasEnded)}
    | {(_B.ANSWERING, MessageEnded), (_B.RECEIVING, SoundEnded)}
)
