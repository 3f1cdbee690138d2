# SPDX-License-Identifier: MIT
"""Verdicts on a telephone's line: the limits of the metallic loop tests, and what they mean.

``hazard(volts)``, ``foreign(volts)``, ``leaks(ohms)``, ``receiver(ohms)``, ``ringers(load)``:
measurements of drivers.service in, verdicts out.  No board and no time: the order in which they
are made and what each spares the next is line_test.py's.  The limits are those of Silicon Labs
AN273 ("GR-909 testing with the Si321x").
"""

from typing import Final

from drivers.diagnostics.verdict import Check, Fault, Reading, Severity, Verdict, good
from drivers.service import BEYOND_OHMS, ReceiverOhms, RingerLoad, TerminalOhms, TerminalVolts

__all__ = [
    "LEAK_OHMS",
    "bells_behind",
    "foreign",
    "hazard",
    "is_telephone",
    "leaks",
    "receiver",
    "ringers",
]

HAZARD_AC: Final = 50.0
HAZARD_DC: Final = 135.0
FOREIGN_AC: Final = 10.0
FOREIGN_DC: Final = 6.0
LEAK_OHMS: Final = 150_000.0
TELEPHONE_RATIO: Final = 1.5
"""A rectifier and a speech circuit show so much more resistance at the low voltage."""
LEAST_REN: Final = 0.175
MOST_REN: Final = 5.0
REN_ERROR: Final = 0.5
REN_OHMS: Final = 7_000.0
"""Of one at 20 Hz, nearly all of it resistance (docs/reference/qhi.md, test 4)."""
LONGEST_OHMS: Final = 1_300.0
"""The longest of the EIA's test loops, LL7."""
UNTOLD_REN: Final = 50.0
"""So many bells are a short behind their cable: more can't be told apart."""
SHORT_OHMS: Final = 3_200.0
"""48 V through less is 15 mA: the board takes it for a lifted telephone."""
POOR_OHMS: Final = 20_000.0
ALIKE: Final = 0.1
"""Share by which two wires' voltages may differ and still have one source."""

HAZARD_LIMIT: Final = f"at most {HAZARD_AC:g} V ac, {HAZARD_DC:g} V dc to ground"
FOREIGN_LIMIT: Final = f"at most {FOREIGN_AC:g} V ac, {FOREIGN_DC:g} V dc"
LEAK_LIMIT: Final = f"at least {LEAK_OHMS / 1000:g} kΩ"
RECEIVER_LIMIT: Final = f"low / high at most {TELEPHONE_RATIO:g}"
RINGER_LIMIT: Final = f"{LEAST_REN:g} to {MOST_REN:g} REN, ±{REN_ERROR:g}"

NAMES: Final = {
    Fault.LEAK_TIP_RING: "Tip leaks {} to ring",
    Fault.LEAK_TIP_GROUND: "Tip leaks {} to ground",
    Fault.LEAK_RING_GROUND: "Ring leaks {} to ground",
}
ACROSS: Final = (
    (SHORT_OHMS, "the wires touch; the line is off-hook for ever and can't be rung"),
    (POOR_OHMS, "damaged insulation or a spent surge arrester; expect ringing that trips at once"),
    (LEAK_OHMS, "wet cable; expect weak ringing and crackle"),
)
TO_GROUND: Final = (
    (SHORT_OHMS, "the wire touches earth or the shield; expect loud hum and no on-hook"),
    (POOR_OHMS, "damaged insulation or a spent surge arrester; expect hum and false off-hook"),
    (LEAK_OHMS, "wet cable; expect hum and false off-hook"),
)


def hazard(volts: TerminalVolts) -> Verdict:
    """Judge whether the line may be touched."""
    readings = _to_ground(volts)
    if _most(readings, "V ac") <= HAZARD_AC and _most(readings, "V dc") <= HAZARD_DC:
        return good(Check.HAZARD, readings, HAZARD_LIMIT, "No dangerous voltage.")
    worst = max(readings, key=lambda r: abs(r.value) / (HAZARD_AC if "ac" in r.unit else HAZARD_DC))
    return Verdict(
        Check.HAZARD,
        f"Danger: {worst} {_where(worst, readings)}: contact with the mains or another service;"
        " keep off the wires, unplug the line at the entry and call the network's owner.",
        readings,
        HAZARD_LIMIT,
        Fault.HAZARD,
        Severity.HAZARD,
    )


def foreign(volts: TerminalVolts) -> Verdict:
    """Judge voltage that is on the line though the board feeds none."""
    readings = _to_ground(volts)
    ac, dc = _most(readings, "V ac"), _most(readings, "V dc")
    if ac <= FOREIGN_AC and dc <= FOREIGN_DC:
        return good(Check.FOREIGN, readings, FOREIGN_LIMIT, "No voltage from elsewhere.")
    is_ac = ac / FOREIGN_AC > dc / FOREIGN_DC
    unit = "V ac" if is_ac else "V dc"
    worst = max((r for r in readings if r.unit == unit), key=lambda r: abs(r.value))
    why = (
        "induction from a power line or a neutral that has lost its earth; expect loud hum"
        if is_ac
        else "contact with another line's battery; expect crosstalk, clicks and false off-hook"
    )
    return Verdict(
        Check.FOREIGN,
        f"{worst} {_where(worst, readings)} though the board feeds nothing: {why}; look for where"
        " the pairs meet.",
        readings,
        FOREIGN_LIMIT,
        Fault.FOREIGN_AC if is_ac else Fault.FOREIGN_DC,
        Severity.FAULT,
    )


