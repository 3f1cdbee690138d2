# SPDX-License-Identifier: MIT
"""Call progress at its limits: the tones of all countries, beside spandsp's super_tone_rx.

Each row plays every cadenced tone (with ``dial``: every tone) of every country at a random place in
time, phase and alignment, and counts those that are told by their name, and nothing else, before
two cadences are over.  Where a cadence is a part of another one (Spain's busy and congestion) two
of the longer one are allowed.  spandsp hears the same samples, with the same plan, steps +-10 %.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from dsp.levels import peak_of
from dsp.pcm import Samples
from dsp.progress import ProgressDetector, ProgressPlan, ToneTemplate, plan_of
from dsp.tones import COUNTRIES, ToneName, ToneSpec
from tests.accuracy.corpus import LANGUAGES, speech
from tests.accuracy.spandsp import library
from tests.figure import Figure

DECLARATIONS = """
void *super_tone_rx_make_descriptor(void *desc);
int super_tone_rx_free_descriptor(void *desc);
int super_tone_rx_add_tone(void *desc);
int super_tone_rx_add_element(void *desc, int tone, int f1, int f2, int min, int max);
typedef void (*report)(void *user, int code, int level, int delay);
void *super_tone_rx_init(void *s, void *desc, report callback, void *user);
int super_tone_rx_free(void *s);
int super_tone_rx(void *s, const int16_t *amp, int samples);
"""

TRIALS: Final = 4
"Of each tone and row."
LEAD_S: Final = 0.6
SLACK_S: Final = 0.06
"A change is certain after 30 ms, a window fills in 30."
DIAL_S: Final = 2.4
"Within so long a continuous tone must be told."

Hear = Callable[[ProgressPlan, Samples], list[str]]
"Names of the tones recognised."


@dataclass(frozen=True, slots=True)
class Way:
    """How a tone is sent."""

    dbm0: float = -18.0
    "Of each frequency."
    noise_dbm0: float = -55.0
    pitch: float = 1.0
    pace: float = 1.0


def _sound(spec: ToneSpec, seconds: float, way: Way, rng: np.random.Generator) -> Samples:
    """A tone by the formula, behind silence, with noise over all."""
    start, total = round(8000 * LEAD_S) + int(rng.integers(0, 1000)), round(8000 * seconds)
    wave, phases = np.zeros(start + total), rng.uniform(0, 7, 3)
    at, step, time = start, 0, np.arange(start + total) / 8000
    while at < len(wave):
        now = spec.steps[step]
        end = min(len(wave), at + (round(8 * now.duration_ms * way.pace) or total))
        t, peak = time[at:end] - start / 8000, peak_of(way.dbm0)
        for hz, phase in zip(now.hz[:1] if now.modulated else now.hz, phases, strict=False):
            wave[at:end] += peak * np.sin(2 * np.pi * hz * way.pitch * t + phase)
        if now.modulated:
            wave[at:end] *= 1 + 0.85 * np.sin(2 * np.pi * now.hz[1] * t + phases[2])
        at, step = end, step + 1 if step + 1 < len(spec.steps) else spec.loop_from or 0
    wave += rng.normal(0, peak_of(way.noise_dbm0) / np.sqrt(2), len(wave))
    return np.rint(wave).clip(-32768, 32767).astype(np.int16)


def _ours(plan: ProgressPlan, said: Samples) -> list[str]:
    return [change.tone for change in ProgressDetector(plan).feed(said) if change.on]


class SpanDsp:
    """The peer, with one descriptor for each plan."""

    def __init__(self, ffi: Any, lib: Any) -> None:
        self._ffi, self._lib = ffi, lib
        self._descriptors: dict[ProgressPlan, Any] = {}
        self._heard: list[int] = []
        self._report = ffi.callback("report", self._note)

    def _note(self, _user: Any, code: int, _level: int, _delay: int) -> None:
        if code >= 0:
            self._heard.append(code)

    def _describe(self, plan: ProgressPlan) -> Any:
        descriptor = self._lib.super_tone_rx_make_descriptor(self._ffi.NULL)
        for template in plan.templates:
            tone = self._lib.super_tone_rx_add_tone(descriptor)
            for hz, least, most in _elements(template):
                pair = [round(f) for f in (*hz, 0.0, 0.0)[:2]]
                self._lib.super_tone_rx_add_element(descriptor, tone, *pair, least, most)
        return descriptor

    def hear(self, plan: ProgressPlan, said: Samples) -> list[str]:
        """Return the names of the tones recognised."""
        if plan not in self._descriptors:
            self._descriptors[plan] = self._describe(plan)
        self._heard = []
        state = self._lib.super_tone_rx_init(
            self._ffi.NULL, self._descriptors[plan], self._report, self._ffi.NULL
        )
        for at in range(0, len(said) - 159, 160):
            block = self._ffi.from_buffer("int16_t[]", said[at : at + 160])
            self._lib.super_tone_rx(state, block, 160)
        self._lib.super_tone_rx_free(state)
        return [plan.templates[code].tone for code in self._heard]


def _elements(template: ToneTemplate) -> list[tuple[tuple[float, ...], int, int]]:
    if not template.cadence_ms:
        return [(template.hz, max(1000, template.confirm_ms), 0)]
    return [
        (template.hz if i % 2 == 0 else (), ms * 9 // 10, ms * 11 // 10)
        for i, ms in enumerate(template.cadence_ms)
    ]


def _allowed_s(template: ToneTemplate, plan: ProgressPlan) -> float:
    """Two cadences; of one that is a part of another, two of that."""
    if not template.cadence_ms:
        return DIAL_S
    mine = template.cadence_ms
    longer = [
        other.cadence_ms
        for other in plan.templates
        if other.hz == template.hz and other.cadence_ms[: len(mine)] == mine
    ]
    return 2 * max(sum(cadence) for cadence in longer) / 1000


def _cases(names: Sequence[ToneName]) -> Iterator[tuple[ProgressPlan, ToneTemplate, ToneSpec]]:
    for country in COUNTRIES.values():
        plan = plan_of(country)
        for template in plan.templates:
            if template.tone in names:
                yield plan, template, country.tones[ToneName(template.tone)]


CADENCED: Final = (ToneName.RINGBACK, ToneName.BUSY, ToneName.REORDER)
ALL: Final = (ToneName.DIAL, *CADENCED)


def _percent(hear: Hear, way: Way, names: Sequence[ToneName], *, refused: bool = False) -> float:
    rng, right, sent = np.random.default_rng(5), 0, 0
    for plan, template, spec in _cases(names):
        seconds = _allowed_s(template, plan) * way.pace + SLACK_S
        for _ in range(TRIALS):
            heard = hear(plan, _sound(spec, seconds, way, rng))
            right += heard == ([] if refused else [template.tone])
            sent += 1
    return 100 * right / sent


def _false(hear: Hear) -> float:
    """What is recognised in people's speech, with the plans of all countries."""
    plans = {plan_of(country) for country in COUNTRIES.values()}
    return sum(len(hear(plan, speech(name))) for plan in plans for name in LANGUAGES)


