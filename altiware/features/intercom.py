# SPDX-License-Identifier: MIT
"""Intercom: a call with a ring of its own, which says who speaks and goes on at once.

An analog telephone can't answer by itself: the handset is lifted, and then it is said whose call it
is.  What is set for unanswered calls takes no intercom call.
"""

from typing import Final

from altiware.core.numbering import Place
from altiware.core.signals import RingStyle
from altiware.features.directory import listed
from altiware.features.fetching import Fetching
from altiware.features.speaking import phrases
from altiware.features.summons import Order

__all__ = ["PHRASES", "Intercom"]

PHRASES: Final = {
    "intercom-call-from": "Intercom call from",
}
RING_S: Final = 30.0


class Intercom(Fetching):
    """One intercom call."""

    for_stations = True

    def is_possible(self) -> bool:
        """Whether another station was dialled."""
        to = self.desk.dial_plan.destination(self.opening.digits)
        return to.place is Place.STATION and to.party != self.opening.caller

    def order(self) -> Order:
        """Ring whom was dialled."""
        stations = self.desk.plan.stations
        own = next(each for each in stations if each.party == self.opening.caller)
        return Order(
            self.opening.digits,
            RING_S,
            (*phrases("intercom-call-from"), *listed(own, self.desk.settings)),
            charged=own.party,
            shown=self.opening.shown,
            style=RingStyle.INTERCOM,
            join=self.opening.call,
        )
