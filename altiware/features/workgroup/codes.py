# SPDX-License-Identifier: MIT
"""What agents dial: logging in and out, ready and not ready, and recording on demand.

The number of a workgroup behind the code means that group; nothing, all of which one is a member.
"""

from collections.abc import Iterable

from altiware.core.causes import Cause
from altiware.core.effects import Effect, Send
from altiware.core.ids import station
from altiware.core.workgroup_events import WorkgroupFact
from altiware.core.workgroups import Recorded, WorkgroupPlan
from altiware.features.applications import Desk
from altiware.features.effects import Change
from altiware.features.errands import Errand, Outcome
from altiware.features.speaking import ENGLISH, Clips, phrases
from altiware.features.workgroup.logging_in import (
    groups_of,
    is_logged_in,
    log_in,
    log_out,
    reported,
)
from altiware.features.workgroup.messages import EndWrapUp, RecordWanted
from altiware.features.workgroup.shift import IN_CALL, Shift, ShiftState

__all__ = ["Agent", "RecordCall", "shift_of"]


def shift_of(desk: Desk, agent: str) -> Shift | None:
    """Return the call of a workgroup that an agent has."""
    shifts = (each for each in desk.conversations.values() if isinstance(each, Shift))
    return next((each for each in shifts if each.agent == agent and each.state in IN_CALL), None)


class Agent(Errand):
    """Logs an agent in or out, or lets him be called or not."""

    def run(self, at: float) -> Outcome:
        """Do what the service's argument says."""
        plans = self._meant()
        if not plans:
            return Outcome(phrases("agent-not-member"), cause=Cause.DENIED)
        match self.opening.service.argument:
            case "log-in":
                return self._log_in(at, plans)
            case "log-out":
                return self._log_out(at, plans)
            case "ready":
                return self._ready(at)
            case _:
                return self._not_ready(at)

    def _meant(self) -> list[WorkgroupPlan]:
        """Return the groups that are meant, of those of which he is a member."""
        own, number = groups_of(self.desk, self.extension), self.opening.digits
        if not number:
            return own
        service = self.desk.plan.numbering.services.get(number)
        name = service.argument.partition(":")[0] if service is not None else ""
        return [each for each in own if each.name == name]

    def _log_in(self, at: float, plans: list[WorkgroupPlan]) -> Outcome:
        changes = log_in(self.desk, at, self.extension, plans)
        if not changes:
            return Outcome(phrases("agent-already-in"))
        return Outcome(self._said("agent-logged-in", "agent-logged-in-to"), tuple(changes))

    def _log_out(self, at: float, plans: list[WorkgroupPlan]) -> Outcome:
        changes = log_out(self.desk, at, self.extension, plans)
        if not changes:
            return Outcome(phrases("agent-already-out"))
        last = () if self._others_left(plans) else phrases("agent-last")
        said = self._said("agent-logged-out", "agent-logged-out-of")
        return Outcome((*said, *last), tuple(changes))

    def _others_left(self, plans: Iterable[WorkgroupPlan]) -> bool:
        return all(
            any(
                is_logged_in(self.desk, each.extension, plan)
                for each in plan.members
                if each.extension != self.extension
            )
            for plan in plans
        )

    def _said(self, of_all: str, of_one: str) -> Clips:
        number = self.opening.digits
        return (*phrases(of_one), *ENGLISH.digits(number)) if number else phrases(of_all)

    def _ready(self, at: float) -> Outcome:
        rested = self._change(at, not_ready=False)
        shifts = (each for each in self.desk.conversations.values() if isinstance(each, Shift))
        wrapping = [each for each in shifts if each.agent == self.extension]
        ended = [
            Send(each.party, EndWrapUp(at))
            for each in wrapping
            if each.state is ShiftState.WRAPPING
        ]
        return Outcome(phrases("agent-ready"), (*rested, *ended))

    def _not_ready(self, at: float) -> Outcome:
        return Outcome(phrases("agent-not-ready"), tuple(self._change(at, not_ready=True)))

    def _change(self, at: float, *, not_ready: bool) -> list[Effect]:
        if self.desk.settings.of(self.extension).not_ready == not_ready:
            return []
        fact = WorkgroupFact.NOT_READY if not_ready else WorkgroupFact.READY
        told = reported(self.desk, at, self.extension, groups_of(self.desk, self.extension), fact)
        return [Change(self.extension, "not_ready", not_ready), *told]


class RecordCall(Errand):
    """Begins to record the call that the agent has on hold, or ends it."""

    def run(self, at: float) -> Outcome:
        """Do it, if that call is one of a workgroup that records on demand."""
        shift = shift_of(self.desk, self.extension)
        held = self.desk.held_by(station(self.extension))
        if shift is None or held is None or shift.opening.call != held:
            return Outcome(phrases("record-not-allowed"), cause=Cause.DENIED)
        if shift.plan.recording is not Recorded.ON_DEMAND:
            return Outcome(phrases("record-not-allowed"), cause=Cause.DENIED)
        begins = shift.state is ShiftState.TALKING
        said = phrases("record-started") if begins else phrases("record-ended")
        return Outcome(said, (Send(shift.party, RecordWanted(at)),))
