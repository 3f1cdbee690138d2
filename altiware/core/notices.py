# SPDX-License-Identifier: MIT
"""What the exchange tells its listeners: records, console, logs.  Nobody answers a notice."""

import enum
from dataclasses import dataclass

from altiware.core.decision import Decision
from altiware.core.ids import CallId, Party, PortAddress
from altiware.core.record import CallRecord
from altiware.core.signals import Tone

__all__ = [
    "BoardChanged",
    "CallAnswered",
    "CallClosed",
    "CallOpened",
    "Connected",
    "Decided",
    "DigitDialled",
    "Disconnected",
    "EmergencyCalled",
    "EmergencyConfirmed",
    "EngineLost",
    "EventsMissed",
    "LineChanged",
    "MailAbused",
    "MessageKept",
    "MessageWaiting",
    "Notice",
    "OrderMissed",
    "SettingChanged",
    "ToneGiven",
    "TraceKind",
    "Traced",
    "TrunkChanged",
]


@dataclass(frozen=True, slots=True)
class Notice:
    """Base class of all notices."""

    at: float
    "Engine seconds."


@dataclass(frozen=True, slots=True)
class LineChanged(Notice):
    """A station line is in another state."""

    extension: str
    state: str
    "The value of its LineState."


@dataclass(frozen=True, slots=True)
class TrunkChanged(Notice):
    """A trunk is in another state."""

    port: PortAddress
    state: str
    "The value of its TrunkState."


@dataclass(frozen=True, slots=True)
class DigitDialled(Notice):
    """A station dialled a digit."""

    extension: str
    key: str


@dataclass(frozen=True, slots=True)
class ToneGiven(Notice):
    """A party hears a tone, or no longer one (None)."""

    party: Party
    tone: Tone | None


@dataclass(frozen=True, slots=True)
class CallOpened(Notice):
    """A call has begun; its record is open."""

    record: CallRecord


@dataclass(frozen=True, slots=True)
class CallAnswered(Notice):
    """A call was answered (its record as of now)."""

    record: CallRecord


@dataclass(frozen=True, slots=True)
class CallClosed(Notice):
    """A call is over; this is its record."""

    record: CallRecord


@dataclass(frozen=True, slots=True)
class Connected(Notice):
    """Two parties hear each other, or ``a`` hears ``b`` only."""

    a: Party
    b: Party
    one_way: bool = False


@dataclass(frozen=True, slots=True)
class Disconnected(Notice):
    """Two parties no longer hear each other."""

    a: Party
    b: Party


@dataclass(frozen=True, slots=True)
class Decided(Notice):
    """The policy was asked about a call."""

    call: CallId
    decision: Decision


@dataclass(frozen=True, slots=True)
class BoardChanged(Notice):
    """A board came up or was lost."""

    address: str
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OrderMissed(Notice):
    """A board or the engine did not carry out an order."""

    party: Party
    order: str
    reason: str


@dataclass(frozen=True, slots=True)
class SettingChanged(Notice):
    """Somebody has set something at his telephone; to be kept."""

    extension: str
    setting: str
    value: object
    "What JSON can say."


@dataclass(frozen=True, slots=True)
class MessageWaiting(Notice):
    """What is in a mailbox has changed, or is told at the start: for lamps, displays, consoles."""

    extension: str
    new: int
    urgent: int
    "Of the new ones."
    saved: int


@dataclass(frozen=True, slots=True)
class MessageKept(Notice):
    """A message is whole on the disk, with its row."""

    extension: str
    "Whose mailbox."
    message: str
    "Its id."


@dataclass(frozen=True, slots=True)
class MailAbused(Notice):
    """More was called out of one session with a mailbox than anybody needs."""

    extension: str
    calls: int
    minutes: float


@dataclass(frozen=True, slots=True)
class EmergencyCalled(Notice):
    """Somebody calls help: for screens, logs, and whoever can be there first."""

    call: CallId
    extension: str
    name: str
    location: str
    "Where the telephone stands; empty: nobody has said."
    call_back: str
    "The number under which it can be called back; empty: nobody has said."
    number: str
    "As it is dialled to the office."


@dataclass(frozen=True, slots=True)
class EmergencyConfirmed(Notice):
    """What became of telling a telephone of an emergency call."""

    call: CallId
    extension: str
    "Whose emergency call."
    notified: str
    "The extension that was told."
    confirmed: bool
    "False: nobody was there for an hour."


@dataclass(frozen=True, slots=True)
class EngineLost(Notice):
    """The engine's process has died; its boards were lost with it."""


@dataclass(frozen=True, slots=True)
class EventsMissed(Notice):
    """The engine had more to report than was taken in time; boards tell their state again."""

    count: int


class TraceKind(enum.Enum):
    """What a line of a trace tells."""

    EVENT = "event"
    "Something happened at a party."
    MESSAGE = "message"
    "One machine told another."
    EFFECT = "effect"
    "The board or the engine was asked for something."
    DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Traced(Notice):
    """One line of a call's trace: enough to print the call as a ladder."""

    call: CallId
    kind: TraceKind
    source: str
    "A party's name, a call's id, ``policy``, ``board`` or ``engine``."
    target: str
    what: str
    "The name of the event, message or effect."
    fields: tuple[tuple[str, str], ...] = ()
