# SPDX-License-Identifier: MIT
"""Patch cables: a telephone port joined to an office port, of two boards or of one.

    stage = Stage(("Q12", "Q12"), patches=(((0, 4), (1, 0)),))    # board and port, FXS then FXO

Both ports are on one loop: the one feeds and rings it, the other closes it.  In the voice band
each end says what came out of the line at the other, so that a call goes through both codecs and
hybrids, as it does where a technician has cabled two boards.  Each port's line is half of the
cable's loss and noise; the filter of an EIA loop is passed twice.  Nobody stands at such a line:
it has no telephone and no office.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from boards_sim.actor import Actor, StageClock
from boards_sim.clock import FRAME
from boards_sim.fxs import feed_of
from boards_sim.loop import LineNature, Load, Loop
from boards_sim.profiles import Profile
from drivers.base import Linefeed, PortKind
from dsp.tones import Country

__all__ = ["Cabling", "Patch", "PatchEnd", "Place"]

Samples = npt.NDArray[np.int16]

Place = tuple[int, int]
"""Board and port."""
Patch = tuple[Place, Place]
"""The telephone port and the office port."""

HALF_DB: Final = 3.0


class PatchEnd(Actor):
    """One end of a cable, in the place of a telephone or an office."""

    def __init__(self, name: str, loop: Loop, clock: StageClock, country: Country) -> None:
        super().__init__(name, loop, clock, country)
        self.other = self
        self._brought: Samples = np.zeros(FRAME, np.int16)

    def give(self, said: Samples) -> None:
        """Say what the line of the other end has brought last, once."""
        said[:] = self._brought
        self._brought[:] = 0

    def get(self, heard: Samples, loud: bool) -> None:
        """Carry on what came out of this end's line."""
        self.other.take(heard)

    def take(self, brought: Samples) -> None:
        """Be given the frame that is to be said next."""
        self._brought[:] = brought


class Cabling:
    """All cables of a stage.

    Raises:
        ValueError: a cable is not from a telephone port to an office port, or a port has two.
    """

    def __init__(
        self,
        patches: Sequence[Patch],
        kinds: Sequence[Profile],
        nature: LineNature,
        clock: StageClock,
        country: Country,
    ) -> None:
        self._ends: dict[Place, PatchEnd] = {}
        for fxs, fxo in patches:
            self._check(kinds, fxs, PortKind.FXS)
            self._check(kinds, fxo, PortKind.FXO)
            loop = Loop(_half(nature), feed_of(Linefeed.OPEN), Load())
            name = f"cable {_text(fxs)} to {_text(fxo)}"
            near, far = (PatchEnd(name, loop, clock, country) for _ in range(2))
            near.other, far.other = far, near
            self._ends |= {fxs: near, fxo: far}

    def end(self, board: int, port: int) -> PatchEnd | None:
        """Return what is plugged into a port; None: no cable."""
        return self._ends.get((board, port))

    def _check(self, kinds: Sequence[Profile], place: Place, kind: PortKind) -> None:
        board, port = place
        is_there = 0 <= board < len(kinds) and 0 <= port < len(kinds[board].ports)
        if not is_there or kinds[board].ports[port] is not kind:
            raise ValueError(f"a cable to {_text(place)}: that is no {kind.value} port")
        if place in self._ends:
            raise ValueError(f"a cable to {_text(place)}: there is one already")


def _text(place: Place) -> str:
    return f"{place[0]}:{place[1]}"


def _half(nature: LineNature) -> LineNature:
    """Return the half of a line: two of them in a row are the whole."""
    loss_db = None if nature.loss_db is None else nature.loss_db / 2
    noise = None if nature.noise_dbrnc is None else nature.noise_dbrnc - HALF_DB
    return replace(nature, loss_db=loss_db, noise_dbrnc=noise)
