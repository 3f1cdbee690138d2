# SPDX-License-Identifier: MIT
"""Tip, ring and ground: who feeds a line, what hangs on it, what is wrong with it, what flows.

    pair = WirePair(140.0, (Telephone(lifted=True),), Trouble(ring_ground_ohms=62e3))
    state = pair.solve(Drive.across(48.0, 400.0))
    state.volts(Terminal.TIP, Terminal.RING).dc

One solver for every state of the feed and for any applied voltage: direct current with the
telephones' curved resistance, and one alternating frequency with their bells.  Positive current
goes out on tip and comes back on ring.  Leaks, foreign voltage and telephones are all at the far
end of the cable.  Not modelled: capacitance of the cable (160 kohm per kilometre at 20 Hz),
transients, foreign voltage that isn't a steady sine or direct, induction spread along the cable.
"""

import enum
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

__all__ = [
    "HEALTHY",
    "OPEN_OHMS",
    "Current",
    "Drive",
    "PairState",
    "Source",
    "Telephone",
    "Terminal",
    "Trouble",
    "WirePair",
]

RINGER_OHMS: Final = 6930.0
RINGER_FARADS: Final = 8e-6
"""One ringer equivalence number (REN) as the usual test load: 7.0 kohm at 20 Hz."""
OPEN_OHMS: Final = 10e6
"""From an open terminal of a line circuit to ground: its voltage dividers."""
RINGING_HZ: Final = 20.0
HALVINGS: Final = 48
"""Of an interval of volts, until it is less than a nanovolt."""


class Terminal(enum.Enum):
    """Where an instrument's clip goes."""

    TIP = 0
    RING = 1
    GROUND = 2


@dataclass(frozen=True, slots=True)
class Current:
    """A voltage or a current: its direct part, and the root mean square of the rest."""

    dc: float = 0.0
    ac: float = 0.0


@dataclass(frozen=True, slots=True)
class Source:
    """A voltage against ground behind a resistance."""

    dc: float = 0.0
    ac: float = 0.0
    "Volts rms."
    hz: float = 50.0
    ohms: float = 100_000.0


@dataclass(frozen=True, slots=True)
class Telephone:
    """What hangs on a line: bells always, a rectifier and a resistance when lifted."""

    lifted: bool = False
    drop_volts: float = 3.5
    "Of rectifier and speech circuit, before any current flows."
    ohms: float = 115.0
    ren: float = 1.0

    def amps(self, volts: float) -> float:
        """Return the direct current at a voltage of either sign."""
        beyond = abs(volts) - self.drop_volts
        if not self.lifted or beyond <= 0:
            return 0.0
        return math.copysign(beyond / self.ohms, volts)

    def siemens(self, hz: float, *, conducts: bool) -> complex:
        """Return what it lets through at a frequency; ``conducts``: direct current flows."""
        through = 1 / self.ohms if self.lifted and conducts else 0.0
        if not self.ren:
            return complex(through)
        bells = RINGER_OHMS - 1j / (2 * math.pi * hz * RINGER_FARADS)
        return through + self.ren / bells


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a line."""

    tip_ring_ohms: float = math.inf
    tip_ground_ohms: float = math.inf
    ring_ground_ohms: float = math.inf
    tip_foreign: Source | None = None
    ring_foreign: Source | None = None
    stuck: bool = False
    "The telephone's hook switch doesn't open any more."
    parallel: tuple[Telephone, ...] = ()
    "Further telephones, behind the first one's back."
    cut: bool = False
    "The pair ends before it reaches any telephone (and what is wrong is before the cut)."


HEALTHY: Final = Trouble()


@dataclass(frozen=True, slots=True)
class Drive:
    """What a line circuit does with its two terminals; a source's own Hz is that of ringing."""

    tip: Source | None = None
    "None: open."
    ring: Source | None = None
    limit_amps: float = math.inf
    "More loop current than this, and ring is pulled towards tip."

    @classmethod
    def across(
        cls, volts: float, ohms: float, *, limit_amps: float = math.inf, ring_volts: float = 0.0
    ) -> "Drive":
        """Feed with a battery whose plus is ground: on tip, or on ring where volts < 0."""
        half = ohms / 2
        tip, ring = (0.0, -volts) if volts >= 0 else (volts, 0.0)
        return cls(
            Source(tip, ohms=half),
            Source(ring, ring_volts, RINGING_HZ, half),
            limit_amps,
        )


