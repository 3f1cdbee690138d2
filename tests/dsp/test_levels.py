# SPDX-License-Identifier: MIT
import numpy as np
import pytest

from dsp.levels import PEAK_0DBM0, SILENCE_DBM0, Meter, dbm0_of, peak_of
from dsp.pcm import Samples


def sine(dbm0: float, seconds: float = 1.0, hz: float = 1004.0) -> Samples:
    """A sine by the convention: full scale is +3.14 dBm0."""
    amplitude = 32768 * 10 ** ((dbm0 - 3.14) / 20)
    t = np.arange(int(8000 * seconds)) / 8000
    return np.rint(amplitude * np.sin(2 * np.pi * hz * t)).clip(-32768, 32767).astype(np.int16)


@pytest.mark.parametrize("dbm0", [3.0, 0.0, -13.0, -40.0, -60.0])
def test_meter_and_array_level_agree_with_the_convention(dbm0: float) -> None:
    meter = Meter()
    meter.feed(sine(dbm0))
    tolerance = 0.1 if dbm0 > -50 else 0.5  # a quantum is -87 dBm0
    assert meter.dbm0 == pytest.approx(dbm0, abs=tolerance)
    assert dbm0_of(sine(dbm0)) == pytest.approx(dbm0, abs=tolerance)
    assert meter.peak == pytest.approx(peak_of(dbm0), rel=0.02, abs=1)


def test_the_meter_follows_within_100_ms() -> None:
    meter = Meter()
    meter.feed(sine(-10))
    meter.feed(sine(-30, 0.1))
    left = 0.1 * np.exp(-100 / 35)  # of the louder one's power
    assert meter.dbm0 == pytest.approx(10 * np.log10(0.001 + left), abs=0.2)
    meter.feed(sine(-30, 0.3))
    assert meter.dbm0 == pytest.approx(-30, abs=0.2)


def test_silence() -> None:
    meter = Meter()
    meter.feed(np.zeros(4000, np.int16))
    assert meter.dbm0 == SILENCE_DBM0
    assert meter.peak == 0
    assert dbm0_of(np.zeros(0, np.int16)) == SILENCE_DBM0


def test_zero_dbm0_is_3_14_db_under_clipping() -> None:
    assert pytest.approx(3.14) == 20 * np.log10(32768 / PEAK_0DBM0)
