# SPDX-License-Identifier: MIT
"""Voice detection on recorded speech.

Labels come from the clean recording: a frame of 10 ms is speech if it is within 25 dB of the active
level (mean power of frames within 40 dB of the loudest); a pause is 300 ms or more without.  The
clips are joined with 0.3-1.5 s of silence; then white noise is added.
"""

import numpy as np
import numpy.typing as npt
import pytest

from dsp.pcm import Samples
from dsp.vad import FRAME, Greeting, VoiceDetector
from tests.dsp.speech import clips

Flags = npt.NDArray[np.bool_]
SPEECH_DB = -25
PAUSE = 30
HANG = 20


def recording() -> Samples:
    rng = np.random.default_rng(5)
    parts = []
    for clip in clips(20):
        parts += [clip, np.zeros(int(rng.uniform(0.3, 1.5) * 8000), np.int16)]
    return np.concatenate(parts)


def powers(clean: Samples) -> npt.NDArray[np.float64]:
    frames = clean[: len(clean) // FRAME * FRAME].reshape(-1, FRAME).astype(float)
    return np.asarray((frames**2).mean(axis=1))


def active_power(power: npt.NDArray[np.float64]) -> float:
    return float(power[power > power.max() * 1e-4].mean())


def pauses(speech: Flags) -> list[slice]:
    edges = np.flatnonzero(np.diff(np.concatenate([[1], speech.astype(int), [1]])))
    runs = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    return [slice(begin, end) for begin, end in runs if end - begin >= PAUSE]


@pytest.mark.parametrize(("snr_db", "gain"), [(15, 1.0), (15, 0.1), (25, 1.0)])
def test_speech_is_kept_and_pauses_are_found(snr_db: float, gain: float) -> None:
    clean = (recording() * gain).astype(np.int16)
    power = powers(clean)
    active = active_power(power)
    speech = power > active * 10 ** (SPEECH_DB / 10)
    noise = np.random.default_rng(3).normal(0, np.sqrt(active / 10 ** (snr_db / 10)), len(clean))
    noisy = np.rint(clean + noise).clip(-32768, 32767).astype(np.int16)
    voice = np.array(VoiceDetector().frames(noisy))
    assert voice[speech].mean() >= 0.97
    found = [not voice[pause].all() for pause in pauses(speech)]
    assert len(found) > 20
    assert np.mean(found) >= 0.8
    quiet = np.concatenate([voice[pause] for pause in pauses(speech)])
    assert 1 - quiet.mean() >= 0.8  # of their time too, the hang-over included


def test_a_click_is_not_a_word() -> None:
    rng = np.random.default_rng(1)
    pcm = rng.normal(0, 30, 16000)
    pcm[8000:8080] += rng.normal(0, 3000, 80)
    voice = VoiceDetector().frames(np.rint(pcm).astype(np.int16))
    assert sum(voice) <= 15


def test_a_louder_room_is_learnt() -> None:
    rng = np.random.default_rng(1)
    detector = VoiceDetector()
    detector.frames(rng.normal(0, 20, 16000).astype(np.int16))
    detector.frames(rng.normal(0, 300, 32000).astype(np.int16))
    assert not detector.feed(rng.normal(0, 300, 8000).astype(np.int16))
    assert detector.noise_dbm0 == pytest.approx(20 * np.log10(300 / 16141), abs=1.5)


def test_silence_and_greetings() -> None:
    hello = clips(20)[0][:8000]
    still = np.zeros(8000, np.int16)
    person, machine, nobody = VoiceDetector(), VoiceDetector(), VoiceDetector()
    for pcm in (still, hello, still):
        person.feed(pcm)
    machine.feed(still)
    for clip in clips(20)[:2]:
        machine.feed(clip)
    for _ in range(5):
        nobody.feed(still)
    assert person.greeting is Greeting.PERSON
    assert machine.greeting is Greeting.MACHINE
    assert nobody.greeting is Greeting.NOBODY
    assert nobody.silence_ms == 5000
    assert nobody.voice_ms == 0
