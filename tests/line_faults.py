# SPDX-License-Identifier: MIT
"""Forty lines with one fault each and forty healthy ones, for the line test to tell apart.

Each has a seed: of the line circuit's errors of measurement, of the cable (a clean one or a test
loop, LL1 to LL7) and of how far the fault is from its nominal size (±10 %).
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from boards_sim.phone import RESTING
from boards_sim.session import SimulatedSession, simulated_session
from drivers.diagnostics.line_test import line_test
from drivers.diagnostics.verdict import Fault, LineReport

__all__ = ["FAULTY", "HEALTHY", "STATION", "TRUNK", "UP_S", "Line", "named", "tested"]

STATION, TRUNK = 4, 0
LOOPS: Final = ("clean", "ll1", "ll2", "ll3", "ll4", "ll5", "ll6", "ll7")
OFF: Final = 0.1
UP_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class Line:
    """A line as the simulator makes it."""

    what: str
    "For the table."
    port: int
    script: str
    "Words of boards_sim/faultscript.py; the port is added."
    seed: int
    fault: Fault | None = None
    "What is wrong with it."
    ren: float = 1.0
    "Of its one telephone."
    office: dict[str, Any] = field(default_factory=dict)
    "What is otherwise in the office's profile."

    @property
    def loop(self) -> str:
        """The cable."""
        return LOOPS[random.Random(self.seed).randrange(len(LOOPS))]


Script = Callable[[float], str]

STATIONS: Final[tuple[tuple[Fault, str, Script, tuple[float, ...]], ...]] = (
    (Fault.HAZARD, "V ac on tip", lambda v: f"foreign tip {v:.1f}Vac", (75, 110, 170)),
    (Fault.HAZARD, "V dc on ring", lambda v: f"foreign ring {v:.1f}Vdc", (-165,)),
    (Fault.FOREIGN_AC, "V ac on ring", lambda v: f"foreign ring {v:.1f}Vac 60Hz", (14, 22, 30, 42)),
    (Fault.FOREIGN_DC, "V dc on tip", lambda v: f"foreign tip {v:.1f}Vdc", (-8, 24, -48, 100)),
    (Fault.LEAK_TIP_RING, "Ω", lambda v: f"leak tip-ring {v:.0f}", (700, 9e3, 47e3, 120e3)),
    (Fault.LEAK_TIP_GROUND, "Ω", lambda v: f"leak tip-ground {v:.0f}", (800, 15e3, 62e3, 130e3)),
    (Fault.LEAK_RING_GROUND, "Ω", lambda v: f"leak ring-ground {v:.0f}", (1500, 20e3, 62e3, 130e3)),
    (Fault.OFF_HOOK, "stuck", lambda _: "stuck", (1,)),
    (Fault.OFF_HOOK, "a second one", lambda _: "parallel lifted", (1, 1)),
    (Fault.TOO_MANY_RINGERS, "REN more", lambda v: f"ren {v:.2f}", (6, 10)),
    (Fault.NO_TELEPHONE, "cut", lambda _: "cut", (1, 1)),
)
TRUNKS: Final[tuple[tuple[Fault, str, Script, tuple[float, ...]], ...]] = (
    (Fault.NO_BATTERY, "cut", lambda _: "cut", (1,)),
    (Fault.REVERSED, "", lambda _: "reversed", (1,)),
    (Fault.LOW_BATTERY, "V", lambda v: f"battery {v:.1f}V", (30,)),
    (Fault.HIGH_BATTERY, "V", lambda v: f"battery {v:.1f}V", (72,)),
    (Fault.PARALLEL, "", lambda _: "parallel lifted", (1,)),
    (Fault.NOISE, "dBrnC", lambda v: f"noise {v:.1f}dBrnC", (35,)),
    (Fault.HUM, "dBm0", lambda v: f"hum 50Hz {v:.1f}dBm0", (-28,)),
)
MUTE_OFFICE: Final = {"dial_tone_ms": 600_000}
CORRODED: Final = {"feed_ohms": 3_000.0}


def _faulty() -> tuple[Line, ...]:
    lines: list[Line] = []
    for port, kinds in ((STATION, STATIONS), (TRUNK, TRUNKS)):
        for fault, what, script, sizes in kinds:
            for size in sizes:
                seed = len(lines) + 1
                value = size * random.Random(-seed).uniform(1 - OFF, 1 + OFF)
                shown = f"{value:.4g} {what}" if size != 1 else what
                lines.append(Line(shown.strip(), port, script(value), seed, fault))
    seed = len(lines) + 1
    lines.append(Line("", TRUNK, "", seed, Fault.NO_DIAL_TONE, office=MUTE_OFFICE))
    ohms = f"{CORRODED['feed_ohms']:.0f} Ω of feed"
    lines.append(Line(ohms, TRUNK, "", seed + 1, Fault.LOW_CURRENT, office=CORRODED))
    return tuple(lines)


def _healthy_station(seed: int) -> Line:
    chance = random.Random(seed)
    telephones = chance.randrange(4)
    ren = chance.choice((0.2, 0.3, 0.5, 1.0, 1.5, 2.0))
    words = ["parallel resting"] * telephones
    if chance.random() < 0.5:
        wires = chance.choice(("tip-ring", "tip-ground", "ring-ground"))
        words.append(f"leak {wires} {chance.uniform(180e3, 1e6):.0f}")
    if chance.random() < 0.5:
        wire, volts = chance.choice(("tip", "ring")), chance.uniform(1.0, 9.0)
        kind = "Vac" if chance.random() < 0.5 else "Vdc"
        volts = volts if kind == "Vac" else volts * 0.6
        words.append(f"foreign {wire} {volts:.1f}{kind} 50Hz 10M")
    what = f"{telephones + ren:.1f} REN, {', '.join(words[telephones:]) or 'nothing else'}"
    return Line(what, STATION, "; ".join(words), seed, ren=ren)


def _healthy_trunk(seed: int) -> Line:
    chance = random.Random(seed)
    office = chance.choice(("us", "ca", "uk", "de", "fr", "it", "es", "nl", "se", "jp", "au", "nz"))
    noise, hum = chance.uniform(0.0, 18.0), chance.uniform(-70.0, -50.0)
    words = [
        f"office {office}",
        f"noise {noise:.1f}dBrnC",
        f"battery {chance.uniform(44, 52):.1f}V",
    ]
    if chance.random() < 0.5:
        words.append(f"hum {chance.choice((50, 60))}Hz {hum:.1f}dBm0")
        words[1] = f"noise {min(noise, 15.0):.1f}dBrnC"
    return Line(", ".join(words), TRUNK, "; ".join(words), seed)


FAULTY: Final = _faulty()
HEALTHY: Final = (
    *(_healthy_station(1000 + seed) for seed in range(28)),
    *(_healthy_trunk(2000 + seed) for seed in range(12)),
)


def tested(line: Line) -> LineReport:
    """Return what the line test says of a line."""
    words = [*filter(None, line.script.split(";")), f"loop {line.loop}"]
    script = "; ".join(f"{word} port {line.port}" for word in words)
    with simulated_session("Q12", seed=line.seed, faults=script) as session:
        _prepare(session, line)
        session.passes(UP_S)
        return line_test(session, line.port, lifted=True)


def _prepare(session: SimulatedSession, line: Line) -> None:
    if line.port == STATION:
        telephone = session.stage.telephone_set(line.port)
        telephone.loop.load_with(replace(RESTING, ren=line.ren))
    elif line.office:
        office = session.stage.office_set(line.port)
        office.take_profile(replace(office.profile, **line.office))


def named(report: LineReport) -> Fault | None:
    """Return what the report names first."""
    return report.faults[0].fault if report.faults else None
