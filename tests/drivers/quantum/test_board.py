# SPDX-License-Identifier: MIT
"""The Quantum driver on a manual engine, with a board end on the other side of a socket pair."""

import itertools
import os
import socket
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest

from drivers.base import (
    AlarmRaised,
    BatteryChanged,
    BoardEvent,
    BoardLost,
    BoardState,
    BoardUp,
    Capability,
    Flashed,
    HookChanged,
    Linefeed,
    LossReason,
    OrderFailed,
    PolarityChanged,
    PortKind,
    PulseDigit,
    PulsesSent,
    RingCadence,
    RingingChanged,
)
from drivers.errors import BoardOperationError, NotAvailableError
from drivers.links.in_process import InProcessLink
from drivers.qhi.arguments import BATTERY, BYTE, PULSES_SENT, STATE, WORD
from drivers.qhi.frame import Deframer, Frame, FrameKind, encode
from drivers.qhi.messages import EventMessage
from drivers.qhi.numbers import (
    ClockEvent,
    ClockVerb,
    LineBits,
    MessageClass,
    PcmFormat,
    PortEventCode,
    PortVerb,
    Status,
    SysEvent,
    SysVerb,
)
from drivers.qhi.pcm import PcmUp
from drivers.quantum.board import QuantumBoard
from dsp.engine import Engine
from dsp.events import LinkEvent
from tests.drivers.board_end import BoardEnd

OFFICE, PHONE = 0, 2
FRAME_S = 0.005
T = TypeVar("T", bound=BoardEvent)


class Bench:
    """A driver, an engine, and a board that can be unplugged."""

    def __init__(self) -> None:
        self.engine = Engine(threaded=False)
        self.end = BoardEnd()
        self.plugged = True
        self.socket: socket.socket | None = None
        self.deframer = Deframer()
        self.heard: list[BoardEvent] = []
        self.tries: list[float] = []
        self.off_hook = self.ringing = 0
        self.frozen = False
        self._pcm = 0
        numbers = iter(range(1, 1000))
        self.board = QuantumBoard("quantum+test:", InProcessLink(self.opens), lambda: next(numbers))
        self.board.start(self.engine, self.engine.now)

    def close(self) -> None:
        self.board.stop(self.engine.now)
        self.engine.close()
        self.unplug()

    def opens(self) -> int:
        self.tries.append(self.engine.now)
        if not self.plugged:
            raise ConnectionRefusedError("unplugged")
        near, far = socket.socketpair()
        near.setblocking(False)
        if self.socket:
            self.socket.close()
        self.socket = near
        self.deframer = Deframer()
        return far.detach()

    def unplug(self) -> None:
        self.plugged = False
        if self.socket:
            self.socket.close()
            self.socket = None

    # 5 ms of everything

    def step(self) -> None:
        self._host()
        self._board()
        if not self.end.streaming or self.frozen or not self.socket:
            self.engine.tick()
        self.engine.poll()

    def _host(self) -> None:
        now = self.engine.now
        if self.board.wants_link:
            try:
                self.board.link_opened(self.board.open_link(), now)
            except NotAvailableError as error:
                self.heard += self.board.link_failed(str(error), now)
        for event in self.engine.events():
            if isinstance(event, LinkEvent) and self.board.owns_link(event.link):
                self.heard += self.board.receive(event, now)
        if self.board.deadline is not None and self.board.deadline <= now:
            self.heard += self.board.expire(now)

    def _board(self) -> None:
        if not self.socket or self.frozen:
            return
        try:
            data = self.socket.recv(1 << 16)
        except BlockingIOError:
            data = b""
        for frame in self.deframer.feed(data):
            if frame.kind == FrameKind.PCM:
                self.end.acknowledge(frame.ack)
            else:
                self.end.receive(frame, self.engine.now)
        self.end.expire(self.engine.now)
        out, self.end.out = self.end.out, []
        for frame in out:
            self.send(frame)
        if self.end.streaming:
            up = PcmUp(5, PcmFormat.S16, 0, self.off_hook, self.ringing, b"")
            self.send(Frame(FrameKind.PCM, 0, self._pcm % 65536, self._pcm * 40, 8, up.encode()))
            self._pcm += 1

    def send(self, frame: Frame) -> None:
        assert self.socket
        try:
            self.socket.send(encode(frame))
        except BrokenPipeError:
            self.end.streaming = False

    def passes(self, seconds: float) -> None:
        for _ in range(round(seconds / FRAME_S)):
            self.step()

    def until(self, condition: Callable[[], bool], within_s: float = 10.0) -> None:
        for _ in range(round(within_s / FRAME_S)):
            if condition():
                return
            self.step()
        raise AssertionError(f"{self.board.state}: {self.heard}")

    def until_up(self) -> None:
        self.until(lambda: self.board.state is BoardState.UP)

    def happens(self, event: PortEventCode, arguments: bytes = b"", port: int = PHONE) -> None:
        message = EventMessage(MessageClass.PORT, event, port, 0, 0, arguments)
        self.end.happens(message, self.engine.now)
        self.passes(0.02)

    def of(self, kind: type[T]) -> list[T]:
        return [event for event in self.heard if isinstance(event, kind)]


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.close()


