# SPDX-License-Identifier: MIT
"""The payloads of QHI frames but PCM (docs/reference/qhi.md), for both ends of the link.

Every message is a frozen dataclass with ``encode()`` and ``decode(payload)``; ``decode`` raises
:class:`MessageError` for whatever is too short or senseless, and nothing else.  Numbers are
in ``drivers.qhi.numbers``; a number without a name is kept as it is, for it may be newer than
this module.  Arguments are in ``drivers.qhi.arguments``, samples in ``drivers.qhi.pcm``.  The
order of frames, retries and acknowledgements is the session's business.
"""

import struct
from dataclasses import dataclass, replace
from typing import Final, Self

from drivers.qhi.layout import MessageError, named, text, unpack
from drivers.qhi.numbers import MINOR, BulkOp, Status

__all__ = [
    "HELLO_BYTES",
    "Bulk",
    "EventMessage",
    "Hello",
    "Log",
    "MessageError",
    "Request",
    "Response",
    "frame_bit",
]


def frame_bit(ms: int) -> int:
    """Return the bit in HELLO's ``frames`` that stands for PCM frames of so many ms."""
    return 1 << (ms - 1)


_HELLO: Final = struct.Struct("<4sBBHHHI16sQBBBBIHBBIII")
HELLO_BYTES: Final = _HELLO.size


@dataclass(frozen=True, slots=True)
class Hello:
    """Who is there.  A host leaves the board's fields at 0."""

    session: int
    "0 from a board: it has no session."
    major: int = 1
    minor: int = MINOR
    vendor: int = 0
    type: int = 0
    hardware: int = 0
    "Major revision times 256 plus minor."
    firmware: int = 0
    "Major times 2**24 plus minor times 2**16 plus patch."
    serial: str = ""
    features: int = 0
    "Bits of ``Feature``."
    ports: int = 0
    formats: int = 0
    "Bit per ``PcmFormat``."
    window: int = 0
    boot_reason: int = 0
    frames: int = 0
    "Bits of ``frame_bit``."
    max_frame: int = 4096
    role: int = 0
    "0 board, 1 host."
    event_ring: int = 0
    dictionary_length: int = 0
    dictionary_crc: int = 0

    def encode(self) -> bytes:
        """Return the 64 bytes."""
        serial = self.serial.encode()[:16]
        identity = (b"QHI1", self.major, self.minor, self.vendor, self.type, self.hardware)
        abilities = (self.ports, self.formats, self.window, self.boot_reason, self.frames)
        sizes = (self.max_frame, self.role, self.event_ring)
        dictionary = (self.dictionary_length, self.dictionary_crc, self.session)
        return _HELLO.pack(
            *identity, self.firmware, serial, self.features, *abilities, *sizes, *dictionary
        )

    @classmethod
    def decode(cls, payload: bytes) -> Self:
        """Read a HELLO.

        Raises:
            MessageError: it is shorter than 64 bytes or not of QHI.
        """
        fields = unpack(_HELLO, payload, "HELLO")
        magic, major, minor, vendor, board, hardware, firmware, serial, features = fields[:9]
        ports, formats, window, reason, frames, max_frame, role, ring = fields[9:17]
        length, crc, session = fields[17:]
        if magic != b"QHI1":
            raise MessageError(f"HELLO begins with {magic!r}, not b'QHI1'")
        return cls(
            session=session,
            major=major,
            minor=minor,
            vendor=vendor,
            type=board,
            hardware=hardware,
            firmware=firmware,
            serial=text(serial),
            features=features,
            ports=ports,
            formats=formats,
            window=window,
            boot_reason=reason,
            frames=frames,
            max_frame=max_frame,
            role=role,
            event_ring=ring,
            dictionary_length=length,
            dictionary_crc=crc,
        )


_REQUEST: Final = struct.Struct("<BBBB")


@dataclass(frozen=True, slots=True)
class Request:
    """Host to board: do something."""

    class_: int
    verb: int
    port: int
    "0xFF: the board itself."
    tag: int = 0
    arguments: bytes = b""

    def encode(self) -> bytes:
        """Return the payload of a REQ frame."""
        return _REQUEST.pack(self.class_, self.verb, self.port, self.tag) + self.arguments

    @classmethod
    def decode(cls, payload: bytes) -> Self:
        """Read the payload of a REQ frame."""
        class_, verb, port, tag = unpack(_REQUEST, payload, "REQ")
        return cls(class_, verb, port, tag, payload[_REQUEST.size :])

    def tagged(self, tag: int) -> Self:
        """Return the same request with a tag."""
        return replace(self, tag=tag)

    def answer(self, status: Status, results: bytes = b"", *, detail: int = 0) -> "Response":
        """Return the board's response to this request."""
        return Response(self.class_, self.verb, self.port, self.tag, status, detail, results)


