# SPDX-License-Identifier: MIT
"""Every sample and every code, against the decision values of ITU-T G.711 written out."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsp import g711
from dsp.pcm import Samples

EVERY = np.arange(-32768, 32768).astype(np.int16)
CODES = bytes(range(256))


# Where each of the 128 intervals begins (G.711, tables 1 and 2).
# mu-law: 14 bits; half an interval, 15 whole ones of 2, then seven segments of doubling steps.
ULAW_EDGES = 4 * np.cumsum([0.0, 1.0, *[2.0] * 15, *np.repeat(2.0 ** np.arange(2, 9), 16)])[:128]
# A-law: 13 bits, 32 intervals of 2 (of 4096), then six segments of doubling steps.
ALAW_EDGES = 8 * np.cumsum([0.0, *[2.0] * 32, *np.repeat(2.0 ** np.arange(2, 8), 16)])[:128]


def expected_code(sample: int, edges: npt.NDArray[np.float64]) -> int:
    """Return the interval of a magnitude; negatives are the one's complement of positives."""
    magnitude = sample if sample >= 0 else ~sample
    return int(np.searchsorted(edges, magnitude, side="right")) - 1


def middles(edges: npt.NDArray[np.float64], top: float) -> list[float]:
    ends = [*edges[1:], top]
    return [(a + b) / 2 for a, b in zip(edges, ends, strict=True)]


def test_ulaw_codes_of_all_samples() -> None:
    expected = bytes((0xFF if x >= 0 else 0x7F) ^ expected_code(int(x), ULAW_EDGES) for x in EVERY)
    assert g711.ulaw_encode(EVERY) == expected


def test_alaw_codes_of_all_samples() -> None:
    expected = bytes((0xD5 if x >= 0 else 0x55) ^ expected_code(int(x), ALAW_EDGES) for x in EVERY)
    assert g711.alaw_encode(EVERY) == expected


def test_ulaw_samples_of_all_codes() -> None:
    values = middles(ULAW_EDGES, 4 * 8159)
    values[0] = 0  # table 2a: y0 is zero, not the middle of its half interval
    for code, sample in zip(CODES, g711.ulaw_decode(CODES), strict=True):
        magnitude = values[~code & 0x7F]
        assert sample == (magnitude if code & 0x80 else -magnitude)


def test_alaw_samples_of_all_codes() -> None:
    values = middles(ALAW_EDGES, 8 * 4096)
    for code, sample in zip(CODES, g711.alaw_decode(CODES), strict=True):
        magnitude = values[(code ^ 0x55) & 0x7F]
        assert sample == (magnitude if code & 0x80 else -magnitude)


@given(st.lists(st.integers(-32768, 32767), max_size=200))
def test_twice_through_the_codec_is_as_good_as_once(samples: list[int]) -> None:
    pcm: Samples = np.array(samples, dtype=np.int16)
    for encode, decode in (
        (g711.ulaw_encode, g711.ulaw_decode),
        (g711.alaw_encode, g711.alaw_decode),
    ):
        once = decode(encode(pcm))
        assert (decode(encode(once)) == once).all()


def test_views_with_gaps_are_taken_in_order() -> None:
    assert g711.ulaw_encode(EVERY[::-3]) == g711.ulaw_encode(EVERY[::-3].copy())


def test_other_arrays_are_refused() -> None:
    with pytest.raises(TypeError, match="int16"):
        g711.ulaw_encode(np.zeros(4))  # type: ignore[arg-type]
