# SPDX-License-Identifier: MIT
"""One 2-wire loop: battery at one end, a hook switch at the other, copper between them.

Direct current and ringing voltage change only when somebody does something, so they are solved
then (``Loop.feed_from``, ``Loop.load_with``) and not with every sample; the voice band is in
dsp/line.py.  A line in trouble (leaks, foreign voltage, further telephones) is solved by
wirepair.py, a healthy one here.  Not modelled: capacitance of the loop (a change is immediate).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from boards_sim.cable import EIA, Cable, Section
from boards_sim.echo_paths import echo_path
from boards_sim.hybrid import LINE_USA, RESISTOR_600, Network, cable_filter, echo_filter
from boards_sim.noise import DBRN_OF_0_DBM, FLAT_OVER_C_MESSAGE_DB, hum_period
from boards_sim.wirepair import HEALTHY, Drive, Telephone, Trouble, WirePair
from dsp.line import NO_NOISE_DBM0, LineCodec, LineSettings

__all__ = [
    "CLEAN",
    "DIGITAL",
    "NATURES",
    "EchoPath",
    "Feed",
    "Hum",
    "LineNature",
    "Load",
    "Loop",
    "Reading",
    "solve",
    "solve_pair",
]

BELL_OHMS: Final = 7000.0
"""One ringer equivalence number (REN) at 20 Hz."""
DEAD_VOLTS: Final = 3.0
"""Less is no battery (Si3050: its meter shows 0 below 3 V)."""
HALF_A_KILOMETRE: Final = Cable(0.5)


@dataclass(frozen=True, slots=True)
class EchoPath:
    """An echo from further away than the hybrid, in its place: G.168 D.2 to D.9."""

    model: int
    erl_db: float = 10.0

    def taps(self) -> tuple[float, ...]:
        """Return the impulse response at 8 kHz."""
        return echo_path(self.model, self.erl_db)


@dataclass(frozen=True, slots=True)
class Hum:
    """The mains in the voice band, at both ends."""

    hz: float
    dbm0: float = -50.0
    "Of all harmonics together, unweighted."


@dataclass(frozen=True, slots=True)
class LineNature:
    """What a line is like; the default is half a kilometre of good cable."""

    cable: Section = HALF_A_KILOMETRE
    loss_db: float | None = 1.0
    "Each way, the same at all frequencies; None: as the cable has it."
    noise_dbrnc: float | None = 10.0
    "C-message weighted, at both ends; None: none at all."
    codec: LineCodec = LineCodec.ULAW
    far: Network = RESISTOR_600
    "What a telephone or an office is to the voice band."
    balance: Network | None = LINE_USA
    "Of the board's hybrid as it was made; None: a perfect one, without echo."
    echo: EchoPath | None = None
    "Instead of the hybrid's own."
    hum: Hum | None = None

    def settings(self, balance: Network | None = None) -> LineSettings:
        """Return the line's voice band; ``balance``: what the host has set the hybrid to."""
        noise = NO_NOISE_DBM0
        if self.noise_dbrnc is not None:
            noise = self.noise_dbrnc - DBRN_OF_0_DBM + FLAT_OVER_C_MESSAGE_DB
        loss_db = self.loss_db or 0.0
        return LineSettings(
            to_far_db=-loss_db,
            to_board_db=-loss_db,
            noise_dbm0=noise,
            codec=self.codec,
            echo=self._echo(balance),
            cable=() if self.loss_db is not None else cable_filter(self.cable),
            hum=() if self.hum is None else hum_period(self.hum.hz, self.hum.dbm0),
        )

    def _echo(self, set_to: Network | None) -> tuple[float, ...]:
        if self.echo is not None:
            return self.echo.taps()
        if self.balance is None:
            return ()
        return echo_filter(self.cable, self.far, set_to or self.balance)


CLEAN: Final = LineNature()
DIGITAL: Final = LineNature(loss_db=0.0, noise_dbrnc=None, codec=LineCodec.LINEAR, balance=None)
"""Bit-exact both ways: for tests of the digital path, not honest copper."""
NATURES: Final = {
    "clean": CLEAN,
    "digital": DIGITAL,
    **{f"ll{number}": LineNature(cable, loss_db=None) for number, cable in EIA.items()},
}
"""By the names that addresses and commands take; ll1 to ll7 are the test loops."""


@dataclass(frozen=True, slots=True)
class Feed:
    """The end with the battery."""

    volts: float = 48.0
    "Open circuit, tip against ring; negative: reversed; 0: open."
    ohms: float = 400.0
    "Both wires, without the cable."
    limit_ma: float = 30.0
    "The feed becomes a current source here."
    ring_volts: float = 0.0
    "Ringing voltage (rms, 20 or 25 Hz) on top of the battery, while a burst lasts."
    tip: bool = True
    "False: the feed's tip terminal is open."
    ring: bool = True

    def drive(self) -> Drive:
        """Return what this is to the wires, one by one."""
        if not self.volts:
            return Drive()
        limit, bell = self.limit_ma / 1000.0, self.ring_volts
        whole = Drive.across(self.volts, self.ohms, limit_amps=limit, ring_volts=bell)
        tip, ring = whole.tip if self.tip else None, whole.ring if self.ring else None
        return Drive(tip, ring, limit)


