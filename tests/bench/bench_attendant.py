# SPDX-License-Identifier: MIT
"""96 callers at once at the auto attendant, who press keys while it speaks, in real time.

Delays are measured in the boards' own samples, where the callers are (:mod:`.caller_farm`).  A
delay has everything in it: the line, the board, its link, digit detection, and waiting for the
processor; ``attendant_service_waited_ms`` is how long a second the service's threads were ready to
go on and could not.  CPU is by the kernel's account.
"""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from tests.bench.attended_office import CALLERS, attended
from tests.bench.caller_farm import KEYS
from tests.figure import Figure

SAMPLES_MS: Final = 8
BOUND_MS: Final = 100.0
ITEMS: Final = "".join(
    f'{key} = {{ do = "collect order", digits = [1, 1], then = "top" }}\n' for key in KEYS
)
"""Each key makes the attendant silent, and the next makes it begin anew."""


def _delays(name: str, samples: list[int]) -> Iterator[Figure]:
    """Yield median, 99th percentile and worst, the last two beside the bound."""
    ms = sorted(each / SAMPLES_MS for each in samples)
    yield Figure(f"{name}_p50_ms", ms[len(ms) // 2], "ms")
    yield Figure(f"{name}_p99_ms", ms[int(0.99 * len(ms))], "ms", "bound", BOUND_MS)
    yield Figure(f"{name}_max_ms", ms[-1], "ms")


def measure() -> Iterator[Figure]:
    """Yield delays, CPU, and what went wrong."""
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        found, spent = attended(stack, "tests.bench.caller_farm", ITEMS, directory)
    yield from _delays("attendant_prompt_start", found["starts"])
    yield from _delays("attendant_digit_interrupt", found["stops"])
    yield from _delays("attendant_digit_to_prompt", found["returns"])
    pressed = len(found["stops"]) + len(found["returns"])
    yield Figure("attendant_keys_heard", float(pressed), "keys")
    yield Figure("attendant_keys_missed", float(len(found["missed"])), "keys")
    yield Figure("attendant_96_core_pct", 100.0 * (spent.service + spent.engine), "% of a core")
    yield Figure("attendant_service_cpu_us", spent.service / CALLERS * 1e6, "us a second")
    yield Figure("attendant_engine_cpu_us", spent.engine / CALLERS * 1e6, "us a second")
    yield Figure("attendant_service_waited_ms", 1e3 * spent.waited, "ms a second")
    yield Figure("attendant_underruns", float(found["underruns"]), "frames")
    yield Figure("attendant_farm_late", float(found["late"]), "frames")
