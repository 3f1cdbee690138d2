# SPDX-License-Identifier: MIT
"""Call waiting's alerting signal at its limits, under speech, and what speech is taken for it."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from dsp.cas import CAS_HZ, CasReceiver
from dsp.levels import dbm0_of, peak_of
from dsp.pcm import Samples
from tests.accuracy.corpus import LANGUAGES, speech
from tests.figure import Figure

TRIALS = 300
ROWS: dict[str, dict[str, float]] = {
    "nominal": {},
    "loud": {"dbm0": -14},
    "minus32": {"dbm0": -32},
    "twist_plus6": {"dbm0": -26, "twist_db": 6},
    "twist_minus6": {"dbm0": -26, "twist_db": -6},
    "low": {"offset": -0.005},
    "high": {"offset": 0.005},
    "short": {"ms": 75},
    "long": {"ms": 85},
    "snr15": {"snr_db": 15},
    "speech_10_under": {"dbm0": -22, "speech_dbm0": -32},
    "speech_6_under": {"dbm0": -22, "speech_dbm0": -28},
    "speech_as_loud": {"dbm0": -22, "speech_dbm0": -22},
    "speech_6_over": {"dbm0": -22, "speech_dbm0": -16},
}
REFUSED: dict[str, dict[str, float]] = {
    "over_2_percent": {"offset": 0.02},
    "under_2_percent": {"offset": -0.02},
    "40_ms": {"ms": 40},
    "150_ms": {"ms": 150},
    "minus45": {"dbm0": -45},
}


def signal(
    rng: np.random.Generator,
    *,
    dbm0: float = -20.0,
    twist_db: float = 0.0,
    offset: float = 0.0,
    ms: float = 80.0,
    snr_db: float | None = None,
    speech_dbm0: float | None = None,
) -> Samples:
    """Return 400 ms with the signal in it, at a random place; ``dbm0`` is each tone's."""
    wave: npt.NDArray[np.float64] = np.zeros(3200)
    if speech_dbm0 is not None:
        wave += _talk(rng, speech_dbm0)
    begin, count = int(rng.integers(800, 1200)), int(ms * 8)
    t = np.arange(count) / 8000
    for hz, level in zip(CAS_HZ, (dbm0 + twist_db / 2, dbm0 - twist_db / 2), strict=True):
        turn = 2 * np.pi * (hz * (1 + offset) * t + rng.uniform())
        wave[begin : begin + count] += peak_of(level) * np.sin(turn)
    if snr_db is not None:
        wave += rng.normal(0, peak_of(dbm0 - snr_db) / np.sqrt(2), len(wave))
    return np.rint(wave).clip(-32768, 32767).astype(np.int16)


def _talk(rng: np.random.Generator, dbm0: float) -> npt.NDArray[np.float64]:
    """Return 400 ms in which somebody talks, of that level."""
    said = speech("en")
    while True:
        at = int(rng.integers(0, len(said) - 3200))
        piece = said[at : at + 3200]
        if dbm0_of(piece) > -35:
            return np.asarray(piece * 10 ** ((dbm0 - dbm0_of(piece)) / 20), np.float64)


def _heard(what: dict[str, float]) -> float:
    rng = np.random.default_rng(7)
    heard = sum(len(CasReceiver().feed(signal(rng, **what))) == 1 for _ in range(TRIALS))
    return 100 * heard / TRIALS


def measure() -> Iterator[Figure]:
    """Measure all rows; then count what is heard in speech."""
    for name, what in (ROWS | REFUSED).items():
        if "speech_dbm0" in what and not len(speech("en")):
            continue
        yield Figure(f"cas_{name}_pct", _heard(what), "%")
    said = [speech(language) for language in LANGUAGES]
    yield Figure("cas_speech_min", sum(len(one) for one in said) / 8000 / 60, "min")
    yield Figure("cas_talkoff", sum(len(CasReceiver().feed(one)) for one in said), "signals")
