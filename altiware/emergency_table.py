# SPDX-License-Identifier: MIT
"""``[emergency]`` of the configuration: who is told of an emergency call."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from altiware.core.emergency import EmergencyPlan

__all__ = ["EmergencyTable"]

USUAL = EmergencyPlan()
ADDRESS = r"^[^@\s,]+@[^@\s,]+$"


class EmergencyTable(BaseModel):
    """``[emergency]``."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    notify: list[Annotated[str, Field(pattern=r"^[0-9]+$")]] = Field(
        default=list(USUAL.notify), max_length=20
    )
    mail: list[Annotated[str, Field(pattern=ADDRESS)]] = Field(default=[], max_length=20)
    call_back: str = Field(default=USUAL.call_back, pattern=r"^[0-9]*$")
    test: str = Field(default=USUAL.test, pattern=r"^[0-9]*$")

    def plan(self) -> EmergencyPlan:
        """Return what it says."""
        return EmergencyPlan(tuple(self.notify), self.call_back, self.test)
