# SPDX-License-Identifier: MIT
"""An owner's own distribution lists, by a number of one or two digits: who is on them."""

import enum
from typing import ClassVar, Final

from altiware.core.effects import Effect
from altiware.core.events import Event
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
from altiware.features.voicemail.questions import Ask, Menu, Tell

__all__ = ["PHRASES", "Lists"]

LISTS_MOST: Final = 20
MEMBERS_MOST: Final = 100
LONGEST: Final = 6
PHRASES: Final = {
    "list-number": "Please enter the number of the list.",
    "list-has": "The list has",
    "list-empty": "The list is empty.",
    "list-add": "To add somebody,",
    "list-remove": "To take somebody out,",
    "list-hear": "To hear who is on it,",
    "list-saved": "The list is saved.",
    "enter-mailbox": "Please enter your extension.",
    "invalid-entry": "That is not a valid entry.",
    "to-go-back": "To go back,",
}
_CHOICES: Final = {"1": "list-add", "2": "list-remove", "3": "list-hear", "*": "to-go-back"}


class ListsState(enum.Enum):
    """Where the owner is."""

    NEW = "new"
    WHICH = "asking for the list"
    AT_MENU = "asking what to do with it"
    ADDING = "asking whom to add"
    REMOVING = "asking whom to take out"
    TELLING = "saying what the list is now"


S = ListsState


class Lists(Dialogue):
    """Add to a list, take out of it, hear it."""

    first = S.NEW
    rows: ClassVar[DialogueRows]

    def __init__(self, visit: Visit, extension: str) -> None:
        super().__init__(visit)
        self._extension = extension
        self._number = ""

    @property
    def _lists(self) -> dict[str, tuple[str, ...]]:
        kept = self.visit.desk.settings.of(self._extension).mail_lists
        return {each[0]: each[1:] for each in kept}

    def ask_which(self, event: Event) -> list[Effect]:
        """Ask for its number."""
        return [Enter(Ask(self.visit, phrases("list-number"), most=2))]

    def offer(self, event: Event) -> list[Effect]:
        """Say what can be done with it."""
        assert isinstance(event, Left)
        if self.state is S.AT_MENU and not self._number:
            self._number = str(event.result or "")[:2]
        full = len(self._lists) >= LISTS_MOST and self._number not in self._lists
        if not self._number or full or self._number in self.plan.mail.lists:
            return [Leave()]
        said = tuple(c for key, name in _CHOICES.items() for c in ENGLISH.choice(name, key))
        return [Enter(Menu(self.visit, said, "".join(_CHOICES)))]

    def choose(self, event: Event) -> list[Effect]:
        """Do it."""
        assert isinstance(event, Left)
        match event.result:
            case "1":
                return self._ask_whom()
            case "2":
                self.enter(S.REMOVING)
                return self._ask_whom()
            case "3":
                self.enter(S.TELLING)
                return [Enter(Tell(self.visit, self._said()))]
            case _:
                return [Leave()]

    def _ask_whom(self) -> list[Effect]:
        return [Enter(Ask(self.visit, phrases("enter-mailbox"), most=LONGEST))]

    def _said(self) -> Clips:
        members = self._lists.get(self._number, ())
        if not members:
            return phrases("list-empty")
        spelt = [(*ENGLISH.digits(each), *phrases("pause")) for each in members]
        return (*phrases("list-has"), *(clip for each in spelt for clip in each))

    def add(self, event: Event) -> list[Effect]:
        """Put him on it."""
        assert isinstance(event, Left)
        members = self._lists.get(self._number, ())
        who = str(event.result or "")
        if who not in self.plan.mail.boxes or len(members) >= MEMBERS_MOST:
            return [Enter(Tell(self.visit, phrases("invalid-entry")))]
        return self._changed((*(each for each in members if each != who), who))

    def remove(self, event: Event) -> list[Effect]:
        """Take him off it."""
        assert isinstance(event, Left)
        members = self._lists.get(self._number, ())
        return self._changed(tuple(each for each in members if each != event.result))

    def _changed(self, members: tuple[str, ...]) -> list[Effect]:
        lists = self._lists | {self._number: members}
        value = tuple((number, *each) for number, each in lists.items() if each)
        saved = Enter(Tell(self.visit, phrases("list-saved")))
        return [Change(self._extension, "mail_lists", value), saved]


# fmt: off
Lists.rows = {
    (S.NEW,      Begin): (S.WHICH,   Lists.ask_which),
    (S.WHICH,    Left):  (S.AT_MENU, Lists.offer),
    (S.AT_MENU,  Left):  (S.ADDING,  Lists.choose),
    (S.ADDING,   Left):  (S.TELLING, Lists.add),
    (S.REMOVING, Left):  (S.TELLING, Lists.remove),
    (S.TELLING,  Left):  (S.AT_MENU, Lists.offer),
}
# fmt: on
Lists.choices = {
    S.ADDING: frozenset({S.REMOVING, S.TELLING}),
}
