# SPDX-License-Identifier: MIT
"""The flash under the reference firmware: two slots, and what the boot loader knows of them.

The rules are the core's (native/src/board/firmware.c); here are only memory, and what a simulated
image does when it runs (boards_sim.firmware_slots).
"""

import hashlib
from typing import Any, Final

from boards_sim.firmware_slots import SLOT_BYTES, Behaviour, behaviour_of, simulated_image
from boards_sim.identity import FIRMWARE
from dsp.native import ffi, lib

__all__ = ["SLOT_BYTES", "Flash"]

ERASED: Final = b"\xff"


class Flash:
    """Two images and the record of their trials; all of it outlasts a reset."""

    def __init__(self, vendor: int, kind: int) -> None:
        """Flash the factory's image into slot A, as the maker does."""
        factory = simulated_image(vendor, kind, FIRMWARE)
        self._images = [bytearray(factory), bytearray()]
        self.slots = ffi.new("aw_board_slots *")
        made = self.slots.slot[0]
        made.size = made.written = len(factory)
        made.version = FIRMWARE
        made.state = lib.AW_SLOT_CONFIRMED
        made.boots = self.slots.boots = 1
        ffi.memmove(made.sha256, hashlib.sha256(factory).digest(), len(made.sha256))

    def boot(self) -> None:
        """Boot: the core's rules say which slot."""
        lib.aw_board_boot(self.slots)

    @property
    def version(self) -> int:
        """The version that runs."""
        return int(self.slots.slot[self.slots.running].version)

    @property
    def behaviour(self) -> Behaviour:
        """What the running image does."""
        return behaviour_of(self._images[self.slots.running])

    def erase(self, slot: int) -> None:
        """Erase a slot."""
        self._images[slot] = bytearray(ERASED * SLOT_BYTES)

    def write(self, slot: int, offset: int, piece: bytes) -> None:
        """Write a piece where nothing has been written since the slot was erased."""
        self._images[slot][offset : offset + len(piece)] = piece

    def read(self, slot: int, offset: int, count: int) -> bytes:
        """Return a piece."""
        return bytes(self._images[slot][offset : offset + count])

    def keep(self, slots: Any) -> None:
        """Keep a new record of the trials."""
        self.slots[0] = slots[0]
