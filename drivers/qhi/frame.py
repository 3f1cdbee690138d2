# SPDX-License-Identifier: MIT
"""QHI frames on a stream of bytes: a thin handle on the engine's own codec.

``encode(Frame(FrameKind.PING, payload=bytes(4)))`` gives the bytes for the wire, and
``Deframer().feed(data)`` the frames in them, whatever pieces the stream comes in.  What the
payloads mean is in ``drivers.qhi.messages``; retries and order are the session's.
"""

import enum
from dataclasses import dataclass, field
from typing import Any, Final

from dsp.native import check, ffi, lib

__all__ = ["MAX_PAYLOAD", "Deframer", "Frame", "FrameFlag", "FrameKind", "encode"]

MAX_PAYLOAD: Final[int] = lib.AW_FRAME_PAYLOAD_MAX


class FrameKind(enum.IntEnum):
    """What a frame carries; 8 to 15 are reserved."""

    HELLO = 0
    REQ = 1
    RSP = 2
    EVT = 3
    PCM = 4
    LOG = 5
    PING = 6
    BULK = 7


class FrameFlag(enum.IntFlag):
    """How a frame is meant."""

    ACK_WANTED = 1
    MORE = 2
    RETRANSMIT = 4
    URGENT = 8
    SCHEDULED = 16


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame, header and payload."""

    kind: int
    "A FrameKind; a number without a name comes from a newer peer."
    flags: int = 0
    seq: int = 0
    "0 to 65535, counted per kind and direction."
    tick: int = 0
    "Board's sample clock, 0 to 2**32 - 1."
    ack: int = 0
    payload: bytes = field(default=b"", repr=False)


def encode(frame: Frame) -> bytes:
    """Return the frame as it goes over the wire.

    Raises:
        ValueError: a field is out of its range or the payload longer than ``MAX_PAYLOAD``.
    """
    out = ffi.new("uint8_t[]", lib.AW_FRAME_WIRE_MAX)
    try:
        header = ffi.new(
            "aw_frame_header *", (frame.kind, frame.flags, frame.seq, frame.tick, frame.ack)
        )
    except OverflowError as error:
        raise ValueError(f"{frame}: a header field is out of range") from error
    size = len(frame.payload)
    length = lib.aw_frame_encode(out, len(out), header, ffi.from_buffer(frame.payload), size)
    if length == 0:
        raise ValueError(f"{frame}: kind above 15 or payload of {size} bytes above {MAX_PAYLOAD}")
    return bytes(ffi.buffer(out, length))


class Deframer:
    """Finds frames in a stream; noise between two 0x00 costs the frame it hit, no more."""

    def __init__(self) -> None:
        out = ffi.new("aw_deframer **")
        check(lib.aw_deframer_new(out), "deframer")
        self._deframer: Any = ffi.gc(out[0], lib.aw_deframer_free)
        self._frame: Any = ffi.new("aw_frame *")

    def feed(self, data: bytes) -> list[Frame]:
        """Take the next bytes of the stream and return the frames completed by them."""
        frames: list[Frame] = []
        rest: Any = ffi.from_buffer("uint8_t[]", data)
        left = len(data)
        while left:
            taken = lib.aw_deframer_feed(self._deframer, rest, left, self._frame)
            rest += taken
            left -= taken
            if self._frame.payload != ffi.NULL:
                frames.append(self._current())
        return frames

    @property
    def frames(self) -> int:
        """Valid frames so far."""
        return int(lib.aw_deframer_frames(self._deframer))

    @property
    def bad(self) -> int:
        """Frames thrown away so far (CRC, COBS, length or version wrong)."""
        return int(lib.aw_deframer_bad(self._deframer))

    def _current(self) -> Frame:
        header = self._frame.header
        payload = bytes(ffi.buffer(self._frame.payload, self._frame.length))
        return Frame(header.kind, header.flags, header.seq, header.tick, header.ack, payload)
