# SPDX-License-Identifier: MIT
"""An office on the board: what people at its lines do, and what they hear."""

import pytest

from drivers.base import Capability

pytestmark = pytest.mark.usefixtures("exchange")


def test_alice_calls_bob(exchange, alice, bob, clock):
    alice.lifts()
    alice.hears("dial")
    alice.dials("102")
    bob.rings()
    alice.hears("ringback")
    bob.lifts()
    bob.hears("silence")
    bob.hangs_up()
    alice.hangs_up()
    clock.passes(2.5)
    assert exchange.calls() == ()


def test_bob_is_busy(alice, bob):
    bob.lifts()
    bob.hears("dial")
    alice.lifts()
    alice.hears("dial")
    alice.dials("102")
    alice.hears("busy")


def test_alice_calls_the_city(alice, city):
    alice.lifts()
    alice.hears("dial")
    alice.dials("95550123#")
    city.is_seized()
    city.receives("5550123")
    alice.hears("ringback", within_s=8.0)
    city.answers()
    alice.hears("silence")
    alice.hangs_up()
    city.is_free()


def test_the_city_calls_the_operator(alice, city):
    city.calls_in()
    alice.rings(within_s=10.0)
    alice.lifts()
    city.is_seized()
    city.hears("silence")
    alice.hangs_up()
    city.is_free()


def test_the_display_shows_who_calls(board, alice, bob, station):
    if Capability.CALLER_ID_TX not in board.info.ports[station].capabilities:
        pytest.skip(f"{board.info.model} doesn't speak to on-hook telephones")
    bob.lifts()
    bob.hears("dial")
    bob.dials("101")
    alice.rings()
    assert alice.shows().number == "102"
