# SPDX-License-Identifier: MIT
"""Patterns, bit errors, meters, line tests and faults over QHI (docs/reference/qhi.md).

Measurements travel as whole numbers of fixed units and are floats of plain units in Python.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Self

from drivers.qhi.layout import MessageError, named, text, unpack
from drivers.qhi.service import TestFlag
from drivers.service import (
    BEYOND_OHMS,
    BitErrors,
    BoardMeter,
    LineCurrent,
    LineTest,
    Measurement,
    OfficeFeed,
    Pattern,
    Prbs,
    PrbsWay,
    ReceiverOhms,
    RingerLoad,
    TerminalOhms,
    TerminalVolts,
    Toward,
)

__all__ = [
    "ADJUST",
    "ALL_FAULTS",
    "BOARD_METER",
    "CALIBRATED",
    "ROLE",
    "LineResult",
    "PatternWish",
    "PrbsStart",
    "TestEnd",
    "decode_bit_errors",
    "decode_board_meter",
    "decode_line_current",
    "decode_words",
    "encode_bit_errors",
    "encode_board_meter",
    "encode_line_current",
    "encode_words",
]

ROLE: Final = struct.Struct("<BB")
"""CLK.ROLE: role, locked."""
ADJUST: Final = struct.Struct("<h")
"""CLK.ADJUST: 0.01 ppm."""
BOARD_METER: Final = struct.Struct("<hhh")
"""SYS.METER: 0.1 degrees Celsius, supply in 10 mV, battery in 0.1 V."""
ALL_FAULTS: Final = 0xFFFF
"""SIM.CLEAR: every fault."""

_UNKNOWN: Final = -32768
_UNKNOWN_UNSIGNED: Final = 0xFFFF
_BEYOND: Final = 0xFFFF_FFFF
_UNKNOWN_OHMS: Final = 0xFFFF_FFFE
_MOST_OHMS: Final = 0xFFFF_FFFD
_LONGEST_WORDS: Final = 255


# Whole numbers for floats, and back


def _signed(value: float | None, per_unit: float = 10.0) -> int:
    if value is None:
        return _UNKNOWN
    return max(-32767, min(32767, round(value * per_unit)))


def _unsigned(value: float | None, per_unit: float = 10.0) -> int:
    if value is None:
        return _UNKNOWN_UNSIGNED
    return max(0, min(_UNKNOWN_UNSIGNED - 1, round(value * per_unit)))


def _ohms(value: float | None) -> int:
    if value is None:
        return _UNKNOWN_OHMS
    return _BEYOND if value >= _MOST_OHMS else max(0, round(value))


def _value(number: int, per_unit: float = 10.0) -> float | None:
    return None if number in {_UNKNOWN, _UNKNOWN_UNSIGNED} else number / per_unit


def _known(number: int, what: str, per_unit: float = 10.0) -> float:
    value = _value(number, per_unit)
    if value is None:
        raise MessageError(f"{what}: not measured")
    return value


def _resistance(number: int) -> float | None:
    if number == _UNKNOWN_OHMS:
        return None
    return BEYOND_OHMS if number == _BEYOND else float(number)


def _known_resistance(number: int, what: str) -> float:
    value = _resistance(number)
    if value is None:
        raise MessageError(f"{what}: not measured")
    return value


# Patterns and bit errors

_PATTERN: Final = struct.Struct("<BBhHh")


@dataclass(frozen=True, slots=True)
class PatternWish:
    """The arguments of TDM.PATTERN."""

    kind: Pattern
    toward: Toward
    value: int = 0
    "CONSTANT: the 16-bit linear sample."
    hertz: int = 0
    "TONE: 1 to 3999."
    level_dbm0: float = 0.0
    "TONE: -60.0 to +3.0, in steps of 0.1."

    def encode(self) -> bytes:
        """Return the arguments."""
        level = round(self.level_dbm0 * 10)
        return _PATTERN.pack(self.kind, self.toward, self.value, self.hertz, level)

    @classmethod
    def decode(cls, arguments: bytes) -> Self:
        """Read the arguments."""
        kind, toward, value, hertz, level = unpack(_PATTERN, arguments, "PATTERN")
        pattern = named(Pattern, kind, "pattern")
        return cls(pattern, named(Toward, toward, "direction"), value, hertz, level / 10)


_PRBS_START: Final = struct.Struct("<BBBB")


@dataclass(frozen=True, slots=True)
class PrbsStart:
    """The arguments of TDM.PRBS_START."""

    sequence: Prbs
    bits: int
    "Per sample: 8 or 16."
    way: PrbsWay = PrbsWay.SEND | PrbsWay.CHECK

    def encode(self) -> bytes:
        """Return the arguments."""
        return _PRBS_START.pack(self.sequence, self.bits, self.way, 0)

    @classmethod
    def decode(cls, arguments: bytes) -> Self:
        """Read the arguments."""
        sequence, bits, way, _ = unpack(_PRBS_START, arguments, "PRBS_START")
        if bits not in {8, 16}:
            raise MessageError(f"PRBS_START: {bits} bits per sample; 8 or 16")
        if way not in {1, 2, 3}:
            raise MessageError(f"PRBS_START: way {way}; 1 to 3")
        return cls(named(Prbs, sequence, "sequence"), bits, PrbsWay(way))


_BIT_ERRORS: Final = struct.Struct("<BBHIQQ")


def encode_bit_errors(found: BitErrors) -> bytes:
    """Return the results of TDM.PRBS_RESULT."""
    head = (found.running, found.in_sync, 0, min(found.sync_losses, 0xFFFF_FFFF))
    return _BIT_ERRORS.pack(*head, found.bits, found.errors)


def decode_bit_errors(results: bytes) -> BitErrors:
    """Read the results of TDM.PRBS_RESULT."""
    running, in_sync, _, losses, bits, errors = unpack(_BIT_ERRORS, results, "PRBS_RESULT")
    return BitErrors(PrbsWay(running & 3), bool(in_sync), bits, errors, losses)


# Meters


def encode_board_meter(meter: BoardMeter) -> bytes:
    """Return the results of SYS.METER."""
    supply = _signed(meter.supply_volts, 100.0)
    return BOARD_METER.pack(_signed(meter.celsius), supply, _signed(meter.battery_volts))


def decode_board_meter(results: bytes) -> BoardMeter:
    """Read the results of SYS.METER."""
    celsius, supply, battery = unpack(BOARD_METER, results, "METER")
    return BoardMeter(_value(celsius), _value(supply, 100.0), _value(battery))


_VOLTS: Final = struct.Struct("<hhhHHHH")
_CURRENT: Final = struct.Struct("<h")


def _encode_volts(volts: TerminalVolts) -> bytes:
    direct = (volts.tip_ring_dc, volts.tip_ground_dc, volts.ring_ground_dc)
    alternating = (volts.tip_ring_ac, volts.tip_ground_ac, volts.ring_ground_ac, volts.ac_hertz)
    return _VOLTS.pack(*map(_signed, direct), *map(_unsigned, alternating))


def _decode_volts(results: bytes) -> TerminalVolts:
    return TerminalVolts(*map(_value, unpack(_VOLTS, results, "VOLTS")))


def encode_line_current(found: LineCurrent) -> bytes:
    """Return the results of TEST.METER."""
    return _encode_volts(found.volts) + _CURRENT.pack(_signed(found.loop_ma))


def decode_line_current(results: bytes) -> LineCurrent:
    """Read the results of TEST.METER."""
    (milliamps,) = unpack(_CURRENT, results, "METER", _VOLTS.size)
    return LineCurrent(_decode_volts(results), _value(milliamps))


# Line tests

_OHMS: Final = struct.Struct("<IIIH")
_RECEIVER: Final = struct.Struct("<IIHH")
_RINGER: Final = struct.Struct("<HHH")
_OFFICE: Final = struct.Struct("<hhHH")


def _encode_ohms(found: TerminalOhms) -> bytes:
    pairs = (found.tip_ring, found.tip_ground, found.ring_ground)
    return _OHMS.pack(*map(_ohms, pairs), _unsigned(found.applied_volts))


def _decode_ohms(results: bytes) -> TerminalOhms:
    tip_ring, tip_ground, ring_ground, volts = unpack(_OHMS, results, "RESISTANCE")
    return TerminalOhms(
        _resistance(tip_ring),
        _resistance(tip_ground),
        _resistance(ring_ground),
        _known(volts, "RESISTANCE volts"),
    )


def _encode_receiver(found: ReceiverOhms) -> bytes:
    volts = (_unsigned(found.low_volts), _unsigned(found.high_volts))
    return _RECEIVER.pack(_ohms(found.low_ohms), _ohms(found.high_ohms), *volts)


def _decode_receiver(results: bytes) -> ReceiverOhms:
    low, high, low_volts, high_volts = unpack(_RECEIVER, results, "RECEIVER")
    return ReceiverOhms(
        _known_resistance(low, "RECEIVER"),
        _known_resistance(high, "RECEIVER"),
        _known(low_volts, "RECEIVER volts"),
        _known(high_volts, "RECEIVER volts"),
    )


def _encode_ringer(found: RingerLoad) -> bytes:
    load = _unsigned(found.ren, 1000.0)
    return _RINGER.pack(load, _unsigned(found.volts), _unsigned(found.hertz))


def _decode_ringer(results: bytes) -> RingerLoad:
    load, volts, hertz = unpack(_RINGER, results, "RINGER")
    return RingerLoad(
        _known(load, "RINGER", 1000.0), _known(volts, "RINGER volts"), _known(hertz, "RINGER Hz")
    )


def _encode_office(found: OfficeFeed) -> bytes:
    direct = (_signed(found.battery_volts), _signed(found.loop_ma))
    return _OFFICE.pack(*direct, _unsigned(found.ringing_volts), _unsigned(found.ringing_hertz))


def _decode_office(results: bytes) -> OfficeFeed:
    battery, milliamps, volts, hertz = unpack(_OFFICE, results, "OFFICE")
    return OfficeFeed(
        _known(battery, "OFFICE battery"),
        _value(milliamps),
        _known(volts, "OFFICE ringing"),
        _known(hertz, "OFFICE ringing"),
    )


def _encode_measurement(found: Measurement) -> bytes:
    if isinstance(found, TerminalVolts):
        return _encode_volts(found)
    if isinstance(found, TerminalOhms):
        return _encode_ohms(found)
    if isinstance(found, ReceiverOhms):
        return _encode_receiver(found)
    return _encode_ringer(found) if isinstance(found, RingerLoad) else _encode_office(found)


_DECODE: Final[dict[LineTest, Callable[[bytes], Measurement]]] = {
    LineTest.VOLTS: _decode_volts,
    LineTest.RESISTANCE: _decode_ohms,
    LineTest.RECEIVER: _decode_receiver,
    LineTest.RINGER: _decode_ringer,
    LineTest.OFFICE: _decode_office,
}

CALIBRATED: Final = TestFlag(0)
_RESULT: Final = struct.Struct("<BB")


@dataclass(frozen=True, slots=True)
class LineResult:
    """What a line test has measured: the results of TEST.RESULT."""

    test: LineTest
    measurement: Measurement
    flags: TestFlag = CALIBRATED

    def encode(self) -> bytes:
        """Return the results."""
        return _RESULT.pack(self.test, self.flags) + _encode_measurement(self.measurement)

    @classmethod
    def decode(cls, results: bytes) -> Self:
        """Read the results."""
        number, flags = unpack(_RESULT, results, "RESULT")
        test = named(LineTest, number, "line test")
        return cls(test, _DECODE[test](results[_RESULT.size :]), TestFlag(flags & 1))


_TEST_END: Final = struct.Struct("<HBB")


@dataclass(frozen=True, slots=True)
class TestEnd:
    """The arguments of the event TEST.RESULT."""

    __test__ = False

    seq: int
    "Of the request that began the test, with its tag."
    tag: int
    status: int
    "A ``Status``."
    result: LineResult | None = None
    "With status OK."

    def encode(self) -> bytes:
        """Return the arguments."""
        head = _TEST_END.pack(self.seq, self.tag, self.status)
        return head + (self.result.encode() if self.result else b"")

    @classmethod
    def decode(cls, arguments: bytes) -> Self:
        """Read the arguments."""
        seq, tag, status = unpack(_TEST_END, arguments, "RESULT")
        if status:
            return cls(seq, tag, status)
        return cls(seq, tag, status, LineResult.decode(arguments[_TEST_END.size :]))


# Faults


def encode_words(words: str) -> bytes:
    """Return the arguments of SIM.INJECT."""
    coded = words.encode()
    if len(coded) > _LONGEST_WORDS:
        raise MessageError(f"{len(coded)} bytes of text; at most {_LONGEST_WORDS}")
    return bytes([len(coded)]) + coded


def decode_words(arguments: bytes) -> str:
    """Read the arguments of SIM.INJECT."""
    if not arguments or len(arguments) <= arguments[0]:
        raise MessageError("INJECT: text cut short")
    return text(arguments[1 : 1 + arguments[0]])
