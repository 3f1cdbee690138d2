# SPDX-License-Identifier: MIT
"""What features ask of the switchboard, beside what calls ask."""

from dataclasses import dataclass

from altiware.core.causes import Cause
from altiware.core.deadlines import Machine
from altiware.core.effects import Effect
from altiware.core.ids import CallId, Party
from altiware.core.legs import Setup
from altiware.core.notices import Notice
from altiware.core.numbering import Destination

__all__ = [
    "Change",
    "Consult",
    "Hand",
    "LeadOn",
    "Note",
    "Pick",
    "Report",
    "Spawn",
    "Splice",
    "Transfer",
]


@dataclass(frozen=True, slots=True)
class Consult(Effect):
    """Open a second call of the same session; Opened follows."""

    setup: Setup
    held: CallId


@dataclass(frozen=True, slots=True)
class Transfer(Effect):
    """Let the two other parties go on without the one that made both calls."""

    owner: Party
    held: CallId
    second: CallId


@dataclass(frozen=True, slots=True)
class LeadOn(Effect):
    """Lead a call elsewhere; whoever it is at or rings at (an application, a station) is let go."""

    call: CallId
    to: Destination
    cause: Cause = Cause.FORWARDED
    chosen: bool = False
    "By the caller: where the call has been before counts no more."
    on_behalf: Party | None = None
    "The station that is asked for and charged from now on; None: who was."


@dataclass(frozen=True, slots=True)
class Hand(Effect):
    """Lead the other party of a call elsewhere; its near party, an application, leaves."""

    call: CallId
    to: Destination


@dataclass(frozen=True, slots=True)
class Pick(Effect):
    """Let a party take another call than the one that it made."""

    by: Party
    instead_of: CallId
    "The call that it made, which ends unheard."
    call: CallId


@dataclass(frozen=True, slots=True)
class Spawn(Effect):
    """Let another application live, which may set up calls of the same session."""

    machine: Machine
    beside: CallId
    "When that call is over, each of its calls has a session of its own."


@dataclass(frozen=True, slots=True)
class Splice(Effect):
    """Let the two other parties of two calls talk, in the second; both leavers are told nothing."""

    first: CallId
    first_leaver: Party
    second: CallId
    second_leaver: Party


@dataclass(frozen=True, slots=True)
class Change(Effect):
    """Change a setting of an extension that people change from their telephones."""

    extension: str
    setting: str
    "A field of :class:`altiware.features.settings.StationSettings`."
    value: object


@dataclass(frozen=True, slots=True)
class Note(Effect):
    """Write something into the record of a call: digits that a caller gave, under a name."""

    call: CallId
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Report(Effect):
    """Tell the exchange's listeners something."""

    notice: Notice
