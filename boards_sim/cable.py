# SPDX-License-Identifier: MIT
"""Telephone cable: copper pairs, bridged taps and loading coils, one after another.

``Route.chain`` gives the ABCD matrix of the whole, from the board outward; what a hybrid sees
and how much gets through follow from it (hybrid.py).  Skin effect, temperature and dielectric
loss are left out: they don't matter below 4 kHz.

EIA holds test loops LL1 to LL7.  Their make-ups are ours: lengths and gauges in whole 500 feet
for which echo return loss against six networks, and loss at 1 kHz, come out as the table that
docs/topics/line-physics.md compares them with.  LL7 is in no table: it is a long loaded loop of
our own choice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

__all__ = ["EIA", "Cable", "Chain", "Coil", "Frequencies", "Route", "Section", "Spectrum", "Tap"]

Spectrum = npt.NDArray[np.complexfloating[Any, Any]]
Frequencies = npt.NDArray[np.float64]
Chain = tuple[Spectrum, Spectrum, Spectrum, Spectrum]
"""A, B, C, D at each frequency: V1 = A V2 + B I2, I1 = C V2 + D I2."""


def _ones_and_zeros(hz: Frequencies) -> tuple[Spectrum, Spectrum]:
    return np.ones(hz.shape, np.complex128), np.zeros(hz.shape, np.complex128)


class Section(Protocol):
    """Part of a route; never changes, so that what is computed from it can be kept."""

    def __hash__(self) -> int: ...

    @property
    def ohms(self) -> float:
        """Resistance of both wires to direct current."""

    def chain(self, hz: Frequencies) -> Chain:
        """Return the matrix at frequencies above 0."""


@dataclass(frozen=True, slots=True)
class Cable:
    """A uniform pair; the defaults are 0.4 mm copper (26 AWG)."""

    km: float
    ohms_per_km: float = 280.0
    "Both wires."
    farads_per_km: float = 50e-9
    henries_per_km: float = 0.7e-3

    @property
    def ohms(self) -> float:
        """Resistance of the loop to direct current."""
        return self.km * self.ohms_per_km

    def chain(self, hz: Frequencies) -> Chain:
        """Return the matrix by the telegrapher's equations."""
        s = 2j * np.pi * hz
        series = self.ohms_per_km + s * self.henries_per_km
        shunt = s * self.farads_per_km
        z0, angle = np.sqrt(series / shunt), np.sqrt(series * shunt) * self.km
        cosh: Spectrum = np.cosh(angle)
        sinh: Spectrum = np.sinh(angle)
        return cosh, z0 * sinh, sinh / z0, cosh


@dataclass(frozen=True, slots=True)
class Tap:
    """A pair that leads nowhere, joined to the line: what another subscriber once had."""

    pair: Cable

    @property
    def ohms(self) -> float:
        """None of it is in the loop."""
        return 0.0

    def chain(self, hz: Frequencies) -> Chain:
        """Return the matrix of the open pair across the line."""
        cosh, _, admittance, _ = self.pair.chain(hz)
        one, none = _ones_and_zeros(hz)
        return one, none, admittance / cosh, one


@dataclass(frozen=True, slots=True)
class Coil:
    """A loading coil, every 6000 feet (H88)."""

    henries: float = 88e-3
    ohms: float = 9.0

    def chain(self, hz: Frequencies) -> Chain:
        """Return the matrix of a coil in series."""
        one, none = _ones_and_zeros(hz)
        return one, self.ohms + 2j * np.pi * hz * self.henries, none, one


@dataclass(frozen=True, slots=True)
class Route:
    """Sections in the order from the board outward."""

    sections: Sequence[Section]

    @property
    def ohms(self) -> float:
        """Resistance of the loop to direct current."""
        return sum(section.ohms for section in self.sections)

    def chain(self, hz: Frequencies) -> Chain:
        """Return the product of the sections' matrices."""
        one, none = _ones_and_zeros(hz)
        a, b, c, d = one, none, none, one
        for section in self.sections:
            e, f, g, h = section.chain(hz)
            a, b, c, d = a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h
        return a, b, c, d


KM_PER_KILOFOOT: Final = 0.3048
OHMS_PER_KM: Final = {22: 108.0, 24: 172.0, 26: 273.0}
"""Of both wires at 20 degrees, by American wire gauge."""


def _awg(gauge: int, kilofeet: float) -> Cable:
    """Return a pair of North American cable: 83 nF and 1 mH a mile."""
    return Cable(kilofeet * KM_PER_KILOFOOT, OHMS_PER_KM[gauge], 51.6e-9, 0.62e-3)


EIA: Final = {
    1: Route((_awg(26, 2),)),
    2: Route((_awg(24, 3), _awg(26, 4))),
    3: Route((Tap(_awg(26, 1.5)), _awg(26, 7))),
    4: Route((_awg(26, 12),)),
    5: Route((Tap(_awg(26, 3)), _awg(26, 9), _awg(24, 6))),
    6: Route((Tap(_awg(26, 3)), _awg(24, 4), Coil(), _awg(26, 6), Coil(), _awg(26, 6))),
    7: Route((_awg(24, 3), Coil(), *(_awg(24, 6), Coil()) * 3, _awg(24, 3), Tap(_awg(26, 1.5)))),
}
"""LL1 to LL7."""
