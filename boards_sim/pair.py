# SPDX-License-Identifier: MIT
"""What a line circuit can measure on its own line, with the errors of one.

    meter = LineMeter(port.loop, seed)
    meter.volts_dc(Terminal.RING, Terminal.GROUND, Drive())     # foreign voltage: feed open
    meter.leaks(48.0).ring_ground                               # ohms, inf: none to be found
    meter.resistance(Terminal.TIP, Terminal.RING, 6.0, 1000.0)  # at two voltages: a telephone?
    meter.ringer_ren()                                          # bells, 1.0 is 7 kohm at 20 Hz

Every method measures now, returns floats in SI units (volts, amperes, ohms; REN where its name
says so) and changes nothing on the line; how long a real board takes, what is allowed on a line
in use, in which order to test and what is too much is for others to say.  A drive is what the
line circuit applies meanwhile; None: the feed as it stands.  The electrical side is wirepair.py.
"""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from boards_sim.wirepair import (
    HEALTHY,
    OPEN_OHMS,
    Drive,
    PairState,
    Source,
    Telephone,
    Terminal,
    Trouble,
    WirePair,
)

__all__ = [
    "HEALTHY",
    "OPEN_OHMS",
    "Drive",
    "Leaks",
    "LineMeter",
    "Measured",
    "Source",
    "Telephone",
    "Terminal",
    "Trouble",
    "WirePair",
]

VOLTS_PER_STEP: Final = 0.376
"""Of the converter (Si3210 registers 78-82)."""
MOST_VOLTS: Final = 192.0
"""One bit more than those registers have, so that the hazard limit of 135 V can be read."""
NOISE_VOLTS: Final = 0.3
"""rms: what lets the mean of many readings be finer than a step."""
READINGS: Final = 160
"""Of 1 ms: whole periods of 50, 25 and nearly of 60 Hz."""
GAIN_ERROR: Final = 0.01
"""The most that a channel's scale may be off, uncalibrated."""
AMPS_PER_STEP: Final = 1.25e-3
"""Of the loop current register (Si3210 register 79)."""
SENSE_OHMS: Final = 47_000.0
"""What a test voltage for leaks comes through."""
MOST_OHMS: Final = 5e6
"""More can't be told from an open line."""
LEAST_SIEMENS: Final = 1 / MOST_OHMS
TEST_HZ: Final = 20.0
TEST_RING_VOLTS: Final = 20.0
TEST_RING_OHMS: Final = 2_000.0
BELL: Final = Telephone(ren=1.0)
MOST_REN: Final = 50.0
LEAST_REN: Final = 0.01


class Measured(Protocol):
    """A line that can be measured (boards_sim.loop.Loop)."""

    @property
    def pair(self) -> WirePair:
        """The wires as they are now."""

    @property
    def drive(self) -> Drive:
        """What feeds them now."""


@dataclass(frozen=True, slots=True)
class Leaks:
    """Direct-current resistances; inf: more than 5 Mohm."""

    tip_ring: float
    tip_ground: float
    ring_ground: float


