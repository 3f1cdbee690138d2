# SPDX-License-Identifier: MIT
"""The database file: made, migrated, locked and refused."""

import sqlite3
from pathlib import Path

import pytest

from altiware.store.database import FILE_NAME, Database, migrations, open_reading
from altiware.store.errors import DirectoryError, InUseError, VersionError


def test_a_new_file_has_the_newest_tables_and_full_sync(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "new" / "deeper")
    pragma = {
        name: database.connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "user_version")
    }
    database.close()
    assert pragma == {"journal_mode": "wal", "synchronous": 2, "user_version": len(migrations())}


def test_migrations_are_numbered_without_a_gap() -> None:
    assert [number for number, _ in migrations()] == list(range(1, len(migrations()) + 1))


def test_opening_again_keeps_the_rows(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    database.connection.execute("INSERT INTO calls VALUES ('a', '', '', '', '{}')")
    database.close()
    database = Database.open(tmp_path)
    assert database.connection.execute("SELECT count(*) FROM calls").fetchone() == (1,)
    database.close()


def test_a_second_service_is_kept_out_and_a_reader_is_not(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    with pytest.raises(InUseError, match="another altiware"):
        Database.open(tmp_path)
    reader = open_reading(tmp_path)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.execute("DELETE FROM calls")
    reader.close()
    database.close()
    Database.open(tmp_path).close()


def test_tables_of_a_newer_release_are_left_alone(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    database.connection.execute("PRAGMA user_version = 9999")
    database.close()
    with pytest.raises(VersionError, match="9999"):
        Database.open(tmp_path)
    with pytest.raises(VersionError, match="9999"):
        open_reading(tmp_path)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"not a database" * 100)
    with pytest.raises(DirectoryError, match=FILE_NAME):
        Database.open(tmp_path)
    with pytest.raises(DirectoryError, match=FILE_NAME):
        open_reading(tmp_path)


def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DirectoryError, match="file"):
        Database.open(tmp_path / "file" / "data")


def test_reading_where_nothing_is_says_so(tmp_path: Path) -> None:
    with pytest.raises(DirectoryError, match="no records here"):
        open_reading(tmp_path)