@dataclass(frozen=True, slots=True)
class Load:
    """The end with the hook switch."""

    closed: bool = False
    ohms: float = 250.0
    "Direct-current resistance when closed, beyond the drop."
    drop_volts: float = 0.0
    "Of a telephone's rectifier and speech circuit."
    ren: float = 1.0
    "Bells across the line, whatever the hook switch does."


@dataclass(frozen=True, slots=True)
class Reading:
    """What instruments would show."""

    milliamps: float = 0.0
    "At the feed, signed like the battery."
    volts: float = 0.0
    "Direct voltage across the load."
    ring_volts: float = 0.0
    "Ringing (and foreign alternating) voltage across the load, rms."
    feed_volts: float = 0.0
    "Direct voltage across the feed's terminals."
    load_milliamps: float = 0.0
    "At the load: the same as at the feed when nothing leaks."

    @property
    def has_battery(self) -> bool:
        """Whether the far end feeds the line at all."""
        return abs(self.volts) >= DEAD_VOLTS


def solve(feed: Feed, wire_ohms: float, load: Load) -> Reading:
    """Return what flows: Ohm's law with a current limit, bells as resistors at 20 Hz."""
    source = feed.ohms + wire_ohms
    bells = BELL_OHMS / load.ren if load.ren else float("inf")
    volts = feed.volts if feed.tip and feed.ring else 0.0
    if not load.closed:
        ring = feed.ring_volts * bells / (source + bells) if load.ren else feed.ring_volts
        return Reading(0.0, volts, ring, volts)
    sign = -1.0 if volts < 0 else 1.0
    beyond = max(abs(volts) - load.drop_volts, 0.0)
    amps = min(beyond / (source + load.ohms), feed.limit_ma / 1000.0)
    drop = min(abs(volts), load.drop_volts)
    across = 1.0 / (1.0 / load.ohms + (1.0 / bells if load.ren else 0.0))
    ring = feed.ring_volts * across / (source + across)
    at_load = amps * load.ohms + drop
    milliamps = sign * amps * 1000.0
    return Reading(milliamps, sign * at_load, ring, sign * (at_load + amps * wire_ohms), milliamps)


def solve_pair(drive: Drive, pair: WirePair) -> Reading:
    """Return what flows on a line in trouble; nothing arrives behind a cut."""
    state = pair.solve(drive)
    if pair.trouble.cut:
        return Reading(milliamps=state.amps * 1000.0, feed_volts=state.metallic.dc)
    return Reading(
        milliamps=state.amps * 1000.0,
        volts=state.far_metallic.dc,
        ring_volts=state.far_metallic.ac,
        feed_volts=state.metallic.dc,
        load_milliamps=state.far_amps * 1000.0,
    )


class Loop:
    """A loop and its two ends; whoever watches is told when the reading has changed."""

    def __init__(self, nature: LineNature, feed: Feed, load: Load) -> None:
        self.nature = nature
        self.feed = feed
        self.load = load
        self.trouble = HEALTHY
        self.reading = solve(feed, nature.cable.ohms, load)
        self._watchers: list[Callable[[], None]] = []

    def watch(self, watcher: Callable[[], None]) -> None:
        """Have ``watcher`` called after each change of either end."""
        self._watchers.append(watcher)

    def feed_from(self, feed: Feed) -> None:
        """Change the end with the battery."""
        if feed != self.feed:
            self.feed = feed
            self._settle()

    def load_with(self, load: Load) -> None:
        """Change the end with the hook switch."""
        if load != self.load:
            self.load = load
            self._settle()

    def become(self, nature: LineNature) -> None:
        """Change the cable and its voice band."""
        if nature != self.nature:
            self.nature = nature
            self._settle()

    def suffer(self, trouble: Trouble) -> None:
        """Change what is wrong with the line; HEALTHY repairs it."""
        if trouble != self.trouble:
            self.trouble = trouble
            self._settle()

    @property
    def drive(self) -> Drive:
        """What the feed is to the wires."""
        return self.feed.drive()

    @property
    def pair(self) -> WirePair:
        """The wires with everything on them but the feed."""
        load = self.load
        telephone = Telephone(load.closed, load.drop_volts, load.ohms, load.ren)
        return WirePair(self.nature.cable.ohms, (telephone,), self.trouble)

    @property
    def is_closed(self) -> bool:
        """Whether anything takes current as a lifted telephone does."""
        return any(load.lifted for load in self.pair.loads)

    def _settle(self) -> None:
        if self.trouble == HEALTHY:
            self.reading = solve(self.feed, self.nature.cable.ohms, self.load)
        else:
            self.reading = solve_pair(self.drive, self.pair)
        for watcher in self._watchers:
            watcher()
