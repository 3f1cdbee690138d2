# SPDX-License-Identifier: MIT
"""G.711 between 16-bit linear arrays and mu-law or A-law bytes; bit-exact with ITU-T G.711.

It does not convert between the laws, nor conceal.
"""

import numpy as np

from dsp.native import ffi, lib
from dsp.pcm import Samples, pointer, samples_of

__all__ = ["alaw_decode", "alaw_encode", "ulaw_decode", "ulaw_encode"]


def ulaw_encode(pcm: Samples) -> bytes:
    """Compress to mu-law."""
    pcm = np.ascontiguousarray(pcm)
    coded = bytearray(len(pcm))
    lib.aw_ulaw_encode(pointer(pcm), ffi.from_buffer("uint8_t[]", coded), len(coded))
    return bytes(coded)


def ulaw_decode(coded: bytes) -> Samples:
    """Expand from mu-law."""
    pcm = samples_of(len(coded))
    lib.aw_ulaw_decode(ffi.from_buffer("uint8_t[]", coded), pointer(pcm), len(coded))
    return pcm


def alaw_encode(pcm: Samples) -> bytes:
    """Compress to A-law."""
    pcm = np.ascontiguousarray(pcm)
    coded = bytearray(len(pcm))
    lib.aw_alaw_encode(pointer(pcm), ffi.from_buffer("uint8_t[]", coded), len(coded))
    return bytes(coded)


def alaw_decode(coded: bytes) -> Samples:
    """Expand from A-law."""
    pcm = samples_of(len(coded))
    lib.aw_alaw_decode(ffi.from_buffer("uint8_t[]", coded), pointer(pcm), len(coded))
    return pcm
