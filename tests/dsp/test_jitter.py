# SPDX-License-Identifier: MIT
"""The playout of packets: order, delay, loss; hostile bytes are in native/tests/test_jitter.c."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pesq import pesq

from dsp.comfort import Noise
from dsp.errors import EngineArgumentError
from dsp.g711 import ulaw_encode
from dsp.jitter import Codec, Fate, Kind, Playout, PlayoutFigures
from dsp.pcm import RATE_HZ, Samples
from tests.dsp.speech import pieces

FRAME = 160
TICK = 40
FIRST_TIMESTAMP = 2**32 - 32000
"""Wraps after 4 s."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A packet on the wire."""

    at: int
    index: int


@dataclass(slots=True)
class Heard:
    """What came out of a call."""

    pcm: Samples
    figures: PlayoutFigures
    fates: list[Fate]
    targets: list[float] = field(default_factory=list)


def network(
    count: int, rng: np.random.Generator, *, mean_ms: float, spread_ms: float, loss: float = 0.0
) -> Iterator[Arrival]:
    """Delay between mean - spread and mean + spread, evenly; packets may overtake each other."""
    for index in range(count):
        delay = rng.uniform(mean_ms - spread_ms, mean_ms + spread_ms) * 8
        if index < 5 or rng.random() >= loss:
            yield Arrival((index + 1) * FRAME + int(delay), index)


def call(speech: Samples, arrivals: Iterator[Arrival], *, most_ms: int = 400) -> Heard:
    """Carry speech in 20 ms packets of mu-law."""
    playout = Playout(Codec.ULAW, most_ms=most_ms)
    coming = sorted(arrivals, key=lambda arrival: arrival.at)
    heard, fates, targets = [], [], []
    for now in range(0, len(speech) + 4000, TICK):
        while coming and coming[0].at <= now:
            packet = coming.pop(0)
            payload = ulaw_encode(speech[packet.index * FRAME :][:FRAME])
            stamp = (FIRST_TIMESTAMP + packet.index * FRAME) % 2**32
            fates.append(playout.put(packet.at, packet.index % 2**16, stamp, payload))
        heard.append(playout.read(now, TICK))
        targets.append(playout.figures.target_ms)
    return Heard(np.concatenate(heard), playout.figures, fates, targets)


