# SPDX-License-Identifier: MIT
"""Requests to a board: a window of unanswered ones, repeated until answered or given up.

Each request ends exactly once: answered, or unanswered after three tries of 250 ms.  Requests
for one port go out one after the other, in the order given: on a link that loses frames a
repeated one could overtake its successor otherwise.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from drivers.base import Ticket
from drivers.qhi.frame import Frame, FrameFlag, FrameKind
from drivers.qhi.messages import Request, Response

__all__ = ["RECENT", "TRIES", "TRY_S", "Answered", "RequestWindow", "Unanswered"]

TRY_S: Final = 0.25
TRIES: Final = 3
SPAN: Final = 16
"""No request goes out that is so far beyond the oldest open one: the board keeps its last 32
responses, and that one's must still be among them when it is repeated."""
RECENT: Final = 1024
"""Requests remembered after they were sent, for events that name one (PULSES_SENT)."""
_SEQUENCE: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Answered:
    """The board has answered; not always with OK."""

    ticket: Ticket
    request: Request
    response: Response


@dataclass(frozen=True, slots=True)
class Unanswered:
    """The board has not answered, or the session ended before it could."""

    ticket: Ticket
    request: Request


@dataclass(slots=True)
class _Open:
    ticket: Ticket
    request: Request
    seq: int
    due: float
    tries: int = 1


class RequestWindow:
    """All requests of one session that have not ended yet."""

    def __init__(self, send: Callable[[Frame], None], size: int) -> None:
        self._send = send
        self._size = size
        self._seq = 0
        self._queue: deque[tuple[Ticket, Request]] = deque()
        self._open: dict[int, _Open] = {}
        self._recent: dict[tuple[int, int], Ticket] = {}

    @property
    def deadline(self) -> float | None:
        """When ``expire`` is due."""
        return min((entry.due for entry in self._open.values()), default=None)

    def submit(self, ticket: Ticket, request: Request, now: float) -> None:
        """Send a request as soon as its port and the window are free."""
        self._queue.append((ticket, request))
        self._fill(now)

    def answer(self, seq: int, response: Response, now: float) -> list[Answered]:
        """Take an RSP; answers to what isn't open (any more) are dropped."""
        entry = self._open.get(seq)
        if entry is None or entry.request.tag != response.tag:
            return []
        del self._open[seq]
        self._fill(now)
        return [Answered(entry.ticket, entry.request, response)]

    def expire(self, now: float) -> list[Unanswered]:
        """Repeat what is due, give up what was repeated often enough."""
        given_up = []
        for entry in list(self._open.values()):
            if entry.due > now:
                continue
            if entry.tries == TRIES:
                del self._open[entry.seq]
                given_up.append(Unanswered(entry.ticket, entry.request))
                continue
            entry.tries += 1
            entry.due = now + TRY_S
            self._send(self._frame(entry, FrameFlag.RETRANSMIT))
        self._fill(now)
        return given_up

    def abandon(self) -> list[Unanswered]:
        """End everything: the session is over."""
        waiting = [(entry.ticket, entry.request) for entry in self._open.values()]
        ended = [Unanswered(*pair) for pair in [*waiting, *self._queue]]
        self._open.clear()
        self._queue.clear()
        return ended

    def sent(self, seq: int, tag: int) -> Ticket | None:
        """Return the ticket of a recent request by the numbers that it was sent with."""
        return self._recent.get((seq, tag))

    def _fill(self, now: float) -> None:
        busy = {entry.request.port for entry in self._open.values()}
        held: deque[tuple[Ticket, Request]] = deque()
        while self._queue:
            ticket, request = self._queue.popleft()
            if request.port in busy or self._full():
                held.append((ticket, request))
            else:
                self._start(ticket, request, now)
            busy.add(request.port)
        self._queue = held

    def _full(self) -> bool:
        if len(self._open) >= self._size:
            return True
        return any((self._seq + 1 - seq) % _SEQUENCE >= SPAN for seq in self._open)

    def _start(self, ticket: Ticket, request: Request, now: float) -> None:
        self._seq = (self._seq + 1) % _SEQUENCE
        entry = _Open(ticket, request.tagged(self._seq & 0xFF), self._seq, now + TRY_S)
        self._open[entry.seq] = entry
        self._recent[(entry.seq, entry.request.tag)] = ticket
        if len(self._recent) > RECENT:
            del self._recent[next(iter(self._recent))]
        self._send(self._frame(entry, FrameFlag(0)))

    def _frame(self, entry: _Open, flags: FrameFlag) -> Frame:
        payload = entry.request.encode()
        return Frame(FrameKind.REQ, FrameFlag.ACK_WANTED | flags, entry.seq, payload=payload)
