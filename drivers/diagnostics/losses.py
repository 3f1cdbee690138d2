# SPDX-License-Identifier: MIT
"""What was lost between board and engine while something was measured.

A host that was busy for a moment spoils a measurement and says nothing about the board:
``undisturbed`` measures again where what is wrong may come from that, and says so if it stays.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from drivers.diagnostics.asking import ask
from drivers.diagnostics.readings import Reading
from drivers.diagnostics.session import Session
from drivers.service import Ability, Counters

__all__ = ["frames_lost", "undisturbed"]

TRIES: Final = 3
CALM_S: Final = 1.0
"""Nothing lost for so long: a good time to measure again ..."""
AWAIT_S: Final = 10.0
"""... which is waited for, but not longer."""
AT_THE_BOARD: Final = frozenset({"underruns", "slips"})


def frames_lost(session: Session) -> int:
    """Return how many frames were lost so far: on the link, at its ends, at the board.

    Raises:
        DriverError: the board doesn't answer.
    """
    lost = 0
    for link in session.engine.links():
        counts = session.engine.link_counters(link.link)
        lost += counts.bad_frames + counts.gaps + counts.dropped_out
        lost += counts.slips_in + counts.underruns_in + counts.slips_out + counts.underruns_out
    info = session.board.info
    if info is not None and info.abilities & Ability.COUNTERS:
        found = ask(session, session.board.counters, Counters).counts
        lost += sum(value for name, value in found if name in AT_THE_BOARD)
    return lost


def undisturbed(
    session: Session, measure: Callable[[], list[Reading]], tries: int = TRIES
) -> list[Reading]:
    """Measure until all is good or nothing was lost meanwhile, but at most ``tries`` times.

    Before it measures again it waits, for a while, until nothing is lost any more.

    Raises:
        DriverError: a port is in use, or the board can't.
    """
    found: list[Reading] = []
    lost = 0
    for number in range(tries):
        before = _calm(session) if number else frames_lost(session)
        found = measure()
        lost = frames_lost(session) - before
        if not lost or all(reading.is_good for reading in found):
            return found
    return [_spoilt(reading, lost) for reading in found]


def _calm(session: Session) -> int:
    """Wait until no frame was lost for a moment; return how many were lost so far."""
    until = session.engine.now + AWAIT_S
    lost = frames_lost(session)
    while session.engine.now < until:
        before = lost
        session.passes(CALM_S)
        lost = frames_lost(session)
        if lost == before:
            break
    return lost


def _spoilt(reading: Reading, lost: int) -> Reading:
    if reading.is_good:
        return reading
    said = f"{lost} frames were lost meanwhile: look at cable, hub and how busy the host is"
    return replace(reading, detail=f"{reading.detail}; {said}".removeprefix("; "))
