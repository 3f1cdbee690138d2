# SPDX-License-Identifier: MIT
import numpy as np
import pytest
import soundfile

from altiware.prompts.hold_music import HOLD_MUSIC, LEVEL_DBM0, hold_music
from dsp.dtmf import DtmfReceiver
from dsp.levels import dbm0_of
from dsp.pcm import RATE_HZ, Samples
from dsp.progress import ProgressDetector, plan_of
from dsp.tones import COUNTRIES


@pytest.fixture(scope="module")
def piece() -> Samples:
    sound, rate = soundfile.read(HOLD_MUSIC, dtype="int16")
    assert rate == RATE_HZ
    samples: Samples = sound
    return samples


def test_what_is_kept_is_what_is_computed(piece: Samples) -> None:
    computed = hold_music().astype(int)
    assert np.abs(computed - piece.astype(int)).max() <= 1  # sines of other libraries may round


def test_it_lasts_sixteen_bars_at_its_level(piece: Samples) -> None:
    assert len(piece) / RATE_HZ == pytest.approx(51.2)
    assert dbm0_of(piece) == pytest.approx(LEVEL_DBM0, abs=0.1)
    assert np.abs(piece.astype(int)).max() < 16_384


def test_it_is_never_silent_and_never_loud(piece: Samples) -> None:
    seconds = piece[: len(piece) // RATE_HZ * RATE_HZ].reshape(-1, RATE_HZ)
    levels = [dbm0_of(each) for each in seconds]
    assert min(levels) > LEVEL_DBM0 - 8
    assert max(levels) < LEVEL_DBM0 + 4


def test_it_repeats_without_a_seam(piece: Samples) -> None:
    # a click is a step of the slope; that of the seam is like those all around it
    slopes = np.abs(np.diff(np.concatenate([piece[-400:], piece[:400]]).astype(int), n=2))
    assert slopes[395:405].max() <= slopes[:390].max()


def test_no_key_and_no_tone_of_an_office_is_heard_in_it(piece: Samples) -> None:
    twice = np.concatenate([piece, piece])
    assert [DtmfReceiver().keys(twice[shift:]) for shift in range(0, 40, 10)] == [""] * 4
    for country in COUNTRIES.values():
        assert ProgressDetector(plan_of(country)).feed(twice) == []
