# SPDX-License-Identifier: MIT
"""Who somebody is at a telephone that isn't his: an extension and its password.

What needs that derives from :class:`Identified` and says in ``granted`` what becomes of it.  The
password is that of the extension's mailbox; the store looks at it, counts wrong ones and locks
(:mod:`altiware.store.archive`), so an office that keeps no mailboxes lets nobody in.
"""

import enum
from abc import abstractmethod
from typing import ClassVar, Final

from altiware.core.causes import Cause
from altiware.core.effects import Effect, Say, Send, Silence
from altiware.core.events import Event, SaidAll, Timeout
from altiware.core.legs import Connect, Key, Offer, Release, Wait
from altiware.core.orders import Clear
from altiware.features.applications import Conversation, Desk, Opening, Rows
from altiware.features.errands import Outcome
from altiware.features.speaking import phrases
from altiware.features.voicemail.orders import CheckPassword, PasswordChecked, Verdict

__all__ = ["EVENTS", "IGNORED", "Identified", "IdentityState"]

KEY_S: Final = 5.0
"""How long a key is waited for."""
CHECK_S: Final = 10.0
"""How long the store is waited for."""
LONGEST: Final = 32


class IdentityState(enum.Enum):
    """Each state means one thing that the caller could tell."""

    NEW = "new"
    ANSWERING = "answering"
    ASKING_EXTENSION = "asking for an extension"
    PROVING = "asking for a password"
    CHECKING = "the password is looked at"
    ASKING_NUMBER = "asking for a number"
    TELLING = "saying what was done"
    DONE = "done"


S = IdentityState


class Identified(Conversation):
    """Asks for an extension and its password, and goes on if they belong together."""

    first = S.NEW
    rows: ClassVar[Rows]
    for_stations = True
    asks: ClassVar[str]
    "The phrase that asks for the extension."

    def __init__(self, desk: Desk, opening: Opening) -> None:
        super().__init__(desk, opening)
        length = desk.plan.numbering.extension_length
        self.extension = opening.digits[:length]
        "Who he says that he is."
        self._password = opening.digits[length:]
        self._keys = ""
        self._cause = Cause.DONE

    @abstractmethod
    def granted(self, event: Event) -> list[Effect]:
        """Go on: he is who he says."""

    def numbered(self, event: Event, number: str) -> list[Effect]:
        """Go on with a number that was asked for; only of who asks for one."""
        return self.tell(Outcome(phrases("invalid-number"), cause=Cause.WRONG_NUMBER))

    def _meet(self, event: Event) -> list[Effect]:
        return self.begin(event)

    def begin(self, event: Event) -> list[Effect]:
        """Ask for what was not dialled behind the code."""
        length = self.desk.plan.numbering.extension_length
        self._keys = ""
        if len(self.extension) < length:
            return self.ask(S.ASKING_EXTENSION, self.asks)
        if not self._password:
            return self.ask(S.PROVING, "enter-password")
        self.enter(S.CHECKING)
        self.deadline = event.at + CHECK_S
        return [CheckPassword(self.extension, self._password, remote=True)]

    def ask(self, state: IdentityState, phrase: str) -> list[Effect]:
        """Ask for something."""
        self.enter(state)
        self._keys = ""
        return [Say(phrases(phrase))]

    def tell(self, outcome: Outcome) -> list[Effect]:
        """Say what was done, and end."""
        self.enter(S.TELLING)
        self._cause = outcome.cause
        return [*outcome.effects, Say(outcome.said)]

    # What he enters

    def _await_key(self, event: Event) -> list[Effect]:
        self.deadline = event.at + KEY_S
        return []

    def _take_key(self, event: Event) -> list[Effect]:
        assert isinstance(event, Key)
        if event.key == "#" or len(self._keys) >= LONGEST:
            return self._entered(event)
        self._keys += event.key
        length = self.desk.plan.numbering.extension_length
        if self.state is S.ASKING_EXTENSION and len(self._keys) == length:
            return self._entered(event)
        self.deadline = event.at + KEY_S
        return [Silence()]

    def _entered(self, event: Event) -> list[Effect]:
        """Go on with what was entered; nothing ends it."""
        keys, state = self._keys, self.state
        if not keys:
            return self.tell(Outcome(phrases("nothing-entered"), cause=Cause.DENIED))
        if state is S.ASKING_NUMBER:
            return self.numbered(event, keys)
        if state is S.ASKING_EXTENSION:
            self.extension = keys
        else:
            self._password = keys
        return self.begin(event)

    def _judge(self, event: Event) -> list[Effect]:
        assert isinstance(event, PasswordChecked)
        if event.verdict is Verdict.RIGHT:
            return self.granted(event)
        return self.tell(Outcome(phrases("wrong-login"), cause=Cause.DENIED))

    def _despair(self, event: Event) -> list[Effect]:
        return self.tell(Outcome(phrases("system-trouble"), cause=Cause.DENIED))

    def _end(self, event: Event) -> list[Effect]:
        call = self.desk.call_at(self.party)
        return [Send(call, Clear(event.at, self._cause))] if call is not None else []


EVENTS: Final[tuple[type[Event], ...]] = (
    Offer,
    Connect,
    Key,
    SaidAll,
    Timeout,
    PasswordChecked,
    Wait,
    Release,
)
"""All that it can be told."""

OPEN: Final = tuple(s for s in S if s is not S.DONE)
_ASKING: Final = (S.ASKING_EXTENSION, S.PROVING, S.ASKING_NUMBER)
_ON: Final = frozenset({*_ASKING, S.CHECKING, S.TELLING})
Identified.choices = {
    S.ANSWERING: _ON,
    S.ASKING_EXTENSION: _ON,
    S.PROVING: _ON,
    S.ASKING_NUMBER: frozenset({S.TELLING}),
    S.CHECKING: frozenset({S.ASKING_NUMBER, S.TELLING}),
}

# fmt: off
Identified.rows = {
    (S.NEW,       Offer):           (S.ANSWERING, Identified.answer),
    (S.ANSWERING, Connect):         (S.ANSWERING, Identified._meet),
    **{(s,        SaidAll):         (s,           Identified._await_key) for s in _ASKING},
    **{(s,        Key):             (s,           Identified._take_key)  for s in _ASKING},
    **{(s,        Timeout):         (s,           Identified._entered)   for s in _ASKING},
    (S.CHECKING,  PasswordChecked): (S.CHECKING,  Identified._judge),
    (S.CHECKING,  Timeout):         (S.CHECKING,  Identified._despair),
    (S.TELLING,   SaidAll):         (S.TELLING,   Identified._end),
    **{(s,        Release):         (S.DONE,      Identified.do_nothing) for s in OPEN},
}
# fmt: on
"""What it does, state by state."""


IGNORED: Final = frozenset(
    {(S.DONE, event) for event in EVENTS}
    | {(s, Wait) for s in OPEN}
    | {(s, Offer) for s in OPEN if s is not S.NEW}
    | {(s, Connect) for s in OPEN if s is not S.ANSWERING}
    | {(s, PasswordChecked) for s in OPEN if s is not S.CHECKING}
    | {(s, Key) for s in OPEN if s not in _ASKING}
    | {(s, SaidAll) for s in (S.NEW, S.ANSWERING, S.CHECKING)}
    | {(s, Timeout) for s in (S.NEW, S.ANSWERING, S.TELLING)}
)
"""Pairs that are known, harmless and deliberately without effect."""
