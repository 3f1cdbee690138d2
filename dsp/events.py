# SPDX-License-Identifier: MIT
"""What the engine reports.  Plain facts; ``at`` is engine seconds (samples / 8000)."""

import enum
from dataclasses import dataclass

from dsp.segments import Segment
from dsp.special import Special
from dsp.vad import Greeting

__all__ = [
    "AnsweredBy",
    "CallerIdHeard",
    "CasHeard",
    "DigitEnded",
    "DigitHeard",
    "EngineEvent",
    "EngineGone",
    "EngineStuck",
    "EventsLost",
    "FrameReceived",
    "LineSnapshot",
    "LinkDown",
    "LinkEvent",
    "LinkLoss",
    "MfEnded",
    "MfHeard",
    "PortDone",
    "PortEvent",
    "SilenceHeard",
    "SpecialHeard",
    "ToneEnded",
    "ToneHeard",
    "ToneSegment",
    "VoiceHeard",
]


@dataclass(frozen=True, slots=True)
class EngineEvent:
    """Base class of all events of the engine."""

    at: float


@dataclass(frozen=True, slots=True)
class EventsLost(EngineEvent):
    """The event ring was full: read the tables again."""

    count: int


@dataclass(frozen=True, slots=True)
class EngineGone(EngineEvent):
    """The engine's process has died, and all sound with it; LinkDown of each link came before."""


@dataclass(frozen=True, slots=True)
class EngineStuck(EngineEvent):
    """The engine's time has stood still for 100 ms since ``at``; it may go on again."""


@dataclass(frozen=True, slots=True)
class PortEvent(EngineEvent):
    """Base class of what is heard on, or becomes of, one port."""

    port: int


@dataclass(frozen=True, slots=True)
class DigitHeard(PortEvent):
    """A DTMF digit has begun (reported as soon as it is certain)."""

    key: str
    level_dbm0: float


@dataclass(frozen=True, slots=True)
class DigitEnded(PortEvent):
    """A DTMF digit has ended."""

    key: str
    duration_ms: int


@dataclass(frozen=True, slots=True)
class MfHeard(PortEvent):
    """An MF signal has begun (keys as in ``dsp.mf``)."""

    key: str
    level_dbm0: float


@dataclass(frozen=True, slots=True)
class MfEnded(PortEvent):
    """An MF signal has ended."""

    key: str
    duration_ms: int


@dataclass(frozen=True, slots=True)
class SpecialHeard(PortEvent):
    """A fax, a modem or a special information tone was recognised."""

    kind: Special


@dataclass(frozen=True, slots=True)
class VoiceHeard(PortEvent):
    """Somebody has begun to speak: 40 ms ago, a syllable being certain."""


@dataclass(frozen=True, slots=True)
class SilenceHeard(PortEvent):
    """Nobody has spoken for the time that ``Engine.detect`` was given."""

    silence_ms: int


@dataclass(frozen=True, slots=True)
class AnsweredBy(PortEvent):
    """Who answered, guessed once (see ``dsp.vad``)."""

    greeting: Greeting


@dataclass(frozen=True, slots=True)
class ToneHeard(PortEvent):
    """A call-progress tone of the port's plan was recognised."""

    tone: str


@dataclass(frozen=True, slots=True)
class ToneEnded(PortEvent):
    """A call-progress tone is no longer there."""

    tone: str


@dataclass(frozen=True, slots=True)
class ToneSegment(PortEvent):
    """A tone or a silence has ended, or has gone on for a while: material for ``dsp.learn``."""

    segment: Segment


@dataclass(frozen=True, slots=True)
class CallerIdHeard(PortEvent):
    """A whole caller-ID message (type, length, body), its checksum right and taken off."""

    message: bytes


@dataclass(frozen=True, slots=True)
class CasHeard(PortEvent):
    """The alerting signal of caller ID during a call has just ended."""

    duration_ms: int


@dataclass(frozen=True, slots=True)
class PortDone(PortEvent):
    """A finite source (player, digits, caller ID, finite tone) or recording has come to its end."""

    reason: str


@dataclass(frozen=True, slots=True)
class LinkEvent(EngineEvent):
    """Base class of what happens on a link to a board."""

    link: int


class LinkLoss(enum.Enum):
    """Why a link is dead."""

    CLOSED = "closed"
    ERROR = "error"
    STALLED = "stalled"
    GARBAGE = "garbage"


@dataclass(frozen=True, slots=True)
class LinkDown(LinkEvent):
    """The link is dead; close it."""

    reason: LinkLoss
    detail: str = ""


@dataclass(frozen=True, slots=True)
class FrameReceived(LinkEvent):
    """A valid frame of any kind but PCM (header fields as in docs/reference/qhi.md)."""

    kind: int
    flags: int
    seq: int
    tick: int
    ack: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class LineSnapshot(LinkEvent):
    """The level state that each PCM frame carries; reported first and on change."""

    off_hook: int
    "Bit per port."
    ringing: int
    "Bit per port."
