# SPDX-License-Identifier: MIT
"""Caller ID: round trip, noise, and each end against the product's own."""

import datetime as dt

import numpy as np
import pytest

from boards_sim.fsk import BELL_202, V23, Modem, caller_of, compose, demodulate, modulate
from drivers.actors import Caller
from dsp import callerid

NOON = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize("modem", [BELL_202, V23])
@pytest.mark.parametrize(
    "caller",
    [
        Caller("5551234567", "ALICE EXAMPLE"),
        Caller("102"),
        Caller("", absent="P"),
        Caller("", absent="O"),
    ],
)
def test_what_is_sent_is_shown(modem: Modem, caller: Caller) -> None:
    sound = modulate(compose(caller, NOON), modem)
    padded = np.concatenate([np.zeros(333, np.int16), sound, np.zeros(800, np.int16)])
    message = demodulate(padded, modem)
    assert message is not None
    assert caller_of(message) == caller


def test_a_known_message_is_composed_byte_for_byte() -> None:
    # MDMF, 13 bytes: date 03021200, number 1
    expected = b"\x80\x0d\x01\x0803021200\x02\x011"
    assert compose(Caller("1"), NOON) == expected + bytes([-sum(expected) % 256])


def test_single_data_messages_are_read() -> None:
    assert caller_of(b"\x04\x0f030212005551234") == Caller("5551234")
    assert caller_of(b"\x04\x0903021200P") == Caller("", absent="P")


def test_a_wrong_checksum_shows_nothing() -> None:
    message = bytearray(compose(Caller("5551234"), NOON))
    message[-1] ^= 1
    assert demodulate(modulate(bytes(message))) is None
    assert demodulate(np.zeros(8000, np.int16)) is None


def test_20_db_of_noise_are_borne() -> None:
    rng = np.random.default_rng(5)
    message = compose(Caller("5551234567", "BOB"), NOON)
    for _ in range(10):
        sound = modulate(message)
        noisy = sound + rng.normal(0, 341, len(sound))
        assert demodulate(noisy.astype(np.int16)) == message[:-1]


def test_the_products_receiver_reads_our_modem() -> None:
    receiver = callerid.FskReceiver(callerid.CallerIdStandard.BELL202)
    message = compose(Caller("5551234567", "CAROL"), NOON)
    sound = np.concatenate([modulate(message), np.zeros(800, np.int16)])
    assert receiver.feed(sound) == [message[:-1]]


def test_our_display_reads_the_products_sender() -> None:
    caller = callerid.CallerId(number="5559876", name="DAVE")
    sender = callerid.FskSender(callerid.mdmf(caller))
    sound = np.concatenate([np.zeros(400, np.int16), sender.read(12000)])
    message = demodulate(sound)
    assert message is not None
    assert caller_of(message) == Caller("5559876", "DAVE")
