# SPDX-License-Identifier: MIT
"""Call-progress tones of all countries, told apart, in noise, and at their tolerances."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from dsp.errors import EngineArgumentError
from dsp.levels import peak_of
from dsp.pcm import Samples
from dsp.progress import ProgressDetector, ProgressPlan, ToneChange, ToneTemplate, plan_of
from dsp.tones import COUNTRIES, ToneName, ToneSpec, tone

HEARD = [ToneName.DIAL, ToneName.RINGBACK, ToneName.BUSY, ToneName.REORDER]
CASES = [(code, name) for code in COUNTRIES for name in HEARD]


def sound(
    spec: ToneSpec,
    seconds: float,
    *,
    pitch: float = 1.0,
    pace: float = 1.0,
    dbm0: float | None = None,
) -> Samples:
    """A tone by the formula, not by the engine's generator."""
    pieces: list[npt.NDArray[np.float64]] = []
    step, total = 0, round(8000 * seconds)
    start = 0
    while start < total:
        now = spec.steps[step]
        count = round(8 * now.duration_ms * pace) or total
        t = np.arange(start, start + count) / 8000
        amplitude = peak_of(now.dbm0 if dbm0 is None else dbm0)
        waves = [amplitude * np.sin(2 * np.pi * hz * pitch * t) for hz in now.hz]
        if now.modulated:
            waves = [waves[0] * (1 + 0.85 * np.sin(2 * np.pi * now.hz[1] * t))]
        pieces.append(np.sum([np.zeros(count), *waves], axis=0))
        start += count
        step = step + 1 if step + 1 < len(spec.steps) else spec.loop_from or 0
    return samples(np.concatenate(pieces)[:total])


def samples(wave: npt.NDArray[np.float64]) -> Samples:
    return np.rint(wave).clip(-32768, 32767).astype(np.int16)


def with_noise(pcm: Samples, dbm0: float, seed: int) -> Samples:
    noise = np.random.default_rng(seed).normal(0, peak_of(dbm0) / np.sqrt(2), len(pcm))
    return samples(pcm + noise)


def heard(code: str, pcm: Samples, rest_s: float = 6.0) -> list[ToneChange]:
    silence = np.zeros(8000, np.int16)
    pcm = np.concatenate([silence[:2345], pcm, np.resize(silence, int(8000 * rest_s))])
    return ProgressDetector(plan_of(COUNTRIES[code])).feed(pcm)


def told(code: str, name: ToneName) -> str:
    """What the plan calls a tone: where two sound the same, by the first one's name."""
    spec = COUNTRIES[code].tones[name]
    same = [n for n in HEARD if COUNTRIES[code].tones[n] == spec]
    return "busy" if (code, name) == ("au", ToneName.REORDER) else same[0].value


@pytest.mark.parametrize(("code", "name"), CASES)
def test_a_tone_is_recognised_wherever_in_a_hop_it_begins(code: str, name: ToneName) -> None:
    """Bursts that begin and end at the peak of their beat, at a hop's border, are the hardest."""
    pcm = sound(COUNTRIES[code].tones[name], 12.0)
    for begins in range(0, 80, 20):
        silence = np.zeros(8000 + begins, np.int16)
        changes = ProgressDetector(plan_of(COUNTRIES[code])).feed(np.concatenate([silence, pcm]))
        assert [each.tone for each in changes if each.on] == [told(code, name)]


@pytest.mark.parametrize(("code", "name"), CASES)
def test_each_tone_is_recognised_once_and_ends(code: str, name: ToneName) -> None:
    pcm = sound(COUNTRIES[code].tones[name], 13)
    assert heard(code, pcm) == [
        ToneChange(told(code, name), True),
        ToneChange(told(code, name), False),
    ]


@pytest.mark.parametrize(("code", "name"), CASES)
def test_in_noise_15_db_under_each_tone(code: str, name: ToneName) -> None:
    spec = COUNTRIES[code].tones[name]
    pcm = with_noise(sound(spec, 13, dbm0=-20), -35, seed=len(code) + HEARD.index(name))
    assert [c.tone for c in heard(code, pcm) if c.on] == [told(code, name)]


@pytest.mark.parametrize(("code", "name"), [case for case in CASES if case[0] in {"us", "au"}])
@pytest.mark.parametrize("pitch", [0.98, 1.02])
def test_two_percent_off_is_taken(code: str, name: ToneName, pitch: float) -> None:
    pcm = sound(COUNTRIES[code].tones[name], 13, pitch=pitch)
    assert [c.tone for c in heard(code, pcm) if c.on] == [told(code, name)]


def one_tone(hz: tuple[float, ...], cadence_ms: tuple[int, ...] = ()) -> ProgressDetector:
    """A detector that knows nothing but this."""
    return ProgressDetector(ProgressPlan((ToneTemplate("tone", hz, cadence_ms),)))


def steady(notation: str, seconds: float = 4.0, dbm0: float = -18.0) -> Samples:
    return sound(tone(notation, dbm0), seconds)


@pytest.mark.parametrize(
    ("hz", "theirs"),
    [
        ((440.0,), "350+440"),
        ((440.0,), "440+480"),
        ((400.0,), "400+450"),
        ((425.0,), "413+438"),
        ((413.0, 438.0), "425"),
        ((413.0, 438.0), "425x25"),
        ((350.0, 440.0), "440"),
    ],
)
def test_a_tone_alone_is_not_a_pair_that_holds_it(hz: tuple[float, ...], theirs: str) -> None:
    assert one_tone(hz).feed(steady(theirs)) == []
    bursts = steady(theirs + " 400/400")
    assert one_tone(hz, (400, 400)).feed(bursts) == []


