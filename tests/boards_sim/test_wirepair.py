# SPDX-License-Identifier: MIT
"""Tip, ring and ground against sums made by hand, and against the healthy line's own solver."""

import math

import pytest

from boards_sim.loop import CLEAN, Feed, Load, Loop, solve, solve_pair
from boards_sim.wirepair import HEALTHY, Drive, Source, Telephone, Terminal, Trouble, WirePair

TIP, RING, GROUND = Terminal
BATTERY = Drive.across(48.0, 400.0, limit_amps=0.026)
LIFTED = Telephone(lifted=True)


def test_a_battery_alone_stands_between_ground_and_minus_48() -> None:
    state = WirePair(telephones=()).solve(BATTERY)
    assert state.tip.dc == pytest.approx(0.0)
    assert state.ring.dc == pytest.approx(-48.0)
    assert state.volts(TIP, RING).dc == pytest.approx(48.0)
    assert state.volts(GROUND, RING).dc == pytest.approx(48.0)
    assert state.amps == pytest.approx(0.0)


def test_a_telephone_drops_volts_before_it_has_ohms() -> None:
    state = WirePair(1400.0, (LIFTED,)).solve(BATTERY)
    assert state.amps == pytest.approx((48 - 3.5) / (400 + 1400 + 115))
    assert state.far_metallic.dc == pytest.approx(3.5 + 115 * state.amps)


def test_the_limit_pulls_ring_towards_tip() -> None:
    state = WirePair(140.0, (LIFTED,)).solve(BATTERY)
    assert state.amps == pytest.approx(0.026)
    assert state.far_metallic.dc == pytest.approx(3.5 + 0.026 * 115)
    assert state.tip.dc == pytest.approx(-0.026 * 200)


def test_reversal_turns_everything() -> None:
    state = WirePair(140.0, (LIFTED,)).solve(Drive.across(-48.0, 400.0, limit_amps=0.026))
    assert state.amps == pytest.approx(-0.026)
    assert state.far_metallic.dc < 0


@pytest.mark.parametrize("lifted", [False, True])
@pytest.mark.parametrize("volts", [48.0, -48.0])
@pytest.mark.parametrize("ren", [1.0, 3.0])
def test_a_healthy_line_is_solved_alike_by_both_solvers(
    lifted: bool, volts: float, ren: float
) -> None:
    feed, load = Feed(volts, 400.0, 26.0, 65.0), Load(lifted, 115.0, 3.5, ren)
    quick = solve(feed, 140.0, load)
    thorough = solve_pair(feed.drive(), WirePair(140.0, (Telephone(lifted, 3.5, 115.0, ren),)))
    assert thorough.milliamps == pytest.approx(quick.milliamps, abs=1e-6)
    assert thorough.load_milliamps == pytest.approx(quick.load_milliamps, abs=1e-6)
    assert thorough.volts == pytest.approx(quick.volts, abs=1e-6)
    assert thorough.feed_volts == pytest.approx(quick.feed_volts, abs=1e-6)
    assert thorough.ring_volts == pytest.approx(quick.ring_volts, rel=0.02)


def test_a_leak_to_ground_draws_through_one_wire_only() -> None:
    state = WirePair(0.001, (), Trouble(ring_ground_ohms=62e3)).solve(BATTERY)
    assert state.ring_amps == pytest.approx(-48 / 62.2e3)
    assert state.tip_amps == pytest.approx(0.0, abs=1e-9)
    assert state.amps == pytest.approx(48 / 62.2e3 / 2)


def test_foreign_voltage_stands_on_an_open_feed_as_its_divider_gives_it() -> None:
    wet = Trouble(tip_ground_ohms=50e3, tip_foreign=Source(dc=30.0, ac=20.0, hz=60.0, ohms=50e3))
    state = WirePair(140.0, (), wet).solve(Drive())
    shunt = 1 / (1 / 50e3 + 1 / 10e6)
    assert state.tip.dc == pytest.approx(30 * shunt / (shunt + 50e3), rel=1e-4)
    assert state.tip.ac == pytest.approx(20 * shunt / (shunt + 50e3), rel=1e-4)
    assert state.ring.ac == pytest.approx(0.0)


def test_bells_are_a_resistor_and_a_capacitor_at_every_frequency() -> None:
    pair = WirePair(0.001, (Telephone(ren=2.0),), Trouble(tip_foreign=Source(0, 10, 50, 1000)))
    state = pair.solve(Drive(ring=Source(0.0, ohms=0.001)))
    bells = (6930 + 1 / (2j * math.pi * 50 * 8e-6)) / 2
    assert state.metallic.ac == pytest.approx(10 * abs(bells / (bells + 1000)), rel=1e-3)


def test_two_frequencies_add_as_powers() -> None:
    trouble = Trouble(
        tip_foreign=Source(ac=3.0, hz=50.0, ohms=1.0),
        ring_foreign=Source(ac=4.0, hz=60.0, ohms=1.0),
    )
    state = WirePair(0.001, (), trouble).solve(Drive())
    assert state.metallic.ac == pytest.approx(5.0, rel=1e-3)


def test_telephones_share_what_flows() -> None:
    both = Trouble(parallel=(LIFTED,))
    alone = WirePair(1400.0, (LIFTED,)).solve(BATTERY)
    shared = WirePair(1400.0, (LIFTED,), both).solve(BATTERY)
    assert shared.far_metallic.dc < alone.far_metallic.dc
    assert shared.amps > alone.amps
    assert shared.far_amps == pytest.approx(shared.amps)


def test_a_stuck_hook_is_off_hook_and_a_cut_line_has_nothing_on_it() -> None:
    resting = (Telephone(),)
    assert WirePair(140.0, resting, Trouble(stuck=True)).solve(BATTERY).amps == pytest.approx(0.026)
    cut = WirePair(140.0, (LIFTED,), Trouble(cut=True)).solve(BATTERY)
    assert cut.amps == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("feed", "tip", "ring"),
    [
        (Feed(48.0, tip=False), False, True),
        (Feed(48.0, ring=False), True, False),
        (Feed(0.0), False, False),
    ],
)
def test_an_open_terminal_drives_nothing(feed: Feed, tip: bool, ring: bool) -> None:
    drive = feed.drive()
    assert (drive.tip is not None, drive.ring is not None) == (tip, ring)
    assert solve(feed, 140.0, Load(True)).milliamps == 0


def test_a_loop_in_trouble_tells_its_watchers_and_is_repaired() -> None:
    loop = Loop(CLEAN, Feed(48.0, 400.0, 26.0), Load())
    told: list[float] = []
    loop.watch(lambda: told.append(loop.reading.milliamps))
    loop.suffer(Trouble(stuck=True))
    loop.suffer(Trouble(stuck=True))
    loop.suffer(HEALTHY)
    assert told == pytest.approx([26.0, 0.0])
