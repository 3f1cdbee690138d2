# SPDX-License-Identifier: MIT
"""Finding a trunk for an outgoing call by its routes; for an emergency, making one free."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from altiware.core.call import Call
from altiware.core.ids import CallId, Party
from altiware.core.plan import TrunkDirection
from altiware.core.trunk import Trunk, TrunkState
from altiware.features.outgoing import Way

__all__ = ["any_in_service", "call_to_preempt", "free_trunk", "free_way"]

S = TrunkState


def free_way(
    trunks: Mapping[Party, Trunk], ways: Sequence[Way], tried: Collection[Party]
) -> tuple[Trunk, Way] | None:
    """Return the first idle trunk that hasn't been tried, and the way that it is of."""
    for way in ways:
        for party in way.trunks:
            trunk = trunks.get(party)
            if trunk is None or party in tried or trunk.state is not S.IDLE:
                continue
            if trunk.trunk.direction is not TrunkDirection.IN:
                return trunk, way
    return None


def free_trunk(trunks: Iterable[Trunk], tried: Collection[Party]) -> Trunk | None:
    """Return the first idle trunk for an emergency call.

    It takes one that is meant for calls from outside too, and tries those again that gave no dial
    tone.
    """
    idle = [trunk for trunk in trunks if trunk.state is S.IDLE]
    fresh = [trunk for trunk in idle if trunk.party not in tried]
    return next(iter(fresh or idle), None)


def any_in_service(trunks: Iterable[Trunk]) -> bool:
    """Tell whether any trunk may become free at all."""
    return any(trunk.state is not S.LOST for trunk in trunks)


def call_to_preempt(
    trunks: Iterable[Trunk],
    at: Mapping[Party, CallId],
    calls: Mapping[CallId, Call],
    waiting: int,
) -> Call | None:
    """Return the call that must give up its trunk, for ``waiting`` emergency calls in all.

    None: enough trunks are on their way to being free, or all others carry emergency calls, or
    the ringing of outside callers, which nothing on our side of the line can stop.
    """
    busy = list(trunks)
    if sum(trunk.state is S.GUARD for trunk in busy) >= waiting:
        return None
    closed = {S.SEIZING, S.SENDING, S.PROCEEDING, S.TALKING, S.HOLDING_ON}
    for trunk in busy:
        call = calls.get(at.get(trunk.party, CallId("")))
        emergency = call is not None and call.decision is not None and call.decision.emergency
        if trunk.state in closed and call is not None and not emergency:
            return call
    return None
