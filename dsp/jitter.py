# SPDX-License-Identifier: MIT
"""Jitter buffer and playout (native/include/aw/{jitter,playout}.h): packets in, even samples out.

Times are samples of 8 kHz.  For tools and tests; on the bus the engine's RTP ports do this in C.
"""

import enum
from dataclasses import dataclass

from dsp.native import check, ffi, lib
from dsp.pcm import Samples, pointer, samples_of

__all__ = ["Codec", "Fate", "Kind", "Playout", "PlayoutFigures"]


class Codec(enum.Enum):
    """How payloads are decoded."""

    ULAW = "aw_decode_ulaw"
    ALAW = "aw_decode_alaw"
    LINEAR = "aw_decode_linear"
    "16 bits, most significant byte first (L16)."


class Kind(enum.IntEnum):
    """What a packet carries."""

    AUDIO = 0
    COMFORT = 1
    "RFC 3389."


class Fate(enum.IntEnum):
    """What became of a packet."""

    KEPT = 0
    LATE = 1
    DUPLICATE = 2
    FULL = 3
    REFUSED = 4


@dataclass(frozen=True, slots=True)
class PlayoutFigures:
    """Figures since creation: packets, then ms, then samples."""

    received: int
    played: int
    lost: int
    late: int
    duplicates: int
    refused: int
    resyncs: int
    jitter_ms: float
    target_ms: float
    delay_ms: float
    concealed: int
    comfort: int
    stretched: int
    shortened: int


class Playout:
    """The receiving half of a packet call.

    Raises:
        EngineArgumentError: not 0 <= least_ms <= most_ms <= 400.
    """

    def __init__(self, codec: Codec, *, least_ms: int = 0, most_ms: int = 400) -> None:
        out = ffi.new("aw_playout **")
        decode = ffi.addressof(lib, codec.value)
        status = lib.aw_playout_new(out, least_ms, most_ms, decode, ffi.NULL)
        check(status, f"playout of {least_ms}..{most_ms} ms")
        self._playout = ffi.gc(out[0], lib.aw_playout_free)

    def put(
        self,
        now: int,
        sequence: int,
        timestamp: int,
        payload: bytes,
        *,
        samples: int = 160,
        kind: int = Kind.AUDIO,
    ) -> Fate:
        """Give a packet that came at ``now``; times never go back."""
        packet = ffi.new("aw_packet *", (sequence, timestamp, kind, samples, len(payload)))
        data = ffi.from_buffer("uint8_t[]", payload)
        return Fate(lib.aw_playout_put(self._playout, now, packet, data))

    def read(self, now: int, count: int) -> Samples:
        """Return what is heard from ``now`` on."""
        pcm = samples_of(count)
        lib.aw_playout_read(self._playout, now, pointer(pcm), count)
        return pcm

    @property
    def figures(self) -> PlayoutFigures:
        """The figures now."""
        figures = lib.aw_playout_look(self._playout)
        buffer = figures.buffer
        return PlayoutFigures(
            **{name: getattr(buffer, name) for name in dir(buffer)},
            concealed=figures.concealed,
            comfort=figures.comfort,
            stretched=figures.stretched,
            shortened=figures.shortened,
        )
