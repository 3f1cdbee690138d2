# SPDX-License-Identifier: MIT
"""The handle of the simulated lines; the sums are in native/tests/test_line.c."""

import numpy as np
import pytest

from dsp.errors import EngineArgumentError
from dsp.line import LineCodec, LinePath, Lines, LineSettings


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


def test_settings_out_of_range_are_refused() -> None:
    lines = Lines(2, frame=40)
    with pytest.raises(EngineArgumentError, match="line 2"):
        lines.set(2, LineSettings())
    with pytest.raises(EngineArgumentError, match="line 1"):
        lines.set(1, LineSettings(echo=(0.0,) * 257))
    with pytest.raises(EngineArgumentError, match="65 lines"):
        Lines(65, frame=40)
