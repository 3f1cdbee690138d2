# SPDX-License-Identifier: MIT
"""``[trunks.office]`` of the configuration: what the office behind a trunk sends.

``OfficeTable.plan()`` gives what it says to the core, ``faults`` what is wrong about it beside its
types; ``toml(plan)`` writes it as ``altiware line detect`` and ``line echotune`` do with --write.
"""

import json
from collections.abc import Iterator
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from altiware.core.office import (
    ANY_SIGN,
    USUAL_OFFICE,
    CallerIdKind,
    Disconnect,
    OfficePlan,
    OfficeTone,
)
from altiware.toml_lines import Path
from dsp.errors import EngineArgumentError
from dsp.progress import ToneTemplate
from dsp.tones import COUNTRIES

__all__ = ["OfficeTable", "toml"]

GAIN_DB: Final = 12.0


class LearnedTable(BaseModel):
    """``[[trunks.office.tones]]``."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    name: Literal["dial", "ringback", "busy", "reorder"]
    hz: list[float]
    cadence_ms: list[int] = []
    tolerance: float = Field(default=0.025, ge=0.002, le=0.05)


class OfficeTable(BaseModel):
    """``[trunks.office]``."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    country: str = ""
    disconnect: list[Annotated[Disconnect, Field(strict=False)]] = Field(
        default_factory=lambda: sorted(ANY_SIGN, key=lambda sign: sign.value)
    )
    loop_break_ms: int = Field(default=0, ge=0, le=2000)
    caller_id: Annotated[CallerIdKind, Field(strict=False)] | None = None
    receive_db: float = Field(default=0.0, ge=-GAIN_DB, le=GAIN_DB, allow_inf_nan=False)
    impedance: int | None = Field(default=None, ge=0, le=255)
    tones: list[LearnedTable] = []

    def plan(self) -> OfficePlan:
        """Return what it says."""
        return OfficePlan(
            country=self.country,
            tones=tuple(
                OfficeTone(each.name, tuple(each.hz), tuple(each.cadence_ms), each.tolerance)
                for each in self.tones
            ),
            disconnect=frozenset(self.disconnect),
            loop_break_ms=self.loop_break_ms or None,
            caller_id=self.caller_id,
            receive_db=self.receive_db,
            impedance=self.impedance,
        )

    def faults(self) -> Iterator[tuple[Path, object, str]]:
        """Yield what is wrong: the setting, its value, what is allowed."""
        if self.country and self.country not in COUNTRIES:
            yield ("country",), self.country, ", ".join(COUNTRIES)
        for index, each in enumerate(self.tones):
            try:
                ToneTemplate(each.name, tuple(each.hz), tuple(each.cadence_ms))
            except EngineArgumentError as error:
                yield ("tones", index), each.name, str(error)


def toml(plan: OfficePlan) -> str:
    """Write what differs from an office that nobody has looked at."""
    lines = ["[trunks.office]"]
    if plan.country:
        lines.append(f"country = {json.dumps(plan.country)}")
    if plan.disconnect != USUAL_OFFICE.disconnect:
        lines.append(f"disconnect = {json.dumps(sorted(each.value for each in plan.disconnect))}")
    if plan.loop_break_ms is not None:
        lines.append(f"loop_break_ms = {plan.loop_break_ms}")
    if plan.caller_id is not None:
        lines.append(f'caller_id = "{plan.caller_id.value}"')
    if plan.receive_db:
        lines.append(f"receive_db = {plan.receive_db:.1f}")
    if plan.impedance is not None:
        lines.append(f"impedance = {plan.impedance}")
    for tone in plan.tones:
        lines += ["", "[[trunks.office.tones]]", f'name = "{tone.name}"']
        lines += [f"hz = {json.dumps(list(tone.hz))}"]
        lines += [f"cadence_ms = {json.dumps(list(tone.cadence_ms))}"] if tone.cadence_ms else []
        lines += [f"tolerance = {tone.tolerance:.4f}"]
    return "\n".join(lines) + "\n"
