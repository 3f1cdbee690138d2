# SPDX-License-Identifier: MIT
"""Call-progress tones heard: plans of what to recognise, and the engine's detector on arrays.

``plan_of(COUNTRIES["us"])`` is what ``Engine.detect`` listens with;
``ProgressDetector(plan).feed(pcm)`` is the same detector for tools and tests.  It does not learn
tones (see ``dsp.learn``), and does not tell SIT, fax or speech.
"""

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from dsp.errors import EngineArgumentError
from dsp.native import check, ffi, lib
from dsp.pcm import Samples, pointer
from dsp.tones import Country, ToneName, ToneSpec

__all__ = [
    "ProgressDetector",
    "ProgressPlan",
    "ToneChange",
    "TonePattern",
    "ToneTemplate",
    "patterns_of",
    "plan_for",
    "plan_of",
]

MAX_TEMPLATES: Final[int] = lib.AW_PROGRESS_TEMPLATES
MAX_STEPS: Final[int] = lib.AW_PROGRESS_STEPS
HEARD: Final = (ToneName.DIAL, ToneName.RINGBACK, ToneName.BUSY, ToneName.REORDER)
"What an office says to one who calls."

TOLERANCE: Final = 0.025
"Of frequencies: 2 % is taken with certainty, 3 % refused."
FAST_MS: Final = 300
"After so long a continuous tone is certain, if no cadenced one has the same frequencies."
LONG_CYCLE_MS: Final = 2500
"A cadence as long as this is recognised after one cycle, shorter ones a step later."
MAX_CONFIRM_STEPS: Final = 12
MAX_TOLERANCE: Final = 0.05


@dataclass(frozen=True, slots=True)
class ToneTemplate:
    """One tone to be recognised."""

    tone: str
    "Its name, as in the events."
    hz: tuple[float, ...]
    "One frequency, or two at least 20 Hz apart; 200 to 2500."
    cadence_ms: tuple[int, ...] = ()
    "On, off, on, off ..., each 60 to 15000 and +-10 %; none: continuous."
    confirm_ms: int = FAST_MS
    "Continuous: recognised after so long, 80 to 5000."
    confirm_steps: int = 3
    "Cadenced: recognised after so many whole steps, 2 to 12."
    tolerance: float = TOLERANCE
    "Of the frequencies, as a share: 0.002 to 0.05."

    def __post_init__(self) -> None:
        """Refuse what the detector can't recognise.

        Raises:
            EngineArgumentError: a value is out of its range.
        """
        for right, problem in (
            (
                len(self.hz) in {1, 2} and all(200 <= hz <= 2500 for hz in self.hz),
                f"frequencies {self.hz}: allowed are one or two, 200 to 2500 Hz",
            ),
            (len(self.hz) < 2 or abs(self.hz[0] - self.hz[-1]) >= 20, "pairs: 20 Hz apart or more"),
            (
                len(self.cadence_ms) <= MAX_STEPS and len(self.cadence_ms) % 2 == 0,
                f"{len(self.cadence_ms)} steps: allowed are 0 to {MAX_STEPS}, an even number",
            ),
            (all(60 <= ms <= 15000 for ms in self.cadence_ms), "steps: 60 to 15000 ms"),
            (80 <= self.confirm_ms <= 5000, "confirm_ms: 80 to 5000"),
            (2 <= self.confirm_steps <= MAX_CONFIRM_STEPS, "confirm_steps: 2 to 12"),
            (0.002 <= self.tolerance <= MAX_TOLERANCE, "tolerance: 0.002 to 0.05"),
        ):
            if not right:
                raise EngineArgumentError(f"tone {self.tone!r}: {problem}")


