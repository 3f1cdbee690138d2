# SPDX-License-Identifier: MIT
"""Snapshots of lines, trunks and calls, for monitors and tests.  They don't change."""

from dataclasses import dataclass

from altiware.core.ids import CallId, PortAddress
from altiware.core.record import CallRecord
from altiware.core.signals import Tone

__all__ = ["CallView", "ConversationView", "LineView", "TrunkView"]


@dataclass(frozen=True, slots=True)
class LineView:
    """A station line."""

    extension: str
    name: str
    port: PortAddress
    state: str
    tone: Tone | None
    call: CallId | None


@dataclass(frozen=True, slots=True)
class TrunkView:
    """A trunk."""

    port: PortAddress
    name: str
    state: str
    call: CallId | None


@dataclass(frozen=True, slots=True)
class CallView:
    """An open call; its record as of now."""

    state: str
    record: CallRecord


@dataclass(frozen=True, slots=True)
class ConversationView:
    """What an application has going on."""

    name: str
    state: str
    call: CallId | None
