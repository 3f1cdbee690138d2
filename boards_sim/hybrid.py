# SPDX-License-Identifier: MIT
"""The echo of a 2-wire hybrid, computed from the impedances that meet there.

A hybrid takes its own signal off the line as far as its balance network looks like the line:
what is left is (Zline - Zbalance) / (Zline + Zbalance).  ``echo_filter`` turns that into the
filter that the board's codec sees.  Cable is uniform and unloaded; no bridged taps.
"""

import functools
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = [
    "CTR21",
    "LINE_USA",
    "RESISTOR_600",
    "Cable",
    "Network",
    "echo_filter",
    "echo_return_loss_db",
    "line_impedance",
    "reflection",
]

Spectrum = npt.NDArray[np.complex128]
Frequencies = npt.NDArray[np.float64]

RATE_HZ: Final = 8000
TAPS: Final = 64
"""Length of the echo filter: 8 ms."""
CODEC_DELAY: Final = 12
"""Samples that the codec's filters delay the echo: half the length of their impulse response."""
GRID: Final = 512
"""Points of the discrete Fourier transform."""


@dataclass(frozen=True, slots=True)
class Network:
    """An impedance: a resistor, then a capacitor, then a resistor with a capacitor across."""

    series_ohms: float
    parallel_ohms: float = 0.0
    parallel_farads: float = 0.0
    series_farads: float = 0.0
    "0: no such capacitor."

    def at(self, hz: Frequencies) -> Spectrum:
        """Return the impedance in ohms at frequencies above 0."""
        s = 2j * np.pi * hz
        z = np.full(hz.shape, complex(self.series_ohms))
        if self.series_farads:
            z = z + 1 / (s * self.series_farads)
        if self.parallel_ohms:
            z = z + self.parallel_ohms / (1 + s * self.parallel_ohms * self.parallel_farads)
        return z


RESISTOR_600: Final = Network(600.0)
LINE_USA: Final = Network(900.0, series_farads=2.16e-6)
CTR21: Final = Network(270.0, 750.0, 150e-9)


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


def line_impedance(cable: Cable, far: Network, hz: Frequencies) -> Spectrum:
    """Return what a hybrid sees: the far end through the cable (telegrapher's equations)."""
    s = 2j * np.pi * hz
    series = cable.ohms_per_km + s * cable.henries_per_km
    shunt = s * cable.farads_per_km
    z0 = np.sqrt(series / shunt)
    tanh = np.tanh(np.sqrt(series * shunt) * cable.km)
    load = far.at(hz)
    impedance: Spectrum = z0 * (load + z0 * tanh) / (z0 + load * tanh)
    return impedance


def reflection(line: Spectrum, balance: Spectrum) -> Spectrum:
    """Return the share of its own signal that a hybrid gets back."""
    echo: Spectrum = (line - balance) / (line + balance)
    return echo


def _voice_band(hz: Frequencies) -> Frequencies:
    """Return the codec's band: raised-cosine slopes 100-300 Hz and 3300-3900 Hz."""
    rise = np.clip((hz - 100.0) / 200.0, 0.0, 1.0)
    fall = np.clip((3900.0 - hz) / 600.0, 0.0, 1.0)
    band: Frequencies = np.sin(np.pi / 2 * rise) ** 2 * np.sin(np.pi / 2 * fall) ** 2
    return band


@functools.cache
def echo_filter(cable: Cable, far: Network, balance: Network) -> tuple[float, ...]:
    """Return the impulse response, at 8 kHz, of the echo of a line against its balance."""
    hz = np.fft.rfftfreq(GRID, 1 / RATE_HZ).astype(np.float64)
    echo = np.zeros(hz.shape, complex)
    echo[1:] = reflection(line_impedance(cable, far, hz[1:]), balance.at(hz[1:]))
    echo *= _voice_band(hz) * np.exp(-2j * np.pi * hz * CODEC_DELAY / RATE_HZ)
    return tuple(float(tap) for tap in np.fft.irfft(echo)[:TAPS])


def echo_return_loss_db(taps: tuple[float, ...]) -> float:
    """Return the loss of an echo filter: mean power 500-2500 Hz, in dB."""
    spectrum = np.fft.rfft(taps, 4096)
    hz = np.fft.rfftfreq(4096, 1 / RATE_HZ)
    band = (hz >= 500) & (hz <= 2500)
    return float(-10 * np.log10(np.mean(np.abs(spectrum[band]) ** 2)))
