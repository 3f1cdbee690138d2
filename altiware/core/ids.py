# SPDX-License-Identifier: MIT
"""Names of the things that a call is made of: ports, parties and calls."""

import enum
from dataclasses import dataclass
from typing import NewType

__all__ = ["CallId", "Party", "PartyKind", "PortAddress", "application", "station", "trunk"]

CallId = NewType("CallId", str)
"""Names one call for ever, in records too; sorts by the time at which the call was opened."""


@dataclass(frozen=True, slots=True, order=True)
class PortAddress:
    """A port by its board and channel (PAD): shown ``00:03``, recorded ``0003``."""

    board: int
    port: int

    def __str__(self) -> str:
        return f"{self.board:02d}:{self.port:02d}"

    @property
    def recorded(self) -> str:
        """The four digits that a record line has room for."""
        return f"{self.board:02d}{self.port:02d}"


class PartyKind(enum.StrEnum):
    """Where a party stands: inside the office, beyond a line of the central office, or neither."""

    STATION = "station"
    TRUNK = "trunk"
    APPLICATION = "application"
    "Something of the exchange's own that answers and speaks: an attendant, a mailbox, a queue."


@dataclass(frozen=True, slots=True, order=True)
class Party:
    """One end of calls: a station by extension, a trunk by its PAD, an application by what it does.

    The name of an application has a number that no other has (``attendant main 7``): each call to
    it is a conversation of its own.
    """

    kind: PartyKind
    name: str

    def __str__(self) -> str:
        return self.name


def station(extension: str) -> Party:
    """Name the station with this extension."""
    return Party(PartyKind.STATION, extension)


def trunk(port: PortAddress) -> Party:
    """Name the trunk on this port."""
    return Party(PartyKind.TRUNK, str(port))


def application(name: str, number: int) -> Party:
    """Name one conversation of an application."""
    return Party(PartyKind.APPLICATION, f"{name} {number}")
