# SPDX-License-Identifier: MIT
"""How long a call record takes to be on the disk, and how many a second can be."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from altiware.core.notices import CallClosed
from altiware.store.database import Database
from altiware.store.journal import Journal
from altiware.store.writer import Writer
from tests.altiware.store.records import outbound
from tests.figure import Figure

ONE_BY_ONE: Final = 200
TOGETHER: Final = 5000


def _acknowledgements_ms(writer: Writer) -> list[float]:
    """Write records one after another; return how long each took."""
    taken: list[float] = []
    begun = 0.0
    journal = Journal(
        writer, acknowledged=lambda _: taken.append((time.perf_counter() - begun) * 1e3)
    )
    for number in range(ONE_BY_ONE):
        begun = time.perf_counter()
        journal.note(CallClosed(0.0, outbound(f"a{number:06d}")))
        writer.submit(lambda connection: None).result()
    return taken


def measure() -> Iterator[Figure]:
    """Yield the delay of one record, and the rate of many."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as directory:
        writer = Writer(Database.open(Path(directory)))
        taken = _acknowledgements_ms(writer)
        journal = Journal(writer)
        begun = time.perf_counter()
        for number in range(TOGETHER):
            journal.note(CallClosed(0.0, outbound(f"b{number:06d}")))
        noted_s = time.perf_counter() - begun
        writer.close()
        rate = TOGETHER / (time.perf_counter() - begun)
    yield Figure("cdr_on_disk_p99_ms", statistics.quantiles(taken, n=100)[98], "ms")
    yield Figure("cdr_on_disk_per_s", rate, "/s")
    yield Figure("cdr_cost_to_caller_us", noted_s / TOGETHER * 1e6, "us")
