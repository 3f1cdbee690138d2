# SPDX-License-Identifier: MIT
"""What the board itself does and reports: orders out, events in, no exchange."""

import pytest

from drivers.base import (
    BatteryChanged,
    Capability,
    Flashed,
    HookChanged,
    PulseDigit,
    PulsesSent,
    RingCadence,
    RingingChanged,
)


def needs(board, port, capability):
    if capability not in board.info.ports[port].capabilities:
        pytest.skip(f"{board.info.model} port {port} doesn't promise {capability.name}")


def test_it_says_what_it_is(board):
    assert board.info.model
    assert board.info.ports


def test_a_lifted_handset_is_reported(alice, station, reports):
    alice.lifts()
    assert reports(HookChanged, station).off_hook
    alice.hangs_up()
    assert not reports(HookChanged, station).off_hook


def test_a_telephone_rings_and_the_answer_trips_it(board, alice, station, reports):
    board.ring(station, RingCadence((2000, 4000)))
    alice.rings()
    alice.lifts()
    assert reports(HookChanged, station, within_s=1.0).off_hook
    alice.hangs_up()
    alice.is_quiet()


def test_a_flash_is_a_flash(board, alice, station, reports):
    needs(board, station, Capability.FLASH_RX)
    alice.lifts()
    assert reports(HookChanged, station).off_hook
    alice.flashes()
    reports(Flashed, station)


def test_a_rotary_dial_is_read(board, alice, station, reports):
    needs(board, station, Capability.PULSE_RX)
    alice.lifts()
    assert reports(HookChanged, station).off_hook
    alice.dials("307", pulse=True)
    assert [reports(PulseDigit, station).key for _ in range(3)] == ["3", "0", "7"]


def test_pulses_reach_the_office(board, city, trunk, reports, clock):
    needs(board, trunk, Capability.PULSE_TX)
    board.seize(trunk)
    city.is_seized()
    clock.passes(1.0)
    board.pulse(trunk, "42")
    reports(PulsesSent, trunk, within_s=6.0)
    city.receives("42")


def test_the_office_rings_and_hangs_up(board, city, trunk, reports, clock):
    needs(board, trunk, Capability.OSI_RX)
    city.calls_in()
    assert reports(RingingChanged, trunk).ringing
    board.seize(trunk)
    city.is_seized()
    clock.passes(1.0)
    city.hangs_up()
    assert not reports(BatteryChanged, trunk, within_s=10.0).present
