# SPDX-License-Identifier: MIT
"""A technician's orders as QHI requests: each a procedure of one request or several.

A procedure yields requests, is sent the results of each (all of them OK), and returns what the
order comes back with; it raises ``WrongAnswerError`` when the board did something else.
"""

import hashlib
import struct
import zlib
from collections.abc import Callable, Generator
from typing import Final

from drivers.qhi import measures
from drivers.qhi.arguments import BYTE, COUNT, GAIN, ID_READ, TIME, WORD
from drivers.qhi.firmware import Begun, ImageOffer, ImagePiece, decode_boot_info
from drivers.qhi.layout import MessageError, unpack
from drivers.qhi.messages import Request
from drivers.qhi.numbers import (
    BOARD_PORT,
    ClockVerb,
    Counter,
    IdVerb,
    MessageClass,
    PortVerb,
    SysVerb,
)
from drivers.qhi.pages import ID_LOCK, PAGE_BYTES, PIECE_BYTES, SUMMED_BYTES, PageTable, PageWrite
from drivers.qhi.service import FirmwareVerb, SelfTest, SimVerb, SwitchVerb, TestVerb
from drivers.service import (
    BoardTime,
    ClockAdjusted,
    Counters,
    FaultInjected,
    FirmwareBegun,
    FirmwareVerified,
    FirmwareWritten,
    LineTest,
    Loopback,
    OrderResult,
    PageContent,
    PageStates,
    SelfTestDone,
)

__all__ = ["Procedure", "WrongAnswerError"]

Procedure = Generator[Request, bytes, OrderResult | None]
Read = Callable[[bytes], OrderResult | None]

_HEAD: Final = struct.Struct("<BB")


class WrongAnswerError(Exception):
    """The board answered OK and did something else."""


def _nothing(results: bytes) -> None:
    """Read no results."""


def _once(request: Request, read: Read = _nothing) -> Procedure:
    results = yield request
    return read(results)


def _board(class_: int, verb: int, arguments: bytes = b"") -> Request:
    return Request(class_, verb, BOARD_PORT, 0, arguments)


def _port(class_: int, verb: int, port: int, arguments: bytes = b"") -> Request:
    return Request(class_, verb, port, 0, arguments)


# EEPROM pages


def read_page(page: int) -> Procedure:
    """Read a whole page."""
    content = b""
    while len(content) < PAGE_BYTES:
        where = ID_READ.pack(page, len(content), PIECE_BYTES)
        piece = yield _board(MessageClass.ID, IdVerb.READ, where)
        if len(piece) < PIECE_BYTES:
            raise MessageError(f"READ of {PIECE_BYTES} bytes has {len(piece)}")
        content += piece[:PIECE_BYTES]
    return PageContent(page, content)


def write_page(page: int, content: bytes) -> Procedure:
    """Write a whole page, its CRC last, and see that it reads back."""
    for offset in range(0, PAGE_BYTES, PIECE_BYTES):
        piece = content[offset : offset + PIECE_BYTES]
        write = PageWrite(page, offset, piece).encode()
        results = yield _board(MessageClass.ID, IdVerb.WRITE, write)
        if unpack(COUNT, results, "WRITE") != (zlib.crc32(piece),):
            raise WrongAnswerError("it reads back otherwise")
    return None


def lock_page(page: int, content: bytes) -> Procedure:
    """Lock a page that holds this content."""
    crc = zlib.crc32(content[:SUMMED_BYTES])
    return _once(_board(MessageClass.ID, IdVerb.LOCK, ID_LOCK.pack(page, crc)))


def _page_states(results: bytes) -> PageStates:
    table = PageTable.decode(results)
    sound = None if table.sound is None else _numbers(table.sound)
    return PageStates(table.pages, _numbers(table.locked), sound)


def _numbers(bits: int) -> frozenset[int]:
    return frozenset(n for n in range(bits.bit_length()) if bits >> n & 1)


def page_states() -> Procedure:
    """Ask which pages are locked and sound."""
    return _once(_board(MessageClass.ID, IdVerb.INFO), _page_states)


# Firmware


def _begun(results: bytes) -> FirmwareBegun:
    begun = Begun.decode(results)
    return FirmwareBegun(begun.slot, begun.piece, begun.offset)


def begin_firmware(size: int, sha256: bytes) -> Procedure:
    """Announce an image."""
    offer = ImageOffer(size, sha256).encode()
    return _once(_board(MessageClass.FW, FirmwareVerb.BEGIN, offer), _begun)


def _written(results: bytes) -> FirmwareWritten:
    return FirmwareWritten(*unpack(COUNT, results, "WRITE"))


def write_firmware(offset: int, piece: bytes) -> Procedure:
    """Write a piece of the image."""
    write = ImagePiece(offset, piece).encode()
    return _once(_board(MessageClass.FW, FirmwareVerb.WRITE, write), _written)


def _verified(results: bytes) -> FirmwareVerified:
    digest = results[: hashlib.sha256().digest_size]
    if len(digest) < hashlib.sha256().digest_size:
        raise MessageError(f"VERIFY: a digest of {len(digest)} bytes")
    return FirmwareVerified(digest)


def verify_firmware() -> Procedure:
    """Let the board check the image."""
    return _once(_board(MessageClass.FW, FirmwareVerb.VERIFY), _verified)


def activate_firmware() -> Procedure:
    """Boot the verified image."""
    return _once(_board(MessageClass.FW, FirmwareVerb.ACTIVATE))


