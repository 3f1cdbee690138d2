# SPDX-License-Identifier: MIT
"""A voice modem as a board of one office line.

Its samples go between link and bus like any board's; what it says in words is taken here.  To
seize the line is to go off-hook and begin a full-duplex stream (AT+VTR): digits, progress tones
and echo are the engine's, callers on an idle line are the modem's to report, as it doesn't pass
what it hears there.  It can't flash, pulse, or measure the line.
"""

import itertools
import os
from typing import Final

from drivers.absence import LOSS, Absence
from drivers.at.dialogue import Answer, Command, Dialogue
from drivers.base import (
    AlarmRaised,
    BatteryChanged,
    Board,
    BoardEvent,
    BoardInfo,
    BoardState,
    BoardUp,
    CallerReported,
    Capability,
    LossReason,
    OrderFailed,
    PolarityChanged,
    PortInfo,
    PortKind,
    RingingChanged,
    Ticket,
)
from drivers.errors import BoardOperationError
from drivers.links.link import Link
from drivers.vmodem import commands
from drivers.vmodem.callers import CallerLines, is_caller_line
from drivers.vmodem.profiles import Profile, coding_of, profile_of
from dsp.engine import Engine
from dsp.errors import EngineError
from dsp.events import FrameReceived, LinkDown, LinkEvent
from dsp.tables import LinkFraming, SampleFormat, SerialKind

__all__ = ["VoiceModem"]

CAPABILITIES: Final = (
    Capability.RING_RX
    | Capability.OSI_RX
    | Capability.POLARITY_RX
    | Capability.CALLER_REPORT
    | Capability.BULK_DELAY
)
FIRST_PAUSE_S: Final = 0.5
LONGEST_PAUSE_S: Final = 10.0
BURST_S: Final = 2.0
"""How long a burst of ringing is taken to last: a modem says only that it began."""
CALLER_S: Final = 1.0
"""How long the rest of a caller's lines may take."""
ALIVE_EVERY_S: Final = 30.0
BREAK_MS: Final = 250
"""A modem tells breaks that mean the end of a call, and not how long they last."""
WAKE_S: Final = 0.5
"""How long what a modem says to ``WAKE`` may take; it isn't looked at."""
STOP_S: Final = 2.0
"""How long the end of a stream may take."""
PORT: Final = 0


