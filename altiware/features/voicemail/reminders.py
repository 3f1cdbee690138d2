# SPDX-License-Identifier: MIT
"""When the telephone system calls an owner: about new messages, and at a time that he has set."""

import enum
from datetime import datetime, time, timedelta
from typing import ClassVar, Final

from altiware.core.effects import Effect
from altiware.core.events import Event
from altiware.core.numbering import Place
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

__all__ = ["PHRASES", "Notification", "Reminder", "next_reminder"]

NUMBER_MOST: Final = 20
PHRASES: Final = {
    "for-every-message": "For every message,",
    "for-urgent-only": "For urgent messages only,",
    "to-turn-off": "To turn it off,",
    "to-go-back": "To go back,",
    "for-always": "For any time,",
    "for-off-hours": "For times when the office is closed,",
    "enter-telephone-number": "Please enter the telephone number with all digits that you would "
    "dial, and then press the pound key.",
    "forward-not-allowed": "Your calls cannot be forwarded to that number.",
    "notify-all": "You will be called about every new message.",
    "notify-urgent": "You will be called about urgent messages only.",
    "notify-none": "You will not be called about new messages.",
    "setting-unchanged": "Nothing has been changed.",
    "enter-time": "Please enter the time as four digits: two for the hour and two for the minutes.",
    "not-a-time": "That is not a time of day.",
    "for-today": "For today,",
    "for-every-day": "For every day,",
    "for-weekdays": "For every day from Monday to Friday,",
    "reminder-set-for": "A reminder call is set for",
    "reminder-deleted": "The reminder call is deleted.",
    "reminder-none": "No reminder call is set.",
}


def offered(choices: dict[str, str]) -> Clips:
    """Say the choices of a menu by their keys."""
    return tuple(clip for key, name in choices.items() for clip in ENGLISH.choice(name, key))


class NotificationState(enum.Enum):
    """Where the owner is."""

    NEW = "new"
    WHICH = "asking about which messages"
    WHEN = "asking at which times"
    WHERE = "asking for the number"
    TELLING = "being told what is set"


N = NotificationState


class Notification(Dialogue):
    """Set about which messages, when, and where to call."""

    first = N.NEW
    rows: ClassVar[DialogueRows]

    def __init__(self, visit: Visit, extension: str) -> None:
        super().__init__(visit)
        self._extension = extension
        self._which = ""
        self._when = ""

    def ask_which(self, event: Event) -> list[Effect]:
        """Ask about which messages."""
        return [Enter(Menu(self.visit, offered(_WHICH), "".join(_WHICH)))]

    def ask_when(self, event: Event) -> list[Effect]:
        """Ask at which times; or turn it off."""
        assert isinstance(event, Left)
        if event.result == "3":
            return [Change(self._extension, "mail_notify", ""), *self._tell("notify-none")]
        if event.result not in ("1", "2"):
            return [Leave()]
        self._which = "all" if event.result == "1" else "urgent"
        return [Enter(Menu(self.visit, offered(_WHEN), "".join(_WHEN)))]

    def ask_where(self, event: Event) -> list[Effect]:
        """Ask for the number; # alone is the owner's telephone."""
        assert isinstance(event, Left)
        if event.result not in _WHEN:
            return self._tell("setting-unchanged")
        self._when = "closed" if event.result == "2" else ""
        return [Enter(Ask(self.visit, phrases("enter-telephone-number"), most=NUMBER_MOST))]

    def set(self, event: Event) -> list[Effect]:
        """Set it, if that number may be called."""
        assert isinstance(event, Left)
        if event.result is None:
            return self._tell("setting-unchanged")
        number = str(event.result)
        place = self.visit.desk.dial_plan.destination(number).place if number else Place.STATION
        outside = place is Place.OUTSIDE and self.plan.mail.boxes[self._extension].calls_out
        if place is not Place.STATION and not outside:
            return self._tell("forward-not-allowed")
        values = {"mail_notify": self._which, "mail_notify_number": number,
                  "mail_notify_when": self._when}  # fmt: skip
        changes = [Change(self._extension, name, value) for name, value in values.items()]
        return [*changes, *self._tell(f"notify-{self._which}")]

    def _tell(self, name: str) -> list[Effect]:
        self.enter(N.TELLING)
        return [Enter(Tell(self.visit, phrases(name)))]


