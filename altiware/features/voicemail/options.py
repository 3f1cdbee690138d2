# SPDX-License-Identifier: MIT
"""What an owner sets for himself: greetings, name, password, notification, reminders, lists.

1 greetings and the name, 2 the password, 3 notification calls, 5 a reminder call, 6 his own lists,
* back.  (9, One Number Access, is another feature's.)
"""

import enum
from collections.abc import Callable
from typing import ClassVar, Final

from altiware.core.effects import Effect
from altiware.core.events import Event
from altiware.core.speech import Recording
from altiware.features.effects import Change
from altiware.features.speaking import ENGLISH, Clips, phrases
from altiware.features.voicemail.dialogue import (
    Begin,
    Dialogue,
    DialogueRows,
    Enter,
    Leave,
    Left,
    Visit,
)
from altiware.features.voicemail.dictation import SPOKEN, Dictation, Wanted
from altiware.features.voicemail.lists import Lists
from altiware.features.voicemail.messages import Draft, Greeting, Sender
from altiware.features.voicemail.orders import (
    Done,
    KeepGreeting,
    Look,
    MailboxShown,
    RemoveGreeting,
    SetPassword,
)
from altiware.features.voicemail.questions import Ask, Menu, Tell
from altiware.features.voicemail.reminders import Notification, Reminder
from altiware.policy.passwords import LONGEST, is_weak

__all__ = ["PHRASES", "GreetingOptions", "Options", "PasswordChange"]

PHRASES: Final = {
    "for-greetings": "For greetings and your name,",
    "for-password": "To change your password,",
    "for-notification": "To be told about new messages,",
    "for-reminders": "For reminder calls,",
    "for-lists": "For your lists,",
    "to-go-back": "To go back,",
    "for-personal-greeting": "For your personal greeting,",
    "for-busy-greeting": "For the greeting while you are on a call,",
    "for-temporary-greeting": "For a temporary greeting,",
    "for-spoken-name": "For the recording of your name,",
    "greeting-none": "You have not recorded this greeting. Callers hear the standard one.",
    "name-none": "You have not recorded your name.",
    "to-hear-it": "To hear it,",
    "to-record-it": "To record it,",
    "to-remove-it": "To remove it,",
    "record-greeting": "Please record your greeting after the tone. When you are done, press the "
    "pound key.",
    "record-name": "Please say your first and last name after the tone, and then press the pound "
    "key.",
    "greeting-saved": "Your greeting is saved.",
    "greeting-removed": "Your greeting is removed. Callers hear the standard one.",
    "name-saved": "Your name is saved.",
    "new-password-six": "Please enter a new password of six to eight digits, and then press the "
    "pound key.",
    "new-password-again": "Please enter the new password once more.",
    "passwords-differ": "Those two passwords do not match.",
    "password-too-easy": "That password is too easy to guess.",
    "password-changed": "Your password has been changed.",
    "first-time": "Welcome to your mailbox. Let us get it ready, in a few steps.",
    "system-trouble": "Something has gone wrong. Please call your administrator.",
    "setting-unchanged": "Nothing has been changed.",
}
NAME_S: Final = 10.0
GREETING_S: Final = 120.0


def offered(choices: dict[str, str]) -> Clips:
    """Say the choices of a menu by their keys."""
    return tuple(clip for key, name in choices.items() for clip in ENGLISH.choice(name, key))


class OptionsState(enum.Enum):
    """Where the owner is."""

    NEW = "new"
    AT_MENU = "at the menu of options"
    INSIDE = "changing something"


O = OptionsState  # noqa: E741


class Options(Dialogue):
    """The menu of personal options."""

    first = O.NEW
    rows: ClassVar[DialogueRows]

    def __init__(self, visit: Visit, extension: str) -> None:
        super().__init__(visit)
        self._extension = extension

    def offer(self, event: Event) -> list[Effect]:
        """Say what there is to be set."""
        return [Enter(Menu(self.visit, offered(_OPTIONS), "".join(_OPTIONS)))]

    def choose(self, event: Event) -> list[Effect]:
        """Go there."""
        assert isinstance(event, Left)
        opener = _OPENERS.get(str(event.result))
        return [Enter(opener(self.visit, self._extension))] if opener else [Leave()]


