# SPDX-License-Identifier: MIT
"""Shielding of a voice modem's stream (native/include/aw/dle.h), for tools and tests.

Links unshield by themselves; samples don't come this way.
"""

from dsp.native import ffi, lib

__all__ = ["DLE", "DleDecoder", "dle_encode"]

DLE = int(lib.AW_DLE)
_PIECE = 4096


def dle_encode(data: bytes) -> bytes:
    """Return data as it goes over the wire."""
    stream = ffi.new("uint8_t[]", 2 * len(data) or 1)
    length = lib.aw_dle_encode(stream, data, len(data))
    return bytes(ffi.buffer(stream, length))


class DleDecoder:
    """Takes a stream in pieces of any size."""

    def __init__(self) -> None:
        self._state = ffi.new("aw_dle *")
        self._room = ffi.new("uint8_t[]", _PIECE)

    def feed(self, stream: bytes) -> list[bytes | int]:
        """Return data (bytes) and events (the byte behind a DLE) in the order of the stream."""
        found: list[bytes | int] = []
        buffer = ffi.from_buffer("uint8_t[]", stream)
        at = 0
        while at < len(stream):
            piece = lib.aw_dle_decode(
                self._state, buffer + at, len(stream) - at, self._room, _PIECE
            )
            at += piece.taken
            if piece.given:
                data = bytes(ffi.buffer(self._room, piece.given))
                if found and isinstance(found[-1], bytes):
                    found[-1] += data
                else:
                    found.append(data)
            if piece.event >= 0:
                found.append(int(piece.event))
        return found
