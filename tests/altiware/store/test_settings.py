# SPDX-License-Identifier: MIT
"""What people set at their telephones outlives the service."""

from pathlib import Path

from altiware.core.notices import SettingChanged
from altiware.store.database import Database
from altiware.store.journal import Journal
from altiware.store.settings import kept_settings
from altiware.store.writer import Writer


def keep(directory: Path, *changes: SettingChanged) -> None:
    writer = Writer(Database.open(directory))
    for each in changes:
        Journal(writer).note(each)
    writer.close()


def kept(directory: Path) -> list[SettingChanged]:
    database = Database.open(directory)
    found = kept_settings(database.connection)
    database.close()
    return found


def test_the_last_value_of_each_setting_is_kept(tmp_path: Path) -> None:
    assert kept(tmp_path) == []
    keep(
        tmp_path,
        SettingChanged(1.0, "101", "forward", "102"),
        SettingChanged(2.0, "101", "do_not_disturb", True),
        SettingChanged(3.0, "101", "forward", ""),
    )
    keep(tmp_path, SettingChanged(1.0, "102", "speed_dial", {"01": "95550123"}))
    assert kept(tmp_path) == [
        SettingChanged(0.0, "101", "do_not_disturb", True),
        SettingChanged(0.0, "101", "forward", ""),
        SettingChanged(0.0, "102", "speed_dial", {"01": "95550123"}),
    ]
