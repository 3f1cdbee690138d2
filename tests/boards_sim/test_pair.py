# SPDX-License-Identifier: MIT
"""A line circuit's instruments: what they find on lines whose troubles are known."""

import math
from dataclasses import replace

import pytest

from boards_sim.fxs import feed_of
from boards_sim.loop import CLEAN, Loop
from boards_sim.pair import HEALTHY, Drive, LineMeter, Source, Telephone, Terminal, Trouble
from boards_sim.phone import LIFTED, RESTING
from drivers.base import Linefeed

TIP, RING, GROUND = Terminal
SEEDS = range(20)


def meter(trouble: Trouble = HEALTHY, seed: int = 0, *, lifted: bool = False) -> LineMeter:
    loop = Loop(CLEAN, feed_of(Linefeed.ACTIVE), LIFTED if lifted else RESTING)
    loop.suffer(trouble)
    return LineMeter(loop, seed)


def test_the_same_seed_reads_the_same() -> None:
    readings = [meter(seed=7).volts_dc(TIP, RING) for _ in range(2)]
    assert readings[0] == readings[1]
    assert readings[0] != meter(seed=8).volts_dc(TIP, RING)


@pytest.mark.parametrize("seed", SEEDS)
def test_battery_reads_within_one_percent(seed: int) -> None:
    instruments = meter(seed=seed)
    assert instruments.volts_dc(TIP, RING) == pytest.approx(48.0, rel=0.012)
    assert instruments.volts_dc(RING, GROUND) == pytest.approx(-48.0, rel=0.012)
    assert abs(instruments.volts_dc(TIP, GROUND)) < 0.15
    assert instruments.volts_ac(TIP, RING) < 0.3


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("ohms", [1e3, 10e3, 62e3, 150e3])
def test_each_leak_is_found_in_its_place(seed: int, ohms: float) -> None:
    for place in ("tip_ring", "tip_ground", "ring_ground"):
        wet = replace(HEALTHY, **{f"{place}_ohms": ohms})  # type: ignore[arg-type]
        found = meter(wet, seed).leaks()
        assert getattr(found, place) == pytest.approx(ohms, rel=0.12, abs=250)
        others = {"tip_ring", "tip_ground", "ring_ground"} - {place}
        assert all(getattr(found, other) > 1e6 for other in others if ohms >= 10e3)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_healthy_line_leaks_nowhere(seed: int) -> None:
    leaks = meter(seed=seed).leaks()
    assert min(leaks.tip_ring, leaks.tip_ground, leaks.ring_ground) > 1e6


def test_three_leaks_at_once_are_told_apart() -> None:
    leaks = meter(Trouble(30e3, 100e3, 20e3)).leaks()
    assert leaks.tip_ring == pytest.approx(30e3, rel=0.05)
    assert leaks.tip_ground == pytest.approx(100e3, rel=0.1)
    assert leaks.ring_ground == pytest.approx(20e3, rel=0.05)


@pytest.mark.parametrize("seed", SEEDS)
def test_foreign_voltage_is_read_with_the_feed_open(seed: int) -> None:
    wet = Trouble(ring_foreign=Source(dc=20.0, ac=60.0, hz=50.0, ohms=10e3))
    instruments = meter(wet, seed)
    assert instruments.volts_ac(RING, GROUND, Drive()) == pytest.approx(60.0, rel=0.03)
    assert instruments.volts_dc(RING, GROUND, Drive()) == pytest.approx(20.0, rel=0.03)


def test_more_than_the_converter_takes_reads_as_its_end() -> None:
    struck = Trouble(tip_foreign=Source(dc=400.0, ohms=1e3))
    assert meter(struck).volts_dc(TIP, GROUND, Drive()) == pytest.approx(192, abs=0.5)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_telephone_shows_another_resistance_at_another_voltage_and_a_leak_does_not(
    seed: int,
) -> None:
    def change(instruments: LineMeter) -> float:
        low = instruments.resistance(TIP, RING, 6.0, 1000.0)
        return low / instruments.resistance(TIP, RING, 48.0, 1000.0)

    assert change(meter(seed=seed, lifted=True)) > 1.5
    assert change(meter(Trouble(stuck=True), seed)) > 1.5
    assert change(meter(Trouble(tip_ring_ohms=400.0), seed)) == pytest.approx(1.0, abs=0.15)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("ren", [0.0, 0.175, 1.0, 3.0, 5.0])
def test_bells_are_counted(seed: int, ren: float) -> None:
    bells = Trouble(cut=True) if ren == 0 else Trouble(parallel=(Telephone(ren=ren),))
    loop = Loop(CLEAN, feed_of(Linefeed.ACTIVE), RESTING)
    loop.suffer(bells)
    expected = 0.0 if ren == 0 else 1.0 + ren
    assert LineMeter(loop, seed).ringer_ren() == pytest.approx(expected, rel=0.14, abs=0.06)


def test_an_open_line_has_no_resistance_to_show() -> None:
    assert math.isinf(meter(Trouble(cut=True)).resistance(TIP, GROUND, 48.0))
    assert meter(Trouble(tip_ground_ohms=0.0)).resistance(TIP, GROUND, 48.0) < 300


def test_loop_current_comes_in_steps() -> None:
    assert meter(lifted=True).loop_amps() == pytest.approx(0.026, abs=0.001)
    steps = meter(lifted=True).loop_amps() / 0.00125
    assert steps == pytest.approx(round(steps))
