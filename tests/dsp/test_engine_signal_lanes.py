# SPDX-License-Identifier: MIT
"""Caller ID, MF and special tones in lanes of the engine: heard as by single receivers, at the
same ticks, whatever the instruction set, whoever comes and goes, however many threads there are.
"""

import random
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from dsp import Detect, Engine
from dsp.callerid import CallerId, CallerIdStandard, FskSender, mdmf
from dsp.errors import EngineArgumentError
from dsp.events import CallerIdHeard, EngineEvent, MfEnded, MfHeard, PortEvent, SpecialHeard
from dsp.levels import peak_of
from dsp.mf import MfSender, MfStandard
from dsp.pcm import Samples
from dsp.progress import plan_of
from dsp.special import Special
from dsp.tones import COUNTRIES
from tests.dsp.test_engine import write_clip

SETS = ("base", "avx2", "avx512", "neon")
"Those that the machine has not fall back to its best."
PLAN = plan_of(COUNTRIES["us"])
MF_KINDS = (Detect.NONE, Detect.MF_R1, Detect.MF_R2_FORWARD, Detect.MF_R2_BACKWARD)
OTHERS = (Detect.CALLER_ID, Detect.SPECIAL, Detect.DIGITS, Detect.PROGRESS, Detect.LEVEL)
TICKS = 1600
"8 s."

Wave = npt.NDArray[np.float64]


def machine(rng: np.random.Generator) -> Wave:
    """A fax that calls, a modem that answers, or a number that has changed."""
    t, which = np.arange(16000) / 8000, rng.integers(3)
    if which == 0:
        return peak_of(-15) * np.sin(2 * np.pi * 1100 * t[:4000])
    if which == 1:
        reversed_each = np.where(np.floor(t / 0.45) % 2, -1, 1)
        wave: Wave = peak_of(-12) * np.sin(2 * np.pi * 2100 * t) * reversed_each
        return wave * (1 + 0.2 * np.sin(2 * np.pi * 15 * t))
    tones = ((913.8, 2192), (1370.6, 2192), (1776.7, 3040))
    return np.concatenate([peak_of(-20) * np.sin(2 * np.pi * hz * t[:n]) for hz, n in tones])


def said(rng: np.random.Generator) -> Samples:
    """A message, signals and a machine, with pauses; in noise."""
    standard = CallerIdStandard.V23 if rng.integers(2) else CallerIdStandard.BELL202
    caller = CallerId("".join(str(d) for d in rng.integers(0, 10, 7)))
    message = FskSender(mdmf(caller), standard, seizure_bits=60, mark_bits=60).read(8000)
    signals = MfSender(MfStandard(int(rng.integers(3))), "1570", level_dbm0=-12).read(8000)
    parts = [message.astype(np.float64), signals.astype(np.float64), machine(rng)]
    rng.shuffle(parts)
    pauses = [np.zeros(int(rng.integers(100, 3000))) for _ in parts]
    wave = np.concatenate([piece for pair in zip(pauses, parts, strict=True) for piece in pair])
    wave += rng.normal(0, peak_of(-50), len(wave))
    pcm: Samples = np.rint(wave).clip(-32768, 32767).astype(np.int16)
    return pcm


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder, rng = tmp_path_factory.mktemp("clips"), np.random.default_rng(7)
    return [write_clip(folder / f"{i}.wav", said(rng)) for i in range(16)]


def order(engine: Engine, port: int, rng: random.Random) -> None:
    """Listen for some of it."""
    what = rng.choice(MF_KINDS)
    for kind in OTHERS:
        if rng.random() < 0.6:
            what |= kind
    standard = rng.choice(list(CallerIdStandard))
    engine.detect(port, what, PLAN if Detect.PROGRESS in what else None, standard=standard)


def in_order(events: list[EngineEvent]) -> list[EngineEvent]:
    """By port; what one port says in one tick, by kind: across kinds no order is promised."""

    def place(event: EngineEvent) -> tuple[int, float, str]:
        port = event.port if isinstance(event, PortEvent) else 0
        return port, event.at, type(event).__name__

    return sorted(events, key=place)


def story(clips: list[Path], *, threads: int = 1) -> list[EngineEvent]:
    """Sixty ports, listened to by chance, ten of them in a conference, and that too."""
    rng, events = random.Random(8), []
    with Engine(threaded=False, timeslots=100, threads=threads) as engine:
        ports = [engine.open_player(rng.choice(clips), loop=True) for _ in range(60)]
        room = engine.open_conference(16)
        for port in ports[:10]:
            engine.join(port, room)
        for port in (*ports, room):
            order(engine, port, rng)
        for _ in range(TICKS):
            if rng.random() < 0.05:
                order(engine, rng.choice(ports), rng)
            if rng.random() < 0.01:
                gone = ports.pop(rng.randrange(10, len(ports)))
                engine.close_port(gone)
                ports.append(engine.open_player(rng.choice(clips), loop=True))
                order(engine, ports[-1], rng)
            engine.tick()
            events += engine.events()
    return in_order(events)


def test_lanes_hear_what_single_receivers_hear(
    clips: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALTIWARE_SIMD", "scalar")
    alone = story(clips)
    kinds = {e.kind for e in alone if isinstance(e, SpecialHeard)}
    assert {Special.CALLING_FAX, Special.ANSWER, Special.REVERSED, Special.INTERCEPT} <= kinds
    for kind, least in ((CallerIdHeard, 50), (MfHeard, 80), (MfEnded, 80), (SpecialHeard, 80)):
        assert sum(isinstance(e, kind) for e in alone) > least
    for name in SETS:
        monkeypatch.setenv("ALTIWARE_SIMD", name)
        assert story(clips) == alone
    monkeypatch.delenv("ALTIWARE_SIMD")
    assert story(clips, threads=2) == alone


def test_another_standard_of_mf_begins_anew() -> None:
    heard: list[EngineEvent] = []
    with Engine(threaded=False, timeslots=8) as engine:
        port = engine.open_mf(MfStandard.R2_BACKWARD, "1", on_ms=0)
        for what in (Detect.MF_R1, Detect.MF_R2_BACKWARD, Detect.MF_R2_FORWARD):
            engine.detect(port, what)
            for _ in range(20):
                engine.tick()
            heard += [e for e in engine.events() if isinstance(e, MfHeard)]
    assert [e.key for e in heard if isinstance(e, MfHeard)] == ["1"]


@pytest.mark.parametrize(
    "what",
    [
        Detect.MF_R1 | Detect.MF_R2_FORWARD,
        Detect.MF_R1 | Detect.MF_R2_BACKWARD,
        Detect.MF_R1 | Detect.MF_R2_FORWARD | Detect.MF_R2_BACKWARD | Detect.DIGITS,
    ],
)
def test_a_port_has_one_standard_of_mf(what: Detect) -> None:
    with Engine(threaded=False, timeslots=8) as engine:
        (port,) = engine.open_board_ports(1)
        with pytest.raises(EngineArgumentError, match=r"MF_R1, MF_R2_.*at once: allowed is one"):
            engine.detect(port, what)
