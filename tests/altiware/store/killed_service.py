# SPDX-License-Identifier: MIT
"""A hundred calls at a time through the real exchange and its records, until killed.

Run as ``python -m tests.altiware.store.killed_service DIR DAY``; prints the id of each call that
is acknowledged.  Time is virtual, the telephones are the signalling rig's, the records and the
disk are real; ``DAY`` makes the ids of one run differ from another's.
"""

import itertools
import os
import sys
from collections import deque
from datetime import timedelta
from pathlib import Path

from altiware.core.ids import PortAddress
from altiware.core.plan import Plan, StationPlan
from altiware.core.record import CallRecord
from altiware.store.database import Database
from altiware.store.journal import Journal
from altiware.store.writer import Writer
from tests.rig_engine import RigEngine
from tests.signalling_rig import MORNING, SignallingRig

AT_ONCE = 100
PORTS = 12


def office() -> Plan:
    """Return telephones for a hundred calls, and one pair more."""
    return Plan(
        stations=tuple(
            StationPlan(str(101 + i), PortAddress(*divmod(i, PORTS)))
            for i in range(2 * AT_ONCE + 2)
        )
    )


def main(directory: Path, day: int) -> None:
    """Let pairs of telephones call each other for ever, the oldest call ending for each new one."""

    def acknowledged(record: CallRecord) -> None:
        os.write(sys.stdout.fileno(), f"{record.id}\n".encode())

    writer = Writer(Database.open(directory))
    journal = Journal(writer, acknowledged=acknowledged)
    engine = RigEngine(timeslots=4 * AT_ONCE)
    rig = SignallingRig(office(), engine=engine, morning=MORNING + timedelta(days=day))
    rig.exchange.subscribe(journal.note)
    extensions = [each.extension for each in rig.plan.stations]
    pairs = itertools.cycle(zip(extensions[::2], extensions[1::2], strict=True))
    going_on: deque[tuple[str, str]] = deque()
    for number, (near, far) in enumerate(pairs):
        rig.phone(near).calls(far)
        rig.phone(far).lifts()
        going_on.append((near, far))
        if len(going_on) > AT_ONCE:
            for extension in going_on.popleft():
                rig.phone(extension).hangs_up()
        if number % AT_ONCE == 0:
            writer.submit(lambda connection: None).result()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
