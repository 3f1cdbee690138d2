# SPDX-License-Identifier: MIT
"""Numbers, times, names and counts as clips, by the rules of a language.

    ENGLISH.count(3, Counted.NEW_MESSAGE)      three | new messages
    ENGLISH.moment(when, now)                  yesterday | at three | oh | five | p.m.

A language is one object, so a feature that is given another one speaks that.  All of it is pure:
what today is comes in as an argument.  Every phrase that can come out is in the language's prompt
set (a test goes through them).  Sentences are not made here: a feature strings its own phrases and
these together.
"""

import enum
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Final

from altiware.core.speech import Clip, Phrase

__all__ = ["ENGLISH", "HIGHEST_NUMBER", "Clips", "Counted", "English", "Language", "phrases"]

Clips = tuple[Clip, ...]

HIGHEST_NUMBER: Final = 999_999


class Counted(enum.Enum):
    """What is counted; the value is the phrase of one of it."""

    MESSAGE = "message"
    NEW_MESSAGE = "new-message"
    SAVED_MESSAGE = "saved-message"
    URGENT_MESSAGE = "urgent-message"
    CALL = "call"
    CALLER = "caller"
    PERSON = "person"
    "One of a conference."
    AGENT = "agent"
    NAME = "name"
    "One that the directory found."
    DAY = "day"
    HOUR = "hour"
    MINUTE = "minute"
    SECOND = "second"


def phrases(*names: str) -> Clips:
    """Return the phrases of these names, to be said one after the other."""
    return tuple(Phrase(name) for name in names)


class Language(ABC):
    """How a language says what has to be put together from pieces."""

    code: str
    "Names the prompt set, as in ISO 639-1."

    @abstractmethod
    def number(self, value: int) -> Clips:
        """Say a whole number, 0 to ``HIGHEST_NUMBER``.

        Raises:
            ValueError: it is outside.
        """

    @abstractmethod
    def ordinal(self, value: int) -> Clips:
        """Say a place in a row, 1 to ``HIGHEST_NUMBER``.

        Raises:
            ValueError: it is outside.
        """

    @abstractmethod
    def digits(self, text: str) -> Clips:
        """Say the keys 0-9, * and # one by one, as of an extension.

        Raises:
            ValueError: there are other characters.
        """

    @abstractmethod
    def telephone(self, text: str) -> Clips:
        """Say a telephone number in groups as people write it down; ``+`` may come first.

        Raises:
            ValueError: there are other characters than keys.
        """

    @abstractmethod
    def time(self, when: time) -> Clips:
        """Say a time of day to the minute."""

    @abstractmethod
    def date(self, day: date, today: date) -> Clips:
        """Say a day as seen from ``today``, with no more words than that needs."""

    @abstractmethod
    def moment(self, when: datetime, now: datetime) -> Clips:
        """Say day and time as seen from ``now``; both are meant in the office's time zone."""

    @abstractmethod
    def duration(self, seconds: float) -> Clips:
        """Say how long something takes or took, to the second.

        Raises:
            ValueError: it is negative, or too many hours to be said.
        """

    @abstractmethod
    def count(self, number: int, of: Counted) -> Clips:
        """Say how many there are: "no", "one" or a number, and the word in its right form.

        Raises:
            ValueError: as of ``number``.
        """

    @abstractmethod
    def choice(self, what: str, key: str) -> Clips:
        """Say which key of a menu is for what; ``what`` names a phrase.

        Raises:
            ValueError: as of ``digits``.
        """

    @abstractmethod
    def spelling(self, text: str) -> Clips:
        """Say a name letter by letter; what has no name among keys and letters is left out."""


