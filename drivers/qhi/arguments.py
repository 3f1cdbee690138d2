# SPDX-License-Identifier: MIT
"""The arguments of requests and events (docs/reference/qhi.md), for both ends of the link.

Those of a fixed layout are ``struct.Struct`` constants, to be read with ``layout.unpack``;
those of a varying one are dataclasses.
"""

import struct
from dataclasses import dataclass
from typing import Final, Self

from drivers.qhi.layout import MessageError, named, unpack
from drivers.qhi.numbers import PcmFormat

__all__ = [
    "BATTERY",
    "BYTE",
    "COUNT",
    "FLASH_WINDOW",
    "GAIN",
    "ID_INFO",
    "ID_READ",
    "METER",
    "PULSES_SENT",
    "QUERY",
    "STATE",
    "TIME",
    "WORD",
    "Pulses",
    "RingSteps",
    "StreamStart",
]

BYTE: Final = struct.Struct("<B")
"""LINEFEED, HOOK, RINGING, POLARITY, PULSE_DIGIT ..."""
WORD: Final = struct.Struct("<H")
"""FLASH, OPEN_LOOP, IDENTIFY, EVENTS_LOST: ms, s or a count."""
COUNT: Final = struct.Struct("<I")
"""UNDERRUN, SLIP, SELFTEST."""
STATE: Final = struct.Struct("<BB")
"""PORT.STATE: ``LineBits``, linefeed."""
BATTERY: Final = struct.Struct("<BBH")
"""PORT.BATTERY: present, 0, ms that it was away."""
PULSES_SENT: Final = struct.Struct("<HBB")
"""PORT.PULSES_SENT: seq and tag of the request, status."""
FLASH_WINDOW: Final = struct.Struct("<HH")
"""PORT.FLASH_WINDOW: shortest, longest ms."""
GAIN: Final = struct.Struct("<hh")
"""PORT.GAIN: receive, send in 0.1 dB."""
METER: Final = struct.Struct("<hh")
"""PORT.METER: volts, mA, times 10; -32768: not measured."""
QUERY: Final = struct.Struct("<BBBBIII")
"""CLK.QUERY: running, ms, format, lead ms, tick, underruns, slips."""
TIME: Final = struct.Struct("<IQ")
"""SYS.TIME: tick, microseconds since boot."""
ID_READ: Final = struct.Struct("<BBB")
"""ID.READ: page, offset, bytes."""
ID_INFO: Final = struct.Struct("<BHH")
"""ID.INFO: pages, bytes per page, locked (bit per page)."""


@dataclass(frozen=True, slots=True)
class RingSteps:
    """The arguments of PORT.RING."""

    steps_ms: tuple[int, ...]
    "On, off, on, off ...: 2, 4, 6 or 8 of them."

    def encode(self) -> bytes:
        """Return the arguments."""
        return struct.pack(f"<B{len(self.steps_ms)}H", len(self.steps_ms), *self.steps_ms)

    @classmethod
    def decode(cls, arguments: bytes) -> Self:
        """Read the arguments."""
        if not arguments or arguments[0] not in (2, 4, 6, 8):
            raise MessageError("RING: 2, 4, 6 or 8 steps expected")
        steps = struct.Struct(f"<{arguments[0]}H")
        return cls(unpack(steps, arguments, "RING", 1))


_PULSES: Final = struct.Struct("<HHHB")


@dataclass(frozen=True, slots=True)
class Pulses:
    """The arguments of PORT.PULSE."""

    digits: str
    break_ms: int = 60
    make_ms: int = 40
    between_ms: int = 800

    def encode(self) -> bytes:
        """Return the arguments."""
        head = _PULSES.pack(self.break_ms, self.make_ms, self.between_ms, len(self.digits))
        return head + self.digits.encode("ascii")

    @classmethod
    def decode(cls, arguments: bytes) -> Self:
        """Read the arguments."""
        break_ms, make_ms, between_ms, count = unpack(_PULSES, arguments, "PULSE")
        digits = arguments[_PULSES.size :][:count]
        if not 1 <= count <= 32 or len(digits) != count:
            raise MessageError("PULSE: 1 to 32 digits expected")
        if not (digits.isascii() and digits.isdigit()):
            raise MessageError(f"PULSE: {digits!r} has other than 0-9")
        return cls(digits.decode("ascii"), break_ms, make_ms, between_ms)


_START: Final = struct.Struct("<BBBBI")


@dataclass(frozen=True, slots=True)
class StreamStart:
    """The arguments of CLK.START."""

    ms: int
    format: PcmFormat
    ports: int
    "Bit per port."
    lead_ms: int = 0

    def encode(self) -> bytes:
        """Return the arguments."""
        return _START.pack(self.ms, self.format, self.lead_ms, 0, self.ports)

    @classmethod
    def decode(cls, arguments: bytes) -> Self:
        """Read the arguments."""
        ms, number, lead_ms, _, ports = unpack(_START, arguments, "START")
        return cls(ms, named(PcmFormat, number, "START format"), ports, lead_ms)
