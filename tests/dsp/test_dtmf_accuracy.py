# SPDX-License-Identifier: MIT
"""The DTMF receiver at its limits (ITU-T Q.24, ETSI ES 201 235-3), at random alignment and phase.

Each row sends bursts of random keys (tests/accuracy/bursts.py), and counts those heard as exactly
the key sent, once.
"""

from dataclasses import replace

import numpy as np
import pytest

from dsp.dtmf import DtmfReceiver
from dsp.levels import peak_of
from tests.accuracy.bursts import LAYOUT, Burst, between_silences, line, samples, tone_pair
from tests.accuracy.corpus import speech


def keys_heard(burst: Burst, rng: np.random.Generator, key: str) -> str:
    return DtmfReceiver().keys(line(burst, key, rng))


def heard_of(burst: Burst, count: int, seed: int) -> int:
    """How many of ``count`` random keys are heard exactly."""
    rng = np.random.default_rng(seed)
    keys = rng.choice(list(LAYOUT), count)
    return sum(key == keys_heard(burst, rng, key) for key in keys)


@pytest.mark.parametrize("dbm0", [0.0, -3.0, -10.0, -25.0, -36.0])
def test_levels(dbm0: float) -> None:
    """Two tones of 0 dBm0 each clip; they are heard nevertheless."""
    assert heard_of(Burst(dbm0, dbm0, on_ms=40), 160, seed=1) == 160


@pytest.mark.parametrize(("low_up_db", "level_dbm0"), [(8.0, -8.0), (8.0, -25.0), (-4.0, -8.0)])
def test_twist(low_up_db: float, level_dbm0: float) -> None:
    low, high = (level_dbm0, level_dbm0 - low_up_db)
    assert heard_of(Burst(low, high, on_ms=40), 160, seed=2) == 160


@pytest.mark.parametrize("off", [0.015, -0.015])
def test_one_and_a_half_percent_off_is_heard(off: float) -> None:
    for burst in (Burst(low_off=off), Burst(high_off=off), Burst(low_off=off, high_off=-off)):
        assert heard_of(replace(burst, on_ms=40), 80, seed=3) == 80


@pytest.mark.parametrize("off", [0.035, -0.035, 0.045, -0.045])
def test_three_and_a_half_percent_off_is_not(off: float) -> None:
    rng = np.random.default_rng(4)
    for burst in (Burst(low_off=off, on_ms=100), Burst(high_off=off, on_ms=100)):
        assert [keys_heard(burst, rng, key) for key in LAYOUT * 4] == [""] * 64


@pytest.mark.parametrize(("on_ms", "heard"), [(20, 0), (23, 0), (35, 160), (40, 160)])
def test_durations(on_ms: float, heard: int) -> None:
    assert heard_of(Burst(on_ms=on_ms), 160, seed=5) == heard


@pytest.mark.parametrize(("break_ms", "digits"), [(10, 1), (20, 1), (40, 2)])
def test_breaks(break_ms: float, digits: int) -> None:
    rng = np.random.default_rng(6)
    burst = Burst(on_ms=100 + break_ms, break_ms=break_ms)
    assert {keys_heard(burst, rng, key) for key in LAYOUT for _ in range(6)} == {
        key * digits for key in LAYOUT
    }


@pytest.mark.parametrize("snr_db", [15.0, 9.0])
def test_noise(snr_db: float) -> None:
    """White noise, 0-4 kHz, against one tone."""
    burst = Burst(on_ms=40 if snr_db > 9 else 50, noise_dbm0=-10 - snr_db)
    assert heard_of(burst, 400, seed=7) == 400


@pytest.mark.parametrize("dial_dbm0", [-20.0, -10.0, -6.0])
def test_under_dial_tone(dial_dbm0: float) -> None:
    assert heard_of(Burst(dial_dbm0=dial_dbm0), 200, seed=8) == 200


@pytest.mark.parametrize("echo_ms", [5.0, 10.0, 15.0, 20.0])
def test_echo_of_minus_10_db(echo_ms: float) -> None:
    assert heard_of(Burst(echo_ms=echo_ms), 200, seed=9) >= 199


@pytest.mark.parametrize("level_dbm0", [-3.0, -13.0, -25.0])
def test_sequences_with_everything_at_its_limit(level_dbm0: float) -> None:
    """40 ms on, 40 ms off, any twist, +-1.5 %, SNR 15 dB against the weaker tone."""
    rng = np.random.default_rng(10)
    for _ in range(15):
        digits = "".join(rng.choice(list(LAYOUT), 20))
        twist = rng.uniform(-4, 8)
        low, high = level_dbm0 - max(0, -twist), level_dbm0 - max(0, twist)
        pieces = []
        for key in digits:
            off = rng.choice([-0.015, 0.0, 0.015], 2)
            pieces += [tone_pair(Burst(low, high, off[0], off[1], 40), key, rng), np.zeros(320)]
        wave = between_silences(np.concatenate(pieces), rng)
        wave += rng.normal(0, peak_of(min(low, high) - 15) / np.sqrt(2), len(wave))
        assert DtmfReceiver().keys(samples(wave)) == digits


def test_a_digit_is_told_35_ms_after_its_beginning() -> None:
    rng = np.random.default_rng(11)
    delays = []
    for _ in range(100):
        receiver, start = DtmfReceiver(), int(rng.integers(400, 500))
        wave = np.concatenate([np.zeros(start), tone_pair(Burst(), "5", rng)])
        pcm = samples(wave)
        at = next(i for i in range(0, len(pcm), 8) if receiver.feed(pcm[i : i + 8]))
        delays.append((at + 8 - start) / 8)
    assert np.median(delays) <= 35
    assert max(delays) <= 40


def test_no_digit_in_speech() -> None:
    """All English recordings, at four alignments to the hops: over ten minutes each."""
    receiver, said = DtmfReceiver(), speech("en")
    assert len(said) > 600 * 8000, "asterisk-core-sounds-en-wav is not installed: make test does it"
    for shift in range(0, 40, 10):
        assert receiver.keys(said[shift:]) == ""
