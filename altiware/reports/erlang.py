# SPDX-License-Identifier: MIT
"""Erlang's two formulas, and what an office asks of them: how many trunks, how many agents.

Both suppose calls that come at random and independently of each other (Poisson), and any (B) or
exponential (C) holding times.  B is for calls that are lost when all are busy, C for calls that
wait until somebody is free; nobody gives up waiting there, so it needs rather too many agents.
"""

import math
from typing import Final

__all__ = [
    "MOST_SERVERS",
    "agents_needed",
    "average_wait_s",
    "blocking",
    "service_level",
    "trunks_needed",
    "waiting",
]

MOST_SERVERS: Final = 10_000
"""No office has more; beyond it a search has been asked for something senseless."""


def blocking(trunks: int, erlangs: float) -> float:
    """Return Erlang B: which share of the calls offered finds all trunks busy.

    By the recursion B(n) = A·B(n-1) / (n + A·B(n-1)) with B(0) = 1, which neither overflows nor
    cancels, whatever the numbers.

    Raises:
        ValueError: there can't be so many trunks or erlangs.
    """
    _check(trunks, erlangs)
    lost = 1.0
    for number in range(1, trunks + 1):
        lost = erlangs * lost / (number + erlangs * lost)
    return lost


def waiting(agents: int, erlangs: float) -> float:
    """Return Erlang C: which share of the calls has to wait; all, where agents can't keep up.

    Raises:
        ValueError: there can't be so many agents or erlangs.
    """
    lost = blocking(agents, erlangs)
    if agents <= erlangs:
        return 1.0 if erlangs else 0.0
    return agents * lost / (agents - erlangs * (1.0 - lost))


def service_level(agents: int, erlangs: float, hold_s: float, within_s: float) -> float:
    """Return which share of the calls is answered within so many seconds.

    ``hold_s``: how long an agent has a call, with what he does after it.
    """
    if agents <= erlangs:
        return 0.0 if erlangs else 1.0
    patience = math.exp(-(agents - erlangs) * within_s / hold_s)
    return 1.0 - waiting(agents, erlangs) * patience


def average_wait_s(agents: int, erlangs: float, hold_s: float) -> float:
    """Return how long calls wait on the average, those that don't among them."""
    if agents <= erlangs:
        return math.inf if erlangs else 0.0
    return waiting(agents, erlangs) * hold_s / (agents - erlangs)


def trunks_needed(erlangs: float, lost: float = 0.01) -> int:
    """Return with how many trunks at most this share of calls finds them all busy.

    Raises:
        ValueError: the share isn't above 0, or it would take more than ``MOST_SERVERS``.
    """
    if lost <= 0.0:
        raise ValueError(f"{lost}: no number of trunks loses nothing")
    _check(0, erlangs)
    share, trunks = (1.0 if erlangs else 0.0), 0
    while share > lost:
        trunks += 1
        if trunks > MOST_SERVERS:
            raise ValueError(f"{erlangs} erlangs need more than {MOST_SERVERS} trunks")
        share = erlangs * share / (trunks + erlangs * share)
    return trunks


def agents_needed(erlangs: float, hold_s: float, within_s: float, level: float) -> int:
    """Return with how many agents this share of calls is answered within so many seconds.

    Raises:
        ValueError: the share isn't below 1, or it would take more than ``MOST_SERVERS``.
    """
    if not 0.0 <= level < 1.0:
        raise ValueError(f"{level}: a share of 0 up to, but without, 1")
    _check(0, erlangs)
    if erlangs == 0.0:
        return 0
    for agents in range(math.floor(erlangs) + 1, MOST_SERVERS + 1):
        if service_level(agents, erlangs, hold_s, within_s) >= level:
            return agents
    raise ValueError(f"{erlangs} erlangs need more than {MOST_SERVERS} agents")


def _check(servers: int, erlangs: float) -> None:
    if not 0 <= servers <= MOST_SERVERS:
        raise ValueError(f"{servers}: 0 to {MOST_SERVERS}")
    if not 0.0 <= erlangs < math.inf:
        raise ValueError(f"{erlangs}: 0 or more erlangs")
