# SPDX-License-Identifier: MIT
"""Whether the engine's thread may run before others, and have its memory locked."""

from collections.abc import Iterator
from typing import Final

from altiware.doctor.findings import Finding, good, warning
from altiware.doctor.machine import Case

__all__ = ["check_governor", "check_memory_lock", "check_priority"]

PRIORITY: Final = "priority"
LOCK: Final = "locked memory"
GOVERNOR: Final = "processor speed"
ENGINE_PRIORITY: Final = 20
"""Of SCHED_FIFO: that of the tick (native/src/bus/realtime.c)."""
ENOUGH_BYTES: Final = 512 << 20
"""An engine with all its pools, and Python's memory beside it."""
LIMITS: Final = "/etc/security/limits.d/altiware.conf"


def check_priority(case: Case) -> Iterator[Finding]:
    """See whether SCHED_FIFO is allowed."""
    machine = case.machine
    allowed = machine.limits.priority
    if machine.user.number == 0 or allowed < 0 or allowed >= ENGINE_PRIORITY:
        yield good(PRIORITY, "the engine may run before other programs")
        return
    yield warning(
        PRIORITY,
        f"the engine may not run before other programs (limit {allowed}, {ENGINE_PRIORITY} wanted)",
        "while the machine is busy, ticks come late and callers hear gaps",
        f'echo "$USER - rtprio {ENGINE_PRIORITY}" | sudo tee --append {LIMITS}, then log in anew; '
        f"as a service: LimitRTPRIO={ENGINE_PRIORITY} in its unit",
    )


def check_memory_lock(case: Case) -> Iterator[Finding]:
    """See whether the engine's memory may be kept from the swap."""
    machine = case.machine
    allowed = machine.limits.locked_bytes
    if machine.user.number == 0 or allowed < 0 or allowed >= ENOUGH_BYTES:
        yield good(LOCK, "the engine's memory may be locked")
        return
    yield warning(
        LOCK,
        f"only {allowed >> 20} MB may be locked",
        "memory that was swapped out is fetched in the middle of a tick: a gap of 10 ms or more",
        f'echo "$USER - memlock unlimited" | sudo tee --append {LIMITS}, then log in anew; '
        "as a service: LimitMEMLOCK=infinity in its unit",
    )


def check_governor(case: Case) -> Iterator[Finding]:
    """See whether a processor is held at its slowest."""
    machine = case.machine
    files = machine.matches("/sys/devices/system/cpu", "cpu[0-9]*/cpufreq/scaling_governor")
    slow = [file for file in files if machine.read(file) == "powersave"]
    drivers = {machine.read(file.parent / "scaling_driver") for file in slow}
    if not slow or drivers <= {"intel_pstate", "amd-pstate-epp"}:  # there it means: on demand
        yield good(GOVERNOR, "rises with the work")
        return
    yield warning(
        GOVERNOR,
        f"{len(slow)} of {len(files)} processors stay at their slowest (governor powersave)",
        "the engine has 5 ms for each tick, however slow the processor is",
        "echo schedutil | sudo tee /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor",
    )
