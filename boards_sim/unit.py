# SPDX-License-Identifier: MIT
"""What a simulated board is made of, from its line terminals to its processor.

Ports, codecs, timeslots, instruments, clock, EEPROM and flash, and what is wrong with them; the
program that talks with a host is board.py.
"""

import abc
import zlib
from collections.abc import Sequence
from typing import Final

from boards_sim.clock import BoardClock
from boards_sim.codecs import Codecs
from boards_sim.eeprom import Eeprom
from boards_sim.firmware_slots import FirmwareSlots, simulated_image
from boards_sim.fxo import FxoPort
from boards_sim.fxs import FxsPort
from boards_sim.health import Ailments, Health
from boards_sim.identity import (
    FIRMWARE,
    SERVICE,
    SIMULATED_VENDOR,
    Identity,
    manufacture,
    serial_of,
)
from boards_sim.loop import Loop
from boards_sim.measuring import LineTests, calibrated
from boards_sim.pair import LineMeter
from boards_sim.profiles import SERVICED, Profile
from boards_sim.timeslots import Timeslots
from drivers.base import PortKind
from drivers.qhi.layout import MessageError
from drivers.qhi.measures import TestEnd
from drivers.qhi.numbers import PcmFormat, PortEventCode
from drivers.qhi.pages import CalibrationPage
from drivers.qhi.service import Page, SelfTest
from dsp.line import Lines

__all__ = ["Unit"]


class Unit(abc.ABC):
    """One unit, as its factory made it and time has changed it."""

    FORMATS: Final = sum(1 << number for number in PcmFormat)

    def __init__(
        self,
        profile: Profile,
        loops: Sequence[Loop],
        lines: Lines,
        serial: str,
        eeprom: Eeprom | None,
    ) -> None:
        self.clock = BoardClock()
        self.lines = lines
        self.health = Health()
        self.ailments = Ailments()
        self._known_ppm = 0.0
        self._build(profile, loops, zlib.crc32(serial.encode()))
        self.eeprom = eeprom or Eeprom()
        if self.eeprom.is_new:
            manufacture(self.eeprom, profile, serial, [calibrated(m) for m in self._meters])
        factory = simulated_image(SIMULATED_VENDOR, profile.type, FIRMWARE)
        self.slots = FirmwareSlots(SIMULATED_VENDOR, profile.type, factory)
        self.identity = Identity(
            profile,
            serial_of(self.eeprom),
            self.FORMATS,
            features=SERVICE,
            capabilities=SERVICED,
        )
        self.calibrate()

    @abc.abstractmethod
    def _port_event(self, port: int, event: PortEventCode, args: bytes) -> None:
        """Take what a port has to report."""

    @abc.abstractmethod
    def _test_ended(self, port: int, end: TestEnd) -> None:
        """Take the outcome of a line test."""

    @abc.abstractmethod
    def _line_hazard(self, port: int, on: bool) -> None:
        """Take it that a line is hazardous, or no longer."""

    def _build(self, profile: Profile, loops: Sequence[Loop], seed: int) -> None:
        """Make the ports and what stands around them."""
        self.ports: tuple[FxsPort | FxoPort, ...] = tuple(
            (FxsPort if kind is PortKind.FXS else FxoPort)(i, loop, self.clock, self._port_event)
            for i, (kind, loop) in enumerate(zip(profile.ports, loops, strict=True))
        )
        self._meters = [LineMeter(loop, seed * 64 + i) for i, loop in enumerate(loops)]
        self.tests = LineTests(self.ports, self._meters, self._test_ended, self._line_hazard)
        self.codecs = Codecs(self.ports, self.lines)
        self.timeslots = Timeslots(len(self.ports), self.codecs)

    def calibrate(self) -> None:
        """Correct for what the calibration page says, if it can be read."""
        try:
            page = CalibrationPage.decode(self.eeprom.page(Page.CALIBRATION))
        except MessageError:
            page = CalibrationPage()
        self.tests.is_calibrated = bool(page.ports)
        self._known_ppm = page.clock_ppm
        self.codecs.calibrate(page.ports)
        percents = [port.volts_percent for port in page.ports]
        for number, meter in enumerate(self._meters):
            meter.correct(percents[number] if number < len(percents) else 0.0)

    def kill(self, port: int, *, dead: bool) -> None:
        """Let a port's line circuit die, or mend it."""
        (self.ailments.dead.add if dead else self.ailments.dead.discard)(port)
        self.codecs.kill(port, dead=dead)
        self.ports[port].due_ms = 0

    def is_out_of_service(self, port: int) -> bool:
        """Whether a port is dead, or its line being measured."""
        return port in self.ailments.dead or self.tests.is_testing(port)

    @property
    def ppm(self) -> float:
        """How fast the board's time runs: its crystal, corrected for what it knows, trimmed."""
        return self.health.clock_ppm - self._known_ppm + self.clock.trim_ppm

    def failures(self) -> SelfTest:
        """Return what a self-test finds wrong."""
        found = self.health.failures()
        if self.eeprom.is_damaged:
            found |= SelfTest.EEPROM
        if self.slots.is_damaged:
            found |= SelfTest.FIRMWARE
        return found
