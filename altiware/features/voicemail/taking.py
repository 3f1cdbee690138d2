# SPDX-License-Identifier: MIT
"""Taking a message: the greeting, the recording, and "saved" when it is.

The caller is who was led here because a station was busy or didn't answer, who dialled the
mailbox, or whom somebody handed over (``#40``).  During the greeting * is for the owner, # goes
straight to the tone, and 0 to the operator.
"""

import enum
from typing import ClassVar, Final

from altiware.core.causes import Cause
from altiware.core.effects import Effect, Say, Send, Silence
from altiware.core.events import Event, SaidAll
from altiware.core.legs import Key
from altiware.core.mail import MailboxPlan
from altiware.core.numbering import Destination, Place
from altiware.core.plan import Service
from altiware.features.effects import LeadOn
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
from altiware.features.voicemail.dictation import MESSAGE, Dictation, Wanted
from altiware.features.voicemail.messages import Draft, Greeting, Mailbox
from altiware.features.voicemail.notices import CARETAKER, Arrived
from altiware.features.voicemail.orders import KeepMessage, Kept, Look, MailboxShown, NotKept

__all__ = ["PHRASES", "Taking"]

PHRASES: Final = {
    "greeting-extension": "You have reached the mailbox of extension",
    "greeting-not-available": "is not available right now.",
    "greeting-on-the-phone": "is on another call.",
    "greeting-default": "Please leave a message after the tone.",
    "greeting-information-only": "This mailbox does not take messages.",
    "mailbox-full-caller": "This mailbox is full. Please call again later.",
    "message-saved": "Saved.",
    "goodbye": "Goodbye.",
    "recording-too-short": "That was too short to be kept.",
    "system-trouble-caller": "I'm sorry, we are having trouble with our telephone system. Please "
    "call again later.",
}


class TakingState(enum.Enum):
    """Where the caller is."""

    NEW = "new"
    LOOKING = "looking into the mailbox"
    GREETING = "hearing the greeting"
    SPEAKING = "leaving a message"
    KEEPING = "having it kept"
    TELLING = "being told so"


S = TakingState


class Taking(Dialogue):
    """Take a message for one mailbox."""

    first = S.NEW
    rows: ClassVar[DialogueRows]

    def __init__(self, visit: Visit, box: MailboxPlan, cause: Cause | None) -> None:
        super().__init__(visit)
        self.box = box
        self._cause = cause
        self._room_s = 0.0

    def look(self, event: Event) -> list[Effect]:
        """See which greeting there is, and whether there is room."""
        return [Look(self.box.extension)]

    def greet(self, event: Event) -> list[Effect]:
        """Say the greeting, and what follows if no message is taken."""
        assert isinstance(event, MailboxShown)
        mailbox = event.mailbox
        self._room_s = mailbox.room_s
        greeting = self._greeting(mailbox, event.at)
        if not self.box.takes_messages:
            return [Say((*greeting, *phrases("greeting-information-only")))]
        if self._room_s < self.box.shortest_s or self._room_s == 0.0:
            return [Say((*greeting, *phrases("mailbox-full-caller")))]
        return [Say(greeting)]

    def _greeting(self, mailbox: Mailbox, at: float) -> Clips:
        """Return the temporary greeting, the one for busy, the personal, or the standard one."""
        until = self.visit.desk.settings.of(self.box.extension).mail_temporary_until
        temporary = mailbox.greeting(Greeting.TEMPORARY)
        if temporary and (not until or self.visit.desk.wall(at).date().isoformat() <= until):
            return (temporary,)
        busy = mailbox.greeting(Greeting.BUSY) if self._cause is Cause.BUSY else None
        own = busy or mailbox.greeting(Greeting.PERSONAL)
        if own:
            return (own,)
        name = mailbox.greeting(Greeting.NAME)
        after = phrases("greeting-default") if self.box.takes_messages else ()
        if name:
            on_the_phone = self._cause is Cause.BUSY
            state = "greeting-on-the-phone" if on_the_phone else "greeting-not-available"
            return (name, *phrases(state), *after)
        return (*phrases("greeting-extension"), *ENGLISH.digits(self.box.extension), *after)

    def press(self, event: Event) -> list[Effect]:
        """Let the owner in, the impatient speak, and others to the operator."""
        assert isinstance(event, Key)
        match event.key:
            case "*":
                service = Service("mailbox")
                login = Destination(Place.APPLICATION, service=service)
                return [LeadOn(self.visit.at, login, chosen=True)]
            case "#":
                return [Silence(), *self.speak(event)]
            case "0":
                return self._to_operator()
            case _:
                return []

    def _to_operator(self) -> list[Effect]:
        to = self.visit.desk.dial_plan.destination("0")
        if to.place is not Place.OPERATOR or to.party == self.visit.caller:
            return []
        return [LeadOn(self.visit.at, to, chosen=True)]

    def speak(self, event: Event) -> list[Effect]:
        """Record; or end, where no message is taken."""
        if not self.box.takes_messages or self._room_s <= 0.0:
            return [Leave()]
        self.enter(S.SPEAKING)
        wanted = Wanted(
            (),
            min(self.box.message_s, self._room_s),
            self.plan.mail.silence_s,
            MESSAGE,
            when_gone=True,
            mailbox=self.box.extension,
        )
        return [Enter(Dictation(self.visit, wanted, self.visit.sender))]

    def keep(self, event: Event) -> list[Effect]:
        """Have it kept."""
        assert isinstance(event, Left)
        if not isinstance(event.result, Draft):
            return [Leave()]
        return [KeepMessage((self.box.extension,), event.result)]

    def tell_saved(self, event: Event) -> list[Effect]:
        """Say that it is on the disk; the owner is called if he wants to be."""
        arrived = Send(CARETAKER, Arrived(event.at, self.box.extension))
        return [arrived, Say(phrases("message-saved", "goodbye"))]

    def tell_why(self, event: Event) -> list[Effect]:
        """Say why it isn't."""
        assert isinstance(event, NotKept)
        why = {"short": "recording-too-short", "full": "mailbox-full-caller"}
        return [Say(phrases(why.get(event.why, "system-trouble-caller")))]

    def wait(self, event: Event) -> list[Effect]:
        """Go on keeping though the caller has gone."""
        return []


# fmt: off
Taking.rows = {
    (S.NEW,      Begin):        (S.LOOKING,  Taking.look),
    (S.LOOKING,  MailboxShown): (S.GREETING, Taking.greet),
    (S.GREETING, Key):          (S.GREETING, Taking.press),
    (S.GREETING, SaidAll):      (S.GREETING, Taking.speak),
    (S.SPEAKING, Left):         (S.KEEPING,  Taking.keep),
    (S.KEEPING,  Kept):         (S.TELLING,  Taking.tell_saved),
    (S.KEEPING,  NotKept):      (S.TELLING,  Taking.tell_why),
    (S.KEEPING,  Gone):         (S.KEEPING,  Taking.wait),
    (S.TELLING,  SaidAll):      (S.TELLING,  Taking.leave),
}
# fmt: on
Taking.choices = {
    S.GREETING: frozenset({S.SPEAKING}),
}
