# SPDX-License-Identifier: MIT
"""Who is at a call, and who hears whom: what all that happens in a call is made of.

:class:`altiware.core.call.Call` is the machine on top; here are the two parties, the path between
them, and the effects by which one is let in, told, or let go.  The times follow of themselves.
"""

from altiware.core.call_times import CallTimes
from altiware.core.causes import Cause
from altiware.core.decision import Decision
from altiware.core.effects import Attach, ConnectPath, Detach, DisconnectPath, Effect, Ended, Send
from altiware.core.ids import CallId, Party, PartyKind
from altiware.core.legs import Connect, Heed, Release
from altiware.core.orders import Join
from altiware.core.signals import Caller

__all__ = ["CallParties", "is_application"]


class CallParties:
    """The near and the far party of a call, and what they hear."""

    def __init__(self, call: CallId, near: Party, caller: Caller | None, at: float) -> None:
        self.id = call
        self.near = near
        self.far: Party | None = None
        self.path: tuple[Party, Party] | None = None
        "Who hears whom."
        self.caller = caller
        self.origin = near
        "Who is recorded as the caller: the near party at first, or who took its place."
        self.parties: list[Party] = [near]
        self.led: tuple[Party, ...] = ()
        "Whom it has been led away from, and stations that forwarded it."
        self.reached: dict[Party, Decision] = {}
        "Parties outside that somebody here has called, and by which decision."
        self.cause: Cause | None = None
        self.times = CallTimes(at)

    def other(self, party: Party) -> Party | None:
        """Return who is at the other end."""
        return self.far if party == self.near else self.near

    def _offered(self, party: Party, at: float, wanted: Party | None = None) -> None:
        """Note who is offered the call, and who is recorded as wanted, if that isn't the same."""
        self.far = party
        self.times.offer(self.near, self._shown(), wanted or party, at)

    def _attach(self, party: Party) -> list[Effect]:
        if party not in self.parties:
            self.parties.append(party)
        return [Attach(party, self.id)]

    def _meet(self, at: float) -> list[Effect]:
        """Let both be at this call, and talk."""
        present = [party for party in (self.near, self.far) if party is not None]
        attached = [effect for party in present for effect in self._attach(party)]
        return [*attached, *(self._greet(each, at) for each in present), *self._connect(at)]

    def _greet(self, party: Party, at: float) -> Effect:
        """Tell a party to talk; an application also with whom."""
        if not is_application(party):
            return Send(party, Connect(at))
        other = self.other(party)
        caller = self.caller if other == self.near else None
        return Send(party, Connect(at, other, caller))

    def _connect(self, at: float) -> list[Effect]:
        assert self.far is not None, "there is somebody to hear"
        self.path = (self.near, self.far)
        return [ConnectPath(*self.path), *self._heed(at)]

    def _heed(self, at: float) -> list[Effect]:
        """Let the keys be told that are pressed to an application."""
        pairs = ((self.near, self.far), (self.far, self.near))
        return [
            Send(speaker, Heed(at))
            for speaker, listener in pairs
            if speaker is not None and listener is not None and is_application(listener)
            if not is_application(speaker)
        ]

    def _disconnect(self) -> list[Effect]:
        path, self.path = self.path, None
        return [DisconnectPath(*path)] if path else []

    def _let_go(self, at: float, cause: Cause) -> list[Effect]:
        """Let the far party go: the call is led on."""
        self.times.leave(cause, at)
        gone, self.far = self.far, None
        if gone is None:
            return []
        self.led += (gone,)
        return [*self._disconnect(), Send(gone, Release(at, cause)), Detach(gone, self.id)]

    def _gone(self, cause: Cause, at: float) -> None:
        """Note that the far party isn't in the call any more, or never was: nothing to release."""
        self.times.leave(cause, at)
        self.far = None

    def _replace(self, join: Join) -> list[Effect]:
        if join.decision is not None:
            self.reached[join.joiner] = join.decision
        if join.leaver == self.near:
            self.near = self.origin = join.joiner
            self.caller = join.caller
        else:
            self.far = join.joiner
        if self.far is not None:
            self.times.change(self.near, self._shown(), self.far, join.at)
        return [
            *self._disconnect(),
            Detach(join.leaver, self.id),
            *self._attach(join.joiner),
        ]

    def _end(self, cause: Cause, at: float, leaver: Party | None = None) -> list[Effect]:
        """End the call for everybody; whoever left is not told."""
        self.cause = cause
        self.times.close(cause, at)
        present = [party for party in (self.near, self.far) if party is not None]
        told = [Send(each, Release(at, cause)) for each in present if each != leaver]
        gone = [Detach(each, self.id) for each in present]
        return [*self._disconnect(), *told, *gone, Ended(self.id)]

    def _shown(self) -> Caller | None:
        return self.caller if self.near == self.origin else None


def is_application(party: Party) -> bool:
    """Whether a party is something of the exchange's own."""
    return party.kind is PartyKind.APPLICATION
