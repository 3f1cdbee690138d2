# SPDX-License-Identifier: MIT
"""What people set at their telephones, kept over restarts: one row per extension and setting.

The journal writes rows, ``kept_settings`` reads them all when the service starts.
"""

import json
import sqlite3

from altiware.core.notices import SettingChanged

__all__ = ["keep_setting", "kept_settings"]


def keep_setting(change: SettingChanged, connection: sqlite3.Connection) -> None:
    """Write what was set, in the place of what it was before."""
    connection.execute(
        "INSERT INTO settings (extension, setting, value) VALUES (?, ?, ?) "
        "ON CONFLICT (extension, setting) DO UPDATE SET value = excluded.value",
        (change.extension, change.setting, json.dumps(change.value)),
    )


def kept_settings(connection: sqlite3.Connection) -> list[SettingChanged]:
    """Return all that was kept."""
    rows = connection.execute("SELECT extension, setting, value FROM settings ORDER BY 1, 2")
    return [SettingChanged(0.0, who, what, json.loads(value)) for who, what, value in rows]
