# SPDX-License-Identifier: MIT
"""Line tests of a board: take a port out of service, measure, and give it back.

What is measured and how long it may take is docs/reference/qhi.md's class TEST; the instruments
are pair.py's.  A test's readings are all taken at its end, the line being dead until then; its
ac frequency isn't measured.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from boards_sim.fxo import FxoPort
from boards_sim.fxs import FxsPort
from boards_sim.loop import Loop
from boards_sim.pair import Drive, LineMeter, Source, Terminal
from boards_sim.refused import RefusedError
from drivers.base import Linefeed, PortKind
from drivers.qhi.measures import CALIBRATED, LineResult, TestEnd
from drivers.qhi.numbers import Status
from drivers.qhi.pages import PortCalibration
from drivers.qhi.service import TestFlag
from drivers.service import (
    LineCurrent,
    LineTest,
    Measurement,
    OfficeFeed,
    ReceiverOhms,
    RingerLoad,
    TerminalOhms,
    TerminalVolts,
)

__all__ = ["DURATIONS_MS", "LineTests", "calibrated", "found_by", "meter_now"]

T, R, G = Terminal.TIP, Terminal.RING, Terminal.GROUND
OPEN: Final = Drive()
HAZARD_AC: Final = 50.0
HAZARD_DC: Final = 135.0
"""Silicon Labs AN273: hazardous potential, T-G or R-G."""
LEAK_VOLTS: Final = 48.0
LOW_VOLTS: Final = 6.0
HIGH_VOLTS: Final = 48.0
RECEIVER_OHMS: Final = 1000.0
"""In series: a lifted telephone must conduct to be told from a leak."""
RINGER_VOLTS: Final = 20.0
RINGER_HERTZ: Final = 20.0
REFERENCE_VOLTS: Final = 100.0
REFERENCE: Final = Drive(tip=Source(REFERENCE_VOLTS, ohms=0.01))
DURATIONS_MS: Final = {
    LineTest.VOLTS: 250,
    LineTest.RESISTANCE: 1000,
    LineTest.RECEIVER: 500,
    LineTest.RINGER: 500,
    LineTest.OFFICE: 100,
}
ON_STATIONS: Final = frozenset(
    {LineTest.VOLTS, LineTest.RESISTANCE, LineTest.RECEIVER, LineTest.RINGER}
)
ON_TRUNKS: Final = frozenset({LineTest.VOLTS, LineTest.OFFICE})
APPLYING: Final = frozenset({LineTest.RESISTANCE, LineTest.RECEIVER, LineTest.RINGER})
"""Tests that put voltage on the line."""

Port = FxsPort | FxoPort


@dataclass(frozen=True, slots=True)
class _Running:
    test: LineTest
    seq: int
    tag: int
    end_ms: int
    before: Linefeed


class LineTests:
    """The line tests of all ports of one board."""

    def __init__(
        self,
        ports: Sequence[Port],
        meters: Sequence[LineMeter],
        ended: Callable[[int, TestEnd], None],
        hazard: Callable[[int, bool], None],
    ) -> None:
        """Call ``ended`` with port and outcome, ``hazard`` when that alarm goes on or off."""
        self.is_calibrated = False
        self._ports = ports
        self._meters = meters
        self._ended = ended
        self._hazard = hazard
        self._running: dict[int, _Running] = {}
        self._results: dict[tuple[int, LineTest], LineResult] = {}
        self._hazardous: set[int] = set()

    def is_testing(self, port: int) -> bool:
        """Whether a port is out of service."""
        return port in self._running

    # What the host can ask for

    def start(self, port: int, test: LineTest, seq: int, tag: int, now_ms: int) -> None:
        """Begin a test; ``seq`` and ``tag`` name the request."""
        line = self._ports[port]
        if test not in (ON_STATIONS if isinstance(line, FxsPort) else ON_TRUNKS):
            raise RefusedError(Status.UNSUPPORTED)
        if port in self._running or self._is_in_use(line, test):
            raise RefusedError(Status.BUSY)
        if port in self._hazardous and test in APPLYING:
            raise RefusedError(Status.LINE_HAZARD)
        before = Linefeed.OPEN
        if isinstance(line, FxsPort):
            before = line.linefeed
            line.set_linefeed(Linefeed.OPEN)
        end_ms = now_ms + DURATIONS_MS[test]
        self._running[port] = _Running(test, seq, tag, end_ms, before)

    def stop(self, port: int) -> None:
        """End a test before its time."""
        if port in self._running:
            self._end(port, Status.BAD_STATE)

    def result(self, port: int, test: LineTest) -> LineResult:
        """Return what a test of this session has measured."""
        found = self._results.get((port, test))
        if found is None:
            raise RefusedError(Status.BAD_STATE)
        return found

    def meter(self, port: int) -> LineCurrent:
        """Return volts and current as they are now."""
        line = self._ports[port]
        return meter_now(_kind(line), line.loop, self._meters[port])

    # Time

    def tick(self, now_ms: int) -> list[int]:
        """End what has taken its time; return the ports that are back in service."""
        due = [port for port, running in self._running.items() if now_ms >= running.end_ms]
        for port in due:
            self._finish(port, self._running[port].test)
        return due

    def rest(self) -> None:
        """Forget everything; the lines are brought to rest by whoever calls this."""
        self._running.clear()
        self._results.clear()
        self._hazardous.clear()

    # Measuring

    def _is_in_use(self, line: Port, test: LineTest) -> bool:
        if isinstance(line, FxsPort):
            return line.ringing or line.is_opening
        return test is not LineTest.OFFICE and line.off_hook

    def _finish(self, port: int, test: LineTest) -> None:
        if test in APPLYING and self._is_hazardous(port):
            self._end(port, Status.LINE_HAZARD)
            return
        if test is LineTest.VOLTS and port in self._hazardous:
            self._is_hazardous(port)
        flags = CALIBRATED if self.is_calibrated else TestFlag.UNCALIBRATED
        line = self._ports[port]
        measured = found_by(test, _kind(line), line.loop, self._meters[port])
        found = LineResult(test, measured, flags)
        self._results[port, test] = found
        self._end(port, Status.OK, found)

    def _end(self, port: int, status: Status, result: LineResult | None = None) -> None:
        running = self._running.pop(port)
        line = self._ports[port]
        if isinstance(line, FxsPort):
            line.set_linefeed(running.before)
        self._ended(port, TestEnd(running.seq, running.tag, status, result))

    def _is_hazardous(self, port: int) -> bool:
        meter = self._meters[port]
        found = any(
            abs(meter.volts_dc(wire, G, OPEN)) > HAZARD_DC
            or meter.volts_ac(wire, G, OPEN) > HAZARD_AC
            for wire in (T, R)
        )
        if found != (port in self._hazardous):
            self._hazardous ^= {port}
            self._hazard(port, found)
        return found


def found_by(test: LineTest, kind: PortKind, loop: Loop, meter: LineMeter) -> Measurement:
    """Return what a test finds on a line that is out of service."""
    if kind is PortKind.FXO:
        return _office_volts(loop) if test is LineTest.VOLTS else _office(loop)
    if test is LineTest.VOLTS:
        return _volts(meter, OPEN)
    if test is LineTest.RESISTANCE:
        leaks = meter.leaks(LEAK_VOLTS)
        return TerminalOhms(leaks.tip_ring, leaks.tip_ground, leaks.ring_ground, LEAK_VOLTS)
    if test is LineTest.RECEIVER:
        low = meter.resistance(T, R, LOW_VOLTS, RECEIVER_OHMS)
        high = meter.resistance(T, R, HIGH_VOLTS, RECEIVER_OHMS)
        return ReceiverOhms(low, high, LOW_VOLTS, HIGH_VOLTS)
    return RingerLoad(meter.ringer_ren(), RINGER_VOLTS, RINGER_HERTZ)


def meter_now(kind: PortKind, loop: Loop, meter: LineMeter) -> LineCurrent:
    """Return volts and current of a line as it is now."""
    if kind is PortKind.FXO:
        return LineCurrent(_office_volts(loop), loop.reading.milliamps)
    return LineCurrent(_volts(meter, None), meter.loop_amps() * 1000.0)


def calibrated(meter: LineMeter) -> PortCalibration:
    """Measure a known voltage, as the factory does, and return what the meter is off by."""
    shown = meter.volts_dc(T, G, REFERENCE)
    return PortCalibration(volts_percent=round((REFERENCE_VOLTS / shown - 1) * 100, 2))


def _kind(line: Port) -> PortKind:
    return PortKind.FXS if isinstance(line, FxsPort) else PortKind.FXO


def _volts(meter: LineMeter, drive: Drive | None) -> TerminalVolts:
    pairs = ((T, R), (T, G), (R, G))
    direct = [meter.volts_dc(a, b, drive) for a, b in pairs]
    alternating = [meter.volts_ac(a, b, drive) for a, b in pairs]
    return TerminalVolts(
        tip_ring_dc=direct[0],
        tip_ground_dc=direct[1],
        ring_ground_dc=direct[2],
        tip_ring_ac=alternating[0],
        tip_ground_ac=alternating[1],
        ring_ground_ac=alternating[2],
    )


def _office_volts(loop: Loop) -> TerminalVolts:
    """Return what an FXO port sees: it floats, so tip against ring only."""
    reading = loop.reading
    return TerminalVolts(reading.volts, None, None, reading.ring_volts, None, None)


def _office(loop: Loop) -> OfficeFeed:
    reading = loop.reading
    milliamps = reading.milliamps if loop.load.closed else None
    hertz = RINGER_HERTZ if reading.ring_volts else 0.0
    return OfficeFeed(reading.volts, milliamps, reading.ring_volts, hertz)
