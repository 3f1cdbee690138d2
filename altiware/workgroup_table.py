# SPDX-License-Identifier: MIT
"""``[[workgroups]]`` of the configuration: queues and their agents.

    [[workgroups]]
    name = "service"
    number = "510"
    members = ["102", { extension = "103", skills = { german = 2 } }]
    numbers = { 511 = "german" }            # for callers who want a skill
    announcements = [
        { after_s = 0, say = ["queue-welcome", "position"] },
        { after_s = 60, say = ["queue-still-busy", "wait", "call-back"] },
    ]

What is said are phrases, ``recording:FILE``, and what is filled in: position, wait, call-back.
"""

from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PlainValidator

from altiware.attendant_table import clip
from altiware.core.plan import Service
from altiware.core.speech import Clip
from altiware.core.workgroups import (
    Announcement,
    Blank,
    Distribution,
    Member,
    Recorded,
    WorkgroupPlan,
)

__all__ = ["WorkgroupTable"]

USUAL = WorkgroupPlan("", ())
LONGEST_S = 86_400.0

Digits = Annotated[str, Field(pattern=r"^[0-9]+$")]
Seconds = Annotated[float, Field(ge=0.0, le=LONGEST_S, allow_inf_nan=False)]


class Table(BaseModel):
    """Base class of the tables."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class MemberTable(Table):
    """One of ``members``."""

    extension: Digits
    skills: dict[str, Annotated[int, Field(ge=0, le=10)]] = Field(default_factory=dict)


class AnnouncementTable(Table):
    """One of ``announcements``."""

    after_s: Seconds = 0.0
    say: list[str] = Field(min_length=1)

    def plan(self) -> Announcement:
        """Return what it says."""
        return Announcement(self.after_s, tuple(map(_said, self.say)))


def _said(text: str) -> Clip | Blank:
    blanks = {each.value: each for each in Blank}
    return blanks.get(text) or clip(text)


def _member(value: object) -> MemberTable:
    if isinstance(value, str):
        return MemberTable(extension=value)
    return MemberTable.model_validate(value)


class WorkgroupTable(Table):
    """``[[workgroups]]``."""

    name: str = Field(min_length=1, pattern=r"^[^:]*$")
    number: Digits
    numbers: dict[Digits, Annotated[str, Field(min_length=1)]] = Field(default_factory=dict)
    members: list[Annotated[MemberTable, PlainValidator(_member)]] = Field(min_length=1)
    mode: Distribution = Field(default=USUAL.mode, strict=False)
    ring_s: Annotated[float, Field(gt=0.0, le=600.0, allow_inf_nan=False)] = USUAL.ring_s
    no_answer_log_out: bool = USUAL.no_answer_log_out
    wrap_up_s: Seconds = USUAL.wrap_up_s
    most_waiting: int = Field(default=USUAL.most_waiting, ge=1, le=1000)
    announcements: list[AnnouncementTable] | None = None
    repeat_s: Seconds = USUAL.repeat_s
    overflow: str = Field(default=USUAL.overflow, pattern=r"^[0-9]*$")
    overflow_after_s: Seconds = USUAL.overflow_after_s
    service_level_s: float = Field(default=USUAL.service_level_s, allow_inf_nan=False)
    recording: Recorded = Field(default=USUAL.recording, strict=False)
    call_back: bool = USUAL.call_back
    call_back_within_s: Seconds = USUAL.call_back_within_s
    calls_as: str = Field(default=USUAL.calls_as, pattern=r"^[0-9]*$")
    tells_agent: bool = USUAL.tells_agent
    supervisors: list[Digits] = Field(default_factory=list)
    skilled_only_s: Seconds = USUAL.skilled_only_s

    def plan(self) -> WorkgroupPlan:
        """Return what it says."""
        announced = self.announcements
        return WorkgroupPlan(
            name=self.name,
            members=tuple(Member(each.extension, each.skills) for each in self.members),
            announcements=USUAL.announcements
            if announced is None
            else tuple(each.plan() for each in announced),
            supervisors=tuple(self.supervisors),
            **{name: getattr(self, name) for name in _PLAIN},
        )

    def services(self) -> Iterator[tuple[str, Service]]:
        """Yield what can be called, by its number."""
        shown = f"Workgroup {self.name}"
        yield self.number, Service("workgroup", self.name, shown)
        for number, skill in self.numbers.items():
            yield number, Service("workgroup", f"{self.name}:{skill}", f"{shown}, {skill}")


_PLAIN = (
    "mode",
    "ring_s",
    "no_answer_log_out",
    "wrap_up_s",
    "most_waiting",
    "repeat_s",
    "overflow",
    "overflow_after_s",
    "service_level_s",
    "recording",
    "call_back",
    "call_back_within_s",
    "calls_as",
    "tells_agent",
    "skilled_only_s",
)
"""What stands in the plan as it stands here."""
