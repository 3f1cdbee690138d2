# SPDX-License-Identifier: MIT
"""The impedance that a host sets, against the echo that the board then hears."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from boards_sim.hybrid import IMPEDANCES, RESISTOR_600, echo_filter, echo_return_loss_db
from boards_sim.loop import NATURES
from boards_sim.stage import Stage
from drivers.qhi.arguments import BYTE
from drivers.qhi.numbers import PortVerb
from dsp.line import LineCodec
from tests.boards_sim.host import streaming

PHONE = 4


@pytest.mark.parametrize("loop", ["ll1", "ll4", "ll5"])
def test_the_impedance_that_the_host_sets_is_the_balance_that_makes_the_echo(loop: str) -> None:
    stage = Stage(line=replace(NATURES[loop], noise_dbrnc=None, codec=LineCodec.LINEAR))
    host = streaming(stage)
    stage.telephone(PHONE).lifts()
    stage.passes(0.1)
    measured = []
    impulse = np.zeros(40, np.int16)
    impulse[0] = 20000
    for index, network in enumerate(IMPEDANCES.values()):
        host.orders(PortVerb.IMPEDANCE, PHONE, BYTE.pack(index))
        before = len(host.ups)
        first = [True]

        def strike(_: int, first: list[bool] = first) -> npt.NDArray[np.int16]:
            rows = np.zeros((12, 40), np.int16)
            if first[0]:
                rows[PHONE] = impulse
            first[0] = False
            return rows

        host.sends = strike
        stage.passes(0.05)
        got = [np.frombuffer(up.samples, "<i2").reshape(12, 40)[PHONE] for up in host.ups]
        answer = np.concatenate(got[before:]) / 20000
        expected = echo_return_loss_db(echo_filter(NATURES[loop].cable, RESISTOR_600, network))
        measured.append(echo_return_loss_db(tuple(answer)))
        assert measured[-1] == pytest.approx(expected, abs=0.2)
    assert max(measured) - min(measured) > 5
