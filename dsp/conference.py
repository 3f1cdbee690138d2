# SPDX-License-Identifier: MIT
"""Conferences of an engine: the part of ``dsp.engine.Engine`` that opens rooms and seats parties.

Every party hears the total minus its own part, bit for bit where gains are 0 dB, and saturated
only at its ear.  Recording a room: let a recorder listen to it.  An entry tone: let the room
listen to a tone or player that ends.  A whisper: let one party listen to the whisperer, who has
joined muted.  Joining, leaving, muting and gains slide over one tick.
"""

import math
from dataclasses import dataclass
from typing import Final

from dsp.engine_part import EnginePart
from dsp.errors import EngineArgumentError
from dsp.native import lib
from dsp.ranges import GAIN_DB, factor

__all__ = ["Conference", "Conferences", "Seated"]

GIVES_MAX_DB: Final = 18.0
"Largest amplification of what a party gives."


@dataclass(frozen=True, slots=True)
class Conference:
    """A conference as the engine has it."""

    capacity: int
    loudest: int
    "Of how many the room is heard at a time; 0: of all."
    parties: int


@dataclass(frozen=True, slots=True)
class Seated:
    """A port as a party of a conference."""

    conference: int
    gain_in_db: float
    gain_out_db: float
    muted: bool
    speaking: bool
    "In a conference of the loudest: has the floor."


class Conferences(EnginePart):
    """What an engine does with conferences."""

    def open_conference(self, parties: int | None = None, *, loudest: int = 0) -> int:
        """Open a conference of up to ``parties`` (None: any number); as a port it says the whole.

        What the conference itself listens to is heard by every party.  With ``loudest`` (up to
        32) only so many parties are heard at a time.
        """
        if parties is not None and not 1 <= parties <= lib.AW_PARTIES_MAX:
            raise EngineArgumentError(
                f"a conference of {parties} parties: allowed are 1 to {lib.AW_PARTIES_MAX}"
            )
        if not 0 <= loudest <= lib.AW_LOUDEST_MAX:
            raise EngineArgumentError(
                f"the {loudest} loudest: allowed are 0 (all) to {lib.AW_LOUDEST_MAX}"
            )
        return self._open_port(lib.AW_PORT_CONFERENCE, parties or 0, loudest)

    def join(
        self,
        conference: int,
        port: int,
        *,
        gain_in_db: float = 0.0,
        gain_out_db: float = 0.0,
        muted: bool = False,
    ) -> None:
        """Add a party: it hears all the others, and they hear it.  A port joins one at most.

        ``gain_in_db`` (-30 to 18) is on what it gives, ``gain_out_db`` (-30 to 30) on what it
        gets of the others.  A muted party gives nothing.  Counted as refused, and without effect:
        a port that has joined already, a conference that is full or none.
        """
        gives, gets = _gives(gain_in_db), factor(gain_out_db)
        self._known(conference, port).join(conference, port, gives, gets, muted=muted, anew=True)

    def set_party(
        self,
        conference: int,
        port: int,
        *,
        gain_in_db: float = 0.0,
        gain_out_db: float = 0.0,
        muted: bool = False,
    ) -> None:
        """Change the gains of a party, mute it or let it speak again; as ``join`` has them.

        Counted as refused, and without effect: a port that has not joined this conference.
        """
        gives, gets = _gives(gain_in_db), factor(gain_out_db)
        self._known(conference, port).join(conference, port, gives, gets, muted=muted, anew=False)

    def leave(self, conference: int, port: int) -> None:
        """Take a party out."""
        self._known(conference, port).leave(conference, port)

    def joined(self, conference: int) -> list[int]:
        """Return the ports that have joined a conference."""
        self._known(conference)
        return [port for port in self.open_ports() if self._entry(port).conference == conference]

    def conference(self, port: int) -> Conference | None:
        """Return what a conference is; None when the port is none, or closed."""
        e = self._entry(port)
        if e.kind != lib.AW_PORT_CONFERENCE:
            return None
        return Conference(int(e.capacity), int(e.loudest), int(e.parties))

    def seated(self, port: int) -> Seated | None:
        """Return how a port has joined; None when it has not."""
        e = self._entry(port)
        if not e.conference:
            return None
        return Seated(int(e.conference), _db(e.gives), _db(e.gets), bool(e.muted), bool(e.speaking))


def _gives(gain_db: float) -> float:
    if not -GAIN_DB <= gain_db <= GIVES_MAX_DB:
        raise EngineArgumentError(
            f"gain {gain_db} dB of what a party gives:"
            f" allowed are -{GAIN_DB:.0f} to {GIVES_MAX_DB:.0f} dB"
        )
    return factor(gain_db)


def _db(gain: float) -> float:
    return round(20 * math.log10(gain), 3) if gain > 0 else -math.inf
