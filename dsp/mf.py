# SPDX-License-Identifier: MIT
"""MF signalling between exchanges: ``MfReceiver(MfStandard.R1).feed(pcm)``, ``MfSender(...)``.

On the bus both are in the engine: see ``Engine.detect`` and ``Engine.open_mf``.  It does not run
compelled cycles: whoever hears a signal answers it.
"""

import enum
from dataclasses import dataclass
from typing import Final

import numpy as np

from dsp.errors import EngineArgumentError
from dsp.native import check, ffi, lib
from dsp.pcm import Samples, pointer, samples_of

__all__ = ["MfReceiver", "MfSender", "MfSignal", "MfStandard", "check_mf"]

MAX_SIGNALS: Final[int] = lib.AW_MF_SIGNALS
MAX_MS: Final = 10000


class MfStandard(enum.IntEnum):
    """Which six frequencies, and what their pairs say."""

    R1 = 0
    "700 to 1700 Hz."
    R2_FORWARD = 1
    "1380 to 1980 Hz."
    R2_BACKWARD = 2
    "1140 down to 540 Hz."

    @property
    def keys(self) -> str:
        """All signals: R1 has * (KP), # (ST), A to C (ST' to ST'''); R2 0 (10), B to F (11-15)."""
        return "1234567890CA*B#" if self is MfStandard.R1 else "1234567890BCDEF"


@dataclass(frozen=True, slots=True)
class MfSignal:
    """A signal was recognised (``on``), or has ended."""

    key: str
    on: bool
    duration_ms: int
    "When it has ended, +-10; 0 when it is recognised."
    level_dbm0: float
    "Mean level of the two tones."


class MfReceiver:
    """The engine's MF receiver on arrays."""

    def __init__(self, standard: MfStandard) -> None:
        out = ffi.new("aw_mf **")
        check(lib.aw_mf_new(out, standard), "MF receiver")
        self._receiver = ffi.gc(out[0], lib.aw_mf_free)

    def feed(self, pcm: Samples) -> list[MfSignal]:
        """Take samples, and return what was recognised or has ended in them."""
        pcm = np.ascontiguousarray(pcm)
        room = 2 + len(pcm) // 80
        found = ffi.new("aw_digit[]", room)
        count = lib.aw_mf_feed(self._receiver, pointer(pcm), len(pcm), found, room)
        return [
            MfSignal(s.key.decode("ascii"), bool(s.on), s.duration_ms, s.dbm0)
            for s in found[0:count]
        ]

    def keys(self, pcm: Samples) -> str:
        """Take samples, and return the signals recognised in them."""
        return "".join(signal.key for signal in self.feed(pcm) if signal.on)


def check_mf(
    standard: MfStandard, keys: str, *, on_ms: int, off_ms: int, level_dbm0: float
) -> None:
    """Refuse what the sender can't send.

    Raises:
        EngineArgumentError: a signal, duration or level is out of its range.
    """
    wrong = sorted(set(keys) - set(standard.keys))
    if not 1 <= len(keys) <= MAX_SIGNALS:
        raise EngineArgumentError(f"{len(keys)} MF signals: allowed are 1 to {MAX_SIGNALS}")
    if wrong:
        raise EngineArgumentError(
            f"MF signal {wrong[0]!r} in {keys!r}: allowed are {standard.keys}"
        )
    if not (0 <= on_ms <= MAX_MS and 0 <= off_ms <= MAX_MS and -60 <= level_dbm0 <= 0):
        raise EngineArgumentError(
            f"on {on_ms} ms, off {off_ms} ms, {level_dbm0} dBm0:"
            f" allowed are 0 to {MAX_MS} ms and -60 to 0 dBm0"
        )


class MfSender:
    """The engine's MF sender on arrays; with ``on_ms`` 0 the first signal never ends.

    Raises:
        EngineArgumentError: a signal, duration or level is out of its range.
    """

    def __init__(
        self,
        standard: MfStandard,
        keys: str,
        *,
        on_ms: int = 68,
        off_ms: int = 68,
        level_dbm0: float = -8.0,
    ) -> None:
        check_mf(standard, keys, on_ms=on_ms, off_ms=off_ms, level_dbm0=level_dbm0)
        out = ffi.new("aw_mf_sender **")
        status = lib.aw_mf_sender_new(
            out, standard, keys.encode("ascii"), on_ms, off_ms, level_dbm0
        )
        check(status, "MF sender")
        self._sender = ffi.gc(out[0], lib.aw_mf_sender_free)

    def read(self, count: int) -> Samples:
        """Return the next samples; fewer than ``count`` when the signals are over."""
        pcm = samples_of(count)
        return pcm[: lib.aw_mf_sender_read(self._sender, pointer(pcm), count)]
