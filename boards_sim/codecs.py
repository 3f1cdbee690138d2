# SPDX-License-Identifier: MIT
"""The codecs and hybrids of a board's ports: what they do to the voice band of their lines.

Gain, impedance and calibration shape it, feed and hook switch decide what passes; the samples
themselves go through dsp/line.py.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from boards_sim.coding import Samples
from boards_sim.fxo import FxoPort
from boards_sim.fxs import FxsPort
from boards_sim.hybrid import IMPEDANCES, Network
from boards_sim.loop import LineNature
from drivers.qhi.pages import PortCalibration
from dsp.g711 import alaw_decode, alaw_encode, ulaw_decode, ulaw_encode
from dsp.line import LineCodec, LinePath, Lines

__all__ = ["Codecs"]

FULL: Final = LinePath.TO_FAR | LinePath.TO_BOARD | LinePath.HYBRID
PERFECT: Final = PortCalibration()


class Codecs:
    """One codec per port, between timeslot and loop."""

    def __init__(self, ports: Sequence[FxsPort | FxoPort], lines: Lines) -> None:
        self._ports = ports
        self._lines = lines
        self._away: set[int] = set()
        self._dead: set[int] = set()
        self._gains: dict[int, tuple[float, float]] = {}
        self._balances: dict[int, Network] = {}
        self._natures: dict[int, LineNature] = {}
        self._corrections: dict[int, PortCalibration] = {}
        for port in ports:
            self._wire(port)

    def _wire(self, port: FxsPort | FxoPort) -> None:
        """Connect a port's codec to its loop: what passes follows feed and hook switch."""
        self._shape(port.number)

        def follow() -> None:
            self._switch(port.number)
            if port.loop.nature is not self._natures[port.number]:
                self._shape(port.number)

        port.loop.watch(follow)
        if isinstance(port, FxoPort):
            port.monitor_changed = follow
        follow()

    def switch_away(self, number: int, *, away: bool) -> None:
        """Switch a port's line away, so that its hybrid reflects, or back."""
        if away != (number in self._away):
            self._away ^= {number}
            self._switch(number)

    def rest(self) -> None:
        """Take the host's settings back."""
        self._balances.clear()
        self._gains.clear()
        for port in self._ports:
            self._shape(port.number)

    def calibrate(self, corrections: Sequence[PortCalibration]) -> None:
        """Correct the gains from now on; ports beyond those given are as they were made."""
        self._corrections = dict(enumerate(corrections))
        for port in self._ports:
            self._shape(port.number)

    def set_gain(self, number: int, receive_db: float, send_db: float) -> None:
        """Amplify between codec and line, after the hybrid and before it."""
        self._gains[number] = (receive_db, send_db)
        self._shape(number)

    def set_impedance(self, number: int, index: int) -> None:
        """Balance the hybrid with one of hybrid.IMPEDANCES."""
        self._balances[number] = tuple(IMPEDANCES.values())[index]
        self._shape(number)

    def looped(self, number: int, samples: Samples) -> Samples:
        """Return samples as they come back from the codec: amplified, coded, decoded."""
        receive_db, send_db = self._gain(number)
        codec = self._ports[number].loop.nature.codec
        sent = _quantised(codec, _amplified(samples, send_db))
        return _quantised(codec, _amplified(sent, receive_db))

    def kill(self, number: int, *, dead: bool) -> None:
        """Let nothing pass on a line any more, or mend it."""
        (self._dead.add if dead else self._dead.discard)(number)
        self._switch(number)

    def _switch(self, number: int) -> None:
        path = LinePath.REFLECT if number in self._away else _path(self._ports[number])
        self._lines.path(number, LinePath.OPEN if number in self._dead else path)

    def _gain(self, number: int) -> tuple[float, float]:
        receive_db, send_db = self._gains.get(number, (0.0, 0.0))
        correction = self._corrections.get(number, PERFECT)
        return receive_db + correction.receive_db, send_db + correction.send_db

    def _shape(self, number: int) -> None:
        """Give a port's voice band what its line is like and how the host has set it."""
        nature = self._ports[number].loop.nature
        receive_db, send_db = self._gain(number)
        settings = nature.settings(self._balances.get(number))
        self._natures[number] = nature
        echo_gain = 10 ** ((receive_db + send_db) / 20)
        self._lines.set(
            number,
            replace(
                settings,
                to_far_db=settings.to_far_db + send_db,
                to_board_db=settings.to_board_db + receive_db,
                echo=tuple(tap * echo_gain for tap in settings.echo),
            ),
        )


def _amplified(samples: Samples, gain_db: float) -> Samples:
    if not gain_db:
        return samples
    louder: Samples = np.clip(np.rint(samples * 10 ** (gain_db / 20)), -32768, 32767).astype(
        np.int16
    )
    return louder


def _quantised(codec: LineCodec, samples: Samples) -> Samples:
    if codec is LineCodec.ULAW:
        return ulaw_decode(ulaw_encode(samples))
    if codec is LineCodec.ALAW:
        return alaw_decode(alaw_encode(samples))
    return samples


def _path(port: FxsPort | FxoPort) -> LinePath:
    """Return what passes between codec and far end: that is for feed and hook switch to say."""
    feed = port.loop.feed
    if not feed.volts or feed.ring_volts or not (feed.tip and feed.ring):
        return LinePath.OPEN
    if isinstance(port, FxsPort):
        return FULL if port.loop.is_closed else LinePath.TO_FAR | LinePath.REFLECT
    if port.loop.load.closed:
        return FULL
    return LinePath.TO_BOARD if port.monitor else LinePath.OPEN
