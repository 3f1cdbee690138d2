# SPDX-License-Identifier: MIT
"""The instruments under the reference firmware: what a line test finds, as the core asks for it.

The measuring itself is boards_sim.measuring's and pair.py's; here are its time and its numbers.
"""

import struct
from typing import Final

from boards_sim.clock import FRAME_MS
from boards_sim.loop import Loop
from boards_sim.measuring import DURATIONS_MS, found_by, meter_now
from boards_sim.pair import LineMeter
from drivers.base import PortKind
from drivers.qhi.measures import LineResult, encode_line_current
from drivers.service import LineTest

__all__ = ["NOW", "Instruments"]

NOW: Final = 0
"""``AW_TEST_NOW``: volts and current of this moment."""
HEAD: Final = 2
"""Test and flags, before the values of a result."""
VALUES: Final = {
    NOW: struct.Struct("<hhhHHHHh"),
    LineTest.VOLTS: struct.Struct("<hhhHHHH"),
    LineTest.RESISTANCE: struct.Struct("<IIIH"),
    LineTest.RECEIVER: struct.Struct("<IIHH"),
    LineTest.RINGER: struct.Struct("<HHH"),
    LineTest.OFFICE: struct.Struct("<hhHH"),
}


class Instruments:
    """Those of one line circuit."""

    def __init__(self, kind: PortKind, loop: Loop, seed: int) -> None:
        self.meter = LineMeter(loop, seed)
        self._kind = kind
        self._loop = loop
        self._begun: int | None = None
        self._asked = 0

    def measure(self, test: int) -> tuple[int, ...]:
        """Return the values of a test; none: ask again in 5 ms."""
        if test == NOW:
            current = meter_now(self._kind, self._loop, self.meter)
            return VALUES[NOW].unpack(encode_line_current(current))
        if test != self._begun:
            self._begun, self._asked = test, 0
        self._asked += 1
        which = LineTest(test)
        if self._asked * FRAME_MS < DURATIONS_MS[which]:
            return ()
        found = found_by(which, self._kind, self._loop, self.meter)
        return VALUES[which].unpack(LineResult(which, found).encode()[HEAD:])

    def end(self) -> None:
        """Apply nothing more."""
        self._begun = None
