# SPDX-License-Identifier: MIT
"""Samples as text: bars, a waveform, a spectrum, a level meter."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from dsp.levels import PEAK_0DBM0

__all__ = ["bars", "meter", "spectrum", "waveform"]

Samples = npt.NDArray[np.int16]

EIGHTHS: Final = " ▁▂▃▄▅▆▇█"
RATE_HZ: Final = 8000
WAVE_SAMPLES: Final = 160
"""20 ms: some periods of any voice."""
LOWEST_DBM0: Final = -70.0
HIGHEST_DBM0: Final = 3.0
FLOOR: Final = 1e-6


def bars(values: Sequence[float], low: float, high: float, rows: int) -> list[str]:
    """Return a column for each value, from the top row to the bottom one."""
    steps = rows * (len(EIGHTHS) - 1)
    heights = [round(steps * min(1.0, max(0.0, (v - low) / (high - low)))) for v in values]
    lines = []
    for row in range(rows - 1, -1, -1):
        base = row * (len(EIGHTHS) - 1)
        cells = (EIGHTHS[min(8, max(0, height - base))] for height in heights)
        lines.append("".join(cells))
    return lines


def meter(dbm0: float, width: int) -> str:
    """Return a level as a bar of a fixed width."""
    share = (dbm0 - LOWEST_DBM0) / (HIGHEST_DBM0 - LOWEST_DBM0)
    eighths = round(8 * width * min(1.0, max(0.0, share)))
    whole, part = divmod(eighths, 8)
    partial = " ▏▎▍▌▋▊▉"[part].strip()
    return ("█" * whole + partial).ljust(width)


def waveform(pcm: Samples, columns: int, rows: int) -> list[str]:
    """Draw the last 20 ms, the loudest moment filling the height."""
    last = pcm[-WAVE_SAMPLES:].astype(float)
    if not len(last):
        return [" " * columns] * rows
    peak = max(1.0, float(np.max(np.abs(last))))
    chosen = last[np.linspace(0, len(last) - 1, columns).astype(int)]
    grid = [[" "] * columns for _ in range(rows)]
    grid[rows // 2] = ["·"] * columns
    for column, sample in enumerate(chosen):
        row = round((rows - 1) * (0.5 - 0.5 * sample / peak))
        grid[row][column] = "█"
    return ["".join(line) for line in grid]


def spectrum(pcm: Samples, columns: int, rows: int) -> list[str]:
    """Draw 0 to 4 kHz, from -70 to 3 dBm0: each column is the strongest tone within it."""
    if len(pcm) < 2 * columns:
        return [" " * columns] * rows
    window = np.hanning(len(pcm))
    peaks = np.abs(np.fft.rfft(pcm * window)) * 2 / np.sum(window)
    levels = 20 * np.log10(np.maximum(peaks, FLOOR) / PEAK_0DBM0)
    strongest = [float(np.max(part)) for part in np.array_split(levels, columns)]
    return bars(strongest, LOWEST_DBM0, HIGHEST_DBM0, rows)
