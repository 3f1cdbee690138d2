# SPDX-License-Identifier: MIT
"""Voice and silence (native/include/aw/vad.h)."""

import enum

import numpy as np

from dsp.native import check, ffi, lib
from dsp.pcm import Samples, pointer

__all__ = ["Greeting", "VoiceDetector"]

FRAME = 80
"""Samples of a decision: 10 ms."""


class Greeting(enum.IntEnum):
    """Who answered a call."""

    UNKNOWN = 0
    PERSON = 1
    MACHINE = 2
    NOBODY = 3


class VoiceDetector:
    """Says every 10 ms whether somebody speaks."""

    def __init__(self) -> None:
        out = ffi.new("aw_vad **")
        check(lib.aw_vad_new(out), "voice detector")
        self._vad = ffi.gc(out[0], lib.aw_vad_free)

    def feed(self, pcm: Samples) -> bool:
        """Listen; return whether there is voice at the end."""
        pcm = np.ascontiguousarray(pcm)
        return bool(lib.aw_vad_feed(self._vad, pointer(pcm), len(pcm)))

    def frames(self, pcm: Samples) -> list[bool]:
        """Listen; return the decision of each whole 10 ms."""
        ends = range(FRAME, len(pcm) + 1, FRAME)
        return [self.feed(pcm[end - FRAME : end]) for end in ends]

    @property
    def silence_ms(self) -> int:
        """Silence since the last voice, or since the beginning."""
        return int(lib.aw_vad_silence_ms(self._vad))

    @property
    def quiet_ms(self) -> int:
        """Time since the last syllable (40 ms of voice), which no hang-over delays."""
        return int(lib.aw_vad_quiet_ms(self._vad))

    @property
    def voice_ms(self) -> int:
        """Voice in all."""
        return int(lib.aw_vad_voice_ms(self._vad))

    @property
    def noise_dbm0(self) -> float:
        """Level of the tracked noise."""
        return float(lib.aw_vad_noise_dbm0(self._vad))

    @property
    def greeting(self) -> Greeting:
        """Who answered, guessed from the times of voice."""
        return Greeting(lib.aw_vad_greeting(self._vad))
