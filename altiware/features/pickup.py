# SPDX-License-Identifier: MIT
"""Call pickup: answering here what rings elsewhere.

One code takes the call that rings at an extension, one any call that rings in the office, one that
of the extension's own pickup group.  A parked call is retrieved with its own code (``park``).
"""

import enum
from collections.abc import Iterator
from typing import ClassVar, Final

from altiware.core.call import Call, CallState
from altiware.core.causes import Cause
from altiware.core.effects import Effect
from altiware.core.events import Event
from altiware.core.ids import Party, PartyKind
from altiware.core.legs import Connect, Key, Offer, Release, Wait
from altiware.features.applications import Conversation, Rows
from altiware.features.effects import Pick

__all__ = ["EVENTS", "IGNORED", "Pickup", "PickupState"]

ONE: Final = "one"
GROUP: Final = "group"
RINGING: Final = (CallState.ALERTING, CallState.PRESENTED)


class PickupState(enum.Enum):
    """It is over as soon as it has begun."""

    NEW = "new"
    DONE = "done"


S = PickupState


class Pickup(Conversation):
    """Somebody who takes a call that rings at another telephone."""

    first = S.NEW
    rows: ClassVar[Rows]

    def _take(self, event: Event) -> list[Effect]:
        taker = self.opening.caller
        found = next(
            iter(sorted(self._ringing(), key=lambda call: call.times.alerting_at or 0.0)), None
        )
        if found is None or taker.kind is not PartyKind.STATION:
            return self.refuse(event, Cause.WRONG_NUMBER)
        return [Pick(taker, self.opening.call, found.id)]

    def _ringing(self) -> Iterator[Call]:
        """Yield what rings where he may take it from."""
        wanted = set(self._wanted())
        for call in self.desk.calls.values():
            if call.state in RINGING and call.far in wanted and call.near != self.opening.caller:
                yield call

    def _wanted(self) -> Iterator[Party]:
        kind = self.opening.service.argument
        if kind == ONE:
            to = self.desk.dial_plan.destination(self.opening.digits)
            yield from [to.party] if to.party is not None else []
            return
        own = next(
            (each for each in self.desk.plan.stations if each.party == self.opening.caller), None
        )
        group = own.pickup_group if own is not None else ""
        for station in self.desk.plan.stations:
            if kind != GROUP or (group and station.pickup_group == group):
                yield station.party


EVENTS: Final[tuple[type[Event], ...]] = (Offer, Connect, Key, Wait, Release)

Pickup.rows = {(S.NEW, Offer): (S.DONE, Pickup._take)}

IGNORED: Final = frozenset(
    {(S.NEW, event) for event in EVENTS if event is not Offer} | {(S.DONE, e) for e in EVENTS}
)
"""It is never connected: the call goes to the taker, not to it."""
