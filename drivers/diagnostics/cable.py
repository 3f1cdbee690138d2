# SPDX-License-Identifier: MIT
"""A board that calls itself: a telephone port joined to an office port by a cable.

The one feeds and rings the line, the other closes it, and all that a call is made of is seen
at the other end: ringing, answer, tones and digits both ways, flash, pulses, reversal, the open
loop, hang-up.  Both ports must be free, and nothing else may be on the cable.
"""

import functools
from collections.abc import Callable
from contextlib import ExitStack
from typing import Final, TypeVar

from drivers.base import (
    BatteryChanged,
    BoardEvent,
    Capability,
    Flashed,
    HookChanged,
    Linefeed,
    PolarityChanged,
    PortInfo,
    PortKind,
    PulseDigit,
    RingCadence,
    RingingChanged,
    Ticket,
)
from drivers.diagnostics.probe import sound
from drivers.diagnostics.readings import Reading
from drivers.diagnostics.session import Session
from drivers.diagnostics.spectrum import fit, multitone
from drivers.diagnostics.transmission import REFERENCE_HZ, TEST_DBM0, TONE_S, middle
from drivers.errors import BoardOperationError, BoardTimeoutError
from dsp.engine import Detect
from dsp.events import DigitHeard, EngineEvent

__all__ = ["cable_call"]

TEST: Final = "cable"
MS: Final = 1000.0
RING: Final = RingCadence((1000, 2000))
DIGITS: Final = "1234567890*#"
GAIN_DB: Final = (-6.0, 1.0)
"""A few metres of cable, two hybrids, and what a board may take off on purpose."""
CLEAR_DB: Final = 25.0
FLASH_MS: Final = 500
OPEN_MS: Final = 300
SETTLE_S: Final = 1.5
"""After a reversal or an open loop all is as before."""
RINGS_S: Final = 3.0
TRIPS_S: Final = 1.0
SEEN_S: Final = 2.5
PULSES_S: Final = 4.0
HANG_UP_S: Final = 3.0

H = TypeVar("H", bound=BoardEvent | EngineEvent)
Judge = Callable[[H], bool]


def cable_call(session: Session, fxs: int, fxo: int) -> list[Reading]:
    """Call from ``fxs`` to ``fxo``; what isn't seen at all ends the call, as the last reading.

    Raises:
        BoardOperationError: the ports are of the wrong kinds.
        DriverError: a port is in use, or the board can't.
    """
    call = _Call(session, _port(session, fxs, PortKind.FXS), _port(session, fxo, PortKind.FXO))
    with ExitStack() as rest:
        rest.callback(call.rest)
        call.make()
    return call.found


def _port(session: Session, number: int, kind: PortKind) -> PortInfo:
    info = session.board.info
    for port in info.ports if info else ():
        if port.number == number and port.kind is kind:
            return port
    raise BoardOperationError(f"{session.board.address}: port {number} is no {kind.value} port")


