# SPDX-License-Identifier: MIT
"""Commands do what they say, all of them or none, and name what is wrong and what is allowed."""

import tomllib
from collections.abc import Sequence
from importlib import resources
from typing import Annotated

import pytest

import altiware.configuration.commands
from altiware.config import Office, parse
from altiware.configuration.commands import (
    AddRow,
    ApplyTo,
    Command,
    RemoveRow,
    ReplaceAll,
    SetValue,
    Unset,
    checked,
    performed,
)
from altiware.errors import ConfigError, UsageError
from altiware.tables import MASK, SECRET

DEFAULT = resources.files("altiware").joinpath("default.toml").read_text("utf-8")
GATE = AddRow(("stations",), (("extension", "109"), ("port", "00:03"), ("name", "Gate")))


def after(*commands: Command) -> dict[str, object]:
    """Return what the default configuration says after some commands."""
    return tomllib.loads(performed(DEFAULT, commands))


def refused(*commands: Command) -> str:
    """Return why commands are refused."""
    with pytest.raises((ConfigError, UsageError)) as error:
        performed(DEFAULT, commands)
    return str(error.value)


def test_a_row_is_named_by_its_key_or_its_index() -> None:
    by_key = performed(DEFAULT, [SetValue(("stations", "103", "name"), "Desk")])
    assert performed(DEFAULT, [SetValue(("stations", 2, "name"), "Desk")]) == by_key
    assert parse(by_key, "f").plan.stations[2].name == "Desk"


def test_a_row_comes_with_what_is_in_its_tables() -> None:
    row = (("port", "00:03"), ("name", "New"), ("office.receive_db", 2.0))
    text = performed(DEFAULT, [RemoveRow(("trunks",), "00:03"), AddRow(("trunks",), row)])
    trunk = parse(text, "f").plan.trunks[3]
    assert (trunk.name, trunk.office.receive_db) == ("New", 2.0)


def test_values_under_names_are_set_and_removed() -> None:
    text = performed(DEFAULT, [SetValue(("numbering", "first_digits", "8"), "invalid")])
    assert parse(text, "f").plan.numbering.first_digits["8"].value == "invalid"
    assert performed(text, [RemoveRow(("numbering", "first_digits"), "8")]) == DEFAULT


def test_what_an_attendant_does_is_set_by_the_keys() -> None:
    items = ("attendants", "main", "items")
    text = performed(DEFAULT, [SetValue((*items, "7"), "call 104"),
                               SetValue((*items, "2", "do"), "call 103"),
                               RemoveRow(items, "9")])  # fmt: skip
    (plan,) = parse(text, "f").plan.attendants
    assert (plan.items["7"].target, plan.items["2"].target) == ("104", "103")
    assert "9" not in plan.items
    assert '2 = { do = "call 103", name = "Sales" }' in text


def test_all_commands_count_or_none() -> None:
    free: list[Command] = [RemoveRow(("trunks",), "00:03"), GATE]
    assert len(parse(performed(DEFAULT, free), "f").plan.stations) == 9
    assert "a port that nothing else uses" in refused(GATE)


def test_unset_brings_the_default_back() -> None:
    text = performed(DEFAULT, [SetValue(("timers", "tone_s"), 5.0)])
    assert performed(text, [Unset(("timers", "tone_s"))]) == DEFAULT
    assert performed(DEFAULT, [Unset(("timers", "tone_s"))]) == DEFAULT


def test_a_setting_is_applied_to_others() -> None:
    text = performed(DEFAULT, [SetValue(("stations", "101", "shows_caller"), value=False)])
    some = performed(text, [ApplyTo(("stations",), "101", ("shows_caller",), ("103", "104"))])
    shows = {each.extension: each.shows_caller for each in parse(some, "f").plan.stations}
    assert [name for name in shows if not shows[name]] == ["101", "103", "104"]
    every = performed(text, [ApplyTo(("stations",), "101", ("shows_caller",), ())])
    assert not any(each.shows_caller for each in parse(every, "f").plan.stations)
    back = performed(every, [Unset(("stations", "101", "shows_caller")),
                             ApplyTo(("stations",), "101", ("shows_caller",), ())])  # fmt: skip
    assert back == DEFAULT


def test_a_whole_table_is_applied_to_others() -> None:
    tone = (("name", "busy"), ("hz", [440.0]), ("cadence_ms", [500, 500]))
    text = performed(
        DEFAULT,
        [
            SetValue(("trunks", "00:01", "office", "receive_db"), 3.0),
            AddRow(("trunks", "00:01", "office", "tones"), tone),
            SetValue(("trunks", "00:02", "office", "country"), "de"),
            ApplyTo(("trunks",), "00:01", ("office",), ()),
        ],
    )
    offices = [each.office for each in parse(text, "f").plan.trunks]
    assert offices[0].receive_db == 3.0
    assert offices[0].tones[0].name == "busy"
    assert offices[0] == offices[1] == offices[2] == offices[3]


def test_a_key_may_not_be_applied_to_others() -> None:
    assert "stations" in refused(ApplyTo(("stations",), "101", ("extension",), ()))


@pytest.mark.parametrize(
    ("commands", "said"),
    [
        ([SetValue(("stations", "103", "nmae"), "x")], "extension, port, name, shows_caller"),
        ([SetValue(("stations", "199", "name"), "x")], "has no row 199; there are 101, 102"),
        ([SetValue(("stations", 99, "name"), "x")], "has no row 99"),
        ([SetValue(("stations",), "x")], "has rows; add, set or remove one"),
        ([SetValue(("timers",), "x")], 'timers = "x": allowed: a table'),
        ([SetValue(("attendants", "main", "items", "5", "say"), "y")], "is no table"),
        ([SetValue(("country",), "xx")], 'country = "xx": allowed: '),
        ([SetValue(("timers", "tone_s"), -1.0)], "timers.tone_s = -1.0: allowed: greater than 0"),
        ([RemoveRow(("stations",), "101")], 'operator = "101": allowed: one of 102'),
        ([RemoveRow(("numbering", "first_digits"), "7")], "is not there"),
        ([AddRow(("country",), (("a", 1),))], "country: has no rows"),
        ([AddRow(("numbering",), (("a", 1),))], "numbering: has no rows"),
        ([ReplaceAll("a = ")], "as changed"),
        ([ReplaceAll("")], "boards is missing"),
    ],
)
def test_what_is_wrong_is_named_with_what_is_allowed(
    commands: Sequence[Command], said: str
) -> None:
    assert said in refused(*commands)


def test_the_mask_of_a_secret_is_not_taken_for_the_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    class WithSecret(Office):
        """The configuration, with a secret setting."""

        operator: Annotated[str, SECRET] = ""

    monkeypatch.setattr(altiware.configuration.commands, "Office", WithSecret)
    checked(DEFAULT)
    monkeypatch.setattr(altiware.configuration.commands, "parse", lambda _text, _name: None)
    with pytest.raises(UsageError, match="operator: stands for a secret"):
        checked(DEFAULT.replace('operator = "101"', f'operator = "{MASK}"'))
