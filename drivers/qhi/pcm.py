# SPDX-License-Identifier: MIT
"""PCM frames (docs/reference/qhi.md) for boards written in Python, and for tests.

The PBX never sees these: on its side the engine reads and answers them in C.
"""

import struct
from dataclasses import dataclass
from typing import Final, Self

from drivers.qhi.layout import MessageError, named, unpack
from drivers.qhi.numbers import PcmFormat

__all__ = ["PcmDown", "PcmUp"]

_PCM_UP: Final = struct.Struct("<BBBBIII")
_PCM_DOWN: Final = struct.Struct("<BBBBI")
_SAMPLE_BYTES: Final = {PcmFormat.ULAW: 1, PcmFormat.ALAW: 1, PcmFormat.S16: 2}


def _check_samples(ms: int, form: PcmFormat, ports: int, samples: bytes) -> None:
    expected = ports.bit_count() * ms * 8 * _SAMPLE_BYTES[form]
    if ms == 0 or len(samples) != expected:
        raise MessageError(f"PCM: {len(samples)} bytes of samples, {expected} expected")


@dataclass(frozen=True, slots=True)
class PcmUp:
    """One frame of samples from the board, with the level state of its lines."""

    ms: int
    format: PcmFormat
    ports: int
    "Bit per port whose samples follow, lowest first."
    off_hook: int
    ringing: int
    samples: bytes
    tx_fill_ms: int = 0
    flags: int = 0
    "Bits of ``PcmFlag``."

    def encode(self) -> bytes:
        """Return the payload of a PCM frame."""
        head = (self.ms, self.format, min(self.tx_fill_ms, 255), self.flags, self.ports)
        return _PCM_UP.pack(*head, self.off_hook, self.ringing) + self.samples

    @classmethod
    def decode(cls, payload: bytes) -> Self:
        """Read the payload of an upward PCM frame."""
        ms, number, fill, flags, ports, off_hook, ringing = unpack(_PCM_UP, payload, "PCM")
        form = named(PcmFormat, number, "PCM format")
        samples = payload[_PCM_UP.size :]
        _check_samples(ms, form, ports, samples)
        return cls(ms, form, ports, off_hook, ringing, samples, fill, flags)


@dataclass(frozen=True, slots=True)
class PcmDown:
    """The host's answer to one frame of samples."""

    ms: int
    format: PcmFormat
    ports: int
    samples: bytes
    flags: int = 0
    "Bits of ``PcmFlag``."

    def encode(self) -> bytes:
        """Return the payload of a PCM frame."""
        head = _PCM_DOWN.pack(self.ms, self.format, 0, self.flags, self.ports)
        return head + self.samples

    @classmethod
    def decode(cls, payload: bytes) -> Self:
        """Read the payload of a downward PCM frame."""
        ms, number, _, flags, ports = unpack(_PCM_DOWN, payload, "PCM")
        form = named(PcmFormat, number, "PCM format")
        samples = payload[_PCM_DOWN.size :]
        _check_samples(ms, form, ports, samples)
        return cls(ms, form, ports, samples, flags)
