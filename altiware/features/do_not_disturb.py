# SPDX-License-Identifier: MIT
"""Do not disturb: callers get what callers of a busy station get.

The station can still call; parties that it holds ring back.  What forwards all calls comes first.
"""

from collections.abc import Mapping
from typing import Final

from altiware.features.effects import Change
from altiware.features.errands import Errand, Outcome, phrases

__all__ = ["PHRASES", "DoNotDisturb"]

PHRASES: Final[Mapping[str, str]] = {
    "do-not-disturb-on": "Do not disturb is on.",
    "do-not-disturb-off": "Do not disturb is off.",
}


class DoNotDisturb(Errand):
    """Switches it on, or off."""

    def run(self, at: float) -> Outcome:
        """Change it to the other."""
        wanted = not self.desk.settings.of(self.extension).do_not_disturb
        said = phrases("do-not-disturb-on" if wanted else "do-not-disturb-off")
        return Outcome(said, (Change(self.extension, "do_not_disturb", wanted),))
