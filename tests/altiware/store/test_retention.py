# SPDX-License-Identifier: MIT
"""Old calls are forgotten, piece by piece, and nothing else is."""

import dataclasses
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from altiware.core.ids import CallId
from altiware.core.notices import CallClosed, CallOpened, Traced, TraceKind
from altiware.core.record import CallRecord
from altiware.store.database import Database, open_reading
from altiware.store.journal import Journal
from altiware.store.queries import calls_between
from altiware.store.retention import PIECE, Retention
from altiware.store.writer import Writer
from tests.altiware.store.records import outbound, still_open

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
WAIT_S = 20.0


def old(number: int, days: float) -> CallRecord:
    """Return a call of a minute, so many days ago."""
    opened = NOW - timedelta(days=days)
    record = outbound(f"c{number:05d}")
    ended = opened + timedelta(minutes=1)
    return dataclasses.replace(record, opened=opened, answered=opened, closed=ended)


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    writer = Writer(Database.open(tmp_path))
    yield writer
    writer.close()


def keep(writer: Writer, *records: CallRecord) -> Journal:
    """Write calls, each with a line of its trace."""
    journal = Journal(writer)
    for record in records:
        is_open = record.closed is None
        journal.note(CallOpened(0.0, record) if is_open else CallClosed(0.0, record))
        journal.note(Traced(0.0, record.id, TraceKind.EVENT, "101", record.id, "OffHook"))
    return journal


def forget(writer: Writer, days: int) -> int:
    """Forget, and return how many calls are gone."""
    retention = Retention(writer)
    retention.forget(days, NOW)
    assert retention.done.wait(WAIT_S)
    return retention.forgotten


def left(directory: Path) -> tuple[list[str], list[str]]:
    """Return the calls that are kept, and those of which there are traces."""
    with closing(open_reading(directory)) as connection:
        calls = connection.execute("SELECT id FROM calls ORDER BY id").fetchall()
        traces = connection.execute("SELECT DISTINCT call FROM trace ORDER BY call").fetchall()
    return [each[0] for each in calls], [each[0] for each in traces]


def test_what_is_older_than_that_is_forgotten_with_its_trace(
    tmp_path: Path, writer: Writer
) -> None:
    keep(writer, old(1, 31.0), old(2, 30.01), old(3, 29.99), old(4, 0.0))
    assert forget(writer, 30) == 2
    writer.close()
    assert left(tmp_path) == (["c00003", "c00004"], ["c00003", "c00004"])


def test_a_call_that_goes_on_is_kept(tmp_path: Path, writer: Writer) -> None:
    keep(writer, still_open(old(1, 40.0)))
    assert forget(writer, 30) == 0
    writer.close()
    assert left(tmp_path)[0] == ["c00001"]


def test_without_a_limit_all_are_kept(tmp_path: Path, writer: Writer) -> None:
    keep(writer, old(1, 4000.0))
    assert forget(writer, 0) == 0


def test_many_are_forgotten_in_pieces_with_a_commit_each(writer: Writer) -> None:
    calls = 4 * PIECE + 7
    keep(writer, *(old(number, 50.0) for number in range(calls)))
    writer.submit(lambda connection: None).result(WAIT_S)
    before = writer.commits
    assert forget(writer, 30) == calls
    assert writer.commits - before == 5


def test_a_store_that_closes_meanwhile_is_left_alone(tmp_path: Path, writer: Writer) -> None:
    keep(writer, *(old(number, 50.0) for number in range(3 * PIECE)))
    retention = Retention(writer)
    retention.forget(30, NOW)
    writer.close()
    assert retention.done.wait(WAIT_S)
    again = Writer(Database.open(tmp_path))
    forget(again, 30)
    again.close()
    assert left(tmp_path) == ([], [])


def test_a_store_that_is_closed_is_no_fault(writer: Writer) -> None:
    writer.close()
    assert forget(writer, 30) == 0


def test_days_are_those_of_the_office(tmp_path: Path, writer: Writer) -> None:
    """A call at one in the night in Tokyo is of its day there, though UTC has yesterday."""
    tokyo = datetime.fromisoformat("2026-11-22T01:00:00+09:00")
    record = dataclasses.replace(old(1, 0.0), opened=tokyo)
    keep(writer, record, dataclasses.replace(old(2, 0.0), id=CallId("c2")))
    writer.close()
    with closing(open_reading(tmp_path)) as connection:
        day = tokyo.date()
        assert len(list(calls_between(connection, day, day))) == 2
        yesterday = day - timedelta(days=1)
        assert list(calls_between(connection, yesterday, yesterday)) == []
