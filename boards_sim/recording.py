# SPDX-License-Identifier: MIT
"""What was heard at one place: samples as they come, the oldest forgotten at last."""

from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import soundfile

__all__ = ["Recording"]

Samples = npt.NDArray[np.int16]

RATE_HZ: Final = 8000


class Recording:
    """Samples as they come, the oldest forgotten after ``keep_s``."""

    CHUNK: Final = RATE_HZ

    def __init__(self, keep_s: float) -> None:
        self._keep = int(keep_s * RATE_HZ)
        self._samples: Samples = np.zeros(self.CHUNK, np.int16)
        self._used = 0
        self.forgotten = 0
        "Samples dropped from the beginning."

    @property
    def end(self) -> int:
        """How many samples there have been."""
        return self.forgotten + self._used

    def add(self, samples: Samples) -> None:
        """Append a few samples."""
        used = self._used + len(samples)
        if used > len(self._samples):
            self._make_room(used)
            used = self._used + len(samples)
        self._samples[self._used : used] = samples
        self._used = used

    def since(self, start: int) -> Samples:
        """Return (a view of) all samples from number ``start`` on."""
        return self._samples[max(0, start - self.forgotten) : self._used]

    def save(self, path: Path) -> None:
        """Write everything kept as 8 kHz 16-bit WAV.

        Raises:
            ValueError: the file can't be written.
        """
        try:
            soundfile.write(path, self._samples[: self._used], RATE_HZ, "PCM_16", format="WAV")
        except (OSError, soundfile.SoundFileError) as error:
            raise ValueError(f"{path}: {error}") from error

    def _make_room(self, needed: int) -> None:
        dropped = 0
        if self._used > self._keep:
            dropped = self._used - self._keep // 2
        room = max(needed - dropped + self.CHUNK, (self._used - dropped) * 2)
        grown = np.zeros(room, np.int16)
        kept = self._used - dropped
        grown[:kept] = self._samples[dropped : self._used]
        self._samples, self._used = grown, kept
        self.forgotten += dropped
