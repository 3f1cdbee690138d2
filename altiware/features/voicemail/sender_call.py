# SPDX-License-Identifier: MIT
"""Calling who left a message (key 5), and back to the messages by ``***``.

The owner stays at his mailbox, which hears his keys; the mailbox calls the sender, on the owner's
behalf, and lets both hear each other.  Out of the office only where the plan allows it, and then
by what the policy says of the owner.  More than 20 calls, or 120 minutes, out of one visit are
reported.
"""

import enum
from dataclasses import replace
from typing import ClassVar, Final

from altiware.core.effects import ConnectPath, DisconnectPath, Effect, PlayTone, Say, Send, Silence
from altiware.core.events import Event, SaidAll, Timeout
from altiware.core.ids import Party, application, station
from altiware.core.legs import Connect, Key, Release, Setup
from altiware.core.notices import MailAbused
from altiware.core.numbering import Place
from altiware.core.plan import FirstDigit, Plan
from altiware.core.signals import Caller, Tone
from altiware.features.applications import Conversation, Rows
from altiware.features.effects import Report, Spawn
from altiware.features.speaking import phrases
from altiware.features.voicemail.dialogue import (
    Begin,
    Dialogue,
    DialogueRows,
    Gone,
    Leave,
    Visit,
)
from altiware.features.voicemail.messages import Message
from altiware.features.voicemail.notices import CalleeGone, CalleeJoined, LetGo

__all__ = ["MOST_CALLS", "MOST_S", "PHRASES", "CallOut", "SenderCall"]

MOST_CALLS: Final = 20
MOST_S: Final = 120 * 60.0
BACK: Final = "***"
PHRASES: Final = {
    "calling-sender": "Calling the sender. To come back to your messages, press star three times.",
    "cannot-call-sender": "The sender's number is not known.",
}


class CallOutState(enum.Enum):
    """Where the call to somebody is."""

    NEW = "new"
    CALLING = "calling"
    TALKING = "talking"
    DONE = "done"


class CallOut(Conversation):
    """The mailbox's own end of its call to the sender."""

    first = CallOutState.NEW
    rows: ClassVar[Rows]

    def __init__(self, visit: Visit, owner: str, number: str) -> None:
        name = visit.party.name.replace(" ", "-")
        party = application(f"call out of {name}", visit.calls_out)
        super().__init__(visit.desk, replace(visit.opening, party=party))
        self._visit = visit.party
        self._owner = owner
        self._number = number
        self.deadline = 0.0

    def call(self, event: Event) -> list[Effect]:
        """Call, on the owner's behalf."""
        owner = station(self._owner)
        shown = [
            each for each in self.desk.plan.mail.boxes.values() if each.extension == owner.name
        ]
        caller = Caller(self._owner, shown[0].name if shown else "")
        return [Setup(event.at, self.party, self._number, caller, owner)]

    def tell_joined(self, event: Event) -> list[Effect]:
        """Tell the mailbox who is there."""
        assert isinstance(event, Connect)
        assert event.other is not None
        return [Send(self._visit, CalleeJoined(event.at, event.other))]

    def tell_gone(self, event: Event) -> list[Effect]:
        """Tell the mailbox that nobody is there."""
        return [Send(self._visit, CalleeGone(event.at))]


C = CallOutState
CallOut.rows = {
    (C.NEW, Timeout): (C.CALLING, CallOut.call),
    (C.NEW, LetGo): (C.DONE, CallOut.do_nothing),
    (C.CALLING, Connect): (C.TALKING, CallOut.tell_joined),
    (C.CALLING, Release): (C.DONE, CallOut.tell_gone),
    (C.CALLING, LetGo): (C.DONE, CallOut.hang_up),
    (C.TALKING, Release): (C.DONE, CallOut.tell_gone),
    (C.TALKING, LetGo): (C.DONE, CallOut.hang_up),
}


class SenderCallState(enum.Enum):
    """Where the owner is."""

    NEW = "new"
    BEING_TOLD = "being told that the sender is called"
    RINGING = "hearing it ring"
    TALKING = "talking to the sender"
    REFUSED = "being told that he can't be called"


S = SenderCallState


