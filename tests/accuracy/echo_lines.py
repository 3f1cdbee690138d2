# SPDX-License-Identifier: MIT
"""Lines, talkers and levels to judge echo cancellers by: `line(model, erl_db)`, `Talk`, `level`.

The line models are the simulator's, those of ITU-T G.168 annex D, D.2 to D.9.  The source is
like that of annex C (voiced, noise, pause; then the same inverted) but not it; levels are not
measured as G.168 does.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from boards_sim.echo_paths import MODELS, echo_path
from dsp.g711 import ulaw_decode, ulaw_encode
from dsp.pcm import RATE_HZ, Samples

__all__ = [
    "MODELS",
    "Floats",
    "Talk",
    "composite",
    "level",
    "line",
    "on_the_wire",
    "rms",
    "talker",
    "tone",
]

Floats = npt.NDArray[np.float64]
FULL_SCALE_DBM0: Final = 3.14
"Of a sine with peak 32767."
PERIOD: Final = 2800
"Samples of the composite source: voiced 48.6 ms, noise 200 ms, pause."
VOICED: Final = 389
SPOKEN: Final = 1989


def rms(dbm0: float) -> float:
    """Return the root mean square of that level."""
    return float(32767 / np.sqrt(2) * 10 ** ((dbm0 - FULL_SCALE_DBM0) / 20))


def level(pcm: npt.NDArray[np.generic]) -> float:
    """Return the level in dBm0."""
    power = np.mean(pcm.astype(float) ** 2)
    return float(10 * np.log10(power * 2 / 32767**2 + 1e-12) + FULL_SCALE_DBM0)


def on_the_wire(pcm: Floats) -> Samples:
    """Return what mu-law leaves of it."""
    rounded = np.rint(pcm).clip(-32768, 32767).astype(np.int16)
    return np.frombuffer(ulaw_decode(ulaw_encode(rounded)), np.int16)


def composite(seed: int, pitch_hz: float) -> Floats:
    """Return a period of the composite source and its inverse; unit power while it speaks."""
    rng = np.random.default_rng(seed)
    at, harmonics = np.arange(VOICED), np.arange(1, int(3600 / pitch_hz) + 1)[:, None]
    waves = np.cos(2 * np.pi * pitch_hz * harmonics * at / RATE_HZ + harmonics**2)
    voiced = 2.2 * (waves / (1 + (harmonics * pitch_hz / 700) ** 2)).sum(axis=0)
    noise = 0.9 * rng.normal(size=SPOKEN - VOICED)
    raw = np.concatenate([voiced, noise, np.zeros(PERIOD - SPOKEN)])
    out, low, high = np.zeros(PERIOD), 0.0, 0.0
    for i, sample in enumerate(raw):  # 150 Hz to 3.4 kHz, gently
        low += 0.85 * (sample - low)
        high += 0.12 * (low - high)
        out[i] = low - high
    out /= np.sqrt(np.mean(out[:SPOKEN] ** 2))
    return np.concatenate([out, -out])


def talker(seed: int, size: int) -> Floats:
    """Return noise of speech's band in syllables of 400 ms and pauses of 200; unit power."""
    noise = np.random.default_rng(seed).normal(size=size)
    tap = np.arange(64)
    low, high = 0.4 * 0.6**tap, np.where(tap == 0, 1.0, 0.0) - 0.15 * 0.85**tap
    shape = np.convolve(np.convolve(low, high), high)
    spoken = np.where((np.arange(size) // 1600) % 3, 1.0, 0.05)
    swell = np.convolve(spoken, np.exp(-np.arange(4000) / 1000) / 1000)[:size]
    said = np.convolve(noise, shape)[:size] * swell
    return np.asarray(said / np.sqrt(np.mean(said**2)))


def tone(size: int, *hertz: float) -> Floats:
    """Return the sum of tones with peak 1."""
    at = np.arange(size) / RATE_HZ
    return np.asarray(sum((np.sin(2 * np.pi * f * at) for f in hertz), np.zeros(size)))


@dataclass(frozen=True, slots=True)
class Talk:
    """What both sides say for a while; a source is silence, the composite, a talker or tones."""

    ms: int
    far_dbm0: float | None = None
    near_dbm0: float | None = None
    tones: tuple[float, ...] = ()
    "In the far end's place, each at its level."
    path: int = 0
    "Which of the run's lines is on the hook."

    @property
    def size(self) -> int:
        """In samples."""
        return self.ms * RATE_HZ // 1000

    def far(self, source: Floats, begun: int) -> Floats:
        """Return the far end; the composite source has already said ``begun`` samples."""
        if self.far_dbm0 is None:
            return np.zeros(self.size)
        if self.tones:
            return tone(self.size, *self.tones) * rms(self.far_dbm0)
        return np.take(source, np.arange(begun, begun + self.size), mode="wrap") * rms(
            self.far_dbm0
        )

    def near(self, said: Floats) -> Floats:
        """Return the near end."""
        return said * (0.0 if self.near_dbm0 is None else rms(self.near_dbm0))


def line(model: int, erl_db: float) -> Floats:
    """Return the echo path of a model with that return loss, in the models' own scale."""
    return np.array(echo_path(model, erl_db))
