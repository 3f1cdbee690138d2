# SPDX-License-Identifier: MIT
"""An owner at his mailbox: how much there is, and the main menu.

1 new messages, 2 saved ones, 3 record one and send it, 4 options, 7 what was deleted in this
call, * leaves.  What he has deleted is gone when he hangs up.
"""

import enum
from typing import ClassVar, Final

from altiware.core.effects import Effect, Send
from altiware.core.events import Event
from altiware.features.speaking import ENGLISH, Clips, phrases
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
from altiware.features.voicemail.listening import Listening
from altiware.features.voicemail.login import LogIn
from altiware.features.voicemail.messages import Mailbox, MessageState
from altiware.features.voicemail.notices import CARETAKER, Heard
from altiware.features.voicemail.options import Options, PasswordChange
from altiware.features.voicemail.orders import EmptyTrash, Look, MailboxShown, Notified
from altiware.features.voicemail.questions import Menu, Tell
from altiware.features.voicemail.sending import NewMessage
from altiware.features.voicemail.sentences import summary

__all__ = ["PHRASES", "Session"]

PHRASES: Final = {
    "to-hear-new": "To hear your new messages,",
    "to-hear-saved": "To hear your saved messages,",
    "to-hear-deleted": "To hear the messages that you deleted in this call,",
    "to-record-and-send": "To record a message and send it,",
    "for-options": "For your personal options,",
    "to-leave-mailbox": "To leave your mailbox,",
    "no-messages": "You have no messages.",
    "goodbye": "Goodbye.",
}
NEW, SAVED, DELETED = MessageState.NEW, MessageState.SAVED, MessageState.DELETED
_HEARD: Final = {"1": NEW, "2": SAVED, "7": DELETED}


class SessionState(enum.Enum):
    """Where the owner is."""

    NEW = "new"
    LOGGING_IN = "logging in"
    ARRIVING = "looking into the mailbox"
    CHOOSING_PASSWORD = "choosing the first password"  # noqa: S105
    BEING_TOLD = "being told how much there is"
    RETURNING = "looking into it again"
    AT_MENU = "at the main menu"
    INSIDE = "listening, sending, or changing something"
    TAKING_LEAVE = "taking leave"


S = SessionState


class Session(Dialogue):
    """One visit of an owner; ``password_only``: to change his password, and no more."""

    first = S.NEW
    rows: ClassVar[DialogueRows]

    def __init__(self, visit: Visit, extension: str | None, *, password_only: bool = False) -> None:
        super().__init__(visit)
        self._mailbox = Mailbox(extension or "")
        self._known = extension
        self._password_only = password_only

    def log_in(self, event: Event) -> list[Effect]:
        """See who it is."""
        return [Enter(LogIn(self.visit, self._known))]

    def look(self, event: Event) -> list[Effect]:
        """See what there is."""
        assert isinstance(event, Left)
        if not event.result:
            return [Leave()]
        self._mailbox = Mailbox(str(event.result))
        extension = self._mailbox.extension
        knows = Send(CARETAKER, Heard(event.at, extension))
        return [Look(extension), Notified(extension), knows]

    def arrive(self, event: Event) -> list[Effect]:
        """Tell how much there is; who has no password yet chooses one first."""
        assert isinstance(event, MailboxShown)
        self._mailbox = event.mailbox
        if self._password_only or not self._mailbox.has_password:
            self.enter(S.CHOOSING_PASSWORD)
            first = not self._mailbox.has_password
            return [Enter(PasswordChange(self.visit, self._mailbox.extension, first=first))]
        return [Enter(Tell(self.visit, summary(self._mailbox)))]

    def go_on(self, event: Event) -> list[Effect]:
        """Tell how much there is, to whom has a password now."""
        assert isinstance(event, Left)
        if self._password_only or not event.result:
            return self.take_leave(event)
        return [Enter(Tell(self.visit, summary(self._mailbox)))]

    def tell(self, event: Event) -> list[Effect]:
        """Offer what there is; a key that was pressed meanwhile is a choice already."""
        assert isinstance(event, Left)
        if isinstance(event.result, str) and event.result in self._keys:
            self.enter(S.INSIDE)
            return self.choose(event)
        return self.offer(event)

    def offer(self, event: Event) -> list[Effect]:
        """Offer what there is."""
        if isinstance(event, MailboxShown):
            self._mailbox = event.mailbox
        return [Enter(Menu(self.visit, self._choices(), self._keys))]

    @property
    def _keys(self) -> str:
        there = [key for key, state in _HEARD.items() if self._mailbox.of(state)]
        return "".join(there) + "34*"

    def _choices(self) -> Clips:
        names = {
            "1": "to-hear-new",
            "2": "to-hear-saved",
            "7": "to-hear-deleted",
            "3": "to-record-and-send",
            "4": "for-options",
            "*": "to-leave-mailbox",
        }
        offered = [ENGLISH.choice(name, key) for key, name in names.items() if key in self._keys]
        empty = () if self._mailbox.messages else phrases("no-messages")
        return (*empty, *(clip for choice in offered for clip in choice))

    def choose(self, event: Event) -> list[Effect]:
        """Go where he wants to."""
        assert isinstance(event, Left)
        key = event.result
        if key in _HEARD:
            return [Enter(Listening(self.visit, self._mailbox, _HEARD[str(key)]))]
        if key == "3":
            return [Enter(NewMessage(self.visit, self._mailbox.extension))]
        if key == "4":
            return [Enter(Options(self.visit, self._mailbox.extension))]
        return self.take_leave(event)

    def look_again(self, event: Event) -> list[Effect]:
        """See what there is now."""
        return [Look(self._mailbox.extension)]

    def take_leave(self, event: Event) -> list[Effect]:
        """Say goodbye; what was deleted is gone."""
        self.enter(S.TAKING_LEAVE)
        return [
            EmptyTrash(self._mailbox.extension),
            Enter(Tell(self.visit, phrases("goodbye"))),
        ]

    def clear_up(self, event: Event) -> list[Effect]:
        """He has hung up."""
        return [EmptyTrash(self._mailbox.extension), Leave()]


_INSIDE: Final = (S.ARRIVING, S.CHOOSING_PASSWORD, S.BEING_TOLD, S.RETURNING, S.AT_MENU, S.INSIDE)

# fmt: off
Session.rows = {
    (S.NEW,               Begin):        (S.LOGGING_IN, Session.log_in),
    (S.LOGGING_IN,        Left):         (S.ARRIVING,   Session.look),
    (S.ARRIVING,          MailboxShown): (S.BEING_TOLD, Session.arrive),
    (S.CHOOSING_PASSWORD, Left):         (S.BEING_TOLD, Session.go_on),
    (S.BEING_TOLD,        Left):         (S.AT_MENU,    Session.tell),
    (S.AT_MENU,           Left):         (S.INSIDE,     Session.choose),
    (S.INSIDE,            Left):         (S.RETURNING,  Session.look_again),
    (S.RETURNING,         MailboxShown): (S.AT_MENU,    Session.offer),
    (S.TAKING_LEAVE,      Left):         (S.TAKING_LEAVE, Session.leave),
    **{(s, Gone):                        (s,            Session.clear_up) for s in _INSIDE},
}
# fmt: on
Session.choices = {
    S.BEING_TOLD: frozenset({S.CHOOSING_PASSWORD, S.TAKING_LEAVE}),
    S.AT_MENU: frozenset({S.INSIDE}),
    S.INSIDE: frozenset({S.TAKING_LEAVE}),
}
