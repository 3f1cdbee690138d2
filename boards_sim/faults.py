# SPDX-License-Identifier: MIT
"""What can go wrong between a board and its host, at a word: close, stall, garbage, reboot.

Faults of bytes and frames (drop, duplicate, corrupt, reorder), of clocks and of lines are not
here yet.
"""

import random
from typing import Final

from boards_sim.clock import FRAME_MS
from boards_sim.firmware.interface import Firmware
from boards_sim.wire import Wire
from drivers.qhi.numbers import BootReason

__all__ = ["Faults"]

GARBAGE_BYTES: Final = 4096
"""Per frame of 5 ms."""


class Faults:
    """The faults of one board's link; the same seed makes the same garbage."""

    def __init__(self, board: Firmware, wire: Wire, seed: int) -> None:
        self._board = board
        self._wire = wire
        self._random = random.Random(seed)  # noqa: S311 - reproducible, not secret
        self._muted_frames = 0
        self._garbage_frames = 0

    def closes(self) -> None:
        """Unplug the link.  The host may open another."""
        self._wire.close()
        self._board.link_closed()

    def stalls(self, seconds: float) -> None:
        """Let nothing through, in either direction, for a time."""
        self._muted_frames = round(seconds * 1000 / FRAME_MS)
        self._wire.muted = self._muted_frames > 0

    def sends_garbage(self, seconds: float) -> None:
        """Send noise instead of frames for a time."""
        self._garbage_frames = round(seconds * 1000 / FRAME_MS)

    def reboots(self) -> None:
        """Let the board crash and come up again."""
        self._board.reboot(BootReason.FAULT)

    def step(self) -> None:
        """Note that a frame of time has passed."""
        if self._muted_frames:
            self._muted_frames -= 1
            self._wire.muted = self._muted_frames > 0
        if self._garbage_frames:
            self._garbage_frames -= 1
            self._board.take_output()
            noise = bytes(1 + self._random.getrandbits(7) for _ in range(GARBAGE_BYTES))
            self._wire.write(noise)
