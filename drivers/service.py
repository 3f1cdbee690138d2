# SPDX-License-Identifier: MIT
"""What a technician can have a board do, and the typed answers: measurements, never verdicts.

Used by the Board contract (base.py, technician.py) and by every driver.  Volts are volts,
direct or rms as the name says; ``None`` means that the board can't measure it.  The values of
the enums are those of QHI (docs/reference/qhi.md), the only protocol that has numbers for them.
"""

import enum
from dataclasses import dataclass
from typing import Final

__all__ = [
    "BEYOND_OHMS",
    "Ability",
    "BitErrors",
    "BoardMeter",
    "BoardTime",
    "BootInfo",
    "ClockAdjusted",
    "Counters",
    "FaultInjected",
    "FirmwareBegun",
    "FirmwareVerified",
    "FirmwareWritten",
    "LineCurrent",
    "LineTest",
    "Loopback",
    "Measurement",
    "OfficeFeed",
    "OrderResult",
    "PageContent",
    "PageStates",
    "Pattern",
    "Prbs",
    "PrbsWay",
    "ReceiverOhms",
    "RingerLoad",
    "SelfTestDone",
    "Slot",
    "SlotState",
    "TerminalOhms",
    "TerminalVolts",
    "Toward",
]

BEYOND_OHMS: Final = float("inf")
"""More resistance than the board can tell from none connected at all."""


class LineTest(enum.IntEnum):
    """What can be measured on a line; what each does to it is in docs/reference/qhi.md."""

    VOLTS = 1
    "Foreign voltage on every pair of terminals, the board's own feed taken away."
    RESISTANCE = 2
    "Leaks between every pair of terminals."
    RECEIVER = 3
    "Resistance of the loop at two voltages: a telephone's differs, a leak's doesn't."
    RINGER = 4
    "The bells on the line, at 20 Hz."
    OFFICE = 5
    "What the central office feeds an FXO port with."


class Loopback(enum.IntEnum):
    """Where the host's samples turn round."""

    NONE = 0
    DIGITAL = 1
    "At the timeslot: they come back bit for bit."
    CODEC = 2
    "Behind the codec: coded, decoded and amplified."
    ANALOG = 3
    "At the terminals, the line switched away: through the hybrid."


class Pattern(enum.IntEnum):
    """What takes the place of a port's samples."""

    OFF = 0
    CONSTANT = 1
    MILLIWATT = 2
    "The digital sequence of 1 kHz at 0 dBm0 (ITU-T G.711 tables 5 and 6)."
    IDLE = 3
    TONE = 4


class Toward(enum.IntEnum):
    """Which way a pattern goes."""

    LINE = 0
    HOST = 1


class Prbs(enum.IntEnum):
    """Pseudo-random sequences for counting bit errors (lengths of ITU-T O.150)."""

    PRBS_9 = 0
    "2**9 - 1 bits: x**9 + x**5 + 1."
    PRBS_15 = 1
    "2**15 - 1 bits: x**15 + x**14 + 1."


class PrbsWay(enum.IntFlag):
    """What a board does with a sequence."""

    SEND = 1
    CHECK = 2


@dataclass(frozen=True, slots=True)
class TerminalVolts:
    """Voltage on every pair of terminals."""

    tip_ring_dc: float | None
    tip_ground_dc: float | None
    ring_ground_dc: float | None
    tip_ring_ac: float | None
    tip_ground_ac: float | None
    ring_ground_ac: float | None
    ac_hertz: float | None = None
    "Frequency of the strongest alternating voltage."


@dataclass(frozen=True, slots=True)
class LineCurrent:
    """A line's volts with its current, as it is now."""

    volts: TerminalVolts
    loop_ma: float | None


@dataclass(frozen=True, slots=True)
class TerminalOhms:
    """Resistance between every pair of terminals; ``BEYOND_OHMS``: none was found."""

    tip_ring: float | None
    tip_ground: float | None
    ring_ground: float | None
    applied_volts: float
    "Direct, what it was measured with."


@dataclass(frozen=True, slots=True)
class ReceiverOhms:
    """Resistance from tip to ring at two voltages."""

    low_ohms: float
    high_ohms: float
    low_volts: float
    "Applied at first."
    high_volts: float


@dataclass(frozen=True, slots=True)
class RingerLoad:
    """The bells on a line."""

    ren: float
    "1.0 is a load of 7 kilohms at 20 Hz."
    volts: float
    "rms, what it was measured with."
    hertz: float


