# SPDX-License-Identifier: MIT
"""The caretaker of all mailboxes: calls owners, and lets go what has been kept for long enough.

It lives as long as the service.  Of a message that has arrived its owner is called, if he wants
to be, until he knows: at once, and so often again, so many minutes apart.  What he would have been
called about when the service died is found again at the start.
"""

import enum
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import ClassVar, Final

from altiware.core.effects import Effect
from altiware.core.events import Event, Timeout
from altiware.core.ids import CallId
from altiware.core.plan import Service
from altiware.features.applications import Conversation, Desk, Opening, Rows
from altiware.features.effects import Change, Spawn
from altiware.features.voicemail.calling import OwnerCall, about_messages, reminding
from altiware.features.voicemail.notices import CARETAKER, Arrived, CallOver, Heard
from altiware.features.voicemail.orders import LookAround, Tidy, Waiting, WaitingBox
from altiware.features.voicemail.reminders import SATURDAY, next_reminder

__all__ = ["EVENTS", "IGNORED", "Caretaker", "CaretakerState"]

ROUND_S: Final = 30.0
"""How often it looks at what is due: a reminder comes so late at most."""
TIDY_S: Final = 3600.0


class CaretakerState(enum.Enum):
    """What it is about."""

    NEW = "new"
    LOOKING = "looking for whom to call"
    WATCHING = "watching"


@dataclass(slots=True)
class Due:
    """An owner who is to be called."""

    at: float
    tries: int = 0
    is_called: bool = False


S = CaretakerState


class Caretaker(Conversation):
    """There is one."""

    first = S.NEW
    rows: ClassVar[Rows]

    def __init__(self, desk: Desk) -> None:
        nobody = Opening(CARETAKER, Service("caretaker"), CallId(""), CARETAKER, None)
        super().__init__(desk, nobody)
        self.deadline = 0.0
        self._due: dict[str, Due] = {}
        self._calls = 0
        self._tidy_at = 0.0

    def look_around(self, event: Event) -> list[Effect]:
        """Find what nobody was told of."""
        self.deadline = event.at + ROUND_S
        return [LookAround()]

    def begin(self, event: Event) -> list[Effect]:
        """Call those whom it concerns."""
        assert isinstance(event, Waiting)
        for box in event.boxes:
            self._want(box, event.at)
        return self.go_round(event)

    def note(self, event: Event) -> list[Effect]:
        """See whether the owner of a message that has arrived is to be called."""
        return [LookAround()]

    def _want(self, box: WaitingBox, at: float) -> None:
        wanted = self.desk.settings.of(box.extension).mail_notify
        concerns = wanted == "all" or (wanted == "urgent" and box.urgent)
        if concerns and box.extension not in self._due:
            self._due[box.extension] = Due(at)

    def forget(self, event: Event) -> list[Effect]:
        """Call an owner no more who knows."""
        assert isinstance(event, Heard)
        self._due.pop(event.extension, None)
        return []

    def try_again(self, event: Event) -> list[Effect]:
        """Call again later who still doesn't know, so often as the plan says."""
        assert isinstance(event, CallOver)
        due = self._due.get(event.extension)
        if due is not None:
            due.is_called = False
            due.at = event.at + self.desk.plan.mail.retry_s
            if due.tries > self.desk.plan.mail.retries:
                del self._due[event.extension]
        return self.go_round(event)

    def go_round(self, event: Event) -> list[Effect]:
        """Call whoever is due now."""
        now = event.at
        asked: list[Effect] = []
        for extension, due in self._due.items():
            if not due.is_called and due.at <= now and self._suits(extension, now):
                due.tries += 1
                due.is_called = True
                number = self.desk.settings.of(extension).mail_notify_number or extension
                asked.append(self._call(OwnerCall(self.desk, self._name(), extension, number,
                                                  about_messages)))  # fmt: skip
        for extension in self.desk.plan.mail.boxes:
            asked += self._remind(extension, now)
        if self._tidy_at <= now:
            self._tidy_at = now + TIDY_S
            asked.append(Tidy())
        self.deadline = now + ROUND_S
        return asked

    def _call(self, call: OwnerCall) -> Spawn:
        return Spawn(call, CallId(""))

    def _name(self) -> int:
        self._calls += 1
        return self._calls

    def _suits(self, extension: str, at: float) -> bool:
        """Whether it is the time at which the owner wants to be called."""
        when = self.desk.settings.of(extension).mail_notify_when
        now = self.desk.wall(at)
        if not when:
            return True
        plan = self.desk.plan.mail
        if when == "closed":
            opens, closes = time.fromisoformat(plan.opens), time.fromisoformat(plan.closes)
            return now.weekday() >= SATURDAY or not opens <= now.time() < closes
        begins, _, ends = when.partition("-")
        return time.fromisoformat(begins) <= now.time() < time.fromisoformat(ends)

    def _remind(self, extension: str, at: float) -> list[Effect]:
        """Call at the time that the owner has set."""
        settings = self.desk.settings.of(extension)
        if not settings.mail_reminder:
            return []
        when = datetime.fromisoformat(settings.mail_reminder)
        now = self.desk.wall(at)
        if when > now:
            return []
        following = settings.mail_reminder_every and next_reminder(
            max(when, datetime.combine(now.date(), when.time(), when.tzinfo) - timedelta(days=1)),
            settings.mail_reminder_every,
        )
        changed = Change(extension, "mail_reminder", following.isoformat() if following else "")
        call = OwnerCall(self.desk, self._name(), extension, extension, reminding)
        return [changed, self._call(call)]


EVENTS: Final[tuple[type[Event], ...]] = (Timeout, Waiting, Arrived, Heard, CallOver)
"""All that it can be told."""

# fmt: off
Caretaker.rows = {
    (S.NEW,      Timeout):  (S.LOOKING,  Caretaker.look_around),
    (S.LOOKING,  Timeout):  (S.LOOKING,  Caretaker.look_around),
    (S.LOOKING,  Waiting):  (S.WATCHING, Caretaker.begin),
    (S.LOOKING,  Heard):    (S.LOOKING,  Caretaker.forget),
    (S.WATCHING, Timeout):  (S.WATCHING, Caretaker.go_round),
    (S.WATCHING, Waiting):  (S.WATCHING, Caretaker.begin),
    (S.WATCHING, Arrived):  (S.WATCHING, Caretaker.note),
    (S.WATCHING, Heard):    (S.WATCHING, Caretaker.forget),
    (S.WATCHING, CallOver): (S.WATCHING, Caretaker.try_again),
}
# fmt: on
IGNORED: Final = frozenset(
    {(S.NEW, event) for event in EVENTS if event is not Timeout}
    | {(S.LOOKING, event) for event in (Arrived, CallOver)}  # what is found says so
)
"""Pairs that are known, harmless and deliberately without effect."""