class English(Language):
    """American English: the pound key, and twelve hours twice a day."""

    code = "en"

    def number(self, value: int) -> Clips:
        """Say as "three hundred | forty-two"."""
        _within(value, 0, HIGHEST_NUMBER)
        return tuple(_cardinal(value))

    def ordinal(self, value: int) -> Clips:
        """Say as "one hundred | twenty | third"; up to "thirty-first" it is one phrase."""
        _within(value, 1, HIGHEST_NUMBER)
        return tuple(_ordinal(value))

    def digits(self, text: str) -> Clips:
        """Say as "one | zero | two": an "oh" is taken for an eight on bad lines."""
        return tuple(_key(key) for key in text)

    def telephone(self, text: str) -> Clips:
        """Say ten digits as three, three and four (NANP), others in threes and a last four."""
        said: list[Clip] = list(phrases("plus")) if text.startswith("+") else []
        for number, group in enumerate(_groups(text.removeprefix("+"))):
            said += [*(phrases("pause") if number else ()), *self.digits(group)]
        return tuple(said)

    def time(self, when: time) -> Clips:
        """Say as "three | oh | five | p.m.", "three | p.m.", "noon", "midnight"."""
        return tuple(_clock(when, _PLAIN_HOUR))

    def date(self, day: date, today: date) -> Clips:
        """Say "today", "yesterday", "Tuesday" of the last six days, else "March | third".

        Of days to come, "tomorrow" or "Friday | March | third"; another year is said, too.
        """
        ahead = (day - today).days
        if ahead in _NEAR_DAYS:
            return phrases(_NEAR_DAYS[ahead])
        weekday = Phrase(f"weekday-{day.isoweekday()}")
        if -7 < ahead < 0:
            return (weekday,)
        said = (Phrase(f"month-{day.month}"), Phrase(f"ordinal-{day.day}"))
        year = () if day.year == today.year else tuple(_year(day.year))
        return (weekday, *said, *year) if ahead > 0 else (*said, *year)

    def moment(self, when: datetime, now: datetime) -> Clips:
        """Say as "yesterday | at three | oh | five | p.m.": "at" alone sounds like "and"."""
        return (*self.date(when.date(), now.date()), *_clock(when.time(), _AT_HOUR))

    def duration(self, seconds: float) -> Clips:
        """Say as "two | minutes | and | five | seconds"; parts that are nought aren't said."""
        whole = round(seconds)
        hours, rest = divmod(whole, 3600)
        _within(hours, 0, HIGHEST_NUMBER)
        minutes, left = divmod(rest, 60)
        parts = ((hours, Counted.HOUR), (minutes, Counted.MINUTE), (left, Counted.SECOND))
        said = [self.count(number, unit) for number, unit in parts if number]
        if not said:
            return (_number(0), Phrase("seconds"))
        before_last = (clip for part in said[:-1] for clip in part)
        return (*before_last, *(phrases("and") if len(said) > 1 else ()), *said[-1])

    def count(self, number: int, of: Counted) -> Clips:
        """Say as "one | new message", "three | new messages", "no | new messages"."""
        many = Phrase(_PLURALS.get(of, f"{of.value}s"))
        if number == 0:
            return (Phrase("no"), many)
        return (*self.number(number), Phrase(of.value) if number == 1 else many)

    def choice(self, what: str, key: str) -> Clips:
        """Say as "To hear your new messages, | press one."."""
        return (Phrase(what), Phrase(f"press-{_key_name(key)}"))

    def spelling(self, text: str) -> Clips:
        """Say as "letter-o | apostrophe | letter-b"; accents are taken off."""
        return tuple(_spelled(text))


ENGLISH: Final = English()

_PLURALS: Final = {Counted.PERSON: "people"}
_PLAIN_HOUR: Final = {"noon": "noon", "midnight": "midnight", "hour": "number"}
_AT_HOUR: Final = {"noon": "at-noon", "midnight": "at-midnight", "hour": "at"}
"Phrases of whole hours, and what stands before the number in those of others."
_NAMED_HOURS: Final = {0: "midnight", 12: "noon"}
_NEAR_DAYS: Final = {-1: "yesterday", 0: "today", 1: "tomorrow"}
_KEYS: Final = {"*": "star", "#": "pound"}
_SIGNS: Final = {
    " ": "pause",
    "-": "dash",
    "'": "apostrophe",
    "’": "apostrophe",  # noqa: RUF001  # as in names that are typeset
    ".": "dot",
    ",": "comma",
    "@": "at-sign",
    "_": "underscore",
    "&": "ampersand",
    "/": "slash",
    "+": "plus",
    **_KEYS,
}
_LAST_WHOLE_ORDINAL: Final = 31
"The last day of a month: dates are said most, and sound best in one piece."


