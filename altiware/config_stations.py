# SPDX-License-Identifier: MIT
"""``[[stations]]`` and ``[numbering]`` of the configuration, and what the core makes of them.

``plan()`` of each table gives what it says to the core, ``faults`` what is wrong beside its
types.
"""

from collections.abc import Iterator
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from altiware.core.ids import PortAddress
from altiware.core.plan import (
    DEFAULT_FIRST_DIGITS,
    FeatureCode,
    FirstDigit,
    Numbering,
    Service,
    StationPlan,
)
from altiware.features.catalog import FACTORIES
from altiware.features.profile import PROFILES
from altiware.toml_lines import Path

__all__ = [
    "AccountsTable",
    "CodeTable",
    "Digits",
    "NumberingTable",
    "Port",
    "StationTable",
    "SystemSpeedDial",
    "Table",
    "port_address",
]

SECONDS_LIMIT: Final = 3600.0


class Table(BaseModel):
    """Base class of the file's tables."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


Digits = Annotated[str, Field(pattern=r"^[0-9]+$")]
Keys = Annotated[str, Field(pattern=r"^[0-9*#]*$")]
SystemSpeedDial = dict[Annotated[str, Field(pattern=r"^[0-5][0-9]$")], Keys]
"""``[speed_dial]``."""
Port = Annotated[str, Field(pattern=r"^[0-9]{2}:[0-9]{2}$")]
Fault = tuple[Path, object, str]
"""Setting, value, and what is allowed."""


def port_address(text: str) -> PortAddress:
    """Read a port as the file writes it: ``BB:CC``."""
    board, _, channel = text.partition(":")
    return PortAddress(int(board), int(channel))


class StationTable(Table):
    """``[[stations]]``."""

    extension: Digits
    port: Port
    name: str = ""
    shows_caller: bool = True
    busy: Keys = ""
    no_answer: Keys = ""
    ring_s: float = Field(default=0.0, ge=0.0, le=SECONDS_LIMIT, allow_inf_nan=False)
    call_waiting: bool = False
    manager: bool = False
    needs_account: bool = False
    speed_dial: dict[Annotated[str, Field(pattern=r"^[01][0-9]$")], Keys] = {}
    forwards_outside: bool = False
    pickup_group: str = ""
    tenant: str = ""
    location: str = Field(default="", max_length=120)
    call_back: str = Field(default="", pattern=r"^[0-9]*$")

    def plan(self) -> StationPlan:
        """Return what it says."""
        return StationPlan(
            self.extension,
            port_address(self.port),
            self.name,
            self.shows_caller,
            busy=self.busy,
            no_answer=self.no_answer,
            ring_s=self.ring_s or None,
            call_waiting=self.call_waiting,
            manager=self.manager,
            needs_account=self.needs_account,
            speed_dial=dict(self.speed_dial),
            forwards_outside=self.forwards_outside,
            pickup_group=self.pickup_group,
            tenant=self.tenant,
            location=self.location,
            call_back=self.call_back,
        )


class AccountsTable(Table):
    """``[accounts]``."""

    valid: list[Annotated[str, Field(pattern=r"^[0-9]{1,10}$")]] = Field(
        default_factory=list, max_length=10_000
    )


class CodeTable(Table):
    """A value of ``[numbering.codes]``; a code without a service is taken away."""

    service: str = ""
    argument: str = ""
    follows: Annotated[int, Field(ge=0, le=20)] | Literal["digits", "number"] = 0

    def plan(self) -> FeatureCode:
        """Return what it says."""
        follows = self.follows if isinstance(self.follows, int) else None
        service = Service(self.service, self.argument, self.service)
        return FeatureCode(service, follows, self.follows == "number")


class NumberingTable(Table):
    """``[numbering]``."""

    extension_length: int = Field(default=3, ge=3, le=6)
    profile: str = "oe45"
    first_digits: dict[
        Annotated[str, Field(pattern=r"^[0-9*#]$")], Annotated[FirstDigit, Field(strict=False)]
    ] = {}
    codes: dict[Annotated[str, Field(pattern=r"^[0-9*#]+$")], CodeTable] = {}
    emergency: list[Digits] = []
    area_codes: list[Digits] = []

    def plan(self) -> Numbering:
        """Return what it says."""
        return Numbering(
            extension_length=self.extension_length,
            first_digits={**DEFAULT_FIRST_DIGITS, **self.first_digits},
            emergency=tuple(self.emergency),
            area_codes=tuple(self.area_codes),
            codes=self._codes(),
        )

    def _codes(self) -> dict[str, FeatureCode]:
        """Return the profile's codes with the file's changes."""
        codes = {**PROFILES.get(self.profile, {})}
        for code, table in self.codes.items():
            if table.service:
                codes[code] = table.plan()
            else:
                codes.pop(code, None)
        return codes

    def faults(self) -> Iterator[Fault]:
        """Yield what there isn't: a profile, services."""
        if self.profile not in PROFILES:
            yield ("profile",), self.profile, ", ".join(PROFILES)
        known = services()
        for code, table in self.codes.items():
            if table.service and table.service not in known:
                yield ("codes", code, "service"), table.service, ", ".join(known)


def services() -> list[str]:
    """Return the kinds of services that a code can stand for."""
    profiled = {
        each.service.kind for codes in PROFILES.values() for each in codes.values()
    } | FACTORIES.keys()
    return sorted(profiled)