def leaks(ohms: TerminalOhms) -> tuple[Verdict, ...]:
    """Judge the insulation; one verdict for each leak, or one for a sound line."""
    found = {
        Fault.LEAK_TIP_RING: ohms.tip_ring,
        Fault.LEAK_TIP_GROUND: ohms.tip_ground,
        Fault.LEAK_RING_GROUND: ohms.ring_ground,
    }
    names = ("tip-ring", "tip-ground", "ring-ground")
    readings = {
        fault: Reading(name, value, "ohm")
        for name, (fault, value) in zip(names, found.items(), strict=True)
        if value is not None
    }
    wrong = tuple(_leak(f, r) for f, r in readings.items() if r.value < LEAK_OHMS)
    return wrong or (
        good(Check.LEAKS, tuple(readings.values()), LEAK_LIMIT, "The insulation is sound."),
    )


def _leak(fault: Fault, reading: Reading) -> Verdict:
    grades = ACROSS if fault is Fault.LEAK_TIP_RING else TO_GROUND
    meaning = next(text for most, text in grades if reading.value < most)
    sentence = f"{NAMES[fault].format(reading)}: {meaning}."
    return Verdict(Check.LEAKS, sentence, (reading,), LEAK_LIMIT, fault, Severity.FAULT)


def is_telephone(ohms: ReceiverOhms) -> bool:
    """Tell a lifted telephone from a resistance between the wires."""
    return ohms.high_ohms < BEYOND_OHMS and ohms.low_ohms > TELEPHONE_RATIO * ohms.high_ohms


def receiver(ohms: ReceiverOhms) -> Verdict:
    """Judge what closes the loop."""
    readings = (
        Reading(f"at {ohms.low_volts:.0f} V", ohms.low_ohms, "ohm"),
        Reading(f"at {ohms.high_volts:.0f} V", ohms.high_ohms, "ohm"),
    )
    if not is_telephone(ohms):
        return good(Check.RECEIVER, readings, RECEIVER_LIMIT, "No telephone is lifted.")
    return Verdict(
        Check.RECEIVER,
        "A telephone is off the hook: put the receiver back; if it lies in its place, its hook"
        " switch is stuck. Nobody can ring this line.",
        readings,
        RECEIVER_LIMIT,
        Fault.OFF_HOOK,
        Severity.FAULT,
    )


def bells_behind(ren: float, loop_ohms: float) -> float:
    """Return how many bells look like ``ren`` through a cable of so many ohms, both wires.

    The cable's resistance is in series with them, and nothing that is measured on an open loop
    tells it: no direct current flows through bells.
    """
    if not ren:
        return 0.0
    ohms = REN_OHMS / ren - loop_ohms
    return REN_OHMS / ohms if ohms > REN_OHMS / UNTOLD_REN else UNTOLD_REN


def ringers(load: RingerLoad, loop_ohms: float | None = None) -> Verdict:
    """Judge the bells; ``loop_ohms``: the cable's, both wires together, where it is known."""
    if loop_ohms is not None:
        load = RingerLoad(bells_behind(load.ren, loop_ohms), load.volts, load.hertz)
    readings = (Reading("tip-ring", load.ren, "REN"),)
    if load.ren < LEAST_REN:
        return Verdict(
            Check.RINGERS,
            "No telephone answers the test: none is plugged in, or the pair is cut on the way.",
            readings,
            RINGER_LIMIT,
            Fault.NO_TELEPHONE,
            Severity.FAULT,
        )
    if load.ren > MOST_REN + REN_ERROR:
        return Verdict(
            Check.RINGERS,
            f"{load.ren:.1f} REN are more than the line can ring: expect weak bells or none;"
            " unplug telephones until 5 are left.",
            readings,
            RINGER_LIMIT,
            Fault.TOO_MANY_RINGERS,
            Severity.FAULT,
        )
    enough = REN_OHMS * (1 / load.ren - 1 / (MOST_REN + REN_ERROR))
    sentence = f"Bells of {load.ren:.1f} REN."
    if loop_ohms is not None:
        sentence = f"Bells of {load.ren:.1f} REN behind {loop_ohms:.0f} Ω of cable."
    elif enough < LONGEST_OHMS:
        sentence += (
            f" A long cable hides some: behind more than {enough:.0f} Ω of it (both wires) they are"
            " more than the line can ring."
        )
    return good(Check.RINGERS, readings, RINGER_LIMIT, sentence)


def _to_ground(volts: TerminalVolts) -> tuple[Reading, ...]:
    found = (
        ("tip", volts.tip_ground_dc, "V dc"),
        ("ring", volts.ring_ground_dc, "V dc"),
        ("tip", volts.tip_ground_ac, "V ac"),
        ("ring", volts.ring_ground_ac, "V ac"),
    )
    return tuple(Reading(what, value, unit) for what, value, unit in found if value is not None)


def _where(worst: Reading, readings: tuple[Reading, ...]) -> str:
    """Name the wire; bells carry alternating voltage over to the other one."""
    alike = [r for r in readings if r.unit == worst.unit and _is_alike(r.value, worst.value)]
    return "from both wires to ground" if len(alike) > 1 else f"from {worst.what} to ground"


def _is_alike(a: float, b: float) -> bool:
    return abs(a - b) <= ALIKE * abs(b)


def _most(readings: tuple[Reading, ...], unit: str) -> float:
    return max((abs(r.value) for r in readings if r.unit == unit), default=0.0)