def _within(value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise ValueError(f"{value} can't be said: allowed are {least} to {most}")


def _number(value: int) -> Clip:
    return Phrase(f"number-{value}")


def _cardinal(value: int) -> Iterator[Clip]:
    """Yield as "one hundred | twenty-five | thousand | three hundred | forty-two"."""
    thousands, rest = divmod(value, 1000)
    if thousands:
        yield from _cardinal(thousands)
        yield Phrase("thousand")
    hundreds = rest - rest % 100
    if hundreds:
        yield _number(hundreds)
    if rest % 100 or not value:
        yield _number(rest % 100)


def _ordinal(value: int) -> Iterator[Clip]:
    """Yield the number with its last word as a place: "forty | second", "three | hundredth"."""
    if value % 1000 == 0:
        yield from (*_cardinal(value // 1000), Phrase("ordinal-1000"))
    elif value % 100 == 0:
        thousands, rest = divmod(value, 1000)
        before = _cardinal(thousands * 1000) if thousands else ()
        yield from (*before, _number(rest // 100), Phrase("ordinal-100"))
    else:
        yield from _cardinal(value - value % 100) if value >= 100 else ()
        yield from _small_ordinal(value % 100)


def _small_ordinal(value: int) -> Iterator[Clip]:
    if value > _LAST_WHOLE_ORDINAL and value % 10:
        yield from (_number(value - value % 10), Phrase(f"ordinal-{value % 10}"))
    else:
        yield Phrase(f"ordinal-{value}")


def _key(key: str) -> Clip:
    name = _key_name(key)
    return Phrase(f"number-{name}" if name.isdigit() else name)


def _key_name(key: str) -> str:
    if len(key) != 1 or key not in "0123456789*#":
        raise ValueError(f"{key!r} is no key that can be said: allowed are 0-9, * and #")
    return _KEYS.get(key, key)


def _groups(text: str) -> Iterator[str]:
    """Yield as "1", "212", "555", "0123": threes, and up to four at the end."""
    if len(text) == 11 and text.startswith("1"):
        yield "1"
        text = text[1:]
    while len(text) > 4:
        yield text[:3]
        text = text[3:]
    yield text


def _clock(when: time, said: Mapping[str, str]) -> Iterator[Clip]:
    if when.minute == 0 and when.hour in _NAMED_HOURS:
        yield Phrase(said[_NAMED_HOURS[when.hour]])
        return
    yield Phrase(f"{said['hour']}-{(when.hour - 1) % 12 + 1}")
    yield from _minutes(when.minute)
    yield Phrase("a-m" if when.hour < 12 else "p-m")


def _minutes(minute: int) -> Iterator[Clip]:
    if 0 < minute < 10:
        yield Phrase("oh")
    if minute:
        yield _number(minute)


def _year(year: int) -> Iterator[Clip]:
    """Yield as "twenty | twenty-six", "nineteen | oh | five", but "two | thousand | five"."""
    century, rest = divmod(year, 100)
    if year % 1000 < 10:
        yield from _cardinal(year)
    elif rest == 0:
        yield from (_number(century), Phrase("hundred"))
    else:
        yield from (_number(century), *_minutes(rest))


def _spelled(text: str) -> Iterator[Clip]:
    for character in unicodedata.normalize("NFKD", text).lower():
        if character in _SIGNS:
            yield Phrase(_SIGNS[character])
        elif character.isascii() and character.isdigit():
            yield Phrase(f"number-{character}")
        elif character.isascii() and character.isalpha():
            yield Phrase(f"letter-{character}")
