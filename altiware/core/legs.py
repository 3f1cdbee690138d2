# SPDX-License-Identifier: MIT
"""The vocabulary between an endpoint and its calls, whatever the endpoint is wired to.

A party tells what it does (:class:`FromParty`), a call tells what becomes of it
(:class:`ToParty`).  Nothing here knows hooks, loops or messages of a signalling protocol: an
endpoint of another kind joins the exchange by speaking these words.
"""

from dataclasses import dataclass, field

from altiware.core.causes import Cause
from altiware.core.decision import Decision
from altiware.core.effects import Effect
from altiware.core.errors import SeizureError
from altiware.core.events import Event
from altiware.core.ids import CallId, Party
from altiware.core.signals import Caller, RingStyle

__all__ = [
    "Alert",
    "Alerting",
    "Answered",
    "Connect",
    "Departed",
    "Failed",
    "Flashed",
    "Freed",
    "FromParty",
    "Heed",
    "Key",
    "Keyed",
    "Knock",
    "Offer",
    "Progress",
    "Progressed",
    "Recall",
    "Refused",
    "Release",
    "Reply",
    "Seize",
    "Setup",
    "ToParty",
    "Unavailable",
    "Wait",
]


@dataclass(frozen=True, slots=True)
class FromParty(Event, Effect):
    """Base class of what a party does: its machine's effect, the call's event."""

    party: Party


@dataclass(frozen=True, slots=True)
class Setup(FromParty):
    """Wants a call."""

    digits: str = ""
    "As dialled, complete; empty from outside: whoever answers for the office."
    caller: Caller | None = None
    "What the network told of the caller, or an application shows in his place."
    on_behalf: Party | None = None
    "The station that is asked for and charged when an application calls; None: the party itself."
    style: RingStyle | None = None
    "How telephones ring for it; None: as for such a call."
    insists: bool = False
    "Do not disturb and forwarding don't hold it up."
    only: bool = False
    "Where who is called can't be had, nobody and nothing takes it in his place."


@dataclass(frozen=True, slots=True)
class Reply(FromParty):
    """Base class of answers to an offer, which name its call."""

    call: CallId


@dataclass(frozen=True, slots=True)
class Alerting(Reply):
    """Is being rung."""


@dataclass(frozen=True, slots=True)
class Refused(Reply):
    """Does not take the call."""

    cause: Cause


@dataclass(frozen=True, slots=True)
class Unavailable(Reply):
    """Can't carry the call; another trunk may."""

    cause: Cause


@dataclass(frozen=True, slots=True)
class Progressed(FromParty):
    """Has sent the number on: what the network says now is for the caller's ear."""

    both_ways: bool
    "The network won't tell of the answer, so the far end must hear the caller from now on."


@dataclass(frozen=True, slots=True)
class Answered(FromParty):
    """Has answered."""


@dataclass(frozen=True, slots=True)
class Flashed(FromParty):
    """Calls the exchange during a call (register recall)."""


@dataclass(frozen=True, slots=True)
class Keyed(FromParty):
    """Has pressed a key during a call."""

    key: str = field(repr=False)
    "One of 0-9 * #."


@dataclass(frozen=True, slots=True)
class Departed(FromParty):
    """Has hung up."""


@dataclass(frozen=True, slots=True)
class Failed(FromParty):
    """Was torn away: its board is lost."""


@dataclass(frozen=True, slots=True)
class Freed(FromParty):
    """Can be offered a call again."""


@dataclass(frozen=True, slots=True)
class ToParty(Event):
    """Base class of what a call tells a party."""


@dataclass(frozen=True, slots=True)
class Offer(ToParty):
    """Somebody calls; Alerting or Refused is expected."""

    call: CallId
    caller: Caller | None
    style: RingStyle


@dataclass(frozen=True, slots=True)
class Seize(ToParty):
    """Call out with what a decision allows; Progressed or Unavailable is expected.

    Raises:
        SeizureError: the decision doesn't allow it.
    """

    call: CallId
    decision: Decision
    digits: str = ""
    "What the route makes of the decision's digits; empty: these themselves."

    def __post_init__(self) -> None:
        if not self.decision.allows:
            raise SeizureError(f"{self.decision.rule}: {self.decision.why}")


@dataclass(frozen=True, slots=True)
class Alert(ToParty):
    """The other is being rung."""


@dataclass(frozen=True, slots=True)
class Progress(ToParty):
    """The network is heard from now on."""


@dataclass(frozen=True, slots=True)
class Connect(ToParty):
    """Talk."""

    other: Party | None = None
    "With whom; told to applications."
    caller: Caller | None = None
    "How that one is shown."


@dataclass(frozen=True, slots=True)
class Wait(ToParty):
    """The other has turned to something else; music meanwhile."""


@dataclass(frozen=True, slots=True)
class Heed(ToParty):
    """Tell the keys that are pressed from now on: the other side is an application."""


@dataclass(frozen=True, slots=True)
class Knock(ToParty):
    """Somebody else calls, in the midst of this call."""

    caller: Caller | None
    "Who, where it is to be shown (once a call); None: it was, or nobody knows."


@dataclass(frozen=True, slots=True)
class Key(ToParty):
    """The other has pressed a key."""

    key: str = field(repr=False)
    "One of 0-9 * #."


@dataclass(frozen=True, slots=True)
class Recall(ToParty):
    """The exchange listens: dial."""

    holding: bool
    "A party is on hold meanwhile."


@dataclass(frozen=True, slots=True)
class Release(ToParty):
    """The call is over."""

    cause: Cause
