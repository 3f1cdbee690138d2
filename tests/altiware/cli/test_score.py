# SPDX-License-Identifier: MIT
"""PESQ finds the utterance in the ear and tells good lines from bad ones."""

from pathlib import Path

import numpy as np
import pytest

from altiware.cli.demo.score import Samples, find, pesq_of, read_wav, write_wav

VOICES = Path("/usr/share/asterisk/sounds/en_US_f_Allison")


def speech() -> Samples:
    """Return some seconds of a person speaking."""
    file = VOICES / "pbx-invalid.wav"
    if not file.exists():
        pytest.skip("no recordings: apt install asterisk-core-sounds-en-wav")
    return read_wav(file)


def on_a_line(spoken: Samples, *, noise_dbfs: float, gain: float = 0.5) -> Samples:
    """Return the ear at the far end: earlier and later silence, loss, and noise."""
    ear = np.concatenate([np.zeros(12_345), spoken * gain, np.zeros(4_000)])
    noise = np.random.default_rng(1).standard_normal(len(ear)) * 32768 * 10 ** (noise_dbfs / 20)
    return np.clip(np.rint(ear + noise), -32768, 32767).astype(np.int16)


def test_an_utterance_is_found_where_it_was_put() -> None:
    spoken = speech()
    assert find(spoken, on_a_line(spoken, noise_dbfs=-60)) == 12_345


def test_a_clean_line_scores_high_and_a_noisy_one_low() -> None:
    spoken = speech()
    clean = pesq_of(spoken, on_a_line(spoken, noise_dbfs=-70))
    noisy = pesq_of(spoken, on_a_line(spoken, noise_dbfs=-30))
    assert clean is not None
    assert noisy is not None
    assert clean > 4.1
    assert noisy < 3.0


def test_another_utterance_scores_low_and_silence_nothing() -> None:
    spoken = speech()
    other = pesq_of(spoken, on_a_line(spoken[::-1].copy(), noise_dbfs=-70))
    assert other is None or other < 2.5
    assert pesq_of(spoken, np.zeros(100, dtype=np.int16)) is None


def test_samples_survive_a_file(tmp_path: Path) -> None:
    samples = np.array([0, 1, -1, 32767, -32768], dtype=np.int16)
    write_wav(tmp_path / "a.wav", samples)
    assert read_wav(tmp_path / "a.wav").tolist() == samples.tolist()
