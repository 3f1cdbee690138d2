# SPDX-License-Identifier: MIT
"""Plans learned from an office line: ``learn("dial", segments)`` and ``plan_from(learned)``.

Listen with ``Detect.LEARN`` while the office says one thing (off hook: dial tone; dialling one's
own number: busy), give the segments to ``learn``, and what comes of several tones to
``plan_from``; ``Engine.detect`` then recognises them.  Four seconds of a continuous tone,
or a whole cycle and two steps more, are enough.  It does not know what a tone means: the caller
names it, and leaves out what was heard before (the dial tone, one's own digits).
"""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from dsp.progress import LONG_CYCLE_MS, MAX_STEPS, TOLERANCE, ProgressPlan, TonePattern, plan_for
from dsp.segments import Segment, SegmentKind

__all__ = ["LearnedTone", "learn", "plan_from"]

CONTINUOUS_MS: Final = 4000
"No office's burst is as long: what sounds so long is continuous."
STEP_OFF: Final = 0.1
"Share by which steps of one cadence may differ ..."
STEP_GRAIN_MS: Final = 20
"... and this much more: the segments' grain at either edge."
MIN_STEPS: Final = 2
"Steps beyond the first cycle that must be as they were in it."
GRID_MS: Final = 5
MIN_STEP_MS: Final = 60
"The detector takes no shorter step ..."
MAX_STEP_MS: Final = 15000
"... and no longer one ..."
MIN_APART_HZ: Final = 20
"... and no nearer pair."
SAME_HZ: Final = 0.02
"Share by which bursts of one tone may differ (Australia's congestion: 1.2 %)."
ONE_HZ: Final = 0.01
"Share by which two tones of an office may differ, and still be meant to be of one frequency."
LEAST_MS: Final = 1000
"An office may say what nobody has heard yet: longer than the bursts of Italy's dial tone."
LEAST_STEPS: Final = 6
"For the same reason, of short cycles: Spain's congestion has five steps that are its busy tone's."
MAX_TOLERANCE: Final = 0.05


@dataclass(frozen=True, slots=True)
class LearnedTone:
    """What was heard of one tone, and how sure that is."""

    pattern: TonePattern
    dbm0: float
    "Median of its bursts."
    heard_ms: int
    "All that it was learned from, pauses included."
    cycles: float
    "Of its cadence; continuous: 1."
    spread_hz: float
    "Between its lowest and its highest burst, the wider one of a pair."
    spread_ms: int
    "The most that a step was off the cadence."


def learn(name: str, segments: Iterable[Segment]) -> LearnedTone | None:
    """Return the tone that the segments (oldest first) are of; None if they are no one tone."""
    heard = _settled(segments)
    lasting = [one for one in _tones(heard) if one.duration_ms >= CONTINUOUS_MS]
    whole = lasting[-1:] or _whole(heard)
    hz = _frequencies(_tones(whole))
    cadence = () if lasting else _cadence(whole)
    if not hz or not (lasting or cadence):
        return None
    return _learned(name, hz, cadence, whole)


def plan_from(learned: Iterable[LearnedTone]) -> ProgressPlan:
    """Return what to listen for to tell the tones; of those that sound the same, the first.

    Frequencies that differ by less than the grain of an office's tones are taken as one, since the
    detector tells by its nearest one what it hears.
    """
    patterns: list[TonePattern] = []
    for tone in learned:
        known = next((p for p in patterns if _same_hz(p, tone.pattern)), tone.pattern)
        new = replace(tone.pattern, hz=known.hz)
        if not any(p.hz == new.hz and _same_cadence(p, new) for p in patterns):
            patterns.append(new)
    return plan_for(patterns)


def _same_hz(a: TonePattern, b: TonePattern) -> bool:
    pairs = zip(a.hz, b.hz, strict=False)
    return len(a.hz) == len(b.hz) and all(abs(x - y) <= ONE_HZ * x for x, y in pairs)


def _same_cadence(a: TonePattern, b: TonePattern) -> bool:
    pairs = zip(a.cadence_ms, b.cadence_ms, strict=False)
    return len(a.cadence_ms) == len(b.cadence_ms) and all(_alike(x, y) for x, y in pairs)


