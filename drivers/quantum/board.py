# SPDX-License-Identifier: MIT
"""The Quantum board driver: a QHI session (session.py) as a Board.

It opens the engine's ports and link, begins the sample stream, tells the news of each line,
and when the board is lost, says so and looks for it again, first after 0.25 s, then ever less
often.  Samples, their clock and the stall watch are the engine's.
"""

import itertools
import os
from collections import deque
from collections.abc import Callable
from typing import Final

from drivers.absence import LOSS, Absence
from drivers.base import (
    BOARD_ITSELF,
    BoardEvent,
    BoardInfo,
    BoardState,
    BoardUp,
    LossReason,
    OrderFailed,
    PortInfo,
    PulsesSent,
    Ticket,
)
from drivers.errors import BoardOperationError
from drivers.links.link import Link
from drivers.qhi.arguments import PULSES_SENT, StreamStart
from drivers.qhi.frame import Frame
from drivers.qhi.layout import MessageError, unpack
from drivers.qhi.measures import TestEnd
from drivers.qhi.messages import EventMessage, Log, Request, frame_bit
from drivers.qhi.numbers import (
    BOARD_PORT,
    ClockVerb,
    MessageClass,
    PcmFormat,
    PortEventCode,
    Status,
    SysEvent,
)
from drivers.qhi.service import TestEvent
from drivers.quantum import orders
from drivers.quantum.alarms import alarm
from drivers.quantum.incoming import InOrder
from drivers.quantum.info import board_info
from drivers.quantum.lines import Lines
from drivers.quantum.pending import Pending, status_name
from drivers.quantum.procedures import Procedure, measure
from drivers.quantum.requests import Answered, Unanswered
from drivers.quantum.service import ServicedBoard
from drivers.quantum.session import (
    FRAME_MS,
    DictionaryCache,
    Greeted,
    Logged,
    Session,
    SessionEvent,
)
from drivers.service import LineTest
from dsp.engine import Engine, SampleFormat
from dsp.errors import EngineError
from dsp.events import FrameReceived, LineSnapshot, LinkDown, LinkEvent

__all__ = ["QuantumBoard"]

FIRST_PAUSE_S: Final = 0.25
LONGEST_PAUSE_S: Final = 5.0
LOG_LINES: Final = 64
_PREFERRED: Final = (PcmFormat.S16, PcmFormat.ULAW, PcmFormat.ALAW)
"""16-bit first: it passes samples bit for bit."""


