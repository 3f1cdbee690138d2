# SPDX-License-Identifier: MIT
"""Account codes: who pays for a call, dialled by whoever makes it.

Before a call: the code, an account, dial tone, the number.  During one: flash, the code and the
account; another flash returns.  A station that must give one is asked when its call leads outside,
save for help; calls that it forwards outside can't be asked about, and end.  The account goes to
the record of the call.  Where accounts are validated, others are refused; else any is taken.
"""

import enum
from typing import ClassVar, Final

from altiware.core.call import Call
from altiware.core.causes import Cause
from altiware.core.effects import Effect, PlayTone, Say, Send, Silence
from altiware.core.events import Event, SaidAll, Timeout
from altiware.core.ids import Party, PartyKind
from altiware.core.legs import Connect, Key, Offer, Release, Wait
from altiware.core.numbering import Destination, Place, Reading
from altiware.core.orders import Clear
from altiware.core.plan import Service
from altiware.core.record import ACCOUNT
from altiware.core.signals import Tone
from altiware.features.applications import Conversation, Desk, Opening, Rows
from altiware.features.effects import LeadOn, Note
from altiware.features.speaking import phrases

__all__ = ["EVENTS", "IGNORED", "KIND", "AccountCode", "AccountState", "asked_first"]

KIND: Final = "account-code"
FORCED: Final = "forced"
"""As the argument of the service: the number is known already."""
LONGEST: Final = 10
TRIES: Final = 3
KEY_S: Final = 5.0
"""How long a key of an account is waited for."""


class AccountState(enum.Enum):
    """Each state means one thing that the caller could tell."""

    NEW = "new"
    ANSWERING = "answering"
    ASKING = "asking for an account"
    REFUSING = "saying that it is none"
    DIALLING = "the number is dialled"
    NOTING = "saying that it is noted"
    DONE = "done"


S = AccountState


class AccountCode(Conversation):
    """Takes one account, for one call."""

    first = S.NEW
    rows: ClassVar[Rows]
    for_stations = True

    def __init__(self, desk: Desk, opening: Opening) -> None:
        super().__init__(desk, opening)
        self._forced = opening.service.argument == FORCED
        self._keys = "" if self._forced else opening.digits
        self._left = TRIES

    # The account

    def _begin(self, event: Event) -> list[Effect]:
        """Check what was dialled behind the code, or ask."""
        if self._keys:
            return self._check(event)
        needed = phrases("account-needed") if self._forced else ()
        self.enter(S.ASKING)
        return [Say((*needed, *phrases("account-enter")))]

    def _ask_again(self, event: Event) -> list[Effect]:
        """Ask again, some times."""
        self._left -= 1
        if self._left == 0:
            return self._end(event, Cause.DENIED)
        self.enter(S.ASKING)
        return [Say(phrases("account-enter"))]

    def _await_key(self, event: Event) -> list[Effect]:
        self.deadline = event.at + KEY_S
        return []

    def _take_key(self, event: Event) -> list[Effect]:
        assert isinstance(event, Key)
        if event.key == "#":
            return self._check(event)
        self._keys += event.key
        self.deadline = event.at + KEY_S
        return [Silence()]

    def _check(self, event: Event) -> list[Effect]:
        """Note the account, if it is one, and go on to the call."""
        account, self._keys = self._keys, ""
        if not _is_account(self.desk, account):
            self.enter(S.REFUSING)
            return [Say(phrases("account-not-valid"))]
        held = self.desk.held_by(self.opening.caller)
        if held is not None and not self._forced:
            self.enter(S.NOTING)
            return [Note(held, ACCOUNT, account), Say(phrases("account-accepted"))]
        noted = Note(self.opening.call, ACCOUNT, account)
        if self._forced:
            self.enter(S.DONE)
            to = Destination(Place.OUTSIDE, digits=self.opening.digits)
            return [noted, LeadOn(self.opening.call, to)]
        self.enter(S.DIALLING)
        self.deadline = event.at + self.desk.plan.timers.first_digit_s
        return [noted, PlayTone(Tone.DIAL)]

    # The number, behind the account

    def _collect(self, event: Event) -> list[Effect]:
        assert isinstance(event, Key)
        self._keys += event.key
        if self.desk.dial_plan.read(self._keys) is Reading.WHOLE:
            return self._call(event)
        self.deadline = event.at + self.desk.plan.timers.next_digit_s
        return [Silence()]

    def _call(self, event: Event) -> list[Effect]:
        """Lead the call to the number; codes are not for this."""
        to = self.desk.dial_plan.destination(self._keys)
        if to.place is Place.NOWHERE or to.by_code:
            return self._end(event, Cause.WRONG_NUMBER)
        self.enter(S.DONE)
        return [LeadOn(self.opening.call, to)]

    # The end

    def _confirm(self, event: Event) -> list[Effect]:
        return self._end(event, Cause.DONE)

    def _end(self, event: Event, cause: Cause) -> list[Effect]:
        call = self.desk.call_at(self.party)
        return [Send(call, Clear(event.at, cause))] if call is not None else []


