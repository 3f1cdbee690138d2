# SPDX-License-Identifier: MIT
"""A technician's order and its answer as one call, for tools that wait.

``ask(session, board.meter, BoardMeter)`` orders and waits for what comes back.  Other events of
ports pass by meanwhile; it isn't for boards with calls.
"""

from collections.abc import Callable
from typing import Final, TypeVar

from drivers.base import BoardUp, OrderDone, OrderFailed, PortEvent, Ticket
from drivers.diagnostics.session import Session
from drivers.errors import BoardOperationError, BoardTimeoutError
from drivers.service import OrderResult

__all__ = ["ask", "await_return", "perform"]

ANSWER_S: Final = 5.0
"""An order is several requests, each repeated within 750 ms (docs/reference/qhi.md)."""
BUSY_S: Final = 0.05
"""A board that is busy is asked again after so long (there as well)."""
RETURN_S: Final = 30.0
"""A board that was told to restart is back by then, over a serial line too."""

_WHILE_BUSY: Final = frozenset({"busy"})
_WHILE_ASKING: Final = frozenset({"busy", "no answer"})
"""A host that is very busy may miss an answer; a question is asked again."""

R = TypeVar("R")
Order = Callable[[], Ticket]


def perform(
    session: Session,
    order: Order,
    *,
    within_s: float = ANSWER_S,
    again: frozenset[str] = _WHILE_BUSY,
) -> OrderResult | None:
    """Give an order, ``again`` after these failures, and return what it came back with.

    Raises:
        BoardOperationError: the board can't, or refused.
        BoardTimeoutError: it didn't answer.
    """
    until = session.engine.now + within_s
    while True:
        end = _end_of(session, order(), until)
        if isinstance(end, OrderDone):
            return end.result
        if end.status not in again or session.engine.now + BUSY_S >= until:
            where = f" port {end.port}" if end.port >= 0 else ""
            raise BoardOperationError(
                f"{session.board.address}{where}: {end.order} failed: {end.status}"
            )
        session.passes(BUSY_S)


def ask(session: Session, order: Order, kind: type[R], *, within_s: float = ANSWER_S) -> R:
    """Give an order that only asks, and may be repeated, and return its result.

    Raises:
        BoardOperationError: the board can't, or refused, or came back with something else.
        BoardTimeoutError: it didn't answer.
    """
    result = perform(session, order, within_s=within_s, again=_WHILE_ASKING)
    if not isinstance(result, kind):
        raise BoardOperationError(
            f"{session.board.address}: answered {type(result).__name__}, not {kind.__name__}"
        )
    return result


def await_return(session: Session, *, within_s: float = RETURN_S) -> None:
    """Wait until a board that was told to restart is up again.

    Raises:
        BoardTimeoutError: it didn't come back.
    """
    session.expect(BoardUp, within_s=within_s)


def _end_of(session: Session, ticket: Ticket, until: float) -> OrderDone | OrderFailed:
    while True:
        left = until - session.engine.now
        try:
            event = session.expect(PortEvent, within_s=left)
        except BoardTimeoutError as error:
            raise BoardTimeoutError(f"{session.board.address}: no answer to an order") from error
        if isinstance(event, OrderDone | OrderFailed) and event.ticket == ticket:
            return event
