# SPDX-License-Identifier: MIT
"""DTMF for tools and tests: ``DtmfReceiver().feed(pcm)``, ``DtmfSender("123#").read(n)``.

On the bus both are in the engine: see ``Engine.detect`` and ``Engine.open_digits``.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from dsp.errors import EngineArgumentError
from dsp.native import check, ffi, lib
from dsp.pcm import Samples, pointer, samples_of

__all__ = ["KEYS", "DtmfReceiver", "DtmfSender", "KeyPress", "key_error"]

KEYS: Final = "0123456789*#ABCD"
"All keys that DTMF has."

MAX_DIGITS: Final[int] = lib.AW_DTMF_SENDER_DIGITS
MAX_MS: Final = 10000


@dataclass(frozen=True, slots=True)
class KeyPress:
    """A key was recognised (``on``), or has ended."""

    key: str
    on: bool
    duration_ms: int
    "Of the tone pair, when it has ended; 0 when it is recognised."
    level_dbm0: float
    "Mean level of the two tones."


class DtmfReceiver:
    """The engine's DTMF receiver on arrays."""

    def __init__(self) -> None:
        out = ffi.new("aw_dtmf **")
        check(lib.aw_dtmf_new(out), "DTMF receiver")
        self._receiver = ffi.gc(out[0], lib.aw_dtmf_free)

    def feed(self, pcm: Samples) -> list[KeyPress]:
        """Take samples, and return what was recognised or has ended in them."""
        pcm = np.ascontiguousarray(pcm)
        room = 2 + len(pcm) // 80
        found = ffi.new("aw_digit[]", room)
        count = lib.aw_dtmf_feed(self._receiver, pointer(pcm), len(pcm), found, room)
        return [
            KeyPress(d.key.decode("ascii"), bool(d.on), d.duration_ms, d.dbm0)
            for d in found[0:count]
        ]

    def keys(self, pcm: Samples) -> str:
        """Take samples, and return the keys recognised in them."""
        return "".join(press.key for press in self.feed(pcm) if press.on)


def key_error(digits: str) -> str | None:
    """Say what is wrong with a string of keys; None if nothing is."""
    if not 1 <= len(digits) <= MAX_DIGITS:
        return f"{len(digits)} digits: allowed are 1 to {MAX_DIGITS}"
    wrong = sorted(set(digits) - set(KEYS))
    if wrong:
        return f"digit {wrong[0]!r} in {digits!r}: allowed are {KEYS}"
    return None


class DtmfSender:
    """The engine's DTMF sender on arrays.

    Raises:
        EngineArgumentError: a digit, duration or level is out of its range.
    """

    def __init__(
        self,
        digits: str,
        *,
        on_ms: int = 80,
        off_ms: int = 80,
        level_dbm0: float = -8.0,
        twist_db: float = 2.0,
    ) -> None:
        low, high = level_dbm0 - twist_db / 2, level_dbm0 + twist_db / 2
        in_range = 1 <= on_ms <= MAX_MS and 1 <= off_ms <= MAX_MS
        problem = key_error(digits)
        if problem is None and not (in_range and -60 <= low <= 3 and -60 <= high <= 3):
            problem = (
                f"on {on_ms} ms, off {off_ms} ms, tones {low} and {high} dBm0:"
                f" allowed are 1 to {MAX_MS} ms and -60 to +3 dBm0"
            )
        if problem:
            raise EngineArgumentError(problem)
        out = ffi.new("aw_dtmf_sender **")
        keys = digits.encode("ascii")
        status = lib.aw_dtmf_sender_new(out, keys, on_ms, off_ms, level_dbm0, twist_db)
        check(status, "DTMF sender")
        self._sender = ffi.gc(out[0], lib.aw_dtmf_sender_free)

    def read(self, count: int) -> Samples:
        """Return the next samples; fewer than ``count`` when the digits are over."""
        pcm = samples_of(count)
        return pcm[: lib.aw_dtmf_sender_read(self._sender, pointer(pcm), count)]
