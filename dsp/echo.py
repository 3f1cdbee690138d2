# SPDX-License-Identifier: MIT
"""Line echo cancellers, sixteen side by side or one alone (native/include/aw/echo.h).

For tools and tests; on the bus the engine drives the same groups without Python.
"""

import enum
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dsp.native import check, ffi, lib
from dsp.pcm import Samples, pointer, samples_of

__all__ = [
    "BLOCK",
    "LANES",
    "EchoCanceller",
    "EchoGroup",
    "EchoView",
    "EchoWant",
    "simd_name",
    "view_of",
]

BLOCK: Final = 40
"""Samples of a call's unit: 5 ms."""

LANES: Final = 16
"""Channels of a group."""

Rows = npt.NDArray[np.int16]


class EchoWant(enum.IntFlag):
    """What a lane shall do beside cancelling."""

    NONE = 0
    NLP = 1
    "Replace the residual echo by comfort noise."
    DISABLER = 2
    "Step aside for a modem: 2100 Hz with phase reversals (G.168 clause 7)."
    SEARCH = 4
    "Find a fixed delay before the tail; the group must have been made with one."


@dataclass(frozen=True, slots=True)
class EchoView:
    """What a lane knows of its line, live."""

    erl_db: float
    "Far end over echo estimate while the far end speaks; 0 until there is one."
    erle_db: float
    "Near end over residual, before the non-linear processor, while the far end speaks."
    floor_dbm0: float
    "Noise of the near end; -99 when there is none."
    delay_ms: int
    "Found and taken out before the tail."
    resets: int
    "Times the path was found changed and forgotten."
    open: bool
    converged: bool
    "15 dB reached since the last reset."
    frozen: bool
    "The far end is a tone: nothing is learnt."
    disabled: bool
    "A modem has asked for silence."
    suppressing: bool
    "The non-linear processor is closed."


def view_of(view: Any) -> EchoView:
    """Copy an ``aw_echo_view``."""
    return EchoView(
        erl_db=view.erl_db,
        erle_db=view.erle_db,
        floor_dbm0=view.floor_dbm0,
        delay_ms=view.delay_ms,
        resets=view.resets,
        open=bool(view.open),
        converged=bool(view.converged),
        frozen=bool(view.frozen),
        disabled=bool(view.disabled),
        suppressing=bool(view.suppressing),
    )


def simd_name() -> str:
    """Return the instruction set that new groups use; ``ALTIWARE_SIMD`` may name another."""
    name: bytes = ffi.string(lib.aw_simd_name(lib.aw_simd_choose()))
    return name.decode()


class EchoGroup:
    """Sixteen lanes with tails of up to ``tail_ms``, and up to ``delay_ms`` before them."""

    def __init__(self, tail_ms: int = 32, *, delay_ms: int = 0) -> None:
        out = ffi.new("aw_echo_group **")
        check(lib.aw_echo_group_new(out, tail_ms, delay_ms), f"echo group of {tail_ms} ms")
        self.handle = ffi.gc(out[0], lib.aw_echo_group_free)
        "The C object, for benchmarks."

    def open(self, lane: int, tail_ms: int, wants: EchoWant = EchoWant.NLP) -> None:
        """Start a lane anew.

        Raises:
            EngineArgumentError: no such lane, or the group cannot do this.
        """
        check(lib.aw_echo_open(self.handle, lane, tail_ms, int(wants)), f"echo lane {lane}")

    def reset(self, lane: int) -> None:
        """Forget all that an open lane has learnt."""
        check(lib.aw_echo_reset(self.handle, lane), f"reset of echo lane {lane}")

    def close(self, lane: int) -> None:
        """Stop a lane; its near end then passes."""
        check(lib.aw_echo_close(self.handle, lane), f"closing echo lane {lane}")

    def look(self, lane: int) -> EchoView:
        """Read a lane."""
        view = ffi.new("aw_echo_view *")
        check(lib.aw_echo_look(self.handle, lane, view), f"echo lane {lane}")
        return view_of(view)

    @property
    def size(self) -> int:
        """Bytes that the group occupies."""
        return int(lib.aw_echo_group_bytes(self.handle))

    def feed(self, lane: int, far: Samples, near: Samples) -> Samples:
        """Run one lane alone; the others must be closed.

        Raises:
            ValueError: the lengths differ or are no multiple of 40.
        """
        if len(far) != len(near) or len(far) % BLOCK:
            raise ValueError(f"{len(far)} and {len(near)} samples: one multiple of {BLOCK} wanted")
        out = samples_of(len(near))
        rows = pointer(far), pointer(near), pointer(out)
        check(lib.aw_echo_feed(self.handle, lane, *rows, len(near)), f"echo lane {lane}")
        return out

    def process(self, far: Rows, near: Rows) -> Rows:
        """Cancel in 16 rows of a multiple of 40 samples.

        Raises:
            ValueError: the arrays are not of one such shape.
        """
        if far.shape != near.shape or far.ndim != 2 or far.shape[0] != LANES:
            raise ValueError(f"{far.shape} and {near.shape}: both must be ({LANES}, n)")
        if far.shape[1] % BLOCK:
            raise ValueError(f"{far.shape[1]} samples: must be a multiple of {BLOCK}")
        far, near = (np.ascontiguousarray(rows, dtype=np.int16) for rows in (far, near))
        out = np.zeros_like(near)
        for at in range(0, far.shape[1], BLOCK):
            rows = [
                ffi.new("int16_t *[]", [pointer(row) + at for row in array])
                for array in (far, near, out)
            ]
            lib.aw_echo_process_rows(self.handle, *rows)
        return out


class EchoCanceller:
    """One channel: a group with one open lane."""

    def __init__(
        self, tail_ms: int = 32, wants: EchoWant = EchoWant.NLP, *, delay_ms: int = 0
    ) -> None:
        self._group = EchoGroup(tail_ms, delay_ms=delay_ms)
        self._group.open(0, tail_ms, wants)

    def feed(self, far: Samples, near: Samples) -> Samples:
        """Return the near end without the far end's echo; a multiple of 40 samples.

        Raises:
            ValueError: the lengths differ or are no such multiple.
        """
        return self._group.feed(0, far, near)

    def look(self) -> EchoView:
        """Read the channel."""
        return self._group.look(0)
