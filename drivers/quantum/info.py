# SPDX-License-Identifier: MIT
"""What a Quantum board says of itself, for people and for the PBX."""

import json
from typing import Final

from drivers.base import BoardInfo
from drivers.qhi.dictionary import Dictionary
from drivers.qhi.messages import Hello
from drivers.qhi.numbers import BootReason, Feature, PcmFormat
from drivers.service import Ability

__all__ = ["board_info"]

METER_SINCE: Final = 1
"""Minor version of QHI."""
PROMISES: Final = {
    Feature.EEPROM_WRITE: Ability.WRITE_PAGES,
    Feature.FIRMWARE: Ability.FIRMWARE,
    Feature.PATTERNS: Ability.PATTERNS,
    Feature.SELFTEST: Ability.SELF_TEST,
    Feature.CLOCK_ADJUST: Ability.ADJUST_CLOCK,
    Feature.SIM: Ability.FAULTS,
}
SAID_ELSEWHERE: Final = frozenset({"model", "hardware", "firmware"})


def board_info(hello: Hello, dictionary: Dictionary) -> BoardInfo:
    """Put a board's HELLO and dictionary together."""
    firmware = hello.firmware
    abilities = [bit.name.lower() for bit in Feature if bit & hello.features and bit.name]
    formats = [form.name.lower() for form in PcmFormat if hello.formats >> form & 1]
    reasons = {reason.value: reason.name.lower().replace("_", " ") for reason in BootReason}
    return BoardInfo(
        model=dictionary.model,
        serial=hello.serial,
        hardware=f"{hello.hardware >> 8}.{hello.hardware & 0xFF}",
        firmware=f"{firmware >> 24}.{firmware >> 16 & 0xFF}.{firmware & 0xFFFF}",
        protocol=f"QHI {hello.major}.{hello.minor}",
        ports=dictionary.ports,
        features={
            "abilities": " ".join(abilities),
            "boot reason": reasons.get(hello.boot_reason, f"{hello.boot_reason}"),
            "sample formats": " ".join(formats),
            **_notes(dictionary),
            "dictionary": dictionary.text,
        },
        abilities=_abilities(hello),
    )


def _abilities(hello: Hello) -> Ability:
    """Return what a technician may order: what every board does, and what this one promises."""
    found = Ability.READ_PAGES | Ability.COUNTERS | Ability.TIME | Ability.RESET
    if hello.minor >= METER_SINCE:
        found |= Ability.METER
    for bit, ability in PROMISES.items():
        if hello.features & bit:
            found |= ability
    return found


def _notes(dictionary: Dictionary) -> dict[str, str]:
    """Return what else the board says in words."""
    content = json.loads(dictionary.text)
    return {
        str(name): value
        for name, value in content.items()
        if isinstance(value, str) and name not in SAID_ELSEWHERE
    }
