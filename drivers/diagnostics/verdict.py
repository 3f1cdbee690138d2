# SPDX-License-Identifier: MIT
"""What a line test says: readings with units, the limit they were held against, and a sentence.

A verdict is data first (``check``, ``fault``, ``severity``, ``readings``) and words last: its
sentence tells a technician what is wrong, what to do and what to expect.
"""

import enum
import math
from dataclasses import dataclass
from typing import Final

__all__ = ["Check", "Fault", "LineReport", "Reading", "Severity", "Skipped", "Verdict", "good"]


class Check(enum.Enum):
    """What is looked at, in the order of a test."""

    HAZARD = "hazardous voltage"
    FOREIGN = "foreign voltage"
    LEAKS = "resistance"
    RECEIVER = "receiver off-hook"
    RINGERS = "ringers"
    RINGING = "ringing"
    BATTERY = "battery"
    CURRENT = "loop current"
    DIAL_TONE = "dial tone"
    NOISE = "noise"


class Fault(enum.Enum):
    """What can be wrong with a line."""

    HAZARD = "hazardous voltage"
    FOREIGN_AC = "foreign alternating voltage"
    FOREIGN_DC = "foreign direct voltage"
    LEAK_TIP_RING = "leak from tip to ring"
    LEAK_TIP_GROUND = "leak from tip to ground"
    LEAK_RING_GROUND = "leak from ring to ground"
    OFF_HOOK = "receiver off the hook"
    TOO_MANY_RINGERS = "too many ringers"
    NO_TELEPHONE = "no telephone"
    NO_BATTERY = "no battery"
    LOW_BATTERY = "low battery"
    HIGH_BATTERY = "high battery"
    REVERSED = "tip and ring exchanged"
    PARALLEL = "telephone in parallel is lifted"
    LOW_CURRENT = "low loop current"
    HIGH_CURRENT = "high loop current"
    WEAK_RINGING = "weak ringing"
    NO_DIAL_TONE = "no dial tone"
    WEAK_DIAL_TONE = "weak dial tone"
    NOISE = "noise"
    HUM = "hum"


class Severity(enum.IntEnum):
    """How bad it is."""

    GOOD = 0
    WARNING = 1
    "The line works; something on it is to be seen to."
    FAULT = 2
    HAZARD = 3
    "Don't touch the wires."


PREFIXES: Final = ((1e6, "M"), (1e3, "k"), (1.0, ""))


@dataclass(frozen=True, slots=True)
class Reading:
    """One measured value."""

    what: str
    value: float
    unit: str

    def __str__(self) -> str:
        """Write it as on a meter: three digits, ohms with their prefix."""
        if math.isinf(self.value):
            return "open"
        if self.unit == "ohm":
            scale, prefix = next((s for s in PREFIXES if self.value >= s[0]), PREFIXES[-1])
            return f"{_three(self.value / scale)} {prefix}Ω"
        return f"{_three(self.value)} {self.unit}"


def _three(value: float) -> str:
    size = abs(value)
    return f"{value:.0f}" if size >= 100 else f"{value:.1f}" if size >= 10 else f"{value:.2f}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one check came to."""

    check: Check
    sentence: str
    readings: tuple[Reading, ...]
    limit: str
    "In words, as a table shows it."
    fault: Fault | None = None
    severity: Severity = Severity.GOOD


def good(check: Check, readings: tuple[Reading, ...], limit: str, sentence: str) -> Verdict:
    """Return the verdict that nothing is wrong."""
    return Verdict(check, sentence, readings, limit)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A check that wasn't made, and why."""

    check: Check
    why: str


@dataclass(frozen=True, slots=True)
class LineReport:
    """A line test from its first check to its last."""

    verdicts: tuple[Verdict, ...]
    skipped: tuple[Skipped, ...] = ()
    calibrated: bool = True
    "False: the board's meters are as they left the factory's bench, a few percent off."

    @property
    def faults(self) -> tuple[Verdict, ...]:
        """What is wrong, the worst first."""
        wrong = [verdict for verdict in self.verdicts if verdict.fault is not None]
        return tuple(sorted(wrong, key=lambda verdict: -verdict.severity))

    @property
    def is_good(self) -> bool:
        """Whether nothing was found wrong."""
        return not self.faults
