# SPDX-License-Identifier: MIT
"""The desk: what it answers, what it gives to the exchange, and what it refuses."""

from collections.abc import Iterator
from datetime import timedelta
from importlib import resources
from pathlib import Path

import pytest

from altiware.config import Config
from altiware.configuration.compare import Change, Effect, effect, named
from altiware.configuration.desk import Desk
from altiware.configuration.fields import Fields, Json
from altiware.configuration.versions import History
from altiware.errors import ConfigError, UnavailableError, UsageError
from altiware.store.database import Database
from altiware.store.writer import Writer
from tests.altiware.configuration.clock import Clock

DEFAULT = resources.files("altiware").joinpath("default.toml").read_text("utf-8")
DESK: Json = {"do": "set", "path": ["stations", "101", "name"], "value": "Desk"}


class Exchange:
    """Notes what it is given."""

    def __init__(self) -> None:
        self.given: list[tuple[str, list[str]]] = []

    def apply_live(self, config: Config, found: list[Change]) -> Effect:
        self.given.append((config.plan.stations[0].name, [named(each.path) for each in found]))
        return effect(found)


class Office:
    """A desk, its exchange and its clock."""

    def __init__(self, directory: Path) -> None:
        self.file = directory / "altiware.toml"
        self.file.write_text(DEFAULT)
        self.clock = Clock()
        self.exchange = Exchange()
        self.writer = Writer(Database.open(directory))
        history = History(self.file, directory, self.writer, wall=self.clock)
        self.desk = Desk(history, self.exchange.apply_live)

    def ask(self, ask: str, **fields: object) -> Json:
        return self.desk.answer(f"configuration.{ask}", fields, "ann")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Return an office with the default configuration."""
    office = Office(tmp_path)
    yield office
    office.writer.close()


def test_a_change_is_written_given_to_the_exchange_and_told(office: Office) -> None:
    told = office.ask("change", commands=[DESK, {"do": "set", "path": ["country"], "value": "uk"}])
    assert told["version"] == 2
    assert {"path": "stations.101.name", "old": "Reception", "new": "Desk"} in told["changes"]
    assert (told["at_once"], told["at_restart"]) == (["stations.101.name"], ["country"])
    assert office.exchange.given == [("Desk", ["country", "stations.101.name"])]
    assert 'name = "Desk"' in office.file.read_text()
    (newest, first) = office.ask("history")["versions"]
    assert (newest["author"], newest["note"]) == ("ann", "country, stations.101.name")
    assert first["note"] == "as found"


def test_a_rehearsal_and_a_change_of_nothing_change_nothing(office: Office) -> None:
    assert office.ask("change", commands=[DESK], rehearsal=True)["changes"]
    assert office.ask("change", commands=[{"do": "replace", "text": DEFAULT}])["changes"] == []
    assert office.file.read_text() == DEFAULT
    assert office.exchange.given == []
    assert office.ask("show")["version"] == 1


def test_a_wrong_change_leaves_all_as_it_was(office: Office) -> None:
    with pytest.raises(ConfigError, match="operator"):
        office.ask("change", commands=[DESK, {"do": "remove", "table": ["stations"], "key": "101"}])
    assert office.file.read_text() == DEFAULT
    assert office.exchange.given == []


def test_a_change_on_trial_is_rolled_back_in_the_exchange_too(office: Office) -> None:
    told = office.ask("change", commands=[DESK], confirm_within_s=60)
    assert told["confirm_by"] == "2026-03-02T09:01:00+00:00"
    with pytest.raises(UnavailableError, match="waits to be confirmed"):
        office.ask("change", commands=[DESK])
    office.clock.now += timedelta(minutes=1)
    assert office.desk.due_s == 0.0
    assert office.desk.expire() == "configuration: version 1 again: version 2 was not confirmed"
    assert [name for name, _ in office.exchange.given] == ["Desk", "Reception"]
    assert office.desk.expire() is None


def test_a_confirmed_change_stays(office: Office) -> None:
    office.ask("change", commands=[DESK], confirm_within_s=60)
    assert office.ask("confirm")["confirm_by"] is None
    assert office.desk.due_s is None


def test_undo_is_given_to_the_exchange(office: Office) -> None:
    office.ask("change", commands=[DESK])
    assert office.ask("undo")["changes"] == [
        {"path": "stations.101.name", "old": "Desk", "new": "Reception"}
    ]
    assert [name for name, _ in office.exchange.given] == ["Desk", "Reception"]


def test_undo_mends_a_file_that_was_edited_wrong(office: Office) -> None:
    office.ask("show")
    office.file.write_text("nonsense")
    with pytest.raises(ConfigError):
        office.ask("change", commands=[DESK])
    assert "the file was wrong" in str(office.ask("undo") and office.ask("history")["versions"][0])
    assert office.file.read_text() == DEFAULT


def test_rows_have_their_defaults_and_their_key(office: Office) -> None:
    told = office.ask("rows", table=["stations"])
    assert told["key"] == "extension"
    kitchen = told["rows"][7]
    assert (kitchen["extension"], kitchen["name"], kitchen["shows_caller"]) == (
        "108", "Kitchen", True
    )  # fmt: skip
    assert office.ask("rows", table=["trunks", "00:01", "office", "tones"])["rows"] == []
    with pytest.raises(UsageError, match="country: has no rows"):
        office.ask("rows", table=["country"])


def test_differences_between_versions_and_with_a_text(office: Office) -> None:
    office.ask("change", commands=[DESK])
    office.ask("change", commands=[{"do": "set", "path": ["operator"], "value": "102"}])
    paths = [each["path"] for each in office.ask("diff", old=1)["changes"]]
    assert paths == ["operator", "stations.101.name"]
    assert [each["path"] for each in office.ask("diff")["changes"]] == ["operator"]
    with_text = office.ask("diff", text=DEFAULT.replace("Sales", "Shop"))
    assert "stations.102.name" in [each["path"] for each in with_text["changes"]]
    assert with_text["lines"][:2] == ["--- version 3", "+++ the file"]


@pytest.mark.parametrize(
    ("ask", "fields", "said"),
    [
        ("nothing", {}, "allowed: configuration.show"),
        ("show", {"version": 0}, "version: a whole number, at least 1"),
        ("show", {"version": True}, "version: a whole number"),
        ("show", {"secrets": 1}, "secrets: true or false"),
        ("show", {"more": 1}, "more: is nothing"),
        ("show", {"version": 7}, "version 7: there are 1 to"),
        ("rows", {"table": []}, "table: a list of names"),
        ("rows", {"table": [1.5]}, "table: a list of names"),
        ("change", {}, "commands: a list"),
        ("change", {"commands": [1]}, "a command is an object"),
        ("change", {"commands": [], "note": 1}, "note: a text"),
        ("change", {"commands": [], "confirm_within_s": 0.5}, "1 to 86400 seconds"),
        ("change", {"commands": [], "confirm_within_s": float("nan")}, "1 to 86400 seconds"),
    ],
)
def test_a_wrong_request_is_refused(office: Office, ask: str, fields: Json, said: str) -> None:
    office.ask("show")
    with pytest.raises(UsageError, match=said):
        office.ask(ask, **fields)


def test_without_a_service_everything_waits_for_one(office: Office) -> None:
    history = History(office.file, office.file.parent, office.writer)
    told = Desk(history).answer("configuration.change", {"commands": [DESK]}, "ann")
    assert (told["running"], told["at_restart"]) == (False, ["stations.101.name"])


def test_a_time_may_be_a_whole_number() -> None:
    assert Fields({"wait": 3}).seconds("wait", 10.0) == 3.0
