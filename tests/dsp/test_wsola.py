# SPDX-License-Identifier: MIT
"""Speech at another speed: as long as it should be, at the same pitch, and well understood."""

import numpy as np
import pytest

from dsp import EngineArgumentError
from dsp.pcm import RATE_HZ, Samples
from dsp.wsola import Stretcher, stretched
from tests.dsp.speech import pieces


def _loud(pcm: Samples) -> float:
    return float(np.sqrt((pcm.astype(float) ** 2).mean()))


def test_speech_at_its_own_speed_is_what_it_was() -> None:
    (said,) = pieces(1)
    assert np.array_equal(stretched(said, 1.0), said)


@pytest.mark.parametrize("speed", [0.5, 0.75, 1.25, 1.5, 2.0])
def test_speech_lasts_as_long_as_the_speed_says_and_is_as_loud(speed: float) -> None:
    (said,) = pieces(1)
    heard = stretched(said, speed)
    assert abs(len(heard) - len(said) / speed) < 1
    assert _loud(heard) == pytest.approx(_loud(said), rel=0.05)


def test_slower_and_faster_again_is_nearly_the_same_course_of_loudness() -> None:
    (said,) = pieces(1)
    heard = stretched(stretched(said, 0.5), 2.0)
    course = [
        np.log(1 + np.abs(each[: 60 * RATE_HZ // 10].reshape(-1, 400).astype(float)).mean(axis=1))
        for each in (said, heard)
    ]
    assert np.corrcoef(*course)[0, 1] > 0.95


def test_no_speech_at_all_stays_none() -> None:
    assert len(stretched(np.zeros(0, np.int16), 1.5)) == 0


@pytest.mark.parametrize("speed", [0.4, 2.1, float("nan")])
def test_other_speeds_are_refused(speed: float) -> None:
    with pytest.raises(EngineArgumentError, match=r"allowed are 0\.5 to 2"):
        Stretcher(speed)
