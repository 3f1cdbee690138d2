# SPDX-License-Identifier: MIT
"""What the doctor says: one finding for each thing that was looked at."""

import enum
from dataclasses import dataclass

__all__ = ["Finding", "Severity", "fault", "good", "note", "warning"]


class Severity(enum.Enum):
    """How bad it is, the least first."""

    GOOD = "good"
    "As it should be."
    NOTE = "note"
    "Couldn't be looked at, or is of no harm yet."
    WARNING = "warning"
    "Works, but not well or not for long."
    FAULT = "fault"
    "Something doesn't work because of it."


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    severity: Severity
    subject: str
    "The check's name, as ``ports in use``."
    what: str
    why: str = ""
    "Why it matters; empty where all is well."
    remedy: str = ""
    "What to do: a command or a few, or a sentence."


def good(subject: str, what: str) -> Finding:
    """Find that a thing is as it should be."""
    return Finding(Severity.GOOD, subject, what)


def note(subject: str, what: str, why: str = "", remedy: str = "") -> Finding:
    """Find something of no harm, or that it couldn't be looked at."""
    return Finding(Severity.NOTE, subject, what, why, remedy)


def warning(subject: str, what: str, why: str, remedy: str) -> Finding:
    """Find what works, but not well or not for long."""
    return Finding(Severity.WARNING, subject, what, why, remedy)


def fault(subject: str, what: str, why: str, remedy: str) -> Finding:
    """Find why something doesn't work."""
    return Finding(Severity.FAULT, subject, what, why, remedy)
