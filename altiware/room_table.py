# SPDX-License-Identifier: MIT
"""``[[rooms]]`` of the configuration: conference rooms."""

from pydantic import BaseModel, ConfigDict, Field

from altiware.core.rooms import RoomPlan

__all__ = ["RoomTable"]

USUAL = RoomPlan("")


class RoomTable(BaseModel):
    """``[[rooms]]``."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    name: str = Field(min_length=1)
    number: str = Field(pattern=r"^[0-9]+$")
    pin: str = USUAL.pin
    host_pin: str = USUAL.host_pin
    most: int = Field(default=USUAL.most, ge=2, le=512)
    waits_for_host: bool = USUAL.waits_for_host
    announces: bool = USUAL.announces

    def plan(self) -> RoomPlan:
        """Return what it says."""
        return RoomPlan(
            self.name, self.pin, self.host_pin, self.most, self.waits_for_host, self.announces
        )
