# SPDX-License-Identifier: MIT
"""Tones made and measured."""

import numpy as np
import pytest

from drivers.diagnostics.spectrum import fit, multitone, noise
from dsp.levels import dbm0_of


def test_a_tone_has_the_level_that_was_asked_for() -> None:
    pcm = multitone((1004.0,), -10.0, 0.5)
    assert fit(pcm, (1004.0,)).dbm0[0] == pytest.approx(-10.0, abs=0.001)
    assert dbm0_of(pcm) == pytest.approx(-10.0, abs=0.01)


def test_many_tones_are_told_apart() -> None:
    hz = (300.0, 1004.0, 3400.0)
    found = fit(multitone(hz, -10.0, 1.0), hz)
    assert found.dbm0 == pytest.approx([-10.0 - 10 * np.log10(3)] * 3, abs=0.01)


def test_what_is_no_tone_is_the_rest() -> None:
    both = multitone((1004.0,), -10.0, 1.0) + noise(-40.0, 1.0)
    found = fit(both, (1004.0,))
    assert found.rest_dbm0 == pytest.approx(-40.0, abs=0.2)
    assert found.signal_to_rest_db == pytest.approx(30.0, abs=0.2)


def test_silence_has_a_floor() -> None:
    assert fit(np.zeros(800, np.int16), (1004.0,)).dbm0 == (-120.0,)


def test_noise_is_always_the_same() -> None:
    assert np.array_equal(noise(-10.0, 0.1), noise(-10.0, 0.1))