_RESPONSE: Final = struct.Struct("<BBBBBB")


@dataclass(frozen=True, slots=True)
class Response:
    """Board to host: what became of a request."""

    class_: int
    verb: int
    port: int
    tag: int
    status: int
    "A ``Status``."
    detail: int = 0
    results: bytes = b""

    def encode(self) -> bytes:
        """Return the payload of an RSP frame."""
        head = (self.class_, self.verb, self.port, self.tag, self.status, self.detail)
        return _RESPONSE.pack(*head) + self.results

    @classmethod
    def decode(cls, payload: bytes) -> Self:
        """Read the payload of an RSP frame."""
        class_, verb, port, tag, status, detail = unpack(_RESPONSE, payload, "RSP")
        return cls(class_, verb, port, tag, status, detail, payload[_RESPONSE.size :])


_EVENT: Final = struct.Struct("<BBBBI")


@dataclass(frozen=True, slots=True)
class EventMessage:
    """Board to host: something has happened."""

    class_: int
    event: int
    port: int
    severity: int = 0
    tick: int = 0
    "Board's sample clock when it happened."
    arguments: bytes = b""

    def encode(self) -> bytes:
        """Return the payload of an EVT frame."""
        head = (self.class_, self.event, self.port, self.severity, self.tick)
        return _EVENT.pack(*head) + self.arguments

    @classmethod
    def decode(cls, payload: bytes) -> Self:
        """Read the payload of an EVT frame."""
        class_, event, port, severity, tick = unpack(_EVENT, payload, "EVT")
        return cls(class_, event, port, severity, tick, payload[_EVENT.size :])


@dataclass(frozen=True, slots=True)
class Log:
    """Board to host: a line for people."""

    level: int
    "0 error, 1 warning, 2 information, 3 detail."
    text: str

    def encode(self) -> bytes:
        """Return the payload of a LOG frame."""
        return bytes([self.level, 0]) + self.text.encode()

    @classmethod
    def decode(cls, payload: bytes) -> Self:
        """Read the payload of a LOG frame."""
        if len(payload) < 2:
            raise MessageError("LOG shorter than 2 bytes")
        return cls(payload[0], text(payload[2:]))


_BULK_HEAD: Final = struct.Struct("<BBHI")
_BULK_TOTAL: Final = struct.Struct("<I")
_BULK_REFUSED: Final = struct.Struct("<BBH")


@dataclass(frozen=True, slots=True)
class Bulk:
    """A piece of a larger object: asked for (READ), given (PART) or refused."""

    object: int
    "A ``BulkObject``."
    op: BulkOp
    offset: int = 0
    length: int = 0
    "READ: bytes asked for.  PART: bytes given."
    total: int = 0
    "PART: bytes of the whole object."
    status: int = 0
    "REFUSED: a ``Status``."
    part: bytes = b""

    def encode(self) -> bytes:
        """Return the payload of a BULK frame."""
        if self.op is BulkOp.REFUSED:
            return _BULK_REFUSED.pack(self.object, self.op, self.status)
        head = _BULK_HEAD.pack(self.object, self.op, self.length, self.offset)
        if self.op is BulkOp.READ:
            return head
        return head + _BULK_TOTAL.pack(self.total) + self.part

    @classmethod
    def decode(cls, payload: bytes) -> Self:
        """Read the payload of a BULK frame."""
        object_, number, status = unpack(_BULK_REFUSED, payload, "BULK")
        op = named(BulkOp, number, "BULK op")
        if op is BulkOp.REFUSED:
            return cls(object_, op, status=status)
        _, _, length, offset = unpack(_BULK_HEAD, payload, "BULK")
        if op is BulkOp.READ:
            return cls(object_, op, offset, length)
        (total,) = unpack(_BULK_TOTAL, payload, "BULK PART", _BULK_HEAD.size)
        part = payload[_BULK_HEAD.size + _BULK_TOTAL.size :][:length]
        if len(part) != length:
            raise MessageError(f"BULK PART of {len(part)} bytes says it has {length}")
        return cls(object_, op, offset, length, total, part=part)
