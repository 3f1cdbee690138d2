# SPDX-License-Identifier: MIT
import importlib.util
import itertools
import math
from pathlib import Path
from types import ModuleType

import numpy as np
import numpy.typing as npt
import pytest

from dsp.errors import EngineArgumentError
from dsp.pcm import Samples
from dsp.resample import ElasticStore, Resampler

MAKER = Path(__file__).parents[2] / "native" / "tables" / "make_resample.py"
PAIRS = list(itertools.permutations([8000, 16000, 48000], 2))


def tone(hz: float, rate: int, seconds: float, amplitude: float = 16000.0) -> Samples:
    t = np.arange(int(rate * seconds)) / rate
    return np.rint(amplitude * np.sin(2 * np.pi * hz * t)).astype(np.int16)


def fit(pcm: npt.NDArray[np.int16], radians: float) -> tuple[float, float]:
    """Amplitude of a sine in the samples, and the ratio to all the rest in dB."""
    t = np.arange(len(pcm))
    basis = np.stack([np.cos(radians * t), np.sin(radians * t), np.ones(len(t))], axis=1)
    parts, *_ = np.linalg.lstsq(basis, pcm.astype(float), rcond=None)
    rest = pcm - basis @ parts
    amplitude = math.hypot(parts[0], parts[1])
    return amplitude, 10 * math.log10(amplitude**2 / 2 / max(float(np.mean(rest**2)), 1e-9))


def heard(hz: float, from_hz: int, to_hz: int) -> Samples:
    return Resampler(from_hz, to_hz).run(tone(hz, from_hz, 0.5))[to_hz // 20 :]


@pytest.mark.parametrize(("from_hz", "to_hz"), PAIRS)
def test_speech_passes_flat_and_clean(from_hz: int, to_hz: int) -> None:
    lower = min(from_hz, to_hz)
    for hz in [50, 300, 1000, 0.3 * lower, 0.4 * lower, 0.425 * lower]:
        amplitude, snr_db = fit(heard(hz, from_hz, to_hz), 2 * math.pi * hz / to_hz)
        assert 20 * math.log10(amplitude / 16000) == pytest.approx(0, abs=0.1)
        assert snr_db >= 60  # images of the insertion of zeros are in the rest


@pytest.mark.parametrize(("from_hz", "to_hz"), [pair for pair in PAIRS if pair[0] > pair[1]])
def test_what_the_lower_rate_cannot_carry_is_stopped(from_hz: int, to_hz: int) -> None:
    for hz in np.linspace(to_hz / 2, from_hz / 2 - 100, 15):
        alias = heard(float(hz), from_hz, to_hz)
        power = max(float(np.mean(alias.astype(float) ** 2)), 1e-9)
        assert 10 * math.log10(power / (16000**2 / 2)) <= -60


def test_other_rates_are_refused() -> None:
    with pytest.raises(EngineArgumentError, match="44100"):
        Resampler(44100, 8000)
    with pytest.raises(EngineArgumentError, match="8000 -> 8000"):
        Resampler(8000, 8000)


def test_the_committed_tables_are_what_the_generator_makes() -> None:
    maker = _load(MAKER)
    for path, make in maker.FILES.items():
        assert path.read_text() == make(), f"run python native/tables/make_resample.py: {path}"


def through_store(ppm: float, seconds: float, *, fixed: bool) -> tuple[Samples, ElasticStore]:
    """A 1 kHz tone of a clock that is ``ppm`` faster than ours, pulled in ticks of 5 ms."""
    said = tone(1000, 8000, seconds * (1 + ppm * 1e-6) + 0.1)
    store = ElasticStore(160)
    if fixed:
        store.fix(ppm)
    pushed = 0
    out = []
    for tick in range(int(seconds * 200)):
        now = tick / 200
        while (came := (pushed + 40) / (8000 * (1 + ppm * 1e-6))) <= now:
            store.push(came, said[pushed : pushed + 40])
            pushed += 40
        out.append(store.pull(now, 40))
    return np.concatenate(out), store


@pytest.mark.parametrize("ppm", [200.0, -200.0, 500.0])
def test_a_known_drift_is_taken_out_without_a_trace(ppm: float) -> None:
    pcm, store = through_store(ppm, 60.0, fixed=True)
    radians = 2 * math.pi * 1000 / 8000 * (1 + ppm * 1e-6)
    amplitude, snr_db = fit(pcm[8000:], radians)
    assert snr_db >= 60
    assert amplitude == pytest.approx(16000, rel=0.001)
    assert (store.state.underruns, store.state.slips) == (0, 0)


@pytest.mark.parametrize("ppm", [200.0, -100.0, 0.0])
def test_the_servo_finds_the_drift(ppm: float) -> None:
    pcm, store = through_store(ppm, 120.0, fixed=False)
    assert store.state.ppm == pytest.approx(ppm, abs=10)
    assert (store.state.underruns, store.state.slips) == (0, 0)
    step = np.abs(np.diff(pcm[8000:].astype(int))).max()
    assert step <= 16000 * 2 * math.pi / 8 * 1.001  # never steeper than the tone: no click


def test_a_store_that_runs_dry_recovers() -> None:
    store = ElasticStore(80)
    said = tone(400, 8000, 1.0)
    for at in range(0, 4000, 40):
        store.push(at / 8000, said[at : at + 40])
        store.pull(at / 8000, 40)
    for tick in range(20):
        store.pull((4000 + 40 * tick) / 8000, 40)
    assert store.state.underruns == 1
    for at in range(4000, 8000, 40):
        store.push(at / 8000 + 0.1, said[at : at + 40])
        last = store.pull(at / 8000 + 0.1, 40)
    assert np.abs(last).max() > 10000
    assert store.state.underruns == 1


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
