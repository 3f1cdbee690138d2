# SPDX-License-Identifier: MIT
"""What machines ask for: of the board and the engine, of each other, of the switchboard.

An effect names no port: it is performed at the party whose machine asked for it.  Paths and
conferences, which join several parties, name them.
"""

from dataclasses import dataclass

from altiware.core.causes import Cause
from altiware.core.decision import Decision, DialRequest
from altiware.core.errors import SeizureError
from altiware.core.events import Event
from altiware.core.ids import CallId, Party
from altiware.core.signals import Caller, Ears, Tone
from altiware.core.speech import Clip

__all__ = [
    "AnswerLoop",
    "Astray",
    "Attach",
    "Beep",
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
    "PageLoop",
    "PlayMusic",
    "PlayTone",
    "PulseDigits",
    "Record",
    "ReleaseLoop",
    "Ring",
    "Say",
    "Seat",
    "SeizeLoop",
    "Send",
    "SendCallerId",
    "SendDigits",
    "SendLamp",
    "Silence",
    "StopRecording",
    "StopRinging",
    "Talking",
    "ToBoard",
    "ToEngine",
    "ToStore",
    "UnlistenPath",
    "Unseat",
    "Vacate",
    "Wind",
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


class ToStore(Outside):
    """Base class of what the store performs; it answers the party with an event when it is done."""

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
    digits: str = ""
    "For a network that takes the whole number at once; empty: those of the decision."

    def __post_init__(self) -> None:
        if not self.decision.allows:
            raise SeizureError(f"{self.decision.rule}: {self.decision.why}")


@dataclass(frozen=True, slots=True)
class PageLoop(ToBoard):
    """Close the loop of a port with an amplifier behind it, to speak there."""


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
class PlayMusic(ToEngine):
    """Let the party hear music on hold instead of what it heard; silence where there is none."""


@dataclass(frozen=True, slots=True)
class Silence(ToEngine):
    """End the party's tone, music or speech."""


# The engine, for an application: what its party says is heard by whoever has a path from it


@dataclass(frozen=True, slots=True)
class Say(ToEngine):
    """Say these one after the other instead of what was being said; SaidAll follows."""

    clips: tuple[Clip, ...]
    repeat: bool = False
    "For ever: nothing follows."


@dataclass(frozen=True, slots=True)
class Wind(ToEngine):
    """Let what is being said go on some seconds later or (negative) earlier, or at another pace."""

    by_s: float | None = None
    speed: float | None = None
    "0.5 to 2, at the same pitch."


@dataclass(frozen=True, slots=True)
class Record(ToEngine):
    """Record what is said to the application; Recorded follows at its end."""

    file: str
    "A path under the data directory's folder of recordings."
    most_s: float | None = None
    silence_s: float | None = None
    "It ends when nobody has spoken for so long."
    trim: bool = True
    "Cut what comes before the first and after the last syllable."
    of: Party | None = None
    "Record what this party says (left) and hears (right) instead, without these rules."


@dataclass(frozen=True, slots=True)
class StopRecording(ToEngine):
    """End the recording; Recorded follows."""


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
class SendLamp(ToEngine):
    """Tell the telephone's display how many messages wait: its lamp is lit, or none."""

    messages: int


@dataclass(frozen=True, slots=True)
class Beep(ToEngine):
    """Tell a party in the midst of a call that another calls, beside what it hears."""

    caller: Caller | None = None
    "To be shown on its display; None: only the beep."


@dataclass(frozen=True, slots=True)
class Vacate(ToEngine):
    """The application has come to its end: nothing is said or recorded for it any more."""


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
class UnlistenPath(ToEngine):
    """Let one party hear another no longer."""

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
class Seat(ToEngine):
    """Let a party hear, and be heard by, all who are seated in a room; or mute it there."""

    room: str
    "Begins with its first party."
    party: Party
    muted: bool = False


@dataclass(frozen=True, slots=True)
class Unseat(ToEngine):
    """Take a party out of a room, which ends with its last."""

    room: str
    party: Party


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
class Astray(Effect):
    """The party that was wanted can't be had: where to instead?  A lead, or Nowhere, follows."""

    call: CallId
    party: Party
    cause: Cause


@dataclass(frozen=True, slots=True)
class Talking(Effect):
    """The call was answered."""

    call: CallId


@dataclass(frozen=True, slots=True)
class Ended(Effect):
    """The call is over."""

    call: CallId
