# SPDX-License-Identifier: MIT
"""The echo of a hybrid: the filter against the impedances, the line against the filter."""

import numpy as np
import pytest

from boards_sim.hybrid import (
    CTR21,
    LINE_USA,
    RESISTOR_600,
    Cable,
    Network,
    echo_filter,
    echo_return_loss_db,
    line_impedance,
    reflection,
)
from boards_sim.loop import LineNature
from dsp.line import LineCodec, LinePath, Lines


def test_a_network_is_what_its_parts_make() -> None:
    at_1k = CTR21.at(np.array([1000.0]))[0]
    # 270 + 750 / (1 + j 2 pi 1000 * 750 * 150e-9) = 270 + 750 / (1 + 0.7069j)
    assert at_1k == pytest.approx(270 + 750 / (1 + 0.70686j), rel=1e-4)
    usa = LINE_USA.at(np.array([1000.0]))[0]
    assert usa == pytest.approx(900 - 73.68j, rel=1e-3)


def test_no_cable_shows_the_far_end_itself() -> None:
    hz = np.array([300.0, 1000.0, 3000.0])
    assert line_impedance(Cable(1e-6), CTR21, hz) == pytest.approx(CTR21.at(hz), rel=1e-4)


def test_900_ohm_against_600_return_14_db() -> None:
    # (900 - 600) / (900 + 600) = 0.2: 13.98 dB
    taps = echo_filter(Cable(1e-6), Network(900.0), RESISTOR_600)
    assert echo_return_loss_db(taps) == pytest.approx(13.98, abs=0.1)


def test_long_loops_return_more_against_600_ohm() -> None:
    # boards.md 5.2: 16.7 dB on a short loop, under 10 on long ones; a complex balance keeps 15
    losses = [
        echo_return_loss_db(echo_filter(Cable(k), RESISTOR_600, RESISTOR_600)) for k in (1, 4)
    ]
    assert losses[0] > 12
    assert losses[1] < 8
    assert echo_return_loss_db(echo_filter(Cable(4), RESISTOR_600, CTR21)) > 15


def test_the_filter_has_the_loss_of_the_impedances() -> None:
    hz = np.linspace(500, 2500, 500)
    for balance in (LINE_USA, CTR21):
        echo = reflection(line_impedance(Cable(2), RESISTOR_600, hz), balance.at(hz))
        expected = -10 * np.log10(np.mean(np.abs(echo) ** 2))
        taps = echo_filter(Cable(2), RESISTOR_600, balance)
        assert echo_return_loss_db(taps) == pytest.approx(expected, abs=0.2)


def test_an_impulse_through_the_line_measures_the_filters_loss() -> None:
    nature = LineNature(loss_db=0.0, noise_dbrnc=None, codec=LineCodec.LINEAR)
    lines = Lines(1, frame=40)
    lines.set(0, nature.settings())
    lines.path(0, LinePath.TO_FAR | LinePath.TO_BOARD | LinePath.HYBRID)
    lines.sent[0, 0] = 20000
    answer = []
    for _ in range(4):
        lines.run()
        answer.append(lines.received[0] / 20000)
        lines.sent[:] = 0
    measured = echo_return_loss_db(tuple(np.concatenate(answer)))
    assert measured == pytest.approx(echo_return_loss_db(nature.settings().echo), abs=0.1)
    assert 16 < measured < 22
