# SPDX-License-Identifier: MIT
"""Verdicts on an office's line: battery, ringing, loop current, dial tone and noise.

Measurements in, verdicts out, as in station_limits.py.  A board's meter on an office line is
±10 % (Si3050 data sheet), which the limits allow for.
"""

from dataclasses import dataclass
from typing import Final

from drivers.diagnostics.verdict import Check, Fault, Reading, Severity, Verdict, good
from drivers.service import OfficeFeed, TerminalVolts
from dsp.learn import LearnedTone

__all__ = [
    "FOREIGN_AC",
    "QUIET_AC",
    "LineNoise",
    "battery",
    "dial_tone",
    "foreign",
    "in_use",
    "is_lifted",
    "loop_current",
    "noise",
    "ringing",
]

NO_VOLTS: Final = 3.0
"""The meter shows 0 below (Si3050)."""
LIFTED_VOLTS: Final = 19.0
"""A lifted telephone leaves less of any battery: 4 to 9 V and what its cable takes."""
LEAST_VOLTS: Final = 38.0
MOST_VOLTS: Final = 58.0
"""48 V ± 5 (Teltone TLS-4A) by a meter of ±10 %."""
QUIET_AC: Final = 10.0
FOREIGN_AC: Final = QUIET_AC
LEAST_RINGING: Final = 40.0
"""Volts rms: 40 to 90 V ring a telephone."""
LEAST_MA: Final = 18.0
"""Into any loop (TLS-4A); subscribers are promised 20."""
MOST_MA: Final = 127.0
"""Overload (Si3050)."""
LEAST_DBM0: Final = -30.0
"""A dial tone of -13 dBm0 over twice the 8.5 dB of loss that a subscriber is promised."""
MOST_DBRNC: Final = 20.0
"""What a subscriber is promised."""

BATTERY_LIMIT: Final = f"{LEAST_VOLTS:g} to {MOST_VOLTS:g} V, tip positive"
WIRES: Final = {
    "tip-ring": "between the wires",
    "tip-ground": "from tip to ground",
    "ring-ground": "from ring to ground",
}
RINGING_LIMIT: Final = f"at least {LEAST_RINGING:g} V rms"
FOREIGN_LIMIT: Final = f"at most {FOREIGN_AC:g} V ac"
CURRENT_LIMIT: Final = f"{LEAST_MA:g} to {MOST_MA:g} mA"
DIAL_LIMIT: Final = f"at least {LEAST_DBM0:g} dBm0"
NOISE_LIMIT: Final = f"at most {MOST_DBRNC:g} dBrnC"


@dataclass(frozen=True, slots=True)
class LineNoise:
    """How noisy a quiet line is."""

    dbrnc: float
    "C-message weighted."
    hum_share: float
    "Of the weighted power, at the mains' harmonics."
    mains_hz: float
    "Whose they are."


def is_lifted(feed: OfficeFeed) -> bool:
    """Tell whether another telephone holds the line."""
    return NO_VOLTS <= abs(feed.battery_volts) < LIFTED_VOLTS


def in_use(feed: OfficeFeed) -> str:
    """Say why a line with another telephone lifted is left alone."""
    volts = f"{abs(feed.battery_volts):.1f} V"
    return f"another telephone on this line is lifted ({volts}), so it is in use"


def battery(feed: OfficeFeed) -> Verdict:
    """Judge the office's battery with the loop open."""
    volts = feed.battery_volts
    readings = (Reading("tip-ring", volts, "V dc"),)
    found = _battery_fault(feed)
    if found is None:
        return good(Check.BATTERY, readings, BATTERY_LIMIT, "The office feeds the line.")
    fault, severity, sentence = found
    return Verdict(Check.BATTERY, sentence, readings, BATTERY_LIMIT, fault, severity)


def _battery_fault(feed: OfficeFeed) -> tuple[Fault, Severity, str] | None:
    volts = feed.battery_volts
    if abs(volts) < NO_VOLTS:
        return Fault.NO_BATTERY, Severity.FAULT, (
            "No battery: the line is not plugged in, cut, or out of service at the office."
        )  # fmt: skip
    if is_lifted(feed):
        return Fault.PARALLEL, Severity.FAULT, (
            f"Only {abs(volts):.1f} V: another telephone on this line is lifted, or its hook"
            " switch is stuck; hang it up."
        )  # fmt: skip
    if volts < 0:
        return Fault.REVERSED, Severity.WARNING, (
            "Tip and ring are exchanged: calls work, but signals by reversal are read the wrong"
            " way; exchange the wires at the jack."
        )  # fmt: skip
    if volts < LEAST_VOLTS:
        return Fault.LOW_BATTERY, Severity.WARNING, (
            f"{volts:.1f} V of battery: a leak between the wires, or an adapter instead of an"
            " office; expect telephones that don't work on it."
        )  # fmt: skip
    if volts > MOST_VOLTS:
        return Fault.HIGH_BATTERY, Severity.WARNING, (
            f"{volts:.1f} V of battery: a long-line extender, or contact with another battery."
        )  # fmt: skip
    return None


