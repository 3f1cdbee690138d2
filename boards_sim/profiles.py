# SPDX-License-Identifier: MIT
"""The boards that can be simulated: which ports, in which order, and what each port can do."""

import re
from dataclasses import dataclass
from typing import Final

from drivers.base import Capability, PortKind

__all__ = ["CAPABILITIES", "PROFILES", "SERVICED", "Profile", "profile"]

FXS: Final = PortKind.FXS
FXO: Final = PortKind.FXO
C = Capability

CAPABILITIES: Final = {
    FXS: (
        C.RING_TX
        | C.LOOP_SENSE
        | C.VOLTS
        | C.CURRENT
        | C.POLARITY_TX
        | C.OSI_TX
        | C.FLASH_RX
        | C.PULSE_RX
        | C.CALLER_ID_TX
        | C.GAIN
    ),
    FXO: (
        C.RING_RX
        | C.VOLTS
        | C.CURRENT
        | C.POLARITY_RX
        | C.OSI_RX
        | C.FLASH_TX
        | C.PULSE_TX
        | C.CALLER_ID_RX
        | C.GAIN
    ),
}
"""What every simulated firmware does; it refuses the rest."""
SERVICED: Final = {kind: can | C.IMPEDANCE | C.LINE_TEST for kind, can in CAPABILITIES.items()}
"""What that of boards_sim/board.py does."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of board."""

    name: str
    type: int
    "The board type of HELLO; 0: it doesn't speak QHI."
    ports: tuple[PortKind, ...]
    radio: bool = False
    "A network is at the other end of its ports, and no loops lead there."


PROFILES: Final = {
    profile.name: profile
    for profile in (
        Profile("Q12", 1, (FXO,) * 4 + (FXS,) * 8),
        Profile("Q12S", 2, (FXS,) * 12),
        Profile("Q12T", 3, (FXO,) * 12),
        Profile("Q8", 4, (FXO,) * 4 + (FXS,) * 4),
    )
}


def profile(name: str) -> Profile:
    """Return a profile by its name, in any case.

    Raises:
        ValueError: there is none of this name.
    """
    found = PROFILES.get(name.upper())
    if found is None:
        shown = re.sub(r"\W", "?", name)[:20]
        raise ValueError(f"no board profile {shown!r}; there are {', '.join(PROFILES)}")
    return found
