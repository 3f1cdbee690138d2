# SPDX-License-Identifier: MIT
"""A cellular module from its two serial ports to a SIM in a network, and down again.

Who it is, what it is like, whether it may be used; what is told of the network.  Calls and their
samples are board.py's, which derives from this and fills in what is abstract here.  Both ports
are opened and lost together: ``open_link`` returns that of the commands and keeps the other until
``link_opened``.
"""

import abc
import os
import re
from collections.abc import Iterable
from typing import Final

from drivers.absence import LOSS, Absence
from drivers.at.dialogue import Answer, Command, Dialogue
from drivers.base import (
    AlarmRaised,
    Board,
    BoardEvent,
    BoardInfo,
    BoardState,
    BoardUp,
    Capability,
    LossReason,
    PortInfo,
    PortKind,
)
from drivers.cellular import commands
from drivers.cellular.network import Network
from drivers.cellular.profiles import Profile, profile_of
from drivers.cellular.samples import SamplePort
from drivers.cellular.words import Caller, CallWord, Registration, Restarted, Signal, SimWord, hear
from drivers.errors import BoardOperationError, NotAvailableError
from drivers.links.link import Link
from dsp.engine import Engine
from dsp.errors import EngineError
from dsp.events import FrameReceived, LinkDown, LinkEvent
from dsp.tables import LinkFraming, SampleFormat, SerialKind

__all__ = ["PORT", "CellularSession", "is_due"]

CAPABILITIES: Final = (
    Capability.RING_RX | Capability.CALLER_REPORT | Capability.BULK_DELAY | Capability.DIALS
)
FIRST_PAUSE_S: Final = 0.5
LONGEST_PAUSE_S: Final = 10.0
ALIVE_EVERY_S: Final = 30.0
PORT: Final = 0
_ENDS: Final = frozenset({"BUSY", "NO CARRIER", "NO ANSWER"})
_ANSWERS: Final = frozenset({"+CGMI", "+CGMM", "+CGMR", "+CGSN", "+CEER"})
"""All other lines that begin so come by themselves, or are taken as if they did."""
_NAMED: Final = re.compile(r"^([+^][A-Z0-9]+):")


