# SPDX-License-Identifier: MIT
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altiware.core.speech import Clip, Phrase
from altiware.features.speaking import ENGLISH, HIGHEST_NUMBER, Counted, phrases

MONDAY = date(2026, 11, 30)


def said(clips: tuple[Clip, ...]) -> str:
    """Return the phrases' names as a line."""
    return " ".join(each.name for each in clips if isinstance(each, Phrase))


def value_of(clips: tuple[Clip, ...]) -> int:
    """Add up what a listener hears: each number, and what went before in thousands."""
    total = 0
    for each in clips:
        name = said((each,))
        total = total * 1000 if name == "thousand" else total + int(name.removeprefix("number-"))
    return total


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "number-0"),
        (7, "number-7"),
        (42, "number-42"),
        (100, "number-100"),
        (305, "number-300 number-5"),
        (1000, "number-1 thousand"),
        (125_342, "number-100 number-25 thousand number-300 number-42"),
    ],
)
def test_a_number_is_said_by_hundreds_and_what_is_left(value: int, words: str) -> None:
    assert said(ENGLISH.number(value)) == words


@given(st.integers(0, HIGHEST_NUMBER))
def test_what_is_heard_adds_up_to_the_number(value: int) -> None:
    assert value_of(ENGLISH.number(value)) == value


@pytest.mark.parametrize("value", [-1, HIGHEST_NUMBER + 1])
def test_a_number_that_cannot_be_said_is_refused(value: int) -> None:
    with pytest.raises(ValueError, match=f"{value} can't be said: allowed are 0 to 999999"):
        ENGLISH.number(value)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1, "ordinal-1"),
        (31, "ordinal-31"),
        (42, "number-40 ordinal-2"),
        (50, "ordinal-50"),
        (112, "number-100 ordinal-12"),
        (300, "number-3 ordinal-100"),
        (1200, "number-1 thousand number-2 ordinal-100"),
        (5000, "number-5 ordinal-1000"),
        (5021, "number-5 thousand ordinal-21"),
    ],
)
def test_only_the_last_word_of_a_place_is_a_place(value: int, words: str) -> None:
    assert said(ENGLISH.ordinal(value)) == words


def test_there_is_no_place_nought() -> None:
    with pytest.raises(ValueError, match="allowed are 1 to"):
        ENGLISH.ordinal(0)


def test_an_extension_is_said_digit_by_digit() -> None:
    assert said(ENGLISH.digits("102")) == "number-1 number-0 number-2"
    assert said(ENGLISH.digits("*#")) == "star pound"


@pytest.mark.parametrize("text", ["1a", "٣", "1 2", "²"])
def test_what_is_no_key_is_no_digit(text: str) -> None:
    with pytest.raises(ValueError, match="is no key"):
        ENGLISH.digits(text)


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("911", ["911"]),
        ("2125550123", ["212", "555", "0123"]),
        ("5550123", ["555", "0123"]),
        ("12125550123", ["1", "212", "555", "0123"]),
        ("12345678", ["123", "456", "78"]),
    ],
)
def test_a_telephone_number_has_pauses_where_people_write_them(
    text: str, groups: list[str]
) -> None:
    assert said(ENGLISH.telephone(text)) == " pause ".join(
        said(ENGLISH.digits(group)) for group in groups
    )


