# SPDX-License-Identifier: MIT
"""What a voice modem is told, in which order (TIA IS-101, ITU-T V.253; +GCI: ITU-T V.250)."""

from typing import Final

from drivers.at.dialogue import Command
from drivers.vmodem.profiles import Coding, Profile

__all__ = [
    "ALIVE",
    "CODINGS",
    "HANG_UP",
    "WAKE",
    "WHO",
    "greeting",
    "releasing",
    "resting",
    "seizing",
]

WAKE: Final = b"\x10\x10\x10\x03\x10^\r"
"""Ends whatever stream a program before us may have left; in text it means nothing."""
HANG_UP: Final = b"AT+VLS=0\rATH\r"
ALIVE: Final = Command("AT")
WHO: Final = (Command("ATI0", optional=True), Command("ATI3", optional=True))
CODINGS: Final = Command("AT+VSM=?", optional=True)
_HOOK_S: Final = 5.0


def greeting(country: int | None) -> list[Command]:
    """Return what finds out what the modem is."""
    found = [
        Command("AT", 1.0, optional=True),  # a modem may have to find our speed first
        Command("AT&F0"),
        Command("ATE0"),
        Command("ATV1"),
        *WHO,
    ]
    if country is not None:
        found.append(Command(f"AT+GCI={country:02X}", optional=True))
    return [*found, Command("AT+FCLASS=8"), CODINGS]


def resting(profile: Profile) -> list[Command]:
    """Return what makes it report rings and callers."""
    return [
        Command("AT+FCLASS=0"),
        *(Command(text, optional=True) for text in profile.caller_id),
    ]


def seizing(profile: Profile, coding: Coding) -> list[Command]:
    """Return what goes off-hook and begins a stream."""
    return [
        Command("AT+FCLASS=8"),
        Command(profile.no_silence, optional=True),
        Command("AT+VIT=0", optional=True),
        Command(f"AT+VSM={coding.number},8000{coding.more}"),
        Command("AT+VGR=128", optional=True),
        Command("AT+VGT=128", optional=True),
        Command("AT+VLS=1", _HOOK_S),
        Command("AT+VTR", _HOOK_S, begins_stream=True),
    ]


def releasing(profile: Profile) -> list[Command]:
    """Return what goes on-hook and rests."""
    return [
        Command("AT+VLS=0", _HOOK_S, optional=True),
        Command("ATH", _HOOK_S, optional=True),
        *resting(profile),
    ]
