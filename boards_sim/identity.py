# SPDX-License-Identifier: MIT
"""Who a simulated board says it is: HELLO, dictionary, and what its factory wrote into it."""

import zlib
from collections.abc import Mapping, Sequence
from typing import Final

from boards_sim.clock import FRAME_MS
from boards_sim.eeprom import Eeprom
from boards_sim.eventring import EventRing
from boards_sim.profiles import CAPABILITIES, Profile
from drivers.base import Capability, PortKind
from drivers.qhi.dictionary import encode_dictionary
from drivers.qhi.layout import MessageError
from drivers.qhi.messages import Hello, frame_bit
from drivers.qhi.numbers import BootReason, Counter, Feature
from drivers.qhi.pages import CalibrationPage, FactoryPage, OemPage, PortCalibration, TracePage
from drivers.qhi.service import Page

__all__ = [
    "FIRMWARE",
    "SERVICE",
    "SIMULATED_VENDOR",
    "WINDOW",
    "Identity",
    "manufacture",
    "serial_of",
]

SIMULATED_VENDOR: Final = 0x5141
HARDWARE: Final = 0x0100
FIRMWARE: Final = 0x0100_0000
"""Version 1.0.0, what the factory flashes."""
WINDOW: Final = 8
"""Requests it can hold."""
MINIMUM: Final = Feature.IDENTIFY | Feature.WATCHDOG | Feature.SELFTEST
SERVICE: Final = (
    MINIMUM
    | Feature.EEPROM_WRITE
    | Feature.FIRMWARE
    | Feature.LINE_TEST
    | Feature.PATTERNS
    | Feature.CLOCK_ADJUST
)


def manufacture(
    eeprom: Eeprom, profile: Profile, serial: str, calibration: Sequence[PortCalibration]
) -> None:
    """Write into a new board what every unit leaves the factory with."""
    eeprom.program(Page.FACTORY, FactoryPage(profile.name, serial, HARDWARE).encode(), locked=True)
    eeprom.program(Page.TRACE, TracePage(profile.name, "simulated").encode())
    eeprom.program(Page.CALIBRATION, CalibrationPage(ports=tuple(calibration)).encode())


class Identity:
    """What a board says of itself."""

    def __init__(
        self,
        profile: Profile,
        serial: str,
        formats: int,
        *,
        features: Feature = MINIMUM,
        capabilities: Mapping[PortKind, Capability] = CAPABILITIES,
    ) -> None:
        self.profile = profile
        self.features = features
        self.serial = serial
        self.dictionary = b""
        self._formats = formats
        self._capabilities = capabilities
        self._notes: dict[str, str] = {}
        self._firmware = FIRMWARE
        self.describe({})

    def boot(self, firmware: int, serial: str) -> None:
        """Say from now on which version runs, and which number the unit has."""
        self._firmware = firmware
        self.serial = serial
        self.describe({})

    def describe(self, notes: Mapping[str, str]) -> None:
        """Write the dictionary, with further entries for people and tools."""
        self._notes.update(notes)
        content = self._content()
        self.dictionary = encode_dictionary({**content, **self._notes})

    def hello(self, session: int, reason: BootReason) -> Hello:
        """Return the HELLO of a board in this session (0: none)."""
        return Hello(
            session=session,
            vendor=SIMULATED_VENDOR,
            type=self.profile.type,
            hardware=HARDWARE,
            firmware=self._firmware,
            serial=self.serial,
            features=self.features,
            ports=len(self.profile.ports),
            formats=self._formats,
            window=WINDOW,
            boot_reason=reason,
            frames=frame_bit(FRAME_MS),
            event_ring=EventRing.CAPACITY,
            dictionary_length=len(self.dictionary),
            dictionary_crc=zlib.crc32(self.dictionary),
        )

    def _content(self) -> dict[str, object]:
        firmware = self._firmware
        return {
            "model": self.profile.name,
            "hardware": "1.0",
            "firmware": f"{firmware >> 24}.{firmware >> 16 & 0xFF}.{firmware & 0xFFFF}",
            "simulated": True,
            "ports": [
                {"kind": kind.value, "capabilities": self._words(kind)}
                for kind in self.profile.ports
            ],
            "counters": [counter.name.lower() for counter in Counter],
        }

    def _words(self, kind: PortKind) -> list[str]:
        return [flag.name.lower() for flag in self._capabilities[kind] if flag.name]


def serial_of(eeprom: Eeprom) -> str:
    """Return the OEM's serial number, else the factory's; empty: none can be read."""
    try:
        own = OemPage.decode(eeprom.page(Page.OEM)).serial
    except MessageError:
        own = ""
    if own:
        return own
    try:
        return FactoryPage.decode(eeprom.page(Page.FACTORY)).serial
    except MessageError:
        return ""
