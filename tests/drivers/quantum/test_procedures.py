# SPDX-License-Identifier: MIT
"""A technician's orders, request by request, with boards that answer well and badly."""

import zlib
from collections.abc import Callable

import pytest

from drivers.base import LineMeasured, OrderDone, OrderFailed, Ticket
from drivers.qhi.layout import MessageError
from drivers.qhi.measures import LineResult, TestEnd
from drivers.qhi.messages import EventMessage, Request
from drivers.qhi.numbers import Status
from drivers.qhi.pages import FactoryPage, PageWrite
from drivers.qhi.service import TestFlag
from drivers.quantum import procedures
from drivers.quantum.pending import Pending, status_name
from drivers.quantum.procedures import Procedure, WrongAnswerError
from drivers.service import (
    BoardTime,
    Counters,
    LineTest,
    OrderResult,
    PageContent,
    PageStates,
    RingerLoad,
    SelfTestDone,
)

PAGE = FactoryPage("Q12", "1", 0x100).encode()
BELLS = LineResult(LineTest.RINGER, RingerLoad(1.0, 20.0, 20.0), TestFlag.UNCALIBRATED)


def ran(procedure: Procedure, board: Callable[[Request], bytes]) -> OrderResult | None:
    """Run a procedure against a board that is a function."""
    request = next(procedure)
    while True:
        try:
            request = procedure.send(board(request))
        except StopIteration as done:
            result: OrderResult | None = done.value
            return result


def test_a_page_is_read_in_two_pieces() -> None:
    def board(request: Request) -> bytes:
        page, offset, count = request.arguments
        assert (request.class_, request.verb, page) == (1, 0, 2)
        return PAGE[offset : offset + count]

    assert ran(procedures.read_page(2), board) == PageContent(2, PAGE)


def test_a_page_is_written_in_two_pieces_with_its_crc_last() -> None:
    held = bytearray(256)

    def board(request: Request) -> bytes:
        write = PageWrite.decode(request.arguments)
        held[write.offset : write.offset + len(write.piece)] = write.piece
        return zlib.crc32(write.piece).to_bytes(4, "little")

    assert ran(procedures.write_page(1, PAGE), board) is None
    assert held == PAGE


def test_a_page_that_reads_back_otherwise_is_not_written() -> None:
    with pytest.raises(WrongAnswerError, match="reads back otherwise"):
        ran(procedures.write_page(1, PAGE), lambda request: bytes(4))


@pytest.mark.parametrize(
    ("results", "states"),
    [
        ("01 0001 0100", PageStates(1, frozenset({0}), None)),
        ("04 0001 0300 0d00", PageStates(4, frozenset({0, 1}), frozenset({0, 2, 3}))),
    ],
)
def test_pages_are_told_as_sets(results: str, states: PageStates) -> None:
    assert ran(procedures.page_states(), lambda request: bytes.fromhex(results)) == states


def test_failures_are_told_in_words_also_those_of_the_maker() -> None:
    found = ran(procedures.self_test(), lambda request: (1 << 1 | 1 << 20).to_bytes(4, "little"))
    assert found == SelfTestDone(("eeprom", "test 20"))


def test_counters_are_told_by_name_and_the_makers_by_number() -> None:
    results = bytes([13, 2]) + bytes.fromhex("05000000 07000000")
    found = ran(procedures.counters(), lambda request: results)
    assert found == Counters((("pcm_late", 5), ("counter 14", 7)))


def test_time_is_told_in_ticks_and_microseconds() -> None:
    results = bytes.fromhex("10000000 d007000000000000")
    assert ran(procedures.time(), lambda request: results) == BoardTime(16, 2000)


ASKING: list[Callable[[], Procedure]] = [
    lambda: procedures.read_page(0),
    lambda: procedures.write_page(1, PAGE),
    procedures.page_states,
    lambda: procedures.begin_firmware(100, bytes(32)),
    lambda: procedures.write_firmware(0, b"x"),
    procedures.verify_firmware,
    procedures.boot_info,
    procedures.self_test,
    procedures.meter,
    procedures.counters,
    procedures.time,
    lambda: procedures.adjust_clock(1.0),
    lambda: procedures.bit_errors(0),
    lambda: procedures.read_line(0),
    lambda: procedures.inject_fault("leak", None),
]


@pytest.mark.parametrize("asking", ASKING)
def test_an_answer_that_is_cut_short_makes_no_sense(asking: Callable[[], Procedure]) -> None:
    with pytest.raises(MessageError):
        ran(asking(), lambda request: b"\1")


# Until they end


def test_a_procedure_ends_in_its_result() -> None:
    pending = Pending()
    ticket = Ticket(5)
    first = pending.begin(ticket, procedures.read_page(0), -1, "read page")
    assert first.verb == 0
    second = pending.answered(ticket, PAGE[:128], 1.0)
    assert isinstance(second, Request)
    done = pending.answered(ticket, PAGE[128:], 2.0)
    assert done == OrderDone(2.0, -1, ticket, "read page", PageContent(0, PAGE))
    assert not pending.owns(ticket)


@pytest.mark.parametrize(
    ("procedure", "status"),
    [
        (procedures.read_page(0), "answer makes no sense"),
        (procedures.write_page(1, PAGE), "it reads back otherwise"),
    ],
)
def test_a_wrong_answer_is_a_failed_order(procedure: Procedure, status: str) -> None:
    pending = Pending()
    pending.begin(Ticket(5), procedure, -1, "order")
    results = b"1234"
    failed = OrderFailed(1.0, -1, Ticket(5), "order", status)
    assert pending.answered(Ticket(5), results, 1.0) == failed
    assert pending.failed(Ticket(5), "no answer", 1.0) == []


def event(end: TestEnd) -> tuple[EventMessage, TestEnd]:
    return EventMessage(7, 1, 4, arguments=end.encode()), end


def test_a_line_test_ends_in_its_measurement_once() -> None:
    pending = Pending()
    pending.measure(Ticket(6), 4)
    message, end = event(TestEnd(1, 1, Status.OK, BELLS))
    found = LineMeasured(1.0, 4, Ticket(6), LineTest.RINGER, BELLS.measurement, calibrated=False)
    assert pending.measured(Ticket(6), message, end, 1.0) == [found]
    assert pending.measured(Ticket(6), message, end, 1.0) == []
    assert pending.measured(None, message, end, 1.0) == []


@pytest.mark.parametrize(
    ("status", "said"),
    [(Status.LINE_HAZARD, "line hazard"), (Status.BAD_STATE, "cut short"), (200, "status 200")],
)
def test_a_line_test_that_measured_nothing_is_a_failed_order(status: int, said: str) -> None:
    pending = Pending()
    pending.measure(Ticket(6), 4)
    message, end = event(TestEnd(1, 1, status))
    assert pending.measured(Ticket(6), message, end, 1.0) == [
        OrderFailed(1.0, 4, Ticket(6), "measure", said)
    ]


def test_a_lost_board_ends_every_line_test() -> None:
    pending = Pending()
    pending.measure(Ticket(6), 4)
    pending.measure(Ticket(7), 5)
    assert [e.port for e in pending.lost("no answer", 1.0) if isinstance(e, OrderFailed)] == [4, 5]
    assert pending.lost("no answer", 1.0) == []


def test_a_status_has_a_name() -> None:
    assert status_name(Status.NOT_CALIBRATED) == "not calibrated"
    assert status_name(99) == "status 99"
