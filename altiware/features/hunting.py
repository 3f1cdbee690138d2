# SPDX-License-Identifier: MIT
"""Finding a trunk for an outgoing call; for an emergency, making one free."""

from collections.abc import Collection, Iterable, Mapping

from altiware.core.call import Call
from altiware.core.ids import CallId, Party
from altiware.core.plan import TrunkDirection
from altiware.core.trunk import Trunk, TrunkState

__all__ = ["any_in_service", "call_to_preempt", "free_trunk"]

S = TrunkState


def free_trunk(
    trunks: Iterable[Trunk], tried: Collection[Party], *, emergency: bool
) -> Trunk | None:
    """Return the first idle trunk in the order of the plan that hasn't been tried.

    A trunk that is only for calls from outside carries emergency calls too.
    """
    for trunk in trunks:
        fits = emergency or trunk.trunk.direction is not TrunkDirection.IN
        if fits and trunk.state is S.IDLE and trunk.party not in tried:
            return trunk
    return None


def any_in_service(trunks: Iterable[Trunk]) -> bool:
    """Tell whether any trunk may become free at all."""
    return any(trunk.state is not S.LOST for trunk in trunks)


def call_to_preempt(
    trunks: Iterable[Trunk], at: Mapping[Party, CallId], calls: Mapping[CallId, Call]
) -> Call | None:
    """Return the call that must give up its trunk to an emergency call.

    None: a trunk is on its way to being free, or all carry emergency calls, or the ringing of
    outside callers, which nothing on our side of the line can stop.
    """
    busy = list(trunks)
    if any(trunk.state is S.GUARD for trunk in busy):
        return None
    closed = {S.SEIZING, S.SENDING, S.PROCEEDING, S.TALKING, S.HOLDING_ON}
    for trunk in busy:
        call = calls.get(at.get(trunk.party, CallId("")))
        emergency = call is not None and call.decision is not None and call.decision.emergency
        if trunk.state in closed and call is not None and not emergency:
            return call
    return None
