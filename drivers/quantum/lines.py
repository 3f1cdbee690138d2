# SPDX-License-Identifier: MIT
"""What is known of each line of a Quantum board, and what of it is news.

Levels (hook, ringing, battery, polarity) come from three sides: as events, as whole states, and,
hook and ringing, in every PCM frame.  Whoever says first what is new makes the report; the
others agree and are silent.  An event that comes late says what was: once PCM flows, it no
longer moves hook or ringing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from drivers.base import (
    BatteryChanged,
    BoardEvent,
    Flashed,
    HookChanged,
    PolarityChanged,
    PortInfo,
    PortKind,
    PulseDigit,
    RingingChanged,
)
from drivers.qhi.arguments import BATTERY, BYTE, STATE, WORD
from drivers.qhi.layout import MessageError, unpack
from drivers.qhi.messages import EventMessage
from drivers.qhi.numbers import LineBits, PortEventCode

__all__ = ["Lines"]


@dataclass(slots=True)
class _Line:
    number: int
    kind: PortKind
    off_hook: bool = False
    ringing: bool = False
    battery: bool = True
    reversed: bool = False


class Lines:
    """All lines of one board in one session."""

    def __init__(self, ports: Sequence[PortInfo]) -> None:
        self._lines = [_Line(port.number, port.kind) for port in ports]
        self._reporting = False
        self._snapshot_seen = False

    def begin(self, now: float) -> list[BoardEvent]:
        """Report from now on; first, what isn't at rest."""
        self._reporting = True
        found: list[BoardEvent] = []
        for line in self._lines:
            if line.off_hook:
                found.append(HookChanged(now, line.number, off_hook=True))
            if line.ringing:
                found.append(RingingChanged(now, line.number, ringing=True))
            if not line.battery:
                found.append(BatteryChanged(now, line.number, present=False))
            if line.reversed:
                found.append(PolarityChanged(now, line.number, reversed=True))
        return found

    def snapshot(self, off_hook: int, ringing: int, now: float) -> list[BoardEvent]:
        """Take the levels that a PCM frame carries."""
        self._snapshot_seen = True
        found: list[BoardEvent] = []
        for line in self._lines:
            bit = 1 << line.number
            found += self._hook(line, bool(off_hook & bit), now)
            found += self._ringing(line, bool(ringing & bit), now)
        return found

    def receive(self, message: EventMessage, now: float, *, late: bool) -> list[BoardEvent]:
        """Take one event of class PORT; unknown ones and unknown ports are nothing.

        Raises:
            MessageError: its arguments are too short.
        """
        take = _TAKE.get(message.event)
        if take is None or message.port >= len(self._lines):
            return []
        stale = late and self._snapshot_seen
        return take(self, self._lines[message.port], message.arguments, now, stale)

    # One method per event

    def _take_state(
        self, line: _Line, arguments: bytes, now: float, stale: bool
    ) -> list[BoardEvent]:
        bits, _ = unpack(STATE, arguments, "STATE")
        found: list[BoardEvent] = []
        if not stale:
            found += self._hook(line, bool(bits & LineBits.OFF_HOOK), now)
            found += self._ringing(line, bool(bits & LineBits.RINGING), now)
        if line.kind is PortKind.FXO:
            found += self._battery(line, bool(bits & LineBits.BATTERY), 0, now)
            found += self._polarity(line, bool(bits & LineBits.REVERSED), now)
        return found

    def _take_hook(
        self, line: _Line, arguments: bytes, now: float, stale: bool
    ) -> list[BoardEvent]:
        (off_hook,) = unpack(BYTE, arguments, "HOOK")
        return [] if stale else self._hook(line, bool(off_hook), now)

    def _take_ringing(
        self, line: _Line, arguments: bytes, now: float, stale: bool
    ) -> list[BoardEvent]:
        (ringing,) = unpack(BYTE, arguments, "RINGING")
        return [] if stale else self._ringing(line, bool(ringing), now)

    def _take_flash(
        self, line: _Line, arguments: bytes, now: float, stale: bool
    ) -> list[BoardEvent]:
        unpack(WORD, arguments, "FLASH")
        return self._news([Flashed(now, line.number)])

    def _take_digit(
        self, line: _Line, arguments: bytes, now: float, stale: bool
    ) -> list[BoardEvent]:
        key = chr(unpack(BYTE, arguments, "PULSE_DIGIT")[0])
        if key not in "0123456789":
            raise MessageError(f"PULSE_DIGIT: {key!r}")
        return self._news([PulseDigit(now, line.number, key)])

    def _take_polarity(
        self, line: _Line, arguments: bytes, now: float, stale: bool
    ) -> list[BoardEvent]:
        (is_reversed,) = unpack(BYTE, arguments, "POLARITY")
        return self._polarity(line, bool(is_reversed), now)

    def _take_battery(
        self, line: _Line, arguments: bytes, now: float, stale: bool
    ) -> list[BoardEvent]:
        present, _, away_ms = unpack(BATTERY, arguments, "BATTERY")
        return self._battery(line, bool(present), away_ms, now)

    # Levels: news only when they change

    def _hook(self, line: _Line, off_hook: bool, now: float) -> list[BoardEvent]:
        if line.kind is not PortKind.FXS or line.off_hook == off_hook:
            return []
        line.off_hook = off_hook
        return self._news([HookChanged(now, line.number, off_hook)])

    def _ringing(self, line: _Line, ringing: bool, now: float) -> list[BoardEvent]:
        if line.kind is not PortKind.FXO or line.ringing == ringing:
            return []
        line.ringing = ringing
        return self._news([RingingChanged(now, line.number, ringing)])

    def _battery(self, line: _Line, present: bool, away_ms: int, now: float) -> list[BoardEvent]:
        if line.kind is not PortKind.FXO or line.battery == present:
            return []
        line.battery = present
        return self._news([BatteryChanged(now, line.number, present, away_ms if present else 0)])

    def _polarity(self, line: _Line, is_reversed: bool, now: float) -> list[BoardEvent]:
        if line.kind is not PortKind.FXO or line.reversed == is_reversed:
            return []
        line.reversed = is_reversed
        return self._news([PolarityChanged(now, line.number, is_reversed)])

    def _news(self, events: list[BoardEvent]) -> list[BoardEvent]:
        return events if self._reporting else []


_Take = Callable[[Lines, _Line, bytes, float, bool], list[BoardEvent]]
_E = PortEventCode
_TAKE: Final[dict[int, _Take]] = {
    _E.STATE: Lines._take_state,
    _E.HOOK: Lines._take_hook,
    _E.FLASH: Lines._take_flash,
    _E.PULSE_DIGIT: Lines._take_digit,
    _E.RINGING: Lines._take_ringing,
    _E.POLARITY: Lines._take_polarity,
    _E.BATTERY: Lines._take_battery,
}
"""Events that say something of a line; the others are the board's (alarms) or advisory."""