class _Call:
    """One call over the cable."""

    def __init__(self, session: Session, fxs: PortInfo, fxo: PortInfo) -> None:
        self.found: list[Reading] = []
        self._session = session
        self._board = session.board
        self._fxs, self._fxo = fxs, fxo

    def make(self) -> None:
        """Go through all of a call."""
        steps = (self._answer, self._talk, self._dial, self._flash, self._signal, self._hang_up)
        for step in steps:
            if not step():
                return

    def rest(self) -> None:
        """Leave both ports as they were."""
        self._board.stop_ringing(self._fxs.number)
        self._board.release(self._fxo.number)
        self._board.feed(self._fxs.number, Linefeed.ACTIVE)

    def _answer(self) -> bool:
        fxs, fxo = self._fxs.number, self._fxo.number
        return self._sees(
            "ringing at the office port", lambda: self._board.ring(fxs, RING),
            RingingChanged, fxo, RINGS_S, lambda event: event.ringing,
        ) and self._sees(
            "answer at the telephone port", lambda: self._board.seize(fxo),
            HookChanged, fxs, TRIPS_S, lambda event: event.off_hook,
        )  # fmt: skip

    def _talk(self) -> bool:
        self._level("to the office port", self._fxs.number, self._fxo.number)
        self._level("to the telephone port", self._fxo.number, self._fxs.number)
        return True

    def _level(self, what: str, speaks: int, listens: int) -> None:
        signal = multitone((REFERENCE_HZ,), TEST_DBM0, TONE_S)
        heard = sound(self._session, {speaks: signal}, [speaks, listens])
        tone = fit(middle(heard[speaks].sent, heard[listens].returned, TONE_S), (REFERENCE_HZ,))
        low, high = GAIN_DB
        gain, clear = tone.dbm0[0] - TEST_DBM0, tone.signal_to_rest_db
        self.found += [
            Reading(TEST, listens, f"level {what}", gain, "dB", low, high),
            Reading(TEST, listens, f"tone/rest {what}", clear, "dB", CLEAR_DB),
        ]

    def _dial(self) -> bool:
        """Dial from the office port, which is the telephone here."""
        engine = self._session.engine
        slot, dials = (self._board.timeslot(p.number) for p in (self._fxs, self._fxo))
        engine.detect(slot, Detect.DIGITS)
        sender = engine.open_digits(DIGITS)
        engine.listen(dials, sender)
        heard = ""
        try:
            while len(heard) < len(DIGITS):
                heard += self._session.expect(DigitHeard, slot, within_s=SEEN_S).key
        except BoardTimeoutError:
            pass
        finally:
            engine.close_port(sender)
            engine.detect(slot, Detect.NONE)
        wrong = sum(a != b for a, b in zip(heard.ljust(len(DIGITS)), DIGITS, strict=True))
        detail = f"heard {heard or 'nothing'}"
        reading = Reading(TEST, self._fxs.number, "digits", wrong, "digits wrong", 0, 0, detail)
        self.found.append(reading)
        return True

    def _flash(self) -> bool:
        fxs, fxo = self._fxs.number, self._fxo.number
        if self._can(self._fxo, Capability.FLASH_TX):
            flash = functools.partial(self._board.flash, fxo, FLASH_MS)
            self._sees("flash", flash, Flashed, fxs, SEEN_S, lambda _: True)
        if self._can(self._fxo, Capability.PULSE_TX):
            pulse = functools.partial(self._board.pulse, fxo, "5")
            self._sees("pulses", pulse, PulseDigit, fxs, PULSES_S, lambda event: event.key == "5")
        return True

    def _signal(self) -> bool:
        fxs, fxo = self._fxs.number, self._fxo.number
        if self._both_can(Capability.POLARITY_TX, Capability.POLARITY_RX):
            self._sees(
                "reversal", lambda: self._board.feed(fxs, Linefeed.ACTIVE_REVERSED),
                PolarityChanged, fxo, SEEN_S, lambda event: event.reversed,
            )  # fmt: skip
            self._board.feed(fxs, Linefeed.ACTIVE)
            self._session.passes(SETTLE_S)
        if self._both_can(Capability.OSI_TX, Capability.OSI_RX):
            self._sees(
                "open loop", lambda: self._board.open_loop(fxs, OPEN_MS),
                BatteryChanged, fxo, SEEN_S, lambda event: not event.present,
            )  # fmt: skip
            self._session.passes(SETTLE_S)
        return True

    def _hang_up(self) -> bool:
        return self._sees(
            "hang-up", lambda: self._board.release(self._fxo.number),
            HookChanged, self._fxs.number, HANG_UP_S, lambda event: not event.off_hook,
        )  # fmt: skip

    def _sees(
        self,
        what: str,
        order: Callable[[], Ticket],
        kind: type[H],
        port: int,
        within_s: float,
        is_it: Judge[H],
    ) -> bool:
        """Give an order, and note how long it took until the other end reported it."""
        began = self._session.engine.now
        order()
        detail = ""
        try:
            while not is_it(self._session.expect(kind, port, within_s=self._left(began, within_s))):
                pass
        except BoardTimeoutError:
            detail = "never seen: is the cable in the right sockets?"
        took_ms = (self._session.engine.now - began) * MS
        if detail:
            took_ms = max(took_ms, within_s * MS + 1)
        self.found.append(Reading(TEST, port, what, took_ms, "ms", None, within_s * MS, detail))
        return not detail

    def _left(self, began: float, within_s: float) -> float:
        return began + within_s - self._session.engine.now

    def _both_can(self, sends: Capability, sees: Capability) -> bool:
        return self._can(self._fxs, sends) and self._can(self._fxo, sees)

    @staticmethod
    def _can(port: PortInfo, what: Capability) -> bool:
        return bool(port.capabilities & what)
