# SPDX-License-Identifier: MIT
"""Caller ID by FSK at the limits: messages received whole, of random ones, beside spandsp.

Bell 202 unless named.  ``callerid_false`` counts messages heard in all recorded speech; a
receiver's standards hear it both.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from dsp.callerid import CallerIdStandard, FskReceiver
from tests.accuracy.adsi import Adsi, AdsiStandard
from tests.accuracy.corpus import LANGUAGES, speech
from tests.accuracy.fsk_wave import V23, Line, random_mdmf, spoken
from tests.figure import Figure

TRIALS = 400
FRENCH = replace(Line(), tones=V23)
ROWS = {
    "nominal": Line(),
    "linear": Line(ulaw=False),
    "minus30": Line(dbm0=-30),
    "minus36": Line(dbm0=-36),
    "minus40": Line(dbm0=-40),
    "minus40_ulaw_snr25": Line(dbm0=-40, snr_db=25),
    "minus36_snr12": Line(dbm0=-36, snr_db=12),
    "snr25": Line(snr_db=25),
    "snr12": Line(snr_db=12),
    "snr10": Line(snr_db=10),
    "twist_plus10": Line(twist_db=10),
    "twist_minus10": Line(twist_db=-10),
    "twist6_snr12": Line(dbm0=-30, twist_db=6, snr_db=12),
    "twist_minus6_snr12": Line(dbm0=-30, twist_db=-6, snr_db=12),
    "slow": Line(baud=1188),
    "fast": Line(baud=1212),
    "low": Line(tones=(1188, 2178)),
    "high": Line(tones=(1212, 2222)),
    "call_waiting": Line(seizure_bits=0, mark_bits=80),
    "call_waiting_snr12": Line(seizure_bits=0, mark_bits=80, snr_db=12),
    "few_marks": Line(seizure_bits=0, mark_bits=20),
    "stuffed": Line(stuffed=10),
    "stuffed_snr12": Line(stuffed=10, snr_db=12),
    "v23_minus36": replace(FRENCH, dbm0=-36),
    "v23_minus40": replace(FRENCH, dbm0=-40),
    "v23_snr12": replace(FRENCH, snr_db=12),
    "v23_twist_plus6": replace(FRENCH, twist_db=6),
    "v23_twist_minus6": replace(FRENCH, twist_db=-6),
    "v23_low": replace(FRENCH, tones=(1280.5, 2068.5)),
    "v23_high": replace(FRENCH, tones=(1319.5, 2131.5)),
    "v23_call_waiting": replace(FRENCH, seizure_bits=0, mark_bits=80),
}
"Names of figures: callerid_NAME_pct."


def _row(name: str, line: Line, peer: Adsi | None) -> Figure:
    """Send random messages over a line to both receivers."""
    rng, ours, theirs = np.random.default_rng(42), 0, 0
    is_v23 = line.tones[0] > 1250
    standard = CallerIdStandard.V23 if is_v23 else CallerIdStandard.BELL202
    for _ in range(TRIALS):
        message = random_mdmf(rng)
        pcm = spoken(message, line, rng)
        ours += FskReceiver(standard).feed(pcm) == [message[:-1]]
        if peer:
            heard = peer.receive(pcm, AdsiStandard.CLIP if is_v23 else AdsiStandard.CLASS)
            theirs += heard == [message[:-1]]
    named, value = ("spandsp", 100 * theirs / TRIALS) if peer else (None, None)
    return Figure(f"callerid_{name}_pct", 100 * ours / TRIALS, "%", named, value)


def _false(peer: Adsi | None) -> Iterator[Figure]:
    minutes, ours, theirs = 0.0, 0, 0
    for language in LANGUAGES:
        said = speech(language)
        minutes += len(said) / 8000 / 60
        for standard in (CallerIdStandard.BELL202, CallerIdStandard.V23):
            ours += len(FskReceiver(standard).feed(said))
        theirs += len(peer.receive(said)) if peer else 0
    yield Figure("callerid_speech_min", minutes, "min")
    yield Figure(
        "callerid_false", ours, "messages", "spandsp" if peer else None, theirs if peer else None
    )


def measure() -> Iterator[Figure]:
    """Measure all rows; then what must not be heard."""
    peer = Adsi.load()
    for name, line in ROWS.items():
        yield _row(name, line, peer)
    yield _row("minus48_heard", Line(dbm0=-48.3), peer)
    yield from _false(peer)
