# SPDX-License-Identifier: MIT
"""``[[zones]]`` of the configuration: telephones that are paged together."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from altiware.core.zones import ZonePlan

__all__ = ["ZoneTable"]


class ZoneTable(BaseModel):
    """``[[zones]]``."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    name: str = Field(min_length=1)
    number: str = Field(pattern=r"^[0-9]+$")
    stations: list[Annotated[str, Field(pattern=r"^[0-9]+$")]] = Field(min_length=1)

    def plan(self) -> ZonePlan:
        """Return what it says."""
        return ZonePlan(self.name, tuple(self.stations))
