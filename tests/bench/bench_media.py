# SPDX-License-Identifier: MIT
"""Media blocks, ns a sample: conference, concealment, rates, voice, playout; each on one core.

The conference stands beside the bound of 0.2 ns that we set ourselves.  The others include the way
from and to Python.
"""

from collections.abc import Callable, Iterator

import numpy as np

from dsp.agc import AutomaticGain
from dsp.comfort import ComfortNoise, Noise
from dsp.conceal import Concealer
from dsp.g711 import ulaw_encode
from dsp.jitter import Codec, Playout
from dsp.native import ffi, lib
from dsp.pcm import Samples, pointer
from dsp.resample import ElasticStore, Resampler
from dsp.vad import VoiceDetector
from tests.bench.clock import microseconds
from tests.figure import Figure

PARTIES = 32
TICK = 40
FRAME = 160
TIME = np.arange(8000)
SPEECH = (8000 * np.sin(TIME * 0.09) * np.sin(TIME * 0.002)).astype(np.int16)


def _conference(samples: int) -> float:
    """Measure a sum through C pointers made once; what the call from Python costs is taken off."""
    said = [np.roll(SPEECH, 97 * p)[:samples].copy() for p in range(PARTIES)]
    heard = [np.zeros(samples, np.int16) for _ in range(PARTIES)]
    party = ffi.new("aw_mix_party[]", PARTIES)
    for row, mouth, ear in zip(party, said, heard, strict=True):
        setattr(row, "in", pointer(mouth))
        row.out = pointer(ear)
        setattr(row, "from", lib.AW_MIX_UNITY)
        row.to = lib.AW_MIX_UNITY
    mix = lib.aw_mix_minus
    whole = microseconds(lambda: mix(party, PARTIES, samples), calls=5000)
    call = microseconds(lambda: mix(party, 0, samples), calls=5000)
    return (whole - call) * 1000 / (PARTIES * samples)


def _per_sample(step: Callable[[], object], samples: int) -> float:
    return microseconds(step, calls=100) * 1000 / samples


def _concealed() -> float:
    concealer = Concealer()
    frames = SPEECH.reshape(-1, FRAME)

    def second() -> None:
        for index, frame in enumerate(frames):
            if index % 20 == 19:
                concealer.lost(FRAME)
            else:
                concealer.good(frame)

    return _per_sample(second, len(SPEECH))


def _played() -> float:
    playout = Playout(Codec.ULAW)
    payload = ulaw_encode(SPEECH[:FRAME])
    at = 0

    def packet() -> None:
        nonlocal at
        playout.put(at, at // FRAME % 65536, at % 2**32, payload)
        playout.read(at, FRAME)
        at += FRAME

    return _per_sample(packet, FRAME)


def _elastic() -> float:
    store = ElasticStore(80)
    now = 0.0

    def tick() -> None:
        nonlocal now
        store.push(now, SPEECH[:TICK])
        store.pull(now, TICK)
        now += 0.005

    return _per_sample(tick, TICK)


def _run(run: Callable[[Samples], object]) -> float:
    return _per_sample(lambda: run(SPEECH), len(SPEECH))


def measure() -> Iterator[Figure]:
    """Measure all."""
    yield Figure("dsp_conference_ns", _conference(FRAME), "ns", "bound", 0.2)
    yield Figure("dsp_conceal_5_percent_ns", _concealed(), "ns")
    yield Figure("dsp_resample_8_to_48_ns", _run(Resampler(8000, 48000).run), "ns")
    yield Figure("dsp_resample_48_to_8_ns", _run(Resampler(48000, 8000).run), "ns")
    yield Figure("dsp_elastic_ns", _elastic(), "ns")
    yield Figure("dsp_vad_single_ns", _run(VoiceDetector().feed), "ns")
    yield Figure("dsp_agc_single_ns", _run(AutomaticGain().run), "ns")
    comfort = ComfortNoise()
    comfort.set(Noise(-50.0, (0.5, -0.2)))
    yield Figure("dsp_comfort_ns", _per_sample(lambda: comfort.read(8000), 8000), "ns")
    yield Figure("dsp_playout_ns", _played(), "ns")
