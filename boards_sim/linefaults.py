# SPDX-License-Identifier: MIT
"""What can go wrong with a line, as changes of its loop or its office that can be undone.

``befall(fault, loop, actor)`` makes the change and returns how to undo it; what other faults
have changed meanwhile stays.  Which faults concern which lines: telephones have no office.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from boards_sim.actor import Actor
from boards_sim.faultscript import Fault
from boards_sim.loop import NATURES, EchoPath, Hum, Loop
from boards_sim.office import OfficeSet
from boards_sim.offices import OFFICES, CallerIdKind, Disconnect
from boards_sim.wirepair import Source, Telephone

__all__ = ["befall", "concerns"]

Undo = Callable[[], None]

DISCONNECTS: Final = {
    "open": Disconnect.OPEN_SWITCH,
    "reversal": Disconnect.REVERSAL,
    "busy": Disconnect.BUSY_TONE,
    "nothing": Disconnect.NOTHING,
}
CALLER_IDS: Final = {
    "none": CallerIdKind.NONE,
    "after": CallerIdKind.AFTER_RING,
    "before": CallerIdKind.BEFORE_RING,
    "dtmf": CallerIdKind.DTMF,
}
OF_OFFICES: Final = {
    "office",
    "disconnect",
    "caller-id",
    "caller-level",
    "caller-twist",
    "ring-trip",
    "reversed",
    "battery",
}


def concerns(fault: Fault, actor: Actor) -> bool:
    """Return whether a fault can befall the line that this actor is on."""
    return fault.verb not in OF_OFFICES or isinstance(actor, OfficeSet)


def befall(fault: Fault, loop: Loop, actor: Actor) -> Undo:
    """Let it happen, and return how to undo it."""
    if isinstance(actor, OfficeSet) and fault.verb in OF_OFFICES:
        return _office(fault, actor)
    if fault.verb in {"loop", "echo", "hum", "noise"}:
        return _nature(fault, loop)
    return _trouble(fault, loop)


def _trouble(fault: Fault, loop: Loop) -> Undo:
    changes = _changes_of_trouble(fault, loop)
    before = {name: getattr(loop.trouble, name) for name in changes}
    loop.suffer(replace(loop.trouble, **changes))

    def undo() -> None:
        loop.suffer(replace(loop.trouble, **before))

    return undo


def _changes_of_trouble(fault: Fault, loop: Loop) -> dict[str, Any]:
    values = fault.values
    if fault.verb == "leak":
        return {f"{str(values[0]).replace('-', '_')}_ohms": values[1]}
    if fault.verb == "foreign":
        return {f"{values[0]}_foreign": _source(str(values[1]), float(values[2]), float(values[3]))}
    if fault.verb == "parallel":
        more = Telephone(lifted=values[0] == "lifted")
        return {"parallel": (*loop.trouble.parallel, more)}
    if fault.verb == "ren":
        return {"parallel": (*loop.trouble.parallel, Telephone(ren=float(values[0])))}
    return {fault.verb: True}  # stuck, cut


def _source(volts: str, hz: float, ohms: float) -> Source:
    match = re.fullmatch(r"(.+)V([ad])c", volts)
    assert match is not None
    value = float(match[1])
    if match[2] == "d":
        return Source(dc=value, ohms=ohms)
    return Source(ac=abs(value), hz=hz, ohms=ohms)


def _nature(fault: Fault, loop: Loop) -> Undo:
    values = fault.values
    changes: dict[str, Any]
    if fault.verb == "loop":
        nature = NATURES[str(values[0])]
        changes = {"cable": nature.cable, "loss_db": nature.loss_db}
    elif fault.verb == "echo":
        changes = {"echo": EchoPath(int(str(values[0])[1:]), float(values[1]))}
    elif fault.verb == "hum":
        changes = {"hum": Hum(float(values[0]), float(values[1]))}
    else:
        changes = {"noise_dbrnc": float(values[0])}
    before = {name: getattr(loop.nature, name) for name in changes}
    loop.become(replace(loop.nature, **changes))

    def undo() -> None:
        loop.become(replace(loop.nature, **before))

    return undo


def _office(fault: Fault, office: OfficeSet) -> Undo:
    profile, country = office.profile, office.country
    if fault.verb == "office":
        office.become(OFFICES[str(fault.values[0])])
    else:
        office.take_profile(replace(profile, **_changes_of_office(fault, office)))

    def undo() -> None:
        office.country = country
        office.take_profile(profile)

    return undo


def _changes_of_office(fault: Fault, office: OfficeSet) -> dict[str, Any]:
    value = fault.values[0] if fault.values else 0.0
    if fault.verb == "disconnect":
        ms = round(float(fault.values[1]) * 1000)
        return {"disconnect": DISCONNECTS[str(value)], "open_switch_ms": ms}
    if fault.verb == "caller-id":
        return {"caller_id": CALLER_IDS[str(value)]}
    if fault.verb == "ring-trip":
        return {"ring_trip_ms": round(float(value) * 1000)}
    if fault.verb == "reversed":
        return {"battery_volts": -office.profile.battery_volts}
    field = {
        "caller-level": "caller_id_dbm0",
        "caller-twist": "caller_id_twist_db",
        "battery": "battery_volts",
    }
    return {field[fault.verb]: float(value)}
