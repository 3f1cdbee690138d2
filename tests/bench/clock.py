# SPDX-License-Identifier: MIT
"""Time a function fairly: the median of several rounds, garbage collection off."""

import gc
import statistics
import time
from collections.abc import Callable

__all__ = ["microseconds"]


def microseconds(work: Callable[[], object], *, calls: int, rounds: int = 9) -> float:
    """Return the median over ``rounds`` of the time that one of ``calls`` calls takes, in µs."""
    times: list[float] = []
    gc.disable()
    try:
        for _ in range(rounds):
            begun = time.perf_counter()
            for _ in range(calls):
                work()
            times.append((time.perf_counter() - begun) / calls * 1e6)
    finally:
        gc.enable()
    return statistics.median(times)
