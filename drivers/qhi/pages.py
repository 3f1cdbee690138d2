# SPDX-License-Identifier: MIT
"""The pages of a board's EEPROM, and how they are written and locked (docs/reference/qhi.md).

A page is 256 bytes: a mark, a layout number, what it says, and a CRC-32 over all that.  One that
was never written is all 0xFF, and no page.
"""

import struct
import zlib
from dataclasses import dataclass, field
from typing import Final, Self

from drivers.qhi.layout import MessageError, text, unpack

__all__ = [
    "ID_LOCK",
    "PAGE_BYTES",
    "PIECE_BYTES",
    "CalibrationPage",
    "FactoryPage",
    "OemPage",
    "PageTable",
    "PageWrite",
    "PortCalibration",
    "TracePage",
    "is_sound",
]

PAGE_BYTES: Final = 256
PIECE_BYTES: Final = 128
"""The most that one READ or WRITE moves."""
SUMMED_BYTES: Final = 252
NEVER: Final = 0xFFFF
"""A day that hasn't come."""
MOST_PORTS: Final = 32

ID_LOCK: Final = struct.Struct("<BI")
"""ID.LOCK: page, CRC-32 of the page's first 252 bytes."""

_MARK: Final = struct.Struct("<4sB3x")
_CRC: Final = struct.Struct("<I")
_LAYOUT: Final = 1


def is_sound(page: bytes) -> bool:
    """Whether a page is whole: its CRC is that of its content."""
    return len(page) == PAGE_BYTES and zlib.crc32(page[:SUMMED_BYTES]) == _CRC.unpack(page[-4:])[0]


def _page(mark: bytes, content: bytes) -> bytes:
    body = (_MARK.pack(mark, _LAYOUT) + content).ljust(SUMMED_BYTES, b"\xff")
    return body + _CRC.pack(zlib.crc32(body))


def _content(page: bytes, mark: bytes, what: str) -> bytes:
    found, layout = unpack(_MARK, page, what)
    if found != mark or layout != _LAYOUT:
        raise MessageError(f"{what} page begins with {found!r} and layout {layout}")
    if not is_sound(page):
        raise MessageError(f"{what} page is damaged: its CRC is not that of its content")
    return page[_MARK.size : SUMMED_BYTES]


def _fits(words: str, most: int, what: str) -> bytes:
    coded = words.encode()
    if len(coded) > most or "\0" in words:
        raise MessageError(f"{what} {words!r} has {len(coded)} bytes; at most {most}")
    return coded


_FACTORY: Final = struct.Struct("<16s16sH")


@dataclass(frozen=True, slots=True)
class FactoryPage:
    """Page 0: what the unit is."""

    model: str
    serial: str
    hardware: int
    "Major revision times 256 plus minor."

    def encode(self) -> bytes:
        """Return the page."""
        words = (_fits(self.model, 16, "model"), _fits(self.serial, 16, "serial"))
        return _page(b"AWID", _FACTORY.pack(*words, self.hardware))

    @classmethod
    def decode(cls, page: bytes) -> Self:
        """Read the page.

        Raises:
            MessageError: it is another page, or damaged.
        """
        content = _content(page, b"AWID", "factory")
        model, serial, hardware = _FACTORY.unpack_from(content)
        return cls(text(model), text(serial), hardware)


_OEM: Final = struct.Struct("<32s32s16s64s")


@dataclass(frozen=True, slots=True)
class OemPage:
    """Page 1: under whose name the unit is sold."""

    manufacturer: str
    product: str
    serial: str = ""
    "Under the OEM's own plan; shown in HELLO in the place of page 0's unless empty."
    contact: str = ""
    "Whom to ask: an address, a telephone number."

    def encode(self) -> bytes:
        """Return the page."""
        return _page(
            b"AWOE",
            _OEM.pack(
                _fits(self.manufacturer, 32, "manufacturer"),
                _fits(self.product, 32, "product"),
                _fits(self.serial, 16, "serial"),
                _fits(self.contact, 64, "contact"),
            ),
        )

    @classmethod
    def decode(cls, page: bytes) -> Self:
        """Read the page.

        Raises:
            MessageError: it is another page, or damaged.
        """
        words = _OEM.unpack_from(_content(page, b"AWOE", "OEM"))
        return cls(*(text(word) for word in words))


_TRACE: Final = struct.Struct("<16s16sHH32s32s")


