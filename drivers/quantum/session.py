# SPDX-License-Identifier: MIT
"""The host's end of a QHI session (docs/reference/qhi.md), without I/O.

Feed it frames and the time, and act on what it returns; it sends through the function that it
was given.  It ends by one ``Ended`` and is then of no more use: begin another on a new link.
Samples pass it by: that they flow it is told (``streaming``), for then acknowledgements ride on
them.  It knows nothing of ports and telephones; that is the board's (board.py).
"""

import enum
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, replace
from typing import Final

from drivers.base import LossReason, Ticket
from drivers.qhi.dictionary import Dictionary
from drivers.qhi.frame import Frame, FrameFlag, FrameKind
from drivers.qhi.layout import MessageError
from drivers.qhi.messages import Bulk, EventMessage, Hello, Log, Request, Response, frame_bit
from drivers.qhi.numbers import BootReason, PcmFormat
from drivers.quantum.fetch import Fetch
from drivers.quantum.incoming import EventOrder, InOrder
from drivers.quantum.requests import Answered, RequestWindow, Unanswered

__all__ = [
    "DictionaryCache",
    "Ended",
    "Greeted",
    "Logged",
    "Session",
    "SessionEvent",
    "SessionState",
]

HELLO_S: Final = 0.25
"""Between two HELLOs."""
GREETING_S: Final = 3.0
"""Without a HELLO in answer for so long, nobody is there."""
PING_S: Final = 1.0
SILENT_S: Final = 3.0
WINDOW: Final = 8
FRAME_MS: Final = 5
_SEQUENCE: Final = 1 << 16

DictionaryCache = MutableMapping[tuple[int, int], bytes]
"""Dictionaries by CRC and length: a board that comes back needn't send its own again."""


class SessionState(enum.Enum):
    """How far the session has come."""

    GREETING = "greeting"
    READING = "reading the dictionary"
    OPEN = "open"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Greeted:
    """The board has said all of itself; requests may be made."""

    hello: Hello
    dictionary: Dictionary


@dataclass(frozen=True, slots=True)
class Logged:
    """The board has something to tell people."""

    log: Log


@dataclass(frozen=True, slots=True)
class Ended:
    """The session is over; requests still unanswered were returned before this."""

    reason: LossReason
    detail: str


SessionEvent = Greeted | Answered | Unanswered | InOrder | Logged | Ended