Notification.rows = {
    (N.NEW, Begin): (N.WHICH, Notification.ask_which),
    (N.WHICH, Left): (N.WHEN, Notification.ask_when),
    (N.WHEN, Left): (N.WHERE, Notification.ask_where),
    (N.WHERE, Left): (N.TELLING, Notification.set),
    (N.TELLING, Left): (N.TELLING, Notification.leave),
}
Notification.choices = {
    N.WHEN: frozenset({N.TELLING}),
    N.WHERE: frozenset({N.TELLING}),
}
_WHICH: Final = {
    "1": "for-every-message",
    "2": "for-urgent-only",
    "3": "to-turn-off",
    "*": "to-go-back",
}
_WHEN: Final = {"1": "for-always", "2": "for-off-hours"}


class ReminderState(enum.Enum):
    """Where the owner is."""

    NEW = "new"
    TIME = "asking for the time"
    DAYS = "asking for the days"
    TELLING = "being told what is set"


R = ReminderState


class Reminder(Dialogue):
    """Set when to be called; # alone deletes it."""

    first = R.NEW
    rows: ClassVar[DialogueRows]

    def __init__(self, visit: Visit, extension: str) -> None:
        super().__init__(visit)
        self._extension = extension
        self._time = time()

    def ask_time(self, event: Event) -> list[Effect]:
        """Ask for the time."""
        return self._ask(phrases("enter-time"))

    def _ask(self, clips: Clips) -> list[Effect]:
        return [Enter(Ask(self.visit, clips, whole=4))]

    def ask_days(self, event: Event) -> list[Effect]:
        """Ask on which days; or delete what is set."""
        assert isinstance(event, Left)
        if event.result is None:
            return [Leave()]
        if event.result == "":
            self.enter(R.TELLING)
            deleted = Enter(Tell(self.visit, phrases("reminder-deleted")))
            return [Change(self._extension, "mail_reminder", ""), deleted]
        digits = str(event.result)
        hour, minute = int(digits[:2]), int(digits[2:] or 0)
        if len(digits) != 4 or hour > 23 or minute > 59:
            self.enter(R.TIME)
            return self._ask(phrases("not-a-time", "enter-time"))
        self._time = time(hour, minute)
        return [Enter(Menu(self.visit, offered(_DAYS), "".join(_DAYS)))]

    def set(self, event: Event) -> list[Effect]:
        """Set it for the next time that it is so late."""
        assert isinstance(event, Left)
        every = _EVERY.get(str(event.result), "")
        now = self.visit.desk.wall(event.at)
        today = datetime.combine(now.date(), self._time, now.tzinfo)
        when = today if today > now and _is_due(today, every) else next_reminder(today, every)
        values = {"mail_reminder": when.isoformat(), "mail_reminder_every": every}
        changes = [Change(self._extension, name, value) for name, value in values.items()]
        said = (*phrases("reminder-set-for"), *ENGLISH.moment(when, now))
        return [*changes, Enter(Tell(self.visit, said))]


Reminder.rows = {
    (R.NEW, Begin): (R.TIME, Reminder.ask_time),
    (R.TIME, Left): (R.DAYS, Reminder.ask_days),
    (R.DAYS, Left): (R.TELLING, Reminder.set),
    (R.TELLING, Left): (R.TELLING, Reminder.leave),
}
Reminder.choices = {
    R.DAYS: frozenset({R.TIME, R.TELLING}),
}
_DAYS: Final = {"1": "for-today", "2": "for-every-day", "3": "for-weekdays"}
_EVERY: Final = {"2": "day", "3": "weekday"}
SATURDAY: Final = 5


def next_reminder(last: datetime, every: str) -> datetime:
    """Return when the next call is due after one, on days of that kind."""
    after = last + timedelta(days=1)
    while not _is_due(after, every):
        after += timedelta(days=1)
    return after


def _is_due(when: datetime, every: str) -> bool:
    return every != "weekday" or when.weekday() < SATURDAY
