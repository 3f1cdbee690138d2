# SPDX-License-Identifier: MIT
"""Events come out in order, each once, and no stranger can fill the memory."""

from drivers.qhi.messages import EventMessage
from drivers.quantum.incoming import RING, EventOrder


def event(number: int) -> EventMessage:
    return EventMessage(3, 3, 0, 0, number)


def received(order: EventOrder, seq: int, *, repeated: bool = False) -> list[tuple[int, bool]]:
    delivered = order.receive(seq, event(seq), repeated=repeated)
    return [(one.message.tick, one.late) for one in delivered]


def test_what_came_early_follows_at_once() -> None:
    order = EventOrder()
    assert received(order, 2) == []
    assert received(order, 3) == []
    assert order.acknowledged == 0
    assert received(order, 1, repeated=True) == [(1, True), (2, True), (3, True)]
    assert order.acknowledged == 3


def test_what_was_delivered_is_not_delivered_again() -> None:
    order = EventOrder()
    assert received(order, 1) == [(1, False)]
    assert received(order, 1, repeated=True) == []
    assert order.acknowledged == 1


def test_what_is_further_ahead_than_a_board_keeps_is_dropped() -> None:
    order = EventOrder()
    for seq in range(2, 60_000):
        order.receive(seq, event(seq), repeated=False)
    assert [seq for seq, _ in received(order, 1)] == list(range(1, RING + 1))


def test_numbers_wrap() -> None:
    order = EventOrder()
    order.acknowledged = 65_534
    assert received(order, 0) == []
    assert [seq for seq, _ in received(order, 65_535)] == [65_535, 0]
    assert received(order, 1) == [(1, False)]
