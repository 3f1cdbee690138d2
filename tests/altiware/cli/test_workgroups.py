# SPDX-License-Identifier: MIT
"""The figures of workgroups, as a person reads them."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from altiware.core.ids import CallId
from altiware.core.workgroup_events import WorkgroupEvent
from altiware.core.workgroup_events import WorkgroupFact as F
from altiware.store.database import Database
from altiware.store.journal import Journal
from altiware.store.workgroups import note_restart
from altiware.store.writer import Writer
from tests.altiware.cli.test_commands import altiware, refused

NINE = datetime(2026, 3, 2, 9, 0).astimezone()


def fact(
    when: datetime, what: F, call: int, agent: str = "", seconds: float = 0.0
) -> WorkgroupEvent:
    in_time = what is F.ANSWERED and seconds < 20
    return WorkgroupEvent(0.0, when, "sales", what, CallId(str(call)), agent, seconds, in_time)


def keep(directory: Path, *facts: WorkgroupEvent) -> None:
    writer = Writer(Database.open(directory))
    journal = Journal(writer)
    for each in facts:
        journal.note(each)
    writer.close()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a data directory with a morning of a workgroup."""
    keep(
        tmp_path,
        fact(NINE, F.OFFERED, 1),
        fact(NINE, F.ANSWERED, 1, "102", 8.0),
        fact(NINE + timedelta(minutes=5), F.TALKED, 1, "102", 290.0),
        fact(NINE + timedelta(hours=1), F.OFFERED, 2),
        fact(NINE + timedelta(hours=1), F.ABANDONED, 2, seconds=70.0),
    )
    return tmp_path


def test_a_report_of_a_day(data: Path) -> None:
    done = altiware("workgroup", "report", "--from", "2026-03-02", "--data", data)
    assert done.returncode == 0
    assert [" ".join(line.split()) for line in done.stdout.splitlines()[1:]] == [
        "2026-03-02 09:00 sales 1 1 0 0 0 100% 0:08 0:08 4:50 0:00",
        "2026-03-02 10:00 sales 1 0 1 0 0 0% 1:10 0:00 0:00",
        "all 2 1 1 0 0 50% 0:08 1:10 4:50 0:00",
    ]


def test_a_report_of_agents_as_json(data: Path) -> None:
    words = ("report", "--from", "2026-03-01", "--to", "2026-03-02", "--agents", "--json")
    rows = json.loads(altiware("workgroup", *words, "--data", data).stdout)
    assert [(each["hour"][11:13], each["agent"]) for each in rows] == [
        ("09", ""),
        ("09", "102"),
        ("10", ""),
    ]
    assert rows[1]["talked_s"] == 290.0


def test_a_time_without_calls(data: Path) -> None:
    done = altiware("workgroup", "report", "--from", "2026-03-03", "--data", data)
    assert done.stdout == "no calls of workgroups in this time\n"


def test_a_time_that_goes_backwards_is_refused(data: Path) -> None:
    words = ("--from", "2026-03-03", "--to", "2026-03-01")
    assert "go forward" in refused("workgroup", "report", *words, "--data", data)


def test_what_goes_on_now(tmp_path: Path) -> None:
    now = datetime.now().astimezone()
    ago = timedelta(minutes=3)
    keep(
        tmp_path,
        fact(now - 2 * ago, F.OFFERED, 1),
        fact(now - 2 * ago, F.ANSWERED, 1, "102", 8.0),
        fact(now - ago, F.OFFERED, 2),
        fact(now - ago, F.NOT_READY, 0, "103"),
    )
    done = altiware("workgroup", "status", "--data", tmp_path)
    row = done.stdout.splitlines()[1].split()
    assert (row[0], row[1], row[3:6]) == ("sales", "1", ["102", "103", "not"])
    assert row[2].startswith("3:")
    document = json.loads(altiware("workgroup", "status", "--json", "--data", tmp_path).stdout)
    assert document["sales"]["talking"] == ["102"]
    assert len(document["sales"]["waiting"]) == 1


def test_nobody_waits_any_more_when_the_service_has_started_anew(tmp_path: Path) -> None:
    now = datetime.now().astimezone()
    keep(tmp_path, fact(now - timedelta(minutes=1), F.OFFERED, 1))
    for _ in range(2):
        database = Database.open(tmp_path)
        note_restart(database.connection, now)
        rows = database.connection.execute("SELECT fact FROM workgroup_events ORDER BY id")
        assert [fact for (fact,) in rows] == ["offered", "restarted"]
        database.close()
    document = json.loads(altiware("workgroup", "status", "--json", "--data", tmp_path).stdout)
    assert document["sales"]["waiting"] == []


def test_where_there_are_no_records_that_is_said(tmp_path: Path) -> None:
    assert "no records here" in refused("workgroup", "status", "--data", tmp_path)
