# SPDX-License-Identifier: MIT
"""Comfort noise and its RFC 3389 payload (native/include/aw/comfort.h)."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from dsp.native import check, ffi, lib
from dsp.pcm import Samples, pointer, samples_of

__all__ = ["ComfortNoise", "Noise"]


@dataclass(frozen=True, slots=True)
class Noise:
    """A noise: its level and the outline of its spectrum."""

    dbov: float
    "Level; 0 dBov is a square wave at clipping, +6.15 dBm0."
    reflection: tuple[float, ...] = ()
    "Reflection coefficients in (-1, 1), at most 10; a positive first one is a dull noise."

    @classmethod
    def measure(cls, pcm: Samples) -> "Noise":
        """Describe background of 20-60 ms."""
        return cls._of(lib.aw_comfort_measure(pointer(pcm), len(pcm)))

    @classmethod
    def parse(cls, payload: bytes) -> "Noise":
        """Read an RFC 3389 payload.

        Raises:
            EngineArgumentError: the payload is empty.
        """
        noise = ffi.new("aw_comfort_noise *")
        data = ffi.from_buffer("uint8_t[]", payload)
        check(lib.aw_comfort_parse(data, len(payload), noise), "comfort noise payload")
        return cls._of(noise[0])

    @classmethod
    def _of(cls, noise: Any) -> "Noise":
        return cls(noise.dbov, tuple(noise.reflection[i] for i in range(noise.order)))

    def payload(self) -> bytes:
        """Return the RFC 3389 payload."""
        data = ffi.new("uint8_t[]", lib.AW_COMFORT_BYTES)
        size = lib.aw_comfort_format(self._native(), data, len(data))
        return bytes(ffi.buffer(data, size))

    def _native(self) -> Any:
        return ffi.new("aw_comfort_noise *", (self.dbov, len(self.reflection), self.reflection))


class ComfortNoise:
    """A generator, silent until it is told or has learnt a noise."""

    def __init__(self, seed: int = 1) -> None:
        out = ffi.new("aw_comfort **")
        check(lib.aw_comfort_new(out, seed), "comfort noise")
        self._comfort = ffi.gc(out[0], lib.aw_comfort_free)

    def set(self, noise: Noise) -> None:
        """Slide to this noise within 50 ms."""
        lib.aw_comfort_set(self._comfort, noise._native())

    def learn(self, pcm: Samples) -> None:
        """Listen; the quietest of late is the background."""
        pcm = np.ascontiguousarray(pcm)
        lib.aw_comfort_learn(self._comfort, pointer(pcm), len(pcm))

    def read(self, count: int) -> Samples:
        """Return ``count`` samples of noise."""
        pcm = samples_of(count)
        lib.aw_comfort_read(self._comfort, pointer(pcm), count)
        return pcm
