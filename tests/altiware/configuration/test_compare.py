# SPDX-License-Identifier: MIT
"""What differs between two configurations, without their secrets, and when it holds."""

from importlib import resources
from typing import Annotated

import pytest

import altiware.configuration.compare
from altiware.config import Office
from altiware.configuration.commands import AddRow, RemoveRow, SetValue, performed
from altiware.configuration.compare import Change, changes, effect, masked, masked_data, unified
from altiware.tables import MASK, SECRET

DEFAULT = resources.files("altiware").joinpath("default.toml").read_text("utf-8")


class WithSecret(Office):
    """The configuration, with a secret setting."""

    operator: Annotated[str, SECRET] = ""


@pytest.fixture
def _secret_operator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(altiware.configuration.compare, "Office", WithSecret)


def test_changes_are_told_by_setting_and_rows_by_their_key() -> None:
    text = performed(
        DEFAULT,
        [
            RemoveRow(("stations",), "107"),
            SetValue(("stations", "106", "name"), "Store"),
            SetValue(("timers", "tone_s"), 5.0),
            AddRow(("stations",), (("extension", "109"), ("port", "00:10"))),
        ],
    )
    assert changes(DEFAULT, text) == [
        Change(("stations", "106", "name"), "Stores", "Store"),
        Change(("stations", "109"), None, {"extension": "109", "port": "00:10"}),
        Change(
            ("stations", "107"), {"extension": "107", "port": "00:10", "name": "Meeting room"}, None
        ),
        Change(("timers", "tone_s"), None, 5.0),
    ]


def test_an_order_that_means_the_same_and_comments_are_no_changes() -> None:
    assert changes(DEFAULT, f"# mine\n{DEFAULT}") == []
    assert unified(DEFAULT, f"# mine\n{DEFAULT}", ("a", "b"))[3] == "+# mine"


def test_boards_and_engine_wait_for_a_restart_and_the_rest_does_not() -> None:
    text = performed(DEFAULT, [SetValue(("engine", "process"), value=False),
                               SetValue(("country",), "uk"),
                               SetValue(("stations", "101", "name"), "x")])  # fmt: skip
    found = effect(changes(DEFAULT, text))
    assert found.at_once == ("stations.101.name",)
    assert sorted(found.at_restart) == ["country", "engine.process"]


@pytest.mark.usefixtures("_secret_operator")
def test_no_secret_is_in_what_may_be_printed() -> None:
    other = DEFAULT.replace('operator = "101"', 'operator = "102"')
    assert f'operator = "{MASK}"  ' in masked(DEFAULT)
    assert changes(DEFAULT, other) == [Change(("operator",), MASK, MASK)]
    assert unified(DEFAULT, other, ("a", "b")) == []
    assert masked_data({"operator": "101", "country": "us"}, ()) == {
        "operator": MASK,
        "country": "us",
    }
    assert masked(DEFAULT).splitlines()[8:] == DEFAULT.splitlines()[8:]


def test_a_text_without_secrets_is_not_touched() -> None:
    assert masked(DEFAULT) is DEFAULT
