# SPDX-License-Identifier: MIT
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dsp.comfort import ComfortNoise, Noise
from dsp.errors import EngineArgumentError
from dsp.pcm import Samples


def dbov(pcm: Samples) -> float:
    power = float(np.mean(pcm.astype(float) ** 2))
    return float(10 * np.log10(max(power, 1e-9) / 32768**2))


def background(level_dbov: float, seconds: float = 2.0) -> Samples:
    """A dull noise: white through a first-order low-pass."""
    white = np.random.default_rng(1).normal(size=int(8000 * seconds))
    dull = np.convolve(white, 0.8 ** np.arange(40))[: len(white)]
    dull *= 32768 * 10 ** (level_dbov / 20) / dull.std()
    return np.rint(dull).astype(np.int16)


def test_learnt_noise_sounds_like_the_background() -> None:
    room = background(-55)
    comfort = ComfortNoise()
    comfort.learn(room)
    comfort.read(800)
    made = comfort.read(16000)
    assert dbov(made) == pytest.approx(-55, abs=1.5)
    for low, high in [(0, 1000), (1000, 2000), (2000, 4000)]:
        bands = [
            np.abs(np.fft.rfft(pcm.astype(float)))[low * 2 : high * 2] ** 2 for pcm in (room, made)
        ]
        assert 10 * np.log10(bands[1].mean() / bands[0].mean()) == pytest.approx(0, abs=3)


def test_speech_does_not_teach_the_noise() -> None:
    comfort = ComfortNoise()
    comfort.learn(background(-60, 1.0))
    loud = (8000 * np.sin(np.arange(8000) * 0.3)).astype(np.int16)
    comfort.learn(loud)
    comfort.read(800)
    assert dbov(comfort.read(8000)) == pytest.approx(-60, abs=2)


def test_a_generator_that_was_told_nothing_is_silent() -> None:
    assert not ComfortNoise().read(1000).any()


@given(
    level=st.integers(0, 127),
    reflection=st.lists(st.floats(-0.99, 0.99), max_size=10),
)
def test_payloads_survive_the_wire(level: int, reflection: list[float]) -> None:
    noise = Noise(-float(level), tuple(reflection))
    again = Noise.parse(noise.payload())
    assert again.dbov == noise.dbov
    assert again.reflection == pytest.approx(noise.reflection, abs=0.004)


# A payload may ask for a whistle less than 1 Hz wide, whose level wavers for minutes: only the
# mean of many minutes is the level asked for, and which payloads are tried must not be chance.
@settings(deadline=None, max_examples=20, derandomize=True)
@given(st.binary(min_size=1, max_size=40))
@example(b'\n"ug\xe8\xef\xcb8\xfc\x175')
@example(b"\xd8\x005\xfc\xbe\xd7)@\r\x020\x9f")
def test_any_payload_makes_a_noise(payload: bytes) -> None:
    comfort = ComfortNoise()
    comfort.set(Noise.parse(payload))
    comfort.read(1600)
    level = -(payload[0] & 0x7F)
    made = dbov(comfort.read(4_000_000))
    assert made < max(level, -90) + 6  # the last bit is -90 dBov


def test_an_empty_payload_is_refused() -> None:
    with pytest.raises(EngineArgumentError, match="payload"):
        Noise.parse(b"")
