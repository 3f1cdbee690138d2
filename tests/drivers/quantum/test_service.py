# SPDX-License-Identifier: MIT
"""A technician's orders through the Quantum driver, to boards of both minor versions."""

from collections.abc import Callable, Iterator

import pytest

from drivers.base import BoardLost, LineMeasured, OrderDone, OrderFailed, Ticket
from drivers.errors import BoardOperationError
from drivers.qhi.arguments import TIME, WORD
from drivers.qhi.dictionary import encode_dictionary
from drivers.qhi.measures import LineResult, TestEnd
from drivers.qhi.messages import EventMessage, Request
from drivers.qhi.numbers import (
    BOARD_PORT,
    Feature,
    IdVerb,
    MessageClass,
    Status,
    SysEvent,
    SysVerb,
)
from drivers.qhi.service import TestEvent, TestVerb
from drivers.quantum.board import QuantumBoard
from drivers.service import (
    Ability,
    BoardTime,
    LineTest,
    PageStates,
    RingerLoad,
)
from tests.drivers.board_end import DICTIONARY, PORTS
from tests.drivers.quantum.test_board import PHONE, Bench

MEASURE = (MessageClass.TEST, TestVerb.START)
TESTABLE = {
    "model": "Q6",
    "ports": [{**port, "capabilities": [*port["capabilities"], "line_test"]} for port in PORTS],
}
TIME_RESULTS = TIME.pack(16, 2000)


def up_with(features: Feature, minor: int = 1, dictionary: bytes = DICTIONARY) -> Iterator[Bench]:
    bench = Bench()
    bench.end.dictionary = dictionary
    bench.end.features = features
    bench.end.minor = minor
    bench.end.results[MessageClass.SYS, SysVerb.TIME] = TIME_RESULTS
    bench.until_up()
    bench.heard.clear()
    bench.end.performed.clear()
    yield bench
    bench.close()


@pytest.fixture
def old() -> Iterator[Bench]:
    yield from up_with(Feature.IDENTIFY | Feature.SELFTEST, minor=0)


@pytest.fixture
def tested() -> Iterator[Bench]:
    """A board whose lines can be tested."""
    yield from up_with(Feature.LINE_TEST, dictionary=encode_dictionary(TESTABLE))


def measured(bench: Bench, ticket: Ticket) -> EventMessage:
    """Return the event that ends the newest order."""
    bench.passes(0.05)
    request = bench.end.performed[-1]
    assert (request.class_, request.verb) == MEASURE
    result = LineResult(LineTest.RINGER, RingerLoad(1.0, 20.0, 20.0))
    end = TestEnd(request.tag, request.tag, Status.OK, result)
    return EventMessage(MessageClass.TEST, TestEvent.RESULT, PHONE, arguments=end.encode())


def test_a_board_of_1_0_does_what_1_0_can(old: Bench) -> None:
    assert old.board.info
    assert old.board.info.protocol == "QHI 1.0"
    known = Ability.READ_PAGES | Ability.COUNTERS | Ability.TIME | Ability.RESET
    assert old.board.info.abilities == known | Ability.SELF_TEST
    ticket = old.board.time()
    old.passes(0.1)
    assert old.of(OrderDone) == [
        OrderDone(old.of(OrderDone)[0].at, -1, ticket, "time", BoardTime(16, 2000))
    ]


@pytest.mark.parametrize(
    "order",
    [
        QuantumBoard.meter,
        QuantumBoard.boot_info,
        lambda board: board.write_page(1, bytes(256)),
        lambda board: board.measure(PHONE, LineTest.VOLTS),
        lambda board: board.inject_fault("stuck"),
    ],
)
def test_a_board_of_1_0_is_asked_for_nothing_newer(
    old: Bench, order: Callable[[QuantumBoard], Ticket]
) -> None:
    with pytest.raises(BoardOperationError):
        order(old.board)
    old.passes(0.1)
    assert old.end.performed == []


