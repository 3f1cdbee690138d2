# SPDX-License-Identifier: MIT
"""Do not disturb: callers get what callers of a busy station get.

The station can still call; parties that it holds ring back.  What forwards all calls comes first.
"""

from altiware.features.effects import Change
from altiware.features.errands import Errand, Outcome
from altiware.features.speaking import phrases

__all__ = ["DoNotDisturb"]


class DoNotDisturb(Errand):
    """Switches it on, or off."""

    def run(self, at: float) -> Outcome:
        """Change it to the other."""
        wanted = not self.desk.settings.of(self.extension).do_not_disturb
        said = phrases("do-not-disturb-on") if wanted else phrases("do-not-disturb-off")
        return Outcome(said, (Change(self.extension, "do_not_disturb", wanted),))
