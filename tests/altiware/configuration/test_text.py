# SPDX-License-Identifier: MIT
"""Changes of a text: what was meant and nothing else, and every comment in its place."""

import difflib
import re
import tomllib
from importlib import resources
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from altiware.configuration.text import at, with_row, with_value, without, without_row
from altiware.errors import UsageError
from altiware.toml_lines import Path

DEFAULT = resources.files("altiware").joinpath("default.toml").read_text("utf-8")
INLINE = 'stations = [{extension = "101"}, {extension = "102"}] # all\n[timers]\ntone_s = 5.0\n'
HEADINGS = re.findall(r"^(#.*)\n\[+\w+\]", DEFAULT, re.MULTILINE)
"""The last line of what is said above each table."""


def diff(old: str, new: str) -> list[str]:
    """Return the lines that went and came."""
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), n=0, lineterm="")
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def test_a_value_changes_and_its_comment_stays() -> None:
    new = with_value(DEFAULT, ("country",), "de")
    (gone, come) = diff(DEFAULT, new)
    assert gone.replace('"us"', '"de"')[1:] == come[1:]


def test_a_new_setting_stands_above_its_default_in_a_comment() -> None:
    new = with_value(DEFAULT, ("timers", "tone_s"), 5.0)
    assert diff(DEFAULT, new) == ["+tone_s = 5.0"]
    assert "tone_s = 5.0\n# tone_s = 20.0 " in new


def test_a_new_setting_of_a_row_stays_in_the_row() -> None:
    new = with_value(DEFAULT, ("stations", 7, "shows_caller"), value=False)
    assert 'name = "Kitchen"\nshows_caller = false\n# shows_caller' in new
    assert with_value(DEFAULT, ("trunks", 3, "direction"), "in").count('"Line 4"\ndirection') == 1


def test_a_table_that_was_not_there_comes_with_its_header() -> None:
    new = with_value(DEFAULT, ("trunks", 1, "office", "receive_db"), 1.5)
    assert 'name = "Line 2"\n\n[trunks.office]\nreceive_db = 1.5\n\n[[trunks]]' in new
    assert with_value("a = 1\n", ("timers", "tone_s"), 3.0) == "a = 1\n\n[timers]\ntone_s = 3.0\n"


def test_a_new_row_is_the_last_and_does_not_take_the_next_tables_comment() -> None:
    new = with_row(DEFAULT, ("stations",), {"extension": "109", "port": "00:12"})
    assert diff(DEFAULT, new) == ["+", "+[[stations]]", '+extension = "109"', '+port = "00:12"']
    assert 'port = "00:12"\n\n# Lines of the central office.\n[[trunks]]' in new


def test_a_row_goes_and_the_comment_of_the_list_stays() -> None:
    new = without_row(DEFAULT, ("stations", 0))
    assert all(line.startswith("-") for line in diff(DEFAULT, new))
    assert '00-03 and telephones on 04-11.\n[[stations]]\nextension = "102"' in new


def test_the_only_row_goes_with_its_own_tables_and_leaves_what_follows_apart() -> None:
    text = DEFAULT
    for _ in range(4):
        text = without_row(text, ("trunks", 0))
    assert "trunks" not in tomllib.loads(text)
    assert "# Lines of the central office.\n\n# What answers" in text
    assert tomllib.loads(with_row(text, ("trunks",), {"port": "00:00"}))["trunks"] == [
        {"port": "00:00"}
    ]


def test_lists_in_one_line_are_kept_in_one_line() -> None:
    new = with_row(INLINE, ("stations",), {"extension": "103"})
    assert new.splitlines()[0].endswith(', {extension = "103"}] # all')
    named = with_value(INLINE, ("stations", 0, "name"), "x")
    assert tomllib.loads(named)["stations"][0] == {"extension": "101", "name": "x"}
    assert named.splitlines()[1:] == INLINE.splitlines()[1:]
    one = without_row(INLINE, ("stations", 0))
    assert tomllib.loads(one)["stations"] == [{"extension": "102"}]
    assert "stations" not in tomllib.loads(without_row(one, ("stations", 0)))


