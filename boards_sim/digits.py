# SPDX-License-Identifier: MIT
"""The simulator's own receiver of dialled digits: DTMF by least squares, dial pulses by time.

An office uses it to know what the PBX has dialled, so it judges rather than guesses: DTMF at
-38 dBm0 and more, 10 dB of twist, 35 ms on and off; pulses of 8 to 22 a second.  Feed it and read
``digits``.  Independent of the product's receiver on purpose.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from boards_sim.mouth import COLUMNS, ROWS

__all__ = ["DtmfEar", "PulseCounter"]

Samples = npt.NDArray[np.int16]
Floats = npt.NDArray[np.float64]

RATE_HZ: Final = 8000
WINDOW: Final = 160
"""20 ms: the frequencies of a group are 73 Hz apart or more."""
HOP: Final = 40
KEYS: Final = "123A456B789C*0#D"
PAIR_SHARE: Final = 0.75
"""A digit's two frequencies must explain so much of a window."""
TWIST: Final = 10.0
"""10 dB as a ratio of powers."""
LEAST_POWER: Final = (32768 * 0.7071 * 10 ** ((-38 - 3.14) / 20)) ** 2
"""-38 dBm0."""
STEADY_HOPS: Final = 4
"""20 ms of the same digit make it one; as long without end it."""

LONGEST_BREAK_S: Final = 0.115
SHORTEST_BREAK_S: Final = 0.014
BETWEEN_DIGITS_S: Final = 0.2
"""A make of so long ends a digit (TLS-4A: 300 ms between digits at least)."""


class DtmfEar:
    """A receiver of DTMF."""

    def __init__(self) -> None:
        self.digits = ""
        self._rest: Samples = np.zeros(0, np.int16)
        self._key = ""
        self._candidate = ""
        self._run = 0
        t = np.arange(WINDOW) / RATE_HZ
        waves = [(np.cos(2 * np.pi * f * t), np.sin(2 * np.pi * f * t)) for f in ROWS + COLUMNS]
        self._waves: Floats = np.array(waves).reshape(16, WINDOW).T * np.sqrt(2.0 / WINDOW)
        pairs = [
            np.linalg.qr(np.array([*waves[i // 4], *waves[4 + i % 4]]).T)[0] for i in range(16)
        ]
        self._pairs: Floats = np.array(pairs)

    def feed(self, samples: Samples) -> str:
        """Take samples; return the digits that have just begun."""
        joined = np.concatenate([self._rest, samples])
        count = (len(joined) - WINDOW) // HOP + 1
        if count <= 0:
            self._rest = joined
            return ""
        windows = np.lib.stride_tricks.sliding_window_view(joined, WINDOW)[::HOP][:count]
        self._rest = joined[count * HOP :].copy()
        before = len(self.digits)
        for key in self._keys_of(windows.astype(np.float64)):
            self._step(key)
        return self.digits[before:]

    def _keys_of(self, windows: Floats) -> list[str]:
        """Return the digit that each window holds, or ''."""
        energy = np.einsum("ij,ij->i", windows, windows)
        found = [""] * len(windows)
        for i in np.flatnonzero(energy > LEAST_POWER * WINDOW).tolist():
            powers = np.add.reduceat((windows[i] @ self._waves) ** 2, np.arange(0, 16, 2))
            row, column = int(np.argmax(powers[:4])), int(np.argmax(powers[4:]))
            index = row * 4 + column
            explained = float(np.sum((windows[i] @ self._pairs[index]) ** 2))
            high, low = powers[4 + column], powers[row]
            if explained > PAIR_SHARE * energy[i] and low < TWIST * high < TWIST**2 * low:
                found[i] = KEYS[index]
        return found

    def _step(self, key: str) -> None:
        if key != self._candidate:
            self._candidate, self._run = key, 0
        self._run += 1
        if self._run == STEADY_HOPS and key != self._key:
            self._key = key
            self.digits += key


class PulseCounter:
    """A receiver of dial pulses, told when the loop opens and closes."""

    def __init__(self) -> None:
        self.digits = ""
        self._opened_at: float | None = None
        self._closed_at: float | None = None
        self._breaks = 0

    def loop(self, now: float, *, closed: bool) -> None:
        """Note that the loop has just opened or closed."""
        if not closed:
            self.settle(now)
            self._opened_at = now
        elif self._opened_at is not None:
            length = now - self._opened_at
            self._opened_at = None
            self._closed_at = now
            if SHORTEST_BREAK_S <= length <= LONGEST_BREAK_S:
                self._breaks += 1
            else:
                self._breaks = 0

    def settle(self, now: float) -> str:
        """Return the digit that has become complete by now, or ''."""
        if not self._breaks or self._opened_at is not None or self._closed_at is None:
            return ""
        if now - self._closed_at < BETWEEN_DIGITS_S:
            return ""
        digit = str(self._breaks % 10) if self._breaks <= 10 else ""
        self._breaks = 0
        self.digits += digit
        return digit
