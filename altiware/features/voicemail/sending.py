# SPDX-License-Identifier: MIT
"""Sending messages: a new one, a reply, or one that came, with a comment.

Recipients are dialled one after the other: extensions that have mailboxes, the office's lists,
and the sender's own; # when there are no more.
"""

import enum
from typing import ClassVar, Final

from altiware.core.effects import Effect, Send
from altiware.core.events import Event
from altiware.features.speaking import ENGLISH, Clips, Counted, phrases
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
from altiware.features.voicemail.dictation import MESSAGE, Dictation, Wanted
from altiware.features.voicemail.messages import Draft, Message, Sender
from altiware.features.voicemail.notices import CARETAKER, Arrived
from altiware.features.voicemail.orders import Discard, Forward, KeepMessage, Kept, NotKept
from altiware.features.voicemail.questions import Ask, Tell

__all__ = ["PHRASES", "Forwarding", "NewMessage", "Recipients", "Replying"]

PHRASES: Final = {
    "enter-recipient": "Please enter an extension or a list. When there are no more, press the "
    "pound key.",
    "recipient-added": "has been added.",
    "invalid-entry": "That is not a valid entry.",
    "no-recipient": "Nobody has been chosen yet.",
    "cannot-reply": "You cannot reply to this message: the sender has no mailbox here.",
    "record-at-tone": "Please speak after the tone. When you are done, press the pound key.",
    "record-reply": "Please record your reply after the tone.",
    "record-comment": "Please record a comment after the tone. For no comment, press the pound key "
    "now.",
    "message-sent": "Your message has been sent.",
    "message-not-sent": "Your message has not been sent.",
    "recipient-full": "The mailbox of that person is full.",
}
LONGEST_LIST: Final = 6
"""Digits of an extension, or of a list."""


class RecipientsState(enum.Enum):
    """Where the choice of recipients is."""

    NEW = "new"
    ASKING = "asking for the next"
    TELLING = "saying who was added"


R = RecipientsState


class Recipients(Dialogue):
    """The result is the extensions, None when nobody was chosen."""

    first = R.NEW
    rows: ClassVar[DialogueRows]

    def __init__(self, visit: Visit, extension: str) -> None:
        super().__init__(visit)
        self._own = extension
        self._chosen: list[str] = []

    def ask(self, event: Event) -> list[Effect]:
        """Ask for one more."""
        return [Enter(Ask(self.visit, phrases("enter-recipient"), most=LONGEST_LIST))]

    def add(self, event: Event) -> list[Effect]:
        """Add whom was dialled."""
        assert isinstance(event, Left)
        if not event.result:
            return [Leave(tuple(dict.fromkeys(self._chosen)) or None)]
        found = self._found(str(event.result))
        self._chosen += found
        said: Clips = phrases("invalid-entry")
        if len(found) == 1:
            said = (*phrases("extension"), *ENGLISH.digits(found[0]), *phrases("recipient-added"))
        elif found:
            said = (*ENGLISH.count(len(found), Counted.PERSON), *phrases("recipient-added"))
        return [Enter(Tell(self.visit, said))]

    def _found(self, digits: str) -> tuple[str, ...]:
        boxes = self.plan.mail.boxes
        own = self.visit.desk.settings.of(self._own).mail_lists
        lists = dict(self.plan.mail.lists) | {each[0]: each[1:] for each in own}
        found = lists.get(digits, (digits,))
        return tuple(each for each in found if each in boxes and boxes[each].takes_messages)


Recipients.rows = {
    (R.NEW, Begin): (R.ASKING, Recipients.ask),
    (R.ASKING, Left): (R.TELLING, Recipients.add),
    (R.TELLING, Left): (R.ASKING, Recipients.ask),
}


class SendingState(enum.Enum):
    """Where a message is on its way."""

    NEW = "new"
    RECORDING = "recording"
    ADDRESSING = "asking for whom"
    KEEPING = "having it kept"
    TELLING = "telling what became of it"


S = SendingState


