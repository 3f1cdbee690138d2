# SPDX-License-Identifier: MIT
"""A cellular module as a board of one line: commands through one serial port, samples another.

It takes whole numbers and says in words what becomes of them (Capability.DIALS); to seize it is
to answer.  Digits within a call, progress tones and echo are the engine's.  It can't flash,
pulse, measure, or unlock a SIM; one call at a time.  What is not about calls is session.py's.
"""

import itertools
import re
from collections.abc import Iterable
from typing import Final

from drivers.at.dialogue import Answer, Command
from drivers.base import (
    AlarmRaised,
    BoardEvent,
    BoardState,
    CallProgress,
    CallProgressed,
    LossReason,
    OrderFailed,
    Ticket,
)
from drivers.cellular import commands
from drivers.cellular.calls import TRANSITIONS, CallState
from drivers.cellular.profiles import Profile
from drivers.cellular.ringing import Ringing
from drivers.cellular.session import PORT, CellularSession, is_due
from drivers.cellular.words import Caller, CallWord
from drivers.errors import BoardOperationError
from drivers.links.link import Link

__all__ = ["CellularModule"]

_BUSY: Final = re.compile(r"busy|\b17\b", re.IGNORECASE)
"""In the answer to AT+CEER, which is for people; 17 is "user busy" (3GPP TS 24.008)."""


