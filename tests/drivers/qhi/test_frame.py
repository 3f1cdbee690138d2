# SPDX-License-Identifier: MIT
"""The C codec against a plain Python one, and against a line that flips bits."""

import random
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.qhi.frame import MAX_PAYLOAD, Deframer, Frame, FrameFlag, FrameKind, encode

frames = st.builds(
    Frame,
    st.integers(0, 15),
    st.integers(0, 255),
    st.integers(0, 0xFFFF),
    st.integers(0, 0xFFFFFFFF),
    st.integers(0, 0xFFFF),
    st.binary(max_size=700) | st.integers(0, MAX_PAYLOAD).map(lambda n: b"\x01" * n),
)


def plain_cobs(raw: bytes) -> bytes:
    """COBS as its paper describes it, byte by byte."""
    out, run = bytearray(), bytearray()
    for byte in raw:
        if len(run) == 254:
            out += b"\xff" + run
            run.clear()
        if byte:
            run.append(byte)
        else:
            out += bytes([len(run) + 1]) + run
            run.clear()
    return bytes(out) + bytes([len(run) + 1]) + run


def plain_encode(frame: Frame) -> bytes:
    head = struct.pack(
        "<BBHIHH", 0x10 | frame.kind, frame.flags, frame.seq, frame.tick, frame.ack, 0
    )
    raw = head + frame.payload
    wire = plain_cobs(raw + struct.pack("<I", zlib.crc32(raw))) + b"\0"
    return wire + (b"\0" if len(wire) % 64 == 0 else b"")


@given(frames)
def test_the_codec_writes_what_the_plain_one_writes(frame: Frame) -> None:
    assert encode(frame) == plain_encode(frame)


@given(st.lists(frames, max_size=6), st.randoms(use_true_random=False))
def test_frames_come_out_as_they_went_in_whatever_the_pieces(
    sent: list[Frame], rng: random.Random
) -> None:
    stream = b"".join(encode(frame) for frame in sent)
    deframer = Deframer()
    received = []
    while stream:
        size = rng.choice([1, 1, 2, 64, 512, 5000])
        received += deframer.feed(stream[:size])
        stream = stream[size:]
    assert received == sent
    assert (deframer.frames, deframer.bad) == (len(sent), 0)


@given(st.lists(st.binary(max_size=60) | frames.map(encode), max_size=8))
def test_whole_and_byte_by_byte_agree_on_any_stream(pieces: list[bytes]) -> None:
    stream = b"".join(pieces)
    whole, single = Deframer(), Deframer()
    expected = whole.feed(stream)
    received = [frame for byte in stream for frame in single.feed(bytes([byte]))]
    assert received == expected
    assert (single.frames, single.bad) == (whole.frames, whole.bad)


def test_of_20000_frames_with_flipped_bits_none_is_accepted() -> None:
    rng = random.Random(1998)
    deframer = Deframer()
    for number in range(20_000):
        payload = rng.randbytes(rng.choice([0, 4, 40, 200]))
        wire = bytearray(encode(Frame(FrameKind.EVT, 1, number % 65536, number, 0, payload)))
        for bit in rng.sample(range(8 * (len(wire) - 1)), rng.randint(1, 6)):
            wire[bit // 8] ^= 1 << bit % 8
        assert deframer.feed(bytes(wire) + b"\0") == []
    assert deframer.frames == 0
    assert deframer.bad >= 20_000


def test_after_noise_the_next_frame_is_found() -> None:
    deframer = Deframer()
    frame = Frame(FrameKind.PING, FrameFlag.ACK_WANTED, 3, payload=b"here")
    assert deframer.feed(b"\x55" * 100_000 + b"\0" + encode(frame)) == [frame]
    assert deframer.bad == 1
    assert deframer.feed(encode(frame)[:-3]) == []
    assert deframer.feed(b"\0" + encode(frame)) == [frame]
    assert deframer.bad == 2


def test_empty_frames_mean_nothing() -> None:
    deframer = Deframer()
    assert deframer.feed(bytes(1000)) == []
    assert deframer.bad == 0


def test_a_frame_of_another_version_is_thrown_away() -> None:
    raw = bytes([0x26]) + bytes(11)
    wire = plain_cobs(raw + struct.pack("<I", zlib.crc32(raw))) + b"\0"
    deframer = Deframer()
    assert deframer.feed(wire) == []
    assert deframer.bad == 1


def test_a_full_last_run_may_have_an_empty_successor() -> None:
    frame = Frame(FrameKind.LOG, payload=b"\x01" * 250)
    wire = encode(frame).rstrip(b"\0")
    assert wire[-255] == 0xFF, "payload and CRC are one run of 254"
    assert Deframer().feed(wire + b"\0") == [frame]
    assert Deframer().feed(wire + b"\x01\0") == [frame]


@pytest.mark.parametrize("size", range(0, MAX_PAYLOAD + 1, 17))
def test_no_frame_is_a_multiple_of_a_usb_packet_long(size: int) -> None:
    assert len(encode(Frame(FrameKind.BULK, payload=b"\xaa" * size))) % 64


@pytest.mark.parametrize(
    "frame", [Frame(16), Frame(0, payload=bytes(MAX_PAYLOAD + 1)), Frame(0, seq=65536)]
)
def test_what_does_not_fit_a_frame_is_refused(frame: Frame) -> None:
    with pytest.raises(ValueError, match=r"kind|range|bytes"):
        encode(frame)
