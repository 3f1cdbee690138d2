# SPDX-License-Identifier: MIT
"""Messages waiting and charges: byte by byte, both ways, and whatever bytes come."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsp.callerid import CallerIdError, FskReceiver, FskSender
from dsp.callerid_notice import Charge, Waiting, read_notice


def test_messages_waiting_byte_by_byte() -> None:
    assert Waiting(True).sdmf() == b"\x06\x03\x42\x42\x42\x31"
    assert Waiting(False).sdmf() == b"\x06\x03\x6f\x6f\x6f\xaa"
    assert Waiting(True).mdmf() == b"\x82\x03\x0b\x01\xff\x70"
    assert Waiting(False).mdmf() == b"\x82\x03\x0b\x01\x00\x6f"


@given(st.booleans(), st.none() | st.integers(0, 255))
def test_messages_waiting_round_trip(on: bool, count: int | None) -> None:
    assert read_notice(Waiting(on, count).mdmf()) == Waiting(on, count)
    assert read_notice(Waiting(on, count).sdmf()) == Waiting(on)


def test_a_lamp_is_lit_by_fsk_alone() -> None:
    (message,) = FskReceiver().feed(FskSender(Waiting(True, 3).mdmf()).read(8000))
    assert read_notice(message) == Waiting(True, 3)


def test_a_charge_round_trip() -> None:
    assert read_notice(Charge("EUR 1.20").mdmf()) == Charge("EUR 1.20")


@given(st.sampled_from([0x06, 0x82, 0x86]), st.binary(max_size=255))
def test_arbitrary_bodies_raise_nothing_but_their_own_error(kind: int, body: bytes) -> None:
    with suppress(CallerIdError):
        read_notice(bytes([kind, len(body)]) + body)


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (b"\x80\x00", "0x80: allowed are 0x06"),
        (b"\x06\x01x", "allowed are 424242"),
        (b"\x82\x00", "without the state"),
    ],
)
def test_bad_messages_say_what_is_wrong(message: bytes, said: str) -> None:
    with pytest.raises(CallerIdError, match=said):
        read_notice(message)


def test_bad_notices_say_what_is_allowed() -> None:
    with pytest.raises(CallerIdError, match="0 to 255"):
        Waiting(True, 256).mdmf()
    with pytest.raises(CallerIdError, match="1 to 20"):
        Charge("").mdmf()
