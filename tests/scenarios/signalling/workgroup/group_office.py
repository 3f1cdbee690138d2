# SPDX-License-Identifier: MIT
"""An office with a workgroup, for tests of queues and agents.

500 is the group "sales" of 102, 103 and 104; 101 is its supervisor, 105 nobody of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from altiware.core.notices import OrderMissed, SettingChanged
from altiware.core.plan import FeatureCode, Numbering, Plan, Service
from altiware.core.speech import Phrase
from altiware.core.workgroup_events import WorkgroupEvent, WorkgroupFact
from altiware.core.workgroups import Announcement, Blank, Member, WorkgroupPlan
from altiware.features.profile import PROFILES
from altiware.features.workgroup.agents import AgentState, agent_states
from altiware.features.workgroup.group import workgroup
from altiware.features.workgroup.waiter import queue
from tests.scenarios.signalling.office_sounds import PHRASE_S, MadeUpSounds
from tests.signalling_rig import Office, Phone, SignallingRig, office_plan

__all__ = [
    "PHRASE_S",
    "SALES",
    "GroupRig",
    "Make",
    "changed",
    "group_plan",
    "logged_out",
]

FIRST = Announcement(0.0, (Phrase("queue-welcome"), Blank.POSITION))
LATER = Announcement(30.0, (Phrase("queue-still-busy"), Blank.POSITION))
SALES = WorkgroupPlan(
    "sales",
    tuple(map(Member, ("102", "103", "104"))),
    announcements=(FIRST, LATER),
    supervisors=("101",),
)


def group_plan(
    *groups: WorkgroupPlan,
    services: Mapping[str, Service] | None = None,
    codes: Mapping[str, FeatureCode] | None = None,
    **changes: Any,
) -> Plan:
    """Return an office of six telephones and three lines; calls from outside lead to 500."""
    numbers = {"500": Service("workgroup", "sales")}
    numbering = Numbering(
        services={**numbers, **(services or {})},
        codes={**PROFILES["oe45"], **(codes or {})},
    )
    changes = {
        "incoming": "500",
        "numbering": numbering,
        "workgroups": groups or (SALES,),
    } | changes
    return office_plan(stations=6, trunks=3, **changes)


class GroupRig(SignallingRig):
    """A rig that says how its workgroup is."""

    def __init__(self, folder: Path, plan: Plan | None = None, **options: Any) -> None:
        options = {"sounds": MadeUpSounds(folder, music=True)} | options
        super().__init__(plan or group_plan(), **options)

    @property
    def desk(self) -> Any:
        """What features see."""
        return self.exchange._switchboard

    @property
    def facts(self) -> list[WorkgroupEvent]:
        """All that the workgroups have told."""
        return [each for each in self.notices if isinstance(each, WorkgroupEvent)]

    def has_told(self, *facts: WorkgroupFact) -> None:
        """Assert that exactly these facts were told, in this order."""
        assert [each.fact for each in self.facts] == list(facts)

    def waiting(self, name: str = "sales") -> list[str]:
        """Return who waits, the next first: extensions, or PADs of lines."""
        return [each.opening.caller.name for each in queue(self.desk, name)]

    def agents(self, name: str = "sales") -> dict[str, AgentState]:
        """Return what the agents are doing."""
        plan = workgroup(self.desk, name)
        assert plan is not None
        return agent_states(self.desk, plan)

    def call_in(self, line: int = 0, number: str = "2125550123") -> Office:
        """Let somebody call from outside, and be in the queue."""
        office = self.office(line)
        office.calls_in(number, "SMITH JOHN")
        return office

    def calls_group(self, extension: str, number: str = "500") -> Phone:
        """Let somebody inside call the group, and be in the queue."""
        phone = self.phone(extension)
        phone.calls(number)
        self.passes(0.1)
        return phone

    def occupy(self, *extensions: str) -> None:
        """Let telephones be off-hook."""
        for each in extensions:
            self.phone(each).lifts()

    def are_quiet(self, *extensions: str) -> None:
        """Assert that these telephones don't ring."""
        for each in extensions:
            self.phone(each).is_quiet()

    def forgives(self) -> None:
        """Forget the orders that a lost board, or a full disk, could not carry out."""
        self.notices[:] = [each for each in self.notices if not isinstance(each, OrderMissed)]

    def is_forgotten(self) -> None:
        """Assert that nobody waits, and that nothing of a workgroup goes on but itself."""
        names = {party.name for party in self.desk.conversations}
        assert names <= {f"workgroup {each.name}" for each in self.plan.workgroups}, names


Make = Callable[..., GroupRig]


def logged_out(*extensions: str) -> list[SettingChanged]:
    """Return that these agents have logged out some day."""
    return [SettingChanged(0.0, each, "workgroups", []) for each in extensions]


def changed(plan: WorkgroupPlan = SALES, **changes: Any) -> WorkgroupPlan:
    """Return a group that is another in something."""
    return replace(plan, **changes)