def test_a_plus_is_said_before_an_international_number() -> None:
    assert said(ENGLISH.telephone("+44")) == "plus number-4 number-4"


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (time(0, 0), "midnight"),
        (time(0, 1), "number-12 oh number-1 a-m"),
        (time(9, 0), "number-9 a-m"),
        (time(9, 9), "number-9 oh number-9 a-m"),
        (time(11, 59), "number-11 number-59 a-m"),
        (time(12, 0), "noon"),
        (time(12, 30), "number-12 number-30 p-m"),
        (time(15, 5), "number-3 oh number-5 p-m"),
    ],
)
def test_a_time_is_said_as_on_a_clock_of_twelve_hours(when: time, words: str) -> None:
    assert said(ENGLISH.time(when)) == words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 30), "today"),
        (date(2026, 11, 29), "yesterday"),
        (date(2026, 11, 28), "weekday-6"),
        (date(2026, 11, 24), "weekday-2"),
        (date(2026, 11, 23), "month-11 ordinal-23"),
        (date(2026, 3, 3), "month-3 ordinal-3"),
        (date(2025, 12, 31), "month-12 ordinal-31 number-20 number-25"),
        (date(2005, 1, 1), "month-1 ordinal-1 number-2 thousand number-5"),
        (date(1905, 1, 1), "month-1 ordinal-1 number-19 oh number-5"),
        (date(1900, 1, 1), "month-1 ordinal-1 number-19 hundred"),
        (date(2026, 12, 1), "tomorrow"),
        (date(2026, 12, 4), "weekday-5 month-12 ordinal-4"),
        (date(2027, 1, 4), "weekday-1 month-1 ordinal-4 number-20 number-27"),
    ],
)
def test_a_day_is_said_as_seen_from_today(day: date, words: str) -> None:
    assert said(ENGLISH.date(day, MONDAY)) == words


@given(st.dates(), st.integers(-6, 400))
def test_two_days_that_differ_are_never_said_alike(today: date, away: int) -> None:
    try:
        other = today + timedelta(days=away)
        far = other + timedelta(days=1)
    except OverflowError:
        return
    assert ENGLISH.date(other, today) != ENGLISH.date(far, today)


def test_a_moment_is_a_day_and_a_time() -> None:
    moment = datetime(2026, 11, 29, 15, 5)
    assert said(ENGLISH.moment(moment, datetime(2026, 11, 30, 8, 0))) == (
        "yesterday at-3 oh number-5 p-m"
    )
    for hour, words in ((0, "today at-midnight"), (12, "today at-noon"), (9, "today at-9 a-m")):
        assert said(ENGLISH.moment(datetime(2026, 11, 30, hour), moment + timedelta(1))) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "number-0 seconds"),
        (1, "number-1 second"),
        (59.7, "number-1 minute"),
        (125, "number-2 minutes and number-5 seconds"),
        (3600, "number-1 hour"),
        (7265, "number-2 hours number-1 minute and number-5 seconds"),
    ],
)
def test_a_duration_leaves_out_what_is_nought(seconds: float, words: str) -> None:
    assert said(ENGLISH.duration(seconds)) == words


def test_a_duration_of_less_than_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="can't be said"):
        ENGLISH.duration(-5)


@pytest.mark.parametrize(
    ("number", "of", "words"),
    [
        (0, Counted.NEW_MESSAGE, "no new-messages"),
        (1, Counted.NEW_MESSAGE, "number-1 new-message"),
        (3, Counted.NEW_MESSAGE, "number-3 new-messages"),
        (2, Counted.PERSON, "number-2 people"),
        (121, Counted.CALLER, "number-100 number-21 callers"),
    ],
)
def test_what_is_counted_stands_in_its_right_form(number: int, of: Counted, words: str) -> None:
    assert said(ENGLISH.count(number, of)) == words


def test_a_choice_of_a_menu_says_its_key_last() -> None:
    assert said(ENGLISH.choice("to-hear-new", "1")) == "to-hear-new press-1"
    assert said(ENGLISH.choice("to-end", "#")) == "to-end press-pound"
    for key in ("", "12", "a"):
        with pytest.raises(ValueError, match="is no key"):
            ENGLISH.choice("to-end", key)


def test_a_name_is_spelled_without_what_has_no_name() -> None:
    spelled = "letter-z letter-o letter-e pause letter-o apostrophe letter-b"
    assert said(ENGLISH.spelling("Zoë O'B")) == spelled
    assert said(ENGLISH.spelling("A1日-")) == "letter-a number-1 dash"


def test_phrases_are_said_in_their_order() -> None:
    assert phrases("goodbye", "pause") == (Phrase("goodbye"), Phrase("pause"))