@dataclass(frozen=True, slots=True)
class ProgressPlan:
    """What a country's (or a learned) office says."""

    templates: tuple[ToneTemplate, ...]

    def __post_init__(self) -> None:
        """Refuse what the detector can't recognise.

        Raises:
            EngineArgumentError: there are no or too many templates.
        """
        if not 1 <= len(self.templates) <= MAX_TEMPLATES:
            raise EngineArgumentError(
                f"{len(self.templates)} templates: allowed are 1 to {MAX_TEMPLATES}"
            )

    def native(self, id_of: Callable[[str], int]) -> Any:
        """Return the ``aw_progress_plan *`` that says the same; ``id_of`` numbers the tones."""
        plan = ffi.new("aw_progress_plan *")
        plan.count = len(self.templates)
        for slot, template in zip(plan.templates, self.templates, strict=False):
            slot.id = id_of(template.tone)
            slot.tolerance = template.tolerance
            slot.steps = len(template.cadence_ms)
            slot.confirm_ms = template.confirm_ms
            slot.confirm_steps = template.confirm_steps
            for i, hz in enumerate(template.hz):
                slot.hz[i] = hz
            for i, ms in enumerate(template.cadence_ms):
                slot.step_ms[i] = ms
        return plan


def _cadence_of(spec: ToneSpec) -> tuple[int, ...]:
    """Return the shortest cycle of a tone; none if it is continuous."""
    cadence = tuple(step.duration_ms for step in spec.steps)
    if cadence == (0,):
        return ()
    for length in range(2, len(cadence), 2):
        if cadence == cadence[:length] * (len(cadence) // length):
            return cadence[:length]
    return cadence


def _pattern_of(name: str, spec: ToneSpec) -> "TonePattern":
    """Return what the detector hears of a tone: a modulated one is its carrier.

    Where it changes slightly from burst to burst (Australia's congestion), the middle.
    """
    sounding = [step.hz[:1] if step.modulated else step.hz for step in spec.steps if step.hz]
    patterns = [TonePattern(name, hz, _cadence_of(spec)) for hz in sounding]
    return functools.reduce(TonePattern.between, patterns)


def _alike(a_ms: int, b_ms: int) -> bool:
    """Whether a step of b might be taken for one of a: the detector's slack and a hop more."""
    return abs(a_ms - b_ms) <= a_ms * 0.1 + 30


def _confusable(a: tuple[int, ...], b: tuple[int, ...], steps: int) -> bool:
    """Whether so many successive steps of b may look like a."""
    return any(
        all(_alike(a[(i + k) % len(a)], b[(j + k) % len(b)]) for k in range(steps))
        for i in range(len(a))
        for j in range(i % 2, len(b), 2)
    )


def _confirm_steps(cadence: tuple[int, ...], others: Iterable[tuple[int, ...]]) -> int:
    least = len(cadence) + (sum(cadence) < LONG_CYCLE_MS)
    rivals = [other for other in others if other and other != cadence]
    for steps in range(least, MAX_CONFIRM_STEPS):
        if not any(_confusable(cadence, rival, steps) for rival in rivals):
            return steps
    return MAX_CONFIRM_STEPS


def _confirm_ms(others: Iterable[tuple[int, ...]]) -> int:
    """Longer than any burst of the same frequencies may last."""
    longest = max((ms for other in others for ms in other[::2]), default=0)
    return max(FAST_MS, longest * 115 // 100 + 50)


@dataclass(frozen=True, slots=True)
class TonePattern:
    """What tells a tone from others."""

    name: str
    hz: tuple[float, ...]
    cadence_ms: tuple[int, ...]
    "None: continuous."
    tolerance: float = TOLERANCE
    least_ms: int = FAST_MS
    "Continuous: to be recognised no sooner."
    least_steps: int = 2
    "Cadenced: to be recognised after no fewer steps."

    def sounds_like(self, other: "TonePattern") -> bool:
        """Whether the detector could not tell them apart."""
        return (
            self.cadence_ms == other.cadence_ms
            and len(self.hz) == len(other.hz)
            and all(abs(a - b) <= a * TOLERANCE for a, b in zip(self.hz, other.hz, strict=True))
        )

    def between(self, other: "TonePattern") -> "TonePattern":
        """Return this pattern with frequencies, and a tolerance of them, that suit both."""
        both = [(*a, *b) for a, b in zip(self._spans(), other._spans(), strict=True)]
        middles = tuple((min(span) + max(span)) / 2 for span in both)
        wander = max(max(span) / hz - 1 for span, hz in zip(both, middles, strict=True))
        return replace(self, hz=middles, tolerance=min(TOLERANCE + wander, MAX_TOLERANCE))

    def lasting(self, seconds: float) -> "TonePattern":
        """Return this pattern, to be recognised only when it has sounded for about so long."""
        steps, heard_ms = 0, 0.0
        while self.cadence_ms and heard_ms < seconds * 1000 and steps < MAX_CONFIRM_STEPS:
            heard_ms += self.cadence_ms[steps % len(self.cadence_ms)]
            steps += 1
        return replace(self, least_ms=round(seconds * 1000), least_steps=max(2, steps))

    def _spans(self) -> list[tuple[float, float]]:
        """Return how low and how high each frequency is sent."""
        wander = max(self.tolerance - TOLERANCE, 0.0)
        return [(hz * (1 - wander), hz * (1 + wander)) for hz in self.hz]


def plan_of(country: Country, names: Iterable[ToneName] = HEARD) -> ProgressPlan:
    """Return what to listen for in a country."""
    return plan_for(patterns_of(country, names).values())


def patterns_of(country: Country, names: Iterable[ToneName] = HEARD) -> dict[str, TonePattern]:
    """Return a country's tones as the detector knows them, by their names."""
    return {name.value: _pattern_of(name.value, country.tones[name]) for name in names}


def plan_for(tones: Iterable[TonePattern]) -> ProgressPlan:
    """Return what to listen for to tell these tones.

    Of tones that sound the same (Japan's busy and reorder) only the first one is told.
    """
    patterns: list[TonePattern] = []
    for new in tones:
        for place, known in enumerate(patterns):
            if known.sounds_like(new):
                patterns[place] = known.between(new)
                break
        else:
            patterns.append(new)
    return ProgressPlan(tuple(_template(pattern, patterns) for pattern in patterns))


def _template(pattern: TonePattern, patterns: list[TonePattern]) -> ToneTemplate:
    others = [other.cadence_ms for other in patterns if other.hz == pattern.hz]
    if not pattern.cadence_ms:
        ms = max(_confirm_ms(others), pattern.least_ms)
        return ToneTemplate(pattern.name, pattern.hz, confirm_ms=ms, tolerance=pattern.tolerance)
    steps = max(_confirm_steps(pattern.cadence_ms, others), pattern.least_steps)
    return ToneTemplate(
        pattern.name,
        pattern.hz,
        pattern.cadence_ms,
        confirm_steps=steps,
        tolerance=pattern.tolerance,
    )


@dataclass(frozen=True, slots=True)
class ToneChange:
    """A tone of the plan was recognised (``on``), or is no longer there."""

    tone: str
    on: bool


class ProgressDetector:
    """The engine's call-progress detector on arrays."""

    def __init__(self, plan: ProgressPlan) -> None:
        self._tones: Final = [template.tone for template in plan.templates]
        out = ffi.new("aw_progress **")
        check(lib.aw_progress_new(out, plan.native(self._tones.index)), "progress plan")
        self._detector = ffi.gc(out[0], lib.aw_progress_free)

    def feed(self, pcm: Samples) -> list[ToneChange]:
        """Take samples, and return what was recognised or has ended in them."""
        pcm = np.ascontiguousarray(pcm)
        room = 2 + len(pcm) // 40
        found = ffi.new("aw_progress_event[]", room)
        count = lib.aw_progress_feed(self._detector, pointer(pcm), len(pcm), found, room)
        return [ToneChange(self._tones[e.id], bool(e.on)) for e in found[0:count]]
