# SPDX-License-Identifier: MIT
"""A technician's orders that have not ended yet: procedures on their way, lines being measured.

It makes events of what the board answers.  Each order ends once, whatever happens to the link.
"""

from dataclasses import dataclass
from typing import Final

from drivers.base import BoardEvent, LineMeasured, OrderDone, OrderFailed, Ticket
from drivers.qhi.layout import MessageError
from drivers.qhi.measures import TestEnd
from drivers.qhi.messages import EventMessage, Request
from drivers.qhi.numbers import Status
from drivers.qhi.service import TestFlag
from drivers.quantum.procedures import Procedure, WrongAnswerError

__all__ = ["Pending", "status_name"]

CUT_SHORT: Final = "cut short"
NONSENSE: Final = "answer makes no sense"


def status_name(status: int) -> str:
    """Return what people call a status."""
    known = status in set(Status)
    return Status(status).name.lower().replace("_", " ") if known else f"status {status}"


@dataclass(frozen=True, slots=True)
class _Order:
    procedure: Procedure
    port: int
    name: str


class Pending:
    """The open orders of one board."""

    def __init__(self) -> None:
        self._orders: dict[Ticket, _Order] = {}
        self._measuring: dict[Ticket, int] = {}

    def begin(self, ticket: Ticket, procedure: Procedure, port: int, name: str) -> Request:
        """Begin a procedure; return its first request."""
        request = next(procedure)
        self._orders[ticket] = _Order(procedure, port, name)
        return request

    def measure(self, ticket: Ticket, port: int) -> None:
        """Note that a line test was ordered."""
        self._measuring[ticket] = port

    def owns(self, ticket: Ticket) -> bool:
        """Whether an order is a procedure on its way."""
        return ticket in self._orders

    def answered(self, ticket: Ticket, results: bytes, now: float) -> Request | BoardEvent:
        """Take the results of a procedure's request; return the next one, or the end."""
        order = self._orders[ticket]
        try:
            return order.procedure.send(results)
        except StopIteration as done:
            del self._orders[ticket]
            return OrderDone(now, order.port, ticket, order.name, done.value)
        except MessageError:
            return self._fail(ticket, order, NONSENSE, now)
        except WrongAnswerError as error:
            return self._fail(ticket, order, str(error), now)

    def failed(self, ticket: Ticket, status: str, now: float) -> list[BoardEvent]:
        """Take a refusal or the lack of an answer; empty: the order isn't one of these."""
        order = self._orders.get(ticket)
        if order is not None:
            return [self._fail(ticket, order, status, now)]
        port = self._measuring.pop(ticket, None)
        return [] if port is None else [OrderFailed(now, port, ticket, "measure", status)]

    def measured(
        self, ticket: Ticket | None, message: EventMessage, end: TestEnd, now: float
    ) -> list[BoardEvent]:
        """Take the end of a line test."""
        if ticket is None or self._measuring.pop(ticket, None) is None:
            return []
        result = end.result
        if result is None:
            status = CUT_SHORT if end.status == Status.BAD_STATE else status_name(end.status)
            return [OrderFailed(now, message.port, ticket, "measure", status)]
        calibrated = not result.flags & TestFlag.UNCALIBRATED
        found = (ticket, result.test, result.measurement, calibrated)
        return [LineMeasured(now, message.port, *found)]

    def lost(self, status: str, now: float) -> list[BoardEvent]:
        """End every line test: its event won't come any more."""
        open_tests = list(self._measuring)
        return [event for ticket in open_tests for event in self.failed(ticket, status, now)]

    def _fail(self, ticket: Ticket, order: _Order, status: str, now: float) -> OrderFailed:
        del self._orders[ticket]
        return OrderFailed(now, order.port, ticket, order.name, status)