ROWS: Final[tuple[tuple[str, Way, Sequence[ToneName], bool], ...]] = (
    ("progress_cadence_snr15_pct", Way(noise_dbm0=-33), CADENCED, False),
    ("progress_dial_snr15_pct", Way(noise_dbm0=-33), (ToneName.DIAL,), False),
    ("progress_cadence_snr10_pct", Way(noise_dbm0=-28), CADENCED, False),
    ("progress_0_dbm0_pct", Way(dbm0=-3.0), ALL, False),
    ("progress_minus40_dbm0_pct", Way(dbm0=-40.0, noise_dbm0=-65), ALL, False),
    ("progress_plus2_pct", Way(pitch=1.02), ALL, False),
    ("progress_minus2_pct", Way(pitch=0.98), ALL, False),
    ("progress_plus4_refused_pct", Way(pitch=1.04), ALL, True),
    ("progress_minus4_refused_pct", Way(pitch=0.96), ALL, True),
    ("progress_pace_plus10_pct", Way(pace=1.1), CADENCED, False),
    ("progress_pace_minus10_pct", Way(pace=0.9), CADENCED, False),
)


def measure() -> Iterator[Figure]:
    """Measure all rows."""
    loaded = library(DECLARATIONS)
    peer = SpanDsp(*loaded).hear if loaded else None
    named = "spandsp" if peer else None
    for name, way, tones, refused in ROWS:
        ours = _percent(_ours, way, tones, refused=refused)
        theirs = _percent(peer, way, tones, refused=refused) if peer else None
        yield Figure(name, ours, "%", named, theirs)
    minutes = sum(len(speech(language)) for language in LANGUAGES) / 8000 / 60
    yield Figure("progress_speech_min", minutes, "min")
    theirs = _false(peer) if peer else None
    yield Figure("progress_speech_false", _false(_ours), "tones", named, theirs)
