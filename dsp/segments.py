# SPDX-License-Identifier: MIT
"""What a line says, cut into tones and silences: ``SegmentAnalyser().feed(pcm)``.

On the bus the engine has it: see ``Detect.LEARN`` and ``ToneSegment``.  What the segments mean is
``dsp.learn``'s to say.
"""

import enum
from dataclasses import dataclass
from typing import Any

import numpy as np

from dsp.levels import SILENCE_DBM0
from dsp.native import check, ffi, lib
from dsp.pcm import Samples, pointer

__all__ = ["Segment", "SegmentAnalyser", "SegmentKind", "segment_of"]


class SegmentKind(enum.IntEnum):
    """What a segment is full of."""

    SILENCE = 0
    "Nothing above the line's own noise."
    TONE = 1
    OTHER = 2
    "Speech, or what was too short to tell."


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a line between two changes."""

    kind: SegmentKind
    duration_ms: int
    hz: tuple[float, ...] = ()
    "Of a tone: one frequency, or two, rising."
    dbm0: float = SILENCE_DBM0
    "Of a tone, whole."
    ended: bool = True
    "Or it goes on: it will be told again."


def segment_of(native: Any) -> Segment:
    """Return what an ``aw_segment`` says."""
    hz = tuple(float(value) for value in native.hz if value > 0)
    return Segment(
        SegmentKind(native.kind), native.duration_ms, hz, native.dbm0, bool(native.ended)
    )


class SegmentAnalyser:
    """The engine's analyser on arrays."""

    def __init__(self) -> None:
        out = ffi.new("aw_learn **")
        check(lib.aw_learn_new(out), "analyser of segments")
        self._analyser = ffi.gc(out[0], lib.aw_learn_free)

    def feed(self, pcm: Samples) -> list[Segment]:
        """Take samples, and return the segments that ended, or have gone on, in them."""
        pcm = np.ascontiguousarray(pcm)
        room = 2 + len(pcm) // 40
        found = ffi.new("aw_segment[]", room)
        count = lib.aw_learn_feed(self._analyser, pointer(pcm), len(pcm), found, room)
        return [segment_of(one) for one in found[0:count]]
