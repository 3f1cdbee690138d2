# SPDX-License-Identifier: MIT
"""A session against a board end, over a wire that loses, doubles and reorders frames."""

import random
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.base import LossReason, Ticket
from drivers.qhi.frame import Frame, FrameFlag, FrameKind
from drivers.qhi.messages import EventMessage, Hello, Request
from drivers.qhi.numbers import MessageClass, PortEventCode, Status
from drivers.quantum.incoming import InOrder
from drivers.quantum.requests import Answered, Unanswered
from drivers.quantum.session import (
    DictionaryCache,
    Ended,
    Greeted,
    Logged,
    Session,
    SessionEvent,
    SessionState,
)
from tests.drivers.board_end import NOP, BoardEnd

STEP_S = 0.01
Wire = Callable[[list[Frame]], list[Frame]]


def good_wire(frames: list[Frame]) -> list[Frame]:
    return frames


class Talk:
    """One session and one board end, and the wire between them."""

    def __init__(
        self, board: BoardEnd | None = None, down: Wire = good_wire, up: Wire = good_wire
    ) -> None:
        self.now = 100.0
        self.board = board or BoardEnd()
        self.wires = (down, up)
        self.sent: list[Frame] = []
        self.down: list[Frame] = []
        self.cache: DictionaryCache = {}
        self.heard: list[SessionEvent] = []
        self.session = Session(7, self._send, self.cache, self.now)

    def _send(self, frame: Frame) -> None:
        self.sent.append(frame)
        self.down.append(frame)

    def step(self) -> None:
        self.now += STEP_S
        down, self.down = self.down, []
        for frame in self.wires[0](down):
            self.board.receive(frame, self.now)
        self.board.expire(self.now)
        up, self.board.out = self.board.out, []
        for frame in self.wires[1](up):
            self.heard += self.session.receive(frame, self.now)
        due = self.session.deadline
        if due is not None and due <= self.now:
            self.heard += self.session.expire(self.now)

    def passes(self, seconds: float) -> None:
        for _ in range(round(seconds / STEP_S)):
            self.step()

    def until_open(self) -> None:
        for _ in range(1000):
            if self.session.state is SessionState.OPEN:
                return
            self.step()
        raise AssertionError(f"not open: {self.heard}")

    def ended(self) -> Ended:
        assert isinstance(self.heard[-1], Ended), self.heard
        return self.heard[-1]

    def delivered(self) -> list[int]:
        return [event.message.tick for event in self.heard if isinstance(event, InOrder)]


def bad_wire(seed: int, loss: float = 0.2) -> Wire:
    """Lose, double, delay (and so reorder) frames."""
    rng = random.Random(seed)
    late: list[Frame] = []

    def wire(frames: list[Frame]) -> list[Frame]:
        coming = [*late, *frames]
        late.clear()
        out = []
        for frame in coming:
            fate = rng.random()
            if fate < loss:
                continue
            if fate < loss + 0.1:
                late.append(frame)
            else:
                out.append(frame)
                if fate > 0.9:
                    out.append(frame)
        if rng.random() < 0.2:
            rng.shuffle(out)
        return out

    return wire


def flash(number: int) -> EventMessage:
    return EventMessage(MessageClass.PORT, PortEventCode.FLASH, 2, 0, number, b"\xf4\1")


def test_a_board_is_greeted_and_its_dictionary_read() -> None:
    talk = Talk()
    talk.until_open()
    greeted = talk.heard[-1]
    assert isinstance(greeted, Greeted)
    assert greeted.hello.serial == "QX-000017"
    assert greeted.dictionary.model == "Q6"
    assert talk.board.session == 7


def test_a_known_dictionary_is_not_read_again() -> None:
    first = Talk()
    first.until_open()
    again = Talk()
    again.cache.update(first.cache)
    again.until_open()
    assert (first.board.reads, again.board.reads) == (1, 0)


def test_a_long_dictionary_comes_in_pieces() -> None:
    talk = Talk()
    noise = random.Random(1).randbytes(3000).hex()
    text = f'{{"model": "x", "noise": "{noise}", "ports": []}}'
    talk.board.dictionary = zlib.compress(text.encode())
    talk.board.ports = 0
    talk.passes(1.0)
    assert talk.board.reads > 2
    assert talk.ended().reason is LossReason.GARBAGE, "a board without ports is none"


def test_a_silent_board_is_given_up_after_three_seconds() -> None:
    talk = Talk(BoardEnd(deaf=True))
    talk.passes(2.9)
    assert talk.heard == []
    talk.passes(0.2)
    assert talk.ended().reason is LossReason.NEVER_ANSWERED
    assert len([frame for frame in talk.sent if frame.kind == FrameKind.HELLO]) == 12


