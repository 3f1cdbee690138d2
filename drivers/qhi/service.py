# SPDX-License-Identifier: MIT
"""The numbers of QHI's classes for technicians and makers (docs/reference/qhi.md).

EEPROM pages, firmware, patterns and loopbacks, line tests, faults: all of minor version 1.  Those
that a board of another make has as well are in ``drivers.service``.
"""

import enum

__all__ = [
    "ClockRole",
    "FirmwareVerb",
    "Page",
    "SelfTest",
    "SimVerb",
    "SwitchVerb",
    "TestEvent",
    "TestFlag",
    "TestVerb",
]


class Page(enum.IntEnum):
    """The pages of a board's EEPROM."""

    FACTORY = 0
    OEM = 1
    TRACE = 2
    CALIBRATION = 3


class FirmwareVerb(enum.IntEnum):
    """Requests to the firmware's two slots."""

    BEGIN = 0
    WRITE = 1
    VERIFY = 2
    ACTIVATE = 3
    ROLLBACK = 4
    BOOT_INFO = 5


class SwitchVerb(enum.IntEnum):
    """Requests to a port's timeslot (class TDM)."""

    CONNECT = 0
    DISCONNECT = 1
    QUERY = 2
    PATTERN = 3
    LOOPBACK = 4
    PRBS_START = 5
    PRBS_STOP = 6
    PRBS_RESULT = 7


class ClockRole(enum.IntEnum):
    """Where a board's sample clock comes from."""

    FREE = 0
    SOURCE = 1
    FOLLOWER = 2


class TestVerb(enum.IntEnum):
    """Requests to the line tests of a port."""

    __test__ = False

    START = 0
    RESULT = 1
    STOP = 2
    METER = 3


class TestEvent(enum.IntEnum):
    """Events of the line tests."""

    __test__ = False

    RESULT = 1


class TestFlag(enum.IntFlag):
    """What to know of a result."""

    __test__ = False

    UNCALIBRATED = 1


class SimVerb(enum.IntEnum):
    """Requests to a board that can be made to suffer."""

    INJECT = 0
    CLEAR = 1


class SelfTest(enum.IntFlag):
    """What SYS.SELFTEST found wrong."""

    MEMORY = 1 << 0
    EEPROM = 1 << 1
    FIRMWARE = 1 << 2
    CLOCK = 1 << 3
    SUPPLY = 1 << 4
    BATTERY = 1 << 5
    REGISTERS = 1 << 6
    CODECS = 1 << 7