@dataclass(frozen=True, slots=True)
class PairState:
    """What instruments would show everywhere at once."""

    tip: Current
    "Volts of the board's terminals to ground."
    ring: Current
    far_tip: Current
    far_ring: Current
    metallic: Current
    "Tip to ring, at the board: alternating volts have phases and don't subtract."
    far_metallic: Current
    amps: float
    "Direct loop current at the feed: the mean of what goes out on tip and comes back on ring."
    far_amps: float
    "The same through the telephones."
    tip_amps: float
    ring_amps: float
    "Each wire's own, out of the board."

    def volts(self, a: Terminal, b: Terminal) -> Current:
        """Return the volts of ``a`` against ``b`` at the board."""
        if {a, b} == {Terminal.TIP, Terminal.RING}:
            sign = 1.0 if a is Terminal.TIP else -1.0
            return Current(sign * self.metallic.dc, self.metallic.ac)
        if b is Terminal.GROUND:
            return {Terminal.TIP: self.tip, Terminal.RING: self.ring}.get(a, Current())
        turned = {Terminal.TIP: self.tip, Terminal.RING: self.ring}.get(b, Current())
        return Current(-turned.dc, turned.ac)


@dataclass(frozen=True, slots=True)
class _Wire:
    """One wire at one frequency: its feed, its foreign source, its leak to ground."""

    feed: complex
    feed_siemens: float
    foreign: complex
    foreign_siemens: float
    leak_siemens: float


@dataclass(frozen=True, slots=True)
class _Linear:
    """The far ends' open volts and 2x2 resistances: what a load there sees."""

    tip: complex
    ring: complex
    tip_tip: complex
    tip_ring: complex
    ring_ring: complex

    @property
    def volts(self) -> complex:
        """Between tip and ring, with nothing there."""
        return self.tip - self.ring

    @property
    def ohms(self) -> complex:
        """Between tip and ring."""
        return self.tip_tip + self.ring_ring - 2 * self.tip_ring

    def loaded(self, amps: complex) -> tuple[complex, complex]:
        """Return the far ends' volts when so much goes from tip to ring there."""
        tip = self.tip - amps * (self.tip_tip - self.tip_ring)
        return tip, self.ring + amps * (self.ring_ring - self.tip_ring)


def _reduce(tip: _Wire, ring: _Wire, across: complex) -> _Linear:
    """Solve the two far ends' node equations; ``across`` siemens join them."""
    y_tip = tip.feed_siemens + tip.foreign_siemens + tip.leak_siemens + across
    y_ring = ring.feed_siemens + ring.foreign_siemens + ring.leak_siemens + across
    into_tip = tip.feed * tip.feed_siemens + tip.foreign * tip.foreign_siemens
    into_ring = ring.feed * ring.feed_siemens + ring.foreign * ring.foreign_siemens
    determinant = y_tip * y_ring - across * across
    z_tip, z_ring, z_both = y_ring / determinant, y_tip / determinant, across / determinant
    return _Linear(
        z_tip * into_tip + z_both * into_ring,
        z_both * into_tip + z_ring * into_ring,
        z_tip,
        z_both,
        z_ring,
    )


def _falls_to_zero(function: Callable[[float], float], low: float, high: float) -> float:
    """Return where a falling function passes zero."""
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if function(middle) > 0 else (low, middle)
    return (low + high) / 2


def _siemens(ohms: float) -> float:
    return 0.0 if math.isinf(ohms) else 1 / max(ohms, 1e-3)