Options.rows = {
    (O.NEW, Begin): (O.AT_MENU, Options.offer),
    (O.AT_MENU, Left): (O.INSIDE, Options.choose),
    (O.INSIDE, Left): (O.AT_MENU, Options.offer),
}

_OPTIONS: Final = {
    "1": "for-greetings",
    "2": "for-password",
    "3": "for-notification",
    "5": "for-reminders",
    "6": "for-lists",
    "*": "to-go-back",
}


class GreetingState(enum.Enum):
    """Where the owner is."""

    NEW = "new"
    WHICH = "asking which greeting"
    LOOKING = "seeing what there is"
    AT_MENU = "asking what to do with it"
    HEARING = "hearing it"
    RECORDING = "recording it"
    CHANGING = "having it changed"
    TELLING = "being told so"


G = GreetingState


class GreetingOptions(Dialogue):
    """Hear, record and remove greetings and the name."""

    first = G.NEW
    rows: ClassVar[DialogueRows]

    def __init__(self, visit: Visit, extension: str) -> None:
        super().__init__(visit)
        self._extension = extension
        self._which = Greeting.PERSONAL
        self._there: Recording | None = None
        self._changed = "greeting-saved"

    def ask_which(self, event: Event) -> list[Effect]:
        """Ask which it is about."""
        return [Enter(Menu(self.visit, offered(_GREETINGS), "".join(_GREETINGS)))]

    def look(self, event: Event) -> list[Effect]:
        """See whether there is one."""
        assert isinstance(event, Left)
        which = _WHICH.get(str(event.result))
        if which is None:
            return [Leave()]
        self._which = which
        return [Look(self._extension)]

    def offer(self, event: Event) -> list[Effect]:
        """Say what can be done with it."""
        assert isinstance(event, MailboxShown)
        self._there = event.mailbox.greeting(self._which)
        choices = {"2": "to-record-it", "*": "to-go-back"}
        if self._there:
            choices = {"1": "to-hear-it", "2": "to-record-it", "3": "to-remove-it"} | choices
            return [Enter(Menu(self.visit, offered(choices), "".join(choices)))]
        none = phrases("name-none" if self._which is Greeting.NAME else "greeting-none")
        return [Enter(Menu(self.visit, (*none, *offered(choices)), "".join(choices)))]

    def choose(self, event: Event) -> list[Effect]:
        """Do it."""
        assert isinstance(event, Left)
        if event.result == "1" and self._there:
            return [Enter(Tell(self.visit, (self._there,)))]
        if event.result == "2":
            self.enter(G.RECORDING)
            return [Enter(self._dictation())]
        if event.result == "3":
            self.enter(G.CHANGING)
            self._changed = "greeting-removed"
            return [RemoveGreeting(self._extension, self._which)]
        return [Leave()]

    def _dictation(self) -> Dictation:
        is_name = self._which is Greeting.NAME
        wanted = Wanted(
            phrases("record-name" if is_name else "record-greeting"),
            NAME_S if is_name else GREETING_S,
            self.plan.mail.silence_s,
            SPOKEN,
            keeps="to-save",
        )
        return Dictation(self.visit, wanted, Sender(self._extension))

    def keep(self, event: Event) -> list[Effect]:
        """Put it in its place."""
        assert isinstance(event, Left)
        if not isinstance(event.result, Draft):
            return self.look_again(event)
        self._changed = "name-saved" if self._which is Greeting.NAME else "greeting-saved"
        return [KeepGreeting(self._extension, self._which, event.result.file)]

    def tell(self, event: Event) -> list[Effect]:
        """Say that it is done."""
        assert isinstance(event, Done)
        said = self._changed if event.well else "system-trouble"
        is_name = self._which is Greeting.NAME and event.well
        named = [Change(self._extension, "spoken_name", event.file)] if is_name else []
        return [*named, Enter(Tell(self.visit, phrases(said)))]

    def look_again(self, event: Event) -> list[Effect]:
        """Offer it again."""
        self.enter(G.LOOKING)
        return [Look(self._extension)]


