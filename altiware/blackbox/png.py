# SPDX-License-Identifier: MIT
"""A spectrogram as a small PNG: 10 ms a column, 31 Hz a row, one byte a cell and a palette."""

import struct
import zlib
from typing import Final

import numpy as np
import numpy.typing as npt

from dsp.levels import PEAK_0DBM0
from dsp.pcm import Samples

__all__ = ["ROWS", "png_of", "spectrogram"]

WINDOW: Final = 256
HOP: Final = 80
ROWS: Final = WINDOW // 2
FLOOR_DBM0: Final = -70.0
SPAN_DB: Final = 70.0
STOPS: Final = ((0, 0, 0), (40, 20, 90), (150, 30, 110), (240, 110, 40), (255, 245, 160))
"""Of the palette, from the floor to 0 dBm0."""

Cells = npt.NDArray[np.uint8]


def spectrogram(pcm: Samples) -> Cells:
    """Return the levels of a sound, 0 for -70 dBm0 to 255 for 0 dBm0; the first row is 4 kHz."""
    columns = max(len(pcm) // HOP, 1)
    padded = np.zeros(columns * HOP + WINDOW, dtype=np.float64)
    begin = (WINDOW - HOP) // 2
    usable = pcm[: columns * HOP]
    padded[begin : begin + len(usable)] = usable
    places = np.arange(columns)[:, None] * HOP + np.arange(WINDOW)[None, :]
    window = np.hanning(WINDOW)
    lines = np.abs(np.fft.rfft(padded[places] * window, axis=1))[:, :ROWS]
    peak = lines * 2 / window.sum()
    dbm0 = 20 * np.log10(np.maximum(peak / PEAK_0DBM0, 1e-9))
    cells = np.clip((dbm0 - FLOOR_DBM0) * 255 / SPAN_DB, 0, 255)
    return np.ascontiguousarray(cells.astype(np.uint8).T[::-1])


def png_of(cells: Cells) -> bytes:
    """Return a picture of the cells (PNG, ISO/IEC 15948: colour type 3, no filter)."""
    height, width = cells.shape
    rows = np.zeros((height, width + 1), dtype=np.uint8)
    rows[:, 1:] = cells
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [
            _chunk(b"IHDR", head),
            _chunk(b"PLTE", _palette()),
            _chunk(b"IDAT", zlib.compress(rows.tobytes(), 9)),
            _chunk(b"IEND", b""),
        ]
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    checked = kind + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


def _palette() -> bytes:
    places = np.linspace(0, 255, len(STOPS))
    colours = [np.interp(np.arange(256), places, [s[part] for s in STOPS]) for part in range(3)]
    return np.stack(colours, axis=1).astype(np.uint8).tobytes()
