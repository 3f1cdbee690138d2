# SPDX-License-Identifier: MIT
"""What the kernel knows of its own clock: adjtimex(2), read only."""

import ctypes
from dataclasses import dataclass
from typing import Final

__all__ = ["KernelClock", "read_kernel_clock"]

UNSYNCHRONISED: Final = 0x0040
"""STA_UNSYNC of linux/timex.h."""
PPM: Final = 65536.0
"""Of ``freq``: 1 ppm is 2^16."""


@dataclass(frozen=True, slots=True)
class KernelClock:
    """How well the clock is kept."""

    synchronised: bool
    ppm: float
    "The correction of its rate."
    error_s: float
    "It may be wrong by so much, as its keeper says."


class _Timex(ctypes.Structure):
    """The head of struct timex; the rest is left as it comes."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 256),
    )


def read_kernel_clock() -> KernelClock | None:
    """Ask the kernel; None where it doesn't tell."""
    timex = _Timex()
    try:
        state = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(timex))
    except (OSError, AttributeError):
        return None
    if state < 0:
        return None
    return KernelClock(
        not timex.status & UNSYNCHRONISED, timex.freq / PPM, timex.maxerror / 1_000_000
    )