@dataclass(frozen=True, slots=True)
class TracePage:
    """Page 2: where the unit comes from and where it went."""

    part: str
    lot: str
    made: int | None = None
    "Days since 2000-01-01."
    sold: int | None = None
    dealer: str = ""
    certificate: str = ""
    "Number of the last burn-in that it passed."

    def encode(self) -> bytes:
        """Return the page."""
        made, sold = (NEVER if day is None else day for day in (self.made, self.sold))
        words = (_fits(self.part, 16, "part"), _fits(self.lot, 16, "lot"), made, sold)
        dealer = _fits(self.dealer, 32, "dealer")
        certificate = _fits(self.certificate, 32, "certificate")
        return _page(b"AWTR", _TRACE.pack(*words, dealer, certificate))

    @classmethod
    def decode(cls, page: bytes) -> Self:
        """Read the page.

        Raises:
            MessageError: it is another page, or damaged.
        """
        content = _content(page, b"AWTR", "trace")
        part, lot, made, sold, dealer, certificate = _TRACE.unpack_from(content)
        words = (text(dealer), text(certificate))
        return cls(text(part), text(lot), _day(made), _day(sold), *words)


_CALIBRATION: Final = struct.Struct("<hHBx")
_PORT: Final = struct.Struct("<hhh")


@dataclass(frozen=True, slots=True)
class PortCalibration:
    """What one port's instruments and gains are off by."""

    receive_db: float = 0.0
    "To be added; in steps of 0.01 dB."
    send_db: float = 0.0
    volts_percent: float = 0.0
    "To be added; in steps of 0.01 %."


@dataclass(frozen=True, slots=True)
class CalibrationPage:
    """Page 3: what the board is off by; its firmware corrects for it."""

    clock_ppm: float = 0.0
    "The crystal's error; in steps of 0.01 ppm."
    day: int | None = None
    "When it was measured: days since 2000-01-01."
    ports: tuple[PortCalibration, ...] = field(default=())

    def encode(self) -> bytes:
        """Return the page."""
        if len(self.ports) > MOST_PORTS:
            raise MessageError(f"calibration of {len(self.ports)} ports; at most {MOST_PORTS}")
        day = NEVER if self.day is None else self.day
        rows = [(port.receive_db, port.send_db, port.volts_percent) for port in self.ports]
        entries = b"".join(_PORT.pack(*(_hundredths(value) for value in row)) for row in rows)
        head = _CALIBRATION.pack(_hundredths(self.clock_ppm), day, len(self.ports))
        return _page(b"AWCA", head + entries)

    @classmethod
    def decode(cls, page: bytes) -> Self:
        """Read the page.

        Raises:
            MessageError: it is another page, or damaged.
        """
        content = _content(page, b"AWCA", "calibration")
        ppm, day, count = _CALIBRATION.unpack_from(content)
        if count > MOST_PORTS:
            raise MessageError(f"calibration of {count} ports; at most {MOST_PORTS}")
        rows = _PORT.iter_unpack(content[_CALIBRATION.size :][: count * _PORT.size])
        ports = tuple(PortCalibration(*(value / 100 for value in row)) for row in rows)
        return cls(ppm / 100, _day(day), ports)


def _day(number: int) -> int | None:
    return None if number == NEVER else number


def _hundredths(value: float) -> int:
    found = round(value * 100)
    if not -32768 <= found <= 32767:
        raise MessageError(f"calibration by {value}; at most 327.67 either way")
    return found


_PAGE_WRITE: Final = struct.Struct("<BBB")


@dataclass(frozen=True, slots=True)
class PageWrite:
    """The arguments of ID.WRITE."""

    page: int
    offset: int
    piece: bytes
    "1 to 128 bytes."

    def encode(self) -> bytes:
        """Return the arguments."""
        return _PAGE_WRITE.pack(self.page, self.offset, len(self.piece)) + self.piece

    @classmethod
    def decode(cls, arguments: bytes) -> Self:
        """Read the arguments."""
        page, offset, count = unpack(_PAGE_WRITE, arguments, "WRITE")
        piece = arguments[_PAGE_WRITE.size :][:count]
        if len(piece) != count or not count:
            raise MessageError(f"WRITE of {count} bytes has {len(piece)}")
        return cls(page, offset, piece)


_INFO: Final = struct.Struct("<BHH")
_INFO_1_1: Final = struct.Struct("<BHHH")


@dataclass(frozen=True, slots=True)
class PageTable:
    """The results of ID.INFO."""

    pages: int
    page_bytes: int
    locked: int
    "Bit per page."
    sound: int | None = None
    "Bit per page whose CRC is right; None from a 1.0 board."

    def encode(self) -> bytes:
        """Return the results."""
        known = (self.pages, self.page_bytes, self.locked)
        return _INFO.pack(*known) if self.sound is None else _INFO_1_1.pack(*known, self.sound)

    @classmethod
    def decode(cls, results: bytes) -> Self:
        """Read the results."""
        if len(results) < _INFO_1_1.size:
            return cls(*unpack(_INFO, results, "INFO"))
        return cls(*unpack(_INFO_1_1, results, "INFO"))
