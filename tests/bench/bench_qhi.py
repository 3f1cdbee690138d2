# SPDX-License-Identifier: MIT
"""Frames of the board protocol: ours in C beside the cobs package (C) with zlib's CRC.

Both work on the PCM frame of a Q12 with twelve ports of 16 bits and 5 ms (976 bytes).
"""

import random
import zlib
from collections.abc import Iterator

from cobs import cobs

from drivers.qhi.frame import Frame, FrameKind, encode
from dsp.native import check, ffi, lib
from tests.bench.clock import microseconds
from tests.figure import Figure

PAYLOAD = random.Random(1).randbytes(16 + 12 * 80)
CALLS = 5000


def _ours_frame() -> float:
    out = ffi.new("uint8_t[]", lib.AW_FRAME_WIRE_MAX)
    header = ffi.new("aw_frame_header *", (lib.AW_FRAME_PCM, 0, 1, 40, 0))
    payload = ffi.from_buffer("uint8_t[]", PAYLOAD)
    size, length = len(out), len(PAYLOAD)
    return microseconds(
        lambda: lib.aw_frame_encode(out, size, header, payload, length), calls=CALLS
    )


def _ours_unframe(wire: bytes) -> float:
    made = ffi.new("aw_deframer **")
    check(lib.aw_deframer_new(made), "deframer")
    deframer = ffi.gc(made[0], lib.aw_deframer_free)
    frame = ffi.new("aw_frame *")
    data, length = ffi.from_buffer("uint8_t[]", wire), len(wire)
    return microseconds(lambda: lib.aw_deframer_feed(deframer, data, length, frame), calls=CALLS)


def _peer_unframe(wire: bytes) -> bool:
    body = cobs.decode(wire[:-1])
    return zlib.crc32(body[:-4]) == int.from_bytes(body[-4:], "little")


def measure() -> Iterator[Figure]:
    """Yield the time to make and to read one frame."""
    wire = encode(Frame(FrameKind.PCM, seq=1, tick=40, payload=PAYLOAD))
    assert _peer_unframe(wire)
    body = bytes(12) + PAYLOAD
    peer = "cobs package + zlib"
    framed = microseconds(
        lambda: cobs.encode(body + zlib.crc32(body).to_bytes(4, "little")) + b"\0", calls=CALLS
    )
    unframed = microseconds(lambda: _peer_unframe(wire), calls=CALLS)
    yield Figure("qhi_frame_us", _ours_frame(), "us", peer, framed)
    yield Figure("qhi_unframe_us", _ours_unframe(wire), "us", peer, unframed)
