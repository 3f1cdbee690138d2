# SPDX-License-Identifier: MIT
"""Firmware images and what is said of them over QHI's class FW (docs/reference/qhi.md)."""

import struct
from dataclasses import dataclass
from typing import Final, Self

from drivers.qhi.layout import MessageError, named, unpack
from drivers.service import BootInfo, Slot, SlotState

__all__ = [
    "DIGEST_BYTES",
    "IMAGE_BYTES",
    "PIECE_BYTES",
    "Begun",
    "ImageHead",
    "ImageOffer",
    "ImagePiece",
    "decode_boot_info",
    "encode_boot_info",
]

PIECE_BYTES: Final = 1024
"""The most that one WRITE carries."""
IMAGE_BYTES: Final = range(16, (16 << 20) + 1)
"""How long an image can be."""
DIGEST_BYTES: Final = 32

_HEAD: Final = struct.Struct("<4sHHII")


@dataclass(frozen=True, slots=True)
class ImageHead:
    """The first 16 bytes of an image: for which board it is."""

    vendor: int
    type: int
    version: int
    "Major times 2**24 plus minor times 2**16 plus patch."
    size: int
    "Bytes of the whole image."

    def encode(self) -> bytes:
        """Return the 16 bytes."""
        return _HEAD.pack(b"AWFW", self.vendor, self.type, self.version, self.size)

    @classmethod
    def decode(cls, image: bytes) -> Self:
        """Read the head of an image.

        Raises:
            MessageError: it is no image, or its length is not what its head says.
        """
        mark, vendor, board, version, size = unpack(_HEAD, image, "firmware image")
        if mark != b"AWFW":
            raise MessageError(f"firmware image begins with {mark!r}, not b'AWFW'")
        if size != len(image):
            raise MessageError(f"firmware image has {len(image)} bytes, {size} by its head")
        return cls(vendor, board, version, size)


_OFFER: Final = struct.Struct("<I32s")


@dataclass(frozen=True, slots=True)
class ImageOffer:
    """The arguments of FW.BEGIN: which image comes."""

    size: int
    sha256: bytes

    def encode(self) -> bytes:
        """Return the arguments."""
        return _OFFER.pack(self.size, self.sha256)

    @classmethod
    def decode(cls, arguments: bytes) -> Self:
        """Read the arguments."""
        return cls(*unpack(_OFFER, arguments, "BEGIN"))


_BEGUN: Final = struct.Struct("<BBHI")


@dataclass(frozen=True, slots=True)
class Begun:
    """The results of FW.BEGIN."""

    slot: int
    "That is written: the one that doesn't run."
    piece: int
    "The most bytes that one WRITE may carry."
    offset: int
    "Where to go on: above 0 when the board holds a part of this very image."

    def encode(self) -> bytes:
        """Return the results."""
        return _BEGUN.pack(self.slot, 0, self.piece, self.offset)

    @classmethod
    def decode(cls, results: bytes) -> Self:
        """Read the results."""
        slot, _, piece, offset = unpack(_BEGUN, results, "BEGIN")
        if not 1 <= piece <= PIECE_BYTES:
            raise MessageError(f"BEGIN: pieces of {piece} bytes")
        return cls(slot, piece, offset)


_PIECE: Final = struct.Struct("<IH")


@dataclass(frozen=True, slots=True)
class ImagePiece:
    """The arguments of FW.WRITE."""

    offset: int
    piece: bytes

    def encode(self) -> bytes:
        """Return the arguments."""
        return _PIECE.pack(self.offset, len(self.piece)) + self.piece

    @classmethod
    def decode(cls, arguments: bytes) -> Self:
        """Read the arguments."""
        offset, count = unpack(_PIECE, arguments, "WRITE")
        piece = arguments[_PIECE.size :][:count]
        if len(piece) != count or not count:
            raise MessageError(f"WRITE of {count} bytes has {len(piece)}")
        return cls(offset, piece)


_BOOT: Final = struct.Struct("<BBBBI")
_SLOT: Final = struct.Struct("<BBHII32s")


def encode_boot_info(info: BootInfo) -> bytes:
    """Return the results of FW.BOOT_INFO."""
    head = (len(info.slots), info.running, info.trial_s, info.boot_reason, info.boots)
    rows = [
        _SLOT.pack(slot.state, 0, slot.boots, slot.version, slot.size, slot.sha256)
        for slot in info.slots
    ]
    return _BOOT.pack(*head) + b"".join(rows)


def decode_boot_info(results: bytes) -> BootInfo:
    """Read the results of FW.BOOT_INFO."""
    count, running, trial_s, reason, boots = unpack(_BOOT, results, "BOOT_INFO")
    if running >= count:
        raise MessageError(f"BOOT_INFO: slot {running} runs, of {count}")
    slots = []
    for number in range(count):
        offset = _BOOT.size + number * _SLOT.size
        state, _, slot_boots, version, size, digest = unpack(_SLOT, results, "BOOT_INFO", offset)
        state = named(SlotState, state, "slot state")
        slots.append(Slot(state, slot_boots, version, size, digest))
    return BootInfo(running, trial_s, reason, boots, tuple(slots))
