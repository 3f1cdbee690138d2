# SPDX-License-Identifier: MIT
"""Forwarding the calls of an extension from another telephone, by its password.

All calls go to the number that is asked for; ``*`` ends the forwarding.  The same numbers are
refused as at the extension's own telephone (:mod:`forwarding`).
"""

from typing import Final

from altiware.core.effects import Effect
from altiware.core.events import Event
from altiware.features.forwarding import set_forwarding
from altiware.features.identity import Identified, IdentityState

__all__ = ["RemoteForward"]

NO_MORE: Final = "*"


class RemoteForward(Identified):
    """Forwards the calls of another extension."""

    asks = "forward-from-enter"

    def granted(self, event: Event) -> list[Effect]:
        """Ask where to."""
        return self.ask(IdentityState.ASKING_NUMBER, "forward-enter-number")

    def numbered(self, event: Event, number: str) -> list[Effect]:
        """Forward there."""
        wanted = "" if number == NO_MORE else number
        return self.tell(set_forwarding(self.desk, self.extension, "all", wanted))
