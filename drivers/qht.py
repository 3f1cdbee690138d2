# SPDX-License-Identifier: MIT
"""``.qht``: a board's traffic in a file, as a capture of packets is: tick, direction, bytes.

    with QhtWriter(path, "quantum+tcp://host") as writer:
        writer.add(tick, Way.TO_HOST, data)
    for chunk in read_qht(path).chunks: ...

Little-endian throughout.  Header: "QHT1", u16 version 1, u16 length of a note, u32 ticks per
second, the note (UTF-8).  Then chunks: u32 tick, u8 way, 3 zero bytes, u32 length, the bytes as
they went over the link, in pieces as they came.  It holds all that a board and its host tell each
other, voices included: treat it as a recording of calls.
"""

import enum
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

__all__ = ["Chunk", "Qht", "QhtError", "QhtWriter", "Way", "read_qht"]

MAGIC: Final = b"QHT1"
VERSION: Final = 1
TICKS_PER_SECOND: Final = 8000
HEADER: Final = struct.Struct("<4sHHI")
CHUNK: Final = struct.Struct("<IB3xI")
LONGEST: Final = 1 << 24
"""Bytes of a chunk: more is a broken file."""


class QhtError(ValueError):
    """The file is not a record of a board's traffic, or is broken; says where."""


class Way(enum.IntEnum):
    """Which way bytes went, or what befell the link."""

    TO_BOARD = 0
    TO_HOST = 1
    OPENED = 2
    CLOSED = 3


@dataclass(frozen=True, slots=True)
class Chunk:
    """Bytes that came together."""

    tick: int
    "Of 8 kHz: the board's own where the board recorded, else since the record began."
    way: Way
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class Qht:
    """A whole record."""

    note: str
    chunks: tuple[Chunk, ...]

    def bytes_of(self, way: Way) -> bytes:
        """Return all that went one way."""
        return b"".join(chunk.data for chunk in self.chunks if chunk.way is way)


class QhtWriter:
    """Writes a record, chunk by chunk.

    Raises:
        OSError: the file can't be made.
    """

    def __init__(self, path: Path, note: str = "") -> None:
        said = note.encode()[:65535]
        self._file = path.open("wb")
        self._file.write(HEADER.pack(MAGIC, VERSION, len(said), TICKS_PER_SECOND) + said)

    def add(self, tick: int, way: Way, data: bytes = b"") -> None:
        """Write down what went over the link; after ``close`` nothing is."""
        if not self._file.closed:
            self._file.write(CHUNK.pack(tick & 0xFFFF_FFFF, way, len(data)) + data)

    def close(self) -> None:
        """End the record; once more does nothing."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def read_qht(path: Path) -> Qht:
    """Return a record.  A last chunk that is cut off (a crash while recording) is left out.

    Raises:
        QhtError: the file isn't one, or is broken.
        OSError: it can't be read.
    """
    data = path.read_bytes()
    if len(data) < HEADER.size:
        raise QhtError(f"{path}: {len(data)} bytes are too few for a .qht file")
    magic, version, noted, rate = HEADER.unpack_from(data)
    if magic != MAGIC or version != VERSION or rate != TICKS_PER_SECOND:
        raise QhtError(f"{path}: no .qht file of version {VERSION} (it begins {data[:12]!r})")
    begin = HEADER.size + noted
    note = data[HEADER.size : begin].decode(errors="replace")
    return Qht(note, tuple(_chunks(path, data, begin)))


def _chunks(path: Path, data: bytes, at: int) -> Iterator[Chunk]:
    while at + CHUNK.size <= len(data):
        tick, way, length = CHUNK.unpack_from(data, at)
        if way not in set(Way) or length > LONGEST:
            raise QhtError(f"{path}: byte {at}: no chunk (way {way}, {length} bytes)")
        begin = at + CHUNK.size
        at = begin + length
        if at > len(data):
            return
        yield Chunk(tick, Way(way), data[begin:at])
