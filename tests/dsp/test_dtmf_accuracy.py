# SPDX-License-Identifier: MIT
"""The DTMF receiver at its limits (ITU-T Q.24, ETSI ES 201 235-3), at random alignment and phase.

Each row sends bursts of random keys at a random place between silences, made by the formula and
not by the engine's sender, and counts those heard as exactly the key sent, once.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pytest

from dsp.dtmf import DtmfReceiver
from dsp.levels import peak_of
from dsp.pcm import Samples
from tests.accuracy.corpus import speech

ROWS_HZ = (697.0, 770.0, 852.0, 941.0)
COLUMNS_HZ = (1209.0, 1336.0, 1477.0, 1633.0)
LAYOUT = "123A456B789C*0#D"

Wave = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Burst:
    """How a digit is sent."""

    low_dbm0: float = -10.0
    high_dbm0: float = -10.0
    low_off: float = 0.0
    "Deviation of the low tone, as a share."
    high_off: float = 0.0
    on_ms: float = 50.0
    break_ms: float = 0.0
    "A break, 50 ms after the beginning."
    echo_ms: float = 0.0
    "Delay of an echo of -10 dB."


def times(burst: Burst, key: str, rng: np.random.Generator) -> Wave:
    """One burst with its echo."""
    place = LAYOUT.index(key)
    t = np.arange(round(8 * burst.on_ms)) / 8000
    low = ROWS_HZ[place // 4] * (1 + burst.low_off)
    high = COLUMNS_HZ[place % 4] * (1 + burst.high_off)
    phases = rng.uniform(0, 2 * np.pi, 2)
    wave: Wave = peak_of(burst.low_dbm0) * np.sin(2 * np.pi * low * t + phases[0])
    wave += peak_of(burst.high_dbm0) * np.sin(2 * np.pi * high * t + phases[1])
    wave[400 : 400 + round(8 * burst.break_ms)] = 0
    delay = round(8 * burst.echo_ms)
    if not delay:
        return wave
    direct, echo = np.zeros((2, len(wave) + delay))
    direct[: len(wave)], echo[delay:] = wave, wave * 10 ** (-10 / 20)
    direct += echo
    return direct


def between_silences(wave: Wave, rng: np.random.Generator, gap_ms: int = 60) -> Wave:
    lead = np.zeros(8 * gap_ms + rng.integers(0, 102))
    return np.concatenate([lead, wave, np.zeros(8 * gap_ms)])


def samples(wave: Wave) -> Samples:
    return np.rint(wave).clip(-32768, 32767).astype(np.int16)


def keys_heard(
    burst: Burst,
    rng: np.random.Generator,
    key: str,
    *,
    noise_dbm0: float | None = None,
    dial_dbm0: float | None = None,
) -> str:
    wave = between_silences(times(burst, key, rng), rng)
    if noise_dbm0 is not None:
        wave += rng.normal(0, peak_of(noise_dbm0) / np.sqrt(2), len(wave))
    if dial_dbm0 is not None:
        t = np.arange(len(wave)) / 8000
        for hz in (350.0, 440.0):
            wave += peak_of(dial_dbm0) * np.sin(2 * np.pi * hz * t + rng.uniform(0, 7))
    return DtmfReceiver().keys(samples(wave))


def heard_of(
    burst: Burst,
    count: int,
    seed: int,
    *,
    noise_dbm0: float | None = None,
    dial_dbm0: float | None = None,
) -> int:
    """How many of ``count`` random keys are heard exactly."""
    rng = np.random.default_rng(seed)
    right = 0
    for key in rng.choice(list(LAYOUT), count):
        right += key == keys_heard(burst, rng, key, noise_dbm0=noise_dbm0, dial_dbm0=dial_dbm0)
    return right


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
    burst = Burst(on_ms=40 if snr_db > 9 else 50)
    assert heard_of(burst, 400, seed=7, noise_dbm0=-10 - snr_db) == 400


@pytest.mark.parametrize("dial_dbm0", [-20.0, -10.0, -6.0])
def test_under_dial_tone(dial_dbm0: float) -> None:
    assert heard_of(Burst(), 200, seed=8, dial_dbm0=dial_dbm0) == 200


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
            pieces += [times(Burst(low, high, off[0], off[1], 40), key, rng), np.zeros(320)]
        wave = between_silences(np.concatenate(pieces), rng)
        wave += rng.normal(0, peak_of(min(low, high) - 15) / np.sqrt(2), len(wave))
        assert DtmfReceiver().keys(samples(wave)) == digits


def test_a_digit_is_told_35_ms_after_its_beginning() -> None:
    rng = np.random.default_rng(11)
    delays = []
    for _ in range(100):
        receiver, start = DtmfReceiver(), int(rng.integers(400, 500))
        wave = np.concatenate([np.zeros(start), times(Burst(), "5", rng)])
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
