# SPDX-License-Identifier: MIT
"""The mailboxes of an office, as far as its plan says; what is in them, the store knows.

Limits are those of AltiWare (its ranges and defaults), save passwords, whose rules are stricter:
:mod:`altiware.policy.passwords`.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

__all__ = ["AfterMail", "MailPlan", "MailboxPlan"]


class AfterMail(enum.Enum):
    """What becomes of a message that was sent by e-mail."""

    NEW = "new"
    "It stays as it is."
    SAVED = "saved"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class MailboxPlan:
    """A mailbox, of a station or of an extension that has no telephone."""

    extension: str
    name: str = ""
    takes_messages: bool = True
    "False: it tells its greeting, and that is all."
    most_messages: int = 100
    "1 to 999, heard or not."
    most_mb: float = 50.0
    "1 to 500; a minute takes 0.96 MB."
    message_s: float = 300.0
    "The longest message, 60 to 1800."
    keep_days: int = 60
    "How long saved messages are kept, 1 to 90; new ones are until they are heard."
    shortest_s: float = 1.0
    "What is shorter is not kept, 0 to 5."
    ask_password: bool = True
    "Also at the owner's own telephone."
    email: str = ""
    "Messages are sent there; empty: they aren't."
    after_mail: AfterMail = AfterMail.NEW
    calls_out: bool = False
    "Its notification calls, and calls to senders, may leave the office."


NO_MAILBOXES: Mapping[str, MailboxPlan] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class MailPlan:
    """All mailboxes, and what is the same for all."""

    boxes: Mapping[str, MailboxPlan] = field(default_factory=lambda: NO_MAILBOXES)
    "By extension."
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    "The office's distribution lists: extensions by the list's number."
    silence_s: float = 5.0
    "Nobody has spoken for so long: the message has ended."
    retries: int = 3
    "How often a notification call is tried again, 0 to 16."
    retry_s: float = 300.0
    "5 to 60 minutes."
    ring_s: float = 30.0
    "How long a notification call rings."
    opens: str = "08:00"
    "Office hours, for notification calls outside of them: Monday to Friday."
    closes: str = "17:00"
