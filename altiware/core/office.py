# SPDX-License-Identifier: MIT
"""What the office behind a trunk sends: its tones, and how it tells that the far end has gone.

``altiware line detect`` finds these out; the defaults suit an office of the country that says
everything it can.
"""

import enum
from dataclasses import dataclass
from typing import Final

__all__ = [
    "ANY_SIGN",
    "USUAL_OFFICE",
    "CallerIdKind",
    "Disconnect",
    "OfficePlan",
    "OfficeTone",
]


class Disconnect(enum.Enum):
    """A sign of the office that the party outside has hung up."""

    OSI = "osi"
    "The loop is opened for a moment (open-switch interval)."
    POLARITY = "polarity"
    "Tip and ring, exchanged at the answer, are put back."
    REVERSAL = "reversal"
    "Tip and ring are exchanged at the end of a call that came in."
    TONES = "tones"
    "Busy, congestion or dial tone."


ANY_SIGN: Final = frozenset({Disconnect.OSI, Disconnect.POLARITY, Disconnect.TONES})
"""What is believed of an office that nobody has looked at."""


class CallerIdKind(enum.Enum):
    """How the office sends who calls."""

    BELL202 = "bell202"
    V23 = "v23"
    DTMF = "dtmf"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class OfficeTone:
    """A tone of the office, as it was learned."""

    name: str
    "dial, ringback, busy or reorder."
    hz: tuple[float, ...]
    "One or two frequencies."
    cadence_ms: tuple[int, ...] = ()
    "On, off, on, off ...; none: continuous."
    tolerance: float = 0.025
    "Of the frequencies, as a share."


@dataclass(frozen=True, slots=True)
class OfficePlan:
    """One trunk's office."""

    country: str = ""
    "Whose tones it sends; empty: those of the plan's country."
    tones: tuple[OfficeTone, ...] = ()
    "Learned ones, in place of the country's of the same name."
    disconnect: frozenset[Disconnect] = ANY_SIGN
    "What is believed of it."
    loop_break_ms: int | None = None
    "An open loop as long is its hang-up; None: as the timers say."
    caller_id: CallerIdKind | None = None
    "None: as in the country."
    receive_db: float = 0.0
    "Gain on what comes from it."
    impedance: int | None = None
    "What the board terminates the line with (docs/reference/qhi.md); None: as it boots."


USUAL_OFFICE: Final = OfficePlan()
"""An office of the country, that nobody has looked at."""
