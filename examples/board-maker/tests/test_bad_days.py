# SPDX-License-Identifier: MIT
"""What goes wrong goes on: run where faults can be made by order, which is the simulator."""

from drivers.base import BoardLost, BoardUp, HookChanged


def test_a_board_that_is_unplugged_comes_back(faults, reports, alice, station):
    faults.run("unplug for 500ms")
    reports(BoardLost)
    alice.lifts()
    reports(BoardUp, within_s=10.0)
    assert reports(HookChanged, station).off_hook


def test_a_call_survives_a_noisy_link(exchange, faults, alice, bob):
    faults.run("drop 1% for 20s; corrupt 1% for 20s")
    alice.lifts()
    alice.hears("dial")
    alice.dials("102")
    bob.rings(within_s=10.0)
