# SPDX-License-Identifier: MIT
"""The handles on gateway and simulated kernel; what they do together is in tests/contract."""

import socket

import numpy as np
import pytest

from dsp.dahdi import MOST_CHANNELS, DahdiError, DahdiFault, DahdiGateway, DahdiStep, SimulatedDahdi
from dsp.errors import EngineArgumentError
from dsp.native import ffi


@pytest.mark.parametrize("count", [0, MOST_CHANNELS + 1])
def test_a_card_has_one_to_thirty_two_ports(count: int) -> None:
    with pytest.raises(EngineArgumentError):
        SimulatedDahdi([True] * count)


def test_a_gateway_without_channels_is_refused() -> None:
    with pytest.raises(EngineArgumentError):
        DahdiGateway([], -1, SimulatedDahdi([True]))


def test_what_fails_is_named_with_its_channel() -> None:
    card = SimulatedDahdi([True, False])
    with pytest.raises(DahdiError) as caught:
        DahdiGateway([1, 3], -1, card)
    assert (caught.value.step, caught.value.channel) == (DahdiStep.CHOOSING, 3)
    assert card.opened == 0
    card.suffers(DahdiFault.SIGNALLING, 128, 1)
    with pytest.raises(DahdiError) as caught:
        DahdiGateway([1, 2], -1, card)
    assert (caught.value.step, caught.value.signalling) == (DahdiStep.SIGNALLING, 128)


def test_a_frame_goes_up_for_every_five_milliseconds() -> None:
    card = SimulatedDahdi([True, False])
    ours, hosts = socket.socketpair()
    gateway = DahdiGateway([1, 2], ours.detach(), card)
    senses = ffi.new("aw_board_senses *")
    samples = np.zeros((2, 40), np.int16)
    for _ in range(100):
        card.play(samples)
        card.capture(senses, samples)
        assert gateway.turn()
    assert gateway.counts().frames == 100
    assert gateway.look().samples == 4000
    hosts.close()
    assert not gateway.turn()
    assert gateway.counts().ended
    gateway.close()
    assert card.opened == 0
