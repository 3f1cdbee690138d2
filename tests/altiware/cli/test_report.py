# SPDX-License-Identifier: MIT
"""``altiware report``: days, sections and forms."""

import csv
import dataclasses
import io
import json
from pathlib import Path

import pytest

from altiware.cli.cdr_export import HEADINGS
from altiware.cli.output import csv_cell
from altiware.core.ids import CallId
from altiware.core.notices import CallClosed
from altiware.core.record import CallRecord, Direction, LegSeconds
from altiware.core.workgroup_events import WorkgroupEvent, WorkgroupFact
from altiware.store.codec import from_json
from altiware.store.database import Database
from altiware.store.journal import Journal
from altiware.store.writer import Writer
from tests.altiware.cli.test_commands import altiware, refused
from tests.altiware.reports.made_up import at, caller, leg, record, someone


def call(day: int, minutes: float) -> CallRecord:
    """Return a call in on a day of March 2026 at ten."""
    talk = LegSeconds(talking=60.0 * minutes)
    return record(Direction.INBOUND, [leg(caller(0), someone("101"), at("10:00", day), talk)])


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data directory with a call on each of three days, of 10, 20 and 30 minutes."""
    directory = tmp_path_factory.mktemp("data")
    writer = Writer(Database.open(directory))
    journal = Journal(writer)
    for day in (2, 3, 4):
        journal.note(CallClosed(1.0, call(day, 10.0 * (day - 1))))
    writer.close()
    return directory


def test_all_days_and_sections_for_people(data: Path) -> None:
    said = altiware("report", "calls", "--data", data).stdout
    for title in ("All calls", "By extension", "By trunk", "By hour of the day", "By day"):
        assert f"{title}\n" in said
    assert "Name 101" in said


@pytest.mark.parametrize(
    ("days", "minutes"),
    [
        ((), 60.0),
        (("--from", "2026-03-03"), 50.0),
        (("--to", "2026-03-03"), 30.0),
        (("--from", "2026-03-03", "--to", "2026-03-03"), 20.0),
        (("--from", "0001-01-01", "--to", "9999-12-31"), 60.0),
    ],
)
def test_both_days_are_counted(data: Path, days: tuple[str, ...], minutes: float) -> None:
    done = altiware("report", "calls", "--json", "--data", data, *days)
    assert json.loads(done.stdout)["total"][0]["talked_min"] == minutes


def test_one_section_as_csv(data: Path) -> None:
    done = altiware("report", "traffic", "--csv", "--by", "day", "--data", data)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["day"] for row in rows] == ["2026-03-02 Mon", "2026-03-03 Tue", "2026-03-04 Wed"]
    assert [row["erlang hours"] for row in rows] == ["0.17", "0.33", "0.5"]


def test_the_routes_of_the_configuration_are_trunk_groups(data: Path, tmp_path: Path) -> None:
    config = tmp_path / "f.toml"
    config.write_text(
        '[[boards]]\naddress = "quantum+sim://Q12"\n'
        '[[stations]]\nextension = "101"\nport = "00:04"\n'
        '[[trunks]]\nport = "00:08"\nname = "line 1"\n'
        '[[routes]]\nname = "city"\ntrunks = ["line 1"]\n'
    )
    done = altiware("report", "traffic", "--json", "--data", data, "--config", config)
    assert [row["group"] for row in json.loads(done.stdout)["busy"]] == ["all trunks", "city"]


def test_a_report_of_no_calls_is_empty(data: Path) -> None:
    for which in ("calls", "traffic", "workgroup"):
        done = altiware("report", which, "--from", "2027-01-01", "--data", data)
        assert done.returncode == 0, done
        assert "(none)" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("calls", "--from", "yesterday"), "yesterday: a day as 2026-03-31"),
        (("calls", "--from", "2026-03-04", "--to", "2026-03-02"), "the first day comes after"),
        (("traffic", "--by", "moon"), "--by moon: one of busy, hour, day"),
        (("workgroup", "--csv", "--json"), "one of them"),
        (("traffic", "--lost", "0"), "--lost"),
    ],
)
def test_wrong_input_is_named(data: Path, arguments: tuple[str, ...], said: str) -> None:
    assert said in refused("report", *arguments, "--data", data)


@pytest.mark.parametrize(
    "hostile",
    ["=1+1", "+15550123", "-2", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\n@x", "\uff1d1+1"],
)
def test_a_cell_is_never_a_formula(hostile: str) -> None:
    assert csv_cell(hostile) == f"'{hostile}"


@pytest.mark.parametrize("harmless", ["2125550123", "SMITH, JOHN", 'say "x"', "", -2, 1.5, None])
def test_what_is_no_formula_stays_as_it_is(harmless: object) -> None:
    assert csv_cell(harmless) == harmless


def test_what_workgroups_have_told_is_counted_on_its_days(tmp_path: Path) -> None:
    writer = Writer(Database.open(tmp_path))
    journal = Journal(writer)
    for day in (2, 3):
        when = at("12:00", day)
        journal.note(WorkgroupEvent(0.0, when, "sales", WorkgroupFact.OFFERED, CallId("c")))
    writer.close()
    for days, offered in (((), 2), (("--from", "2026-03-03"), 1)):
        done = altiware("report", "workgroup", "--json", "--data", tmp_path, *days)
        (row,) = json.loads(done.stdout)["workgroup"]
        assert (row["workgroup"], row["offered"]) == ("sales", offered)


# Export


def hostile(directory: Path, name: str) -> None:
    """Keep a call by somebody with such a name."""
    talk = LegSeconds(talking=60.0)
    someone_bad = dataclasses.replace(caller(0), name=name)
    bad = record(Direction.INBOUND, [leg(someone_bad, someone("101"), at("10:00"), talk)])
    writer = Writer(Database.open(directory))
    Journal(writer).note(CallClosed(1.0, bad))
    writer.close()


def test_each_leg_is_a_row(data: Path) -> None:
    done = altiware("cdr", "export", "--from", "2026-03-03", "--csv", "--data", data)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert tuple(rows[0]) == HEADINGS
    assert [(row["called"], row["talking s"], row["leg"]) for row in rows] == [
        ("101", "1200.0", "1"),
        ("101", "1800.0", "1"),
    ]
    assert rows[0]["offered"] == "2026-03-03 10:00:00+00:00"


def test_all_calls_are_one_json_document(data: Path) -> None:
    done = altiware("cdr", "export", "--json", "--data", data)
    assert [from_json(row).opened.day for row in json.loads(done.stdout)] == [2, 3, 4]
    none = altiware("cdr", "export", "--json", "--from", "2027-01-01", "--data", data)
    assert json.loads(none.stdout) == []


@pytest.mark.parametrize("name", ['=cmd|"/c calc"!A1', "@SUM(1)", "+1", "-1", 'A "B", C\nD'])
def test_a_name_from_outside_is_no_formula_in_the_export(tmp_path: Path, name: str) -> None:
    hostile(tmp_path, name)
    said = altiware("cdr", "export", "--csv", "--data", tmp_path).stdout
    (row,) = csv.DictReader(io.StringIO(said))
    assert row["caller name"].removeprefix("'") == name
    assert row["caller name"][0] not in "=+-@"


def test_a_call_that_reached_nobody_is_a_row_without_leg(tmp_path: Path) -> None:
    writer = Writer(Database.open(tmp_path))
    Journal(writer).note(CallClosed(1.0, dataclasses.replace(call(2, 1.0), legs=())))
    writer.close()
    (row,) = csv.DictReader(io.StringIO(altiware("cdr", "export", "--data", tmp_path).stdout))
    assert (row["leg"], row["called"], row["talking s"]) == ("", "", "")
    assert "one of them" in refused("cdr", "export", "--csv", "--json", "--data", tmp_path)
