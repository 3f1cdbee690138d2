# SPDX-License-Identifier: MIT
"""The alerting signal of caller ID during a call (CAS), for tools and tests.

``CasReceiver().feed(pcm)`` returns the durations of the signals that ended in the samples;
``cas_tone()`` is the signal, for ``Engine.open_tone``.  The sequence around it is in
``dsp.call_waiting``.
"""

from typing import Final

import numpy as np

from dsp.native import check, ffi, lib
from dsp.pcm import Samples, pointer
from dsp.tones import ToneSpec, ToneStep

__all__ = ["CAS_HZ", "CAS_MS", "CasReceiver", "cas_tone"]

CAS_HZ: Final = (2130.0, 2750.0)
CAS_MS: Final = 80
"75 to 85."
LEVEL_DBM0: Final = -15.0
"Of each tone, as sent."
_BLOCK: Final = 160


def cas_tone(level_dbm0: float = LEVEL_DBM0) -> ToneSpec:
    """Return the signal; it ends by itself.

    Raises:
        EngineArgumentError: the level is out of its range.
    """
    return ToneSpec((ToneStep(CAS_HZ, level_dbm0, CAS_MS),), loop_from=None)


class CasReceiver:
    """The engine's receiver on arrays."""

    def __init__(self) -> None:
        out = ffi.new("aw_cas **")
        check(lib.aw_cas_new(out), "CAS receiver")
        self._receiver = ffi.gc(out[0], lib.aw_cas_free)

    def feed(self, pcm: Samples) -> list[int]:
        """Take samples, and return the durations in ms of the signals that ended in them."""
        found: list[int] = []
        for start in range(0, len(pcm), _BLOCK):
            block = np.ascontiguousarray(pcm[start : start + _BLOCK])
            duration = lib.aw_cas_feed(self._receiver, pointer(block), len(block))
            if duration:
                found.append(int(duration))
        return found
