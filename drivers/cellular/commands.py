# SPDX-License-Identifier: MIT
"""What a cellular module is told, in which order (3GPP TS 27.007 where no maker is named)."""

import re
from typing import Final

from drivers.at.dialogue import Command
from drivers.cellular.profiles import Profile

__all__ = [
    "ALIVE",
    "CALLS",
    "CAUSE",
    "HANG_UP",
    "SIM",
    "WHO",
    "answering",
    "dialling",
    "greeting",
    "is_number",
    "preparing",
    "releasing",
]

HANG_UP: Final = b"AT+CHUP\r"
ALIVE: Final = Command("AT+CSQ")
CALLS: Final = Command("AT+CLCC", optional=True)
CAUSE: Final = Command("AT+CEER", optional=True)
SIM: Final = Command("AT+CPIN?", 5.0, optional=True)
WHO: Final = tuple(
    Command(f"AT+{name}", optional=True) for name in ("CGMI", "CGMM", "CGMR", "CGSN")
)
"""Maker, model, firmware, serial number (IMEI)."""
DIAL_S: Final = 4.0
"""Until the module has taken a number, not until somebody is rung."""
HOOK_S: Final = 5.0
_NUMBER: Final = re.compile(r"\+?[0-9]{1,20}")


def is_number(number: str) -> bool:
    """Tell whether a number can be dialled: digits only.

    With a star or a hash it would be an order to the network (3GPP TS 22.030: forward all calls,
    for one), and with anything else one to the module.
    """
    return _NUMBER.fullmatch(number) is not None


def greeting() -> list[Command]:
    """Return what finds out what the module is, and whether its SIM is there."""
    return [
        Command("AT", 1.0, optional=True),
        Command("ATZ"),
        Command("ATE0"),
        Command("AT+CMEE=2", optional=True),  # errors in words
        Command('AT+CSCS="GSM"', optional=True),  # the operator's name as text
        *WHO,
        SIM,
    ]


def preparing(profile: Profile) -> list[Command]:
    """Return what makes it tell of calls, and of the network."""
    return [
        Command("AT+CHUP", HOOK_S, optional=True),  # a call that a program before us left
        Command(profile.probe),
        *(Command(text, optional=True) for text in profile.prepare),
        Command("AT+CLIP=1", optional=True),
        # 1 and not 2, which adds the cell: nobody reads it, and makers quote it differently.
        Command("AT+CREG=1", optional=True),
        Command("AT+CEREG=1", optional=True),
        Command("AT+COPS=3,0", optional=True),
        Command("AT+COPS?", optional=True),
        Command("AT+CREG?", optional=True),
        Command("AT+CEREG?", optional=True),
        ALIVE,
    ]


def dialling(profile: Profile, number: str) -> Command:
    """Return what calls a number."""
    return Command(profile.dial.format(number), DIAL_S)


def answering(profile: Profile) -> Command:
    """Return what answers."""
    return Command(profile.answer, HOOK_S)


def releasing(profile: Profile, *, hang_up: bool) -> list[Command]:
    """Return what ends a call, or what is left of one that has ended."""
    found = [Command("AT+CHUP", HOOK_S, optional=True)] if hang_up else []
    return [*found, *(Command(text, optional=True) for text in profile.after)]
