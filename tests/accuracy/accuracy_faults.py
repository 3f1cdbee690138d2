# SPDX-License-Identifier: MIT
"""An hour of calls on every kind of link while it fails all the time (tests/bad_day.py).

Virtual time, an hour a link and one link a core.  A day that raises, leaves a port, path, call
or record behind, or doesn't get its board back, ends the measurement.  ``unaccounted`` are frames
of which neither the engine's counters nor the driver's losses tell; ``away`` is the longest time
from a board's loss to its return, of which 2 s are the plug's.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Final

from tests.bad_day import LINKS, BadDay, Seen
from tests.figure import Figure
from tests.ledger import Ledger

MINUTES: Final = 60
SEED: Final = 1998


def a_day(link: str, minutes: int = MINUTES, seed: int = SEED) -> tuple[Seen, list[Figure]]:
    """Live through a bad day and return what was seen and what the books of its link say."""
    with BadDay(link, seed) as day:
        day.passes(minutes)
        seen = day.ends()
        return seen, list(_books(link, day.ledger, day.spoiled))


def _books(link: str, books: Ledger, spoiled: dict[str, int]) -> Iterator[Figure]:
    injected = sum(spoiled.get(verb, 0) for verb in ("drop", "corrupt", "reorder"))
    yield Figure(f"faults_{link}_frames_spoiled", injected, "frames")
    if link == "modem":  # its samples have no numbers: what is missing is a tick without any
        yield Figure("faults_modem_underruns", books.counted["underruns_in"], "ticks")
        return
    yield Figure(f"faults_{link}_pcm_missing", books.counted["gaps"], "frames")
    yield Figure(f"faults_{link}_pcm_with_links", books.with_links, "frames")
    yield Figure(f"faults_{link}_unaccounted", books.unaccounted, "frames")
    yield Figure(f"faults_{link}_counted_twice", books.twice, "frames")
    yield Figure(f"faults_{link}_corrupt", spoiled["corrupt"], "frames")
    yield Figure(f"faults_{link}_bad_frames", books.counted["bad_frames"], "frames")


def measure() -> Iterator[Figure]:
    """Live through an hour on each link."""
    with ProcessPoolExecutor(os.cpu_count()) as processes:
        for link, (seen, books) in zip(LINKS, processes.map(a_day, LINKS), strict=True):
            yield Figure(f"faults_{link}_calls", seen.calls, "calls")
            yield Figure(f"faults_{link}_calls_cut", seen.cut, "calls")
            yield Figure(f"faults_{link}_losses", seen.losses, "losses")
            yield Figure(f"faults_{link}_away_s", seen.longest_away_s, "s")
            yield Figure(f"faults_{link}_orders_missed", seen.missed, "orders")
            yield from books
