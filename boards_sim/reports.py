# SPDX-License-Identifier: MIT
"""What a board reports by itself: events of its ports, of its clock, of what is wrong with it."""

import abc
from collections.abc import Sequence
from typing import Final

from boards_sim.eeprom import Eeprom
from boards_sim.fxo import FxoPort
from boards_sim.fxs import FxsPort
from boards_sim.loop import Loop
from boards_sim.outbox import Outbox
from boards_sim.profiles import Profile
from boards_sim.unit import Unit
from drivers.base import Linefeed
from drivers.qhi.arguments import COUNT, STATE
from drivers.qhi.measures import TestEnd
from drivers.qhi.messages import EventMessage
from drivers.qhi.numbers import (
    BOARD_PORT,
    AlarmKind,
    ClockEvent,
    MessageClass,
    PortAlarm,
    PortEventCode,
    Severity,
    SysEvent,
)
from drivers.qhi.service import TestEvent
from dsp.line import Lines

__all__ = ["ReportingUnit"]

ALARM_EVERY_MS: Final = 1000


class ReportingUnit(Unit):
    """A unit that tells its host what happens, while there is one."""

    def __init__(
        self,
        profile: Profile,
        loops: Sequence[Loop],
        lines: Lines,
        serial: str,
        eeprom: Eeprom | None,
    ) -> None:
        super().__init__(profile, loops, lines, serial, eeprom)
        self.outbox = Outbox(self.clock)
        self._alarm_ms = dict.fromkeys(ClockEvent, -ALARM_EVERY_MS)

    @property
    @abc.abstractmethod
    def in_session(self) -> bool:
        """Whether a host is there."""

    def _port_event(self, port: int, event: PortEventCode, args: bytes) -> None:
        self._report(MessageClass.PORT, event, port, args)

    def _report(self, class_: int, event: int, port: int, args: bytes, severity: int = 0) -> None:
        if self.in_session:
            tick = self.clock.tick
            self.outbox.report(EventMessage(class_, event, port, severity, tick, args))

    def _clock_alarm(self, event: ClockEvent, so_far: int) -> None:
        if self.clock.ms - self._alarm_ms[event] < ALARM_EVERY_MS:
            return
        self._alarm_ms[event] = self.clock.ms
        args = COUNT.pack(so_far)
        self._report(MessageClass.CLK, event, BOARD_PORT, args, Severity.WARNING)

    def _test_ended(self, port: int, end: TestEnd) -> None:
        self.timeslots.mute(port, on=False)
        self._report(MessageClass.TEST, TestEvent.RESULT, port, end.encode())

    def _line_hazard(self, port: int, on: bool) -> None:
        args = STATE.pack(PortAlarm.LINE_HAZARD, on)
        self._report(MessageClass.PORT, PortEventCode.ALARM, port, args, Severity.ALARM)

    def raise_alarm(self, port: int, *, on: bool) -> None:
        """Report a power alarm of a port or (BOARD_PORT) of the board; a port's feed goes off."""
        args = STATE.pack(AlarmKind.POWER, on) + b"battery supply"
        if port == BOARD_PORT:
            self._report(MessageClass.SYS, SysEvent.ALARM, BOARD_PORT, args, Severity.ALARM)
            return
        line = self.ports[port]
        if on and isinstance(line, FxsPort):
            line.set_linefeed(Linefeed.OPEN)
        self._report(MessageClass.PORT, PortEventCode.ALARM, port, args, Severity.ALARM)

    def report_states(self) -> None:
        """Send PORT.STATE for every port."""
        for port in self.ports:
            self._port_event(port.number, PortEventCode.STATE, self.state_of(port))

    def state_of(self, port: FxsPort | FxoPort) -> bytes:
        """Return the arguments of PORT.STATE."""
        linefeed = port.linefeed if isinstance(port, FxsPort) else Linefeed.OPEN
        return STATE.pack(port.bits, linefeed.value)