@dataclass(frozen=True, slots=True)
class WirePair:
    """A cable pair with everything on it, from the board's terminals outward."""

    wires_ohms: float = 140.0
    "Both wires together."
    telephones: Sequence[Telephone] = field(default=(Telephone(),))
    trouble: Trouble = HEALTHY

    def solve(self, drive: Drive) -> PairState:
        """Return what flows and stands where."""
        drive = self._limited(drive)
        far_amps, far_tip, far_ring = self._direct(drive)
        alternating = {hz: self._alternating(drive, hz, far_amps) for hz in self._hertz(drive)}
        tip, ring = self._near(drive.tip, far_tip), self._near(drive.ring, far_ring)

        def rms(of: Callable[[tuple[complex, ...]], complex]) -> float:
            return math.sqrt(sum(abs(of(volts)) ** 2 for volts in alternating.values()))

        tip_amps = (tip - far_tip) / (self.wires_ohms / 2)
        ring_amps = (ring - far_ring) / (self.wires_ohms / 2)
        return PairState(
            tip=Current(tip, rms(lambda v: v[0])),
            ring=Current(ring, rms(lambda v: v[1])),
            far_tip=Current(far_tip, rms(lambda v: v[2])),
            far_ring=Current(far_ring, rms(lambda v: v[3])),
            metallic=Current(tip - ring, rms(lambda v: v[0] - v[1])),
            far_metallic=Current(far_tip - far_ring, rms(lambda v: v[2] - v[3])),
            amps=(tip_amps - ring_amps) / 2,
            far_amps=far_amps,
            tip_amps=tip_amps,
            ring_amps=ring_amps,
        )

    def mains_apart(self) -> "WirePair":
        """Return the same wires without foreign voltage: what a narrow filter lets see."""
        trouble = self.trouble

        def resting(source: Source | None) -> Source | None:
            return None if source is None else replace(source, dc=0.0, ac=0.0)

        tip, ring = resting(trouble.tip_foreign), resting(trouble.ring_foreign)
        return replace(self, trouble=replace(trouble, tip_foreign=tip, ring_foreign=ring))

    @property
    def loads(self) -> tuple[Telephone, ...]:
        """Every telephone that current reaches."""
        if self.trouble.cut:
            return ()
        first = [replace(t, lifted=t.lifted or self.trouble.stuck) for t in self.telephones]
        return (*first, *self.trouble.parallel)

    def _hertz(self, drive: Drive) -> set[float]:
        sources = (drive.tip, drive.ring, self.trouble.tip_foreign, self.trouble.ring_foreign)
        return {source.hz for source in sources if source is not None and source.ac}

    def _wire(
        self, feed: Source | None, foreign: Source | None, leak_ohms: float, hz: float
    ) -> _Wire:
        """Return one wire at a frequency (0: direct), the feed seen through the cable."""

        def part(source: Source | None) -> float:
            if source is None:
                return 0.0
            return source.dc if not hz else source.ac if source.hz == hz else 0.0

        feed_ohms = (OPEN_OHMS if feed is None else feed.ohms) + self.wires_ohms / 2
        foreign_ohms = math.inf if foreign is None else foreign.ohms
        return _Wire(
            part(feed),
            _siemens(feed_ohms),
            part(foreign),
            _siemens(foreign_ohms),
            _siemens(leak_ohms),
        )

    def _wires(self, drive: Drive, hz: float) -> tuple[_Wire, _Wire]:
        trouble = self.trouble
        return (
            self._wire(drive.tip, trouble.tip_foreign, trouble.tip_ground_ohms, hz),
            self._wire(drive.ring, trouble.ring_foreign, trouble.ring_ground_ohms, hz),
        )

    def _near(self, feed: Source | None, far: float) -> float:
        """Return a terminal's volts at the board from those at the far end of its wire."""
        source = Source(ohms=OPEN_OHMS) if feed is None else feed
        wire = self.wires_ohms / 2
        return far + (source.dc - far) * wire / (wire + source.ohms)

    def _direct(self, drive: Drive) -> tuple[float, float, float]:
        """Return the telephones' direct current and the far ends' volts."""
        linear = _reduce(*self._wires(drive, 0.0), _siemens(self.trouble.tip_ring_ohms))
        volts, ohms = linear.volts.real, linear.ohms.real
        loads = self.loads

        def into_the_node(across: float) -> float:
            return (volts - across) / ohms - sum(load.amps(across) for load in loads)

        across = _falls_to_zero(into_the_node, min(volts, 0.0), max(volts, 0.0))
        amps = sum(load.amps(across) for load in loads)
        tip, ring = linear.loaded(amps)
        return amps, tip.real, ring.real

    def _alternating(self, drive: Drive, hz: float, far_amps: float) -> tuple[complex, ...]:
        """Return tip, ring, far tip and far ring at one frequency, volts rms with phase."""
        loads = sum(load.siemens(hz, conducts=far_amps != 0) for load in self.loads)
        across = _siemens(self.trouble.tip_ring_ohms) + loads
        tip, ring = self._wires(drive, hz)
        linear = _reduce(tip, ring, across)
        half = self.wires_ohms / 2

        def near(wire: _Wire, far: complex) -> complex:
            return far + (wire.feed - far) * wire.feed_siemens * half

        return (near(tip, linear.tip), near(ring, linear.ring), linear.tip, linear.ring)

    def _limited(self, drive: Drive) -> Drive:
        """Return a drive that keeps its limit: ring is pulled towards tip until it does."""
        tip, ring = drive.tip, drive.ring
        if tip is None or ring is None or abs(self._loop_amps(drive)) <= drive.limit_amps:
            return drive

        def pulled(share: float) -> Drive:
            dc = ring.dc + share * (tip.dc - ring.dc)
            return replace(drive, ring=replace(ring, dc=dc))

        def excess(share: float) -> float:
            return abs(self._loop_amps(pulled(share))) - drive.limit_amps

        return pulled(_falls_to_zero(excess, 0.0, 1.0))

    def _loop_amps(self, drive: Drive) -> float:
        _, far_tip, far_ring = self._direct(drive)
        wire = self.wires_ohms / 2
        tip, ring = self._near(drive.tip, far_tip), self._near(drive.ring, far_ring)
        return ((tip - far_tip) - (ring - far_ring)) / 2 / wire
