# SPDX-License-Identifier: MIT
"""A call to an owner: about new messages (password first), or because he wanted to be reminded."""

import enum
from collections.abc import Callable
from typing import ClassVar, Final

from altiware.core.effects import Effect, Send
from altiware.core.events import Event, Timeout
from altiware.core.ids import CallId, application, station
from altiware.core.legs import Connect, Release, Setup
from altiware.core.plan import Service
from altiware.core.signals import Caller
from altiware.features.applications import Desk, Opening, Rows
from altiware.features.effects import Change
from altiware.features.speaking import ENGLISH, phrases
from altiware.features.voicemail.dialogue import (
    Begin,
    Dialogue,
    DialogueRows,
    Enter,
    Leave,
    Left,
    Visit,
    VisitState,
)
from altiware.features.voicemail.notices import CARETAKER, CallOver, Heard
from altiware.features.voicemail.orders import Notified
from altiware.features.voicemail.questions import Menu, Tell
from altiware.features.voicemail.session import Session

__all__ = ["PHRASES", "OwnerCall", "about_messages", "reminding"]

PHRASES: Final = {
    "notify-greeting": "Hello. This is the telephone system with a message for",
    "notify-if-you": "If that is you,",
    "notify-if-not-here": "If that person is not there,",
    "notify-wrong-number": "If you do not want to be called again,",
    "notify-stopped": "You will not be called again about this message.",
    "reminder-greeting": "Hello. This is the reminder call that you asked for.",
    "reminder-snooze": "To be called again in ten minutes,",
    "wake-up-time-is": "The time is",
    "goodbye": "Goodbye.",
}
SNOOZE_S: Final = 600.0
Opener = Callable[[Visit, str], Dialogue]


class OwnerCall(Visit):
    """A visit that the mailbox makes."""

    rows: ClassVar[Rows]

    def __init__(self, desk: Desk, count: int, owner: str, number: str, opener: Opener) -> None:
        party = application(f"mailbox {owner} calls", count)
        opening = Opening(party, Service("message", owner), CallId(""), CARETAKER, None)
        super().__init__(desk, opening, lambda visit: opener(visit, owner))
        self._owner = owner
        self._number = number
        self.deadline = 0.0

    def call(self, event: Event) -> list[Effect]:
        """Call; who doesn't answer for so long isn't there."""
        self.deadline = event.at + self.desk.plan.mail.ring_s
        owner = self.desk.plan.mail.boxes[self._owner]
        shown = Caller(owner.extension, owner.name)
        return [Setup(event.at, self.party, self._number, shown, station(self._owner))]

    def give_up(self, event: Event) -> list[Effect]:
        """Nobody has answered."""
        return [*self.hang_up(event), *self.report(event)]

    def report(self, event: Event) -> list[Effect]:
        """Tell the caretaker that the call is over."""
        return [Send(CARETAKER, CallOver(event.at, self._owner))]

    def let_go(self, event: Event) -> list[Effect]:
        """Who was called has hung up."""
        return [*super().let_go(event), *self.report(event)]

    def release(self, event: Event) -> list[Effect]:
        """Who was called has hung up."""
        return self.let_go(event)

    def _end(self, event: Event) -> list[Effect]:
        left = self.state is VisitState.LEAVING  # told already
        return [*super()._end(event), *([] if left else self.report(event))]


V = VisitState
OwnerCall.rows = {
    **Visit.rows,
    (V.NEW, Timeout): (V.ANSWERING, OwnerCall.call),
    (V.ANSWERING, Timeout): (V.DONE, OwnerCall.give_up),
    (V.ANSWERING, Connect): (V.TALKING, OwnerCall.begin),
    (V.ANSWERING, Release): (V.DONE, OwnerCall.report),
    (V.TALKING, Release): (V.LEAVING, OwnerCall.release),
}


class AboutState(enum.Enum):
    """Where the call is."""

    NEW = "new"
    ASKING = "asking who is there"
    INSIDE = "at the mailbox"
    ENDING = "taking leave"


A = AboutState


class AboutMessages(Dialogue):
    """Say for whom there are messages; to that one, after his password, say them."""

    first = A.NEW
    rows: ClassVar[DialogueRows]

    def __init__(self, visit: Visit, owner: str) -> None:
        super().__init__(visit)
        self._owner = owner

    def ask(self, event: Event) -> list[Effect]:
        """Ask who is there."""
        choices = {"1": "notify-if-you", "2": "notify-if-not-here", "3": "notify-wrong-number"}
        offered = tuple(c for key, name in choices.items() for c in ENGLISH.choice(name, key))
        who = (*phrases("extension"), *ENGLISH.digits(self._owner))
        said = (*phrases("notify-greeting"), *who, *offered)
        return [Enter(Menu(self.visit, said, "123"))]

    def answered(self, event: Event) -> list[Effect]:
        """Let him in; or call no more, or later."""
        assert isinstance(event, Left)
        if event.result == "1":
            return [Enter(Session(self.visit, self._owner))]
        self.enter(A.ENDING)
        if event.result == "3":
            stopped = Enter(Tell(self.visit, phrases("notify-stopped", "goodbye")))
            heard = Send(CARETAKER, Heard(event.at, self._owner))
            return [Notified(self._owner), heard, stopped]
        return [Enter(Tell(self.visit, phrases("goodbye")))]


AboutMessages.rows = {
    (A.NEW, Begin): (A.ASKING, AboutMessages.ask),
    (A.ASKING, Left): (A.INSIDE, AboutMessages.answered),
    (A.INSIDE, Left): (A.INSIDE, AboutMessages.leave),
    (A.ENDING, Left): (A.ENDING, AboutMessages.leave),
}
AboutMessages.choices = {
    A.INSIDE: frozenset({A.ENDING}),
}


class RemindingState(enum.Enum):
    """Where the call is."""

    NEW = "new"
    ASKING = "saying that it is time"


R = RemindingState


class Reminding(Dialogue):
    """Say that it is time."""

    first = R.NEW
    rows: ClassVar[DialogueRows]

    def __init__(self, visit: Visit, owner: str) -> None:
        super().__init__(visit)
        self._owner = owner

    def tell(self, event: Event) -> list[Effect]:
        """Say what time it is; offer another call."""
        now = self.visit.desk.wall(event.at)
        snooze = ENGLISH.choice("reminder-snooze", "1")
        greeting = (*phrases("reminder-greeting", "wake-up-time-is"), *ENGLISH.time(now.time()))
        return [Enter(Menu(self.visit, (*greeting, *snooze), "1", tries=2))]

    def snooze(self, event: Event) -> list[Effect]:
        """Call again in ten minutes; a daily call goes on from there."""
        assert isinstance(event, Left)
        if event.result != "1":
            return [Leave()]
        later = self.visit.desk.wall(event.at + SNOOZE_S).isoformat()
        return [Change(self._owner, "mail_reminder", later), Leave()]


Reminding.rows = {
    (R.NEW, Begin): (R.ASKING, Reminding.tell),
    (R.ASKING, Left): (R.ASKING, Reminding.snooze),
}


def about_messages(visit: Visit, owner: str) -> Dialogue:
    """Begin a call about new messages."""
    return AboutMessages(visit, owner)


def reminding(visit: Visit, owner: str) -> Dialogue:
    """Begin a reminder call."""
    return Reminding(visit, owner)
