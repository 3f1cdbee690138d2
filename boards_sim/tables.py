# SPDX-License-Identifier: MIT
"""Prints the tables of docs/topics/line-physics.md: ``python -m boards_sim.tables``.

Everything in them is computed or measured when it is printed.
"""

import math
from collections.abc import Callable
from typing import Final

import numpy as np

from boards_sim.echo_paths import MODELS, echo_path
from boards_sim.faultscript import grammar
from boards_sim.fxs import feed_of
from boards_sim.hybrid import report
from boards_sim.loop import CLEAN, Loop
from boards_sim.noise import c_message_db, dbrnc, hum_period
from boards_sim.offices import OFFICES, CallerIdKind
from boards_sim.pair import Drive, LineMeter, Source, Telephone, Terminal, Trouble
from boards_sim.phone import LIFTED, RESTING
from drivers.base import Linefeed

__all__ = ["TABLES"]

UNITS: Final = 200
"""Line circuits with errors of their own, each measuring once."""


def _table(head: str, rows: list[str]) -> str:
    columns = head.count("|") + 1
    lines = [f"| {head} |", "|---" * columns + "|", *(f"| {row} |" for row in rows)]
    return "\n".join(lines)


def echo_paths() -> str:
    """Return what the G.168 paths are like."""
    rows = []
    for model in MODELS:
        taps = np.array(echo_path(model, 0.0))
        energy = np.cumsum(taps**2) / np.sum(taps**2)
        spread_ms = (int(np.argmax(energy >= 0.99)) + 1) / 8
        gain_db = 10 * math.log10(float(np.sum(taps**2)))
        rows.append(f"D{model} | {len(taps)} | {spread_ms:.1f} ms | {gain_db:+.1f} dB")
    return _table("path | taps | 99 % of the energy within | power at 0 dB", rows)


def _spread(trouble: Trouble, measure: Callable[[LineMeter], float], *, lifted: bool) -> str:
    loop = Loop(CLEAN, feed_of(Linefeed.ACTIVE), LIFTED if lifted else RESTING)
    loop.suffer(trouble)
    values = sorted(measure(LineMeter(loop, seed)) for seed in range(UNITS))
    least, median, most = (_shown(values[i]) for i in (0, UNITS // 2, -1))
    return f"{least} | {median} | {most}"


def _shown(value: float) -> str:
    return "open" if math.isinf(value) else f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def meter() -> str:
    """Return what 200 line circuits measure on the same lines."""
    tip, ring, ground = Terminal
    foreign = Trouble(ring_foreign=Source(dc=6.0, ac=10.0, ohms=10e3))

    def at(volts: float) -> Callable[[LineMeter], float]:
        return lambda m: m.resistance(tip, ring, volts, 1000.0)

    rows: list[tuple[str, Trouble, Callable[[LineMeter], float], bool]] = [
        ("battery 48 V", Trouble(), lambda m: m.volts_dc(tip, ring), False),
        ("6 V dc on ring", foreign, lambda m: m.volts_dc(ring, ground, Drive()), False),
        ("10 V ac on ring", foreign, lambda m: m.volts_ac(ring, ground, Drive()), False),
        ("no leak", Trouble(), lambda m: m.leaks().ring_ground, False),
        *(
            (
                f"ring to ground {ohms / 1e3:g} kohm",
                Trouble(ring_ground_ohms=ohms),
                lambda m: m.leaks().ring_ground,
                False,
            )
            for ohms in (10e3, 62e3, 150e3)
        ),
        ("telephone lifted, at 6 V", Trouble(), at(6.0), True),
        ("telephone lifted, at 48 V", Trouble(), at(48.0), True),
        ("500 ohm tip to ring, at 6 V", Trouble(tip_ring_ohms=500), at(6.0), False),
        ("500 ohm tip to ring, at 48 V", Trouble(tip_ring_ohms=500), at(48.0), False),
        *(
            (
                f"bells, {1 + ren:g} REN",
                Trouble(parallel=(Telephone(ren=ren),)),
                lambda m: m.ringer_ren(),
                False,
            )
            for ren in (0.0, 2.0, 4.0)
        ),
    ]
    cells = [
        f"{what} | {_spread(trouble, measure, lifted=lifted)}"
        for what, trouble, measure, lifted in rows
    ]
    return _table("line | least | median | most", cells)


def noise() -> str:
    """Return what hum of -40 dBm0 is to an ear."""
    rows = []
    for hz in (50.0, 60.0):
        heard = np.rint(np.tile(hum_period(hz, -40.0), 10)).astype(np.int16)
        rows.append(f"hum {hz:.0f} Hz | -40.0 dBm0 | {dbrnc(heard):.1f} dBrnC")
    flat = np.linspace(1.0, 4000.0, 4000)
    weighted = 10 * math.log10(float(np.mean(10 ** (c_message_db(flat) / 10))))
    rows.append(f"white, 0-4 kHz | -40.0 dBm0 | {50 + weighted:.1f} dBrnC")
    return _table("noise | level | C-message weighted", rows)


def offices() -> str:
    """Return the twelve countries' offices."""
    rows = []
    for name in [n for n in OFFICES if not n.endswith("-mute")]:
        office, mute = OFFICES[name], OFFICES[f"{name}-mute"].profile
        profile = office.profile
        length = f" {profile.open_switch_ms} ms" if "interval" in profile.disconnect.value else ""
        modem = (
            ""
            if profile.caller_id in {CallerIdKind.NONE, CallerIdKind.DTMF}
            else (" (Bell 202)" if profile.modem and profile.modem.space_hz == 2200 else " (V.23)")
        )
        reversal = "yes" if profile.answer_reversal else "no"
        rows.append(
            f"{name} | {office.country.name} | {profile.disconnect.value}{length} | {reversal} | "
            f"{profile.caller_id.value}{modem} | {mute.disconnect.value}"
        )
    return _table(
        "office | tones of | at the end | reversal at answer | caller ID | -mute: at the end", rows
    )


TABLES: Final[dict[str, Callable[[], str]]] = {
    "Test loops and impedances": report,
    "Echo paths": echo_paths,
    "Meter": meter,
    "Noise": noise,
    "Offices": offices,
    "Faults": grammar,
}


if __name__ == "__main__":
    for title, table in TABLES.items():
        print(f"{title}\n\n{table()}\n")  # noqa: T201 - what it is run for
