# SPDX-License-Identifier: MIT
"""The plan of a conference room: a number to call, and who may come in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

__all__ = ["RoomPlan"]

LONGEST_PIN: Final = 8


@dataclass(frozen=True, slots=True)
class RoomPlan:
    """One room."""

    name: str
    pin: str = ""
    "Asked for at the door; empty: whoever knows the number comes in."
    host_pin: str = ""
    "Who gives this one instead may lock the room, mute, remove and invite; empty: everybody may."
    most: int = 32
    "So many people at most."
    waits_for_host: bool = False
    "Nobody hears anybody, but music, before the host is there."
    announces: bool = True
    "Whether it is said who has joined and left."

    def contradictions(self) -> Iterator[tuple[str, object, str]]:
        """Yield what is wrong: the setting, its value, what is allowed."""
        for setting, pin in (("pin", self.pin), ("host_pin", self.host_pin)):
            if pin and not (pin.isascii() and pin.isdigit() and len(pin) <= LONGEST_PIN):
                yield setting, pin, f"up to {LONGEST_PIN} digits"
        if self.host_pin and self.host_pin == self.pin:
            yield "host_pin", "the same as pin", "another one than everybody's"
        if self.waits_for_host and not self.host_pin:
            yield "waits_for_host", True, "false, or a host_pin by which the host is known"
