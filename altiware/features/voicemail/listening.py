# SPDX-License-Identifier: MIT
"""Hearing messages one after the other, and what can be done with each.

While one is heard, or after it: 1 again, 2 save, 3 delete (# confirms), 4 reply, 5 call the
sender, 6 forward, # the next, * back.  While it is heard 7 goes back five seconds, 9 on five
seconds, 8 is faster, 0 slower; after it 7 is the one before, 8 keeps it as new, 9 is the next.
One that has been heard to its end is saved.
"""

import enum
from typing import ClassVar, Final

from altiware.core.effects import Effect, Say, Silence, Wind
from altiware.core.events import Event, SaidAll, Timeout
from altiware.core.legs import Key
from altiware.core.speech import Clip
from altiware.features.speaking import ENGLISH, phrases
from altiware.features.voicemail.dialogue import (
    Begin,
    Dialogue,
    DialogueRows,
    Enter,
    Leave,
    Left,
    Visit,
)
from altiware.features.voicemail.messages import Mailbox, Message, MessageState
from altiware.features.voicemail.orders import Done, Mark
from altiware.features.voicemail.questions import CHOOSE_S, Menu, Tell
from altiware.features.voicemail.sender_call import SenderCall
from altiware.features.voicemail.sending import Forwarding, Replying
from altiware.features.voicemail.sentences import about

__all__ = ["PHRASES", "Listening"]

PHRASES: Final = {
    "to-replay": "To hear it again,",
    "to-save": "To save it,",
    "to-delete": "To delete it,",
    "to-restore": "To keep it after all,",
    "to-reply": "To reply,",
    "to-forward": "To forward it,",
    "to-call-sender": "To call the sender,",
    "to-skip": "For the next message,",
    "to-previous": "For the message before,",
    "to-mark-new": "To keep it as new,",
    "message-saved": "Saved.",
    "message-deleted": "Deleted.",
    "message-restored": "The message is still there.",
    "message-kept-new": "The message stays new.",
    "confirm-delete": "To delete this message for good, press the pound key. To keep it, press any "
    "other key.",
    "end-of-messages": "There are no more messages.",
    "private-cannot-forward": "A private message cannot be forwarded.",
    "system-trouble": "Something has gone wrong. Please call your administrator.",
}
OFFERED: Final = {
    "1": "to-replay",
    "2": "to-save",
    "3": "to-delete",
    "4": "to-reply",
    "5": "to-call-sender",
    "6": "to-forward",
    "7": "to-previous",
    "8": "to-mark-new",
    "9": "to-skip",
}
STEP_S: Final = 5.0
PACES: Final = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
_WINDS: Final = {"7": -STEP_S, "9": STEP_S}
_PACES: Final = {"8": 1, "0": -1}
_SAID: Final = {
    MessageState.NEW: "message-kept-new",
    MessageState.SAVED: "message-saved",
    MessageState.DELETED: "message-deleted",
}


class ListeningState(enum.Enum):
    """Where the listener is."""

    NEW = "new"
    HEARING = "hearing a message"
    HEARD = "having heard it"
    "It is being saved; what can be done with it is said."
    WAITING = "waiting for a choice"
    CONFIRMING = "being asked whether to delete it"
    MARKING = "having it marked"
    TELLING = "being told what was done"
    AWAY = "replying, forwarding, or calling the sender"
    ENDING = "being told that there are no more"


S = ListeningState


