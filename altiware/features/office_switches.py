# SPDX-License-Identifier: MIT
"""Switches for the whole office, at the operator's telephone or a manager's.

All calls outside are blocked: the policy refuses them, save those for help.  The operator is
off-line: calls for the operator go where the plan says, or to where calls from outside begin, or
else where they go when the operator is busy (:mod:`coverage`); the operator's own extension can
still be called.
"""

from abc import abstractmethod
from typing import ClassVar

from altiware.core.causes import Cause
from altiware.features.dialling import is_privileged
from altiware.features.effects import Change
from altiware.features.errands import Errand, Outcome
from altiware.features.settings import OFFICE
from altiware.features.speaking import Clips, phrases

__all__ = ["BlockOutside", "OperatorOffLine"]


class OfficeSwitch(Errand):
    """Changes a setting of the office to the other."""

    setting: ClassVar[str]

    def run(self, at: float) -> Outcome:
        """Change it, if he may."""
        if not is_privileged(self.desk, self.extension):
            return Outcome(phrases("not-permitted"), cause=Cause.DENIED)
        wanted = not getattr(self.desk.settings.of(OFFICE), self.setting)
        return Outcome(self.said(wanted=wanted), (Change(OFFICE, self.setting, wanted),))

    @abstractmethod
    def said(self, *, wanted: bool) -> Clips:
        """Say what holds from now on."""


class BlockOutside(OfficeSwitch):
    """Blocks all calls outside, or no longer."""

    setting = "outside_blocked"

    def said(self, *, wanted: bool) -> Clips:
        """Say it."""
        return phrases("outside-blocked") if wanted else phrases("outside-unblocked")


class OperatorOffLine(OfficeSwitch):
    """Lets the operator go off-line, or come back."""

    setting = "operator_away"

    def said(self, *, wanted: bool) -> Clips:
        """Say it."""
        return phrases("operator-offline") if wanted else phrases("operator-online")
