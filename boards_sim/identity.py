# SPDX-License-Identifier: MIT
"""Who a simulated board says it is: HELLO, dictionary and factory page of its EEPROM."""

import struct
import zlib
from collections.abc import Mapping
from typing import Final

from boards_sim.clock import FRAME_MS
from boards_sim.eventring import EventRing
from boards_sim.profiles import CAPABILITIES, Profile
from drivers.base import PortKind
from drivers.qhi.dictionary import encode_dictionary
from drivers.qhi.messages import Hello, frame_bit
from drivers.qhi.numbers import BootReason, Counter, Feature

__all__ = ["WINDOW", "Identity"]

SIMULATED_VENDOR: Final = 0x5141
HARDWARE: Final = 0x0100
FIRMWARE: Final = 0x0100_0000
WINDOW: Final = 8
"""Requests it can hold."""
LONGEST_SERIAL: Final = 16


class Identity:
    """What is written into a board when it is made."""

    def __init__(self, profile: Profile, serial: str, formats: int) -> None:
        self.profile = profile
        self.serial = serial
        self._formats = formats
        self.dictionary = b""
        self.describe({})
        self.factory_page = _factory_page(profile, serial)

    def describe(self, notes: Mapping[str, str]) -> None:
        """Write the dictionary, with further entries for people and tools."""
        self.dictionary = encode_dictionary({**_dictionary(self.profile), **notes})

    def hello(self, session: int, reason: BootReason) -> Hello:
        """Return the HELLO of a board in this session (0: none)."""
        return Hello(
            session=session,
            vendor=SIMULATED_VENDOR,
            type=self.profile.type,
            hardware=HARDWARE,
            firmware=FIRMWARE,
            serial=self.serial,
            features=Feature.IDENTIFY | Feature.WATCHDOG | Feature.SELFTEST,
            ports=len(self.profile.ports),
            formats=self._formats,
            window=WINDOW,
            boot_reason=reason,
            frames=frame_bit(FRAME_MS),
            event_ring=EventRing.CAPACITY,
            dictionary_length=len(self.dictionary),
            dictionary_crc=zlib.crc32(self.dictionary),
        )


def _words(kind: PortKind) -> list[str]:
    return [flag.name.lower() for flag in CAPABILITIES[kind] if flag.name]


def _dictionary(profile: Profile) -> dict[str, object]:
    ports = [{"kind": kind.value, "capabilities": _words(kind)} for kind in profile.ports]
    return {
        "model": profile.name,
        "hardware": "1.0",
        "firmware": "1.0.0",
        "simulated": True,
        "ports": ports,
        "counters": [counter.name.lower() for counter in Counter],
    }


def _factory_page(profile: Profile, serial: str) -> bytes:
    head = struct.pack(
        "<4sB3x16s16sH",
        b"AWID",
        1,
        profile.name.encode(),
        serial.encode()[:LONGEST_SERIAL],
        HARDWARE,
    )
    page = head.ljust(252, b"\xff")
    return page + struct.pack("<I", zlib.crc32(page))