@pytest.fixture
def up(bench: Bench) -> Bench:
    bench.until_up()
    bench.heard.clear()
    bench.end.performed.clear()
    return bench


def test_a_board_comes_up_and_says_what_it_is(bench: Bench) -> None:
    bench.until_up()
    (first,) = bench.heard
    assert isinstance(first, BoardUp)
    info = first.info
    assert (info.model, info.serial, info.hardware) == ("Q6", "QX-000017", "1.2")
    assert (info.firmware, info.protocol) == ("1.2.3", "QHI 1.1")
    assert [port.kind for port in info.ports].count(PortKind.FXO) == 2
    assert Capability.PULSE_TX in info.ports[OFFICE].capabilities
    assert info.features["abilities"] == "identify"


def test_its_ports_stand_on_the_bus(up: Bench) -> None:
    slots = [up.board.timeslot(port) for port in range(6)]
    assert up.engine.open_ports() == slots
    with pytest.raises(BoardOperationError, match="no port 6; 0 to 5"):
        up.board.timeslot(6)


def test_a_telephone_found_off_hook_is_reported_after_the_board_is_up(bench: Bench) -> None:
    bench.off_hook = 1 << PHONE
    bench.until(lambda: len(bench.heard) >= 2)
    assert [type(event) for event in bench.heard] == [BoardUp, HookChanged]


def test_hook_is_reported_once_by_whoever_says_it_first(up: Bench) -> None:
    up.off_hook = 1 << PHONE
    up.happens(PortEventCode.HOOK, BYTE.pack(1))
    up.off_hook = 0
    up.passes(0.05)
    up.happens(PortEventCode.HOOK, BYTE.pack(0))
    assert [event.off_hook for event in up.of(HookChanged)] == [True, False]


def test_a_hook_event_that_comes_late_moves_nothing(up: Bench) -> None:
    """Lost: off-hook.  The samples' level healed both changes before its repetition came."""
    message = EventMessage(MessageClass.PORT, PortEventCode.HOOK, PHONE, 0, 0, BYTE.pack(1))
    up.end.happens(message, up.engine.now)
    up.end.out.clear()
    up.off_hook = 1 << PHONE
    up.passes(0.05)
    up.off_hook = 0
    up.passes(1.0)
    assert up.end.unacknowledged == 0
    assert [event.off_hook for event in up.of(HookChanged)] == [True, False]


def test_ringing_heals_by_the_level_too(up: Bench) -> None:
    up.ringing = 1 << OFFICE
    up.passes(0.02)
    up.ringing = 0
    up.passes(0.02)
    assert [(e.port, e.ringing) for e in up.of(RingingChanged)] == [(0, True), (0, False)]