@pytest.mark.parametrize("length", [0, 1 << 20])
def test_a_dictionary_of_senseless_length_ends_the_session(length: int) -> None:
    talk = Talk(BoardEnd(dictionary=bytes(length)))
    talk.passes(0.1)
    assert talk.ended().reason is LossReason.GARBAGE


def test_a_damaged_dictionary_ends_the_session() -> None:
    talk = Talk(BoardEnd(dictionary=b"no zlib"))
    talk.passes(0.1)
    assert talk.ended().reason is LossReason.GARBAGE


def test_a_dictionary_that_is_not_the_one_of_hello_ends_the_session() -> None:
    talk = Talk()
    talk.step()
    talk.board.dictionary = talk.board.dictionary[:-1] + b"?"
    talk.passes(0.1)
    assert talk.ended() == Ended(LossReason.GARBAGE, "dictionary is not the one of HELLO")


def test_a_late_answer_to_another_greeting_is_skipped() -> None:
    talk = Talk()
    talk.until_open()
    late = Hello(session=6)
    assert talk.session.receive(Frame(FrameKind.HELLO, payload=late.encode()), talk.now) == []
    assert talk.session.state is SessionState.OPEN


def test_a_board_of_another_major_version_is_refused() -> None:
    talk = Talk(BoardEnd(deaf=True))
    hello = Hello(session=7, major=2)
    talk.heard += talk.session.receive(Frame(FrameKind.HELLO, payload=hello.encode()), talk.now)
    assert talk.ended() == Ended(LossReason.REFUSED, "it speaks QHI 2.1")


def test_a_request_is_answered() -> None:
    talk = Talk()
    talk.until_open()
    talk.session.request(Ticket(1), NOP, talk.now)
    talk.passes(0.05)
    answer = talk.heard[-1]
    assert isinstance(answer, Answered)
    assert (answer.ticket, answer.response.status) == (Ticket(1), Status.OK)


def test_an_unanswered_request_is_tried_three_times() -> None:
    talk = Talk()
    talk.until_open()
    talk.board.deaf = True
    talk.sent.clear()
    talk.session.request(Ticket(1), NOP, talk.now)
    talk.passes(0.74)
    assert not any(isinstance(event, Unanswered) for event in talk.heard)
    talk.passes(0.02)
    assert talk.heard[-1] == Unanswered(Ticket(1), NOP.tagged(1))
    tries = [frame for frame in talk.sent if frame.kind == FrameKind.REQ]
    assert [frame.flags & FrameFlag.RETRANSMIT for frame in tries] == [0, 4, 4]
    assert len({(frame.seq, frame.payload) for frame in tries}) == 1


def test_at_most_eight_requests_are_open_and_one_per_port() -> None:
    talk = Talk()
    talk.until_open()
    talk.board.deaf = True
    talk.sent.clear()
    for number in range(30):
        request = Request(MessageClass.PORT, 0, number % 10)
        talk.session.request(Ticket(number), request, talk.now)
    ports = [frame.payload[2] for frame in talk.sent]
    assert ports == list(range(8))


def test_requests_for_one_port_keep_their_order() -> None:
    talk = Talk(down=bad_wire(3), up=bad_wire(4))
    talk.until_open()
    for verb in range(20):
        talk.session.request(Ticket(verb), Request(MessageClass.PORT, verb, 1), talk.now)
    talk.passes(20)
    verbs = [request.verb for request in talk.board.performed]
    assert verbs == sorted(set(verbs)), "each performed once, in order"


def test_events_are_acknowledged_at_once_while_no_samples_flow() -> None:
    talk = Talk()
    talk.until_open()
    talk.board.happens(flash(1), talk.now)
    talk.passes(0.03)
    assert talk.board.unacknowledged == 0
    assert talk.delivered() == [1]


def test_events_of_the_greeting_are_delivered_too() -> None:
    talk = Talk()
    talk.passes(0.01)
    talk.board.happens(flash(1), talk.now)
    talk.until_open()
    talk.passes(0.3)
    assert talk.delivered() == [1]


def test_a_late_event_is_marked() -> None:
    lost = [True]

    def wire(frames: list[Frame]) -> list[Frame]:
        if lost[0] and any(frame.kind == FrameKind.EVT for frame in frames):
            lost[0] = False
            return [frame for frame in frames if frame.kind != FrameKind.EVT]
        return frames

    talk = Talk(up=wire)
    talk.until_open()
    talk.board.happens(flash(1), talk.now)
    talk.passes(0.02)
    talk.board.happens(flash(2), talk.now)
    talk.passes(0.3)
    talk.board.happens(flash(3), talk.now)
    talk.passes(0.02)
    late = [(event.message.tick, event.late) for event in talk.heard if isinstance(event, InOrder)]
    assert late == [(1, True), (2, True), (3, False)]


