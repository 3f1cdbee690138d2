# SPDX-License-Identifier: MIT
"""The board's store of samples from the host: holds a lead, plays in order, fades when empty."""

from collections import deque
from typing import Final

import numpy as np
import numpy.typing as npt

from boards_sim.clock import FRAME, FRAME_MS

__all__ = ["Playout"]

Samples = npt.NDArray[np.int16]
Coded = npt.NDArray[np.uint8]

MOST_FRAMES: Final = 4
"""More held than this: the oldest is dropped."""


class Playout:
    """Down frames on their way to the lines."""

    def __init__(self, ports: int) -> None:
        self._held: deque[tuple[Samples, Coded | None]] = deque()
        self._lead_frames = 2
        self._playing = False
        self._silence: Samples = np.zeros((ports, FRAME), np.int16)
        self._last: Samples = np.zeros(ports, np.int16)
        self.coded: Coded | None = None
        "The frame that was played last as it came over the link; None: there was none."
        self.underruns = 0
        self.slips = 0

    def begin(self, lead_ms: int) -> None:
        """Empty the store; play once ``lead_ms`` are held."""
        self._held.clear()
        self._lead_frames = max(1, lead_ms // FRAME_MS)
        self._playing = False
        self._last[:] = 0
        self.coded = None

    @property
    def held_ms(self) -> int:
        """How much waits to be played."""
        return len(self._held) * FRAME_MS

    def add(self, frame: Samples, coded: Coded | None = None) -> bool:
        """Take one frame for all ports; tell whether the oldest had to be dropped for it."""
        self._held.append((frame, coded))
        if len(self._held) <= MOST_FRAMES:
            return False
        self._held.popleft()
        self.slips += 1
        return True

    def play(self, out: Samples) -> bool:
        """Fill ``out`` with the next frame or silence; tell whether there was an underrun."""
        if not self._playing and len(self._held) >= self._lead_frames:
            self._playing = True
        self.coded = None
        if not self._playing:
            out[:] = self._silence
            return False
        if self._held:
            out[:], self.coded = self._held.popleft()
            self._last = out[:, -1].copy()
            return False
        fade = np.linspace(1.0, 0.0, FRAME)
        out[:] = np.rint(self._last[:, None] * fade)
        self._playing = False
        self.underruns += 1
        return True
