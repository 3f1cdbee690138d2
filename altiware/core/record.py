# SPDX-License-Identifier: MIT
"""What is kept of a call: one record per call, opened with it and closed with it.

Calls that belong together (an outside call, the consultation about it, what became of it after
a transfer) carry the same ``session``.  Records are facts for others to store and print; the
core knows neither database nor file.
"""

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from altiware.core.causes import Cause
from altiware.core.decision import Decision
from altiware.core.ids import CallId, Party, PortAddress
from altiware.core.signals import Caller

__all__ = ["ACCOUNT", "CallRecord", "Direction", "RecordParty"]


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
    "The extension that set the call up, also after a transfer."
    ringing_s: float = 0.0
    talking_s: float = 0.0
    "Without the time on hold."
    held_s: float = 0.0
    parties: tuple[Party, ...] = ()
    "Everyone who was in it, in order of arrival."
    route: str = ""
    "The route over which it left."
    notes: tuple[tuple[str, str], ...] = ()
    "Digits that the caller gave, each after the name under which they were asked for."

    @property
    def account(self) -> str:
        """The account code; empty: none was given."""
        return dict(self.notes).get(ACCOUNT, "")

    @property
    def number(self) -> str:
        """The digits that went, or would have gone, to the office; else as dialled."""
        return self.decision.digits if self.decision else self.digits
