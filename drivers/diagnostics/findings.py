# SPDX-License-Identifier: MIT
"""What was found out about an office line, and which country's office is the nearest.

``nearest(tones)`` compares learned tones with those of ``dsp.tones``.  Countries that send the same
tones (the Netherlands and CTR 21) are told together; nothing is guessed from one tone alone that
others would have to confirm: confidence is the share of the heard tones that are the country's.
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dsp.callerid import CallerIdStandard
from dsp.learn import LearnedTone
from dsp.progress import TonePattern, patterns_of
from dsp.tones import COUNTRIES

__all__ = [
    "CallerIdSeen",
    "HangUpSign",
    "OfficeFindings",
    "Verdict",
    "gain_for",
    "is_same_tone",
    "nearest",
]

SAME_HZ: Final = 0.02
SAME_STEP: Final = 0.12
STEP_GRAIN_MS: Final = 30
LIKE: Final = {"dial": ("dial",), "ringback": ("ringback",), "busy": ("busy", "reorder"),
               "reorder": ("reorder", "busy")}  # fmt: skip
"""What a tone that was heard may be called in the tables: offices mix the last two."""
FAR: Final = 1.0
NOMINAL_DBM0: Final = -10.0
"""Of a whole dial tone where the office is near: ITU-T Q.35, and North America's pair at -13."""
GAIN_STEP_DB: Final = 0.5
LARGEST_GAIN_DB: Final = 6.0
SMALLEST_GAIN_DB: Final = 2.0
"""Lines differ as much from day to day."""


class HangUpSign(enum.Enum):
    """How the office told that the party outside had gone."""

    OPEN_LOOP = "opens the loop"
    REVERSAL = "reverses"
    RESTORED = "puts back the polarity"
    BUSY = "busy tone"
    DIAL = "dial tone"


@dataclass(frozen=True, slots=True)
class CallerIdSeen:
    """How a caller was shown."""

    dtmf: bool
    "By DTMF; else by FSK."
    before_ring: bool
    after_reversal: bool
    "Tip and ring were exchanged before it."
    standard: CallerIdStandard | None = None
    "Of FSK: whose modem; None: not known."


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which office it is."""

    countries: tuple[str, ...]
    "The nearest ones, which send the same as far as heard; none without a tone."
    confidence: float
    "Share of the heard tones that are theirs."
    distance: float = FAR
    "Mean deviation of frequencies and steps; 1: nothing alike."


@dataclass(frozen=True, slots=True)
class OfficeFindings:
    """An office line, as far as it showed itself."""

    tones: tuple[LearnedTone, ...] = ()
    verdict: Verdict = Verdict((), 0.0)
    signs: frozenset[HangUpSign] = frozenset()
    open_loop_ms: int | None = None
    caller_id: CallerIdSeen | None = None
    ringing_ms: tuple[int, ...] = ()
    "On and off times of the first ring or two."
    receive_db: float = 0.0
    "Gain that would bring dial tone to its usual level."
    answer_reversal: bool | None = None
    "Whether tip and ring are exchanged when a call that goes out is answered; None: not tried."
    flash_recall: bool | None = None
    "Whether a flash during a call gives dial tone; None: not tried."
    faults: tuple[str, ...] = ()
    "Sentences a technician acts on."


def is_same_tone(a: TonePattern, b: TonePattern) -> bool:
    """Whether two tones are one, as far as an office keeps its own."""
    return _distance(a, b) < FAR


def nearest(tones: Sequence[LearnedTone]) -> Verdict:
    """Return which country's office sends tones most like these."""
    if not tones:
        return Verdict((), 0.0)
    verdicts = [(_apart(tones, code), code) for code in COUNTRIES]
    (share, distance), _ = min(verdicts)
    best = tuple(code for apart, code in verdicts if _equal(apart, (share, distance)))
    return Verdict(best, -share, distance)


def gain_for(dial: LearnedTone) -> float:
    """Return the gain that brings dial tone to its usual level; 0 where little is amiss."""
    wanted = round((NOMINAL_DBM0 - dial.dbm0) / GAIN_STEP_DB) * GAIN_STEP_DB
    if abs(wanted) < SMALLEST_GAIN_DB:
        return 0.0
    return max(-LARGEST_GAIN_DB, min(LARGEST_GAIN_DB, wanted))


def _apart(tones: Sequence[LearnedTone], code: str) -> tuple[float, float]:
    """Return minus the share of the tones that are the country's, and how far they are off."""
    theirs = patterns_of(COUNTRIES[code])
    off = [
        min(_distance(theirs[name], tone.pattern) for name in LIKE[tone.pattern.name])
        for tone in tones
    ]
    return -sum(each < FAR for each in off) / len(off), sum(off) / len(off)


def _equal(a: tuple[float, float], b: tuple[float, float]) -> bool:
    return a[0] == b[0] and abs(a[1] - b[1]) < 0.005


def _distance(a: TonePattern, b: TonePattern) -> float:
    """Return the mean relative deviation of frequencies and steps, FAR if they are others."""
    if len(a.hz) != len(b.hz) or len(a.cadence_ms) != len(b.cadence_ms):
        return FAR
    turns = range(0, max(1, len(a.cadence_ms)), 2)
    return min(_deviation(a, b.hz, b.cadence_ms[k:] + b.cadence_ms[:k]) for k in turns)


def _deviation(a: TonePattern, hz: tuple[float, ...], cadence_ms: tuple[int, ...]) -> float:
    off_hz = [abs(x - y) / x for x, y in zip(a.hz, hz, strict=True)]
    off_ms = [(abs(x - y), x) for x, y in zip(a.cadence_ms, cadence_ms, strict=True)]
    if max(off_hz) > SAME_HZ or any(off > SAME_STEP * ms + STEP_GRAIN_MS for off, ms in off_ms):
        return FAR
    each = [*off_hz, *(off / ms for off, ms in off_ms)]
    return sum(each) / len(each)