class CellularSession(Board):
    """A cellular module on two serial ports, without its calls."""

    def __init__(self, address: str, at: Link, audio: Link, profile: Profile | None = None) -> None:
        """Describe the module; without a ``profile`` its own name decides."""
        super().__init__(address)
        self._ways = (at, audio)
        self._chosen = profile
        self._absence = Absence(FIRST_PAUSE_S, LONGEST_PAUSE_S, by_detail=True)
        self._engine: Engine | None = None
        self._spare: int | None = None
        self._at: int | None = None
        self._samples: SamplePort | None = None
        self._timeslot: int | None = None
        self._dialogue = Dialogue(self._write, self._comes_by_itself)
        self._profile: Profile | None = None
        self._forget_session()

    def _forget_session(self) -> None:
        self._identity: list[str] = []
        self._sim: SimWord | None = None
        self._network = Network()
        self._order: Command | None = None
        self._ask_alive: float | None = None
        self._forget_call()

    # What calls are told, and ask for

    @abc.abstractmethod
    def _forget_call(self) -> None:
        """Begin without any."""

    @abc.abstractmethod
    def _speaks_of_call(self, word: CallWord, now: float) -> list[BoardEvent]:
        """Take a word about a call."""

    @abc.abstractmethod
    def _shows_caller(self, caller: Caller, now: float) -> list[BoardEvent]:
        """Take who calls."""

    @abc.abstractmethod
    def _call_answered(self, answer: Answer, now: float) -> list[BoardEvent]:
        """Take the end of a command about a call."""

    @abc.abstractmethod
    def _expire_call(self, now: float) -> list[BoardEvent]:
        """Do what is due of a call."""

    @abc.abstractmethod
    def _call_deadlines(self) -> Iterable[float | None]:
        """Say when that is."""

    # The session

    def start(self, engine: Engine, now: float) -> None:
        """Begin; the module wants its links from now on."""
        self._engine = engine
        self.state = BoardState.WAITING
        self._absence.begins()
        self._rearm()

    def stop(self, now: float) -> None:
        """Hang up and give everything back."""
        if self._at is not None and self._engine is not None:
            self._engine.send_frame(self._at, SerialKind.LINE, commands.HANG_UP)
        self._give_back()
        self.state = BoardState.CLOSED
        self._absence.begins()
        self._rearm()

    @property
    def wants_link(self) -> bool:
        """Whether the links should be opened now."""
        return self.state is BoardState.WAITING and self._absence.due is None

    def open_link(self) -> int:
        """Open both serial ports; return that of the commands.

        Raises:
            NotAvailableError: one of them isn't there (now).
        """
        self._close_spare()
        at, audio = self._ways
        spare = audio.open()
        try:
            descriptor = at.open()
        except NotAvailableError:
            os.close(spare)
            raise
        self._spare = spare
        return descriptor

    def link_opened(self, descriptor: int, now: float) -> None:
        """Begin to ask the module who it is."""
        if self.state is not BoardState.WAITING or self._engine is None or self._spare is None:
            os.close(descriptor)
            self._close_spare()
            return
        self._samples = SamplePort(self._engine, self._spare)
        self._spare = None
        self._at = self._engine.open_link(
            descriptor,
            [],
            sample_format=SampleFormat.S16LE,
            clock=False,
            framing=LinkFraming.MODEM,
        )
        self.state = BoardState.GREETING
        self._dialogue.ask(commands.greeting(), now)
        self._rearm()

    def link_failed(self, detail: str, now: float) -> list[BoardEvent]:
        """Try again later."""
        if self.state is not BoardState.WAITING:
            return []
        return self._lose(LossReason.REFUSED, detail, now)

    def owns_link(self, link: int) -> bool:
        """Whether this is one of the module's links."""
        return link == self._at or (self._samples is not None and link == self._samples.link)

    def timeslot(self, port: int) -> int:
        """Return the engine's port handle of the line."""
        self._check(port)
        assert self._timeslot is not None
        return self._timeslot

    def receive(self, event: LinkEvent, now: float) -> list[BoardEvent]:
        """Take one event of either link."""
        if not self.owns_link(event.link):
            return []
        found: list[BoardEvent] = []
        if isinstance(event, LinkDown):
            which = "commands" if event.link == self._at else "samples"
            found = self._lose(LOSS[event.reason], f"{which}: {event.detail}", now)
        elif isinstance(event, FrameReceived) and event.kind == SerialKind.LINE:
            found = self._line(event.payload.decode("latin-1").strip(), now)
        self._rearm()
        return found

    def expire(self, now: float) -> list[BoardEvent]:
        """Do what is due."""
        answer = self._dialogue.expire(now)
        found = self._answered(answer, now) if answer is not None else []
        found += self._expire_call(now)
        if is_due(self._ask_alive, now):
            self._ask_alive = now + ALIVE_EVERY_S
            if self._dialogue.idle:
                self._dialogue.ask([commands.ALIVE], now)
        self._absence.expire(now)
        self._rearm()
        return found

    # What the module says

    def _line(self, line: str, now: float) -> list[BoardEvent]:
        heard = self._dialogue.receive(line, now)
        if isinstance(heard, Answer):
            return self._answered(heard, now)
        if heard is None:
            return []
        self._network.note_operator(heard)
        return self._word(heard, now)

    def _word(self, line: str, now: float) -> list[BoardEvent]:
        match hear(line):
            case CallWord() as word:
                return self._speaks_of_call(word, now)
            case Caller() as caller if self.state is BoardState.UP:
                return self._shows_caller(caller, now)
            case Registration() as registration:
                return self._speaks_of_network(registration, now)
            case Signal(dbm):
                self._network.dbm = dbm
                self._show_network()
            case SimWord() as sim:
                self._sim = sim
                if self.state is BoardState.UP and sim is not SimWord.READY:
                    return self._lose(LossReason.REFUSED, _sim_fault(sim, ""), now)
            case Restarted() if self.state is BoardState.UP:
                return self._lose(LossReason.REBOOTED, "by itself", now)
        return []

    def _speaks_of_network(self, news: Registration, now: float) -> list[BoardEvent]:
        before = self._network.registered
        self._network.note(news)
        self._show_network()
        if self.state is not BoardState.UP or before == self._network.registered:
            return []
        alarm = "network is back" if self._network.registered else "no network"
        return [AlarmRaised(now, PORT, alarm, self._network.state)]

    def _show_network(self) -> None:
        if self.info is not None:
            self.info.features.update(self._network.features())

    # Coming up

    def _answered(self, answer: Answer, now: float) -> list[BoardEvent]:
        if self.state is BoardState.GREETING:
            return self._greeted(answer, now)
        if answer.command is commands.ALIVE and not answer.result:
            return self._lose(LossReason.STALLED, "it doesn't answer AT", now)
        return self._call_answered(answer, now)

    def _greeted(self, answer: Answer, now: float) -> list[BoardEvent]:
        if answer.command is commands.SIM and self._sim is not SimWord.READY:
            return self._lose(LossReason.REFUSED, _sim_fault(self._sim, answer.result), now)
        if not answer.good and not answer.command.optional:
            reason = LossReason.REFUSED if answer.result else LossReason.NEVER_ANSWERED
            return self._lose(reason, self._failure(answer), now)
        if answer.command in commands.WHO:
            self._identity.append(re.sub(r"^\+\w+: *", "", answer.text).strip('"'))
        if not self._dialogue.idle:
            return []
        if self._profile is not None:
            return self._come_up(self._profile, now)
        self._profile = self._chosen or profile_of("\n".join(self._identity[:2]))
        if self._profile is None:
            who = " ".join(self._identity[:2]).strip() or "a modem without a name"
            detail = f"{who}: no module that is known; profile= says which it is like"
            return self._lose(LossReason.REFUSED, detail, now)
        self._dialogue.ask(commands.preparing(self._profile), now)
        return []

    def _failure(self, answer: Answer) -> str:
        if self._profile is not None and answer.command.text == self._profile.probe:
            return f"{answer.failure}: it has no voice over serial ports"
        return answer.failure

    def _come_up(self, profile: Profile, now: float) -> list[BoardEvent]:
        assert self._engine is not None
        assert self._samples is not None
        if not self._network.registered:
            return self._lose(LossReason.REFUSED, f"no network: {self._network.state}", now)
        try:
            (self._timeslot,) = self._engine.open_board_ports(1)
        except EngineError as error:
            return self._lose(LossReason.REFUSED, str(error), now)
        self._samples.carry(self._timeslot)
        maker, model, firmware, imei = (*self._identity, "", "", "", "")[:4]
        self.info = BoardInfo(
            model=f"{profile.name} cellular module",
            serial=imei,
            hardware=f"{maker} {model}",
            firmware=firmware,
            protocol="3GPP TS 27.007",
            ports=(PortInfo(PORT, PortKind.FXO, CAPABILITIES),),
            features=self._network.features(),
        )
        if profile.experimental:
            self.info.features["support"] = "experimental"
        self.state = BoardState.UP
        self._absence.ends()
        self._ask_alive = now + ALIVE_EVERY_S
        return [BoardUp(now, self.info)]

    # Small things

    def _comes_by_itself(self, line: str) -> bool:
        if line in _ENDS:  # of a call, unless it is the answer to what began it
            return self._dialogue.asking is not self._order or self._order is None
        named = _NAMED.match(line)
        if named is not None:
            return named[1] not in _ANSWERS
        return hear(line) is not None

    def _write(self, command: Command) -> None:
        if self._engine is not None and self._at is not None:
            self._engine.send_frame(self._at, SerialKind.LINE, command.text.encode() + b"\r")

    def _check(self, port: int) -> None:
        if self.state is not BoardState.UP:
            raise BoardOperationError(f"{self.address}: not up ({self.state.value})")
        if port != PORT:
            raise BoardOperationError(f"{self.address}: no port {port}; it has port 0")

    def _close_spare(self) -> None:
        spare, self._spare = self._spare, None
        if spare is not None:
            os.close(spare)

    def _give_back(self) -> None:
        self._close_spare()
        if self._engine is not None:
            if self._at is not None:
                self._engine.close_link(self._at)
            if self._samples is not None:
                self._samples.close()
            if self._timeslot is not None:
                self._engine.close_port(self._timeslot)
        self._at = self._samples = self._timeslot = self._profile = self.info = None
        self._forget_session()
        self._dialogue.forget()

    def _lose(self, reason: LossReason, detail: str, now: float) -> list[BoardEvent]:
        """Give everything back and look again later; what repeats is told once."""
        self._give_back()
        self.state = BoardState.WAITING
        found = self._absence.goes_on(reason, detail, now)
        self._rearm()
        return found

    def _rearm(self) -> None:
        due = (
            self._dialogue.deadline,
            self._absence.due,
            self._ask_alive,
            *self._call_deadlines(),
        )
        self.deadline = min((each for each in due if each is not None), default=None)


def _sim_fault(sim: SimWord | None, result: str) -> str:
    """Say what is wrong with the SIM, by its word or by how the question for it failed."""
    if sim is SimWord.LOCKED or "PIN" in result or "PUK" in result:
        return "the SIM wants its PIN: take its lock off with a telephone"
    if sim is SimWord.MISSING or "not inserted" in result:
        return "no SIM"
    return f"the SIM can't be read ({result or 'no answer'})"


def is_due(at: float | None, now: float) -> bool:
    """Whether something is to be done by now; None: never."""
    return at is not None and now >= at
