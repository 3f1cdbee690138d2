# SPDX-License-Identifier: MIT
"""The handle of the simulated lines; the sums are in native/tests/test_line.c."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from dsp import g711
from dsp.errors import EngineArgumentError
from dsp.line import LineCodec, LinePath, Lines, LineSettings

Samples = npt.NDArray[np.int16]


def test_each_port_has_its_own_line() -> None:
    lines = Lines(3, frame=40)
    lines.path(1, LinePath.TO_FAR)
    lines.path(2, LinePath.TO_FAR | LinePath.TO_BOARD)
    lines.set(2, LineSettings(to_far_db=-20.0))
    lines.sent[:] = 1000
    lines.said[:] = -7
    assert lines.run(loud=500) == 0b010
    assert [set(row.tolist()) for row in lines.heard] == [{0}, {1000}, {100}]
    assert [set(row.tolist()) for row in lines.received] == [{0}, {0}, {-7}]


def test_the_same_seed_makes_the_same_noise() -> None:
    def noise(seed: int) -> bytes:
        lines = Lines(2, frame=40, seed=seed)
        for port in range(2):
            lines.set(port, LineSettings(noise_dbm0=-50.0, codec=LineCodec.ULAW))
        lines.run()
        assert np.any(lines.received[0] != lines.received[1])
        return lines.received.tobytes()

    assert noise(7) == noise(7)
    assert noise(7) != noise(8)


@pytest.mark.parametrize(
    ("codec", "encode", "decode"),
    [
        (LineCodec.ULAW, g711.ulaw_encode, g711.ulaw_decode),
        (LineCodec.ALAW, g711.alaw_encode, g711.alaw_decode),
    ],
)
def test_the_lines_codec_quantises_as_the_products_does(
    codec: LineCodec,
    encode: Callable[[Samples], bytes],
    decode: Callable[[bytes], Samples],
) -> None:
    every = np.arange(-32768, 32768, dtype=np.int32).astype(np.int16)
    lines = Lines(1, frame=65536)
    lines.set(0, LineSettings(codec=codec))
    lines.path(0, LinePath.TO_FAR)
    lines.sent[0] = every
    lines.run()
    assert np.array_equal(lines.heard[0], decode(encode(every)))


def test_settings_out_of_range_are_refused() -> None:
    lines = Lines(2, frame=40)
    with pytest.raises(EngineArgumentError, match="line 2"):
        lines.set(2, LineSettings())
    with pytest.raises(EngineArgumentError, match="line 1"):
        lines.set(1, LineSettings(echo=(0.0,) * 257))
    with pytest.raises(EngineArgumentError, match="65 lines"):
        Lines(65, frame=40)
