# SPDX-License-Identifier: MIT
"""Direct current and ringing against sums made by hand."""

import pytest

from boards_sim.hybrid import Cable
from boards_sim.loop import CLEAN, Feed, LineNature, Load, Loop, solve

LIFTED = Load(closed=True, ohms=250.0, ren=1.0)


@pytest.mark.parametrize(
    ("wire_ohms", "milliamps"),
    [
        (140.0, 26.0),  # 48 V / 790 ohm = 60.8 mA: the limiter holds
        (1400.0, 48_000 / 2050),  # 23.4 mA
        (2550.0, 15.0),  # 48 V / 3200 ohm: the last that counts as off-hook
        (4150.0, 10.0),
    ],
)
def test_loop_current_is_ohms_law_with_a_limit(wire_ohms: float, milliamps: float) -> None:
    reading = solve(Feed(48.0, 400.0, 26.0), wire_ohms, LIFTED)
    assert reading.milliamps == pytest.approx(milliamps)
    assert reading.volts == pytest.approx(milliamps * 0.25)


def test_reversal_turns_current_and_voltage() -> None:
    assert solve(Feed(-48.0), 140.0, LIFTED).milliamps == -30.0
    assert solve(Feed(-48.0), 140.0, Load()).volts == -48.0


def test_an_open_feed_carries_nothing() -> None:
    reading = solve(Feed(0.0), 140.0, LIFTED)
    assert reading.milliamps == 0
    assert not reading.has_battery


@pytest.mark.parametrize(
    ("ren", "volts"),
    [
        (1.0, 65 * 7000 / 7540),  # 60.3 V
        (5.0, 65 * 1400 / 1940),  # 46.9 V: five bells still ring
        (0.0, 65.0),
    ],
)
def test_bells_divide_the_ringing_voltage(ren: float, volts: float) -> None:
    reading = solve(Feed(48.0, 400.0, 26.0, 65.0), 140.0, Load(ren=ren))
    assert reading.ring_volts == pytest.approx(volts)
    assert reading.milliamps == 0


def test_a_lifted_telephone_draws_direct_current_through_the_ringing() -> None:
    reading = solve(Feed(48.0, 400.0, 26.0, 65.0), 140.0, LIFTED)
    assert reading.milliamps == pytest.approx(26.0)
    assert reading.ring_volts < 25


def test_watchers_are_told_of_changes_only() -> None:
    loop = Loop(CLEAN, Feed(), Load())
    told: list[float] = []
    loop.watch(lambda: told.append(loop.reading.milliamps))
    loop.load_with(LIFTED)
    loop.load_with(LIFTED)
    loop.feed_from(Feed())
    loop.feed_from(Feed(-48.0))
    assert told == [30.0, -30.0]


def test_noise_is_given_in_dbrnc() -> None:
    # 20 dBrnC = -70 dBm0 C-weighted; flat noise of 0-4 kHz must be 2.9 dB more
    assert LineNature(noise_dbrnc=20.0).settings().noise_dbm0 == pytest.approx(-67.1)
    assert LineNature(cable=Cable(2.0)).cable.ohms == pytest.approx(560.0)