@dataclass(frozen=True, slots=True)
class OfficeFeed:
    """What the central office puts on a line."""

    battery_volts: float
    "Tip against ring with the board's loop as it is; negative: reversed; 0: no battery."
    loop_ma: float | None
    "None while the loop is open."
    ringing_volts: float
    "rms, now; 0: it doesn't ring."
    ringing_hertz: float


Measurement = TerminalVolts | TerminalOhms | ReceiverOhms | RingerLoad | OfficeFeed


@dataclass(frozen=True, slots=True)
class BitErrors:
    """How a pseudo-random sequence arrives."""

    running: PrbsWay
    in_sync: bool
    bits: int
    "Compared while in sync."
    errors: int
    sync_losses: int


@dataclass(frozen=True, slots=True)
class BoardMeter:
    """A board's own instruments."""

    celsius: float | None
    supply_volts: float | None
    "What the board is powered with."
    battery_volts: float | None
    "What its FXS ports feed their lines with."


@dataclass(frozen=True, slots=True)
class BoardTime:
    """A board's clocks."""

    tick: int
    "Its 8 kHz sample counter, modulo 2**32."
    since_boot_us: int


class SlotState(enum.IntEnum):
    """What a firmware slot holds."""

    EMPTY = 0
    PARTIAL = 1
    "An image that is being written."
    VERIFIED = 2
    "A whole image that has never run."
    TRIAL = 3
    "An image that runs and has yet to prove itself."
    CONFIRMED = 4
    FAILED = 5
    "An image that didn't prove itself."


@dataclass(frozen=True, slots=True)
class Slot:
    """One of a board's two places for firmware."""

    state: SlotState
    boots: int
    version: int
    "Major times 2**24 plus minor times 2**16 plus patch; 0: unknown."
    size: int
    sha256: bytes


@dataclass(frozen=True, slots=True)
class BootInfo:
    """What firmware a board runs, and what else it has."""

    running: int
    "0 A, 1 B."
    trial_s: int
    "Until the running image counts as failed unless a session lasts; 0: it is confirmed."
    boot_reason: int
    boots: int
    "In the unit's life."
    slots: tuple[Slot, ...]


class Ability(enum.IntFlag):
    """What a board as a whole can do for a technician; a port's own are ``base.Capability``."""

    READ_PAGES = 1 << 0
    WRITE_PAGES = 1 << 1
    FIRMWARE = 1 << 2
    PATTERNS = 1 << 3
    "Patterns, loopbacks and bit errors, on every port."
    SELF_TEST = 1 << 4
    METER = 1 << 5
    COUNTERS = 1 << 6
    TIME = 1 << 7
    RESET = 1 << 8
    ADJUST_CLOCK = 1 << 9
    FAULTS = 1 << 10
    "It can be made to suffer: a simulated board."


@dataclass(frozen=True, slots=True)
class PageContent:
    """One page of a board's EEPROM."""

    page: int
    content: bytes


@dataclass(frozen=True, slots=True)
class PageStates:
    """How the pages of a board's EEPROM are."""

    pages: int
    locked: frozenset[int]
    sound: frozenset[int] | None
    "Pages that are whole; None: the board doesn't tell."


@dataclass(frozen=True, slots=True)
class Counters:
    """What a board has counted, by name."""

    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class SelfTestDone:
    """What a board found wrong with itself, in words; empty: nothing."""

    failures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FirmwareBegun:
    """The board is ready for an image."""

    slot: int
    piece: int
    "The most bytes that it takes at a time."
    offset: int
    "Where to go on; above 0 when it has a part of this image already."


@dataclass(frozen=True, slots=True)
class FirmwareWritten:
    """A piece of an image is in its place."""

    offset: int
    "Where the next one goes."


@dataclass(frozen=True, slots=True)
class FirmwareVerified:
    """The image in the board is the one that was meant."""

    sha256: bytes


@dataclass(frozen=True, slots=True)
class ClockAdjusted:
    """What the board's clock is moved by now: as near as its hardware can."""

    ppm: float


@dataclass(frozen=True, slots=True)
class FaultInjected:
    """A fault has begun; its number ends it."""

    number: int


OrderResult = (
    PageContent
    | PageStates
    | Counters
    | SelfTestDone
    | FirmwareBegun
    | FirmwareWritten
    | FirmwareVerified
    | ClockAdjusted
    | FaultInjected
    | BitErrors
    | BoardMeter
    | BoardTime
    | BootInfo
    | LineCurrent
)
"""What an order can come back with."""
