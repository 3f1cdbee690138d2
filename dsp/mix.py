# SPDX-License-Identifier: MIT
"""The conference sum, total minus own (native/include/aw/mix.h), for tools and tests."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dsp.native import check, ffi, lib
from dsp.pcm import Samples, pointer

__all__ = ["UNITY", "Party", "Talkers", "mix_minus"]

UNITY = int(lib.AW_MIX_UNITY)
"""Gain of 0 dB."""


@dataclass(frozen=True, slots=True)
class Party:
    """What one party says, and at which gain."""

    pcm: Samples | None
    "None: says nothing."
    gain: int = UNITY
    end_gain: int | None = None
    "Gain just after the last sample, reached in a straight line; None: the same."
    listens: bool = True


def mix_minus(parties: Sequence[Party], count: int) -> list[Samples | None]:
    """Return what each party hears in ``count`` samples; None where nobody listens."""
    heard = _outputs(parties, count)
    lib.aw_mix_minus(_native(parties, heard), len(parties), count)
    return heard


class Talkers:
    """The loudest of a conference.

    Raises:
        EngineArgumentError: more than 128 parties, or none of them heard.
    """

    def __init__(self, parties: int, loudest: int) -> None:
        out = ffi.new("aw_talkers **")
        check(lib.aw_talkers_new(out, parties, loudest), f"{loudest} loudest of {parties}")
        self._talkers = ffi.gc(out[0], lib.aw_talkers_free)
        self._count = parties

    def mix(self, parties: Sequence[Party], count: int) -> list[Samples | None]:
        """Mix only those who have the floor."""
        heard = _outputs(parties, count)
        native = _native(parties, heard)
        lib.aw_talkers_gate(self._talkers, native, count)
        lib.aw_mix_minus(native, len(parties), count)
        return heard

    @property
    def speaking(self) -> list[int]:
        """The parties that have the floor."""
        speaking = lib.aw_talkers_speaking
        return [party for party in range(self._count) if speaking(self._talkers, party)]


def _outputs(parties: Sequence[Party], count: int) -> list[npt.NDArray[np.int16] | None]:
    return [np.zeros(count, np.int16) if party.listens else None for party in parties]


def _native(parties: Sequence[Party], heard: Sequence[Samples | None]) -> Any:
    native = ffi.new("aw_mix_party[]", len(parties))
    for row, party, out in zip(native, parties, heard, strict=True):
        row.out = ffi.NULL if out is None else pointer(out)
        said = ffi.NULL if party.pcm is None else pointer(party.pcm)
        setattr(row, "in", said)
        setattr(row, "from", party.gain)
        row.to = party.gain if party.end_gain is None else party.end_gain
    return native
