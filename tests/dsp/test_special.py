# SPDX-License-Identifier: MIT
"""Fax, modem and special information tones, told apart, at random alignment and in noise."""

import numpy as np
import numpy.typing as npt
import pytest

from dsp import Detect, Engine
from dsp.events import EngineEvent, SpecialHeard
from dsp.levels import peak_of
from dsp.pcm import Samples
from dsp.special import Special, SpecialDetector
from dsp.tones import tone
from tests.accuracy.corpus import LANGUAGES, speech

Wave = npt.NDArray[np.float64]


def sine(hz: float, ms: float, dbm0: float = -15.0) -> Wave:
    wave: Wave = peak_of(dbm0) * np.sin(2 * np.pi * hz * np.arange(round(8 * ms)) / 8000)
    return wave


def answer(*, period_ms: float = 0.0, depth: float = 0.0, hz: float = 2100.0) -> Wave:
    """Three seconds of it."""
    t, wave = np.arange(24000) / 8000, sine(hz, 3000)
    if period_ms:
        wave = wave * np.where(np.floor(t * 1000 / period_ms) % 2, -1, 1)
    wave *= 1 + depth * np.sin(2 * np.pi * 15 * t)
    return wave


def sit(*tones: tuple[float, float], dbm0: float = -15.0) -> Wave:
    return np.concatenate([sine(hz, ms, dbm0) for hz, ms in tones])


def heard(wave: Wave, noise_dbm0: float = -60.0) -> set[tuple[Special, ...]]:
    """What comes of ten alignments."""
    found, rng = set(), np.random.default_rng(2)
    for _ in range(10):
        lead = int(rng.integers(800, 1000))
        whole = np.concatenate([np.zeros(lead), wave, np.zeros(1600)])
        whole += rng.normal(0, peak_of(noise_dbm0) / np.sqrt(2), len(whole))
        pcm: Samples = np.rint(whole).astype(np.int16)
        found.add(tuple(SpecialDetector().feed(pcm)))
    return found


SHORT, LONG = 274, 380
SITS = [
    (Special.INTERCEPT, ((913.8, SHORT), (1370.6, SHORT), (1776.7, LONG))),
    (Special.VACANT, ((985.2, LONG), (1370.6, SHORT), (1776.7, LONG))),
    (Special.REORDER, ((913.8, SHORT), (1428.5, LONG), (1776.7, LONG))),
    (Special.NO_CIRCUIT, ((985.2, LONG), (1428.5, LONG), (1776.7, LONG))),
    (Special.INFORMATION, ((950.0, 330), (1400.0, 330), (1800.0, 330))),
]


@pytest.mark.parametrize(("kind", "tones"), SITS, ids=[kind.name for kind, _ in SITS])
@pytest.mark.parametrize("dbm0", [-5.0, -20.0, -40.0])
def test_three_rising_tones_say_why(
    kind: Special, tones: tuple[tuple[float, float], ...], dbm0: float
) -> None:
    assert heard(sit(*tones, dbm0=dbm0), dbm0 - 20) == {(kind,)}


@pytest.mark.parametrize("hz", [1065.0, 1100.0, 1135.0])
def test_a_calling_fax(hz: float) -> None:
    wave = np.concatenate([sine(hz, 500), np.zeros(24000), sine(hz, 500)])
    assert heard(wave, -30) == {(Special.CALLING_FAX,) * 2}


@pytest.mark.parametrize("hz", [2080.0, 2100.0, 2120.0])
def test_an_answer_tone(hz: float) -> None:
    assert heard(answer(hz=hz), -30) == {(Special.ANSWER,)}


@pytest.mark.parametrize("period_ms", [425.0, 450.0, 475.0])
def test_with_reversals(period_ms: float) -> None:
    found = heard(answer(period_ms=period_ms), -30)
    assert found == {(Special.ANSWER, Special.REVERSED)}


def test_with_reversals_and_modulation() -> None:
    assert {frozenset(kinds) for kinds in heard(answer(period_ms=450, depth=0.2))} == {
        frozenset({Special.ANSWER, Special.REVERSED, Special.MODULATED})
    }
    assert heard(answer(depth=0.2)) == {(Special.ANSWER, Special.MODULATED)}


@pytest.mark.parametrize("period_ms", [300.0, 600.0])
def test_reversals_at_other_times_are_none(period_ms: float) -> None:
    assert heard(answer(period_ms=period_ms)) <= {(Special.ANSWER,), ()}


def test_other_tones_are_none() -> None:
    for wave in (sine(1000, 3000), sine(1100, 1500), sine(2160, 3000), sine(2040, 3000)):
        assert heard(wave) == {()}


def test_none_in_speech() -> None:
    assert [SpecialDetector().feed(speech(language)) for language in LANGUAGES] == [[]] * 5


def test_the_engine_tells_what_a_port_says() -> None:
    events: list[EngineEvent] = []
    with Engine(threaded=False, timeslots=8) as engine:
        port = engine.open_tone(tone("1100 500/3000", -12))
        engine.detect(port, Detect.SPECIAL)
        for _ in range(850):
            engine.tick()
            events += engine.events()
    heard_in_engine = [e.kind for e in events if isinstance(e, SpecialHeard)]
    assert heard_in_engine == [Special.CALLING_FAX] * 2
