# SPDX-License-Identifier: MIT
"""An office with the codes of the profile, for tests of what stations set and do."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from altiware.core.plan import Plan
from altiware.features.profile import PROFILES
from tests.scenarios.signalling.office_sounds import MadeUpSounds
from tests.signalling_rig import Phone, SignallingRig, office_plan

LONGEST = 200
"""Tenths of a second that anything that is said takes."""

__all__ = ["confirmed", "refused", "station_plan", "station_rig", "with_settings"]


def station_plan(of: dict[str, dict[str, Any]] | None = None, **changes: Any) -> Plan:
    """Return an office of six stations and two lines; ``of`` changes stations by extension."""
    return with_settings(office_plan(stations=6, trunks=2, **changes), of or {})


def with_settings(plan: Plan, of: dict[str, dict[str, Any]]) -> Plan:
    """Return the plan with the codes of the profile, and stations changed by extension."""
    stations = tuple(replace(each, **of.get(each.extension, {})) for each in plan.stations)
    numbering = replace(plan.numbering, codes=PROFILES["oe45"])
    return replace(plan, stations=stations, numbering=numbering)


def station_rig(folder: Path, plan: Plan | None = None, **options: Any) -> SignallingRig:
    """Return an office in which everything can be said."""
    return SignallingRig(plan or station_plan(), sounds=MadeUpSounds(folder), **options)


def confirmed(phone: Phone, digits: str, *said: str) -> None:
    """Dial a code, hear what is said and the confirmation, and hang up."""
    _dial(phone, digits, *said)
    phone.hears_tone("confirm")
    phone.hangs_up()


def refused(phone: Phone, digits: str, *said: str) -> None:
    """Dial a code, hear why it can't be and the tone, and hang up."""
    _dial(phone, digits, *said)
    phone.hears_tone("reorder")
    phone.hangs_up()


def _dial(phone: Phone, digits: str, *said: str) -> None:
    phone.calls(digits)
    if said:
        phone.hears_said(*said)
    for _ in range(LONGEST):
        if not phone.is_spoken_to:
            return
        phone.rig.passes(0.1)
