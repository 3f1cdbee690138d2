# SPDX-License-Identifier: MIT
"""The echo of a 2-wire hybrid and the loss of its cable, computed from the impedances there.

A hybrid takes its own signal off the line as far as its balance network looks like the line:
what is left is (Zline - Zbalance) / (Zline + Zbalance).  ``echo_filter`` turns that into the
filter that the board's codec sees, ``cable_filter`` does so with what gets through.
"""

import functools
from dataclasses import dataclass
from typing import Final

import numpy as np

from boards_sim.cable import EIA, Cable, Frequencies, Section, Spectrum

__all__ = [
    "CTR21",
    "IMPEDANCES",
    "LINE_USA",
    "RESISTOR_600",
    "Cable",
    "Network",
    "cable_filter",
    "echo_filter",
    "echo_return_loss_db",
    "insertion_loss_db",
    "line_impedance",
    "reflection",
]

RATE_HZ: Final = 8000
TAPS: Final = 64
"""Length of the echo filter: 8 ms."""
CABLE_TAPS: Final = 32
"""Length of the cable's filter: 4 ms."""
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
IMPEDANCES: Final = {
    "600": RESISTOR_600,
    "900": Network(900.0),
    "270+750//150n": CTR21,
    "220+820//120n": Network(220.0, 820.0, 120e-9),
    "370+620//310n": Network(370.0, 620.0, 310e-9),
    "320+1050//230n": Network(320.0, 1050.0, 230e-9),
    "370+820//110n": Network(370.0, 820.0, 110e-9),
    "275+780//115n": Network(275.0, 780.0, 115e-9),
    "900+2.16u": LINE_USA,
    "800//(100+50n)": Network(800.0 / 9, 6400.0 / 9, 63.28125e-9),
}
"""What a line circuit can be set to, in the order of QHI's index; // is "in parallel with".  The
last is written as the network of the same impedance that ``Network`` can say."""


def line_impedance(cable: Section, far: Network, hz: Frequencies) -> Spectrum:
    """Return what a hybrid sees: the far end through the cable."""
    a, b, c, d = cable.chain(hz)
    load = far.at(hz)
    impedance: Spectrum = (a * load + b) / (c * load + d)
    return impedance


def insertion_loss_db(cable: Section, hz: Frequencies, ohms: float = 600.0) -> Frequencies:
    """Return what the cable takes away between resistances: before and after it is put in."""
    a, b, c, d = cable.chain(hz)
    loss: Frequencies = 20 * np.log10(np.abs(a + b / ohms + c * ohms + d) / 2)
    return loss


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
def echo_filter(cable: Section, far: Network, balance: Network) -> tuple[float, ...]:
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


@functools.cache
def cable_filter(cable: Section, ohms: float = 600.0) -> tuple[float, ...]:
    """Return the impulse response, at 8 kHz, of what a cable lets through between resistances.

    Its phase is the least that goes with its loss: the cable's own delay (5 us a kilometre) is
    less than a sample.
    """
    hz = np.fft.rfftfreq(GRID, 1 / RATE_HZ).astype(np.float64)
    hz[0] = hz[1] / 100
    loss = insertion_loss_db(cable, hz, ohms) * np.log(10) / 20
    cepstrum = np.fft.irfft(-loss)
    cepstrum[1 : GRID // 2] *= 2
    cepstrum[GRID // 2 + 1 :] = 0
    response = np.fft.irfft(np.exp(np.fft.rfft(cepstrum)))
    return tuple(float(tap) for tap in response[:CABLE_TAPS])


def report() -> str:
    """Return the table of loss and return loss that docs/topics/line-physics.md shows."""
    names = list(IMPEDANCES)
    lines = ["| loop | ohm | loss at 1 kHz | " + " | ".join(names) + " |"]
    lines.append("|---" * (len(names) + 3) + "|")
    for number, route in EIA.items():
        loss = float(insertion_loss_db(route, np.array([1000.0]))[0])
        cells = [f"LL{number}", f"{route.ohms:.0f}", f"{loss:.1f} dB"]
        echoes = [echo_filter(route, RESISTOR_600, network) for network in IMPEDANCES.values()]
        cells += [f"{echo_return_loss_db(echo):.1f}" for echo in echoes]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