def test_what_happens_on_lines_is_reported(up: Bench) -> None:
    up.happens(PortEventCode.FLASH, WORD.pack(500))
    up.happens(PortEventCode.PULSE_DIGIT, BYTE.pack(ord("7")))
    up.happens(PortEventCode.POLARITY, BYTE.pack(1), OFFICE)
    up.happens(PortEventCode.BATTERY, BATTERY.pack(0, 0, 0), OFFICE)
    up.happens(PortEventCode.BATTERY, BATTERY.pack(1, 0, 640), OFFICE)
    now = up.heard[0].at
    assert [type(event) for event in up.heard] == [
        Flashed,
        PulseDigit,
        PolarityChanged,
        BatteryChanged,
        BatteryChanged,
    ]
    assert up.heard[0] == Flashed(now, PHONE)
    assert up.of(PulseDigit)[0].key == "7"
    assert [(e.present, e.duration_ms) for e in up.of(BatteryChanged)] == [(False, 0), (True, 640)]


def test_a_whole_state_reports_only_what_is_new(up: Bench) -> None:
    bits = LineBits.REVERSED | LineBits.BATTERY
    up.happens(PortEventCode.STATE, STATE.pack(bits, 0), OFFICE)
    up.happens(PortEventCode.STATE, STATE.pack(bits, 0), OFFICE)
    up.happens(PortEventCode.STATE, STATE.pack(LineBits.REVERSED, 0), OFFICE)
    assert [type(event) for event in up.heard] == [PolarityChanged, BatteryChanged]


def test_alarms_are_told_in_words(up: Bench) -> None:
    up.end.happens(EventMessage(0, SysEvent.ALARM, 0xFF, 3, 0, b"\1\1 84 C"), up.engine.now)
    up.end.happens(EventMessage(5, ClockEvent.UNDERRUN, 0xFF, 2, 0, b"\3\0\0\0"), up.engine.now)
    up.end.happens(EventMessage(0, SysEvent.EVENTS_LOST, 0xFF, 2, 0, b"\5\0"), up.engine.now)
    up.happens(PortEventCode.ALARM, b"\2\0")
    told = [(event.port, event.alarm, event.detail) for event in up.of(AlarmRaised)]
    assert told == [
        (-1, "heat", " 84 C"),
        (-1, "underrun", "3 so far"),
        (-1, "events lost", "5 so far"),
        (PHONE, "line hazard", "over"),
    ]


def test_malformed_events_are_dropped(up: Bench) -> None:
    for event in PortEventCode:
        up.happens(event, b"")
        up.happens(event, b"\xff", port=77)
    assert up.heard == []
    assert up.board.state is BoardState.UP


def test_orders_reach_the_board(up: Bench) -> None:
    up.board.ring(PHONE, RingCadence((2000, 4000)))
    up.board.stop_ringing(PHONE)
    up.board.feed(PHONE, Linefeed.ACTIVE_REVERSED)
    up.board.open_loop(PHONE, 800)
    up.board.seize(OFFICE)
    up.board.flash(OFFICE, 600)
    up.board.release(OFFICE)
    up.board.identify()
    up.passes(0.2)
    done = {(r.class_, r.verb, r.port): r.arguments for r in up.end.performed}
    assert done == {
        (3, PortVerb.RING, PHONE): b"\2\xd0\7\xa0\x0f",
        (3, PortVerb.RING_STOP, PHONE): b"",
        (3, PortVerb.LINEFEED, PHONE): b"\5",
        (3, PortVerb.OPEN_LOOP, PHONE): b"\x20\3",
        (3, PortVerb.HOOK, OFFICE): b"\0",
        (3, PortVerb.FLASH, OFFICE): b"\x58\2",
        (0, SysVerb.IDENTIFY, 0xFF): b"\5\0",
    }
    hooks = [r.arguments for r in up.end.performed if r.verb == PortVerb.HOOK and r.class_ == 3]
    assert hooks == [b"\1", b"\0"]
    assert up.of(OrderFailed) == []