class QuantumBoard(ServicedBoard):
    """A Quantum board at the end of any link."""

    def __init__(
        self,
        address: str,
        link: Link,
        session_number: Callable[[], int],
        formats: tuple[PcmFormat, ...] = _PREFERRED,
    ) -> None:
        """Describe the board; ``session_number`` gives a new number above 0 at each call."""
        super().__init__(address)
        self.log: deque[Log] = deque(maxlen=LOG_LINES)
        "The last lines that the board had to tell people."
        self._way = link
        self._session_number = session_number
        self._formats = formats
        self._cache: DictionaryCache = {}
        self._tickets = itertools.count(1)
        self._absence = Absence(FIRST_PAUSE_S, LONGEST_PAUSE_S)
        self._engine: Engine | None = None
        self._link: int | None = None
        self._session: Session | None = None
        self._lines = Lines(())
        self._timeslots: list[int] = []
        self._start: Ticket | None = None
        self._coming: BoardInfo | None = None
        self._pending = Pending()

    # The session

    def start(self, engine: Engine, now: float) -> None:
        """Begin; the board wants a link from now on."""
        self._engine = engine
        self.state = BoardState.WAITING
        self._absence.begins()
        self._rearm()

    def stop(self, now: float) -> None:
        """Quiet every port as far as the link still carries it, and give everything back."""
        if self.state is BoardState.UP and self._session:
            for request in orders.quiet():
                self._session.request(self._ticket(), request, now)
        self._give_back()
        self.state = BoardState.CLOSED
        self._absence.begins()
        self._rearm()

    @property
    def wants_link(self) -> bool:
        """Whether a link should be opened now; true until its outcome is told."""
        return self.state is BoardState.WAITING and self._absence.due is None

    def open_link(self) -> int:
        """Open the way to the board; may block for seconds."""
        return self._way.open()

    def link_opened(self, descriptor: int, now: float) -> None:
        """Hand the descriptor to the engine and begin to greet."""
        if self.state is not BoardState.WAITING or self._engine is None:
            os.close(descriptor)
            return
        self._link = self._engine.open_link(
            descriptor, [], sample_format=SampleFormat.S16LE, clock=True
        )
        self.state = BoardState.GREETING
        self._session = Session(self._session_number(), self._send, self._cache, now)
        self._rearm()

    def link_failed(self, detail: str, now: float) -> list[BoardEvent]:
        """Try again later."""
        if self.state is not BoardState.WAITING:
            return []
        return self._lose(LossReason.REFUSED, detail, now)

    def receive(self, event: LinkEvent, now: float) -> list[BoardEvent]:
        """Take one event of the engine's link."""
        if self._session is None or not self.owns_link(event.link):
            return []
        found: list[BoardEvent] = []
        if isinstance(event, FrameReceived):
            frame = Frame(event.kind, event.flags, event.seq, event.tick, event.ack, event.payload)
            found = self._act(self._session.receive(frame, now), now)
            self._acknowledge()
        elif isinstance(event, LineSnapshot):
            found = self._lines.snapshot(event.off_hook, event.ringing, now)
        elif isinstance(event, LinkDown):
            found = self._act(self._session.end(LOSS[event.reason], event.detail), now)
        self._rearm()
        return found

    def expire(self, now: float) -> list[BoardEvent]:
        """Retry the link, or let the session do what is due."""
        found: list[BoardEvent] = []
        if self._session:
            found = self._act(self._session.expire(now), now)
        else:
            self._absence.expire(now)
        self._rearm()
        return found

    def owns_link(self, link: int) -> bool:
        """Whether this is the board's link."""
        return self._link == link

    def timeslot(self, port: int) -> int:
        """Return the engine's port handle of a port."""
        self._port(port)
        return self._timeslots[port]

    # Orders

    def _order(self, request: Request) -> Ticket:
        return self._request(self._ticket(), request)

    def _request(self, ticket: Ticket, request: Request) -> Ticket:
        assert self._session
        assert self._engine
        self._session.request(ticket, request, self._engine.now)
        self._rearm()
        return ticket

    def _ticket(self) -> Ticket:
        return Ticket(next(self._tickets))

    def _begin(self, name: str, procedure: Procedure, port: int) -> Ticket:
        ticket = self._ticket()
        return self._request(ticket, self._pending.begin(ticket, procedure, port, name))

    def _begin_measuring(self, port: int, test: LineTest) -> Ticket:
        ticket = self._order(measure(port, test))
        self._pending.measure(ticket, port)
        return ticket

    def _check_up(self) -> None:
        if self.state is not BoardState.UP or self.info is None:
            raise BoardOperationError(f"{self.address} is not up: {self.state.value}")

    def _port(self, port: int) -> PortInfo:
        self._check_up()
        assert self.info
        if not 0 <= port < len(self.info.ports):
            most = len(self.info.ports) - 1
            raise BoardOperationError(f"{self.address} has no port {port}; 0 to {most}")
        return self.info.ports[port]

    # What the session reports

    def _act(self, events: list[SessionEvent], now: float) -> list[BoardEvent]:
        found: list[BoardEvent] = []
        for event in events:
            if isinstance(event, Greeted):
                found += self._begin_stream(event, now)
            elif isinstance(event, Answered):
                found += self._answered(event, now)
            elif isinstance(event, Unanswered):
                found += self._failed(event.ticket, event.request, "no answer", now)
            elif isinstance(event, InOrder):
                found += self._happened(event, now)
            elif isinstance(event, Logged):
                self.log.append(event.log)
            else:
                found += self._lose(event.reason, event.detail, now)
        return found

    def _begin_stream(self, greeted: Greeted, now: float) -> list[BoardEvent]:
        assert self._engine
        assert self._session
        assert self._link is not None
        hello = greeted.hello
        form = next((form for form in self._formats if hello.formats >> form & 1), None)
        if form is None or not hello.frames & frame_bit(FRAME_MS):
            return self._end(LossReason.REFUSED, "no sample format or frame in common", now)
        try:
            self._timeslots = self._engine.open_board_ports(hello.ports)
            self._engine.set_link(self._link, self._timeslots, sample_format=SampleFormat(form))
        except EngineError as error:
            return self._end(LossReason.REFUSED, f"the engine: {error}", now)
        self._lines = Lines(greeted.dictionary.ports)
        self._coming = board_info(hello, greeted.dictionary)
        self._start = self._ticket()
        ports = (1 << hello.ports) - 1
        stream = StreamStart(FRAME_MS, form, ports).encode()
        request = Request(MessageClass.CLK, ClockVerb.START, BOARD_PORT, 0, stream)
        self._session.request(self._start, request, now)
        return []

    def _answered(self, event: Answered, now: float) -> list[BoardEvent]:
        status = event.response.status
        if status != Status.OK:
            return self._failed(event.ticket, event.request, status_name(status), now)
        if event.ticket == self._start:
            return self._up(now)
        if not self._pending.owns(event.ticket):
            return []
        following = self._pending.answered(event.ticket, event.response.results, now)
        if not isinstance(following, Request):
            return [following]
        self._request(event.ticket, following)
        return []

    def _failed(
        self, ticket: Ticket, request: Request, status: str, now: float
    ) -> list[BoardEvent]:
        if ticket == self._start:
            return self._end(LossReason.REFUSED, f"samples don't start: {status}", now)
        found = self._pending.failed(ticket, status, now)
        if found:
            return found
        port = BOARD_ITSELF if request.port == BOARD_PORT else request.port
        return [OrderFailed(now, port, ticket, orders.order_name(request), status)]

    def _up(self, now: float) -> list[BoardEvent]:
        assert self._coming
        assert self._session
        self._start = None
        self._session.streaming = True
        self._absence.ends()
        self.info = self._coming
        self.state = BoardState.UP
        return [BoardUp(now, self.info), *self._lines.begin(now)]

    def _happened(self, event: InOrder, now: float) -> list[BoardEvent]:
        message = event.message
        try:
            if message.class_ == MessageClass.TEST:
                return self._test_ended(message, now)
            if message.class_ == MessageClass.PORT and message.event == PortEventCode.PULSES_SENT:
                return self._pulses_sent(message, now)
            if message.class_ == MessageClass.PORT and message.event != PortEventCode.ALARM:
                return self._lines.receive(message, now, late=event.late)
            return self._alarmed(message, now) if self.state is BoardState.UP else []
        except MessageError:
            return []

    def _alarmed(self, message: EventMessage, now: float) -> list[BoardEvent]:
        found: list[BoardEvent] = list(alarm(message, now))
        if (message.class_, message.event) == (MessageClass.SYS, SysEvent.EVENTS_LOST):
            found += self._pending.lost("its event was lost", now)
        return found

    def _test_ended(self, message: EventMessage, now: float) -> list[BoardEvent]:
        assert self._session
        if message.event != TestEvent.RESULT:
            return []
        end = TestEnd.decode(message.arguments)
        return self._pending.measured(self._session.sent(end.seq, end.tag), message, end, now)

    def _pulses_sent(self, message: EventMessage, now: float) -> list[BoardEvent]:
        assert self._session
        seq, tag, status = unpack(PULSES_SENT, message.arguments, "PULSES_SENT")
        ticket = self._session.sent(seq, tag)
        if ticket is None or self.state is not BoardState.UP:
            return []
        if status != Status.OK:
            return [OrderFailed(now, message.port, ticket, "pulse", "cut short")]
        return [PulsesSent(now, message.port, ticket)]

    # Losing and finding it

    def _end(self, reason: LossReason, detail: str, now: float) -> list[BoardEvent]:
        if self._session is None:
            return []
        return self._act(self._session.end(reason, detail), now)

    def _lose(self, reason: LossReason, detail: str, now: float) -> list[BoardEvent]:
        found = self._pending.lost("no answer", now)
        self._give_back()
        self.state = BoardState.WAITING
        found += self._absence.goes_on(reason, detail, now)
        self._rearm()
        return found

    def _give_back(self) -> None:
        self._session = None
        self._start = None
        self._lines = Lines(())
        if self._engine is None:
            return
        if self._link is not None:
            self._engine.close_link(self._link)
        for port in self._timeslots:
            self._engine.close_port(port)
        self._link = None
        self._timeslots = []

    def _acknowledge(self) -> None:
        if self._engine and self._session and self._link is not None:
            self._engine.set_ack(self._link, self._session.acknowledged)

    def _send(self, frame: Frame) -> None:
        if self._engine is None or self._link is None:
            return
        self._engine.send_frame(
            self._link,
            frame.kind,
            frame.payload,
            flags=frame.flags,
            seq=frame.seq,
            tick=frame.tick,
            ack=frame.ack,
        )

    def _rearm(self) -> None:
        self.deadline = self._session.deadline if self._session else self._absence.due
