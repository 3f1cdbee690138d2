# SPDX-License-Identifier: MIT
"""Every message survives its own encoding, and none of them falls over what a stranger sends."""

import contextlib
from collections.abc import Callable
from typing import Any, Protocol

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.qhi.arguments import Pulses, RingSteps, StreamStart
from drivers.qhi.dictionary import Dictionary, encode_dictionary
from drivers.qhi.layout import MessageError
from drivers.qhi.messages import (
    HELLO_BYTES,
    Bulk,
    EventMessage,
    Hello,
    Log,
    Request,
    Response,
    frame_bit,
)
from drivers.qhi.numbers import BulkOp, PcmFormat, Status
from drivers.qhi.pcm import PcmDown, PcmUp

u8 = st.integers(0, 0xFF)
u16 = st.integers(0, 0xFFFF)
u32 = st.integers(0, 0xFFFFFFFF)
words = st.text("abcXYZ-0123456789", max_size=16)
arguments = st.binary(max_size=64)


class Message(Protocol):
    def encode(self) -> bytes: ...


hellos = st.builds(
    Hello,
    session=u32,
    major=u8,
    minor=u8,
    vendor=u16,
    type=u16,
    hardware=u16,
    firmware=u32,
    serial=words,
    features=st.integers(0, 2**64 - 1),
    ports=u8,
    formats=u8,
    window=u8,
    boot_reason=u8,
    frames=u32,
    max_frame=u16,
    role=u8,
    event_ring=u8,
    dictionary_length=u32,
    dictionary_crc=u32,
)
parts = st.builds(
    lambda part, offset, total: Bulk(0, BulkOp.PART, offset, len(part), total, part=part),
    st.binary(max_size=1024),
    u32,
    u32,
)
bulks = parts | st.builds(Bulk, u8, st.just(BulkOp.READ), u32, u16)
refusals = st.builds(Bulk, u8, st.just(BulkOp.REFUSED), status=u16)
digits = st.text("0123456789", min_size=1, max_size=32)
cadences = st.sampled_from([2, 4, 6, 8]).flatmap(
    lambda n: st.lists(u16, min_size=n, max_size=n).map(tuple)
)

MESSAGES: dict[type[Any], st.SearchStrategy[Any]] = {
    Hello: hellos,
    Request: st.builds(Request, u8, u8, u8, u8, arguments),
    Response: st.builds(Response, u8, u8, u8, u8, u8, u8, arguments),
    EventMessage: st.builds(EventMessage, u8, u8, u8, u8, u32, arguments),
    Log: st.builds(Log, u8, words),
    Bulk: bulks | refusals,
    RingSteps: st.builds(RingSteps, cadences),
    Pulses: st.builds(Pulses, digits, u16, u16, u16),
    StreamStart: st.builds(StreamStart, u8, st.sampled_from(PcmFormat), u32, u8),
}


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_what_is_encoded_decodes_to_the_same(kind: type[Any], data: st.DataObject) -> None:
    message = data.draw(MESSAGES[kind])
    assert kind.decode(message.encode()) == message


@pytest.mark.parametrize("kind", [*MESSAGES, PcmUp, PcmDown], ids=lambda kind: kind.__name__)
@given(payload=st.binary(max_size=200))
def test_hostile_payloads_are_refused_with_one_error(kind: type[Any], payload: bytes) -> None:
    decode: Callable[[bytes], Message] = kind.decode
    with contextlib.suppress(MessageError):
        decode(payload)


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_messages_cut_short_are_refused_or_shorter(kind: type[Any], data: st.DataObject) -> None:
    message = data.draw(MESSAGES[kind])
    whole = message.encode()
    cut = whole[: data.draw(st.integers(0, max(0, len(whole) - 1)))]
    with contextlib.suppress(MessageError):
        assert kind.decode(cut) != message or cut == whole