class SenderCall(Dialogue):
    """Let the owner talk to who left the message."""

    first = S.NEW
    rows: ClassVar[DialogueRows]

    def __init__(self, visit: Visit, owner: str, message: Message) -> None:
        super().__init__(visit)
        self._owner = owner
        self._number = dialled(message, self.plan)
        self._call: CallOut | None = None
        self._other: Party | None = None
        self._since = 0.0
        self._keys = ""

    def begin(self, event: Event) -> list[Effect]:
        """Say that he is called, if he can be."""
        box = self.plan.mail.boxes[self._owner]
        to = self.visit.desk.dial_plan.destination(self._number)
        is_inside = to.place is Place.STATION
        if not is_inside and not (box.calls_out and to.place is Place.OUTSIDE):
            self.enter(S.REFUSED)
            return [Say(phrases("cannot-call-sender"))]
        return [Say(phrases("calling-sender"))]

    def call(self, event: Event) -> list[Effect]:
        """Call him."""
        self.visit.calls_out += 1
        self._call = CallOut(self.visit, self._owner, self._number)
        abused = self._abused(event.at) if self.visit.calls_out == MOST_CALLS + 1 else []
        return [*abused, Spawn(self._call, self.visit.at), PlayTone(Tone.RINGBACK)]

    def _abused(self, at: float) -> list[Effect]:
        minutes = self.visit.talked_s / 60
        return [Report(MailAbused(at, self._owner, self.visit.calls_out, minutes))]

    def join(self, event: Event) -> list[Effect]:
        """Let both hear each other."""
        assert isinstance(event, CalleeJoined)
        self._other = event.other
        self._since = event.at
        left = MOST_S - self.visit.talked_s
        self.deadline = event.at + left if left > 0 else None
        return [Silence(), ConnectPath(self.visit.caller, event.other)]

    def report(self, event: Event) -> list[Effect]:
        """Report a call that takes too long; it goes on."""
        self.visit.talked_s += event.at - self._since
        self._since = event.at
        return self._abused(event.at)

    def press(self, event: Event) -> list[Effect]:
        """Go back to the messages after ``***``."""
        assert isinstance(event, Key)
        self._keys = (self._keys + event.key)[-len(BACK) :]
        return self.give_up(event) if self._keys == BACK else []

    def give_up(self, event: Event) -> list[Effect]:
        """End the call."""
        assert self._call is not None
        return [*self.come_back(event), Send(self._call.party, LetGo(event.at))]

    def come_back(self, event: Event) -> list[Effect]:
        """Go back: nobody is there."""
        parted: list[Effect] = []
        if self._other is not None:
            self.visit.talked_s += event.at - self._since
            parted = [DisconnectPath(self.visit.caller, self._other)]
        return [Silence(), *parted, Leave()]


# fmt: off
SenderCall.rows = {
    (S.NEW,        Begin):        (S.BEING_TOLD, SenderCall.begin),
    (S.BEING_TOLD, SaidAll):      (S.RINGING,    SenderCall.call),
    (S.BEING_TOLD, Key):          (S.RINGING,    SenderCall.call),
    (S.REFUSED,    SaidAll):      (S.REFUSED,    SenderCall.leave),
    (S.REFUSED,    Key):          (S.REFUSED,    SenderCall.leave),
    (S.RINGING,    CalleeJoined): (S.TALKING,    SenderCall.join),
    (S.RINGING,    CalleeGone):   (S.RINGING,    SenderCall.come_back),
    (S.RINGING,    Key):          (S.RINGING,    SenderCall.press),
    (S.RINGING,    Gone):         (S.RINGING,    SenderCall.give_up),
    (S.TALKING,    Key):          (S.TALKING,    SenderCall.press),
    (S.TALKING,    Timeout):      (S.TALKING,    SenderCall.report),
    (S.TALKING,    CalleeGone):   (S.TALKING,    SenderCall.come_back),
    (S.TALKING,    Gone):         (S.TALKING,    SenderCall.give_up),
}
# fmt: on
SenderCall.choices = {
    S.BEING_TOLD: frozenset({S.REFUSED}),
}


def dialled(message: Message, plan: Plan) -> str:
    """Return what would be dialled for who left a message, or the number that he gave."""
    sender = message.sender
    if not message.callback and not sender.outside:
        return sender.number
    number = message.callback or sender.number
    if number in {each.extension for each in plan.stations}:
        return number
    digits = "".join(each for each in number if each in "0123456789")
    access = [
        key for key, means in plan.numbering.first_digits.items() if means is FirstDigit.TRUNK
    ]
    # North America: ten digits are told, and a call to another area is dialled with a 1 before.
    is_far = (
        plan.country == "us" and len(digits) == 10 and digits[:3] not in plan.numbering.area_codes
    )
    return f"{access[0]}{'1' if is_far else ''}{digits}" if digits and access else ""
