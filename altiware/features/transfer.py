# SPDX-License-Identifier: MIT
"""Transfer: a party leaves two calls, and the others go on together in the second.

The second call goes on, whatever it is at: the held party takes the leaver's place in it and
hears ringback, the network, or the other party.  Two parties outside are not left to each
other, nor is an application left to another or to anybody outside: both calls end.
"""

from altiware.core.call import Call
from altiware.core.causes import Cause
from altiware.core.effects import Send
from altiware.core.ids import Party, PartyKind
from altiware.core.orders import Absorb, Clear, Join

__all__ = ["transfer"]


def transfer(owner: Party, held: Call, second: Call, at: float) -> list[Send]:
    """Return what the two calls are to be told when ``owner`` leaves both."""
    stays = held.other(owner)
    alone = _is_application(second.other(owner)) or _leads_outside(second, owner)
    if _is_application(stays) and alone:
        over = Clear(at, Cause.NORMAL)
        return [Send(held.id, over), Send(second.id, over)]
    if stays is None or (stays.kind is PartyKind.TRUNK and _leads_outside(second, owner)):
        over = Clear(at, Cause.TRUNK_TO_TRUNK)
        return [Send(held.id, over), Send(second.id, over)]
    caller = held.caller if stays == held.origin else None
    join = Join(at, owner, stays, caller, held.reached.get(stays))
    return [Send(second.id, join), Send(held.id, Absorb(at))]


def _is_application(party: Party | None) -> bool:
    return party is not None and party.kind is PartyKind.APPLICATION


def _leads_outside(call: Call, owner: Party) -> bool:
    other = call.other(owner)
    return call.decision is not None or (other is not None and other.kind is PartyKind.TRUNK)
