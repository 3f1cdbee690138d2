# SPDX-License-Identifier: MIT
"""What is wrong with a board inside, and what its own instruments show of it; faults move both."""

from dataclasses import dataclass, field
from typing import Final

from drivers.qhi.service import SelfTest
from drivers.service import BoardMeter

__all__ = ["Ailments", "Health"]

SUPPLY_VOLTS: Final = 12.0
BATTERY_VOLTS: Final = 48.0
TOLERANCE: Final = 0.1
MOST_PPM: Final = 100.0


@dataclass(slots=True)
class Ailments:
    """What is wrong with a board inside; boards_sim/faults.py sets it, a reboot ends a hang."""

    hung: bool = False
    starved: bool = False
    "Samples of the host get lost."
    dead: set[int] = field(default_factory=set)
    "Ports that do nothing."


@dataclass(slots=True)
class Health:
    """The state of a board's supply, clock and chips."""

    celsius: float = 34.0
    supply_volts: float = SUPPLY_VOLTS
    battery_volts: float = BATTERY_VOLTS
    clock_ppm: float = 0.0
    "The crystal's error."
    broken: SelfTest = SelfTest(0)  # noqa: RUF009 - a flag, and as immutable as an int
    "What a self-test finds beside that which it can see by itself."

    def meter(self) -> BoardMeter:
        """Return what the instruments show."""
        return BoardMeter(self.celsius, self.supply_volts, self.battery_volts)

    def failures(self) -> SelfTest:
        """Return what a self-test finds wrong."""
        found = self.broken
        if abs(self.supply_volts - SUPPLY_VOLTS) > TOLERANCE * SUPPLY_VOLTS:
            found |= SelfTest.SUPPLY
        if abs(self.battery_volts - BATTERY_VOLTS) > TOLERANCE * BATTERY_VOLTS:
            found |= SelfTest.BATTERY
        if abs(self.clock_ppm) > MOST_PPM:
            found |= SelfTest.CLOCK
        return found
