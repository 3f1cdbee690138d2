# SPDX-License-Identifier: MIT
"""Special tones at the limits of level, frequency, time and noise; and what speech is taken for.

Limits are those that the tones' senders have (E.180 and North America's SIT, T.30's CNG and CED,
V.8's ANSam, G.168 clause 7 for reversals), with -40 dBm0 and SNRs of our own.  A row is right when
exactly the kinds that it sends are told.  spandsp, where it has a detector of the kind, hears the
same samples; it has none of SIT.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np

from dsp.pcm import Samples
from dsp.special import Special, SpecialDetector
from tests.accuracy.bursts import Wave
from tests.accuracy.corpus import LANGUAGES, speech
from tests.accuracy.music import music_made, music_on_hold
from tests.accuracy.spandsp import library
from tests.accuracy.special_wave import SITS, answer, calling, in_noise, sit
from tests.figure import Figure

DECLARATIONS: Final = """
typedef void (*report)(void *user, int code, int level, int delay);
void *modem_connect_tones_rx_init(void *s, int kind, report callback, void *user);
int modem_connect_tones_rx(void *s, const int16_t *amp, int samples);
int modem_connect_tones_rx_free(void *s);
"""
TRIALS: Final = 40
QUIET: Final = 40.0
"SNR, dB, where noise is not the question."
MADE_MIN: Final = 20.0

CNG: Final = (Special.CALLING_FAX,) * 2
CED: Final = (Special.ANSWER,)
REVERSED: Final = (Special.ANSWER, Special.REVERSED)
ANSAM: Final = (Special.ANSWER, Special.MODULATED)
ANSAM_REVERSED: Final = (Special.ANSWER, Special.REVERSED, Special.MODULATED)
NOTHING: Final[tuple[Special, ...]] = ()

Make = Callable[[np.random.Generator, float], Wave]
Hear = Callable[[Samples], tuple[Special, ...]]

SIT_ROWS: Final[tuple[tuple[str, float, float, float], ...]] = (
    ("special_sit_0_dbm0_pct", 0.0, 0.0, QUIET),
    ("special_sit_minus40_pct", -40.0, 0.0, 20.0),
    ("special_sit_plus1_pct", -15.0, 0.01, QUIET),
    ("special_sit_minus1_pct", -15.0, -0.01, QUIET),
    ("special_sit_snr15_pct", -15.0, 0.0, 15.0),
    ("special_sit_snr10_pct", -15.0, 0.0, 10.0),
)
"Level, share off, SNR; all five kinds, at each of them."
ROWS: Final[tuple[tuple[str, Make, tuple[Special, ...], float, float], ...]] = (
    ("special_cng_0_dbm0_pct", lambda r, a: calling(r, dbm0=a), CNG, 0.0, QUIET),
    ("special_cng_minus40_pct", lambda r, a: calling(r, dbm0=a), CNG, -40.0, 20.0),
    ("special_cng_plus38_pct", lambda r, a: calling(r, dbm0=a, off_hz=38), CNG, -15.0, 20.0),
    ("special_cng_minus38_pct", lambda r, a: calling(r, dbm0=a, off_hz=-38), CNG, -15.0, 20.0),
    ("special_cng_snr15_pct", lambda r, a: calling(r, dbm0=a), CNG, -15.0, 15.0),
    ("special_cng_snr10_pct", lambda r, a: calling(r, dbm0=a), CNG, -15.0, 10.0),
    (
        "special_cng_300_ms_refused_pct",
        lambda r, a: calling(r, dbm0=a, on_ms=300),
        NOTHING,
        -15.0,
        QUIET,
    ),
    ("special_ced_0_dbm0_pct", lambda r, a: answer(r, dbm0=a), CED, 0.0, QUIET),
    ("special_ced_minus40_pct", lambda r, a: answer(r, dbm0=a), CED, -40.0, 20.0),
    ("special_ced_plus15_pct", lambda r, a: answer(r, dbm0=a, off_hz=15), CED, -15.0, 20.0),
    ("special_ced_minus15_pct", lambda r, a: answer(r, dbm0=a, off_hz=-15), CED, -15.0, 20.0),
    (
        "special_ced_off60_refused_pct",
        lambda r, a: answer(r, dbm0=a, off_hz=60),
        NOTHING,
        -15.0,
        QUIET,
    ),
    ("special_ced_snr10_pct", lambda r, a: answer(r, dbm0=a), CED, -15.0, 10.0),
    (
        "special_reversed_minus31_pct",
        lambda r, a: answer(r, dbm0=a, off_hz=21, period_ms=450),
        REVERSED,
        -31.0,
        20.0,
    ),
    (
        "special_reversed_425_pct",
        lambda r, a: answer(r, dbm0=a, period_ms=425),
        REVERSED,
        -15.0,
        20.0,
    ),
    (
        "special_reversed_475_pct",
        lambda r, a: answer(r, dbm0=a, period_ms=475),
        REVERSED,
        -15.0,
        20.0,
    ),
    (
        "special_reversed_snr10_pct",
        lambda r, a: answer(r, dbm0=a, period_ms=450),
        REVERSED,
        -15.0,
        10.0,
    ),
    (
        "special_reversed_600_refused_pct",
        lambda r, a: answer(r, dbm0=a, period_ms=600),
        CED,
        -15.0,
        QUIET,
    ),
    ("special_ansam_snr10_pct", lambda r, a: answer(r, dbm0=a, depth=0.2), ANSAM, -15.0, 10.0),
    (
        "special_ansam_reversed_snr15_pct",
        lambda r, a: answer(r, dbm0=a, depth=0.2, period_ms=450),
        ANSAM_REVERSED,
        -15.0,
        15.0,
    ),
    (
        "special_ansam_reversed_snr10_pct",
        lambda r, a: answer(r, dbm0=a, depth=0.2, period_ms=450),
        ANSAM_REVERSED,
        -15.0,
        10.0,
    ),
)
"How it is made of a level; what is to be told; the level; the SNR."


def _ours(pcm: Samples) -> tuple[Special, ...]:
    return tuple(SpecialDetector().feed(pcm))


class SpanDsp:
    """The peer: one detector of CNG, one of answer tones with and without reversals."""

    KINDS: Final = (1, 5)
    TOLD: Final = {
        1: (Special.CALLING_FAX,),
        2: CED,
        3: (Special.ANSWER, Special.REVERSED),
        4: ANSAM,
        5: ANSAM_REVERSED,
    }

    def __init__(self, ffi: Any, lib: Any) -> None:
        self._ffi, self._lib = ffi, lib
        self._told: list[Special] = []
        self._report = ffi.callback("report", self._note)

    def _note(self, _user: Any, code: int, _level: int, _delay: int) -> None:
        fresh = self.TOLD.get(code, ())
        once = [kind for kind in fresh if kind not in self._told]
        self._told += fresh if fresh == (Special.CALLING_FAX,) else once

    def hear(self, pcm: Samples) -> tuple[Special, ...]:
        """Return the kinds recognised; of an answer tone, each once."""
        self._told, null = [], self._ffi.NULL
        for kind in self.KINDS:
            state = self._lib.modem_connect_tones_rx_init(null, kind, self._report, null)
            for at in range(0, len(pcm) - 159, 160):
                block = self._ffi.from_buffer("int16_t[]", pcm[at : at + 160])
                self._lib.modem_connect_tones_rx(state, block, 160)
            self._lib.modem_connect_tones_rx_free(state)
        return tuple(self._told)


def _percent(hear: Hear, make: Make, told: tuple[Special, ...], dbm0: float, snr: float) -> float:
    rng, right = np.random.default_rng(11), 0
    for _ in range(TRIALS):
        pcm = in_noise(make(rng, dbm0), dbm0 - snr, rng)
        right += sorted(hear(pcm)) == sorted(told)
    return 100 * right / TRIALS


def _sits() -> Iterator[Figure]:
    for name, dbm0, off, snr in SIT_ROWS:
        shares = []
        for kind in SITS:

            def make(rng: np.random.Generator, level: float, kind: Special = kind) -> Wave:
                return sit(kind, rng, dbm0=level, off=off)  # noqa: B023

            shares.append(_percent(_ours, make, (kind,), dbm0, snr))
        yield Figure(name, sum(shares) / len(shares), "%")


def measure() -> Iterator[Figure]:
    """Measure all rows."""
    loaded = library(DECLARATIONS)
    peer = SpanDsp(*loaded).hear if loaded else None
    named = "spandsp" if peer else None
    yield from _sits()
    for name, make, told, dbm0, snr in ROWS:
        theirs = _percent(peer, make, told, dbm0, snr) if peer else None
        yield Figure(name, _percent(_ours, make, told, dbm0, snr), "%", named, theirs)
    sounds = {
        "speech": [speech(language) for language in LANGUAGES],
        "music": [music_made(MADE_MIN), music_on_hold()],
    }
    for name, heard in sounds.items():
        theirs = sum(len(peer(pcm)) for pcm in heard) if peer else None
        ours = sum(len(_ours(pcm)) for pcm in heard)
        yield Figure(f"special_{name}_false", ours, "kinds", named, theirs)
