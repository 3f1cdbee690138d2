# SPDX-License-Identifier: MIT
"""Sound files of every usual kind become what the engine plays."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from dsp.errors import EngineArgumentError
from dsp.recording import import_wav


def sine(rate: int, hz: float, seconds: float = 2.0, peak: float = 0.5) -> npt.NDArray[np.float64]:
    wave: npt.NDArray[np.float64] = peak * np.sin(
        2 * np.pi * hz * np.arange(round(rate * seconds)) / rate
    )
    return wave


def read(path: Path) -> npt.NDArray[np.int16]:
    info = soundfile.info(path)
    assert (info.samplerate, info.channels, info.subtype, info.format) == (8000, 1, "PCM_16", "WAV")
    samples: npt.NDArray[np.int16] = soundfile.read(path, dtype="int16")[0]
    return samples


def level_db(samples: npt.NDArray[np.int16], hz: float) -> float:
    """Level of one frequency, relative to full scale, in the middle of the recording."""
    middle = samples[2000:-2000].astype(float) / 32768 * np.hanning(len(samples) - 4000)
    turn = np.exp(-2j * np.pi * hz / 8000 * np.arange(len(middle)))
    return float(20 * np.log10(np.abs(np.dot(middle, turn)) * 4 / len(middle) + 1e-12))


@pytest.mark.parametrize("rate", [6000, 8000, 11025, 16000, 22050, 44100, 48000, 96000])
@pytest.mark.parametrize(
    ("suffix", "subtype"),
    [("wav", "PCM_16"), ("wav", "PCM_24"), ("wav", "FLOAT"), ("wav", "ULAW"), ("flac", "PCM_16")],
)
def test_a_tone_keeps_its_frequency_level_and_length(
    tmp_path: Path, rate: int, suffix: str, subtype: str
) -> None:
    source = tmp_path / f"in.{suffix}"
    soundfile.write(source, sine(rate, 1000.0), rate, subtype=subtype)
    assert import_wav(source, tmp_path / "out.wav") == pytest.approx(2.0, abs=0.001)
    samples = read(tmp_path / "out.wav")
    assert len(samples) == pytest.approx(16_000, abs=8)
    assert level_db(samples, 1000.0) == pytest.approx(-6.02, abs=0.2 if subtype == "ULAW" else 0.05)


def test_channels_are_averaged(tmp_path: Path) -> None:
    left, right = sine(48000, 500.0), sine(48000, 1500.0)
    soundfile.write(tmp_path / "in.wav", np.stack([left, right, 0 * left], axis=1), 48000)
    import_wav(tmp_path / "in.wav", tmp_path / "out.wav")
    samples = read(tmp_path / "out.wav")
    assert level_db(samples, 500.0) == pytest.approx(-15.56, abs=0.1)
    assert level_db(samples, 1500.0) == pytest.approx(-15.56, abs=0.1)


def test_what_lies_above_the_band_does_not_fold_into_it(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "in.wav", sine(48000, 7000.0), 48000)
    import_wav(tmp_path / "in.wav", tmp_path / "out.wav")
    assert level_db(read(tmp_path / "out.wav"), 1000.0) < -80


def test_a_recording_of_the_right_form_is_taken_over_sample_for_sample(tmp_path: Path) -> None:
    samples = np.random.default_rng(1).integers(-32768, 32767, 100_000, dtype=np.int16)
    soundfile.write(tmp_path / "in.flac", samples, 8000, subtype="PCM_16")
    assert import_wav(tmp_path / "in.flac", tmp_path / "out.wav") == 12.5
    assert np.array_equal(read(tmp_path / "out.wav"), samples)


def test_overshoot_is_clipped_not_wrapped(tmp_path: Path) -> None:
    square = np.sign(sine(44100, 400.0))
    soundfile.write(tmp_path / "in.wav", square, 44100, subtype="FLOAT")
    import_wav(tmp_path / "in.wav", tmp_path / "out.wav")
    jumps = np.abs(np.diff(read(tmp_path / "out.wav").astype(int)))
    assert jumps.max() < 60_000


def test_an_empty_recording_stays_empty(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "in.wav", np.zeros(0), 44100)
    assert import_wav(tmp_path / "in.wav", tmp_path / "out.wav") == 0.0
    assert len(read(tmp_path / "out.wav")) == 0


def test_a_file_may_be_converted_in_place(tmp_path: Path) -> None:
    path = tmp_path / "it.wav"
    soundfile.write(path, sine(16000, 1000.0), 16000)
    import_wav(path, path)
    assert len(read(path)) == pytest.approx(16_000, abs=8)


@pytest.mark.parametrize("content", [b"", b"not a sound at all", b"RIFF\xff\xff\xff\xffWAVE"])
def test_what_is_no_sound_is_refused_and_leaves_nothing(tmp_path: Path, content: bytes) -> None:
    source, target = tmp_path / "in.wav", tmp_path / "out.wav"
    source.write_bytes(content)
    with pytest.raises(EngineArgumentError, match=r"in\.wav"):
        import_wav(source, target)
    assert list(tmp_path.iterdir()) == [source]
    with pytest.raises(FileNotFoundError):
        import_wav(tmp_path / "missing.wav", target)
