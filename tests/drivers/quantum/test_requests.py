# SPDX-License-Identifier: MIT
"""The window of unanswered requests."""

from drivers.base import Ticket
from drivers.qhi.frame import Frame
from drivers.qhi.messages import Request
from drivers.qhi.numbers import Status
from drivers.quantum.requests import RECENT, SPAN, Answered, RequestWindow


class Sent(list[Frame]):
    """Frames, and the requests in them."""

    def requests(self) -> list[Request]:
        return [Request.decode(frame.payload) for frame in self]


def on_port(port: int) -> Request:
    return Request(3, 0, port)


def answer(window: RequestWindow, frame: Frame) -> list[Answered]:
    request = Request.decode(frame.payload)
    return window.answer(frame.seq, request.answer(Status.OK), 0.0)


def test_nothing_goes_out_too_far_beyond_the_oldest_open_request() -> None:
    sent = Sent()
    window = RequestWindow(sent.append, 8)
    for number in range(40):
        window.submit(Ticket(number), on_port(0 if number == 0 else 1 + number % 5), 0.0)
    for _ in range(40):
        for frame in sent[1:]:
            answer(window, frame)
    assert [frame.seq for frame in sent] == list(range(1, SPAN + 1))
    answer(window, sent[0])
    assert len(sent) > SPAN


def test_an_answer_with_another_tag_is_none_of_ours() -> None:
    sent = Sent()
    window = RequestWindow(sent.append, 8)
    window.submit(Ticket(1), on_port(0), 0.0)
    (request,) = sent.requests()
    stranger = request.tagged(request.tag ^ 1).answer(Status.OK)
    assert window.answer(sent[0].seq, stranger, 0.0) == []
    assert len(answer(window, sent[0])) == 1
    assert answer(window, sent[0]) == [], "and each answer counts once"


def test_tickets_of_recent_requests_are_known_and_old_ones_forgotten() -> None:
    sent = Sent()
    window = RequestWindow(sent.append, 8)
    for number in range(RECENT + 10):
        window.submit(Ticket(number), on_port(0), 0.0)
        answer(window, sent[-1])
    last = sent.requests()[-1]
    assert window.sent(sent[-1].seq, last.tag) == RECENT + 9
    assert window.sent(sent[0].seq, sent.requests()[0].tag) is None


def test_an_abandoned_window_ends_open_and_waiting_requests() -> None:
    window = RequestWindow(lambda frame: None, 2)
    for number in range(5):
        window.submit(Ticket(number), on_port(number), 0.0)
    assert [entry.ticket for entry in window.abandon()] == [0, 1, 2, 3, 4]
    assert window.abandon() == []
    assert window.deadline is None
