# SPDX-License-Identifier: MIT
"""Ports that share lanes hear what each would hear alone, whatever the instruction set."""

import random
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from dsp import Detect, Engine
from dsp.callerid import MDMF, CallerIdStandard, framed
from dsp.events import (
    CallerIdHeard,
    DigitEnded,
    DigitHeard,
    EngineEvent,
    PortEvent,
    ToneEnded,
    ToneHeard,
)
from dsp.levels import peak_of
from dsp.progress import ProgressPlan, plan_of
from dsp.tones import COUNTRIES
from tests.dsp.test_engine import write_clip

SETS = ("base", "avx2", "avx512", "neon")
"Those that the machine has not fall back to its best."
PLANS = (plan_of(COUNTRIES["us"]), plan_of(COUNTRIES["de"]))
KINDS = (Detect.DIGITS, Detect.PROGRESS, Detect.LEVEL)
TICKS = 1200
"6 s."


def said(rng: np.random.Generator) -> npt.NDArray[np.int16]:
    """Digits, then a cadenced tone, then noise: 4 s."""
    wave = rng.normal(0, 30, 32000)
    for start in range(400, 12000, 1200):
        t = np.arange(rng.integers(300, 700)) / 8000
        low, high = rng.choice([697, 770, 852, 941]), rng.choice([1209, 1336, 1477, 1633])
        digit = np.sin(2 * np.pi * low * t) + np.sin(2 * np.pi * high * t)
        wave[start : start + len(t)] += peak_of(rng.uniform(-30, -8)) * digit
    t = np.arange(16000) / 8000
    first, second = ((350, 440), (480, 620), (425, 425))[rng.integers(3)]
    tone = np.sin(2 * np.pi * first * t) + np.sin(2 * np.pi * second * t)
    on = (t % 0.5 < 0.25) | (first == 350)
    wave[12000:28000] += peak_of(rng.uniform(-30, -12)) * tone * on
    wave[28000:] += rng.normal(0, 3000, 4000)
    return np.rint(wave).clip(-32768, 32767).astype(np.int16)


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder, rng = tmp_path_factory.mktemp("clips"), np.random.default_rng(5)
    return [write_clip(folder / f"{i}.wav", said(rng)) for i in range(12)]


def wish(rng: random.Random) -> tuple[Detect, ProgressPlan | None]:
    what = Detect.NONE
    for kind in KINDS:
        if rng.random() < 0.7:
            what |= kind
    return what, rng.choice(PLANS) if Detect.PROGRESS in what else None


def story(clips: list[Path]) -> tuple[list[EngineEvent], list[tuple[float, int, float]]]:
    """Fifty ports, listened to by chance; return the events of each port in order, and levels."""
    rng, events, levels = random.Random(6), [], []
    with Engine(threaded=False, timeslots=80) as engine:
        ports = [engine.open_player(rng.choice(clips), loop=True) for _ in range(50)]
        for port in ports:
            engine.detect(port, Detect.DIGITS | Detect.PROGRESS | Detect.LEVEL, PLANS[0])
        for _ in range(TICKS):
            if rng.random() < 0.2:
                engine.detect(rng.choice(ports), *wish(rng))
            if rng.random() < 0.02:
                gone = ports.pop(rng.randrange(len(ports)))
                engine.close_port(gone)
                ports.append(engine.open_player(rng.choice(clips), loop=True))
                engine.detect(ports[-1], *wish(rng))
            engine.tick()
            events += engine.events()
        for port in ports:
            heard = engine.levels(port)
            levels.append((heard.receive_dbm0, heard.receive_peak, heard.send_dbm0))
    events.sort(key=lambda event: event.port if isinstance(event, PortEvent) else 0)
    return events, levels


def test_lanes_hear_what_single_ports_hear(
    clips: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALTIWARE_SIMD", "scalar")
    events, levels = story(clips)
    kinds = {type(event) for event in events}
    assert {DigitHeard, DigitEnded, ToneHeard, ToneEnded} <= kinds
    assert len(events) > 300
    for name in SETS:
        monkeypatch.setenv("ALTIWARE_SIMD", name)
        assert story(clips) == (events, levels)
    monkeypatch.delenv("ALTIWARE_SIMD")
    assert story(clips) == (events, levels)


def test_every_country_at_once_has_more_plans_than_groups(
    clips: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ports without a lane have their own detectors; nobody notices."""

    def heard() -> list[EngineEvent]:
        events: list[EngineEvent] = []
        with Engine(threaded=False, timeslots=40) as engine:
            for i, name in enumerate(sorted(COUNTRIES) * 2):
                if i < 40:
                    port = engine.open_player(clips[i % len(clips)])
                    engine.detect(port, Detect.PROGRESS, plan_of(COUNTRIES[name]))
            for _ in range(TICKS):
                engine.tick()
                events += engine.events()
        events.sort(key=lambda event: event.port if isinstance(event, PortEvent) else 0)
        return events

    monkeypatch.setenv("ALTIWARE_SIMD", "scalar")
    alone = heard()
    monkeypatch.delenv("ALTIWARE_SIMD")
    assert sum(isinstance(event, ToneHeard) for event in alone) >= 4
    assert heard() == alone


@pytest.mark.parametrize("in_a_lane", [True, False])
@pytest.mark.parametrize("later", CallerIdStandard)
def test_another_standard_of_caller_id_begins_anew_and_the_same_goes_on(
    in_a_lane: bool, later: CallerIdStandard
) -> None:
    with Engine(threaded=False) as engine:
        sender = engine.open_caller_id(framed(MDMF, b"\x02\x03101"), CallerIdStandard.BELL202)
        if in_a_lane:
            port = sender
        else:  # a conference has blocks of its own
            port = engine.open_conference()
            engine.join(port, sender)
        engine.detect(port, Detect.CALLER_ID, standard=CallerIdStandard.BELL202)
        for tick in range(200):
            if tick == 90:  # 450 ms: the message has begun
                engine.detect(port, Detect.CALLER_ID, standard=later)
            engine.tick()
        heard = [event for event in engine.events() if isinstance(event, CallerIdHeard)]
        assert len(heard) == (later == CallerIdStandard.BELL202)