def test_a_reboot_ends_the_session_and_its_requests() -> None:
    talk = Talk()
    talk.until_open()
    talk.board.deaf = True
    talk.session.request(Ticket(1), NOP, talk.now)
    talk.session.request(Ticket(2), NOP, talk.now)
    talk.board.boot(reason=3)
    talk.passes(0.02)
    assert [type(event) for event in talk.heard[-3:]] == [Unanswered, Unanswered, Ended]
    assert talk.ended() == Ended(LossReason.REBOOTED, "boot reason: watchdog")


def test_a_quiet_board_is_pinged_and_stays() -> None:
    talk = Talk()
    talk.until_open()
    talk.passes(30)
    assert talk.session.state is SessionState.OPEN
    pings = [frame for frame in talk.sent if frame.kind == FrameKind.PING]
    assert 25 <= len(pings) <= 30


def test_a_board_that_falls_silent_has_stalled() -> None:
    talk = Talk()
    talk.until_open()
    talk.board.deaf = True
    talk.passes(3.1)
    assert talk.ended().reason is LossReason.STALLED


def test_a_ping_is_answered_with_its_own_payload() -> None:
    talk = Talk()
    talk.until_open()
    talk.session.receive(Frame(FrameKind.PING, FrameFlag.ACK_WANTED, 9, payload=b"?"), talk.now)
    assert talk.sent[-1] == Frame(FrameKind.PING, 0, 9, payload=b"?")


def test_a_line_for_people_is_passed_on() -> None:
    talk = Talk()
    talk.until_open()
    logged = talk.session.receive(Frame(FrameKind.LOG, payload=b"\2\0warm"), talk.now)
    assert isinstance(logged[0], Logged)
    assert logged[0].log.text == "warm"


def pour(talk: Talk, rng: random.Random, events: int, requests: int) -> list[int]:
    """Let so many events happen and make so many requests; return the events that did."""
    due = [("event", n) for n in range(events)] + [("request", n) for n in range(requests)]
    rng.shuffle(due)
    happened = []
    for kind, number in due:
        if talk.session.state is not SessionState.OPEN:
            break
        if kind == "event":
            happened.append(number)
            talk.board.happens(flash(number), talk.now)
        else:
            request = Request(MessageClass.PORT, number % 12, number % 6)
            talk.session.request(Ticket(number), request, talk.now)
        talk.passes(rng.choice([0, 0.01, 0.05]))
    return happened


@given(st.integers(0, 2**32), st.integers(1, 40), st.integers(1, 40))
def test_on_a_bad_wire_every_event_comes_once_and_every_request_ends_once(
    seed: int, events: int, requests: int
) -> None:
    talk = Talk()
    talk.until_open()
    talk.wires = (bad_wire(seed), bad_wire(seed + 1))
    happened = pour(talk, random.Random(seed), events, requests)
    talk.wires = (good_wire, good_wire)
    talk.passes(15)
    assert talk.session.state is SessionState.OPEN
    assert talk.delivered() == happened
    assert talk.board.unacknowledged == 0
    ended = [event.ticket for event in talk.heard if isinstance(event, Answered | Unanswered)]
    assert sorted(ended) == list(range(requests))
    performed = [(request.tag, request.verb, request.port) for request in talk.board.performed]
    assert len(performed) == len(set(performed)), "none performed twice"


@given(st.integers(0, 2**32))
def test_on_a_bad_wire_a_session_opens_or_ends(seed: int) -> None:
    talk = Talk(down=bad_wire(seed), up=bad_wire(seed + 1))
    talk.passes(5)
    assert talk.session.state in {SessionState.OPEN, SessionState.ENDED}


@given(
    st.lists(
        st.tuples(
            st.integers(0, 15), st.integers(0, 255), st.integers(0, 70), st.binary(max_size=80)
        ),
        max_size=60,
    ),
    st.booleans(),
)
def test_hostile_frames_never_raise(
    frames: list[tuple[int, int, int, bytes]], greeted: bool
) -> None:
    talk = Talk()
    if greeted:
        talk.until_open()
        talk.session.request(Ticket(1), NOP, talk.now)
    for kind, flags, seq, payload in frames:
        talk.now += 0.1
        talk.session.receive(Frame(kind, flags, seq, payload=payload), talk.now)
        talk.session.expire(talk.now)


def test_sequence_numbers_wrap() -> None:
    talk = Talk()
    talk.until_open()
    for number in range(66_000):
        talk.board.happens(flash(number), talk.now)
        for frame in talk.board.out:
            talk.heard += talk.session.receive(frame, talk.now)
        talk.board.out.clear()
        talk.board.acknowledge(talk.session.acknowledged)
    assert talk.delivered() == list(range(66_000))
