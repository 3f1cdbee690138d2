# SPDX-License-Identifier: MIT
"""The applications that are going on, and how one begins."""

import itertools
from collections.abc import Mapping

from altiware.core.call import Call
from altiware.core.causes import Cause
from altiware.core.ids import CallId, Party, PartyKind, application
from altiware.core.numbering import Destination
from altiware.core.signals import Caller
from altiware.features.applications import Conversation, Desk, Factory, Opening

__all__ = ["Conversations"]


def _serves(factory: Factory, call: Call) -> bool:
    """Whether an application is for whoever is at a call: codes are for stations alone."""
    if not getattr(factory, "for_stations", False):
        return True
    led = any(each.kind is PartyKind.STATION for each in call.led)
    return call.near.kind is PartyKind.STATION and not led


class Conversations:
    """All conversations of applications."""

    def __init__(self, desk: Desk, factories: Mapping[str, Factory]) -> None:
        self.open: dict[Party, Conversation] = {}
        self._desk = desk
        self._factories = factories
        self._numbers = itertools.count(1)
        self._sessions: dict[Party, CallId] = {}

    def begin(
        self, call: Call, who: Party, to: Destination, shown: Caller | None, cause: Cause | None
    ) -> Party | None:
        """Open the application that ``who`` is led to; None: there is no such one."""
        factory = self._factories.get(to.service.kind) if to.service is not None else None
        if factory is None or to.service is None or not _serves(factory, call):
            return None
        number = next(self._numbers)
        party = application(to.service.words, number)
        opening = Opening(
            party, to.service, call.id, who, shown, to.digits, call.led, cause, call.digits
        )
        conversation = factory(self._desk, opening)
        if conversation is None:
            return None
        self.open[party] = conversation
        return party

    def add(self, conversation: Conversation, session: CallId | None) -> None:
        """Take in one that sets up calls itself, in a session or (None) each in its own."""
        self.open[conversation.party] = conversation
        if session is not None:
            self._sessions[conversation.party] = session

    def watching(self, what: Party | CallId) -> list[Conversation]:
        """Return who is told of every change of a station or call."""
        return [each for each in self.open.values() if each.watches(what)]

    def session_of(self, party: Party) -> CallId | None:
        """Return the session of the calls that a party sets up; None: each has its own."""
        return self._sessions.get(party)

    def forget(self, party: Party) -> None:
        """Forget one that has come to its end."""
        self.open.pop(party, None)
        self._sessions.pop(party, None)
