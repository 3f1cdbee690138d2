# SPDX-License-Identifier: MIT
"""Noise as a listener hears it."""

import numpy as np
import pytest

from dsp.levels import peak_of
from dsp.weighting import C_MESSAGE, c_message_db, dbrnc


def test_a_milliwatt_at_1_khz_is_90_dbrnc() -> None:
    wave = peak_of(0.0) * np.sin(2 * np.pi * 1000 * np.arange(8000) / 8000)
    assert dbrnc(np.rint(wave).astype(np.int16)) == pytest.approx(90.0, abs=0.01)


def test_the_curve_goes_through_its_points() -> None:
    known = np.array([hz for hz, _ in C_MESSAGE], float)
    assert c_message_db(known) == pytest.approx([db for _, db in C_MESSAGE])
