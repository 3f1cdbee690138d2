# SPDX-License-Identifier: MIT
"""The way to DAHDI channels: opened, opened again, refused, and given back."""

import errno
import os

import pytest

from drivers.dahdi.link import DahdiLink
from drivers.errors import NotAvailableError
from dsp.dahdi import DahdiFault, SimulatedDahdi


@pytest.fixture
def kernel() -> SimulatedDahdi:
    return SimulatedDahdi([True, False])


def test_opening_again_begins_afresh(kernel: SimulatedDahdi) -> None:
    link = DahdiLink([1, 2], kernel)
    first = link.open()
    assert kernel.opened == 2
    second = link.open()
    assert kernel.opened == 2
    assert os.read(first, 1) == b"", "the one before has come to its end"
    link.close()
    assert kernel.opened == 0
    link.close()
    for descriptor in (first, second):
        os.close(descriptor)


def test_a_refusal_leaves_nothing_open(kernel: SimulatedDahdi) -> None:
    link = DahdiLink([1, 2], kernel)
    before = len(os.listdir("/proc/self/fd"))
    kernel.suffers(DahdiFault.NO_ZONES, errno.EPERM)
    with pytest.raises(NotAvailableError, match="dahdi 1,2: channel 1: no tone zone"):
        link.open()
    assert kernel.opened == 0
    assert link.gateway is None
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_machine_without_dahdi_says_so() -> None:
    if os.path.exists("/dev/dahdi/channel"):
        pytest.skip("this machine has DAHDI")
    with pytest.raises(NotAvailableError, match="load the card's module"):
        DahdiLink([1]).open()
