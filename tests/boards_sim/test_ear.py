# SPDX-License-Identifier: MIT
"""The ear: every tone of every country, through noise, and nothing where there is nothing."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from boards_sim.ear import Ear
from boards_sim.mouth import dtmf, tone
from boards_sim.recording import Recording
from boards_sim.tones import pattern, patterns, samples
from dsp import tones
from dsp.tones import COUNTRIES, ToneName, ToneSpec

Samples = npt.NDArray[np.int16]
QUIET = np.zeros(4000, np.int16)


def sound_of(spec: ToneSpec, seconds: float) -> Samples:
    """Half a second of silence, then a tone (and silence again when it ends)."""
    pieces: list[Samples] = [QUIET]
    source = samples(spec)
    while sum(map(len, pieces)) < seconds * 8000 + 4000:
        pieces.append(next(source, QUIET))
    return np.concatenate(pieces)[: int(seconds * 8000) + 4000]


def frames(sound: Samples) -> Iterator[Samples]:
    for start in range(0, len(sound) - 159, 160):
        yield sound[start : start + 160]


def heard(ear: Ear, sound: Samples) -> set[str]:
    """Return the tones heard at any time, looking every 60 ms."""
    found: set[str] = set()
    for number, frame in enumerate(frames(sound)):
        ear.hear(frame)
        if number % 3 == 0:
            found |= {name for name in ear.names if name not in found and ear.hears(name)}
    return found


@pytest.mark.parametrize("code", list(COUNTRIES))
def test_every_tone_is_known_by_its_name_and_no_other(code: str) -> None:
    country = COUNTRIES[code]
    for name, spec in country.tones.items():
        alike = {str(n) for n, s in country.tones.items() if s.steps == spec.steps}
        found = heard(Ear(patterns(country)), sound_of(spec, 3.5))
        assert str(name) in found, f"{name} not heard"
        # what goes on for ever at the end of a longer tone is dial tone
        assert found <= alike | {"dial"}, f"{name} taken for {found}"


@pytest.mark.parametrize("name", ["dial", "ringback", "busy", "reorder"])
def test_tones_are_known_through_15_db_of_noise(name: ToneName) -> None:
    rng = np.random.default_rng(3)
    for code in ("us", "uk", "de", "jp"):
        country = COUNTRIES[code]
        sound = sound_of(country.tones[ToneName(name)], 3.5).astype(float)
        level = np.sqrt(np.mean(sound[4800:5200] ** 2)) / 10 ** (15 / 20)
        noisy = np.clip(sound + rng.normal(0, level, len(sound)), -32768, 32767)
        found = heard(Ear(patterns(country)), noisy.astype(np.int16))
        assert name in found, f"{code}: {found}"


@pytest.mark.parametrize(("factor", "known"), [(1.0, True), (1.003, True), (1.03, False)])
def test_a_tone_of_the_wrong_frequency_is_none(factor: float, known: bool) -> None:
    ear = Ear(patterns(COUNTRIES["us"]))
    sound = tone(((350 * factor, -13.0), (440 * factor, -13.0)), 1000)
    assert ("dial" in heard(ear, np.concatenate([QUIET, sound]))) is known


def test_a_cadence_of_no_tone_is_none() -> None:
    ear = Ear(patterns(COUNTRIES["de"]))
    assert heard(ear, sound_of(tones.tone("425 700/700", -10), 6.0)) == set()


def test_a_tone_that_has_ended_is_no_longer_heard() -> None:
    ear = Ear(patterns(COUNTRIES["us"]))
    ear.hear(sound_of(COUNTRIES["us"].tones[ToneName.DIAL], 2.0))
    assert ear.hears("dial")
    ear.hear(np.zeros(800, np.int16))
    assert not ear.hears("dial")
    assert not ear.hears("silence")
    ear.hear(np.zeros(8000, np.int16))
    assert ear.hears("silence")
    assert ear.describe().endswith("s")
    assert "350+440 Hz" in ear.describe()


def test_speech_is_neither_a_tone_nor_a_digit() -> None:
    rng = np.random.default_rng(8)
    ear = Ear(patterns(COUNTRIES["us"]))
    syllables = np.repeat(rng.uniform(0, 6000, 20), 800)
    ear.hear((syllables * rng.normal(0, 0.5, 16000)).astype(np.int16))
    assert ear.hears("speech")
    ear = Ear(patterns(COUNTRIES["us"]))
    ear.hear(dtmf("159D", 200, 50))
    assert not ear.hears("speech")
    ear = Ear(patterns(COUNTRIES["us"]))
    ear.hear(sound_of(COUNTRIES["us"].tones[ToneName.BUSY], 3.0))
    assert not ear.hears("speech")


def test_an_unknown_tone_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"dial.*silence"):
        Ear(patterns(COUNTRIES["us"])).hears("hum")


def test_a_long_silence_before_costs_no_time_and_no_memory() -> None:
    ear = Ear([pattern("dial", COUNTRIES["us"].tones[ToneName.DIAL])], keep_s=10)
    for _ in range(60):
        ear.hear(np.zeros(8000, np.int16))
    ear.hear(sound_of(COUNTRIES["us"].tones[ToneName.DIAL], 2.0))
    assert ear.hears("dial")
    assert ear.recording.end - ear.recording.forgotten <= 12 * 8000


def test_a_recording_is_saved_and_the_oldest_forgotten(tmp_path: Path) -> None:
    recording = Recording(keep_s=2)
    for number in range(500):
        recording.add(np.full(80, number, np.int16))
    assert recording.end == 40000
    assert recording.since(39999).tolist() == [499]
    assert recording.forgotten > 0
    recording.save(tmp_path / "ear.wav")
    saved, rate = soundfile.read(tmp_path / "ear.wav", dtype="int16")
    assert rate == 8000
    assert saved[-1] == 499
    assert len(saved) == recording.end - recording.forgotten
