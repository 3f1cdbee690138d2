# SPDX-License-Identifier: MIT
"""Whether the C engine is built, and of the sources beside it."""

import os
from collections.abc import Iterator
from typing import Final

from altiware.doctor.findings import Finding, fault, good
from altiware.doctor.machine import Case
from dsp.errors import StaleBuildError

__all__ = ["check_engine"]

ENGINE: Final = "engine"


def check_engine(_case: Case) -> Iterator[Finding]:
    """Load it."""
    try:
        from dsp.native import lib  # noqa: PLC0415 - whether it can be loaded is the question
    except StaleBuildError as error:
        yield fault(ENGINE, str(error), "without the engine nothing is heard", "make build")
        return
    cores = len(os.sched_getaffinity(0))
    yield good(ENGINE, f"built, arena version {lib.AW_ARENA_VERSION}; {cores} processors for it")
