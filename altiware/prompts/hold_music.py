# SPDX-License-Identifier: MIT
"""The built-in music on hold, computed: ``python -m altiware.prompts.hold_music`` writes it.

Sixteen calm bars of our own for a soft electric piano, 51 seconds.  Notes ring on over the end
into the beginning, so it repeats without a seam.  No two tones sound alone for long: detectors of
keys and of call progress hear nothing in it (a test listens).
"""

import functools
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import soundfile

from altiware.prompts.script import package
from dsp.levels import dbm0_of
from dsp.pcm import RATE_HZ, Samples

__all__ = ["HOLD_MUSIC", "LEVEL_DBM0", "hold_music"]

LEVEL_DBM0: Final = -24.0
"Four under speech: whoever comes back to the line isn't drowned."

BEAT: Final = 6400
"Samples: 75 a minute."
BAR: Final = 4 * BEAT

# A bar a line: bass, the chord that is played up and down in eighths, the melody with its beats.
SCORE: Final = """
C3  C4 E4 G4 B4   E5 2 G5 2
A2  A3 E4 G4 C5   A5 3 G5 1
F3  A3 C4 F4 A4   F5 2 E5 1 C5 1
G2  B3 D4 G4 B4   D5 4
E3  B3 E4 G4 D5   G5 2 B5 2
A2  C4 E4 G4 C5   C6 2 B5 1 A5 1
D3  A3 D4 F4 C5   A5 2 F5 2
G2  B3 F4 G4 D5   E5 1 F5 1 D5 2
F3  A3 C4 E4 G4   A5 2 C6 2
E3  G3 B3 E4 G4   B5 1 G5 1 E5 2
D3  A3 C4 F4 A4   F5 2 A5 1 G5 1
C3  G3 C4 E4 G4   E5 4
A2  C4 E4 A4 C5   C5 1 E5 1 A5 2
F3  A3 C4 F4 A4   G5 1 F5 1 C5 2
D3  A3 D4 F4 A4   D5 1 F5 1 A5 1 F5 1
G2  G3 C4 D4 G4   D5 3 R 1
"""

BASS_GAIN, CHORD_GAIN, MELODY_GAIN = 0.9, 0.42, 1.0
UP_AND_DOWN: Final = (0, 1, 2, 3, 2, 1, 2, 1)
SEMITONES: Final = {"C": -9, "D": -7, "E": -5, "F": -4, "G": -2, "A": 0, "B": 2}
A4_HZ, A4_OCTAVE = 440.0, 4
PARTIALS: Final = ((1, 1.0, 1.6), (2, 0.34, 0.9), (3, 0.16, 0.55), (4, 0.1, 0.35), (7, 0.04, 0.1))
"Of the piano: multiple of the note, strength, and seconds until it is down to a third."
CHORUS: Final = (0.9985, 1.0015)
"Two strings that aren't quite in tune: it floats, and is no pure tone."
ATTACK_S: Final = 0.012
RING_S: Final = 4.0
HIGHEST_HZ: Final = 3400.0

Waves = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Note:
    """A note of the score."""

    at: int
    "Samples after the beginning."
    hertz: float
    gain: float


def hold_music() -> Samples:
    """Return the piece: to be repeated end to beginning."""
    notes = list(_notes())
    bars = len(SCORE.strip().splitlines())
    piece = np.zeros(bars * BAR)
    for note in notes:
        sound = _sound(note.hertz) * note.gain
        where = (note.at + np.arange(len(sound))) % len(piece)
        piece[where] += sound
    gain = 10 ** ((LEVEL_DBM0 - dbm0_of(_rounded(piece * _HEADROOM))) / 20)
    return _rounded(piece * _HEADROOM * gain)


_HEADROOM: Final = 1000.0


def _rounded(piece: Waves) -> Samples:
    samples: Samples = np.rint(piece).astype(np.int16)
    return samples


def _notes() -> Iterator[Note]:
    for bar, line in enumerate(SCORE.strip().splitlines()):
        bass, *others = line.split()
        chord, melody = others[:4], others[4:]
        at = bar * BAR
        for half in range(2):
            yield Note(at + half * 2 * BEAT, _hertz(bass), BASS_GAIN)
        for eighth, tone in enumerate(UP_AND_DOWN):
            yield Note(at + eighth * BEAT // 2, _hertz(chord[tone]), CHORD_GAIN)
        for name, beats in zip(melody[::2], melody[1::2], strict=True):
            if name != "R":
                yield Note(at, _hertz(name), MELODY_GAIN)
            at += int(beats) * BEAT


def _hertz(name: str) -> float:
    """Return the pitch of "A4", in equal temperament."""
    semitones = SEMITONES[name[0]] + 12 * (int(name[1]) - A4_OCTAVE)
    return float(A4_HZ * 2 ** (semitones / 12))


@functools.cache
def _sound(hertz: float) -> Waves:
    """Return a struck note that dies away."""
    t = np.arange(int(RING_S * RATE_HZ)) / RATE_HZ
    sound: Waves = np.zeros(len(t))
    for multiple, strength, third_s in PARTIALS:
        for detuned in CHORUS:
            pitch = hertz * multiple * detuned
            if pitch < HIGHEST_HZ:
                sound += strength * np.exp(-t / third_s) * np.sin(2 * np.pi * pitch * t)
    end = np.clip((RING_S - t) / 0.5, 0.0, 1.0)
    softly: Waves = np.clip(t / ATTACK_S, 0.0, 1.0) * end
    return sound * softly


HOLD_MUSIC: Final = package() / "music" / "sixteen-bars.flac"


def _write(file: Path) -> None:
    soundfile.write(file, hold_music(), RATE_HZ, format="FLAC", subtype="PCM_16")
    sys.stdout.write(f"{file}: {file.stat().st_size} bytes\n")


if __name__ == "__main__":
    _write(HOLD_MUSIC)
