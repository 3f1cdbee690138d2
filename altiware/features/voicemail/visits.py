# SPDX-License-Identifier: MIT
"""How calls to mailboxes begin."""

import enum
from typing import ClassVar, Final

from altiware.core.causes import Cause
from altiware.core.effects import Effect, Send
from altiware.core.events import Event
from altiware.core.ids import CallId, PartyKind
from altiware.core.legs import Connect, Offer, Release
from altiware.features.applications import Conversation, Desk, Opening, Rows
from altiware.features.effects import Splice
from altiware.features.voicemail.dialogue import Visit, VisitState
from altiware.features.voicemail.session import Session
from altiware.features.voicemail.taking import Taking

__all__ = ["Nobody", "TakingVisit", "message", "owner"]


def message(desk: Desk, opening: Opening) -> Conversation:
    """Take a message."""
    caller = opening.caller
    own = caller.name if caller.kind is PartyKind.STATION else ""
    wanted = opening.service.argument or opening.digits or own
    if wanted not in desk.plan.mail.boxes:
        return Nobody(desk, opening)
    return TakingVisit(desk, opening, wanted)


def owner(desk: Desk, opening: Opening) -> Conversation:
    """Let an owner in."""
    caller, argument = opening.caller, opening.service.argument
    is_station = caller.kind is PartyKind.STATION
    password_only = argument == "password"
    if not argument:
        return Visit(desk, opening, lambda visit: Session(visit, None))
    if not is_station or caller.name not in desk.plan.mail.boxes:
        return Nobody(desk, opening)
    return Visit(
        desk, opening, lambda visit: Session(visit, caller.name, password_only=password_only)
    )


class NobodyState(enum.Enum):
    """There is nothing to be had."""

    NEW = "new"
    DONE = "done"


class Nobody(Conversation):
    """Refuses calls to mailboxes that there aren't."""

    first = NobodyState.NEW
    rows: ClassVar[Rows]

    def turn_away(self, event: Event) -> list[Effect]:
        """Take no call."""
        return self.refuse(event, Cause.WRONG_NUMBER)


Nobody.rows = {(NobodyState.NEW, Offer): (NobodyState.DONE, Nobody.turn_away)}


class TakingVisit(Visit):
    """A call to a mailbox; a station that has somebody on hold hands that one over."""

    rows: ClassVar[Rows]
    takes_callers = True

    def __init__(self, desk: Desk, opening: Opening, extension: str) -> None:
        box = desk.plan.mail.boxes[extension]
        cause = opening.cause
        super().__init__(desk, opening, lambda visit: Taking(visit, box, cause))

    def begin(self, event: Event) -> list[Effect]:
        """Talk to the caller, or to the one whom he has on hold: then he is let go."""
        assert isinstance(event, Connect)
        held = self._held()
        if held is None:
            return super().begin(event)
        owner = self.opening.caller
        return [
            Splice(held, owner, self.at, owner),
            Send(owner, Release(event.at, Cause.TRANSFERRED)),
        ]

    def _held(self) -> CallId | None:
        """Return the call of whom the caller has on hold."""
        owner = self.opening.caller
        return self.desk.held_by(owner) if self.caller == owner else None

    def meet(self, event: Event) -> list[Effect]:
        """Talk to the one who was handed over."""
        return super().meet(event) if self._stack else Visit.begin(self, event)


V: Final = VisitState
TakingVisit.rows = {
    **Visit.rows,
    (V.ANSWERING, Connect): (V.TALKING, TakingVisit.begin),
    (V.TALKING, Connect): (V.TALKING, TakingVisit.meet),
}
