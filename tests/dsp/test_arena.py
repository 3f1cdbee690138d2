# SPDX-License-Identifier: MIT
"""The rings against a model, and handles that stay recognisable."""

from collections import deque

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from dsp import Engine, EngineArgumentError, EngineFullError
from dsp.arena import Arena, Handles
from dsp.native import ffi, lib
from dsp.orders import Orders

HEAD = 8


class RingAgainstModel(RuleBasedStateMachine):
    """What goes in comes out, whole, once, in order, and nothing else is ever refused."""

    def __init__(self) -> None:
        super().__init__()
        self.engine = Engine(threaded=False, timeslots=1)
        self.memory = self.engine._arena.memory
        self.ring = ffi.addressof(self.memory, "commands")
        self.out = ffi.new("uint64_t[]", lib.AW_RECORD_MAX // 8)
        self.waiting: deque[bytes] = deque()
        self.used = 0

    @staticmethod
    def _room(payload: bytes) -> int:
        return HEAD + (len(payload) + 7) // 8 * 8

    @rule(payload=st.binary(max_size=300), kind=st.integers(0, 2**32 - 1))
    def put(self, payload: bytes, kind: int) -> None:
        self._put(payload, kind)

    @rule(size=st.integers(4000, lib.AW_RECORD_MAX - HEAD), byte=st.binary(min_size=1, max_size=1))
    def put_long(self, size: int, byte: bytes) -> None:
        for _ in range(20):
            self._put(byte * size, 1)

    def _put(self, payload: bytes, kind: int) -> None:
        record = ffi.new("aw_record *", {"kind": kind, "size": HEAD})
        status = lib.aw_ring_put(self.memory, self.ring, record, payload, len(payload))
        fits = self.used + self._room(payload) <= lib.AW_COMMAND_RING
        assert status == (lib.AW_OK if fits else lib.AW_EFULL)
        if fits:
            self.waiting.append(payload)
            self.used += self._room(payload)

    @rule(count=st.integers(1, 30))
    def take(self, count: int) -> None:
        for _ in range(count):
            size = lib.aw_ring_take(self.memory, self.ring, self.out, lib.AW_RECORD_MAX)
            if not self.waiting:
                assert size == 0
                return
            payload = self.waiting.popleft()
            assert size == self._room(payload)
            self.used -= size
            assert bytes(ffi.buffer(self.out, size))[HEAD : HEAD + len(payload)] == payload

    @rule(turns=st.integers(1, 2**32 - 1))
    @precondition(lambda self: not self.waiting)
    def long_ago(self, turns: int) -> None:
        """Both ends anywhere: they count bytes modulo 2^32."""
        self.ring.head = self.ring.tail = (self.ring.tail + 8 * turns) % 2**32

    @invariant()
    def distance_is_what_waits(self) -> None:
        assert (self.ring.head - self.ring.tail) % 2**32 == self.used

    def teardown(self) -> None:
        self.ring.tail = self.ring.head
        self.engine.close()


RingAgainstModel.TestCase.settings = settings(max_examples=30, deadline=None)
TestRing = RingAgainstModel.TestCase


def test_a_full_command_ring_is_said_and_what_was_sent_before_stands() -> None:
    with Engine(threaded=False, timeslots=2) as engine:
        a, b = engine.open_board_ports(2)
        orders = Orders(Arena(engine._arena.memory, -1))
        sent = 2

        def listen_for_ever() -> None:
            nonlocal sent
            while True:
                orders.listen(a, b, 1.0)
                sent += 1

        with pytest.raises(EngineFullError, match="as fast as they come"):
            listen_for_ever()
        assert sent > 5000
        assert engine.counters().commands == sent
        assert engine.sources(a) == [b]


def test_a_manual_engine_makes_room_by_applying_what_waits() -> None:
    with Engine(threaded=False, timeslots=2) as engine:
        a, b = engine.open_board_ports(2)
        for _ in range(20_000):
            engine.listen(a, b)
        assert engine.counters().commands == 20_002


def test_a_handle_comes_back_only_after_all_others_and_never_the_same() -> None:
    handles = Handles(3, "port")
    seen = {handles.take() for _ in range(3)}
    with pytest.raises(EngineFullError, match="all 3 ports"):
        handles.take()
    for handle in sorted(seen):
        handles.give_back(handle)
        handles.give_back(handle)
    assert handles.free == 3
    again = {handles.take() for _ in range(3)}
    assert not seen & again
    assert not any(handles.in_use(handle) for handle in seen)


def test_generations_go_round_without_zero() -> None:
    handles = Handles(1, "port")
    for _ in range(0x10001):
        handle = handles.take()
        assert handle >> 16 != 0
        handles.give_back(handle)
    with pytest.raises(EngineArgumentError, match="not the handle of a port"):
        handles.index(0)