def test_pulses_sent_names_its_order(up: Bench) -> None:
    ticket = up.board.pulse(OFFICE, "110")
    up.passes(0.05)
    (request,) = up.end.performed
    seq = request.tag
    up.happens(PortEventCode.PULSES_SENT, PULSES_SENT.pack(seq, request.tag, 0), OFFICE)
    up.happens(PortEventCode.PULSES_SENT, PULSES_SENT.pack(9, 9, 0), OFFICE)
    assert [(event.port, event.ticket) for event in up.of(PulsesSent)] == [(OFFICE, ticket)]


def test_pulses_cut_short_are_a_failed_order(up: Bench) -> None:
    ticket = up.board.pulse(OFFICE, "110")
    up.passes(0.05)
    tag = up.end.performed[0].tag
    up.happens(PortEventCode.PULSES_SENT, PULSES_SENT.pack(tag, tag, 4), OFFICE)
    assert [(e.ticket, e.order, e.status) for e in up.of(OrderFailed)] == [
        (ticket, "pulse", "cut short")
    ]


def test_a_refused_order_comes_back_with_its_ticket(up: Bench) -> None:
    up.end.refuses[(MessageClass.PORT, PortVerb.FLASH)] = Status.BAD_STATE
    ticket = up.board.flash(OFFICE, 300)
    up.passes(0.05)
    (failed,) = up.of(OrderFailed)
    assert (failed.port, failed.ticket, failed.order, failed.status) == (
        OFFICE,
        ticket,
        "flash",
        "bad state",
    )


@pytest.mark.parametrize(
    ("order", "message"),
    [
        (lambda b: b.ring(OFFICE, RingCadence((1000, 1000))), "cannot ring"),
        (lambda b: b.ring(PHONE, RingCadence((1000,))), "2 to 8 times"),
        (lambda b: b.ring(PHONE, RingCadence((1000, 20))), "50 to 10000"),
        (lambda b: b.feed(PHONE, Linefeed.RINGING), "needs a cadence"),
        (lambda b: b.feed(OFFICE, Linefeed.OPEN), "cannot feed open"),
        (lambda b: b.open_loop(PHONE, 49), "50 to 1500"),
        (lambda b: b.seize(PHONE), "cannot seize"),
        (lambda b: b.release(PHONE), "cannot release"),
        (lambda b: b.flash(OFFICE, 89), "90 to 1000"),
        (lambda b: b.flash(PHONE, 300), "cannot flash"),
        (lambda b: b.pulse(OFFICE, "12#"), "digits 0-9"),
        (lambda b: b.pulse(OFFICE, ""), "digits 0-9"),
        (lambda b: b.seize(6), "no port 6"),
        (lambda b: b.seize(-1), "no port -1"),
    ],
)
def test_an_order_that_cannot_succeed_is_refused_at_once(
    up: Bench, order: Callable[[QuantumBoard], object], message: str
) -> None:
    with pytest.raises(BoardOperationError, match=message):
        order(up.board)


def test_an_order_before_the_board_is_up_is_refused(bench: Bench) -> None:
    with pytest.raises(BoardOperationError, match="not up: waiting"):
        bench.board.seize(OFFICE)


# Losing it, and finding it again


def test_a_closed_link_is_a_lost_board_that_comes_back(up: Bench) -> None:
    slots = up.engine.open_ports()
    ticket = up.board.seize(OFFICE)
    up.unplug()
    up.until(lambda: up.board.state is BoardState.WAITING)
    failed, lost = up.heard
    assert isinstance(failed, OrderFailed)
    assert (failed.ticket, failed.status) == (ticket, "no answer")
    assert isinstance(lost, BoardLost)
    assert lost.reason is LossReason.CLOSED
    assert up.engine.open_ports() == []
    up.plugged = True
    up.end.session = 0
    up.end.streaming = False
    up.until_up()
    assert isinstance(up.heard[-1], BoardUp)
    assert not set(slots) & set(up.engine.open_ports()), "old handles are stale"
    assert up.end.reads == 1, "its dictionary was known"


