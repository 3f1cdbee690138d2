# SPDX-License-Identifier: MIT
import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import altiware
import altiware.features
from altiware.core.speech import Clip, Phrase
from altiware.features.speaking import ENGLISH, HIGHEST_NUMBER, Counted
from altiware.prompts.errors import PromptError, UnknownPhraseError
from altiware.prompts.script import languages, parse_script, read_script

SCRIPT = read_script("en")
ALLOWED = 'allowed is, by a name of a-z, 0-9 and hyphens, "the words", { words, say } or'
NOON = datetime(2026, 11, 25, 12)


def are_in_the_script(clips: tuple[Clip, ...]) -> bool:
    return bool(clips) and all(
        isinstance(each, Phrase) and each.name in SCRIPT.entries for each in clips
    )


@given(st.integers(1, HIGHEST_NUMBER))
def test_every_number_and_place_can_be_said(value: int) -> None:
    assert are_in_the_script(ENGLISH.number(value))
    assert are_in_the_script(ENGLISH.ordinal(value))


def test_the_small_numbers_and_places_can_all_be_said() -> None:
    assert are_in_the_script(ENGLISH.number(0))
    for value in range(1, 1000):
        assert are_in_the_script(ENGLISH.number(value))
        assert are_in_the_script(ENGLISH.ordinal(value))


def test_every_minute_of_a_day_can_be_said() -> None:
    for minute in range(24 * 60):
        when = NOON + timedelta(minutes=minute)
        assert are_in_the_script(ENGLISH.time(when.time()))
        assert are_in_the_script(ENGLISH.moment(when, NOON))


@given(st.dates(min_value=date(1000, 1, 1)), st.dates(min_value=date(1000, 1, 1)))
def test_every_date_can_be_said(day: date, today: date) -> None:
    assert are_in_the_script(ENGLISH.date(day, today))


@given(st.integers(-400, 400))
def test_every_near_day_can_be_said(away: int) -> None:
    assert are_in_the_script(ENGLISH.moment(NOON + timedelta(days=away), NOON))


@given(st.sampled_from(Counted), st.integers(0, HIGHEST_NUMBER))
def test_every_count_can_be_said(of: Counted, number: int) -> None:
    assert are_in_the_script(ENGLISH.count(number, of))


@given(st.floats(0, 3600 * 100_000))
def test_every_duration_can_be_said(seconds: float) -> None:
    assert are_in_the_script(ENGLISH.duration(seconds))


@given(st.text())
def test_every_name_can_be_spelled(text: str) -> None:
    spelled = ENGLISH.spelling(text)
    assert not spelled or are_in_the_script(spelled)


def test_every_key_can_be_said_and_chosen() -> None:
    for key in "0123456789*#":
        assert are_in_the_script(ENGLISH.telephone(f"+{key}"))
        assert are_in_the_script(ENGLISH.choice("to-end", key))


def used_phrases() -> Iterator[tuple[str, str, str]]:
    """Yield module, name and words of the phrases that features say they use."""
    for found in pkgutil.walk_packages(altiware.features.__path__, "altiware.features."):
        phrases: Mapping[str, str] = getattr(importlib.import_module(found.name), "PHRASES", {})
        for name, words in phrases.items():
            yield found.name, name, words


def test_every_phrase_of_a_feature_is_in_the_script_with_its_words() -> None:
    known = {entry.name: entry.words for entry in SCRIPT.entries.values()}
    differ = [f"{where}: {name} = {words!r}" for where, name, words in used_phrases()
              if known.get(name) != words]  # fmt: skip
    assert not differ, "add to altiware/prompts/en.toml, or take the name that is there:\n" + (
        "\n".join(differ)
    )


def written_phrases(source: str) -> Iterator[str]:
    """Yield the names that a module writes out in calls of Phrase and phrases."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id="Phrase" | "phrases"), args=args):
                for each in args:
                    match each:
                        case ast.Constant(value=str(name)):
                            yield name


def test_every_phrase_that_is_written_anywhere_is_in_the_script() -> None:
    root = Path(altiware.__file__).parent
    written = {
        (name, file.name)
        for file in root.rglob("*.py")
        for name in written_phrases(file.read_text())
    }
    assert len(written) > 5
    assert sorted(each for each in written if each[0] not in SCRIPT.entries) == []


def test_not_is_never_swallowed() -> None:
    # "isn't" and "is", "can't" and "can" are one word on a bad line
    assert not [each.name for each in SCRIPT.entries.values() if "n't" in each.words]


def test_a_sentence_ends_and_a_piece_does_not() -> None:
    assert SCRIPT.entry("goodbye").words.endswith(".")
    assert all(re.fullmatch(r"[A-Za-z].*|", each.words) for each in SCRIPT.entries.values())
    for clips in (ENGLISH.number(42), ENGLISH.ordinal(3), ENGLISH.time(NOON.time())):
        for clip in clips:
            assert isinstance(clip, Phrase)
            assert SCRIPT.entry(clip.name).words[-1].isalpha()


def test_no_two_phrases_of_a_group_say_the_same() -> None:
    said = [(each.group, each.words) for each in SCRIPT.entries.values()]
    assert len(said) == len(set(said))


def test_an_unknown_phrase_is_named() -> None:
    with pytest.raises(UnknownPhraseError, match="'good-night': no such phrase in language 'en'"):
        SCRIPT.entry("good-night")


def test_an_unknown_language_is_told_what_there_is() -> None:
    assert languages() == ["en"]
    with pytest.raises(UnknownPhraseError, match=r"'tlh': no prompts in that language.*: en$"):
        read_script("tlh")


def test_a_script_has_words_other_spellings_and_pauses() -> None:
    script = parse_script(
        '[a]\nhello = "Hello."\n[b]\nw = { words = "W", say = "W." }\np = { silence_ms = 200 }\n',
        "en",
    )
    assert script.groups == ["a", "b"]
    hello, letter, pause = script.entries.values()
    assert (hello.words, hello.say, hello.silence_ms) == ("Hello.", "Hello.", 0)
    assert (letter.words, letter.say) == ("W", "W.")
    assert (pause.words, pause.silence_ms) == ("", 200)


def test_a_digest_changes_with_what_is_said_only() -> None:
    def digest(line: str) -> str:
        return parse_script(f"[a]\n{line}\n", "en").entry("x").digest

    assert digest('x = "one"') == digest('x = { words = "1", say = "one" }')
    assert digest('x = "one"') != digest('x = "two"')
    assert digest("x = { silence_ms = 100 }") != digest("x = { silence_ms = 200 }")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[a]\nx = 3\n", f"a.x = 3: {ALLOWED}"),
        ('[a]\nx = " "\n', ALLOWED),
        ('[a]\nX_y = "word"\n', "a.X_y"),
        ('[a]\nx = { words = "w" }\n', ALLOWED),
        ("[a]\nx = { silence_ms = 0 }\n", ALLOWED),
        ('x = "word"\n', "x stands in no group"),
        ('[a]\nx = "word"\n[b]\nx = "word"\n', "x is there twice"),
        ("[a\n", "script en: "),
    ],
)
def test_a_wrong_script_is_refused(text: str, what: str) -> None:
    with pytest.raises(PromptError, match=re.escape(what)):
        parse_script(text, "en")
