# SPDX-License-Identifier: MIT
"""Tones of all countries learned in noise, and recognised by what was learned."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from dsp import Detect, Engine
from dsp.events import EngineEvent, ToneHeard, ToneSegment
from dsp.learn import LearnedTone, learn, plan_from
from dsp.pcm import Samples
from dsp.progress import ProgressDetector, ProgressPlan, plan_of
from dsp.segments import Segment, SegmentAnalyser, SegmentKind
from dsp.tones import COUNTRIES, ToneName, ToneSpec, tone
from tests.accuracy.corpus import LANGUAGES, speech
from tests.dsp.test_progress import HEARD, sound, with_noise
from tests.dsp.test_tones import play

CASES = [(code, name) for code in COUNTRIES for name in HEARD]
LEVELS = (-10.0, -20.0, -30.0)
SILENCE = np.zeros(3000, np.int16)


def line(code: str, name: ToneName, dbm0: float, seed: int = 1) -> Samples:
    """What an office says after a while, by the formula: noise 20 dB below each frequency."""
    pcm = sound(COUNTRIES[code].tones[name], 16, dbm0=dbm0)
    return with_noise(np.concatenate([SILENCE, pcm]), dbm0 - 20, seed)


def generated(code: str, name: ToneName, dbm0: float) -> Samples:
    """The same by the engine's tone generator."""
    spec = COUNTRIES[code].tones[name]
    steps = tuple(replace(step, dbm0=dbm0) if step.hz else step for step in spec.steps)
    pcm = np.concatenate([SILENCE, play(ToneSpec(steps, spec.loop_from), 16)])
    return with_noise(pcm, dbm0 - 20, seed=1)


@cache
def learned(code: str, name: ToneName, dbm0: float) -> LearnedTone | None:
    return learn(name.value, SegmentAnalyser().feed(generated(code, name, dbm0)))


def office(code: str, dbm0: float) -> ProgressPlan:
    """The plan of all that the country's office says."""
    found = [learned(code, name, dbm0) for name in HEARD]
    return plan_from(one for one in found if one)


def recognised(plan: ProgressPlan, pcm: Samples) -> list[str]:
    rest = np.concatenate([pcm, np.zeros(48000, np.int16)])
    return [change.tone for change in ProgressDetector(plan).feed(rest) if change.on]


@pytest.mark.parametrize(("code", "name"), CASES)
@pytest.mark.parametrize("dbm0", LEVELS)
def test_a_tone_is_learned_as_it_is(code: str, name: ToneName, dbm0: float) -> None:
    spec, one = COUNTRIES[code].tones[name], learned(code, name, dbm0)
    assert one
    for i, hz in enumerate(one.pattern.hz):
        sent = [step.hz[i] for step in spec.steps if step.hz]
        assert hz == pytest.approx((min(sent) + max(sent)) / 2, rel=0.005)
    cadence = plan_of(COUNTRIES[code], [name]).templates[0].cadence_ms
    rotations = [cadence[i:] + cadence[:i] for i in range(0, max(1, len(cadence)), 2)]
    assert any(one.pattern.cadence_ms == pytest.approx(turned, abs=25) for turned in rotations)


@pytest.mark.parametrize(("code", "name"), CASES)
@pytest.mark.parametrize("dbm0", LEVELS)
def test_what_was_learned_is_recognised(code: str, name: ToneName, dbm0: float) -> None:
    one = learned(code, name, dbm0)
    assert one
    assert recognised(plan_from([one]), line(code, name, dbm0, seed=2)) == [name.value]


@pytest.mark.parametrize("code", COUNTRIES)
def test_a_whole_office_is_told_apart(code: str) -> None:
    """Of tones that sound the same in this country, one name stands for all."""
    plan = office(code, -20.0)
    for name in HEARD:
        found = recognised(plan, line(code, name, -20.0, seed=3))
        same = [n.value for n in HEARD if _sound_alike(code, n, name)]
        assert found[-1:] in [[n] for n in same]


def _sound_alike(code: str, a: ToneName, b: ToneName) -> bool:
    """Whether two learned tones make one template."""
    both = [one for name in (a, b) if (one := learned(code, name, -20.0))]
    return len(plan_from(both).templates) == 1


def _differ(a: LearnedTone, b: LearnedTone) -> bool:
    """Whether two tones differ clearly: by 6 % of a frequency, in their number, or in a step."""
    steps = a.pattern.cadence_ms, b.pattern.cadence_ms
    hz = a.pattern.hz, b.pattern.hz
    if len(steps[0]) != len(steps[1]) or len(hz[0]) != len(hz[1]):
        return True
    return any(abs(x - y) > 0.06 * min(x, y) for x, y in zip(*hz, strict=True)) or any(
        abs(x - y) > 0.5 * min(x, y) for x, y in zip(*steps, strict=True)
    )


@pytest.mark.parametrize("name", HEARD)
@pytest.mark.parametrize("code", COUNTRIES)
def test_another_country_is_not_taken_for_it(code: str, name: ToneName) -> None:
    one = learned(code, name, -20.0)
    assert one
    plan, taken = plan_from([one]), []
    for other in COUNTRIES:
        theirs = learned(other, name, -20.0)
        assert theirs
        if _differ(one, theirs) and recognised(plan, line(other, name, -20.0)):
            taken.append(other)
    assert taken == []