def test_pauses_between_tries_grow_to_five_seconds(bench: Bench) -> None:
    bench.until_up()
    bench.unplug()
    bench.passes(30)
    pauses = [round(b - a, 1) for a, b in itertools.pairwise(bench.tries)]
    assert pauses[1:6] == [0.5, 1.0, 2.0, 4.0, 5.0]
    assert [event.reason for event in bench.of(BoardLost)] == [
        LossReason.CLOSED,
        LossReason.REFUSED,
    ], "the same failure is told once"


def test_a_board_that_falls_silent_has_stalled(up: Bench) -> None:
    up.frozen = True
    up.until(lambda: bool(up.of(BoardLost)), within_s=1.0)
    assert up.of(BoardLost)[0].reason is LossReason.STALLED


def test_a_board_whose_processor_hangs_while_samples_flow_has_stalled(up: Bench) -> None:
    up.end.deaf = True
    up.until(lambda: bool(up.of(BoardLost)), within_s=3.5)
    assert up.of(BoardLost)[0].reason is LossReason.STALLED


def test_garbage_is_a_lost_board(up: Bench) -> None:
    assert up.socket
    up.end.streaming = False
    up.socket.send(os.urandom(80_000).replace(b"\0", b"\1"))
    up.until(lambda: bool(up.of(BoardLost)), within_s=1.0)
    assert up.of(BoardLost)[0].reason is LossReason.GARBAGE


def test_a_reboot_is_told_with_its_reason_and_the_board_comes_back(up: Bench) -> None:
    up.end.boot(reason=3)
    up.until(lambda: up.board.state is not BoardState.UP)
    assert up.of(BoardLost)[0].reason is LossReason.REBOOTED
    assert up.of(BoardLost)[0].detail == "boot reason: watchdog"
    up.until_up()


def test_a_board_that_never_answers_is_told_once(bench: Bench) -> None:
    bench.end.deaf = True
    bench.passes(30)
    assert [event.reason for event in bench.of(BoardLost)] == [LossReason.NEVER_ANSWERED]
    bench.end.deaf = False
    bench.until_up()


def test_a_board_that_refuses_to_start_is_refused(bench: Bench) -> None:
    bench.end.refuses[(MessageClass.CLK, ClockVerb.START)] = Status.HW_FAULT
    bench.until(lambda: bool(bench.heard))
    (lost,) = bench.of(BoardLost)
    assert (lost.reason, lost.detail) == (LossReason.REFUSED, "samples don't start: hw fault")
    assert bench.of(OrderFailed) == []


def test_a_board_without_a_known_sample_format_is_refused(bench: Bench) -> None:
    bench.end.formats = 0
    bench.until(lambda: bool(bench.heard))
    assert bench.of(BoardLost)[0].reason is LossReason.REFUSED


def test_a_stopped_board_quiets_its_ports_and_gives_all_back(up: Bench) -> None:
    up.board.stop(up.engine.now)
    up.engine.poll()
    up._board()
    verbs = [(request.class_, request.verb) for request in up.end.performed]
    assert (MessageClass.SYS, SysVerb.QUIET) in verbs
    assert up.engine.open_ports() == []
    assert up.board.deadline is None
    assert not up.board.wants_link


def test_a_link_opened_after_the_stop_is_closed(bench: Bench) -> None:
    descriptor = bench.board.open_link()
    bench.board.stop(bench.engine.now)
    bench.board.link_opened(descriptor, bench.engine.now)
    with pytest.raises(OSError, match="Bad file"):
        os.fstat(descriptor)
