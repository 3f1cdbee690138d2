# SPDX-License-Identifier: MIT
"""The small dialogues: to tell something, to offer choices, to ask for digits."""

import enum
from typing import ClassVar, Final

from altiware.core.effects import Effect, Say, Silence
from altiware.core.events import Event, SaidAll, Timeout
from altiware.core.legs import Key
from altiware.core.speech import Clip
from altiware.features.speaking import Clips, phrases
from altiware.features.voicemail.dialogue import Begin, Dialogue, DialogueRows, Leave, Visit

__all__ = ["PHRASES", "Ask", "Menu", "Tell"]

CHOOSE_S: Final = 6.0
"""How long a choice is waited for after the last word."""
DIGIT_S: Final = 5.0
"""How long the next digit is waited for."""
TRIES: Final = 3
PHRASES: Final = {
    "not-a-choice": "That is not one of the choices.",
    "try-again": "Please try again.",
}


class TellState(enum.Enum):
    """Something is being said."""

    NEW = "new"
    SAYING = "saying"


class Tell(Dialogue):
    """Say something; a key ends it, and is the result."""

    first = TellState.NEW
    rows: ClassVar[DialogueRows]

    def __init__(self, visit: Visit, clips: Clips) -> None:
        super().__init__(visit)
        self._clips = clips

    def say(self, event: Event) -> list[Effect]:
        """Say it."""
        return [Say(self._clips)] if self._clips else [Leave()]

    def interrupt(self, event: Event) -> list[Effect]:
        """Say no more."""
        assert isinstance(event, Key)
        return [Silence(), Leave(event.key)]


T = TellState
Tell.rows = {
    (T.NEW, Begin): (T.SAYING, Tell.say),
    (T.SAYING, SaidAll): (T.SAYING, Tell.leave),
    (T.SAYING, Key): (T.SAYING, Tell.interrupt),
}


class MenuState(enum.Enum):
    """Where a menu is."""

    NEW = "new"
    SAYING = "saying the choices"
    WAITING = "waiting for a choice"


class Menu(Dialogue):
    """Offer choices; the result is the key, None when nobody has chosen after some tries."""

    first = MenuState.NEW
    rows: ClassVar[DialogueRows]

    def __init__(self, visit: Visit, clips: Clips, keys: str, *, tries: int = TRIES) -> None:
        super().__init__(visit)
        self._clips = clips
        self._keys = keys
        self._left = tries

    def say(self, event: Event) -> list[Effect]:
        """Say the choices."""
        return [Say(self._clips)]

    def wait(self, event: Event) -> list[Effect]:
        """Wait for one."""
        self.deadline = event.at + CHOOSE_S
        return []

    def choose(self, event: Event) -> list[Effect]:
        """Take a choice that there is."""
        assert isinstance(event, Key)
        if event.key in self._keys:
            return [Silence(), Leave(event.key)]
        return self._again(phrases("not-a-choice"))

    def say_again(self, event: Event) -> list[Effect]:
        """Nobody has chosen."""
        return self._again(())

    def _again(self, before: Clips) -> list[Effect]:
        self._left -= 1
        if self._left <= 0:
            return [Silence(), Leave()]
        return [Say((*before, *self._clips))]


M = MenuState
Menu.rows = {
    (M.NEW, Begin): (M.SAYING, Menu.say),
    (M.SAYING, SaidAll): (M.WAITING, Menu.wait),
    (M.SAYING, Key): (M.SAYING, Menu.choose),
    (M.WAITING, Key): (M.SAYING, Menu.choose),
    (M.WAITING, Timeout): (M.SAYING, Menu.say_again),
}


class AskState(enum.Enum):
    """Where a question is."""

    NEW = "new"
    ASKING = "asking"
    ENTERING = "waiting for digits"


class Ask(Dialogue):
    """Ask for digits, which # ends; the result is them, None when nobody answered.

    ``*`` begins anew.  With ``whole`` so many digits need no #.
    """

    first = AskState.NEW
    rows: ClassVar[DialogueRows]

    def __init__(
        self, visit: Visit, clips: tuple[Clip, ...], *, whole: int | None = None, most: int = 32
    ) -> None:
        super().__init__(visit)
        self._clips = clips
        self._whole = whole
        self._most = most
        self._digits = ""
        self._left = TRIES

    def ask(self, event: Event) -> list[Effect]:
        """Ask."""
        self._digits = ""
        return [Say(self._clips)]

    def wait(self, event: Event) -> list[Effect]:
        """Wait for the first digit."""
        self.deadline = event.at + DIGIT_S
        return []

    def take(self, event: Event) -> list[Effect]:
        """Take a key."""
        assert isinstance(event, Key)
        if event.key == "*":
            self._digits = ""
        elif event.key == "#":
            return [Silence(), Leave(self._digits)]
        else:
            self._digits = (self._digits + event.key)[: self._most + 1]
        if self._whole is not None and len(self._digits) >= self._whole:
            return [Silence(), Leave(self._digits)]
        self.deadline = event.at + DIGIT_S
        return [Silence()]

    def go_on(self, event: Event) -> list[Effect]:
        """Take what there is, or ask again."""
        if self._digits:
            return [Leave(self._digits)]
        self._left -= 1
        if self._left <= 0:
            return [Leave()]
        self.deadline = event.at + DIGIT_S
        return [Say(self._clips)]


A = AskState
Ask.rows = {
    (A.NEW, Begin): (A.ASKING, Ask.ask),
    (A.ASKING, SaidAll): (A.ENTERING, Ask.wait),
    (A.ASKING, Key): (A.ENTERING, Ask.take),
    (A.ENTERING, Key): (A.ENTERING, Ask.take),
    (A.ENTERING, SaidAll): (A.ENTERING, Ask.wait),
    (A.ENTERING, Timeout): (A.ENTERING, Ask.go_on),
}
