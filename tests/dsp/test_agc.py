# SPDX-License-Identifier: MIT
"""Levelling on recorded speech; the sums are in native/tests/test_agc.c."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dsp.agc import AutomaticGain, DcBlock, Limiter
from dsp.errors import EngineArgumentError
from dsp.levels import dbm0_of, peak_of
from dsp.pcm import Samples
from tests.dsp.speech import pieces


@pytest.mark.parametrize("gain", [0.15, 0.5, 1.0])
def test_talkers_of_any_loudness_come_out_alike(gain: float) -> None:
    speech = np.concatenate(pieces(2))
    levelled = AutomaticGain(-22, 15).run((speech * gain).astype(np.int16))
    active = levelled[64000:]
    active = active[np.abs(active) > 100]
    assert dbm0_of(active) == pytest.approx(-20, abs=3)  # active: a pause a third of the time


@given(
    ceiling=st.floats(-40, 3),
    said=hnp.arrays(np.int16, st.integers(0, 300)),
)
def test_no_peak_passes_the_limiter(ceiling: float, said: Samples) -> None:
    limiter = Limiter(ceiling)
    heard = np.concatenate([limiter.run(said), limiter.run(np.zeros(16, np.int16))])
    assert not len(heard) or np.abs(heard.astype(int)).max() <= peak_of(ceiling)


def test_direct_current_is_removed() -> None:
    speech = pieces(1)[0]
    heard = DcBlock().run((speech // 2 + 5000).astype(np.int16))
    assert abs(float(np.mean(heard[8000:]))) < 5
    assert dbm0_of(heard[8000:]) == pytest.approx(dbm0_of(speech[8000:] // 2), abs=0.2)


def test_settings_out_of_range_are_refused() -> None:
    with pytest.raises(EngineArgumentError, match="limiter at 4"):
        Limiter(4)
    with pytest.raises(EngineArgumentError, match="gain"):
        AutomaticGain(5)
