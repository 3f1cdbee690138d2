# SPDX-License-Identifier: MIT
"""Keep records of a hundred calls at a time until killed; say which are acknowledged.

Run as ``python -m tests.altiware.store.killed_service DIR PREFIX``; prints the id of each call
that is acknowledged.
"""

import itertools
import os
import sys
from collections import deque
from pathlib import Path

from altiware.core.notices import CallClosed, CallOpened
from altiware.core.record import CallRecord
from altiware.store.database import Database
from altiware.store.journal import Journal
from altiware.store.writer import Writer
from tests.altiware.store.records import outbound, still_open

AT_ONCE = 100


def main(directory: Path, prefix: str) -> None:
    """Open and close calls for ever."""

    def acknowledged(record: CallRecord) -> None:
        os.write(sys.stdout.fileno(), f"{record.id}\n".encode())

    writer = Writer(Database.open(directory))
    journal = Journal(writer, acknowledged=acknowledged)
    going_on: deque[CallRecord] = deque()
    for number in itertools.count():
        record = outbound(f"{prefix}{number:09d}")
        journal.note(CallOpened(0.0, still_open(record)))
        going_on.append(record)
        if len(going_on) == AT_ONCE:
            journal.note(CallClosed(0.0, going_on.popleft()))
        if number % AT_ONCE == 0:
            writer.submit(lambda connection: None).result()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
