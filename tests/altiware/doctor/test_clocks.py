# SPDX-License-Identifier: MIT
"""The machine's clocks, and a board's against them."""

import pytest

from altiware.doctor.clocks import (
    HOME,
    check_clock_source,
    check_time_of_day,
    judge_board_clock,
)
from altiware.doctor.kernel_clock import KernelClock, read_kernel_clock
from tests.altiware.doctor.machine_tree import MachineTree


@pytest.mark.parametrize(
    ("source", "there", "severity"),
    [
        ("tsc", "tsc hpet acpi_pm", "good"),
        ("kvm-clock", "kvm-clock tsc", "good"),
        ("hpet", "tsc hpet acpi_pm", "warning"),
        ("acpi_pm", "acpi_pm", "warning"),
    ],
)
def test_the_source_of_time_is_judged(
    tree: MachineTree, source: str, there: str, severity: str
) -> None:
    tree.file(f"{HOME}/current_clocksource", source)
    tree.file(f"{HOME}/available_clocksource", there)
    (found,) = check_clock_source(tree.case())
    assert found.severity.value == severity
    assert ("tsc=reliable" in found.remedy) is (source == "hpet")


@pytest.mark.parametrize(
    ("clock", "severity"),
    [
        (KernelClock(synchronised=True, ppm=-20.0, error_s=0.01), "good"),
        (KernelClock(synchronised=True, ppm=180.0, error_s=0.01), "warning"),
        (KernelClock(synchronised=False, ppm=0.0, error_s=16.0), "warning"),
        (None, "note"),
    ],
)
def test_the_time_of_day_is_judged(
    tree: MachineTree, clock: KernelClock | None, severity: str
) -> None:
    tree.clock = clock
    (found,) = check_time_of_day(tree.case())
    assert found.severity.value == severity


@pytest.mark.parametrize(
    ("ppm", "severity"), [(0.0, "note"), (-99.0, "good"), (130.0, "warning"), (-501.0, "fault")]
)
def test_a_board_is_judged_by_its_drift(ppm: float, severity: str) -> None:
    assert judge_board_clock(ppm).severity.value == severity


def test_this_kernel_tells_of_its_clock() -> None:
    clock = read_kernel_clock()
    assert clock is None or (abs(clock.ppm) <= 500 and clock.error_s >= 0)
