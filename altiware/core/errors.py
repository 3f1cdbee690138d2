# SPDX-License-Identifier: MIT
"""What can go wrong in the core, by who can act on it.

CoreError
├── PlanError        the configuration contradicts itself: correct the setting that it names
└── SeizureError     a trunk was to be seized without an allowing decision: a defect of ours
"""


class CoreError(Exception):
    """Base class of all errors of the core."""


class PlanError(CoreError, ValueError):
    """A setting of the plan is wrong; says which one, what it was and what is allowed."""

    def __init__(self, setting: str, value: object, allowed: str) -> None:
        super().__init__(f"{setting} = {value!r}: {allowed}")
        self.setting = setting
        self.value = value
        self.allowed = allowed


class SeizureError(CoreError):
    """Somebody tried to seize a trunk without a decision that allows it."""
