# SPDX-License-Identifier: MIT
"""``altiware config`` and the commands of tables, where no service runs."""

import json
from importlib import resources
from pathlib import Path

import pytest

from altiware.cli.config_commands import NOUNS
from altiware.config import Office, parse
from altiware.store.database import locked
from altiware.tables import Shape, setting
from tests.altiware.cli.test_commands import altiware, refused

DEFAULT = resources.files("altiware").joinpath("default.toml").read_text("utf-8")
WITHOUT_A_NOUN = {"boards"}
"""Tables of rows that only `config add` and `config set` edit."""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a data directory that has nothing but the default configuration."""
    data = tmp_path / "office"
    data.mkdir()
    (data / "altiware.toml").write_text(DEFAULT)
    return data


def done(data: Path, *arguments: str | Path) -> str:
    """Run a command that must succeed; return what it prints."""
    ended = altiware(*arguments, "--data", data)
    assert (ended.returncode, ended.stderr) == (0, ""), ended
    return ended.stdout


def test_every_table_of_rows_has_its_command() -> None:
    shapes = {name: setting(Office, (name,)) for name in Office.model_fields}
    tables = {
        name
        for name, found in shapes.items()
        if found and found.table and found.shape in (Shape.ROWS, Shape.NAMED)
    }
    assert set(NOUNS.values()) == tables - WITHOUT_A_NOUN


def test_an_extension_is_added_shown_changed_and_removed(data: Path) -> None:
    done(data, "trunk", "remove", "00:03")
    done(data, "extension", "add", "109", "port=00:03", "name=The gate", "shows_caller=false")
    told = json.loads(done(data, "extension", "show", "109", "--json"))
    assert (told["port"], told["name"], told["shows_caller"]) == ("00:03", "The gate", False)
    said = done(data, "extension", "set", "109", "name=Gate", "--unset", "shows_caller")
    assert said.splitlines()[:2] == [
        "stations.109.name: The gate -> Gate",
        "stations.109.shows_caller: false -> -",
    ]
    assert "109        00:03  Gate " in done(data, "extension", "list")
    done(data, "extension", "remove", "109")
    assert "109" not in done(data, "extension", "list")


def test_a_setting_goes_from_one_to_others(data: Path) -> None:
    done(data, "trunk", "set", "00:01", "office.receive_db=3")
    done(data, "trunk", "apply-to", "00:01", "office.receive_db", "00:02")
    done(data, "trunk", "apply-to", "00:01", "office.disconnect")
    plan = parse((data / "altiware.toml").read_text(), "f").plan
    assert [each.office.receive_db for each in plan.trunks] == [0.0, 3.0, 3.0, 0.0]


def test_rows_of_one_name_are_called_by_their_number(data: Path) -> None:
    for caller in ("212", "646"):
        done(data, "incoming-rule", "add", "105", f"caller={caller}")
    assert done(data, "incoming-rule", "list").splitlines()[2].startswith("[1]  105")
    assert "say which as [0]" in refused("incoming-rule", "remove", "105", "--data", data)
    done(data, "incoming-rule", "set", "[1]", "caller=647")
    assert '"647"' in done(data, "incoming-rule", "show", "[1]")
    done(data, "incoming-rule", "remove", "[0]")
    assert "212" not in (data / "altiware.toml").read_text().partition("incoming_rules")[2]


def test_a_pin_is_never_printed(data: Path) -> None:
    said = done(data, "room", "add", "board", "number=195", "pin=4711")
    said += done(data, "room", "show", "board") + done(data, "room", "list")
    said += done(data, "config", "show") + done(data, "config", "diff")
    said += refused("room", "set", "board", "pin=47x1", "--data", data)
    assert "195" in said
    assert "4711" not in said
    assert "47x1" not in said
    assert 'pin = "4711"' in (data / "altiware.toml").read_text()


def test_settings_anywhere_all_or_none(data: Path) -> None:
    done(data, "config", "set", "timers.tone_s=5", "numbering.area_codes=212,646", "country=uk")
    plan = parse((data / "altiware.toml").read_text(), "f").plan
    assert (plan.timers.tone_s, plan.numbering.area_codes) == (5.0, ("212", "646"))
    before = (data / "altiware.toml").read_text()
    wrong = refused("config", "set", "timers.tone_s=9", "country=xx", "--data", data)
    assert 'country = "xx": allowed: us' in wrong
    assert (data / "altiware.toml").read_text() == before
    done(data, "config", "set", "--unset", "timers.tone_s")
    assert "timers.tone_s" not in done(data, "config", "diff", "--old", "1", "--settings")


def test_rows_of_any_table_by_their_path(data: Path) -> None:
    done(data, "config", "add", "boards", "quantum+tcp://192.0.2.1:5400")
    done(data, "config", "add", 'trunks."00:01".office.tones', "busy", "hz=480,620")
    done(data, "config", "set", "boards[1].address=quantum+tcp://192.0.2.2:5400")
    text = (data / "altiware.toml").read_text()
    config = parse(text, "f")
    assert config.boards[1] == "quantum+tcp://192.0.2.2:5400"
    assert config.plan.trunks[1].office.tones[0].hz == (480.0, 620.0)
    done(data, "config", "remove", "boards", "quantum+tcp://192.0.2.2:5400")


def test_what_was_exported_can_be_imported(data: Path, tmp_path: Path) -> None:
    out, other = tmp_path / "out.toml", tmp_path / "other"
    ended = altiware("config", "export", out, "--data", data)
    assert ended.returncode == 0
    assert out.stat().st_mode & 0o777 == 0o600
    assert "File exists" in refused("config", "export", out, "--data", data)
    out.write_text(out.read_text().replace("Reception", "Desk"))
    done(other, "config", "import", out)
    assert "Desk" in (other / "altiware.toml").read_text()
    assert json.loads(done(other, "config", "history", "--json"))[0]["note"] == "from out.toml"


def test_a_difference_with_a_file_and_a_rehearsal(data: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.toml"
    new.write_text(DEFAULT.replace("Reception", "Desk"))
    assert '+name = "Desk"' in done(data, "config", "diff", "--with", new).splitlines()
    said = done(data, "config", "apply", new, "--rehearse")
    assert said.startswith("stations.101.name: Reception -> Desk\n")
    assert (data / "altiware.toml").read_text() == DEFAULT


def test_undo_and_history(data: Path) -> None:
    done(data, "extension", "set", "101", "name=Desk")
    assert "stations.101.name: Desk -> Reception" in done(data, "config", "undo")
    assert (data / "altiware.toml").read_text() == DEFAULT
    assert "version 1 again" in done(data, "config", "history").splitlines()[1]
    assert 'name = "Desk"' in done(data, "config", "show", "--version", "2")
    assert "nothing to undo" in refused("config", "undo", "--data", data)


def test_on_trial_until_confirmed(data: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.toml"
    new.write_text(DEFAULT.replace("Reception", "Desk"))
    said = done(data, "config", "apply", new, "--confirm-within", "1h")
    assert "unless confirmed: altiware config confirm" in said
    wrong = refused("extension", "set", "102", "name=x", "--data", data, status=3)
    assert "version 2 waits to be confirmed" in wrong
    assert done(data, "config", "confirm") == "version 2: confirmed\n"
    done(data, "extension", "set", "102", "name=x")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("extension", "set", "101"), "nothing to set"),
        (("extension", "set", "101", "name"), "NAME=VALUE"),
        (("extension", "set", "101", "nmae=x"), "nmae: is no setting; allowed: extension, port"),
        (("extension", "show", "199"), "has no row 199; there are 101"),
        (("extension", "add", "101", "port=00:03"), "stations[8].extension"),
        (("config", "set", "a..b=1"), "a setting, as"),
        (("config", "set", "nix.y=1"), "nix: is no setting; allowed: version, country"),
        (("config", "apply", "/nonexistent"), "No such file"),
        (("config", "apply", "/dev/null", "--confirm-within", "soon"), "a time, as 60s"),
        (("config", "apply", "/dev/null", "--confirm-within", "2000h"), "1 to 86400 seconds"),
        (("config", "apply", "/dev/null"), "boards is missing"),
        (("config", "diff", "--old", "9"), "version 9: there are 1 to 1"),
    ],
)
def test_wrong_input_is_refused(data: Path, arguments: tuple[str, ...], said: str) -> None:
    assert said in refused(*arguments, "--data", data)
    assert (data / "altiware.toml").read_text() == DEFAULT


def test_where_no_office_is_nothing_is_made(tmp_path: Path) -> None:
    assert "no configuration here" in refused("config", "show", "--data", tmp_path / "typo")
    assert not (tmp_path / "typo").exists()


def test_backup_and_restore_say_what_they_did(data: Path, tmp_path: Path) -> None:
    done(data, "extension", "set", "101", "name=Desk")
    out = tmp_path / "b.tar"
    assert "not encrypted: whoever has it" in done(data, "backup", out)
    assert "whole: made" in altiware("restore", "--check", out).stdout
    told = json.loads(done(data, "restore", out, "--json"))
    assert Path(told["old"]).is_dir()
    assert 'name = "Desk"' in done(data, "config", "show")
    with locked(data):
        assert "another altiware is running" in refused("restore", out, "--data", data)
    out.write_bytes(out.read_bytes()[:5000])
    assert "not whole" in refused("restore", out, "--data", data, status=3)