def test_what_looks_like_a_header_in_a_long_text_is_none() -> None:
    text = 'said = """\n[[stations]]\n# no comment\n"""\nlist = [\n  [1],\n]\n[a]\nb = 1\n'
    assert with_value(text, ("a", "c"), 2) == f"{text}c = 2\n"
    assert with_value(text, ("d",), 2) == text.replace("]\n[a]", "]\nd = 2\n[a]")


def test_line_ends_of_another_system_are_kept() -> None:
    text = "a = 1\r\n[b]\r\nc = 2\r\n"
    assert with_value(text, ("b", "d"), 3) == "a = 1\r\n[b]\r\nc = 2\r\nd = 3\r\n"


def test_a_way_of_writing_that_cannot_be_kept_is_refused() -> None:
    with pytest.raises(UsageError, match="edit the file"):
        with_row("a = {b = 1}\n", ("a", "c", "d"), {"e": 1})


def test_a_setting_goes_with_its_line() -> None:
    new = without(DEFAULT, ("numbering", "extension_length"))
    assert diff(DEFAULT, new) == ["-extension_length = 3        # 3 to 6"]


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
VALUES = WORDS | st.integers(-(2**40), 2**40) | st.booleans() | st.lists(WORDS, max_size=3)
STATION = st.tuples(st.just("stations"), st.integers(0, 30), st.sampled_from(["name", "port", "x"]))
TRUNK = st.tuples(st.just("trunks"), st.integers(0, 9), st.just("office"), st.sampled_from("ab"))
PLACE = st.tuples(st.sampled_from(["timers", "echo", "new", "odd name"]), st.sampled_from("abc"))
PATHS = STATION | TRUNK | PLACE | st.tuples(st.sampled_from(["country", "operator", "z"]))
STEPS = st.lists(
    st.tuples(st.just("set"), PATHS, VALUES)
    | st.tuples(st.just("add"), st.sampled_from(["stations", "trunks", "routes"]), WORDS)
    | st.tuples(st.just("remove"), st.sampled_from(["stations", "trunks"]), st.integers(0, 30)),
    max_size=12,
)


def set_in(text: str, meant: dict[str, Any], path: Path, value: object) -> str:
    """Set a value in the text and in what it should say; a row's index is made to fit."""
    if len(path) > 2:
        rows = meant.get(str(path[0]), [])
        if not rows:
            return text
        path = (path[0], int(path[1]) % len(rows), *path[2:])
    here: Any = meant
    for part in path[:-1]:
        here = here.setdefault(part, {}) if isinstance(here, dict) else here[part]
    here[path[-1]] = value
    return with_value(text, path, value)


def remove_from(text: str, meant: dict[str, Any], table: str, number: int) -> str:
    """Remove a row from the text and from what it should say."""
    rows = meant.get(table, [])
    if not rows:
        return text
    index = number % len(rows)
    del rows[index]
    if not rows:
        del meant[table]
    return without_row(text, (table, index))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_after_any_changes_the_text_says_them_and_keeps_its_comments(
    steps: list[tuple[str, Any, Any]],
) -> None:
    text, meant = DEFAULT, tomllib.loads(DEFAULT)
    for what, where, value in steps:
        if what == "set":
            text = set_in(text, meant, where, value)
        elif what == "add":
            text = with_row(text, (where,), {"name": value})
            meant.setdefault(where, []).append({"name": value})
        else:
            text = remove_from(text, meant, where, value)
    assert tomllib.loads(text) == meant
    left = text.splitlines()
    assert [line for line in left if line in HEADINGS] == HEADINGS


def test_what_is_nowhere_is_a_lookup_error() -> None:
    with pytest.raises(LookupError):
        at({"a": [1]}, ("a", "b"))
    with pytest.raises(LookupError):
        at({"a": "text"}, ("a", 0))
