# SPDX-License-Identifier: MIT
"""From starting the process to the dial tone that a lifted telephone hears, in real time.

The telephone is lifted as soon as there is one, and its own recogniser says when the tone is
there, which takes it some tenths of a second: they are part of the figure.
"""

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from boards_sim.remote import RemoteStage
from drivers.errors import NotAvailableError
from tests.altiware.service import running
from tests.figure import Figure

RUNS: Final = 5
LIMIT_S: Final = 20.0
FIRST_TELEPHONE: Final = 4


def _stage(control: Path) -> RemoteStage:
    """Reach the telephones as soon as they are there."""
    until = time.monotonic() + LIMIT_S
    while time.monotonic() < until:
        try:
            return RemoteStage(control)
        except NotAvailableError:
            time.sleep(0.002)
    raise AssertionError("no telephones")


def _start_to_dial_tone_s() -> float:
    with tempfile.TemporaryDirectory() as directory:
        begun = time.monotonic()
        with running(Path(directory)) as service, closing(_stage(service.control)) as stage:
            stage.telephone(FIRST_TELEPHONE).lifts()
            stage.telephone(FIRST_TELEPHONE).hears("dial")
            return time.monotonic() - begun


def measure() -> Iterator[Figure]:
    """Yield the median of some starts."""
    _start_to_dial_tone_s()  # fills the file cache and compiles what isn't
    starts = [_start_to_dial_tone_s() for _ in range(RUNS)]
    name = "start_to_dial_tone_s"
    yield Figure(name, statistics.median(starts), "s", "Asterisk 20 (to ready)", 0.42)