class NewMessage(Dialogue):
    """Record a message, ask for whom it is, and send it."""

    first = S.NEW
    rows: ClassVar[DialogueRows]
    prompt: ClassVar[str] = "record-at-tone"
    optional: ClassVar[bool] = False
    "Whether nothing needs to be said."

    def __init__(self, visit: Visit, extension: str) -> None:
        super().__init__(visit)
        self.extension = extension
        self.draft = Draft("", Sender(extension))

    def refused(self) -> str | None:
        """Return the phrase that says why nothing can be sent; None: it can be."""
        return None

    def known_recipients(self) -> tuple[str, ...] | None:
        """Return for whom it is; None: that is asked for."""
        return None

    def record(self, event: Event) -> list[Effect]:
        """Let him speak."""
        refused = self.refused()
        if refused:
            return self._tell(refused)
        box = self.plan.mail.boxes[self.extension]
        wanted = Wanted(
            phrases(self.prompt),
            box.message_s,
            self.plan.mail.silence_s,
            MESSAGE[:5],
            optional=self.optional,
        )
        return [Enter(Dictation(self.visit, wanted, Sender(self.extension, box.name)))]

    def address(self, event: Event) -> list[Effect]:
        """Ask for whom it is."""
        assert isinstance(event, Left)
        if not isinstance(event.result, Draft):
            return self._tell("message-not-sent")
        self.draft = event.result
        known = self.known_recipients()
        if known:
            self.enter(S.KEEPING)
            return [self.order(known)]
        return [Enter(Recipients(self.visit, self.extension))]

    def send(self, event: Event) -> list[Effect]:
        """Send it."""
        assert isinstance(event, Left)
        if not isinstance(event.result, tuple):
            return [*self.discarded(), *self._tell("no-recipient", "message-not-sent")]
        return [self.order(event.result)]

    def order(self, to: tuple[str, ...]) -> Effect:
        """Return what the store is asked for."""
        return KeepMessage(to, self.draft)

    def discarded(self) -> list[Effect]:
        """Remove what was recorded."""
        return [Discard(self.draft.file)] if self.draft.file else []

    def give_up(self, event: Event) -> list[Effect]:
        """He has hung up: nothing is sent."""
        return [*self.discarded(), Leave()]

    def tell_sent(self, event: Event) -> list[Effect]:
        """Say so; and let owners be called who want to be."""
        assert isinstance(event, Kept)
        arrived = [Send(CARETAKER, Arrived(event.at, each)) for each in event.extensions]
        full = ("recipient-full",) if event.full else ()
        return [*arrived, *self._tell("message-sent", *full)]

    def tell_not_sent(self, event: Event) -> list[Effect]:
        """Say why."""
        assert isinstance(event, NotKept)
        full = ("recipient-full",) if event.why == "full" else ()
        return self._tell("message-not-sent", *full)

    def _tell(self, *names: str) -> list[Effect]:
        self.enter(S.TELLING)
        return [Enter(Tell(self.visit, phrases(*names)))]

    def wait(self, event: Event) -> list[Effect]:
        """Go on sending though he has gone."""
        return []


# fmt: off
NewMessage.rows = {
    (S.NEW,        Begin):   (S.RECORDING,  NewMessage.record),
    (S.RECORDING,  Left):    (S.ADDRESSING, NewMessage.address),
    (S.ADDRESSING, Left):    (S.KEEPING,    NewMessage.send),
    (S.ADDRESSING, Gone):    (S.ADDRESSING, NewMessage.give_up),
    (S.KEEPING,    Kept):    (S.TELLING,    NewMessage.tell_sent),
    (S.KEEPING,    NotKept): (S.TELLING,    NewMessage.tell_not_sent),
    (S.KEEPING,    Gone):    (S.KEEPING,    NewMessage.wait),
    (S.TELLING,    Left):    (S.TELLING,    NewMessage.leave),
}
# fmt: on
NewMessage.choices = {
    S.RECORDING: frozenset({S.TELLING}),
    S.ADDRESSING: frozenset({S.KEEPING, S.TELLING}),
    S.KEEPING: frozenset({S.TELLING}),
}


class Replying(NewMessage):
    """Record an answer and send it to who left the message."""

    prompt = "record-reply"

    def __init__(self, visit: Visit, extension: str, message: Message) -> None:
        super().__init__(visit, extension)
        self._to = message.sender

    def refused(self) -> str | None:
        """Refuse to reply to who has no mailbox here."""
        there = not self._to.outside and self._to.number in self.plan.mail.boxes
        return None if there else "cannot-reply"

    def known_recipients(self) -> tuple[str, ...]:
        """Return who left the message."""
        return (self._to.number,)


class Forwarding(NewMessage):
    """Send a message on, with a comment or without."""

    prompt = "record-comment"
    optional = True

    def __init__(self, visit: Visit, extension: str, message: Message) -> None:
        super().__init__(visit, extension)
        self._message = message

    def order(self, to: tuple[str, ...]) -> Effect:
        """Return what the store is asked for."""
        return Forward(self._message.id, to, self.extension, self.draft)
