# SPDX-License-Identifier: MIT
"""A transferred call that nobody answers comes back to who transferred it.

Who hangs up while the third party rings has transferred blindly.  If that one doesn't answer in
time (``timers.transfer_s``), and the extension has nowhere where unanswered calls go, the telephone
of who transferred rings as for a party that it holds, whatever is set there; he hears that the call
comes back, and has it.  While he is busy it is tried again; if he can't be had the operator is.
"""

from typing import ClassVar, Final

from altiware.core.causes import Cause
from altiware.core.effects import Effect
from altiware.core.events import Event
from altiware.core.ids import Party, station
from altiware.core.numbering import Destination, Place
from altiware.core.signals import RingStyle
from altiware.features.effects import LeadOn
from altiware.features.fetching import Fetching
from altiware.features.speaking import phrases
from altiware.features.summons import Order

__all__ = ["PHRASES", "TransferReturn"]

PHRASES: Final = {
    "transfer-returned": "The call that you transferred was not answered.",
}


class TransferReturn(Fetching):
    """Brings one caller back."""

    patience_s: ClassVar[float] = 60.0

    @property
    def _transferrer(self) -> Party:
        return station(self.opening.service.argument)

    def order(self) -> Order:
        """Ring who transferred."""
        return Order(
            self._transferrer.name,
            self.desk.plan.timers.return_s,
            phrases("transfer-returned"),
            charged=self._transferrer,
            shown=self.opening.shown,
            style=RingStyle.RETURN,
            insists=True,
            join=self.opening.call,
        )

    def fail(self, event: Event, cause: Cause) -> list[Effect]:
        """Let the operator see to him; who is the operator has been called."""
        operator = self.desk.plan.operator_party
        if operator == self._transferrer:
            return super().fail(event, Cause.NO_ANSWER)
        to = Destination(Place.OPERATOR, operator)
        return [LeadOn(self.opening.call, to, Cause.NO_ANSWER, chosen=True)]