A = AccountCode
EVENTS: Final[tuple[type[Event], ...]] = (Offer, Connect, Key, SaidAll, Timeout, Wait, Release)
"""All that it can be told."""

_CHECKED: Final = frozenset({S.REFUSING, S.NOTING, S.DIALLING, S.DONE})
AccountCode.choices = {
    S.ANSWERING: _CHECKED | {S.ASKING},
    S.ASKING: _CHECKED,
    S.REFUSING: frozenset({S.ASKING}),
    S.DIALLING: frozenset({S.DONE}),
}

# fmt: off
AccountCode.rows = {
    (S.NEW,       Offer):   (S.ANSWERING, A.answer),
    (S.ANSWERING, Connect): (S.ANSWERING, A._begin),
    (S.ASKING,    SaidAll): (S.ASKING,    A._await_key),
    (S.ASKING,    Key):     (S.ASKING,    A._take_key),
    (S.ASKING,    Timeout): (S.ASKING,    A._check),
    (S.REFUSING,  SaidAll): (S.REFUSING,  A._ask_again),
    (S.DIALLING,  Key):     (S.DIALLING,  A._collect),
    (S.DIALLING,  Timeout): (S.DIALLING,  A._call),
    (S.NOTING,    SaidAll): (S.NOTING,    A._confirm),
    **{(s, Release):        (S.DONE,      A.do_nothing) for s in S if s is not S.DONE},
}
# fmt: on
"""What it does, state by state."""

_OPEN: Final = tuple(s for s in S if s is not S.DONE)
IGNORED: Final = frozenset(
    {(S.DONE, event) for event in EVENTS}
    | {(s, event) for s in _OPEN for event in (Offer, Connect, Wait)}
    | {(s, Key) for s in (S.NEW, S.ANSWERING, S.REFUSING, S.NOTING)}
    | {(s, SaidAll) for s in (S.NEW, S.ANSWERING, S.DIALLING)}
    | {(s, Timeout) for s in (S.NEW, S.ANSWERING, S.REFUSING, S.NOTING)}
) - {(S.NEW, Offer), (S.ANSWERING, Connect)}
"""Pairs that are known, harmless and deliberately without effect."""


def asked_first(desk: Desk, call: Call, to: Destination, charged: Party) -> Destination:
    """Return where a call leads: to be asked for an account, where its station must give one."""
    if to.place is not Place.OUTSIDE or to.digits in desk.plan.emergency:
        return to
    if ACCOUNT in call.notes or not _must_give(desk, charged):
        return to
    if call.near != charged:
        return Destination(Place.NOWHERE)
    service = Service(KIND, FORCED, "account code")
    return Destination(Place.APPLICATION, digits=to.digits, service=service)


def _must_give(desk: Desk, charged: Party) -> bool:
    if charged.kind is not PartyKind.STATION:
        return False
    return any(each.needs_account for each in desk.plan.stations if each.party == charged)


def _is_account(desk: Desk, digits: str) -> bool:
    known = desk.plan.accounts
    return 0 < len(digits) <= LONGEST and digits.isdecimal() and (not known or digits in known)