# fmt: off
GreetingOptions.rows = {
    (G.NEW,       Begin):        (G.WHICH,     GreetingOptions.ask_which),
    (G.WHICH,     Left):         (G.LOOKING,   GreetingOptions.look),
    (G.LOOKING,   MailboxShown): (G.AT_MENU,   GreetingOptions.offer),
    (G.AT_MENU,   Left):         (G.HEARING,   GreetingOptions.choose),
    (G.HEARING,   Left):         (G.HEARING,   GreetingOptions.look_again),
    (G.RECORDING, Left):         (G.CHANGING,  GreetingOptions.keep),
    (G.CHANGING,  Done):         (G.TELLING,   GreetingOptions.tell),
    (G.TELLING,   Left):         (G.WHICH,     GreetingOptions.ask_which),
}
# fmt: on
GreetingOptions.choices = {
    G.HEARING: frozenset({G.RECORDING, G.CHANGING, G.LOOKING}),
    G.CHANGING: frozenset({G.LOOKING}),
}
_GREETINGS: Final = {
    "1": "for-personal-greeting",
    "2": "for-busy-greeting",
    "3": "for-temporary-greeting",
    "4": "for-spoken-name",
    "*": "to-go-back",
}
_WHICH: Final = {
    "1": Greeting.PERSONAL,
    "2": Greeting.BUSY,
    "3": Greeting.TEMPORARY,
    "4": Greeting.NAME,
}


class PasswordState(enum.Enum):
    """Where the owner is."""

    NEW = "new"
    ENTERING = "entering a new password"
    REPEATING = "entering it once more"
    CHANGING = "having it changed"
    TELLING = "being told so"


P = PasswordState


class PasswordChange(Dialogue):
    """Choose a password; the result is whether there is a new one."""

    first = P.NEW
    rows: ClassVar[DialogueRows]

    def __init__(self, visit: Visit, extension: str, *, first: bool = False) -> None:
        super().__init__(visit)
        self._extension = extension
        self._is_first = first
        self._password = ""
        self._is_done = False

    def ask(self, event: Event) -> list[Effect]:
        """Ask for it."""
        before = phrases("first-time") if self._is_first else ()
        return self._ask((*before, *phrases("new-password-six")))

    def _ask(self, clips: Clips) -> list[Effect]:
        return [Enter(Ask(self.visit, clips, most=LONGEST))]

    def ask_again(self, event: Event) -> list[Effect]:
        """Refuse what is easy to guess; ask for the same once more."""
        assert isinstance(event, Left)
        if not event.result:
            return self.end(event)
        self._password = str(event.result)
        if is_weak(self._password, self._extension):
            self.enter(P.ENTERING)
            return self._ask(phrases("password-too-easy", "new-password-six"))
        return self._ask(phrases("new-password-again"))

    def change(self, event: Event) -> list[Effect]:
        """Change it, if both are the same."""
        assert isinstance(event, Left)
        if event.result is None:
            return self.end(event)
        if event.result != self._password:
            self.enter(P.ENTERING)
            return self._ask(phrases("passwords-differ", "new-password-six"))
        return [SetPassword(self._extension, self._password)]

    def tell(self, event: Event) -> list[Effect]:
        """Say that it is changed."""
        assert isinstance(event, Done)
        self._is_done = event.well
        said = "password-changed" if event.well else "system-trouble"
        return [Enter(Tell(self.visit, phrases(said)))]

    def end(self, event: Event) -> list[Effect]:
        """Say that there is none."""
        self.enter(P.TELLING)
        return [Enter(Tell(self.visit, phrases("setting-unchanged")))]

    def result(self, event: Event) -> list[Effect]:
        """Come back."""
        return [Leave(self._is_done)]


# fmt: off
PasswordChange.rows = {
    (P.NEW,       Begin): (P.ENTERING,  PasswordChange.ask),
    (P.ENTERING,  Left):  (P.REPEATING, PasswordChange.ask_again),
    (P.REPEATING, Left):  (P.CHANGING,  PasswordChange.change),
    (P.CHANGING,  Done):  (P.TELLING,   PasswordChange.tell),
    (P.TELLING,   Left):  (P.TELLING,   PasswordChange.result),
}
# fmt: on
PasswordChange.choices = {
    P.REPEATING: frozenset({P.ENTERING, P.TELLING}),
    P.CHANGING: frozenset({P.ENTERING, P.TELLING}),
}
_OPENERS: Final[dict[str, Callable[[Visit, str], Dialogue]]] = {
    "1": GreetingOptions,
    "2": PasswordChange,
    "3": Notification,
    "5": Reminder,
    "6": Lists,
}
