# SPDX-License-Identifier: MIT
"""The voice band of a group of simulated 2-wire lines (native/include/aw/line.h).

Fill ``sent`` (from the PBX) and ``said`` (at the far ends), call ``run()``, read ``received``
(to the PBX) and ``heard`` (at the far ends): one row of samples per port.  Direct current and
ringing are not here: they decide the path, see boards_sim/loop.py.
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dsp.native import check, ffi, lib

__all__ = ["NO_NOISE_DBM0", "LineCodec", "LinePath", "LineSettings", "Lines"]

Samples = npt.NDArray[np.int16]

NO_NOISE_DBM0: Final = -200.0
"""A noise level that means none at all, for bit-exact lines."""


class LineCodec(enum.IntEnum):
    """How a port's codec quantises, in both directions."""

    LINEAR = 0
    ULAW = 1
    ALAW = 2


class LinePath(enum.IntFlag):
    """What passes on a line."""

    OPEN = 0
    TO_FAR = 1
    TO_BOARD = 2
    HYBRID = 4
    "The board hears its own signal through the echo filter."
    REFLECT = 8
    "Nothing terminates the line: the board hears itself at -6 dB."


@dataclass(frozen=True, slots=True)
class LineSettings:
    """The electrical nature of one line in the voice band."""

    to_far_db: float = 0.0
    "Gain from the board to the far end; negative is loss.  -60..+12."
    to_board_db: float = 0.0
    noise_dbm0: float = NO_NOISE_DBM0
    "White noise, 0-4 kHz, at both ends."
    codec: LineCodec = LineCodec.LINEAR
    echo: tuple[float, ...] = ()
    "Impulse response of the hybrid's echo at 8 kHz, at most 256 taps."
    cable: tuple[float, ...] = ()
    "Impulse response of the cable, the same both ways, at most 32 taps; empty: flat."
    hum: tuple[float, ...] = ()
    "What is added at both ends again and again, in 16-bit steps; at most 800 samples."


class Lines:
    """A group of lines, all open and perfect at first.

    Raises:
        EngineArgumentError: a port, a setting or the number of ports is out of range.
    """

    def __init__(self, ports: int, *, frame: int, seed: int = 0) -> None:
        handle = ffi.new("aw_lines **")
        check(lib.aw_lines_new(handle, ports, seed & 0xFFFF_FFFF_FFFF_FFFF), f"{ports} lines")
        self._lines = ffi.gc(handle[0], lib.aw_lines_free)
        self._frame = frame
        self.sent: Samples = np.zeros((ports, frame), np.int16)
        self.said: Samples = np.zeros((ports, frame), np.int16)
        self.received: Samples = np.zeros((ports, frame), np.int16)
        self.heard: Samples = np.zeros((ports, frame), np.int16)
        rows = (self.sent, self.said, self.received, self.heard)
        self._pointers = [ffi.cast("int16_t *", ffi.from_buffer(row)) for row in rows]

    def set(self, port: int, settings: LineSettings) -> None:
        """Give a line its nature."""
        values = ffi.new(
            "aw_line_settings *",
            (settings.to_far_db, settings.to_board_db, settings.noise_dbm0, settings.codec),
        )
        echo: Sequence[float] = settings.echo
        taps = ffi.new("float[]", list(echo))
        check(lib.aw_lines_set(self._lines, port, values, taps, len(echo)), f"line {port}")
        cable, hum = ffi.new("float[]", settings.cable), ffi.new("float[]", settings.hum)
        check(
            lib.aw_lines_cable(self._lines, port, cable, len(settings.cable)),
            f"cable of line {port}",
        )
        check(lib.aw_lines_hum(self._lines, port, hum, len(settings.hum)), f"hum of line {port}")

    def path(self, port: int, path: LinePath) -> None:
        """Say what passes on a line from the next frame on."""
        check(lib.aw_lines_path(self._lines, port, int(path)), f"path of line {port}")

    def run(self, loud: int = 150) -> int:
        """Carry one frame on every line; return the map of the ports that heard a peak > loud."""
        heard: int = lib.aw_lines_run(self._lines, *self._pointers, self._frame, loud)
        return heard
