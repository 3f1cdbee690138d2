# SPDX-License-Identifier: MIT
import numpy as np
import pytest

from altiware.prompts.loudness import EDGE_MS, active_level, edges_ms, framed, levelled
from dsp.levels import peak_of
from dsp.pcm import RATE_HZ


def tone(dbm0: float, seconds: float) -> np.ndarray:
    t = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    return peak_of(dbm0) * np.sin(2 * np.pi * 1000 * t)


SILENCE = np.zeros(RATE_HZ)


def test_the_level_of_speech_does_not_count_its_pauses() -> None:
    alone = active_level(tone(-20.0, 1.0))
    assert alone == pytest.approx(-20.0, abs=0.01)
    spaced = np.concatenate([SILENCE, tone(-20.0, 1.0), SILENCE, tone(-20.0, 0.5), SILENCE])
    assert active_level(spaced) == pytest.approx(-20.0, abs=0.05)


def test_soft_syllables_count_and_noise_does_not() -> None:
    soft = np.concatenate([tone(-20.0, 1.0), tone(-30.0, 1.0)])
    assert active_level(soft) == pytest.approx(10 * np.log10((0.01 + 0.001) / 2), abs=0.05)
    noisy = np.concatenate([tone(-20.0, 1.0), tone(-55.0, 1.0)])
    assert active_level(noisy) == pytest.approx(-20.0, abs=0.05)


def test_a_phrase_is_brought_to_its_level() -> None:
    assert active_level(levelled(tone(-37.0, 0.5))) == pytest.approx(-20.0, abs=0.01)


def test_peaks_that_do_not_fit_are_rounded_off() -> None:
    clicks = np.zeros(RATE_HZ)
    clicks[::400] = 1000.0
    assert np.abs(levelled(clicks, 0.0).astype(int)).max() == 32767


@pytest.mark.parametrize("edges", [(0.0, 0.0), (0.01, 0.4), (0.3, 0.02)])
def test_the_edges_of_a_phrase_are_brought_to_one_length(edges: tuple[float, float]) -> None:
    before, after = (np.zeros(int(each * RATE_HZ)) for each in edges)
    cut = framed(np.concatenate([before, tone(-20.0, 0.5), after]))
    assert edges_ms(cut) == pytest.approx((EDGE_MS, EDGE_MS), abs=5.0)


def test_a_soft_beginning_is_not_cut_off() -> None:
    soft = np.concatenate([SILENCE, tone(-50.0, 0.1), tone(-20.0, 0.5), SILENCE])
    assert len(framed(soft)) == pytest.approx((0.6 + 2 * EDGE_MS / 1000) * RATE_HZ, abs=80)


def test_silence_has_no_level() -> None:
    with pytest.raises(ValueError, match="there is no sound"):
        active_level(SILENCE)
    with pytest.raises(ValueError, match="there is no sound"):
        active_level(np.zeros(0))