class Listening(Dialogue):
    """Hear the messages of one kind."""

    first = S.NEW
    rows: ClassVar[DialogueRows]

    def __init__(self, visit: Visit, mailbox: Mailbox, kind: MessageState) -> None:
        super().__init__(visit)
        self._mailbox = mailbox
        self._kind = kind
        self._messages = mailbox.of(kind)
        self._index = 0
        self._marks: dict[str, MessageState] = {}
        self._wanted = kind
        self._pace = 1.0

    @property
    def message(self) -> Message:
        """The one that is heard."""
        return self._messages[self._index]

    def hear(self, event: Event) -> list[Effect]:
        """Say whose it is and when it came, and play it."""
        message = self.message
        clips: list[Clip] = [*about(message, self.visit.desk.wall(event.at), self._mailbox.names)]
        if message.comment:
            clips.append(message.comment_sound)
        self._pace = 1.0
        return [Say((*clips, message.sound))]

    def save_heard(self, event: Event) -> list[Effect]:
        """Save it if it is new, now that it was heard to its end; say what can be done."""
        new = self._kind is MessageState.NEW and self.message.id not in self._marks
        saved = [self._mark(MessageState.SAVED)] if new else []
        offered = (ENGLISH.choice(self._name(key), key) for key in OFFERED)
        return [*saved, Say(tuple(clip for choice in offered for clip in choice))]

    def _name(self, key: str) -> str:
        restores = key == "3" and self._is(MessageState.DELETED)
        return "to-restore" if restores else OFFERED[key]

    def _is(self, state: MessageState) -> bool:
        return self._marks.get(self.message.id, self.message.state) is state

    def _mark(self, state: MessageState) -> Mark:
        self._marks[self.message.id] = self._wanted = state
        return Mark(self._mailbox.extension, self.message.id, state)

    def wait(self, event: Event) -> list[Effect]:
        """Wait for a choice."""
        self.deadline = event.at + CHOOSE_S
        return []

    def press_while_heard(self, event: Event) -> list[Effect]:
        """Wind, or do what the key is for."""
        assert isinstance(event, Key)
        if event.key in _WINDS:
            return [Wind(by_s=_WINDS[event.key])]
        if event.key in _PACES:
            place = PACES.index(self._pace) + _PACES[event.key]
            self._pace = PACES[max(0, min(place, len(PACES) - 1))]
            return [Wind(speed=self._pace)]
        return self.press(event)

    def press(self, event: Event) -> list[Effect]:
        """Do what the key is for."""
        assert isinstance(event, Key)
        return [Silence(), *_PRESSED.get(event.key, Listening.hear_again)(self, event)]

    # What the keys are for

    def hear_again(self, event: Event) -> list[Effect]:
        """Play it from its beginning."""
        self.enter(S.HEARING)
        return self.hear(event)

    def save(self, event: Event) -> list[Effect]:
        """Have it saved."""
        return self._have_marked(MessageState.SAVED)

    def keep_new(self, event: Event) -> list[Effect]:
        """Have it kept as new."""
        return self._have_marked(MessageState.NEW)

    def _have_marked(self, state: MessageState) -> list[Effect]:
        self.enter(S.MARKING)
        return [self._mark(state)]

    def delete(self, event: Event) -> list[Effect]:
        """Ask whether to, or keep after all what was deleted."""
        if self._is(MessageState.DELETED):
            return self._have_marked(MessageState.SAVED)
        self.enter(S.CONFIRMING)
        return [Enter(Menu(self.visit, phrases("confirm-delete"), "0123456789*#", tries=1))]

    def reply(self, event: Event) -> list[Effect]:
        """Record an answer and send it."""
        self.enter(S.AWAY)
        return [Enter(Replying(self.visit, self._mailbox.extension, self.message))]

    def forward(self, event: Event) -> list[Effect]:
        """Send it on to others."""
        self.enter(S.AWAY)
        if self.message.private:
            return [Enter(Tell(self.visit, phrases("private-cannot-forward")))]
        return [Enter(Forwarding(self.visit, self._mailbox.extension, self.message))]

    def call_sender(self, event: Event) -> list[Effect]:
        """Call who left it."""
        self.enter(S.AWAY)
        return [Enter(SenderCall(self.visit, self._mailbox.extension, self.message))]

    def next(self, event: Event) -> list[Effect]:
        """Go on to the next."""
        if self._index + 1 >= len(self._messages):
            self.enter(S.ENDING)
            return [Say(phrases("end-of-messages"))]
        self._index += 1
        return self.hear_again(event)

    def previous(self, event: Event) -> list[Effect]:
        """Go back to the one before."""
        self._index = max(self._index - 1, 0)
        return self.hear_again(event)

    def go_back(self, event: Event) -> list[Effect]:
        """Go back to the main menu."""
        return [Leave()]

    # What follows

    def confirmed(self, event: Event) -> list[Effect]:
        """Delete it if the answer is #."""
        assert isinstance(event, Left)
        if event.result == "#":
            return self._have_marked(MessageState.DELETED)
        self.enter(S.TELLING)
        return [Say(phrases("message-restored"))]

    def tell(self, event: Event) -> list[Effect]:
        """Say that it is done, now that it is."""
        assert isinstance(event, Done)
        return [Say(phrases(_SAID[self._wanted] if event.well else "system-trouble"))]

    def skip(self, event: Event) -> list[Effect]:
        """Go on; the key that interrupted counts."""
        return [Silence(), *self.next(event)]

    def come_back(self, event: Event) -> list[Effect]:
        """Say what else can be done with the message."""
        return self.save_heard(event)


_PRESSED: Final = {
    "1": Listening.hear_again,
    "2": Listening.save,
    "3": Listening.delete,
    "4": Listening.reply,
    "5": Listening.call_sender,
    "6": Listening.forward,
    "7": Listening.previous,
    "8": Listening.keep_new,
    "9": Listening.next,
    "#": Listening.next,
    "*": Listening.go_back,
}

# fmt: off
Listening.rows = {
    (S.NEW,        Begin):   (S.HEARING, Listening.hear),
    (S.HEARING,    SaidAll): (S.HEARD,   Listening.save_heard),
    (S.HEARING,    Key):     (S.HEARING, Listening.press_while_heard),
    (S.HEARD,      SaidAll): (S.WAITING, Listening.wait),
    (S.HEARD,      Key):     (S.HEARD,   Listening.press),
    (S.WAITING,    Key):     (S.HEARD,   Listening.press),
    (S.WAITING,    Timeout): (S.HEARING, Listening.next),
    (S.CONFIRMING, Left):    (S.MARKING, Listening.confirmed),
    (S.MARKING,    Done):    (S.TELLING, Listening.tell),
    (S.TELLING,    SaidAll): (S.HEARING, Listening.next),
    (S.TELLING,    Key):     (S.HEARING, Listening.skip),
    (S.AWAY,       Left):    (S.HEARD,   Listening.come_back),
    (S.ENDING,     SaidAll): (S.ENDING,  Listening.leave),
    (S.ENDING,     Key):     (S.ENDING,  Listening.leave),
}
# fmt: on
Listening.choices = {
    S.HEARING: frozenset({S.MARKING, S.CONFIRMING, S.AWAY, S.ENDING}),
    S.HEARD: frozenset({S.HEARING, S.MARKING, S.CONFIRMING, S.AWAY, S.ENDING}),
    S.MARKING: frozenset({S.TELLING}),
}
