# SPDX-License-Identifier: MIT
"""MF receivers at their limits, beside spandsp's, which hear the same samples.

Each row sends every signal of R1, R2 forward and R2 backward eight times at random alignment and
phase, and counts those heard as what was sent, once.  A frequency off by 30 Hz, and 17 ms, must not
be heard at all.  The limits are ours.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np

from dsp.mf import MfReceiver, MfStandard
from dsp.pcm import Samples
from tests.accuracy.corpus import LANGUAGES, speech
from tests.accuracy.mf_burst import Burst, said
from tests.accuracy.spandsp import library
from tests.figure import Figure

DECLARATIONS = """
typedef void (*digits)(void *user, const char *digits, int count);
typedef void (*report)(void *user, int code, int level, int delay);
void *bell_mf_rx_init(void *s, digits callback, void *user);
int bell_mf_rx(void *s, const int16_t *amp, int samples);
int bell_mf_rx_free(void *s);
void *r2_mf_rx_init(void *s, int forward, report callback, void *user);
int r2_mf_rx(void *s, const int16_t *amp, int samples);
int r2_mf_rx_free(void *s);
"""
TRIALS: Final = 8

Hear = Callable[[MfStandard, Samples], str]

ROWS: Final = (
    ("mf_0_dbm0_pct", Burst(dbm0=0.0), False),
    ("mf_minus35_dbm0_pct", Burst(dbm0=-35.0), False),
    ("mf_twist7_pct", Burst(twist_db=7.0), False),
    ("mf_twist_minus7_pct", Burst(twist_db=-7.0), False),
    ("mf_off10_hz_pct", Burst(off_hz=10.0), False),
    ("mf_off15_hz_pct", Burst(off_hz=15.0), False),
    ("mf_off30_hz_refused_pct", Burst(off_hz=30.0), True),
    ("mf_snr12_pct", Burst(noise_dbm0=-22.0), False),
    ("mf_snr9_pct", Burst(noise_dbm0=-19.0), False),
    ("mf_35_ms_pct", Burst(on_ms=35.0), False),
    ("mf_30_ms_pct", Burst(on_ms=30.0), False),
    ("mf_20_ms_refused_pct", Burst(on_ms=20.0), True),
    ("mf_17_ms_refused_pct", Burst(on_ms=17.0), True),
    ("mf_break10_ms_pct", Burst(on_ms=100.0, break_ms=10.0), False),
)


def _ours(standard: MfStandard, pcm: Samples) -> str:
    return MfReceiver(standard).keys(pcm)


class SpanDsp:
    """The peer; its blocks are fed 160 samples at a time."""

    def __init__(self, ffi: Any, lib: Any) -> None:
        self._ffi, self._lib = ffi, lib
        self._heard = ""
        self._digits = ffi.callback("digits", self._note_digits)
        self._report = ffi.callback("report", self._note_signal)

    def _note_digits(self, _user: Any, digits: Any, count: int) -> None:
        self._heard += self._ffi.unpack(digits, count).decode("ascii")

    def _note_signal(self, _user: Any, code: int, _level: int, _delay: int) -> None:
        if code > 0:
            self._heard += chr(code)

    def hear(self, standard: MfStandard, pcm: Samples) -> str:
        """Return the signals recognised."""
        null, lib, self._heard = self._ffi.NULL, self._lib, ""
        if standard is MfStandard.R1:
            state, feed = lib.bell_mf_rx_init(null, self._digits, null), lib.bell_mf_rx
            free = lib.bell_mf_rx_free
        else:
            forward = standard is MfStandard.R2_FORWARD
            state, feed = lib.r2_mf_rx_init(null, forward, self._report, null), lib.r2_mf_rx
            free = lib.r2_mf_rx_free
        for at in range(0, len(pcm) - 159, 160):
            feed(state, self._ffi.from_buffer("int16_t[]", pcm[at : at + 160]), 160)
        free(state)
        return self._heard


def _percent(hear: Hear, burst: Burst, *, refused: bool) -> float:
    rng, right, sent = np.random.default_rng(7), 0, 0
    for standard in MfStandard:
        for key in standard.keys * TRIALS:
            right += hear(standard, said(standard, key, burst, rng)) == ("" if refused else key)
            sent += 1
    return 100 * right / sent


def _false(hear: Hear) -> float:
    return sum(len(hear(standard, speech(name))) for standard in MfStandard for name in LANGUAGES)


def measure() -> Iterator[Figure]:
    """Measure all rows."""
    loaded = library(DECLARATIONS)
    peer = SpanDsp(*loaded).hear if loaded else None
    named = "spandsp" if peer else None
    for name, burst, refused in ROWS:
        theirs = _percent(peer, burst, refused=refused) if peer else None
        yield Figure(name, _percent(_ours, burst, refused=refused), "%", named, theirs)
    theirs = _false(peer) if peer else None
    yield Figure("mf_speech_signals", _false(_ours), "signals", named, theirs)
