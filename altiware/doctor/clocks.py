# SPDX-License-Identifier: MIT
"""The machine's clocks: what the kernel counts time by, and whether the time of day is right."""

from collections.abc import Iterator
from typing import Final

from altiware.doctor.findings import Finding, fault, good, note, warning
from altiware.doctor.machine import Case

__all__ = ["check_clock_source", "check_time_of_day", "judge_board_clock"]

SOURCE: Final = "clock source"
TIME: Final = "time of day"
BOARD: Final = "board's clock"
GOOD_SOURCES: Final = ("tsc", "kvm-clock", "arch_sys_counter", "hyperv_clocksource", "xen")
"""Counters that are read without leaving the program, or nearly so."""
HOME: Final = "/sys/devices/system/clocksource/clocksource0"
USUAL_PPM: Final = 100.0
"""A crystal of a good machine is within 50 ppm, its temperature included."""
MOST_PPM: Final = 500.0
"""The most that adjtimex(2) corrects, and the engine's elastic stores too."""


def check_clock_source(case: Case) -> Iterator[Finding]:
    """See what the kernel counts time by."""
    source = case.machine.text(f"{HOME}/current_clocksource")
    there = (case.machine.text(f"{HOME}/available_clocksource") or "").split()
    if source is None:
        yield note(SOURCE, "the kernel doesn't tell")
    elif source.startswith(GOOD_SOURCES):
        yield good(SOURCE, source)
    elif "tsc" in there:
        yield warning(
            SOURCE,
            f"{source}, though there is a tsc",
            "reading it takes a microsecond or more, each time; a tsc that the kernel gave up "
            "mostly means that the firmware is old",
            "sudo dmesg | grep -i tsc; update the firmware, or try the kernel option tsc=reliable",
        )
    else:
        yield warning(
            SOURCE,
            source,
            "reading it takes a microsecond or more, each time",
            f"cat {HOME}/available_clocksource: choose a better one, if there is any",
        )


def check_time_of_day(case: Case) -> Iterator[Finding]:
    """Ask the kernel how well its time is kept."""
    clock = case.machine.kernel_clock()
    if clock is None:
        yield note(TIME, "the kernel doesn't tell how well it is kept")
    elif not clock.synchronised:
        yield warning(
            TIME,
            "kept by nobody (no NTP)",
            "call records and caller ID to telephones bear a time that drifts by seconds a day",
            "sudo timedatectl set-ntp true",
        )
    elif abs(clock.ppm) > USUAL_PPM:
        yield warning(
            TIME,
            f"kept, but the machine's crystal is {-clock.ppm:+.1f} ppm off",
            f"beyond {MOST_PPM:.0f} ppm it can't be kept any more; all boards seem to drift",
            "look at it again when the machine is warm; on a virtual machine: choose kvm-clock",
        )
    else:
        yield good(
            TIME, f"kept within {1000 * clock.error_s:.0f} ms, corrected by {clock.ppm:+.1f} ppm"
        )


def judge_board_clock(ppm: float) -> Finding:
    """Judge how far a board's sample clock is from this machine's."""
    what = f"{ppm:+.1f} ppm against this machine's"
    if ppm == 0.0:
        return note(BOARD, "not measured yet: it takes some seconds of samples")
    if abs(ppm) <= USUAL_PPM:
        return good(BOARD, what)
    why = f"boards beside it are matched to it up to {MOST_PPM:.0f} ppm; then samples are dropped"
    say = warning if abs(ppm) <= MOST_PPM else fault
    return say(
        BOARD,
        what,
        why,
        "see first whether the time of day here is kept (NTP): if so, the board's crystal is off",
    )
