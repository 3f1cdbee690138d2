# SPDX-License-Identifier: MIT
"""The numbers of QHI 1.1 (docs/reference/qhi.md), as enums.  None of them ever changes.

Those of the technician's classes (firmware, patterns, tests, faults) are in ``service``.
"""

import enum
from typing import Final

__all__ = [
    "BOARD_PORT",
    "MAJOR",
    "MINOR",
    "AlarmKind",
    "BootReason",
    "BulkObject",
    "BulkOp",
    "ClockEvent",
    "ClockVerb",
    "Counter",
    "Feature",
    "IdVerb",
    "LineBits",
    "MessageClass",
    "PcmFlag",
    "PcmFormat",
    "PortAlarm",
    "PortEventCode",
    "PortVerb",
    "Severity",
    "Status",
    "SysEvent",
    "SysVerb",
]

MAJOR: Final = 1
MINOR: Final = 1
"""The version that this code speaks; both ends keep to the lower minor number."""

BOARD_PORT: Final = 0xFF
"""The port number that means the board itself."""


class MessageClass(enum.IntEnum):
    """Classes of requests and events."""

    SYS = 0
    ID = 1
    FW = 2
    PORT = 3
    TDM = 4
    CLK = 5
    DSP = 6
    TEST = 7
    REG = 8
    SIM = 15


class SysVerb(enum.IntEnum):
    """Requests to the board as a whole."""

    NOP = 0
    IDENTIFY = 1
    TIME = 2
    RESET = 3
    WATCHDOG = 4
    KICK = 5
    SELFTEST = 6
    LOG_LEVEL = 7
    COUNTERS = 8
    CLEAR_COUNTERS = 9
    QUIET = 10
    STATE = 11
    METER = 12


class IdVerb(enum.IntEnum):
    """Requests to the EEPROM."""

    READ = 0
    INFO = 1
    WRITE = 2
    LOCK = 3


class PortVerb(enum.IntEnum):
    """Requests to one line."""

    STATE = 0
    LINEFEED = 1
    RING = 2
    RING_STOP = 3
    OPEN_LOOP = 4
    HOOK = 5
    FLASH = 6
    PULSE = 7
    GAIN = 8
    IMPEDANCE = 9
    FLASH_WINDOW = 10
    MONITOR = 11
    METER = 12
    MESSAGE_LAMP = 13


class ClockVerb(enum.IntEnum):
    """Requests to the sample clock."""

    START = 0
    STOP = 1
    QUERY = 2
    ROLE = 3
    ADJUST = 4


class SysEvent(enum.IntEnum):
    """Events of the board as a whole."""

    EVENTS_LOST = 1
    ALARM = 2


class PortEventCode(enum.IntEnum):
    """Events of one line."""

    STATE = 1
    HOOK = 2
    FLASH = 3
    PULSE_DIGIT = 4
    RINGING = 5
    POLARITY = 6
    BATTERY = 7
    PULSES_SENT = 8
    RING_TRIP = 9
    ALARM = 10
    DTMF = 11
    CURRENT = 12


class ClockEvent(enum.IntEnum):
    """Events of the sample clock."""

    UNDERRUN = 1
    SLIP = 2


class Status(enum.IntEnum):
    """How a request ended."""

    OK = 0
    BAD_ARG = 1
    UNSUPPORTED = 2
    BUSY = 3
    BAD_STATE = 4
    NO_PORT = 5
    RANGE = 6
    TIMEOUT = 7
    HW_FAULT = 8
    LOCKED = 9
    VERIFY = 10
    OVERFLOW = 11
    POWER_ALARM = 12
    LINE_HAZARD = 13
    NOT_CALIBRATED = 14
    INTERNAL = 15


class Severity(enum.IntEnum):
    """How much an event matters."""

    INFORMATION = 0
    NOTICE = 1
    WARNING = 2
    ALARM = 3


class AlarmKind(enum.IntEnum):
    """What SYS.ALARM is about."""

    POWER = 0
    HEAT = 1
    WATCHDOG = 2
    CONFIGURATION = 3
    CLOCK = 4


class PortAlarm(enum.IntEnum):
    """What PORT.ALARM is about."""

    POWER = 0
    HEAT = 1
    LINE_HAZARD = 2


class BootReason(enum.IntEnum):
    """Why a board has no session."""

    UNKNOWN = 0
    POWER = 1
    ORDER = 2
    WATCHDOG = 3
    FIRMWARE_UPDATE = 4
    FAULT = 5
    HOST_SILENT = 6


class Feature(enum.IntFlag):
    """What a board can do beyond the minimum."""

    IDENTIFY = 1 << 0
    SCHEDULED = 1 << 1
    WATCHDOG = 1 << 2
    SELFTEST = 1 << 3
    EEPROM_WRITE = 1 << 4
    FIRMWARE = 1 << 5
    SWITCH = 1 << 6
    DSP = 1 << 7
    LINE_TEST = 1 << 8
    REGISTERS = 1 << 9
    SIM = 1 << 10
    CLOCK_SOURCE = 1 << 11
    CLOCK_ADJUST = 1 << 12
    TRACE = 1 << 13
    PATTERNS = 1 << 14


class LineBits(enum.IntFlag):
    """The level state of a line in PORT.STATE."""

    OFF_HOOK = 1
    RINGING = 2
    BATTERY = 4
    REVERSED = 8


class BulkObject(enum.IntEnum):
    """What BULK can fetch."""

    DICTIONARY = 0
    FIRMWARE = 1
    TRACE = 2
    CAPTURE = 3


class BulkOp(enum.IntEnum):
    """What a BULK frame is."""

    READ = 0
    PART = 1
    REFUSED = 2


class PcmFormat(enum.IntEnum):
    """How samples are written; bit n of HELLO's formats stands for number n."""

    ULAW = 0
    ALAW = 1
    S16 = 2


class PcmFlag(enum.IntFlag):
    """What a PCM frame says of the stream."""

    FIRST = 1
    SLIP = 2
    UNDERRUN = 4


class Counter(enum.IntEnum):
    """The counters every board has."""

    FRAMES_IN = 0
    FRAMES_BAD = 1
    FRAMES_OUT = 2
    PCM_IN = 3
    PCM_OUT = 4
    UNDERRUNS = 5
    SLIPS = 6
    EVENTS_SENT = 7
    EVENTS_RESENT = 8
    EVENTS_LOST = 9
    REQUESTS = 10
    REQUESTS_REPLAYED = 11
    PCM_MISSING = 12
    "By their sequence numbers; since 1.1, as the next."
    PCM_LATE = 13
    "Came twice, or were overtaken."
