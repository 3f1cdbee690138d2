# SPDX-License-Identifier: MIT
"""The digital path from board to board: its delay, and that no bit is lost on it.

The board is another process behind a pseudo terminal; the engine runs in its threads as in an
office.  The bounds are those that the project set itself.
"""

import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any, Final

from drivers.diagnostics.session import Session, open_session
from dsp.tables import LinkCounters
from tests.figure import Figure

SAMPLES_PER_MS: Final = 8
IMPULSE_S: Final = 20.0
PATTERN_S: Final = 600.0
PORTS: Final = 12
HURRY_S: Final = 0.002
"""In lockstep the engine's seconds pass many times faster than ours."""


def _run(kind: str, seconds: float) -> tuple[dict[str, Any], LinkCounters]:
    """Serve a pattern board until it has spoken for ``seconds``; return what both ends found."""
    command = [sys.executable, "-m", "tests.bench.pattern_board", kind, str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = json.loads(process.stdout.readline())["address"]
        with open_session(address) as session:
            session.wait_until_up(5.0)
            for port in range(0, PORTS, 2):
                slots = session.board.timeslot(port), session.board.timeslot(port + 1)
                session.engine.connect(*slots)
            counters = _last_counters(session, lambda: process.poll() is None)
        return json.loads(process.stdout.readline()), counters


def _last_counters(session: Session, runs: Callable[[], bool]) -> LinkCounters:
    link = next(each for each in range(1 << 20) if session.board.owns_link(each))
    counters = session.engine.link_counters(link)
    while runs() and session.board.owns_link(link):
        counters = session.engine.link_counters(link)
        session.happenings(HURRY_S)
    return counters


def measure() -> Iterator[Figure]:
    """Yield delay, jitter losses, and errors of the digital path."""
    heard, _ = _run("impulse", IMPULSE_S)
    delays = sorted(each / SAMPLES_PER_MS for each in heard["delays"])
    yield Figure("board_to_board_ms", statistics.median(delays), "ms", "bound", 15.0)
    yield Figure("board_to_board_max_ms", delays[-1], "ms", "bound", 15.0)
    yield Figure("board_to_board_underruns", heard["underruns"], "frames")
    found, counters = _run("noise", PATTERN_S)
    assert found["samples"] >= (PATTERN_S - 1) * 8000 * PORTS
    slips = counters.slips_in + counters.slips_out + counters.gaps + found["underruns"]
    yield Figure("digital_path_errors", found["errors"], "samples")
    yield Figure("digital_path_samples", found["samples"], "samples")
    yield Figure("digital_path_slips", slips, "frames")