class CellularModule(CellularSession):
    """The line of a cellular module on two serial ports."""

    def __init__(self, address: str, at: Link, audio: Link, profile: Profile | None = None) -> None:
        """Describe the module; without a ``profile`` its own name decides."""
        self._tickets = itertools.count(1)
        super().__init__(address, at, audio, profile)

    def _forget_call(self) -> None:
        self._call = CallState.IDLE
        self._ticket = Ticket(0)
        self._opening: Command | None = None
        self._restart: Command | None = None
        self._saw_call = False
        self._owed: list[BoardEvent] = []
        self._ringing = Ringing(PORT)
        self._look_at: float | None = None

    # Time

    def _expire_call(self, now: float) -> list[BoardEvent]:
        found, self._owed = self._owed, []
        found += self._ringing.expire(now)
        samples = self._samples
        if samples is not None and is_due(samples.due, now) and samples.are_missing():
            found += self._without_samples("none came", now)
        if is_due(self._look_at, now):
            self._ask_for_calls(now)
        return found

    def _call_deadlines(self) -> Iterable[float | None]:
        owed = self._owed[0].at if self._owed else None
        due = self._samples.due if self._samples is not None else None
        return (owed, *self._ringing.deadlines, self._look_at, due)

    # Orders

    def dial(self, port: int, number: str) -> Ticket:
        """Call a number."""
        self._check(port)
        if not commands.is_number(number):
            raise BoardOperationError(f"{self.address}: number {number!r}: digits only")
        assert self._profile is not None
        ticket = Ticket(next(self._tickets))
        if not self._network.registered:
            self._owe(ticket, "dial", f"no network: {self._network.state}")
        elif self._call is not CallState.IDLE or self._ringing.somebody_calls:
            self._owe(ticket, "dial", "there is another call")
        else:
            self._begin(CallState.ORDERED, ticket, commands.dialling(self._profile, number))
        return ticket

    def seize(self, port: int) -> Ticket:
        """Answer whoever calls."""
        self._check(port)
        assert self._profile is not None
        ticket = Ticket(next(self._tickets))
        if self._call is not CallState.IDLE:
            return ticket
        if not self._ringing.somebody_calls:
            self._owe(ticket, "seize", "nobody calls, and to call out takes a number")
        else:
            self._begin(CallState.ANSWERING, ticket, commands.answering(self._profile))
        return ticket

    def release(self, port: int) -> Ticket:
        """Hang up."""
        self._check(port)
        if self._call is not CallState.IDLE:
            self._finish(hang_up=True)
            self._rearm()
        return Ticket(next(self._tickets))

    def _begin(self, state: CallState, ticket: Ticket, order: Command) -> None:
        assert self._engine is not None
        self._call, self._ticket, self._order = state, ticket, order
        self._ringing.is_answered()
        self._dialogue.ask([order], self._engine.now)
        self._rearm()

    def _owe(self, ticket: Ticket, order: str, status: str) -> None:
        """Let an order fail that the module needn't even be asked for."""
        assert self._engine is not None
        self._owed.append(OrderFailed(self._engine.now, PORT, ticket, order, status))
        self._rearm()

    # What the module says

    def _speaks_of_call(self, word: CallWord, now: float) -> list[BoardEvent]:
        self._saw_call = True
        if self.state is not BoardState.UP:
            return []
        if self._call is CallState.IDLE and word is CallWord.INCOMING:
            return self._ringing.rings(now)
        if self._call is CallState.IDLE:
            return self._ringing.is_given_up(now) if word is CallWord.ENDED else []
        row = TRANSITIONS.get((self._call, word))
        if row is None:
            return []
        self._call, progress = row
        if self._call is CallState.TALKING:
            self._connected(now)
        elif self._call is CallState.ENDING:
            self._rest()
            self._dialogue.ask([commands.CAUSE], now)
        elif self._call is CallState.IDLE:
            self._finish(hang_up=False)
        return [] if progress is None else [CallProgressed(now, PORT, progress)]

    def _shows_caller(self, caller: Caller, now: float) -> list[BoardEvent]:
        return self._ringing.tells(caller, now)

    # How commands end

    def _call_answered(self, answer: Answer, now: float) -> list[BoardEvent]:
        command = answer.command
        if command is self._order:
            return self._order_ended(answer, now)
        if command is self._opening:
            return self._samples_opened(answer, now)
        if command is self._restart:
            return self._lose(LossReason.REBOOTED, f"{command.text}, as no samples came", now)
        if command is commands.CAUSE and self._call is CallState.ENDING:
            return self._told_cause(answer, now)
        if command is commands.CALLS and answer.good and not self._saw_call:
            return self._speaks_of_call(CallWord.ENDED, now)
        return []

    def _order_ended(self, answer: Answer, now: float) -> list[BoardEvent]:
        assert self._profile is not None
        self._order = None
        if self._call not in {CallState.ORDERED, CallState.ANSWERING}:
            return []  # released meanwhile, and hung up next
        order = "dial" if self._call is CallState.ORDERED else "seize"
        if not answer.good:
            self._finish(hang_up=True)
            return [OrderFailed(now, PORT, self._ticket, order, answer.failure)]
        self._look_at = now + self._profile.poll_s
        if not self._profile.audio_when_connected:
            self._open_samples(now)
        if self._call is CallState.ORDERED:
            self._call = CallState.CALLING
            return [CallProgressed(now, PORT, CallProgress.TAKEN)]
        self._call = CallState.TALKING
        self._connected(now)
        return []

    def _told_cause(self, answer: Answer, now: float) -> list[BoardEvent]:
        busy = answer.good and _BUSY.search(answer.text) is not None
        self._finish(hang_up=False)
        progress = CallProgress.BUSY if busy else CallProgress.ENDED
        return [CallProgressed(now, PORT, progress)]

    def _ask_for_calls(self, now: float) -> None:
        assert self._profile is not None
        self._look_at = now + self._profile.poll_s
        if self._dialogue.idle:
            self._saw_call = False
            self._dialogue.ask([commands.CALLS], now)

    # Samples

    def _connected(self, now: float) -> None:
        assert self._profile is not None
        if self._profile.audio_when_connected:
            self._open_samples(now)

    def _open_samples(self, now: float) -> None:
        assert self._profile is not None
        assert self._samples is not None
        if not self._profile.audio:
            self._samples.begin(now)
            return
        self._opening = Command(self._profile.audio, optional=True)
        self._dialogue.ask([self._opening], now)

    def _samples_opened(self, answer: Answer, now: float) -> list[BoardEvent]:
        assert self._samples is not None
        self._opening = None
        if self._call is CallState.IDLE:
            return []
        if not answer.good:
            return self._without_samples(answer.failure, now)
        self._samples.begin(now)
        return []

    def _without_samples(self, detail: str, now: float) -> list[BoardEvent]:
        """End a call that nobody can hear; restart a module that is known to need it."""
        assert self._profile is not None
        self._finish(hang_up=True)
        if self._profile.recovery:
            self._restart = Command(self._profile.recovery, optional=True)
            self._dialogue.ask([self._restart], now)
        alarm = AlarmRaised(now, PORT, "no samples", detail)
        return [alarm, CallProgressed(now, PORT, CallProgress.ENDED)]

    def _rest(self) -> None:
        assert self._samples is not None
        self._samples.rest()
        self._look_at = None

    def _finish(self, *, hang_up: bool) -> None:
        """End the call as far as it is ours."""
        assert self._engine is not None
        assert self._profile is not None
        self._rest()
        self._call = CallState.IDLE
        after = commands.releasing(self._profile, hang_up=hang_up)
        self._dialogue.ask(after, self._engine.now)