def test_evidence_says_how_sure_it_is() -> None:
    one = learned("uk", ToneName.RINGBACK, -20.0)
    assert one
    assert one.cycles > 4
    assert one.heard_ms > 12000
    assert one.spread_hz < 1
    assert one.spread_ms <= 20
    assert one.dbm0 == pytest.approx(-17, abs=0.5)


def test_a_slightly_unsteady_office_gets_more_tolerance() -> None:
    steady = learned("au", ToneName.BUSY, -20.0)
    wavering = learned("au", ToneName.REORDER, -20.0)
    assert steady
    assert wavering
    assert wavering.spread_hz == pytest.approx(5, abs=0.5)
    assert wavering.pattern.tolerance > steady.pattern.tolerance


def burst(ms: int, hz: tuple[float, ...] = (425.0,), *, ended: bool = True) -> Segment:
    return Segment(SegmentKind.TONE, ms, hz, -10.0, ended)


def pause(ms: int) -> Segment:
    return Segment(SegmentKind.SILENCE, ms)


def test_a_cadence_needs_a_cycle_and_two_steps() -> None:
    heard = [pause(100), burst(500), pause(500), burst(500), pause(500)]
    one = learn("busy", heard)
    assert one
    assert one.pattern.cadence_ms == (500, 500)
    assert learn("busy", heard[:-1]) is None


def test_it_begins_after_the_longest_pause() -> None:
    cycle = [burst(400), pause(200), burst(400), pause(2000)]
    one = learn("ringback", [pause(9), *(cycle[2:] + cycle[:2]) * 2])
    assert one
    assert one.pattern.cadence_ms == (400, 200, 400, 2000)


def test_listening_may_begin_and_end_within_a_burst() -> None:
    pcm = line("au", ToneName.RINGBACK, -20.0)[3000:]
    for skipped_ms in (30, 200, 340, 400, 940):
        one = learn("ringback", SegmentAnalyser().feed(pcm[8 * skipped_ms : -8 * skipped_ms]))
        assert one
        assert one.pattern.cadence_ms == pytest.approx((400, 200, 400, 2000), abs=25)
        assert one.spread_ms <= 20


def test_an_office_has_one_frequency_if_its_tones_nearly_do() -> None:
    busy = [pause(9), *[burst(500, (424.0,)), pause(500)] * 3]
    tones = [
        learn("dial", [burst(5000, (426.0,))]),
        learn("busy", busy),
        learn("reorder", [pause(9), *[burst(520, (425.0,)), pause(490)] * 3]),
    ]
    plan = plan_from(tone for tone in tones if tone)
    assert [(t.tone, t.hz) for t in plan.templates] == [("dial", (426.0,)), ("busy", (426.0,))]


def test_a_burst_beside_something_else_is_not_whole() -> None:
    other = Segment(SegmentKind.OTHER, 300)
    heard = [pause(100), burst(500), pause(500), burst(500), pause(500)]
    for place in range(2, len(heard)):
        assert learn("busy", [*heard[:place], other, *heard[place:]]) is None


def test_what_goes_on_counts_once() -> None:
    one = learn("dial", [burst(3000, ended=False), burst(6000, ended=False), burst(7000)])
    assert one
    assert (one.pattern.cadence_ms, one.heard_ms) == ((), 7000)


@pytest.mark.parametrize(
    "heard",
    [
        [],
        [pause(5000)],
        [burst(3500)],
        [pause(9), *[burst(500), pause(40)] * 3],
        [pause(9), *[burst(500, (425.0, 435.0)), pause(500)] * 3],
        [pause(9), burst(500), pause(500), burst(700), pause(300), burst(200), pause(900)],
        [pause(9), *[burst(500), pause(500), burst(500, (480.0,)), pause(500)] * 3],
        [pause(9), *[burst(500), pause(500), burst(500, (350.0, 440.0)), pause(500)] * 3],
    ],
    ids=["nothing", "silence", "once", "short", "near", "no cycle", "two tones", "one and a pair"],
)
def test_what_is_no_one_tone_is_not_learned(heard: list[Segment]) -> None:
    assert learn("busy", heard) is None


def test_nothing_is_learned_from_speech_or_noise() -> None:
    noise = with_noise(np.zeros(160000, np.int16), -30, 1)
    for pcm in (noise, *(speech(language)[:480000] for language in LANGUAGES)):
        assert learn("dial", SegmentAnalyser().feed(pcm)) is None


def test_blocks_do_not_matter() -> None:
    pcm = line("uk", ToneName.RINGBACK, -20.0)
    whole, parts = SegmentAnalyser().feed(pcm), SegmentAnalyser()
    assert [s for i in range(0, len(pcm), 37) for s in parts.feed(pcm[i : i + 37])] == whole


def test_the_engine_learns_and_then_recognises() -> None:
    events: list[EngineEvent] = []
    with Engine(threaded=False, timeslots=8) as engine:
        port = engine.open_tone(tone("425 500/500", -12))
        engine.detect(port, Detect.LEARN)
        for _ in range(1000):
            engine.tick()
            events += engine.events()
        one = learn("busy", [e.segment for e in events if isinstance(e, ToneSegment)])
        assert one
        engine.detect(port, Detect.PROGRESS, plan_from([one]))
        for _ in range(1000):
            engine.tick()
            events += engine.events()
    assert [e.tone for e in events if isinstance(e, ToneHeard)] == ["busy"]