def foreign(volts: TerminalVolts) -> Verdict:
    """Judge alternating voltage on a line that doesn't ring; direct voltage is the office's."""
    found = (
        ("tip-ring", volts.tip_ring_ac),
        ("tip-ground", volts.tip_ground_ac),
        ("ring-ground", volts.ring_ground_ac),
    )
    readings = tuple(Reading(what, value, "V ac") for what, value in found if value is not None)
    worst = max(readings, key=lambda reading: reading.value, default=None)
    if worst is None:
        unmeasured = "This port measures no alternating voltage."
        return good(Check.FOREIGN, readings, FOREIGN_LIMIT, unmeasured)
    if worst.value <= FOREIGN_AC:
        return good(Check.FOREIGN, readings, FOREIGN_LIMIT, _none_found(readings))
    where = WIRES[worst.what]
    sentence = (
        f"{worst.value:.0f} V ac {where} though the office doesn't ring: induction on an"
        " unbalanced pair; expect hum and false rings; look for a bad joint."
    )
    if worst.what != "tip-ring":
        sentence = (
            f"{worst.value:.0f} V ac {where}: induction from a power line, or a lost earth;"
            " expect hum; have the network's owner look for it."
        )
    return Verdict(
        Check.FOREIGN, sentence, readings, FOREIGN_LIMIT, Fault.FOREIGN_AC, Severity.FAULT
    )


def _none_found(readings: tuple[Reading, ...]) -> str:
    if len(readings) > 1:
        return "No voltage from elsewhere."
    return (
        "No voltage from elsewhere between the wires. This port floats and can't measure to"
        " ground, where induction shows first."
    )


def ringing(feed: OfficeFeed) -> Verdict:
    """Judge a ring while it lasts."""
    readings = (
        Reading("tip-ring", feed.ringing_volts, "V ac"),
        Reading("frequency", feed.ringing_hertz, "Hz"),
    )
    if feed.ringing_volts >= LEAST_RINGING:
        return good(Check.RINGING, readings, RINGING_LIMIT, "The office rings loudly enough.")
    return Verdict(
        Check.RINGING,
        f"Only {feed.ringing_volts:.0f} V of ringing: too many bells on the line, or a long loop;"
        " telephones may stay silent and caller ID be missed.",
        readings,
        RINGING_LIMIT,
        Fault.WEAK_RINGING,
        Severity.FAULT,
    )


def loop_current(feed: OfficeFeed) -> Verdict:
    """Judge the current with the loop closed."""
    milliamps = abs(feed.loop_ma or 0.0)
    readings = (
        Reading("loop", milliamps, "mA"),
        Reading("tip-ring", feed.battery_volts, "V dc"),
    )
    if milliamps < LEAST_MA:
        fault, why = Fault.LOW_CURRENT, (
            "a long or corroded loop, or a weak battery; expect faint voices and calls that drop"
        )  # fmt: skip
    elif milliamps > MOST_MA:
        fault, why = Fault.HIGH_CURRENT, (
            "an office without a limit very near; put a resistor in the line before the board warms"
        )  # fmt: skip
    else:
        return good(Check.CURRENT, readings, CURRENT_LIMIT, "The loop carries enough current.")
    sentence = f"{milliamps:.0f} mA of loop current: {why}."
    return Verdict(Check.CURRENT, sentence, readings, CURRENT_LIMIT, fault, Severity.FAULT)


def dial_tone(tone: LearnedTone | None) -> Verdict:
    """Judge the dial tone; None: there was none that could be learned."""
    if tone is None:
        return Verdict(
            Check.DIAL_TONE,
            "The office feeds the line but gives no dial tone: it is out of service, or somebody"
            " else holds it.",
            (),
            DIAL_LIMIT,
            Fault.NO_DIAL_TONE,
            Severity.FAULT,
        )
    hertz = tuple(Reading("tone", hz, "Hz") for hz in tone.pattern.hz)
    readings = (Reading("level", tone.dbm0, "dBm0"), *hertz)
    if tone.dbm0 < LEAST_DBM0:
        return Verdict(
            Check.DIAL_TONE,
            f"Dial tone has only {tone.dbm0:.0f} dBm0: a very long loop or a wrong gain; expect"
            " faint voices.",
            readings,
            DIAL_LIMIT,
            Fault.WEAK_DIAL_TONE,
            Severity.WARNING,
        )
    return good(Check.DIAL_TONE, readings, DIAL_LIMIT, "The office gives dial tone.")


def noise(heard: LineNoise) -> Verdict:
    """Judge what is heard when the office is quiet."""
    readings = (Reading("weighted", heard.dbrnc, "dBrnC"),)
    if heard.dbrnc <= MOST_DBRNC:
        return good(Check.NOISE, readings, NOISE_LIMIT, "The line is quiet.")
    if heard.hum_share > 0.5:
        fault, why = Fault.HUM, (
            f"Hum of the mains' {heard.mains_hz:.0f} Hz: a leak to ground or a power line beside"
            " an unbalanced pair; look for wet joints"
        )  # fmt: skip
    else:
        fault, why = Fault.NOISE, (
            "Noise: corroded joints, or something that radiates near the line (a DSL modem without"
            " its filter)"
        )  # fmt: skip
    sentence = f"{why} ({heard.dbrnc:.0f} dBrnC)."
    return Verdict(Check.NOISE, sentence, readings, NOISE_LIMIT, fault, Severity.WARNING)
