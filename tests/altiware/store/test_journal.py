# SPDX-License-Identifier: MIT
"""The journal keeps what the exchange reports; the queries find it again."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from altiware.core.causes import Cause
from altiware.core.ids import CallId
from altiware.core.notices import CallClosed, CallOpened, Traced, TraceKind
from altiware.core.record import CallRecord
from altiware.store.database import Database, open_reading
from altiware.store.journal import Journal, close_left_open
from altiware.store.queries import call_record, newest_calls, seen_boards, trace_of
from altiware.store.smdr_port import SmdrPort, SmdrTarget
from altiware.store.writer import Writer
from drivers.base import BoardInfo
from tests.altiware.store.records import NINE, inbound, outbound, still_open


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    writer = Writer(Database.open(tmp_path))
    yield writer
    writer.close()


def kept(directory: Path) -> list[CallRecord]:
    """Return all calls of the records."""
    connection = open_reading(directory)
    calls = newest_calls(connection, 1000)
    connection.close()
    return calls


def test_a_call_is_kept_while_it_goes_on_and_when_it_is_over(
    writer: Writer, tmp_path: Path
) -> None:
    journal = Journal(writer)
    record = outbound()
    journal.note(CallOpened(1.0, still_open(record)))
    writer.submit(lambda connection: None).result(10)
    assert kept(tmp_path) == [still_open(record)]
    journal.note(CallClosed(2.0, record))
    writer.submit(lambda connection: None).result(10)
    assert kept(tmp_path) == [record]


def test_a_closed_record_is_acknowledged_once_it_is_there(tmp_path: Path) -> None:
    writer = Writer(Database.open(tmp_path))
    found: list[tuple[CallRecord, list[CallRecord]]] = []
    journal = Journal(writer, acknowledged=lambda record: found.append((record, kept(tmp_path))))
    journal.note(CallOpened(1.0, still_open(outbound())))
    journal.note(CallClosed(2.0, outbound()))
    writer.close()
    assert found == [(outbound(), [outbound()])]


def test_the_newest_calls_come_in_order_of_their_ids(writer: Writer, tmp_path: Path) -> None:
    journal = Journal(writer)
    for number in range(5):
        journal.note(CallClosed(1.0, outbound(f"c{number}")))
    writer.submit(lambda connection: None).result(10)
    connection = open_reading(tmp_path)
    assert [record.id for record in newest_calls(connection, 3)] == ["c2", "c3", "c4"]
    assert call_record(connection, "c1") == outbound("c1")
    assert call_record(connection, "c9") is None
    connection.close()


def test_traces_are_kept_by_call_and_in_order(writer: Writer, tmp_path: Path) -> None:
    journal = Journal(writer)
    for call, what in (("a", "Lifted"), ("b", "Lifted"), ("a", "Dialled")):
        fields = (("key", "9"), ("source", "not mixed up"))
        journal.note(Traced(1.5, CallId(call), TraceKind.EVENT, "101", call, what, fields))
    writer.submit(lambda connection: None).result(10)
    connection = open_reading(tmp_path)
    lines = trace_of(connection, "a")
    connection.close()
    assert [(line.source, line.what) for line in lines] == [("101", "Lifted"), ("101", "Dialled")]
    assert lines[0].fields == {"key": "9", "source": "not mixed up"}


def test_a_board_is_kept_once_with_when_it_was_first_and_last_seen(
    writer: Writer, tmp_path: Path
) -> None:
    journal = Journal(writer)
    info = BoardInfo("Q12", "Q12-260001", "A", "1.0", "QHI 1", ())
    later = dataclasses.replace(info, firmware="1.1")
    journal.saw_board("quantum+sim://Q12", info, NINE)
    journal.saw_board("quantum+sim://Q12", later, NINE.replace(hour=10))
    writer.submit(lambda connection: None).result(10)
    connection = open_reading(tmp_path)
    (board,) = seen_boards(connection)
    connection.close()
    assert (board.serial, board.firmware) == ("Q12-260001", "1.1")
    assert (board.first_seen[11:16], board.last_seen[11:16]) == ("09:05", "10:05")


def test_calls_left_open_are_closed_with_a_cause(tmp_path: Path) -> None:
    writer = Writer(Database.open(tmp_path))
    Journal(writer).note(CallOpened(1.0, still_open(outbound())))
    Journal(writer).note(CallClosed(1.0, inbound()))
    writer.close()
    database = Database.open(tmp_path)
    assert close_left_open(database.connection, NINE) == 1
    assert close_left_open(database.connection, NINE) == 0
    database.close()
    left, whole = kept(tmp_path)
    assert (left.cause, left.closed) == (Cause.RESTART, NINE)
    assert whole == inbound()


def test_a_late_open_record_does_not_reopen_a_call(writer: Writer, tmp_path: Path) -> None:
    journal = Journal(writer)
    journal.note(CallClosed(1.0, outbound()))
    journal.note(CallOpened(1.0, still_open(outbound())))
    writer.submit(lambda connection: None).result(10)
    assert kept(tmp_path) == [outbound()]


def test_what_the_disk_refuses_is_counted_and_told(tmp_path: Path) -> None:
    writer = Writer(Database.open(tmp_path))
    complaints: list[str] = []
    journal = Journal(writer, complain=complaints.append)
    writer.submit(lambda connection: connection.execute("DROP TABLE trace")).result(10)
    journal.note(Traced(1.5, CallId("a"), TraceKind.EVENT, "101", "a", "Lifted"))
    writer.close()
    assert journal.failed == 1
    assert "a record is lost" in complaints[0]
    assert "trace" in complaints[0]


def test_the_smdr_port_gets_the_calls_that_are_due(writer: Writer, tmp_path: Path) -> None:
    port = SmdrPort(SmdrTarget(tmp_path / "smdr.txt"))
    journal = Journal(writer, port)
    journal.note(CallClosed(1.0, outbound()))
    journal.note(CallClosed(1.0, outbound("short", seconds=3)))
    journal.note(CallClosed(1.0, inbound()))
    port.close()
    lines = (tmp_path / "smdr.txt").read_bytes().splitlines(keepends=True)
    assert [len(line) for line in lines] == [81, 81]
