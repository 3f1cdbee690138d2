# SPDX-License-Identifier: MIT
"""A burn-in: all tests of a board again and again, and what was the worst of each.

``burn_in(session, seconds, tell)`` returns when the time is over, after whole cycles only; the
board must be free.  Nothing is judged here but by the limits that readings have.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from drivers.diagnostics.asking import ask
from drivers.diagnostics.losses import undisturbed
from drivers.diagnostics.readings import BOARD_WIDE, Reading
from drivers.diagnostics.selftest import self_test
from drivers.diagnostics.session import Session
from drivers.diagnostics.transmission import crosstalk, idle_noise, loopback, prbs, response
from drivers.service import Ability, BoardMeter, BoardTime, Counters, Prbs

__all__ = ["BurnIn", "Cycle", "burn_in"]

PRBS_S: Final = 5.0
TRIES: Final = 10
"""Of what lost frames may have spoilt: a burn-in has time, and its host has other work."""
ANSWERS: Final = 20
"""Orders timed in each cycle."""
MS: Final = 1000.0

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Cycle:
    """One round of all tests."""

    at_s: float
    "Since the beginning."
    readings: tuple[Reading, ...]
    celsius: float | None
    frames_lost: int
    "On the link, in this cycle."
    answers_ms: tuple[float, ...]
    "How long the board took to answer: their spread is the link's jitter."

    @property
    def faults(self) -> tuple[Reading, ...]:
        """What was outside of its limits."""
        return tuple(reading for reading in self.readings if not reading.is_good)


@dataclass(slots=True)
class BurnIn:
    """What a burn-in has found."""

    cycles: list[Cycle] = field(default_factory=list)
    counters: dict[str, int] = field(default_factory=dict)
    "What the board counted meanwhile."
    seconds: float = 0.0

    @property
    def is_good(self) -> bool:
        """Whether nothing was ever outside of its limits."""
        return bool(self.cycles) and not any(cycle.faults for cycle in self.cycles)

    @property
    def worst(self) -> list[Reading]:
        """Of each value the one that was nearest to its limit, or furthest outside."""
        found: dict[tuple[str, int, str], Reading] = {}
        for cycle in self.cycles:
            for reading in cycle.readings:
                key = (reading.test, reading.port, reading.what)
                if key not in found or reading.margin < found[key].margin:
                    found[key] = reading
        return list(found.values())


def burn_in(
    session: Session,
    seconds: float,
    tell: Callable[[Cycle], object],
    clock: Clock = time.monotonic,
) -> BurnIn:
    """Test a whole board for so long, at least once.

    Raises:
        DriverError: a port is in use, the board can't, or it went away.
    """
    info = session.board.info
    ports = [each.number for each in info.ports] if info else []
    found = BurnIn()
    began, counted = session.engine.now, _counters(session)
    while not found.cycles or session.engine.now - began < seconds:
        cycle = _cycle(session, ports, began, clock)
        found.cycles.append(cycle)
        tell(cycle)
    found.seconds = session.engine.now - began
    found.counters = {
        name: value - counted.get(name, 0) for name, value in _counters(session).items()
    }
    return found


def _cycle(session: Session, ports: Sequence[int], began: float, clock: Clock) -> Cycle:
    at_s = session.engine.now - began
    before = _link_losses(session)
    readings = _self_test(session)
    tests: list[Callable[[], list[Reading]]] = [
        lambda: loopback(session, ports),
        lambda: prbs(session, ports, Prbs.PRBS_9, seconds=PRBS_S),
        lambda: prbs(session, ports, Prbs.PRBS_15, seconds=PRBS_S),
        lambda: response(session, ports),
        lambda: idle_noise(session, ports),
        lambda: crosstalk(session, ports),
    ]
    for test in tests:
        readings += undisturbed(session, test, TRIES)
    lost = _link_losses(session) - before
    return Cycle(at_s, tuple(readings), _celsius(session), lost, _answers_ms(session, clock))


def _self_test(session: Session) -> list[Reading]:
    failures = self_test(session)
    said = ", ".join(failures)
    return [Reading("selftest", BOARD_WIDE, "failures", len(failures), "", 0, 0, said)]


def _answers_ms(session: Session, clock: Clock) -> tuple[float, ...]:
    found = []
    for _ in range(ANSWERS):
        asked = clock()
        ask(session, session.board.time, BoardTime)
        found.append((clock() - asked) * MS)
    return tuple(found)


def _celsius(session: Session) -> float | None:
    info = session.board.info
    if info is None or not info.abilities & Ability.METER:
        return None
    return ask(session, session.board.meter, BoardMeter).celsius


def _counters(session: Session) -> dict[str, int]:
    info = session.board.info
    if info is None or not info.abilities & Ability.COUNTERS:
        return {}
    return dict(ask(session, session.board.counters, Counters).counts)


def _link_losses(session: Session) -> int:
    counts = [session.engine.link_counters(link.link) for link in session.engine.links()]
    return sum(
        each.gaps + each.bad_frames + each.slips_in + each.slips_out + each.dropped_out
        for each in counts
    )
