# SPDX-License-Identifier: MIT
"""Speech faster or slower at the same pitch (native/include/aw/wsola.h).

``stretched(speech, 1.5)`` does it at once; the engine's players do it while they play.
"""

import numpy as np

from dsp.errors import EngineArgumentError
from dsp.native import check, ffi, lib
from dsp.pcm import RATE_HZ, Samples, pointer, samples_of

__all__ = ["Stretcher", "stretched"]


class Stretcher:
    """Takes speech and gives it back at another speed, 0.5 to 2.

    Raises:
        EngineArgumentError: another speed.
    """

    def __init__(self, speed: float) -> None:
        if not 0.5 <= speed <= 2.0:
            raise EngineArgumentError(f"speed {speed}: allowed are 0.5 to 2")
        out = ffi.new("aw_wsola **")
        check(lib.aw_wsola_new(out, speed), f"a stretcher to {speed}")
        self._wsola = ffi.gc(out[0], lib.aw_wsola_free)

    def feed(self, pcm: Samples) -> int:
        """Give it samples; return how many it took."""
        return int(lib.aw_wsola_feed(self._wsola, pointer(pcm), len(pcm)))

    def end(self) -> None:
        """Say that no more will come."""
        lib.aw_wsola_end(self._wsola)

    def read(self, count: int) -> Samples:
        """Take up to ``count`` samples; fewer: it needs more, or is at its end."""
        pcm = samples_of(count)
        return pcm[: int(lib.aw_wsola_read(self._wsola, pointer(pcm), count))]

    @property
    def at(self) -> int:
        """The sample, of all that were given, with which what is read next begins."""
        return int(lib.aw_wsola_at(self._wsola))


def stretched(pcm: Samples, speed: float) -> Samples:
    """Return all of ``pcm`` at another speed.

    Raises:
        EngineArgumentError: the speed is not from 0.5 to 2.
    """
    stretcher, fed = Stretcher(speed), 0
    parts: list[Samples] = []
    while not parts or fed < len(pcm) or len(parts[-1]) == RATE_HZ:
        fed += stretcher.feed(pcm[fed:])
        if fed == len(pcm):
            stretcher.end()
        parts.append(stretcher.read(RATE_HZ))
    return np.concatenate(parts)
