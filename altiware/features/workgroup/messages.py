# SPDX-License-Identifier: MIT
"""What the machines of a workgroup tell each other."""

from dataclasses import dataclass

from altiware.core.causes import Cause
from altiware.core.events import Event
from altiware.core.ids import Party, PartyKind

__all__ = [
    "AgentAnswered",
    "Closed",
    "EndWrapUp",
    "Joined",
    "LegEnded",
    "RecordWanted",
    "ShiftOver",
    "Stir",
    "Taken",
    "Withdraw",
    "group_party",
]


def group_party(name: str) -> Party:
    """Name the machine of a workgroup."""
    return Party(PartyKind.APPLICATION, f"workgroup {name}")


@dataclass(frozen=True, slots=True)
class Stir(Event):
    """To the group: somebody waits, or is free, who wasn't."""


@dataclass(frozen=True, slots=True)
class Closed(Event):
    """To those who wait: the workgroup is no more."""


@dataclass(frozen=True, slots=True)
class AgentAnswered(Event):
    """A leg, to its waiter: Taken or Withdraw is expected."""

    leg: Party


@dataclass(frozen=True, slots=True)
class Taken(Event):
    """To a leg: yours is the agent who gets the caller."""


@dataclass(frozen=True, slots=True)
class Withdraw(Event):
    """To a leg: the agent isn't wanted any more."""


@dataclass(frozen=True, slots=True)
class Joined(Event):
    """A leg, to its waiter: the agent has the caller."""

    agent: str
    "An extension."


@dataclass(frozen=True, slots=True)
class LegEnded(Event):
    """A leg, to its waiter and its group: this agent can't be had."""

    agent: str
    cause: Cause


@dataclass(frozen=True, slots=True)
class ShiftOver(Event):
    """To the groups of an agent: a call and what it took is over."""

    agent: str
    seconds: float
    "Talk, and the time after it."


@dataclass(frozen=True, slots=True)
class RecordWanted(Event):
    """To a shift: begin to record, or end it."""


@dataclass(frozen=True, slots=True)
class EndWrapUp(Event):
    """To a shift: the agent is ready before his time is over."""
