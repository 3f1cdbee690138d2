# SPDX-License-Identifier: MIT
"""What people set at their telephones: kept over restarts, beside the configuration.

``Settings`` answers for every extension; ``changed`` gives the notice that the store keeps.  A
field is added here, with its default, and needs nothing else: the store knows names and JSON.
"""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from altiware.core.notices import SettingChanged

__all__ = ["Settings", "StationSettings"]


@dataclass(frozen=True, slots=True)
class StationSettings:
    """What one extension has set.  Values are what JSON can say: text, numbers, lists of them."""

    do_not_disturb: bool = False
    forward: str = ""
    "All calls go there, as dialled; empty: they don't."
    spoken_name: str = ""
    "The recording of its owner's name, under the folder of recordings; empty: there is none."
    forward_busy: str = ""
    "The same when it is busy, in the place of what the plan says."
    forward_no_answer: str = ""
    "The same when nobody answers."


USUAL = StationSettings()


class Settings:
    """The settings of all extensions."""

    def __init__(self, kept: Iterable[SettingChanged] = ()) -> None:
        """Begin with what was kept; what this release doesn't know is left alone."""
        self._stations: dict[str, StationSettings] = {}
        known = {field.name for field in dataclasses.fields(StationSettings)}
        for each in kept:
            if each.setting in known:
                self.change(each)

    def of(self, extension: str) -> StationSettings:
        """Return what an extension has set."""
        return self._stations.get(extension, USUAL)

    def change(self, change: SettingChanged) -> None:
        """Apply a change."""
        before = self.of(change.extension)
        changes: dict[str, Any] = {change.setting: change.value}
        after = dataclasses.replace(before, **changes)
        self._stations[change.extension] = after
