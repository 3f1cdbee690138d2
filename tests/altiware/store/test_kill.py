# SPDX-License-Identifier: MIT
"""Killed at any moment, the store has lost no record that it acknowledged."""

import random
import subprocess
import sys
from pathlib import Path

from altiware.core.causes import Cause
from altiware.store.database import Database, open_reading
from altiware.store.journal import close_left_open
from altiware.store.queries import newest_calls
from tests.altiware.store.records import NINE

KILLS = 5


def killed_after(directory: Path, day: int, acknowledgements: int) -> set[str]:
    """Run a service until it has acknowledged so many calls, kill it, return all it has."""
    command = [sys.executable, "-m", "tests.altiware.store.killed_service"]
    with subprocess.Popen(
        [*command, str(directory), str(day)], stdout=subprocess.PIPE, text=True
    ) as service:
        assert service.stdout is not None
        try:
            lines = [service.stdout.readline() for _ in range(acknowledgements)]
        finally:
            service.kill()
        lines += service.stdout.readlines()
    return {line.strip() for line in lines if line.endswith("\n")}


def test_no_acknowledged_record_is_lost_and_no_call_stays_open(tmp_path: Path) -> None:
    rng = random.Random(260001)
    acknowledged: set[str] = set()
    for kill in range(KILLS):
        acknowledged |= killed_after(tmp_path, kill, rng.randint(1, 150))
        database = Database.open(tmp_path)
        assert database.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert close_left_open(database.connection, NINE) >= 99
        database.close()
    connection = open_reading(tmp_path)
    calls = {str(record.id): record for record in newest_calls(connection, 1_000_000)}
    connection.close()
    assert acknowledged
    assert acknowledged <= calls.keys()
    assert all(calls[name].cause is Cause.NORMAL for name in acknowledged)
    assert all(record.closed for record in calls.values())
