# SPDX-License-Identifier: MIT
"""Whom each station called last, who called it last, and how many messages wait for it.

Forgotten when the service ends; the mailboxes tell theirs again when it starts.
"""

from altiware.core.call import Call
from altiware.core.ids import Party, PartyKind
from altiware.core.numbering import Destination, Place

__all__ = ["Memory"]


class Memory:
    """What redial and the last caller need to know."""

    def __init__(self) -> None:
        self.dialled: dict[Party, Destination] = {}
        "Where the last number led that a station dialled; codes don't count."
        self.callers: dict[Party, Destination] = {}
        "How to reach who rang at a station last."
        self.messages: dict[Party, int] = {}
        "New messages of each station that was told of some, for its lamp."

    def note_number(self, caller: Party, to: Destination) -> None:
        """Remember where a call of a station leads."""
        known = to.place is not Place.NOWHERE and not to.by_code
        if caller.kind is PartyKind.STATION and known:
            self.dialled[caller] = to

    def note_caller(self, called: Party, call: Call) -> None:
        """Remember who is at the other end of a call that rings at a station."""
        caller = call.near
        if called.kind is not PartyKind.STATION or caller == called:
            return
        if caller.kind is PartyKind.STATION:
            self.callers[called] = Destination(Place.STATION, caller)
        elif caller.kind is PartyKind.TRUNK and call.caller is not None and call.caller.number:
            self.callers[called] = Destination(Place.OUTSIDE, digits=call.caller.number)
        elif caller.kind is PartyKind.TRUNK:
            self.callers.pop(called, None)
