# SPDX-License-Identifier: MIT
"""What can go wrong in the core, by who can act on it.

CoreError
├── PlanError        the configuration contradicts itself: correct the setting that it names
└── SeizureError     a trunk was to be seized without an allowing decision: a defect of ours
"""

Fault = tuple[str, object, str]
"""A setting, its value, and what is allowed."""


class CoreError(Exception):
    """Base class of all errors of the core."""


class PlanError(CoreError, ValueError):
    """Settings of the plan are wrong; says which one, what it was and what is allowed."""

    def __init__(self, setting: str, value: object, allowed: str, *others: Fault) -> None:
        super().__init__(f"{setting} = {value!r}: {allowed}")
        self.setting = setting
        self.value = value
        self.allowed = allowed
        self.faults: tuple[Fault, ...] = ((setting, value, allowed), *others)
        "All that is wrong, this one first."


class SeizureError(CoreError):
    """Somebody tried to seize a trunk without a decision that allows it."""