def _settled(segments: Iterable[Segment]) -> list[Segment]:
    """Without what was told on the way: a segment that goes on is told again, longer."""
    settled: list[Segment] = []
    for segment in segments:
        if settled and not settled[-1].ended:
            settled.pop()
        settled.append(segment)
    return settled


def _tones(heard: Iterable[Segment]) -> list[Segment]:
    return [segment for segment in heard if segment.kind is SegmentKind.TONE]


def _frequencies(tones: Sequence[Segment]) -> tuple[float, ...]:
    """Return the middle of each frequency; () unless all bursts are of one tone."""
    if not tones or len({len(tone.hz) for tone in tones}) != 1:
        return ()
    columns = list(zip(*(tone.hz for tone in tones), strict=True))
    if any(max(column) - min(column) > SAME_HZ * min(column) for column in columns):
        return ()
    hz = tuple(round((min(column) + max(column)) / 2, 1) for column in columns)
    return hz if len(hz) == 1 or hz[1] - hz[0] >= MIN_APART_HZ else ()


def _whole(heard: Sequence[Segment]) -> list[Segment]:
    """Return the longest run of whole tones and pauses in turn."""
    runs: list[list[Segment]] = [[]]
    for before, segment, after in zip(heard, heard[1:], [*heard[2:], None], strict=False):
        edges = {before.kind, segment.kind, after.kind if after else before.kind}
        if not segment.ended or edges != {SegmentKind.TONE, SegmentKind.SILENCE}:
            runs.append([])
        else:
            runs[-1].append(segment)
    return max(runs, key=len)


def _alike(a_ms: int, b_ms: int) -> bool:
    return abs(a_ms - b_ms) <= STEP_OFF * min(a_ms, b_ms) + STEP_GRAIN_MS


def _cadence(whole: Sequence[Segment]) -> tuple[int, ...]:
    """Return the shortest cycle that repeats, from after its longest pause on; none: ()."""
    steps = [segment.duration_ms for segment in whole]
    if not steps or min(steps) < MIN_STEP_MS or max(steps) > MAX_STEP_MS:
        return ()
    pause = int(whole[0].kind is SegmentKind.TONE)  # the first one's place
    for length in range(2, min(MAX_STEPS, len(steps) - MIN_STEPS) + 1, 2):
        columns = [steps[i::length] for i in range(length)]
        if all(_alike(min(column), max(column)) for column in columns):
            cycle = [_on_grid(statistics.median(column)) for column in columns]
            first = max(range(pause, length, 2), key=cycle.__getitem__) + 1
            return (*cycle[first:], *cycle[:first])
    return ()


def _on_grid(ms: float) -> int:
    return round(ms / GRID_MS) * GRID_MS


def _learned(
    name: str,
    hz: tuple[float, ...],
    cadence: tuple[int, ...],
    whole: Sequence[Segment],
) -> LearnedTone:
    tones, steps = _tones(whole), [segment.duration_ms for segment in whole]
    columns = zip(*(tone.hz for tone in tones), strict=True)
    spread_hz = max(max(column) - min(column) for column in columns)
    tolerance = min(MAX_TOLERANCE, TOLERANCE + spread_hz / 2 / hz[0])
    return LearnedTone(
        TonePattern(name, hz, cadence, tolerance, LEAST_MS, _least_steps(cadence)),
        dbm0=statistics.median(tone.dbm0 for tone in tones),
        heard_ms=sum(steps),
        cycles=len(steps) / len(cadence) if cadence else 1.0,
        spread_hz=spread_hz,
        spread_ms=_spread_ms(steps, len(cadence)),
    )


def _least_steps(cadence: tuple[int, ...]) -> int:
    return LEAST_STEPS if sum(cadence) < LONG_CYCLE_MS else len(cadence)


def _spread_ms(steps: Sequence[int], length: int) -> int:
    """Return the most that a step was off the middle one of its place in the cadence."""
    columns = [steps[i::length] for i in range(length)]  # a continuous tone has none
    return round(max((abs(ms - statistics.median(c)) for c in columns for ms in c), default=0))
