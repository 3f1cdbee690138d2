# SPDX-License-Identifier: MIT
"""What machines ask for: of the board and the engine, of each other, of the switchboard.

An effect names no port: it is performed at the party whose machine asked for it.  Paths and
conferences, which join several parties, name them.
"""

from dataclasses import dataclass

from altiware.core.decision import Decision, DialRequest
from altiware.core.errors import SeizureError
from altiware.core.events import Event
from altiware.core.ids import CallId, Party
from altiware.core.signals import Caller, Ears, Tone

__all__ = [
    "AnswerLoop",
    "Attach",
    "CloseConference",
    "ConnectPath",
    "Detach",
    "DisconnectPath",
    "Effect",
    "Ended",
    "FeedActive",
    "FeedOnHook",
    "Hear",
    "Hunt",
    "Judge",
    "ListenPath",
    "OpenConference",
    "Outside",
    "PlayTone",
    "PulseDigits",
    "ReleaseLoop",
    "Ring",
    "SeizeLoop",
    "Send",
    "SendCallerId",
    "SendDigits",
    "Silence",
    "StopRinging",
    "Talking",
    "ToBoard",
    "ToEngine",
]


class Effect:
    """Base class of all effects."""

    __slots__ = ()


class Outside(Effect):
    """Base class of what is performed outside of the machines."""

    __slots__ = ()


class ToBoard(Outside):
    """Base class of what the board performs."""

    __slots__ = ()


class ToEngine(Outside):
    """Base class of what the engine performs."""

    __slots__ = ()


# The board, at a telephone


@dataclass(frozen=True, slots=True)
class Ring(ToBoard):
    """Ring the telephone until stopped."""

    cadence_ms: tuple[int, ...]
    "On, off, on, off ...: repeated."


@dataclass(frozen=True, slots=True)
class StopRinging(ToBoard):
    """Stop ringing the telephone."""


@dataclass(frozen=True, slots=True)
class FeedOnHook(ToBoard):
    """Let the telephone hear while it is on-hook."""


@dataclass(frozen=True, slots=True)
class FeedActive(ToBoard):
    """Feed the telephone as usual."""


# The board, at a line of the central office


@dataclass(frozen=True, slots=True)
class SeizeLoop(ToBoard):
    """Close the loop to call out.

    Raises:
        SeizureError: the decision doesn't allow it.
    """

    decision: Decision

    def __post_init__(self) -> None:
        if not self.decision.allows:
            raise SeizureError(f"{self.decision.rule}: {self.decision.why}")


@dataclass(frozen=True, slots=True)
class AnswerLoop(ToBoard):
    """Close the loop to answer."""


@dataclass(frozen=True, slots=True)
class ReleaseLoop(ToBoard):
    """Open the loop: hang up."""


@dataclass(frozen=True, slots=True)
class PulseDigits(ToBoard):
    """Dial by pulses; DigitsSent follows."""

    digits: str


# The engine


@dataclass(frozen=True, slots=True)
class PlayTone(ToEngine):
    """Let the party hear a tone instead of what tone it heard."""

    tone: Tone


@dataclass(frozen=True, slots=True)
class Silence(ToEngine):
    """End the party's tone."""


@dataclass(frozen=True, slots=True)
class Hear(ToEngine):
    """Listen to the party for these, and for nothing else."""

    ears: Ears


@dataclass(frozen=True, slots=True)
class SendDigits(ToEngine):
    """Dial by DTMF; DigitsSent follows."""

    digits: str


@dataclass(frozen=True, slots=True)
class SendCallerId(ToEngine):
    """Show a caller on the telephone's display."""

    caller: Caller


@dataclass(frozen=True, slots=True)
class ConnectPath(ToEngine):
    """Let two parties hear each other."""

    a: Party
    b: Party


@dataclass(frozen=True, slots=True)
class ListenPath(ToEngine):
    """Let one party hear another, who hears nothing."""

    listener: Party
    source: Party


@dataclass(frozen=True, slots=True)
class DisconnectPath(ToEngine):
    """Let two parties hear each other no longer."""

    a: Party
    b: Party


@dataclass(frozen=True, slots=True)
class OpenConference(ToEngine):
    """Let all parties hear each other."""

    call: CallId
    "Names the conference."
    parties: tuple[Party, ...]


@dataclass(frozen=True, slots=True)
class CloseConference(ToEngine):
    """End a conference; its parties hear nothing until they are connected anew."""

    call: CallId


# Inside: other machines and the switchboard


@dataclass(frozen=True, slots=True)
class Send(Effect):
    """Tell another machine something."""

    to: Party | CallId
    message: Event


@dataclass(frozen=True, slots=True)
class Attach(Effect):
    """The party is at this call from now on: what it does concerns this call."""

    party: Party
    call: CallId


@dataclass(frozen=True, slots=True)
class Detach(Effect):
    """The party is no longer at this call."""

    party: Party
    call: CallId


@dataclass(frozen=True, slots=True)
class Judge(Effect):
    """Ask the policy; Allowed or Denied follows."""

    call: CallId
    request: DialRequest


@dataclass(frozen=True, slots=True)
class Hunt(Effect):
    """Look for a free trunk; TrunkFound or NoTrunk follows."""

    call: CallId
    decision: Decision
    tried: tuple[Party, ...]


@dataclass(frozen=True, slots=True)
class Talking(Effect):
    """The call was answered."""

    call: CallId


@dataclass(frozen=True, slots=True)
class Ended(Effect):
    """The call is over."""

    call: CallId
