# SPDX-License-Identifier: MIT
"""Fax, modem and special information tones: ``SpecialDetector().feed(pcm)``.

On the bus the engine has it: see ``Engine.detect``.  It does not say when a tone is over.
"""

import enum

import numpy as np

from dsp.native import check, ffi, lib
from dsp.pcm import Samples, pointer

__all__ = ["Special", "SpecialDetector"]


class Special(enum.IntEnum):
    """What a machine at the other end says of itself, or the network of a call that failed."""

    CALLING_FAX = 1
    "CNG: half a second of 1100 Hz, told when it ends."
    ANSWER = 2
    "CED or modem answer tone: 2100 Hz for half a second."
    REVERSED = 3
    "Its phase is reversed each 450 ms."
    MODULATED = 4
    "Its amplitude is modulated by 15 Hz."
    INFORMATION = 5
    "Three rising tones, none of the following."
    INTERCEPT = 6
    "The number has changed."
    VACANT = 7
    "No such number."
    REORDER = 8
    NO_CIRCUIT = 9


class SpecialDetector:
    """The engine's detector on arrays."""

    def __init__(self) -> None:
        out = ffi.new("aw_special **")
        check(lib.aw_special_new(out), "detector of special tones")
        self._detector = ffi.gc(out[0], lib.aw_special_free)

    def feed(self, pcm: Samples) -> list[Special]:
        """Take samples, and return what was recognised in them."""
        pcm = np.ascontiguousarray(pcm)
        room = 2 + len(pcm) // 80
        found = ffi.new("uint32_t[]", room)
        count = lib.aw_special_feed(self._detector, pointer(pcm), len(pcm), found, room)
        return [Special(kind) for kind in found[0:count]]
