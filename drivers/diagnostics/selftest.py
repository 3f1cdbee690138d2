# SPDX-License-Identifier: MIT
"""What a board finds wrong with itself, as sentences that say what to do."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from drivers.diagnostics.asking import ask
from drivers.diagnostics.session import Session
from drivers.service import SelfTestDone

__all__ = ["ADVICE", "advice", "self_test"]

ADVICE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "memory": "Its memory doesn't keep what is written. Power it off and on; if it "
        "comes again, replace the board.",
        "eeprom": "A page of its EEPROM is damaged. `altiware board eeprom show` says which; "
        "write that page again, or return the board if it is the factory's.",
        "firmware": "The firmware that runs is not what its digest says. "
        "Update it with `altiware board firmware update`, or roll back.",
        "clock": "Its sample clock is missing or off by more than 100 ppm: calls will click. "
        "Replace the board.",
        "supply": "Its supply is off by more than 10 %. Measure the power supply under load, "
        "and look at cable and plug.",
        "battery": "What feeds the telephones is missing, too low or too high. "
        "Unplug all lines and test again: then it is a line's short circuit, else the board.",
        "registers": "A line circuit doesn't read back what is written into it. "
        "Power it off and on; if it comes again, replace the board.",
        "codecs": "A port's loopback fails. `altiware board loopback` says which port.",
    }
)
"""By the names of docs/reference/qhi.md's failures."""


def advice(failure: str) -> str:
    """Return what a failure means, and what to do."""
    return ADVICE.get(failure, "A test of the board's maker; ask whoever sold the board.")


def self_test(session: Session) -> tuple[str, ...]:
    """Let the board test itself, which disturbs no line; return the names of the failures.

    Raises:
        DriverError: the board can't, or doesn't answer.
    """
    return ask(session, session.board.self_test, SelfTestDone, within_s=10.0).failures
