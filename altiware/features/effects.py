# SPDX-License-Identifier: MIT
"""What features ask of the switchboard, beside what calls ask."""

from dataclasses import dataclass

from altiware.core.effects import Effect
from altiware.core.ids import CallId, Party
from altiware.core.legs import Setup

__all__ = ["Consult", "Transfer"]


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
