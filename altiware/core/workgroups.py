# SPDX-License-Identifier: MIT
"""The plan of a workgroup: who answers its calls, in which order, and what callers hear meanwhile.

A caller who wants a skill dials another number of the group; agents have levels of skills.
"""

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from altiware.core.speech import Clip, Phrase

__all__ = [
    "MOST_ANNOUNCEMENTS",
    "MOST_GROUPS",
    "MOST_MEMBERS",
    "Announcement",
    "Blank",
    "Distribution",
    "Member",
    "Recorded",
    "WorkgroupPlan",
]

MOST_GROUPS: Final = 32
MOST_MEMBERS: Final = 128
MOST_ANNOUNCEMENTS: Final = 5
"""All three as AltiWare."""
LONGEST_SERVICE_LEVEL_S: Final = 1200.0


class Distribution(enum.Enum):
    """Which agent is called when several are free.  The values are what people write."""

    FIRST = "first available"
    "In the order of the members."
    ROUND_ROBIN = "round robin"
    "The one after who was called last."
    LONGEST_IDLE = "longest idle"
    "Whose last call of a workgroup has ended first."
    ALL = "ring all"
    "All at once: who answers first has it."
    SKILLS = "skills"
    "Who is best at what the caller wants; of equals, who is idle longest."


class Recorded(enum.Enum):
    """Which calls are recorded."""

    NEVER = "never"
    ON_DEMAND = "on demand"
    "By a code that the agent dials; the caller is told then."
    ALWAYS = "always"
    "The caller is told before he waits."


class Blank(enum.Enum):
    """What an announcement leaves to be filled in.  The values are what people write."""

    POSITION = "position"
    WAIT = "wait"
    "How long he may have to wait."
    CALL_BACK = "call-back"
    "That he may be called back, where that is possible."


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a caller hears when he has waited so long."""

    after_s: float
    says: tuple[Clip | Blank, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """An agent."""

    extension: str
    levels: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    "How good he is, by skill; higher is better, and what isn't here he can't."


WELCOME: Final = Announcement(0.0, (Phrase("queue-welcome"), Blank.POSITION))
STILL: Final = Announcement(30.0, (Phrase("queue-still-busy"), Blank.POSITION, Blank.CALL_BACK))


@dataclass(frozen=True, slots=True)
class WorkgroupPlan:
    """One workgroup.  Times are in seconds."""

    name: str
    members: tuple[Member, ...]
    mode: Distribution = Distribution.LONGEST_IDLE
    ring_s: float = 15.0
    "How long an agent is rung before the next one is."
    no_answer_log_out: bool = False
    "Whether an agent is logged out who didn't answer."
    wrap_up_s: float = 0.0
    "How long an agent is left alone after a call."
    most_waiting: int = 50
    announcements: tuple[Announcement, ...] = (WELCOME, STILL)
    repeat_s: float = 45.0
    "How often the last of them is said again; 0: it isn't."
    overflow: str = ""
    "Where callers are led who have waited too long, or can't wait, as dialled; empty: nowhere."
    overflow_after_s: float = 0.0
    "0: only those are led there who can't wait."
    service_level_s: float = 20.0
    "A call is answered in time if it is answered within."
    recording: Recorded = Recorded.NEVER
    call_back: bool = False
    "Whether a caller may be called back instead of waiting."
    call_back_within_s: float = 4 * 3600.0
    "So long his place is kept."
    calls_as: str = ""
    "The extension that is asked for and charged when callers outside are; empty: they aren't."
    tells_agent: bool = False
    "Whether the agent is told how long the caller has waited, before he has him."
    supervisors: tuple[str, ...] = ()
    "Extensions that may listen to its calls, whisper and barge in."
    skilled_only_s: float = 60.0
    "How long a caller waits for an agent with the skill before anybody will do."

    def is_member(self, extension: str) -> bool:
        """Whether it is one of its agents'."""
        return any(each.extension == extension for each in self.members)

    def contradictions(
        self, stations: set[str], inside: set[str]
    ) -> Iterator[tuple[str, object, str]]:
        """Yield what is wrong: the setting, its value, what is allowed."""
        yield from self._wrong_members(stations)
        if self.overflow and self.overflow not in inside | {"0"}:
            yield "overflow", self.overflow, f"one of {', '.join(sorted(inside))}"
        if self.overflow_after_s and not self.overflow:
            yield "overflow_after_s", self.overflow_after_s, "0, or an overflow to lead callers to"
        if not 1.0 <= self.service_level_s <= LONGEST_SERVICE_LEVEL_S:
            yield "service_level_s", self.service_level_s, f"1 to {LONGEST_SERVICE_LEVEL_S:g}"
        if len(self.announcements) > MOST_ANNOUNCEMENTS:
            yield "announcements", len(self.announcements), f"up to {MOST_ANNOUNCEMENTS}"
        times = [each.after_s for each in self.announcements]
        if times != sorted(times):
            yield "announcements", times, "later ones after earlier ones"

    def _wrong_members(self, stations: set[str]) -> Iterator[tuple[str, object, str]]:
        known = ", ".join(sorted(stations))
        extensions = [each.extension for each in self.members]
        if not 1 <= len(extensions) <= MOST_MEMBERS:
            yield "members", len(extensions), f"1 to {MOST_MEMBERS}"
        for extension in extensions:
            if extension not in stations:
                yield "members", extension, f"one of {known}"
            elif extensions.count(extension) > 1:
                yield "members", extension, "each extension once"
        for setting, named in (("supervisors", self.supervisors), ("calls_as", (self.calls_as,))):
            for extension in named:
                if extension and extension not in stations:
                    yield setting, extension, f"one of {known}"
