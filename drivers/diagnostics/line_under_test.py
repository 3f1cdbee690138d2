# SPDX-License-Identifier: MIT
"""One line of a session's board with its instruments: orders out, measurements back.

    line = LineUnderTest(session, 4)
    line.volts().tip_ground_dc
    with line.seized(): line.hear_dial_tone(6.0)

Each method waits for its measurement.  Nothing is judged here; what a test does to the line is
in docs/reference/qhi.md, class TEST.
"""

import contextlib
import tempfile
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TypeVar

import numpy as np

from drivers.base import LineMeasured, OrderDone, OrderFailed, PortInfo, RingingChanged, Ticket
from drivers.diagnostics.session import Session
from drivers.diagnostics.trunk_limits import LineNoise, in_use, is_lifted
from drivers.errors import BoardOperationError, BoardTimeoutError
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
from dsp.engine import Detect
from dsp.events import PortDone, ToneSegment
from dsp.learn import LearnedTone, learn
from dsp.segments import Segment
from dsp.weighting import Samples, dbrnc, weighted_power

__all__ = ["LineUnderTest", "noise_of", "samples_of"]

M = TypeVar("M", bound=Measurement)

TEST_S: Final = 6.0
"""A board ends each test within 5 s."""
ORDER_S: Final = 2.0
SENDING_S: Final = 3.0
RING_PAUSE_S: Final = 5.5
"""Longer than any country's pause between two rings."""
MAINS_HZ: Final = (50.0, 60.0)
HIGHEST_HARMONIC_HZ: Final = 1000.0
NEAR_HZ: Final = 3.0
"""A harmonic's: the mains' frequency is within 0.2 Hz, its fifteenth within 3."""


class LineUnderTest:
    """A line that is measured."""

    def __init__(self, session: Session, port: PortInfo) -> None:
        self.port = port
        self.calibrated = True
        "Whether all measurements so far were made by a calibrated meter."
        self.loop_ohms: float | None = None
        "Of the cable, both wires, where somebody knows it."
        self._session = session

    # What the board measures

    def volts(self) -> TerminalVolts:
        """Measure voltage with the feed taken away."""
        return self._measured(LineTest.VOLTS, TerminalVolts)

    def ohms(self) -> TerminalOhms:
        """Measure leaks."""
        return self._measured(LineTest.RESISTANCE, TerminalOhms)

    def receiver(self) -> ReceiverOhms:
        """Measure the loop at two voltages."""
        return self._measured(LineTest.RECEIVER, ReceiverOhms)

    def ringers(self) -> RingerLoad:
        """Measure the bells."""
        return self._measured(LineTest.RINGER, RingerLoad)

    def office(self) -> OfficeFeed:
        """Measure what the office feeds, as the line is."""
        return self._measured(LineTest.OFFICE, OfficeFeed)

    def loop_ma(self) -> float:
        """Read the loop current as it is, disturbing nothing."""
        ended = self._end_of(self._session.board.read_line(self.port.number), ORDER_S)
        current = ended.result if isinstance(ended, OrderDone) else None
        assert isinstance(current, LineCurrent)
        return abs(current.loop_ma or 0.0)

    def _measured(self, test: LineTest, kind: type[M]) -> M:
        ended = self._end_of(self._session.board.measure(self.port.number, test), TEST_S)
        assert isinstance(ended, LineMeasured)
        assert isinstance(ended.measurement, kind)
        self.calibrated &= ended.calibrated
        return ended.measurement

    def _end_of(self, ticket: Ticket, within_s: float) -> LineMeasured | OrderDone:
        until = self._session.engine.now + within_s
        while (left := until - self._session.engine.now) > 0:
            for event in self._session.happenings(left):
                if isinstance(event, OrderFailed) and event.ticket == ticket:
                    why = f"cannot {event.order}: {event.status}"
                    raise BoardOperationError(f"port {self.port.number}: {why}")
                if isinstance(event, LineMeasured | OrderDone) and event.ticket == ticket:
                    return event
        raise BoardTimeoutError(f"port {self.port.number}: no measurement within {within_s:g} s")

    # What is done with it

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self._session.passes(seconds)

    def rings(self) -> bool:
        """Watch the line for as long as a pause of ringing; return as soon as the office rings."""
        try:
            event = self._session.expect(RingingChanged, self.port.number, within_s=RING_PAUSE_S)
        except BoardTimeoutError:
            return False
        return event.ringing

    def why_in_use(self) -> str:
        """Watch an office's line, and say why it can't be seized; empty: it can."""
        if self.rings():
            return "the office rings, and seizing the line would answer"
        feed = self.office()
        return in_use(feed) if is_lifted(feed) else ""

    def set_impedance(self, index: int) -> None:
        """Terminate and balance the line so."""
        self._end_of(self._session.board.impedance(self.port.number, index), ORDER_S)

    @contextlib.contextmanager
    def seized(self) -> Iterator[None]:
        """Hold the office's line."""
        self._session.board.seize(self.port.number)
        try:
            yield
        finally:
            self._session.board.release(self.port.number)

    # What is heard on it

    def hear_dial_tone(self, within_s: float) -> LearnedTone | None:
        """Listen for one tone that is continuous or repeats."""
        session = self._session
        session.engine.detect(self.timeslot, Detect.LEARN)
        until, segments = session.engine.now + within_s, list[Segment]()
        tone = None
        while tone is None and (left := until - session.engine.now) > 0:
            found = session.happenings(left)
            heard = [e.segment for e in found if isinstance(e, ToneSegment)]
            segments += heard
            tone = learn("dial", segments) if heard else None
        session.engine.detect(self.timeslot, Detect.NONE)
        return tone

    def dial(self, digits: str) -> None:
        """Send digits as tones."""
        engine = self._session.engine
        sender = engine.open_digits(digits)
        engine.listen(self.timeslot, sender)
        self._session.expect(PortDone, sender, within_s=SENDING_S)
        engine.close_port(sender)

    def record(self, seconds: float) -> Samples:
        """Return what the line says in the next seconds."""
        return self.tap(seconds)[0]

    def tap(self, seconds: float) -> tuple[Samples, Samples]:
        """Return what the line says and what it hears in the next seconds."""
        engine = self._session.engine
        with tempfile.TemporaryDirectory(prefix="altiware-line-") as directory:
            path = Path(directory) / "line.wav"
            tap = engine.open_tap(path, self.timeslot)
            self._session.passes(seconds)
            engine.close_port(tap)
            self._session.expect(PortDone, tap, within_s=ORDER_S)
            return samples_of(path)

    @property
    def timeslot(self) -> int:
        """The engine's port handle."""
        return self._session.board.timeslot(self.port.number)


def samples_of(path: Path) -> tuple[Samples, Samples]:
    """Return what is left and what is right of a recording."""
    with wave.open(str(path)) as sound:
        both = np.frombuffer(sound.readframes(sound.getnframes()), np.int16).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def noise_of(pcm: Samples) -> LineNoise:
    """Return how noisy samples of a quiet line are, and how much of it is the mains'."""
    hz, power = weighted_power(pcm)
    shares = {}
    for mains in MAINS_HZ:
        off = np.abs(hz - np.round(hz / mains) * mains)
        of_mains = (off <= NEAR_HZ) & (hz > mains / 2) & (hz < HIGHEST_HARMONIC_HZ)
        shares[mains] = float(np.sum(power[of_mains]) / max(np.sum(power), 1e-9))
    mains = max(shares, key=lambda each: shares[each])
    return LineNoise(dbrnc(pcm), shares[mains], mains)
