# SPDX-License-Identifier: MIT
"""Levels of noise and hum as they come out of a line, measured by our own weighting meter."""

import math

import numpy as np
import numpy.typing as npt
import pytest

from boards_sim.loop import DIGITAL, EchoPath, Hum, LineNature
from boards_sim.mouth import tone
from boards_sim.noise import FLAT_OVER_C_MESSAGE_DB, c_message_db, dbrnc, hum_period
from dsp.levels import dbm0_of
from dsp.line import LineCodec, LinePath, Lines

Samples = npt.NDArray[np.int16]
TALKING = LinePath.TO_FAR | LinePath.TO_BOARD | LinePath.HYBRID
SECONDS = 4


def quiet_line(nature: LineNature) -> tuple[Samples, Samples]:
    """Return what both ends get of a line on which nobody speaks."""
    lines = Lines(1, frame=8000, seed=3)
    lines.set(0, nature.settings())
    lines.path(0, TALKING)
    ends: tuple[list[Samples], list[Samples]] = ([], [])
    for _ in range(SECONDS):
        lines.run()
        ends[0].append(lines.received[0].copy())
        ends[1].append(lines.heard[0].copy())
    return np.concatenate(ends[0]), np.concatenate(ends[1])


def test_the_meter_reads_a_milliwatt_as_90_dbrnc() -> None:
    assert dbrnc(tone(((1000.0, 0.0),), 1000)) == pytest.approx(90.0, abs=0.05)
    assert dbrnc(tone(((300.0, 0.0),), 1000)) == pytest.approx(90.0 - 16.3, abs=0.05)
    assert dbrnc(np.zeros(8000, np.int16)) < -50


def test_the_weighting_between_its_points_is_between_their_values() -> None:
    assert -16.3 < c_message_db(np.array([350.0]))[0] < -11.2
    assert FLAT_OVER_C_MESSAGE_DB == 2.9


@pytest.mark.parametrize("level", [30.0, 45.0, 60.0])
def test_noise_has_its_weighted_level_at_both_ends(level: float) -> None:
    nature = LineNature(noise_dbrnc=level, codec=LineCodec.LINEAR)
    for end in quiet_line(nature):
        assert dbrnc(end) == pytest.approx(level, abs=0.3)


@pytest.mark.parametrize("hz", [50.0, 60.0])
@pytest.mark.parametrize("level", [-50.0, -30.0])
def test_hum_has_its_level_and_its_harmonics_at_both_ends(hz: float, level: float) -> None:
    nature = LineNature(noise_dbrnc=None, codec=LineCodec.LINEAR, hum=Hum(hz, level))
    for end in quiet_line(nature):
        assert dbm0_of(end) == pytest.approx(level, abs=0.1)
        power = np.abs(np.fft.rfft(end.astype(float))) ** 2
        mains = [power[round(n * hz * SECONDS)] for n in (1, 2, 3, 5)]
        assert mains[0] > mains[2] > mains[3] > 100 * mains[1]
        # What an ear gets: the harmonics, far below the level itself
        assert dbrnc(end) < 90 + level - 20


def test_hum_is_the_same_again_after_its_period() -> None:
    nature = LineNature(noise_dbrnc=None, codec=LineCodec.LINEAR, hum=Hum(60.0, -30.0))
    heard = quiet_line(nature)[1]
    assert np.array_equal(heard[:800], heard[800:1600])


def test_no_mains_has_another_frequency() -> None:
    with pytest.raises(ValueError, match="50 or 60"):
        hum_period(400.0, -30.0)


def test_a_digital_line_stays_silent() -> None:
    assert not any(end.any() for end in quiet_line(DIGITAL))


@pytest.mark.parametrize("model", range(2, 10))
def test_an_echo_path_takes_the_place_of_the_hybrids(model: int) -> None:
    nature = LineNature(echo=EchoPath(model, 12.0), noise_dbrnc=None, codec=LineCodec.LINEAR)
    taps = nature.settings().echo
    assert 64 <= len(taps) <= 128
    power = sum(tap * tap for tap in taps)
    # the tables' gain makes about 0 dB of each; docs/topics/line-physics.md has them
    assert -10 * math.log10(power) == pytest.approx(12.0, abs=7.0)
    with pytest.raises(ValueError, match="D2 to D9"):
        EchoPath(model + 8).taps()
