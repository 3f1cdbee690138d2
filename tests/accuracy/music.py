# SPDX-License-Identifier: MIT
"""Music: made here, and Debian's music on hold where it is installed; 8 kHz, 16-bit, mono."""

from pathlib import Path
from typing import Final

import numpy as np

from dsp.pcm import Samples
from tests.accuracy.bursts import Wave, samples
from tests.accuracy.corpus import wav_samples

__all__ = ["PACKAGE", "music_made", "music_on_hold"]

PACKAGE: Final = "asterisk-moh-opsound-wav"
SOUNDS_ON_HOLD: Final = Path("/usr/share/asterisk/moh")
RATE_HZ: Final = 8000
BEATS: Final = 16
CHORDS: Final = ((0, 4, 7), (9, 12, 16), (5, 9, 12), (7, 11, 14), (2, 5, 9), (4, 8, 11, 14))
"Semitones over the key."
SCALE: Final = (0, 2, 4, 5, 7, 9, 11, 12, 14, 16)


def _note(hz: float, seconds: float, rng: np.random.Generator) -> Wave:
    """One instrument: up to eight harmonics, an attack, a decay, mostly vibrato."""
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    depth, rate = rng.choice([0.0, 0.003, 0.01]), rng.uniform(4.5, 7)
    turns = hz * (t - depth / (2 * np.pi * rate) * np.cos(2 * np.pi * rate * t))
    wave: Wave = np.zeros(len(t))
    for k in range(1, rng.integers(2, 9)):
        if k * hz < RATE_HZ / 2:
            wave += k ** -rng.uniform(0.3, 2) * np.sin(2 * np.pi * (k * turns + rng.uniform()))
    decay = rng.choice([0.0, 1.0, 4.0])
    wave *= np.minimum(1, t / rng.uniform(0.003, 0.05)) * np.exp(-decay * t)
    return wave


def _drum(rng: np.random.Generator) -> Wave:
    t = np.arange(RATE_HZ // 8) / RATE_HZ
    if rng.integers(2):
        thump: Wave = 2 * np.sin(2 * np.pi * (60 * t + 4 * (1 - np.exp(-30 * t)))) * np.exp(-20 * t)
        return thump
    snare: Wave = rng.normal(0, 0.7, len(t)) * np.exp(-40 * t)
    return snare


def _add(to: Wave, at: int, wave: Wave) -> None:
    room = max(0, min(len(wave), len(to) - at))
    to[at : at + room] += wave[:room]


def _phrase(rng: np.random.Generator) -> Wave:
    """Sixteen beats in one key and tempo: chords, a melody of halves to eighths, drums."""
    key, beat_s = 110 * 2 ** rng.uniform(0, 1), 60 / rng.uniform(70, 160)
    beat = round(beat_s * RATE_HZ)
    wave: Wave = np.zeros(BEATS * beat)
    for bar in range(0, BEATS, 4):
        for semitone in CHORDS[rng.integers(len(CHORDS))]:
            octave = rng.choice([1.0, 2.0, 4.0])
            _add(
                wave, bar * beat, 0.5 * _note(octave * key * 2 ** (semitone / 12), 4 * beat_s, rng)
            )
    at = 0.0
    while at < BEATS:
        length = rng.choice([0.25, 0.5, 1.0, 2.0])
        hz = rng.choice([2.0, 4.0, 8.0]) * key * 2 ** (rng.choice(SCALE) / 12)
        _add(wave, round(at * beat), _note(hz, length * beat_s, rng))
        at += length
    for at_beat in np.flatnonzero(rng.integers(0, 2, 2 * BEATS)):
        _add(wave, int(at_beat) * beat // 2, _drum(rng))
    wave *= 12000 / np.abs(wave).max()
    return wave


def music_made(minutes: float, seed: int = 1) -> Samples:
    """Compose for so many minutes at least."""
    rng, phrases, total = np.random.default_rng(seed), [], 0
    while total < minutes * 60 * RATE_HZ:
        phrases.append(samples(_phrase(rng)))
        total += len(phrases[-1])
    return np.concatenate(phrases)


def music_on_hold() -> Samples:
    """Return all pieces, one after the other; none if not installed."""
    files = sorted(SOUNDS_ON_HOLD.glob("*.wav"))
    return np.concatenate([wav_samples(path) for path in files] or [np.zeros(0, np.int16)])
