# SPDX-License-Identifier: MIT
"""An hour of calls on every kind of link while it fails all the time (tests/bad_day.py).

Virtual time, an hour a link, each in a process of its own and one at a time: about 12 minutes of
one core in all.  The firmware in Python has the same link as that in C and is slow: it has its
minute in tests/scenarios/test_bad_day.py.  ``exceptions`` is 1 for a day that raised, ``stuck``
what was not at rest at its end.  ``unaccounted`` are frames of which neither end's counters, nor
the driver's losses, nor the fault script tell (tests/ledger.py, both ways); ``away`` is the
longest time from a board's loss to its return, of which 2 s are the plug's.
"""

import os
import sys
import traceback
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Final

from tests.bad_day import LINKS, BadDay
from tests.figure import Figure

HOURS: Final = tuple(link for link in LINKS if link != "socket")
MINUTES: Final = 60
SEED: Final = 1998
NICE: Final = 5
FRAMES: Final = ("drop", "corrupt", "duplicate", "reorder")
TIMES: Final = ("stall", "unplug", "reboot")


def a_day(link: str, minutes: int = MINUTES, seed: int = SEED) -> list[Figure]:
    """Live through a bad day, and return what was seen and what the books of its link say."""
    with BadDay(link, seed) as day:
        day.passes(minutes)
        seen = day.ends()
        found = [
            ("calls", seen.calls, "calls"),
            ("calls_cut", seen.cut, "calls"),
            ("losses", seen.losses, "losses"),
            ("away_s", seen.longest_away_s, "s"),
            ("orders_missed", seen.missed, "orders"),
            ("stuck", len(seen.stuck), "things"),
            *((verb, seen.faults.get(verb, 0), "frames") for verb in FRAMES),
            *((verb, seen.faults[verb], "times") for verb in TIMES),
            *_books(day),
        ]
    return [Figure(f"faults_{link}_{name}", value, unit) for name, value, unit in found]


def _books(day: BadDay) -> Iterator[tuple[str, int, str]]:
    books = day.ledger
    counted = books.counted
    yield "sent_to_host", books.offered, "frames"
    yield "sent_to_board", counted["pcm_out"], "frames"
    is_modem = not day.board_says
    yield "missing_to_host", counted["underruns_in" if is_modem else "gaps"], "frames"
    if not is_modem:  # a modem says when it has run dry, and no more
        yield "missing_to_board", day.board_says["pcm_missing"], "frames"
        bad = counted["bad_frames"] + day.board_says["frames_bad"]
        yield "bad_frames", bad, "frames"
    pcm = (books.flows["pcm_to_host"], books.flows["pcm_to_board"])
    yield "with_links", sum(flow.with_links for flow in pcm), "frames"
    yield "unaccounted", books.unaccounted, "frames"
    yield "counted_twice", sum(flow.twice for flow in books.flows.values()), "frames"


def _lived(link: str) -> list[Figure]:
    """Have the day in another process; one that raised is a figure, too."""
    context = get_context("spawn")
    with ProcessPoolExecutor(1, context, initializer=os.nice, initargs=(NICE,)) as process:
        try:
            figures = process.submit(a_day, link).result()
            raised = 0
        except Exception:  # whatever it is, it is counted here
            traceback.print_exc(file=sys.stderr)
            figures, raised = [], 1
    return [*figures, Figure(f"faults_{link}_exceptions", raised, "exceptions")]


def measure() -> Iterator[Figure]:
    """Live through an hour on each link."""
    for link in HOURS:
        yield from _lived(link)