@pytest.mark.parametrize("theirs", ["425", "425x15", "425x25"])
def test_a_modulated_tone_is_its_carrier(theirs: str) -> None:
    assert [change.on for change in one_tone((425.0,)).feed(steady(theirs))] == [True]


@pytest.mark.parametrize("apart_db", [0.0, 3.0, 6.0])
@pytest.mark.parametrize("pitch", [0.98, 1.0, 1.02])
def test_a_close_pair_beats_though_its_levels_differ(apart_db: float, pitch: float) -> None:
    t = np.arange(32000) / 8000
    low, high = (peak_of(dbm0) for dbm0 in (-18.0, -18.0 - apart_db))
    wave = low * np.sin(2 * np.pi * 413 * pitch * t) + high * np.sin(2 * np.pi * 438 * pitch * t)
    noisy = with_noise(samples(wave), -33, seed=7)
    assert [change.on for change in one_tone((413.0, 438.0)).feed(noisy)] == [True]


@pytest.mark.parametrize("name", HEARD)
@pytest.mark.parametrize("pitch", [0.96, 1.04])
def test_four_percent_off_is_refused(name: ToneName, pitch: float) -> None:
    assert heard("us", sound(COUNTRIES["us"].tones[name], 13, pitch=pitch)) == []


@pytest.mark.parametrize("name", HEARD[1:])
@pytest.mark.parametrize("pace", [0.9, 1.1])
@pytest.mark.parametrize("code", ["us", "de", "uk"])
def test_a_cadence_ten_percent_off_is_taken(code: str, name: ToneName, pace: float) -> None:
    pcm = sound(COUNTRIES[code].tones[name], 14, pace=pace)
    assert [c.tone for c in heard(code, pcm) if c.on] == [name.value]


@pytest.mark.parametrize("name", [ToneName.RINGBACK, ToneName.BUSY])
@pytest.mark.parametrize("pace", [0.8, 1.25])
def test_a_cadence_a_fifth_off_is_refused(name: ToneName, pace: float) -> None:
    assert heard("us", sound(COUNTRIES["us"].tones[name], 16, pace=pace)) == []


@pytest.mark.parametrize("dbm0", [0.0, -40.0])
def test_loud_and_quiet_tones(dbm0: float) -> None:
    for name in HEARD:
        pcm = sound(COUNTRIES["us"].tones[name], 13, dbm0=dbm0 - 3)
        assert [c.tone for c in heard("us", pcm) if c.on] == [name.value]


def test_a_quiet_modulated_tone_is_not_cut_up_by_its_troughs() -> None:
    pcm = sound(COUNTRIES["jp"].tones[ToneName.RINGBACK], 13, dbm0=-40)
    assert [c.tone for c in heard("jp", pcm) if c.on] == ["ringback"]


def test_dial_tone_is_told_within_a_third_of_a_second() -> None:
    detector = ProgressDetector(plan_of(COUNTRIES["us"]))
    pcm = sound(COUNTRIES["us"].tones[ToneName.DIAL], 1)
    assert detector.feed(pcm[: 8 * 340]) == [ToneChange("dial", True)]


def test_busy_follows_dial_tone_without_a_gap() -> None:
    tones = COUNTRIES["us"].tones
    pcm = np.concatenate([sound(tones[ToneName.DIAL], 1), sound(tones[ToneName.BUSY], 4)])
    changes = [(c.tone, c.on) for c in heard("us", pcm)]
    assert changes == [("dial", True), ("dial", False), ("busy", True), ("busy", False)]


def test_a_short_dropout_is_bridged() -> None:
    pcm = sound(COUNTRIES["us"].tones[ToneName.DIAL], 2)
    pcm[8000:8120] = 0  # 15 ms
    assert [c.on for c in heard("us", pcm)] == [True, False]


def test_a_tone_is_only_listened_for_if_it_is_in_the_plan() -> None:
    plan = plan_of(COUNTRIES["us"], [ToneName.DIAL])
    assert [t.tone for t in plan.templates] == ["dial"]
    assert ProgressDetector(plan).feed(sound(COUNTRIES["us"].tones[ToneName.BUSY], 5)) == []


def test_continuous_tones_wait_for_the_longest_burst_of_their_frequency() -> None:
    by_name = {t.tone: t for t in plan_of(COUNTRIES["de"]).templates}
    assert by_name["dial"].confirm_ms > 1100  # ringback is the same 425 Hz for 1000 ms +-10 %
    assert by_name["busy"].confirm_steps == 3


GOOD = ToneTemplate("learned", (425.0,), (500, 500))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"hz": (100.0,)}, "200 to 2500"),
        ({"hz": (400.0, 410.0)}, "20 Hz apart"),
        ({"cadence_ms": (500,)}, "even number"),
        ({"cadence_ms": (500, 20)}, "60 to 15000"),
        ({"confirm_steps": 1}, "2 to 12"),
        ({"confirm_ms": 10}, "80 to 5000"),
        ({"tolerance": 0.1}, "0.002 to 0.05"),
    ],
)
def test_errors_say_what_is_allowed(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(EngineArgumentError, match=f"'learned'.*{said}"):
        replace(GOOD, **wrong)  # type: ignore[arg-type]


def test_a_plan_has_one_to_sixteen_templates() -> None:
    with pytest.raises(EngineArgumentError, match="1 to 16"):
        ProgressPlan(())