def test_an_even_network_is_passed_on_untouched_and_quickly() -> None:
    speech = pieces(1)[0]
    heard = call(
        speech, network(len(speech) // FRAME, np.random.default_rng(1), mean_ms=30, spread_ms=0)
    )
    assert heard.figures.target_ms <= 10
    assert heard.figures.delay_ms <= 25
    assert heard.figures.lost == heard.figures.late == 0
    assert set(heard.fates) == {Fate.KEPT}


def test_the_delay_adapts_to_the_jitter_and_what_is_in_time_is_played() -> None:
    speech = np.concatenate(pieces(2))
    count = len(speech) // FRAME
    heard = call(speech, network(count, np.random.default_rng(2), mean_ms=60, spread_ms=20))
    assert heard.figures.received == count
    assert 40 <= heard.figures.target_ms <= 50  # over the fastest, which takes 40 ms
    assert heard.figures.delay_ms == pytest.approx(heard.figures.target_ms, abs=20)
    assert heard.figures.played == count
    assert heard.figures.lost == heard.figures.late == 0


def test_the_delay_falls_again_when_the_network_calms_down() -> None:
    speech = np.concatenate(pieces(4))
    count = len(speech) // FRAME
    rng = np.random.default_rng(3)
    rough = [
        packet for packet in network(count, rng, mean_ms=80, spread_ms=70) if packet.index < 300
    ]
    calm = [
        packet for packet in network(count, rng, mean_ms=30, spread_ms=2) if packet.index >= 300
    ]
    heard = call(speech, iter(rough + calm))
    assert max(heard.targets) >= 120
    assert heard.figures.target_ms < max(heard.targets)
    assert heard.figures.shortened > 0


@pytest.mark.parametrize(("loss", "least"), [(0.01, 3.7), (0.03, 3.3), (0.05, 2.9)])
def test_speech_survives_loss_and_jitter(loss: float, least: float) -> None:
    stretches = pieces(5)
    scores = []
    for seed in range(4):
        speech = np.concatenate([stretches[seed + 1], stretches[seed]])  # the first to settle on
        rng = np.random.default_rng(seed)
        packets = network(len(speech) // FRAME, rng, mean_ms=60, spread_ms=20, loss=loss)
        heard = call(speech, packets)
        half = len(speech) // 2
        scores.append(pesq(RATE_HZ, stretches[seed], heard.pcm[half + 400 :][: half + 800], "nb"))
    assert np.mean(scores) >= least


def test_a_pause_is_filled_with_comfort_noise_and_not_counted_as_loss() -> None:
    playout = Playout(Codec.ULAW)
    voice = ulaw_encode((4000 * np.sin(np.arange(FRAME) * 0.5)).astype(np.int16))
    noise = Noise(-50.0, (0.5,)).payload()
    heard = {}
    for index in range(200):
        now = index * FRAME
        if index < 50 or index >= 150:  # DTX: the sequence goes on, the time leaps
            sequence = index if index < 50 else index - 99
            assert playout.put(now, sequence, now, voice) is Fate.KEPT
        elif index == 50:
            playout.put(now, 50, now, noise, samples=0, kind=Kind.COMFORT)
        heard[index] = playout.read(now, FRAME)
    pause = np.concatenate([heard[index] for index in range(60, 150)]).astype(float)
    assert 10 * np.log10(np.mean(pause**2) / 32768**2) == pytest.approx(-50, abs=2)
    assert playout.figures.lost == 0
    assert np.abs(heard[199]).max() > 3000


packets = st.tuples(
    st.integers(0, 400),
    st.integers(0, 2**16 - 1) | st.integers(0, 60),
    st.integers(0, 2**32 - 1) | st.integers(0, 60).map(lambda frame: frame * FRAME),
    st.binary(min_size=1, max_size=300),
    st.integers(0, 1000) | st.just(FRAME),
    st.integers(0, 3),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(packets, max_size=80), st.sampled_from(Codec))
def test_any_packets_leave_a_working_playout(
    wire: list[tuple[int, int, int, bytes, int, int]], codec: Codec
) -> None:
    playout = Playout(codec)
    now = 0
    for step, sequence, stamp, payload, samples, kind in wire:
        now += step
        playout.put(now, sequence, stamp, payload, samples=samples, kind=kind)
        assert len(playout.read(now, step)) == step
    figures = playout.figures
    assert figures.received == len(wire)
    assert figures.played + figures.refused + figures.duplicates <= len(wire)
    assert figures.target_ms <= 400


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 60), min_size=60, max_size=120), st.integers(0, 2**16 - 1))
def test_all_that_comes_within_the_bound_is_played_once(delays: list[int], first: int) -> None:
    playout = Playout(Codec.LINEAR, least_ms=80, most_ms=80)
    coming = sorted((i * FRAME + delay * 8, i) for i, delay in enumerate(delays))
    for now in range(0, len(delays) * FRAME + 4000, TICK):
        while coming and coming[0][0] <= now:
            at, i = coming.pop(0)
            payload = bytes(2 * FRAME)
            assert playout.put(at, (first + i) % 2**16, i * FRAME, payload) is Fate.KEPT
        playout.read(now, TICK)
    figures = playout.figures
    assert (figures.played, figures.lost, figures.late) == (len(delays), 0, 0)


def test_impossible_delays_are_refused() -> None:
    with pytest.raises(EngineArgumentError, match=r"90\.\.80"):
        Playout(Codec.ULAW, least_ms=90, most_ms=80)