def test_hello_has_the_bytes_of_the_specification() -> None:
    hello = Hello(
        session=0x01020304,
        vendor=0x5141,
        type=1,
        hardware=0x0100,
        firmware=0x01000002,
        serial="QX-0001",
        features=0x0801,
        ports=12,
        formats=7,
        window=8,
        boot_reason=1,
        frames=frame_bit(5),
        event_ring=64,
        dictionary_length=0x222,
        dictionary_crc=0xAABBCCDD,
    )
    assert hello.encode() == bytes.fromhex(
        "51484931 01 01 4151 0100 0001 02000001"
        "51582d30303031 000000000000000000"
        "0108000000000000 0c 07 08 01 10000000 0010 00 40 22020000 ddccbbaa 04030201"
    )
    assert HELLO_BYTES == 64


def test_a_hello_of_another_protocol_is_refused() -> None:
    with pytest.raises(MessageError, match="QHI1"):
        Hello.decode(b"NOPE" + bytes(60))


def test_an_answer_names_its_request() -> None:
    request = Request(3, 2, 7, arguments=b"\2").tagged(9)
    assert request.answer(Status.BAD_ARG, detail=1).encode() == bytes([3, 2, 7, 9, 1, 1])


@pytest.mark.parametrize("arguments", [b"", b"\3", b"\2\1\0", b"\x0a" + bytes(20)])
def test_a_cadence_is_pairs_of_on_and_off(arguments: bytes) -> None:
    with pytest.raises(MessageError, match="RING"):
        RingSteps.decode(arguments)


@pytest.mark.parametrize("dialled", [b"", b"12*", b"1" * 33, b"\xef\xbc\x91"])
def test_pulses_are_one_to_32_digits(dialled: bytes) -> None:
    with pytest.raises(MessageError, match="PULSE"):
        Pulses.decode(bytes(6) + bytes([len(dialled)]) + dialled)


def test_samples_are_exactly_what_the_head_says() -> None:
    up = PcmUp(5, PcmFormat.S16, 0b101, off_hook=1, ringing=4, samples=bytes(160), tx_fill_ms=10)
    payload = up.encode()
    assert payload[:16] == bytes.fromhex("05 02 0a 00 05000000 01000000 04000000")
    assert PcmUp.decode(payload) == up
    for wrong in (payload[:-1], payload + b"\0", bytes([6]) + payload[1:], b"\5\3" + payload[2:]):
        with pytest.raises(MessageError, match="PCM"):
            PcmUp.decode(wrong)


def test_an_answer_with_samples_has_a_head_of_eight_bytes() -> None:
    down = PcmDown(5, PcmFormat.ULAW, 0b11, bytes(range(80)), flags=4)
    payload = down.encode()
    assert payload[:8] == bytes.fromhex("05 00 00 04 03000000")
    assert PcmDown.decode(payload) == down


PORTS = [{"kind": "fxs", "capabilities": ["ring_tx", "loop_sense", "brews_coffee"]}]


def test_a_dictionary_tells_ports_and_skips_words_it_does_not_know() -> None:
    dictionary = Dictionary.decode(encode_dictionary({"model": "Q12", "ports": PORTS}))
    assert dictionary.model == "Q12"
    assert [port.kind.value for port in dictionary.ports] == ["fxs"]
    assert dictionary.ports[0].capabilities.name == "RING_TX|LOOP_SENSE"


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"model": "x"},
        {"model": "x", "ports": 3},
        {"model": "x", "ports": [3]},
        {"model": "x", "ports": [{"kind": "fax", "capabilities": []}]},
        {"model": "x", "ports": [{"kind": "fxs"}]},
        [],
    ],
)
def test_a_dictionary_that_lacks_its_ports_is_refused(content: Any) -> None:
    with pytest.raises(MessageError, match="dictionary"):
        Dictionary.decode(encode_dictionary(content))


def test_a_dictionary_that_inflates_without_end_is_refused() -> None:
    bomb = encode_dictionary({"model": " " * (1 << 24), "ports": []})
    with pytest.raises(MessageError, match="above"):
        Dictionary.decode(bomb)


@given(st.binary(max_size=100))
def test_noise_is_no_dictionary(noise: bytes) -> None:
    with pytest.raises(MessageError):
        Dictionary.decode(noise)
