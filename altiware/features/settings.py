# SPDX-License-Identifier: MIT
"""What people set at their telephones: kept over restarts, beside the configuration.

``Settings`` answers for every extension; ``changed`` gives the notice that the store keeps.  A
field is added here, with its default, and needs nothing else: the store knows names and JSON.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from altiware.core.notices import SettingChanged

__all__ = ["OFFICE", "Settings", "StationSettings"]


@dataclass(frozen=True, slots=True)
class StationSettings:
    """What one extension has set.  Values are what JSON can say: text, numbers, lists of them."""

    do_not_disturb: bool = False
    forward: str = ""
    "All calls go there, as dialled; empty: they don't."
    find_me: bool = True
    "Whether its owner is looked for, as the plan says, wherever he is."
    spoken_name: str = ""
    "The recording of its owner's name, under the folder of recordings; empty: there is none."
    outside_blocked: bool = False
    "Of the office: nobody calls outside, save for help."
    operator_away: bool = False
    "Of the office: calls for the operator go elsewhere."
    seat: str = ""
    "The port where its owner has logged in, as BB:CC; empty: its own."
    speed_dial: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    "Numbers by their two digits, beside those of the plan; empty: none any more."
    call_waiting: bool | None = None
    "Whether calls may wait for it; None: as the plan says."
    forward_busy: str = ""
    "The same when it is busy, in the place of what the plan says."
    forward_no_answer: str = ""
    "The same when nobody answers."
    mail_temporary_until: str = ""
    "The last day of the temporary greeting, as 2026-03-02; empty: until it is removed."
    mail_notify: str = ""
    "A call about each new message (``all``), about urgent ones (``urgent``), or none."
    mail_notify_number: str = ""
    "Where to, as dialled; empty: to the owner's telephone."
    mail_notify_when: str = ""
    "Empty: always; ``closed``: outside of office hours; else own hours, as 08:00-20:00."
    mail_lists: tuple[tuple[str, ...], ...] = ()
    "His own distribution lists: the number, and who is on it."
    mail_reminder: str = ""
    "When to be called, as 2026-03-02T15:30."
    mail_reminder_every: str = ""
    "Empty: once; ``day``, or ``weekday``: Monday to Friday."
    workgroups: tuple[str, ...] | None = None
    "Those to which its agent is logged in; None: all of which he is a member."
    not_ready: bool = False
    "Whether its agent gets no calls of workgroups for now."


USUAL = StationSettings()
OFFICE: Final = ""
"""In the place of an extension: what was set for the whole office."""


class Settings:
    """The settings of all extensions."""

    def __init__(self, kept: Iterable[SettingChanged] = ()) -> None:
        """Begin with what was kept; what this release doesn't know is left alone."""
        self._stations: dict[str, StationSettings] = {}
        known = {each.name for each in dataclasses.fields(StationSettings)}
        for each in kept:
            if each.setting in known:
                self.change(each)

    def of(self, extension: str) -> StationSettings:
        """Return what an extension has set, or (OFFICE) what was set for all."""
        return self._stations.get(extension, USUAL)

    @property
    def seats(self) -> dict[str, str]:
        """Where extensions are that are not at their own telephone: ports, as BB:CC."""
        return {who: each.seat for who, each in self._stations.items() if each.seat}

    def change(self, change: SettingChanged) -> None:
        """Apply a change."""
        before = self.of(change.extension)
        changes: dict[str, Any] = {change.setting: _frozen(change.value)}
        after = dataclasses.replace(before, **changes)
        self._stations[change.extension] = after


def _frozen(value: object) -> object:
    """Return what JSON brought back as it was: lists are tuples here."""
    return tuple(map(_frozen, value)) if isinstance(value, list | tuple) else value
