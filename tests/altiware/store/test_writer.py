# SPDX-License-Identifier: MIT
"""The writer commits in groups and acknowledges only what is on the disk."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from altiware.store.database import Database, open_reading
from altiware.store.errors import WriteError
from altiware.store.writer import Work, Writer

WAIT_S = 30.0


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    writer = Writer(Database.open(tmp_path))
    yield writer
    writer.close()


def opened(call: str) -> Work:
    """Return the work of opening a call."""

    def work(connection: sqlite3.Connection) -> None:
        row = (call, "2026-11-22T09:00:00+00:00", "{}")
        connection.execute("INSERT INTO calls (id, opened, record) VALUES (?, ?, ?)", row)

    return work


def calls(directory: Path) -> list[str]:
    """Return what another process would see."""
    connection = open_reading(directory)
    rows = connection.execute("SELECT id FROM calls ORDER BY rowid").fetchall()
    connection.close()
    return [row[0] for row in rows]


def test_an_acknowledged_record_is_seen_by_another_connection(
    writer: Writer, tmp_path: Path
) -> None:
    writer.submit(opened("a")).result(WAIT_S)
    assert calls(tmp_path) == ["a"]


def test_what_gathers_during_a_commit_is_committed_together(writer: Writer) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(connection: sqlite3.Connection) -> None:
        begun.set()
        assert go_on.wait(WAIT_S)

    first = writer.submit(slow)
    assert begun.wait(WAIT_S)
    rest = [writer.submit(opened(str(number))) for number in range(100)]
    go_on.set()
    for future in [first, *rest]:
        future.result(WAIT_S)
    assert writer.commits == 2


def test_a_refused_record_does_not_take_its_group_along(writer: Writer, tmp_path: Path) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(connection: sqlite3.Connection) -> None:
        begun.set()
        assert go_on.wait(WAIT_S)

    writer.submit(slow)
    assert begun.wait(WAIT_S)
    good, twice, after = (writer.submit(opened(call)) for call in ("a", "a", "b"))
    go_on.set()
    good.result(WAIT_S)
    after.result(WAIT_S)
    with pytest.raises(WriteError, match="UNIQUE"):
        twice.result(WAIT_S)
    assert calls(tmp_path) == ["a", "b"]


def test_of_a_refused_record_nothing_is_kept(writer: Writer, tmp_path: Path) -> None:
    def half(connection: sqlite3.Connection) -> None:
        opened("a")(connection)
        opened("a")(connection)

    with pytest.raises(WriteError):
        writer.submit(half).result(WAIT_S)
    assert calls(tmp_path) == []


def test_a_full_disk_fails_the_future_and_not_the_thread(writer: Writer) -> None:
    def no_room(connection: sqlite3.Connection) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with pytest.raises(WriteError, match="full"):
        writer.submit(no_room).result(WAIT_S)
    writer.submit(opened("a")).result(WAIT_S)


def test_closing_commits_what_was_submitted(tmp_path: Path) -> None:
    writer = Writer(Database.open(tmp_path))
    futures = [writer.submit(opened(str(number))) for number in range(2500)]
    writer.close()
    assert all(future.done() for future in futures)
    assert len(calls(tmp_path)) == 2500
    with pytest.raises(WriteError):
        writer.submit(opened("late"))
