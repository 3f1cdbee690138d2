# SPDX-License-Identifier: MIT
"""``[[find_me]]`` of the configuration: where people are looked for."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from altiware.core.find_me import FindMeNumber, FindMePlan

__all__ = ["FindMeNumberTable", "FindMeTable"]

USUAL = FindMePlan("", ())
USUAL_NUMBER = FindMeNumber("")


class Table(BaseModel):
    """Base class of these tables."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class FindMeNumberTable(Table):
    """One of its ``numbers``."""

    number: str = Field(pattern=r"^[0-9]+$")
    ring_s: float = USUAL_NUMBER.ring_s

    def plan(self) -> FindMeNumber:
        """Return what it says."""
        return FindMeNumber(self.number, self.ring_s)


class FindMeTable(Table):
    """``[[find_me]]``."""

    extension: str = Field(pattern=r"^[0-9]+$")
    numbers: list[FindMeNumberTable] = Field(min_length=1)
    schedule: str = USUAL.schedule
    callers: list[Annotated[str, Field(pattern=r"^[0-9]+$")]] = list(USUAL.callers)
    screening: bool = USUAL.screening

    def plan(self) -> FindMePlan:
        """Return what it says."""
        return FindMePlan(
            self.extension,
            tuple(each.plan() for each in self.numbers),
            self.schedule,
            tuple(self.callers),
            self.screening,
        )