class VoiceModem(Board):
    """A V.253 voice modem on a serial port."""

    def __init__(self, address: str, link: Link, country: int | None = None) -> None:
        """Describe the modem; ``country`` is its number in ITU-T T.35, None: as it is."""
        super().__init__(address)
        self._way = link
        self._country = country
        self._tickets = itertools.count(1)
        self._absence = Absence(FIRST_PAUSE_S, LONGEST_PAUSE_S)
        self._engine: Engine | None = None
        self._link: int | None = None
        self._timeslot: int | None = None
        self._dialogue = Dialogue(self._write, _comes_by_itself)
        self._profile: Profile | None = None
        self._identity: list[str] = []
        self._codings = ""
        self._seized: Ticket | None = None
        self._streaming = False
        self._release_due = False
        self._reversed = False
        self._caller: CallerLines | None = None
        self._greet_at: float | None = None
        self._burst_ends: float | None = None
        self._caller_ends: float | None = None
        self._stop_ends: float | None = None
        self._ask_alive: float | None = None

    # The session

    def start(self, engine: Engine, now: float) -> None:
        """Begin; the modem wants a link from now on."""
        self._engine = engine
        self.state = BoardState.WAITING
        self._absence.begins()
        self._rearm()

    def stop(self, now: float) -> None:
        """Hang up and give everything back."""
        if self._link is not None and self._engine is not None:
            if self._streaming and self._profile is not None:
                self._engine.send_frame(self._link, SerialKind.END, self._profile.stop)
            self._engine.send_frame(self._link, SerialKind.LINE, commands.HANG_UP)
        self._give_back()
        self.state = BoardState.CLOSED
        self._absence.begins()
        self._rearm()

    @property
    def wants_link(self) -> bool:
        """Whether a link should be opened now."""
        return self.state is BoardState.WAITING and self._absence.due is None

    def open_link(self) -> int:
        """Open the serial port."""
        return self._way.open()

    def link_opened(self, descriptor: int, now: float) -> None:
        """Begin to ask the modem who it is."""
        if self.state is not BoardState.WAITING or self._engine is None:
            os.close(descriptor)
            return
        self._link = self._engine.open_link(
            descriptor,
            [],
            sample_format=SampleFormat.ULAW,
            clock=True,
            framing=LinkFraming.MODEM,
        )
        self.state = BoardState.GREETING
        self._identity, self._codings = [], ""
        self._engine.send_frame(self._link, SerialKind.LINE, commands.WAKE)
        self._greet_at = now + WAKE_S
        self._rearm()

    def link_failed(self, detail: str, now: float) -> list[BoardEvent]:
        """Try again later."""
        if self.state is not BoardState.WAITING:
            return []
        return self._lose(LossReason.REFUSED, detail, now)

    def owns_link(self, link: int) -> bool:
        """Whether this is the modem's link."""
        return self._link == link

    def timeslot(self, port: int) -> int:
        """Return the engine's port handle of the line."""
        self._check(port)
        assert self._timeslot is not None
        return self._timeslot

    def receive(self, event: LinkEvent, now: float) -> list[BoardEvent]:
        """Take one event of the engine's link."""
        if not self.owns_link(event.link):
            return []
        found: list[BoardEvent] = []
        if isinstance(event, LinkDown):
            found = self._lose(LOSS[event.reason], event.detail, now)
        elif isinstance(event, FrameReceived):
            if event.kind == SerialKind.LINE:
                found = self._line(event.payload.decode("latin-1").strip(), now)
            elif event.kind == SerialKind.EVENT:
                found = self._noticed(event.payload, now)
            elif event.kind == SerialKind.ENDED:
                found = self._ended(now)
        self._rearm()
        return found

    def expire(self, now: float) -> list[BoardEvent]:
        """Do what is due."""
        found: list[BoardEvent] = []
        if _is_due(self._greet_at, now):
            self._greet_at = None
            self._dialogue.ask(commands.greeting(self._country), now)
        answer = self._dialogue.expire(now)
        if answer is not None:
            found += self._answered(answer, now)
        if _is_due(self._burst_ends, now):
            self._burst_ends = None
            found.append(RingingChanged(now, PORT, ringing=False))
        if _is_due(self._caller_ends, now):
            found += self._report_caller(now)
        if _is_due(self._stop_ends, now):
            found += self._ended(now)
        if _is_due(self._ask_alive, now):
            self._ask_alive = now + ALIVE_EVERY_S
            if self._dialogue.idle and not self._streaming:
                self._dialogue.ask([commands.ALIVE], now)
        self._absence.expire(now)
        self._rearm()
        return found

    # Orders

    def seize(self, port: int) -> Ticket:
        """Go off-hook, to call or to answer; samples follow."""
        self._check(port)
        assert self._engine is not None
        assert self._profile is not None
        ticket = self._ticket()
        if self._seized is not None:
            return ticket
        self._seized, self._release_due = ticket, False
        coding = coding_of(self._codings, self._profile)
        assert self._link is not None
        assert self._timeslot is not None
        self._engine.set_link(self._link, [self._timeslot], sample_format=coding.sample_format)
        self._dialogue.ask(commands.seizing(self._profile, coding), self._engine.now)
        self._rearm()
        return ticket

    def release(self, port: int) -> Ticket:
        """Go on-hook."""
        self._check(port)
        assert self._engine is not None
        if self._seized is not None:
            self._let_go(self._engine.now)
            self._rearm()
        return self._ticket()

    # What the modem says

    def _line(self, line: str, now: float) -> list[BoardEvent]:
        heard = self._dialogue.receive(line, now)
        if isinstance(heard, Answer):
            return self._answered(heard, now)
        if heard == "RING":
            return self._ring(now)
        if heard is not None and is_caller_line(heard):
            return self._speaks_of_caller(heard, now)
        return []

    def _ring(self, now: float) -> list[BoardEvent]:
        found = self._report_caller(now)
        if self.state is not BoardState.UP or self._seized is not None:
            return found
        if self._burst_ends is None:
            found.append(RingingChanged(now, PORT, ringing=True))
        self._burst_ends = now + BURST_S
        return found

    def _speaks_of_caller(self, line: str, now: float) -> list[BoardEvent]:
        if self._caller is None:
            self._caller = CallerLines()
            self._caller_ends = now + CALLER_S
        self._caller.take(line)
        return self._report_caller(now) if self._caller.complete else []

    def _report_caller(self, now: float) -> list[BoardEvent]:
        caller, self._caller, self._caller_ends = self._caller, None, None
        if caller is None or not caller.begun or self.state is not BoardState.UP:
            return []
        return [CallerReported(now, PORT, caller.number, caller.name, caller.absent)]

    def _noticed(self, code: bytes, now: float) -> list[BoardEvent]:
        """Take what the modem noticed on the line; tones and digits are our own to hear."""
        match code:
            case b"l":
                return _loop_broken(now)
            case b"L":
                self._reversed = not self._reversed
                return [PolarityChanged(now, PORT, reversed=self._reversed)]
            case b"u" | b"o":
                which = "underrun" if code == b"u" else "overrun"
                return [AlarmRaised(now, PORT, "samples lost", which)]
        return []

    # How commands end

    def _answered(self, answer: Answer, now: float) -> list[BoardEvent]:
        if self.state is BoardState.GREETING:
            return self._greeted(answer, now)
        if answer.command.begins_stream and answer.good:
            self._streaming = True
            return self._let_go_late(now)
        if self._seized is not None and not answer.good and not answer.command.optional:
            return self._seizing_failed(answer, now)
        if self._seized is None and not _is_in_order(answer):
            return self._lose(LossReason.STALLED, answer.failure, now)  # it may be off-hook still
        return []

    def _greeted(self, answer: Answer, now: float) -> list[BoardEvent]:
        if not answer.good and not answer.command.optional:
            reason = LossReason.REFUSED if answer.result else LossReason.NEVER_ANSWERED
            return self._lose(reason, answer.failure, now)
        if answer.command in commands.WHO:
            self._identity.append(answer.text)
        elif answer.command is commands.CODINGS:
            self._codings = answer.text
        if not self._dialogue.idle:
            return []
        if self._profile is None:
            self._profile = profile_of("\n".join(self._identity))
            if not self._profile.duplex:
                detail = f"{self._profile.name}: it can't speak and hear at once (no AT+VTR)"
                return self._lose(LossReason.REFUSED, detail, now)
            self._dialogue.ask(commands.resting(self._profile), now)
            return []
        return self._come_up(self._profile, now)

    def _come_up(self, profile: Profile, now: float) -> list[BoardEvent]:
        assert self._engine is not None
        try:
            (self._timeslot,) = self._engine.open_board_ports(1)
        except EngineError as error:
            return self._lose(LossReason.REFUSED, str(error), now)
        model, *firmware = [text.replace("\n", " ") for text in self._identity]
        self.info = BoardInfo(
            model=f"{profile.name} voice modem",
            serial="",
            hardware=model,
            firmware=" ".join(firmware),
            protocol="V.253",
            ports=(PortInfo(PORT, PortKind.FXO, CAPABILITIES),),
            features={"codings": self._codings},
        )
        self.state = BoardState.UP
        self._absence.ends()
        self._ask_alive = now + ALIVE_EVERY_S
        return [BoardUp(now, self.info)]

    def _seizing_failed(self, answer: Answer, now: float) -> list[BoardEvent]:
        ticket, self._seized = self._seized, None
        assert ticket is not None
        assert self._profile is not None
        status = answer.failure
        if answer.command.begins_stream:
            status += ": this modem can't speak and hear at once"
        self._dialogue.ask(commands.releasing(self._profile), now)
        return [OrderFailed(now, PORT, ticket, "seize", status)]

    # The end of a call

    def _let_go(self, now: float) -> None:
        """End the stream, then hang up; within the beginning of a stream, as soon as it runs."""
        assert self._engine is not None
        assert self._link is not None
        assert self._profile is not None
        if self._streaming:
            self._engine.send_frame(self._link, SerialKind.END, self._profile.stop)
            self._stop_ends = now + STOP_S
        elif self._dialogue.idle:
            self._hang_up(now)
        else:
            self._release_due = True

    def _let_go_late(self, now: float) -> list[BoardEvent]:
        if self._release_due:
            self._release_due = False
            self._let_go(now)
        return []

    def _ended(self, now: float) -> list[BoardEvent]:
        """Take the end of the stream, wanted or not."""
        wanted = self._stop_ends is not None
        self._streaming, self._stop_ends = False, None
        if self._seized is None:
            return []
        self._hang_up(now)
        if wanted:
            return []
        alarm = AlarmRaised(now, PORT, "stream ended", "by the modem itself")
        return [alarm, *_loop_broken(now)]  # whoever is on the line hears nothing any more

    def _hang_up(self, now: float) -> None:
        assert self._profile is not None
        self._seized = None
        self._dialogue.ask(commands.releasing(self._profile), now)

    # Small things

    def _write(self, command: Command) -> None:
        if self._engine is None or self._link is None:
            return
        kind = SerialKind.ARM if command.begins_stream else SerialKind.LINE
        self._engine.send_frame(self._link, kind, command.text.encode() + b"\r")

    def _check(self, port: int) -> None:
        if self.state is not BoardState.UP:
            raise BoardOperationError(f"{self.address}: not up ({self.state.value})")
        if port != PORT:
            raise BoardOperationError(f"{self.address}: no port {port}; it has port 0")

    def _ticket(self) -> Ticket:
        return Ticket(next(self._tickets))

    def _give_back(self) -> None:
        if self._engine is not None:
            if self._link is not None:
                self._engine.close_link(self._link)
            if self._timeslot is not None:
                self._engine.close_port(self._timeslot)
        self._link = self._timeslot = self._seized = None
        self._profile = self.info = self._caller = None
        self._streaming = self._release_due = self._reversed = False
        self._greet_at = self._burst_ends = self._caller_ends = self._stop_ends = (
            self._ask_alive
        ) = None
        self._dialogue.forget()

    def _lose(self, reason: LossReason, detail: str, now: float) -> list[BoardEvent]:
        """Give everything back and look again later; a refusal that repeats is told once."""
        self._give_back()
        self.state = BoardState.WAITING
        found = self._absence.goes_on(reason, detail, now)
        self._rearm()
        return found

    def _rearm(self) -> None:
        due = (
            self._dialogue.deadline,
            self._absence.due,
            self._greet_at,
            self._burst_ends,
            self._caller_ends,
            self._stop_ends,
            self._ask_alive,
        )
        self.deadline = min((each for each in due if each is not None), default=None)


def _loop_broken(now: float) -> list[BoardEvent]:
    return [
        BatteryChanged(now, PORT, present=False),
        BatteryChanged(now, PORT, present=True, duration_ms=BREAK_MS),
    ]


def _is_in_order(answer: Answer) -> bool:
    """Tell whether a modem at rest goes on as it should; it may refuse, but must answer."""
    return answer.good or (answer.command.optional and answer.result != "")


def _comes_by_itself(line: str) -> bool:
    return line == "RING" or is_caller_line(line)


def _is_due(at: float | None, now: float) -> bool:
    return at is not None and now >= at
