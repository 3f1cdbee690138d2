# SPDX-License-Identifier: MIT
"""What is kept of a call: one record per call, opened with it and closed with it.

Calls that belong together (an outside call, the consultation about it, what became of it after
a transfer) carry the same ``session``.  Records are facts for others to store and print; the
core knows neither database nor file.
"""

import enum
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final

from altiware.core.causes import Cause
from altiware.core.decision import Decision
from altiware.core.ids import CallId, Party, PartyKind, PortAddress
from altiware.core.signals import Caller

__all__ = ["ACCOUNT", "CallRecord", "Direction", "LegRecord", "LegSeconds", "RecordParty"]


ACCOUNT: Final = "account code"
"""The name of the note that says who pays."""


class Direction(enum.Enum):
    """Which way a call crosses the border of the office."""

    INTERNAL = "internal"
    OUTBOUND = "outbound"
    INBOUND = "inbound"


@dataclass(frozen=True, slots=True)
class RecordParty:
    """A party as recorded."""

    party: Party
    number: str
    "The extension; for an outside party the number dialled or shown, empty if not known."
    name: str = ""
    port: PortAddress | None = None
    "None: there is no port (``-1-1`` in records)."


@dataclass(frozen=True, slots=True)
class LegSeconds:
    """What the time of a leg was spent with; together they are its length, to the millisecond."""

    setup: float = 0.0
    "Until the telephone rang, or the network had the number."
    ringing: float = 0.0
    attendant: float = 0.0
    waiting: float = 0.0
    "In a workgroup's queue, or for an operator who was busy."
    voice_mail: float = 0.0
    "Without the time in which a message was recorded."
    recording: float = 0.0
    held: float = 0.0
    "Parked too."
    talking: float = 0.0
    "To people, in a conference room too."
    service: float = 0.0
    "With a feature code that speaks, or any other service."

    @property
    def total(self) -> float:
        """The length of the leg."""
        return sum((float(getattr(self, each.name)) for each in fields(self)), 0.0)


@dataclass(frozen=True, slots=True)
class LegRecord:
    """The part of a call at one called party, with one caller."""

    caller: RecordParty
    target: RecordParty
    "A station, a number outside on its trunk, or a service by its number and name."
    offered: datetime
    alerting: datetime | None = None
    "An outgoing call: since when the network was heard."
    answered: datetime | None = None
    ended: datetime | None = None
    cause: Cause | None = None
    "Why it ended: for this party, the call may have been led on."
    workgroup: str = ""
    "The number of the one whose queue led the call here."
    seconds: LegSeconds = LegSeconds()


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One call.  Times are wall-clock and aware of their zone; open calls have no ``closed``."""

    id: CallId
    session: CallId
    direction: Direction
    caller: RecordParty
    target: RecordParty | None
    "Who was called; None where the number led nowhere."
    digits: str
    "As dialled; empty for a call that came in."
    opened: datetime
    answered: datetime | None = None
    closed: datetime | None = None
    cause: Cause | None = None
    decision: Decision | None = None
    "What the policy said; None where nobody had to be asked."
    trunk: PortAddress | None = None
    caller_id: Caller | None = None
    "As received on the trunk."
    charged_to: str = ""
    "The extension that set the call up, also after a transfer, or that forwarded it outside."
    ringing_s: float = 0.0
    talking_s: float = 0.0
    "To people, without the time on hold; as of all legs."
    held_s: float = 0.0
    parties: tuple[Party, ...] = ()
    "Everyone who was in it, in order of arrival."
    route: str = ""
    "The route over which it left."
    notes: tuple[tuple[str, str], ...] = ()
    "Digits that the caller gave, each after the name under which they were asked for."
    legs: tuple[LegRecord, ...] = ()
    "One after the other, without gaps save where a trunk was waited for."

    @property
    def account(self) -> str:
        """The account code; empty: none was given."""
        return dict(self.notes).get(ACCOUNT, "")

    @property
    def handed_on(self) -> bool:
        """Whether it was made inside, and a party outside was transferred into it as its caller."""
        is_outside = self.caller.party.kind is PartyKind.TRUNK
        return is_outside and bool(self.parties) and self.parties[0] != self.caller.party

    @property
    def number(self) -> str:
        """The digits that went, or would have gone, to the office; else as dialled."""
        return self.decision.digits if self.decision else self.digits
