# SPDX-License-Identifier: MIT
"""What is kept, and how much of it: the configuration's ``[blackbox]``."""

import enum
from dataclasses import dataclass
from typing import Final

from altiware.core.ids import PartyKind
from altiware.core.plan import Plan

__all__ = ["BlackBoxSettings", "KeptPorts", "kept_count"]

RETURNING: Final = 12
"""Ports of a board that is lost and comes back while what was kept of it is being saved."""


class KeptPorts(enum.Enum):
    """Whose last seconds are kept."""

    TRUNKS = "trunks"
    ALL = "all"
    NONE = "none"

    def has(self, kind: PartyKind) -> bool:
        """Whether a party of this kind is kept."""
        return self is KeptPorts.ALL or (self is KeptPorts.TRUNKS and kind is PartyKind.TRUNK)


@dataclass(frozen=True, slots=True)
class BlackBoxSettings:
    """How the black box is set."""

    ports: KeptPorts = KeptPorts.TRUNKS
    seconds: int = 10
    "1 to 60, of each port."
    keep_mb: int = 200
    "The oldest boxes go when all together are more."


def kept_count(settings: BlackBoxSettings, plan: Plan) -> int:
    """Return how many ports the engine must be able to keep."""
    parties = [each.party for each in plan.stations] + [each.party for each in plan.trunks]
    kept = sum(settings.ports.has(party.kind) for party in parties)
    return kept + RETURNING if kept else 0
