# SPDX-License-Identifier: MIT
"""One 2-wire loop: battery at one end, a hook switch at the other, copper between them.

Direct current and ringing voltage change only when somebody does something, so they are solved
then (``Loop.feed_from``, ``Loop.load_with``) and not with every sample; the voice band is in
dsp/line.py.  Not modelled: capacitance of the loop (a change is immediate), leaks to ground,
foreign voltage, two telephones on one line.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from boards_sim.hybrid import LINE_USA, RESISTOR_600, Cable, Network, echo_filter
from dsp.line import NO_NOISE_DBM0, LineCodec, LineSettings

__all__ = ["CLEAN", "DIGITAL", "Feed", "LineNature", "Load", "Loop", "Reading"]

BELL_OHMS: Final = 7000.0
"""One ringer equivalence number (REN) at 20 Hz."""
DEAD_VOLTS: Final = 3.0
"""Less is no battery (Si3050: its meter shows 0 below 3 V)."""
FLAT_OVER_C_MESSAGE_DB: Final = 2.9
"""White noise of 0-4 kHz reads so much less through the C-message weighting."""
HALF_A_KILOMETRE: Final = Cable(0.5)


@dataclass(frozen=True, slots=True)
class LineNature:
    """What a line is like; the default is half a kilometre of good cable."""

    cable: Cable = HALF_A_KILOMETRE
    loss_db: float = 1.0
    "Each way."
    noise_dbrnc: float | None = 10.0
    "C-message weighted, at both ends; None: none at all."
    codec: LineCodec = LineCodec.ULAW
    far: Network = RESISTOR_600
    "What a telephone or an office is to the voice band."
    balance: Network | None = LINE_USA
    "Of the board's hybrid; None: a perfect one, without echo."

    def settings(self) -> LineSettings:
        """Return the line's voice band."""
        noise = NO_NOISE_DBM0
        if self.noise_dbrnc is not None:
            noise = self.noise_dbrnc - 90.0 + FLAT_OVER_C_MESSAGE_DB  # 0 dBrn = -90 dBm
        balance = self.balance
        return LineSettings(
            to_far_db=-self.loss_db,
            to_board_db=-self.loss_db,
            noise_dbm0=noise,
            codec=self.codec,
            echo=() if balance is None else echo_filter(self.cable, self.far, balance),
        )


CLEAN: Final = LineNature()
DIGITAL: Final = LineNature(loss_db=0.0, noise_dbrnc=None, codec=LineCodec.LINEAR, balance=None)
"""Bit-exact both ways: for tests of the digital path, not honest copper."""


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


@dataclass(frozen=True, slots=True)
class Load:
    """The end with the hook switch."""

    closed: bool = False
    ohms: float = 250.0
    "Direct-current resistance when closed."
    ren: float = 1.0
    "Bells across the line, whatever the hook switch does."


@dataclass(frozen=True, slots=True)
class Reading:
    """What instruments at the load would show; the current is the same at both ends."""

    milliamps: float = 0.0
    "Signed like the battery."
    volts: float = 0.0
    "Direct voltage across the load."
    ring_volts: float = 0.0
    "Ringing voltage across the load, rms."

    @property
    def has_battery(self) -> bool:
        """Whether the far end feeds the line at all."""
        return abs(self.volts) >= DEAD_VOLTS


def solve(feed: Feed, wire_ohms: float, load: Load) -> Reading:
    """Return what flows: Ohm's law with a current limit, bells as resistors at 20 Hz."""
    source = feed.ohms + wire_ohms
    bells = BELL_OHMS / load.ren if load.ren else float("inf")
    if not load.closed:
        ring = feed.ring_volts * bells / (source + bells) if load.ren else feed.ring_volts
        return Reading(0.0, feed.volts, ring)
    sign = -1.0 if feed.volts < 0 else 1.0
    amps = min(abs(feed.volts) / (source + load.ohms), feed.limit_ma / 1000.0)
    across = 1.0 / (1.0 / load.ohms + (1.0 / bells if load.ren else 0.0))
    ring = feed.ring_volts * across / (source + across)
    return Reading(sign * amps * 1000.0, sign * amps * load.ohms, ring)


class Loop:
    """A loop and its two ends; whoever watches is told when the reading has changed."""

    def __init__(self, nature: LineNature, feed: Feed, load: Load) -> None:
        self.nature = nature
        self.feed = feed
        self.load = load
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

    def _settle(self) -> None:
        self.reading = solve(self.feed, self.nature.cable.ohms, self.load)
        for watcher in self._watchers:
            watcher()
