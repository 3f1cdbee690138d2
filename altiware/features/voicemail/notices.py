# SPDX-License-Identifier: MIT
"""What the machines of mailboxes tell each other."""

from dataclasses import dataclass
from typing import Final

from altiware.core.events import Event
from altiware.core.ids import Party, application

__all__ = ["CARETAKER", "Arrived", "CallOver", "CalleeGone", "CalleeJoined", "Heard", "LetGo"]

CARETAKER: Final = application("caretaker", 0)
"""There is one, as long as the service runs."""


@dataclass(frozen=True, slots=True)
class Arrived(Event):
    """A message has come into a mailbox."""

    extension: str


@dataclass(frozen=True, slots=True)
class Heard(Event):
    """An owner knows of his messages, or wants to hear no more of them."""

    extension: str


@dataclass(frozen=True, slots=True)
class CallOver(Event):
    """A call to an owner is over."""

    extension: str


@dataclass(frozen=True, slots=True)
class CalleeJoined(Event):
    """Who was called out of a mailbox has answered."""

    other: Party


@dataclass(frozen=True, slots=True)
class CalleeGone(Event):
    """Who was called out of a mailbox has hung up, or couldn't be had."""


@dataclass(frozen=True, slots=True)
class LetGo(Event):
    """The call out of a mailbox is not wanted any more."""
