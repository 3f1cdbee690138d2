# SPDX-License-Identifier: MIT
"""Samples between numpy and C: one-dimensional int16 arrays at 8 kHz, passed without a copy.

For tools and tests; on the bus samples never enter Python.
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dsp.native import ffi

__all__ = ["RATE_HZ", "Samples", "pointer", "samples_of"]

RATE_HZ: Final = 8000

Samples = npt.NDArray[np.int16]


def pointer(pcm: Samples) -> Any:
    """Return the array's samples as ``int16_t *``; the array must outlive its use.

    Raises:
        TypeError: it is not a one-dimensional array of int16.
    """
    if not isinstance(pcm, np.ndarray) or pcm.dtype != np.int16 or pcm.ndim != 1:
        raise TypeError("samples must be a one-dimensional numpy array of int16")
    return ffi.cast("int16_t *", ffi.from_buffer(np.ascontiguousarray(pcm)))


def samples_of(count: int) -> Samples:
    """Return an array for ``count`` samples.

    Raises:
        ValueError: the count is negative.
    """
    if count < 0:
        raise ValueError(f"{count} samples: allowed are 0 or more")
    return np.zeros(count, dtype=np.int16)