class Session:
    """One session with one board over one link."""

    def __init__(
        self, number: int, send: Callable[[Frame], None], cache: DictionaryCache, now: float
    ) -> None:
        """Begin to greet; ``number`` differs from 0 and from the session before."""
        self.state = SessionState.GREETING
        self.streaming = False
        self._number = number
        self._sink = send
        self._cache = cache
        self._events = EventOrder()
        self._requests = RequestWindow(self._send, WINDOW)
        self._fetch: Fetch | None = None
        self._hello: Hello | None = None
        self._seq: dict[int, int] = {}
        self._begun = self._heard = now
        self._next_hello = self._next_ping = now
        self._greet(now)

    @property
    def acknowledged(self) -> int:
        """The cumulative acknowledgement that every frame to the board carries."""
        return self._events.acknowledged

    @property
    def deadline(self) -> float | None:
        """When ``expire`` is due."""
        if self.state is SessionState.ENDED:
            return None
        if self.state is SessionState.GREETING:
            return min(self._next_hello, self._begun + GREETING_S)
        due = [self._heard + SILENT_S, self._next_ping, self._requests.deadline]
        due.append(self._fetch.due if self._fetch else None)
        return min(at for at in due if at is not None)

    def request(self, ticket: Ticket, request: Request, now: float) -> None:
        """Make a request of an open session; it ends in Answered or Unanswered."""
        assert self.state is SessionState.OPEN
        self._requests.submit(ticket, request, now)

    def sent(self, seq: int, tag: int) -> Ticket | None:
        """Return the ticket of a recent request by the numbers it was sent with."""
        return self._requests.sent(seq, tag)

    def receive(self, frame: Frame, now: float) -> list[SessionEvent]:
        """Take one frame; what is malformed or out of place is dropped."""
        take = _TAKE.get((self.state, frame.kind))
        if self.state is not SessionState.GREETING:
            self._heard = now
            self._next_ping = now + PING_S
        if take is None:
            return []
        try:
            return take(self, frame, now)
        except MessageError:
            return []

    def expire(self, now: float) -> list[SessionEvent]:
        """Do what is due: greet, repeat, ping, give up."""
        if self.state is SessionState.GREETING:
            return self._expire_greeting(now)
        if self.state is SessionState.ENDED:
            return []
        if now >= self._heard + SILENT_S:
            return self.end(LossReason.STALLED, f"not a word for {SILENT_S:g} s")
        if self._fetch and now >= self._fetch.due and not self._fetch.expire(now):
            return self.end(LossReason.NEVER_ANSWERED, "its dictionary does not come")
        if now >= self._next_ping:
            self._next_ping = now + PING_S
            self._send(Frame(FrameKind.PING, FrameFlag.ACK_WANTED))
        return list(self._requests.expire(now))

    def end(self, reason: LossReason, detail: str) -> list[SessionEvent]:
        """End the session: every open request, then Ended."""
        self.state = SessionState.ENDED
        return [*self._requests.abandon(), Ended(reason, detail)]

    # What frames do, by state (table below)

    def _take_greeting(self, frame: Frame, now: float) -> list[SessionEvent]:
        hello = Hello.decode(frame.payload)
        if hello.role != 0 or hello.session != self._number:
            return []
        self._heard = now
        self._next_ping = now + PING_S
        if hello.major != 1:
            return self.end(LossReason.REFUSED, f"it speaks QHI {hello.major}.{hello.minor}")
        self._hello = hello
        self.state = SessionState.READING
        kept = self._cache.get((hello.dictionary_crc, hello.dictionary_length))
        if kept is not None:
            return self._open(hello, kept)
        try:
            self._fetch = Fetch(self._send, hello, now)
        except MessageError as error:
            return self.end(LossReason.GARBAGE, str(error))
        return []

    def _take_part(self, frame: Frame, now: float) -> list[SessionEvent]:
        assert self._fetch
        assert self._hello
        bulk = Bulk.decode(frame.payload)
        try:
            whole = self._fetch.receive(bulk, now)
        except MessageError as error:
            return self.end(LossReason.GARBAGE, str(error))
        return [] if whole is None else self._open(self._hello, whole)

    def _take_hello(self, frame: Frame, now: float) -> list[SessionEvent]:
        hello = Hello.decode(frame.payload)
        if hello.role != 0 or hello.session != 0:
            return []
        known = hello.boot_reason in set(BootReason)
        why = BootReason(hello.boot_reason) if known else BootReason.UNKNOWN
        return self.end(LossReason.REBOOTED, f"boot reason: {why.name.lower().replace('_', ' ')}")

    def _take_response(self, frame: Frame, now: float) -> list[SessionEvent]:
        response = Response.decode(frame.payload)
        return list(self._requests.answer(frame.seq, response, now))

    def _take_event(self, frame: Frame, now: float) -> list[SessionEvent]:
        message = EventMessage.decode(frame.payload)
        repeated = bool(frame.flags & FrameFlag.RETRANSMIT)
        found = self._events.receive(frame.seq, message, repeated=repeated)
        if not self.streaming:
            self._send(Frame(FrameKind.PING))
        return list(found)

    def _take_log(self, frame: Frame, now: float) -> list[SessionEvent]:
        return [Logged(Log.decode(frame.payload))]

    def _take_ping(self, frame: Frame, now: float) -> list[SessionEvent]:
        if frame.flags & FrameFlag.ACK_WANTED:
            self._sink(replace(frame, flags=0, ack=self.acknowledged, payload=frame.payload[:16]))
        return []

    def _open(self, hello: Hello, whole: bytes) -> list[SessionEvent]:
        try:
            dictionary = Dictionary.decode(whole)
        except MessageError as error:
            return self.end(LossReason.GARBAGE, str(error))
        if len(dictionary.ports) != hello.ports or not 1 <= hello.ports <= 32:
            ports = f"{hello.ports} ports by HELLO, {len(dictionary.ports)} by its dictionary"
            return self.end(LossReason.GARBAGE, ports)
        self._cache[(hello.dictionary_crc, hello.dictionary_length)] = whole
        self._fetch = None
        self.state = SessionState.OPEN
        return [Greeted(hello, dictionary)]

    def _expire_greeting(self, now: float) -> list[SessionEvent]:
        if now >= self._begun + GREETING_S:
            return self.end(LossReason.NEVER_ANSWERED, f"no HELLO within {GREETING_S:g} s")
        if now >= self._next_hello:
            self._greet(now)
        return []

    def _greet(self, now: float) -> None:
        self._next_hello = now + HELLO_S
        formats = sum(1 << number for number in PcmFormat)
        hello = Hello(
            self._number, serial="altiware", formats=formats, frames=frame_bit(FRAME_MS), role=1
        )
        self._send(Frame(FrameKind.HELLO, FrameFlag.ACK_WANTED, payload=hello.encode()))

    def _send(self, frame: Frame) -> None:
        """Send with the acknowledgement, and a counter where the frame hasn't one of its own."""
        if frame.kind != FrameKind.REQ:
            seq = self._seq.get(frame.kind, 0)
            self._seq[frame.kind] = (seq + 1) % _SEQUENCE
            frame = replace(frame, seq=seq)
        self._sink(replace(frame, ack=self.acknowledged))


_S = SessionState
_K = FrameKind
# fmt: off
_TAKE: Final[
    dict[tuple[SessionState, int], Callable[[Session, Frame, float], list[SessionEvent]]]
] = {
    (_S.GREETING, _K.HELLO): Session._take_greeting,
    (_S.READING,  _K.HELLO): Session._take_hello,
    (_S.READING,  _K.EVT):   Session._take_event,
    (_S.READING,  _K.LOG):   Session._take_log,
    (_S.READING,  _K.PING):  Session._take_ping,
    (_S.READING,  _K.BULK):  Session._take_part,
    (_S.OPEN,     _K.HELLO): Session._take_hello,
    (_S.OPEN,     _K.RSP):   Session._take_response,
    (_S.OPEN,     _K.EVT):   Session._take_event,
    (_S.OPEN,     _K.LOG):   Session._take_log,
    (_S.OPEN,     _K.PING):  Session._take_ping,
}
# fmt: on
"""Which frames mean something when; all others are dropped."""