class LineMeter:
    """The instruments of one line circuit; the same seed makes the same errors."""

    def __init__(self, line: Measured, seed: int) -> None:
        self._line = line
        self._random = random.Random(seed)  # noqa: S311 - reproducible, not secret
        self._made = self._gain = 1 + self._random.uniform(-GAIN_ERROR, GAIN_ERROR)

    def correct(self, percent: float) -> None:
        """Correct the scale by what a calibration has found (0.0: as it was made)."""
        self._gain = self._made * (1 + percent / 100)

    # Volts and amperes

    def volts_dc(self, a: Terminal, b: Terminal, drive: Drive | None = None) -> float:
        """Return the direct voltage of ``a`` against ``b``."""
        return self._reading(self._state(drive), a, b)[0]

    def volts_ac(self, a: Terminal, b: Terminal, drive: Drive | None = None) -> float:
        """Return the alternating voltage between ``a`` and ``b``, rms, of all frequencies."""
        return self._reading(self._state(drive), a, b)[1]

    def loop_amps(self, drive: Drive | None = None) -> float:
        """Return the direct loop current in steps of 1.25 mA, signed like the battery."""
        steps = round(self._state(drive).amps * self._gain / AMPS_PER_STEP)
        return steps * AMPS_PER_STEP

    # Resistances

    def resistance(
        self, a: Terminal, b: Terminal, volts: float, behind: float = SENSE_OHMS
    ) -> float:
        """Return volts by amperes between ``a`` and ``b``; the third terminal is open.

        Foreign direct voltage falls out: it is measured at both polarities.  A lifted telephone
        isn't a resistance: with little ``behind`` (1 kohm) it shows another at 6 V than at 48.
        """
        across = self._at_both_polarities(_between(a, b, behind), volts, ((a, b),))[0]
        amps = (volts - across) / behind
        return _ohms(amps / across if across > 0 else math.inf)

    def leaks(self, volts: float = 48.0) -> Leaks:
        """Return the three resistances apart from each other.

        Both wires are held, first tip driven and then ring: two equations for two nodes, so a
        leak from tip to ring doesn't look like two to ground.
        """
        terminals = ((Terminal.TIP, Terminal.GROUND), (Terminal.RING, Terminal.GROUND))
        tip_t, ring_t = self._at_both_polarities(_tip_driven, volts, terminals)
        tip_r, ring_r = self._at_both_polarities(_ring_driven, volts, terminals)
        # amps out of tip and ring in each; Y = I / V, with V inverted by hand
        i = ((volts - tip_t, -tip_r), (-ring_t, volts - ring_r))
        determinant = (tip_t * ring_r - tip_r * ring_t) * SENSE_OHMS
        tip_tip = (i[0][0] * ring_r - i[0][1] * ring_t) / determinant
        tip_ring = (i[0][1] * tip_t - i[0][0] * tip_r) / determinant
        ring_tip = (i[1][0] * ring_r - i[1][1] * ring_t) / determinant
        ring_ring = (i[1][1] * tip_t - i[1][0] * tip_r) / determinant
        both = (tip_ring + ring_tip) / 2
        return Leaks(_ohms(-both), _ohms(tip_tip + both), _ohms(ring_ring + both))

    # Bells

    def ringer_ren(self) -> float:
        """Return the bells on the line as REN, from what they leave of a quiet ringing voltage.

        Sense only with the line on-hook: anything that conducts at 20 Hz counts as bells.  The
        cable is in series with them, which makes many bells look a few percent fewer.
        """
        half = TEST_RING_OHMS / 2
        quiet = Source(0.0, 0.0, TEST_HZ, half)
        drive = Drive(quiet, Source(0.0, TEST_RING_VOLTS, TEST_HZ, half))
        # The 20 Hz detector is narrow: foreign voltage of the mains doesn't come through.
        state = self._line.pair.mains_apart().solve(drive)
        left = self._reading(state, Terminal.TIP, Terminal.RING)[1]
        return _ren(left / TEST_RING_VOLTS)

    # The converter

    def _state(self, drive: Drive | None) -> PairState:
        return self._line.pair.solve(self._line.drive if drive is None else drive)

    def _reading(self, state: PairState, a: Terminal, b: Terminal) -> tuple[float, float]:
        """Return direct and alternating volts as the converter's readings give them."""
        true = state.volts(a, b)
        total = squares = 0.0
        for i in range(READINGS):
            volts = true.dc + math.sqrt(2) * true.ac * math.sin(2 * math.pi * i / 20)
            volts = volts * self._gain + self._random.gauss(0.0, NOISE_VOLTS)
            volts = max(-MOST_VOLTS, min(MOST_VOLTS, volts))
            volts = round(volts / VOLTS_PER_STEP) * VOLTS_PER_STEP
            total += volts
            squares += volts * volts
        mean = total / READINGS
        power = squares / READINGS - mean * mean - NOISE_VOLTS**2 - VOLTS_PER_STEP**2 / 12
        return mean, math.sqrt(max(power, 0.0))

    def _at_both_polarities(
        self,
        drive: Callable[[float], Drive],
        volts: float,
        terminals: tuple[tuple[Terminal, Terminal], ...],
    ) -> list[float]:
        """Return half the differences: what ``volts`` alone would make."""
        states = self._state(drive(volts)), self._state(drive(-volts))
        return [
            (self._reading(states[0], a, b)[0] - self._reading(states[1], a, b)[0]) / 2
            for a, b in terminals
        ]


def _between(a: Terminal, b: Terminal, behind: float) -> Callable[[float], Drive]:
    """Return how to put volts from ``b`` to ``a``, through ``behind`` in all."""
    if Terminal.GROUND in {a, b}:
        sign = -1.0 if a is Terminal.GROUND else 1.0
        if Terminal.TIP in {a, b}:
            return lambda volts: Drive(tip=Source(sign * volts, ohms=behind))
        return lambda volts: Drive(ring=Source(sign * volts, ohms=behind))
    sign = 1.0 if a is Terminal.TIP else -1.0
    half = behind / 2
    return lambda volts: Drive(
        Source(sign * volts / 2, ohms=half), Source(-sign * volts / 2, ohms=half)
    )


def _tip_driven(volts: float) -> Drive:
    return Drive(Source(volts, ohms=SENSE_OHMS), Source(0.0, ohms=SENSE_OHMS))


def _ring_driven(volts: float) -> Drive:
    return Drive(Source(0.0, ohms=SENSE_OHMS), Source(volts, ohms=SENSE_OHMS))


def _ohms(siemens: float) -> float:
    if siemens < LEAST_SIEMENS:
        return math.inf
    return 0.0 if math.isinf(siemens) else 1 / siemens


def _ren(left: float) -> float:
    """Return how many bells leave that share of the test voltage."""
    fewest, most = 0.0, MOST_REN
    while most - fewest > LEAST_REN / 2:
        ren = (fewest + most) / 2
        bells = ren * BELL.siemens(TEST_HZ, conducts=False)
        if 1 / abs(1 + TEST_RING_OHMS * bells) > left:
            fewest = ren
        else:
            most = ren
    return fewest if fewest >= LEAST_REN else 0.0