def test_the_shorter_table_of_pages_of_1_0_is_understood(old: Bench) -> None:
    old.end.results[MessageClass.ID, IdVerb.INFO] = bytes.fromhex("01 0001 0100")
    old.board.page_states()
    old.passes(0.1)
    assert old.of(OrderDone)[0].result == PageStates(1, frozenset({0}), None)


def test_an_answer_that_makes_no_sense_is_a_failed_order(old: Bench) -> None:
    old.end.results[MessageClass.SYS, SysVerb.TIME] = b"?"
    ticket = old.board.time()
    old.passes(0.1)
    assert [(e.ticket, e.status) for e in old.of(OrderFailed)] == [
        (ticket, "answer makes no sense")
    ]


def test_a_refused_order_fails_with_its_status(old: Bench) -> None:
    old.end.refuses[MessageClass.SYS, SysVerb.SELFTEST] = Status.HW_FAULT
    old.board.self_test()
    old.passes(0.1)
    assert [(e.order, e.status) for e in old.of(OrderFailed)] == [("self-test", "hw fault")]


def test_a_measurement_comes_with_the_ticket_of_its_order(tested: Bench) -> None:
    ticket = tested.board.measure(PHONE, LineTest.RINGER)
    event = measured(tested, ticket)
    assert tested.of(OrderDone) == []
    tested.end.happens(event, tested.engine.now)
    tested.passes(0.05)
    (found,) = tested.of(LineMeasured)
    assert (found.ticket, found.port, found.calibrated) == (ticket, PHONE, True)


def test_a_measurement_that_nobody_ordered_is_nothing(tested: Bench) -> None:
    tested.board.identify()
    tested.passes(0.05)
    result = LineResult(LineTest.RINGER, RingerLoad(1.0, 20.0, 20.0))
    end = TestEnd(1, 1, Status.OK, result).encode()
    tested.end.happens(EventMessage(7, 1, PHONE, arguments=end), tested.engine.now)
    tested.end.happens(EventMessage(7, 99, PHONE), tested.engine.now)
    tested.end.happens(EventMessage(7, 1, PHONE, arguments=b"?"), tested.engine.now)
    tested.passes(0.1)
    assert tested.heard == []


def test_a_measurement_whose_event_was_lost_is_a_failed_order(tested: Bench) -> None:
    ticket = tested.board.measure(PHONE, LineTest.RINGER)
    tested.passes(0.05)
    lost = EventMessage(MessageClass.SYS, SysEvent.EVENTS_LOST, BOARD_PORT)
    tested.end.happens(EventMessage(*_what(lost), arguments=WORD.pack(3)), tested.engine.now)
    tested.passes(0.05)
    assert [(e.ticket, e.status) for e in tested.of(OrderFailed)] == [
        (ticket, "its event was lost")
    ]


def _what(message: EventMessage) -> tuple[int, int, int]:
    return message.class_, message.event, message.port


def test_every_open_order_ends_before_its_board_is_lost(tested: Bench) -> None:
    measuring = tested.board.measure(PHONE, LineTest.RINGER)
    tested.passes(0.05)
    tested.end.deaf = True
    asking = tested.board.time()
    tested.passes(0.02)
    tested.unplug()
    tested.passes(0.1)
    ended = {e.ticket for e in tested.of(OrderFailed)}
    assert ended == {measuring, asking}
    assert isinstance(tested.heard[-1], BoardLost)


def test_orders_of_several_requests_make_them_one_after_another(old: Bench) -> None:
    old.end.results[MessageClass.ID, IdVerb.READ] = bytes(128)
    old.board.read_page(0)
    old.passes(0.1)
    asked: list[Request] = old.end.performed
    assert [request.arguments for request in asked] == [bytes([0, 0, 128]), bytes([0, 128, 128])]
    assert len(old.of(OrderDone)) == 1
