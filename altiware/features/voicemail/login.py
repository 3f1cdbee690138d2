# SPDX-License-Identifier: MIT
"""Whose mailbox it is, and whether the caller may hear it.

From elsewhere than the owner's own telephone, what is said and how long it takes is the same for
a wrong password, a locked mailbox, and one that isn't there.  Three tries a call, and a pause
after each; the store counts wrong ones and locks (altiware.policy.passwords).
"""

import enum
from typing import ClassVar, Final

from altiware.core.effects import Effect, Say
from altiware.core.events import Event, SaidAll, Timeout
from altiware.core.ids import PartyKind
from altiware.features.speaking import phrases
from altiware.features.voicemail.dialogue import (
    Begin,
    Dialogue,
    DialogueRows,
    Enter,
    Gone,
    Leave,
    Left,
    Visit,
)
from altiware.features.voicemail.orders import (
    CheckPassword,
    Look,
    MailboxShown,
    PasswordChecked,
    Verdict,
)
from altiware.features.voicemail.questions import Ask
from altiware.policy.passwords import LONGEST, TRIES_A_CALL

__all__ = ["PHRASES", "LogIn"]

WRONG_PAUSE_S: Final = 2.0
"""After the first wrong password, and as much more after each: a machine gets tired too."""
PHRASES: Final = {
    "enter-mailbox": "Please enter your extension.",
    "enter-password": "Please enter your password, and then press the pound key.",
    "wrong-password": "That password is not right.",
    "wrong-login": "That extension and password do not go together.",
    "too-many-tries": "There were too many wrong tries. Goodbye.",
}


class LogInState(enum.Enum):
    """Where a log-in is."""

    NEW = "new"
    ASKING_MAILBOX = "asking for the mailbox"
    LOOKING = "seeing whether the owner has a password"
    ASKING_PASSWORD = "asking for the password"  # noqa: S105
    CHECKING = "checking"
    PAUSING = "letting time pass"
    REFUSING = "ending"


S = LogInState


class LogIn(Dialogue):
    """The result is the extension; None: none."""

    first = S.NEW
    rows: ClassVar[DialogueRows]

    def __init__(self, visit: Visit, extension: str | None) -> None:
        """Build it; ``extension``: whose mailbox it is, if that is known; None: it is asked for."""
        super().__init__(visit)
        self._extension = extension or ""
        self._wrong = 0

    def begin(self, event: Event) -> list[Effect]:
        """Ask for the mailbox, or at the owner's telephone see whether to ask for a password."""
        if self._extension:
            self.enter(S.LOOKING)
            return [Look(self._extension)]
        return self._ask_mailbox()

    def _ask_mailbox(self) -> list[Effect]:
        length = self.plan.numbering.extension_length
        return [Enter(Ask(self.visit, phrases("enter-mailbox"), whole=length))]

    def ask_password(self, event: Event) -> list[Effect]:
        """Ask for the password, unless the owner at his telephone needs none, or has none yet."""
        if isinstance(event, Left):
            if not event.result:
                return [Leave()]
            self._extension = str(event.result)
        if isinstance(event, MailboxShown):
            box = self.plan.mail.boxes[self._extension]
            asks = box.ask_password and event.mailbox.has_password
            if not (asks or self.remote):
                return [Leave(self._extension)]
        return [Enter(Ask(self.visit, phrases("enter-password"), most=LONGEST))]

    def check(self, event: Event) -> list[Effect]:
        """Have it checked."""
        assert isinstance(event, Left)
        if event.result is None:
            return [Leave()]
        return [CheckPassword(self._extension, str(event.result), self.remote)]

    @property
    def remote(self) -> bool:
        """Whether this isn't the owner's own telephone."""
        caller = self.visit.caller
        return caller.kind is not PartyKind.STATION or caller.name != self._extension

    def judge(self, event: Event) -> list[Effect]:
        """Let him in, or let time pass."""
        assert isinstance(event, PasswordChecked)
        if event.verdict is Verdict.RIGHT:
            return [Leave(self._extension)]
        self._wrong += 1
        self.deadline = event.at + WRONG_PAUSE_S * self._wrong
        return []

    def refuse(self, event: Event) -> list[Effect]:
        """Say that it was wrong, and ask again or end."""
        if self._wrong >= TRIES_A_CALL:
            return [Say(phrases("too-many-tries"))]
        asks_mailbox = self.remote
        self.enter(S.ASKING_MAILBOX if asks_mailbox else S.ASKING_PASSWORD)
        if asks_mailbox:
            asked = phrases("wrong-login", "enter-mailbox")
            length = self.plan.numbering.extension_length
            return [Enter(Ask(self.visit, asked, whole=length))]
        asked = phrases("wrong-password", "enter-password")
        return [Enter(Ask(self.visit, asked, most=LONGEST))]


# fmt: off
LogIn.rows = {
    (S.NEW,             Begin):           (S.ASKING_MAILBOX,  LogIn.begin),
    (S.ASKING_MAILBOX,  Left):            (S.ASKING_PASSWORD, LogIn.ask_password),
    (S.LOOKING,         MailboxShown):    (S.ASKING_PASSWORD, LogIn.ask_password),
    (S.ASKING_PASSWORD, Left):            (S.CHECKING,        LogIn.check),
    (S.CHECKING,        PasswordChecked): (S.PAUSING,         LogIn.judge),
    (S.PAUSING,         Timeout):         (S.REFUSING,        LogIn.refuse),
    (S.REFUSING,        SaidAll):         (S.REFUSING,        LogIn.leave),
    (S.CHECKING,        Gone):            (S.CHECKING,        LogIn.leave),
}
# fmt: on
LogIn.choices = {
    S.ASKING_MAILBOX: frozenset({S.LOOKING}),
    S.REFUSING: frozenset({S.ASKING_MAILBOX, S.ASKING_PASSWORD}),
}
