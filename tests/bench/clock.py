# SPDX-License-Identifier: MIT
"""Time a function fairly: the median of several rounds, garbage collection off."""

import gc
import statistics
import time
from collections.abc import Callable

__all__ = ["microseconds"]


def microseconds(
    work: Callable[[], object],
    *,
    calls: int,
    rounds: int = 9,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """Return the median over ``rounds`` of the time that one of ``calls`` calls takes, in µs.

    ``time.process_time`` as the clock leaves out what others do on a busy machine.
    """
    times: list[float] = []
    gc.disable()
    try:
        for _ in range(rounds):
            begun = clock()
            for _ in range(calls):
                work()
            times.append((clock() - begun) / calls * 1e6)
    finally:
        gc.enable()
    return statistics.median(times)
