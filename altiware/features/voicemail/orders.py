# SPDX-License-Identifier: MIT
"""What mailboxes ask of the store, and what it answers; each order names its answer.

An answer comes when what was ordered is on the disk, and not before.
"""

import enum
from dataclasses import dataclass, field

from altiware.core.effects import ToStore
from altiware.core.events import Event
from altiware.features.voicemail.messages import Draft, Greeting, Mailbox, MessageState, Sender

__all__ = [
    "BeginMessage",
    "CheckPassword",
    "Discard",
    "Done",
    "EmptyTrash",
    "Forward",
    "KeepGreeting",
    "KeepMessage",
    "Kept",
    "Look",
    "LookAround",
    "MailboxShown",
    "Mailed",
    "Mark",
    "NotKept",
    "Notified",
    "PasswordChecked",
    "RemoveGreeting",
    "SetPassword",
    "Tidy",
    "Verdict",
    "Waiting",
    "WaitingBox",
]


@dataclass(frozen=True, slots=True)
class Look(ToStore):
    """Tell what is in a mailbox: MailboxShown."""

    extension: str


@dataclass(frozen=True, slots=True)
class BeginMessage(ToStore):
    """A recording begins that is a message, whatever happens; nothing is answered."""

    extension: str
    file: str
    sender: Sender


@dataclass(frozen=True, slots=True)
class KeepMessage(ToStore):
    """Put what was recorded into mailboxes: Kept, or NotKept."""

    extensions: tuple[str, ...]
    draft: Draft


@dataclass(frozen=True, slots=True)
class Forward(ToStore):
    """Put a message into other mailboxes, with a comment if there is one: Kept, or NotKept."""

    message: str
    extensions: tuple[str, ...]
    by: str
    comment: Draft


@dataclass(frozen=True, slots=True)
class Discard(ToStore):
    """Remove a temporary recording; nothing is answered."""

    file: str


@dataclass(frozen=True, slots=True)
class Mark(ToStore):
    """Save, delete, or restore a message: Done."""

    extension: str
    message: str
    state: MessageState


@dataclass(frozen=True, slots=True)
class EmptyTrash(ToStore):
    """The owner has hung up: what he deleted is gone; nothing is answered."""

    extension: str


@dataclass(frozen=True, slots=True)
class KeepGreeting(ToStore):
    """Put a recording in the place of a greeting: Done."""

    extension: str
    greeting: Greeting
    file: str


@dataclass(frozen=True, slots=True)
class RemoveGreeting(ToStore):
    """Let callers hear the standard one again: Done."""

    extension: str
    greeting: Greeting


@dataclass(frozen=True, slots=True)
class CheckPassword(ToStore):
    """Is this the password?  PasswordChecked."""

    extension: str
    "Whose mailbox; it needn't exist, and nobody can tell by the answer."
    password: str = field(repr=False)
    remote: bool
    "Not from the owner's own telephone: wrong ones are counted, and lock."


@dataclass(frozen=True, slots=True)
class SetPassword(ToStore):
    """From now on this is the password: Done."""

    extension: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Mailed(ToStore):
    """A message has been sent by e-mail; nothing is answered."""

    extension: str
    message: str
    state: MessageState | None
    "What becomes of it; None: it stays as it is."


@dataclass(frozen=True, slots=True)
class Tidy(ToStore):
    """Delete what has been kept for long enough, everywhere; nothing is answered."""


@dataclass(frozen=True, slots=True)
class LookAround(ToStore):
    """Tell which mailboxes have messages of which nobody was told: Waiting."""


@dataclass(frozen=True, slots=True)
class Notified(ToStore):
    """The owner knows of his new messages, or wants to hear no more of them."""

    extension: str


# Answers


@dataclass(frozen=True, slots=True)
class MailboxShown(Event):
    """A mailbox as of now."""

    mailbox: Mailbox


@dataclass(frozen=True, slots=True)
class Kept(Event):
    """A message is in all these mailboxes."""

    extensions: tuple[str, ...]
    full: tuple[str, ...] = ()
    "Those that had no room for it."


@dataclass(frozen=True, slots=True)
class NotKept(Event):
    """A message is in no mailbox: it was too short, there is no room, or the disk refused it."""

    why: str
    """``short``, ``full`` or ``trouble``."""


@dataclass(frozen=True, slots=True)
class Done(Event):
    """What was ordered is done, or the disk refused it."""

    well: bool
    file: str = ""
    "Where a greeting lies now; empty: nowhere."


class Verdict(enum.Enum):
    """What is to be said of a password."""

    RIGHT = "right"
    WRONG = "wrong"
    LOCKED = "locked"
    "There were too many wrong ones; this one wasn't looked at."


@dataclass(frozen=True, slots=True)
class PasswordChecked(Event):
    """A password was looked at."""

    verdict: Verdict


@dataclass(frozen=True, slots=True)
class WaitingBox:
    """A mailbox with messages that nobody was told of."""

    extension: str
    new: int
    urgent: int


@dataclass(frozen=True, slots=True)
class Waiting(Event):
    """Where there are messages of which nobody was told."""

    boxes: tuple[WaitingBox, ...]