def roll_back_firmware() -> Procedure:
    """Boot the image before."""
    return _once(_board(MessageClass.FW, FirmwareVerb.ROLLBACK))


def boot_info() -> Procedure:
    """Ask what runs."""
    return _once(_board(MessageClass.FW, FirmwareVerb.BOOT_INFO), decode_boot_info)


# The board's own state


def _failures(results: bytes) -> SelfTestDone:
    (bits,) = unpack(COUNT, results, "SELFTEST")
    names = {test.value: str(test.name).lower() for test in SelfTest}
    wrong = (1 << n for n in sorted(_numbers(bits)))
    return SelfTestDone(tuple(names.get(bit, f"test {bit.bit_length() - 1}") for bit in wrong))


def self_test() -> Procedure:
    """Let the board test itself."""
    return _once(_board(MessageClass.SYS, SysVerb.SELFTEST, BYTE.pack(0)), _failures)


def meter() -> Procedure:
    """Read the board's instruments."""
    return _once(_board(MessageClass.SYS, SysVerb.METER), measures.decode_board_meter)


def _counters(results: bytes) -> Counters:
    first, count = unpack(_HEAD, results, "COUNTERS")
    values = unpack(struct.Struct(f"<{count}I"), results, "COUNTERS", _HEAD.size)
    names = {counter.value: counter.name.lower() for counter in Counter}
    named = ((names.get(n, f"counter {n}"), value) for n, value in enumerate(values, first))
    return Counters(tuple(named))


def counters() -> Procedure:
    """Read the counters that every board has, and those that follow them."""
    return _once(_board(MessageClass.SYS, SysVerb.COUNTERS, BYTE.pack(0)), _counters)


def clear_counters() -> Procedure:
    """Begin counting at 0."""
    return _once(_board(MessageClass.SYS, SysVerb.CLEAR_COUNTERS))


def _time(results: bytes) -> BoardTime:
    return BoardTime(*unpack(TIME, results, "TIME"))


def time() -> Procedure:
    """Read the board's clocks."""
    return _once(_board(MessageClass.SYS, SysVerb.TIME), _time)


def reset() -> Procedure:
    """Restart the board."""
    return _once(_board(MessageClass.SYS, SysVerb.RESET, BYTE.pack(0)))


def _adjusted(results: bytes) -> ClockAdjusted:
    (hundredths,) = unpack(measures.ADJUST, results, "ADJUST")
    return ClockAdjusted(hundredths / 100)


def adjust_clock(ppm: float) -> Procedure:
    """Move the sample clock."""
    wish = measures.ADJUST.pack(round(ppm * 100))
    return _once(_board(MessageClass.CLK, ClockVerb.ADJUST, wish), _adjusted)


# One port


def gain(port: int, receive_db: float, send_db: float) -> Procedure:
    """Set the gains."""
    tenths = GAIN.pack(round(receive_db * 10), round(send_db * 10))
    return _once(_port(MessageClass.PORT, PortVerb.GAIN, port, tenths))


def impedance(port: int, index: int) -> Procedure:
    """Set the impedance."""
    return _once(_port(MessageClass.PORT, PortVerb.IMPEDANCE, port, BYTE.pack(index)))


def pattern(port: int, wish: measures.PatternWish) -> Procedure:
    """Begin or end a pattern."""
    return _once(_port(MessageClass.TDM, SwitchVerb.PATTERN, port, wish.encode()))


def loop_back(port: int, where: Loopback) -> Procedure:
    """Turn samples round."""
    return _once(_port(MessageClass.TDM, SwitchVerb.LOOPBACK, port, BYTE.pack(where)))


def start_prbs(port: int, start: measures.PrbsStart) -> Procedure:
    """Begin to send and count bits."""
    return _once(_port(MessageClass.TDM, SwitchVerb.PRBS_START, port, start.encode()))


def stop_prbs(port: int) -> Procedure:
    """Send and count no more."""
    return _once(_port(MessageClass.TDM, SwitchVerb.PRBS_STOP, port))


def bit_errors(port: int) -> Procedure:
    """Read what was counted."""
    request = _port(MessageClass.TDM, SwitchVerb.PRBS_RESULT, port)
    return _once(request, measures.decode_bit_errors)


def measure(port: int, test: LineTest) -> Request:
    """Begin a line test; its event ends the order."""
    return _port(MessageClass.TEST, TestVerb.START, port, BYTE.pack(test))


def stop_measuring(port: int) -> Procedure:
    """End a line test."""
    return _once(_port(MessageClass.TEST, TestVerb.STOP, port))


def read_line(port: int) -> Procedure:
    """Read the line as it is."""
    request = _port(MessageClass.TEST, TestVerb.METER, port)
    return _once(request, measures.decode_line_current)


# Faults


def _injected(results: bytes) -> FaultInjected:
    return FaultInjected(*unpack(WORD, results, "INJECT"))


def inject_fault(words: str, port: int | None) -> Procedure:
    """Begin a fault."""
    number = BOARD_PORT if port is None else port
    arguments = measures.encode_words(words)
    return _once(_port(MessageClass.SIM, SimVerb.INJECT, number, arguments), _injected)


def clear_faults(number: int | None) -> Procedure:
    """End a fault, or all."""
    given = WORD.pack(measures.ALL_FAULTS if number is None else number)
    return _once(_board(MessageClass.SIM, SimVerb.CLEAR, given))
