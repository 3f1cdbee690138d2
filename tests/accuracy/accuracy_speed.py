# SPDX-License-Identifier: MIT
"""Speech and tones at another speed (``dsp.wsola``): duration, pitch, and steps at the joins.

Speeds 0.5 to 2.  Pitch of tones, 80 to 3,000 Hz: the peak of the spectrum.  Pitch of speech: 40 ms
of what is heard against 40 ms of the original from the same place, by the highest autocorrelation
between 70 and 400 Hz where both are above 0.8; the median of a language.  Steps are seen in the
second difference: of tones, the largest against the original's; of speech, the share of
milliseconds in which it exceeds all of the original within 30 ms.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from dsp.pcm import RATE_HZ, Samples
from dsp.wsola import Stretcher, stretched
from tests.accuracy.corpus import LANGUAGES, speech
from tests.figure import Figure

SPEEDS: Final = (0.5, 0.7, 0.85, 1.15, 1.3, 1.5, 1.75, 2.0)
TONES_HZ: Final = (80, 133, 217, 440, 697, 1004, 1633, 2100, 3000)
SPOKEN_S: Final = 30
FRAME: Final = 320
LAGS: Final = range(RATE_HZ // 400, RATE_HZ // 70)
VOICED: Final = 0.8
LOUD: Final = 300.0
WHOLE: Final = FRAME + LAGS.stop + 1
HOP: Final = 40
AROUND: Final = 240
"""Samples either way: 30 ms, a frame."""

Curve = npt.NDArray[np.float64]


def _tone(hz: float) -> Samples:
    return np.round(8000 * np.sin(2 * np.pi * hz * np.arange(5 * RATE_HZ) / RATE_HZ)).astype(
        np.int16
    )


def _peak_hz(pcm: Samples) -> float:
    spectrum = np.abs(np.fft.rfft(pcm * np.hanning(len(pcm)), 1 << 19))
    return float(spectrum.argmax()) * RATE_HZ / (1 << 19)


def _pitch_hz(pcm: Samples) -> float | None:
    """Return the pitch of FRAME samples and what stands behind them; None: there is none."""
    frames = np.lib.stride_tricks.sliding_window_view(pcm.astype(float), FRAME)[: LAGS.stop + 1]
    power = (frames**2).sum(axis=1)
    if power[0] < FRAME * LOUD**2:
        return None
    alike = (frames @ frames[0]) / np.sqrt(power * power[0] + 1)
    best = LAGS.start + int(alike[LAGS.start : LAGS.stop].argmax())
    if alike[best] < VOICED:
        return None
    before, at, after = alike[best - 1 : best + 2]
    return float(RATE_HZ / (best + (before - after) / (2 * (before - 2 * at + after) - 1e-9)))


def _pitch_off_pct(said: Samples, speed: float) -> float:
    stretcher, places, parts, fed = Stretcher(speed), [0], [], 0
    while fed < len(said):
        fed += stretcher.feed(said[fed:])
        while len(part := stretcher.read(HOP)) == HOP:
            parts.append(part)
            places.append(stretcher.at)
    heard = np.concatenate(parts)
    ratios = []
    for number in range(0, len(parts) - (FRAME + LAGS.stop) // HOP - 1, FRAME // HOP):
        there, here = said[places[number] :][:WHOLE], heard[number * HOP :][:WHOLE]
        if len(there) == WHOLE and (was := _pitch_hz(there)) and (now := _pitch_hz(here)):
            ratios.append(now / was)
    return abs(float(np.median(ratios)) - 1) * 100


def _bends(pcm: Samples) -> Curve:
    return np.abs(np.diff(pcm.astype(float), 2))


def _stepped_pct(said: Samples, speed: float) -> float:
    """Return the share of milliseconds that bend more than the original does around there."""
    stretcher, bends = Stretcher(speed), _bends(said)
    fed = stepped = count = 0
    while fed < len(said):
        fed += stretcher.feed(said[fed:])
        while len(heard := stretcher.read(HOP)) == HOP:
            at = stretcher.at
            around = bends[max(0, at - HOP - AROUND) : at + AROUND]
            sharp = _bends(heard)
            stepped += int((sharp.reshape(-1, 2).max(axis=1) > max(around.max(), 100)).sum())
            count += 1
    return 100 * stepped / (count * (HOP / (RATE_HZ / 1000)))


def _tones() -> Iterator[Figure]:
    off, longer, step = 0.0, 0.0, 0.0
    for hz in TONES_HZ:
        said = _tone(hz)
        for speed in SPEEDS:
            heard = stretched(said, speed)
            whole = heard[: len(heard) - 400]
            off = max(off, abs(_peak_hz(whole) / hz - 1) * 100)
            longer = max(longer, abs(len(heard) * speed / len(said) - 1) * 100)
            step = max(step, float(_bends(whole).max() / _bends(said).max()))
    yield Figure("speed_tone_pitch_off_pct", off, "%", "bound", 1)
    yield Figure("speed_duration_off_pct", longer, "%", "bound", 2)
    yield Figure("speed_tone_step", step, "times")


def _speech() -> Iterator[Figure]:
    off, stepped = [], []
    for language in LANGUAGES:
        said = speech(language)[: SPOKEN_S * RATE_HZ]
        off += [_pitch_off_pct(said, speed) for speed in SPEEDS]
        stepped += [_stepped_pct(said, speed) for speed in SPEEDS]
    yield Figure("speed_speech_pitch_off_pct", max(off), "%", "bound", 1)
    yield Figure("speed_speech_steps_pct", max(stepped), "%")


def measure() -> Iterator[Figure]:
    """Yield the worst over all speeds, tones and languages."""
    yield from _tones()
    yield from _speech()
