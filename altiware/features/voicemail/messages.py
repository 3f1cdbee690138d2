# SPDX-License-Identifier: MIT
"""What is in a mailbox, as it is told and as it is kept: plain, frozen."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final

from altiware.core.speech import Recording

__all__ = [
    "FOLDER",
    "TEMPORARY",
    "Draft",
    "Greeting",
    "Mailbox",
    "Message",
    "MessageState",
    "Sender",
]

FOLDER: Final = "mail"
"""Of messages by their ids; under the folder of recordings."""
TEMPORARY: Final = f"{FOLDER}/unfinished"
"""Of what is being recorded."""


class MessageState(enum.Enum):
    """What has been done with a message."""

    NEW = "new"
    SAVED = "saved"
    "Heard, and not deleted."
    DELETED = "deleted"
    "Until its owner hangs up it can be had back."


class Greeting(enum.Enum):
    """What an owner records for his callers."""

    PERSONAL = "personal"
    BUSY = "busy"
    TEMPORARY = "temporary"
    "Goes before all others, until its day is over."
    NAME = "name"
    "In the standard greeting, in the directory, and before his messages."


@dataclass(frozen=True, slots=True)
class Sender:
    """Who left a message."""

    number: str = ""
    "An extension, or what the network told; empty: nothing."
    name: str = ""
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """Something recorded, on its way into mailboxes."""

    file: str
    "Of the temporary recording; empty: what is forwarded, alone."
    sender: Sender
    urgent: bool = False
    private: bool = False
    callback: str = ""
    "A number that the caller left."


@dataclass(frozen=True, slots=True)
class Message:
    """A message in a mailbox."""

    id: str
    received: datetime
    state: MessageState
    seconds: float
    sender: Sender
    urgent: bool = False
    private: bool = False
    callback: str = ""
    comment: bool = False
    "Somebody who forwarded it said something before it."
    forwarded_by: str = ""
    "His extension."

    @property
    def sound(self) -> Recording:
        """Return what was said."""
        return Recording(f"{FOLDER}/{self.id}.wav")

    @property
    def comment_sound(self) -> Recording:
        """Return what was said before it by whom forwarded it."""
        return Recording(f"{FOLDER}/{self.id}-comment.wav")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mailbox as of now."""

    extension: str
    messages: tuple[Message, ...] = ()
    "The newest first, the deleted ones too."
    greetings: Mapping[Greeting, str] = field(default_factory=lambda: MappingProxyType({}))
    "Files of recordings."
    room_s: float = 0.0
    "How much can be left yet; 0: it is full."
    has_password: bool = False
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    "Files of the names that people have recorded, by extension."
    expiring: int = 0
    "Saved messages whose last day this is."

    def of(self, state: MessageState) -> tuple[Message, ...]:
        """Return the messages in a state: urgent new ones first, then the newest."""
        found = [each for each in self.messages if each.state is state]
        if state is MessageState.NEW:
            found.sort(key=lambda each: not each.urgent)
        return tuple(found)

    def greeting(self, which: Greeting) -> Recording | None:
        """Return what the owner has recorded."""
        file = self.greetings.get(which)
        return Recording(file) if file else None
