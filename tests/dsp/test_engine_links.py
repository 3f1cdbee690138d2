# SPDX-License-Identifier: MIT
"""Links to boards: PCM both ways, frames, clocks, and every way in which a board can go."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from dsp import Engine, EngineArgumentError, SampleFormat
from dsp.events import EngineEvent, FrameReceived, LineSnapshot, LinkDown, LinkLoss
from tests.dsp.wire import PCM, Wire

Samples = npt.NDArray[np.int16]
EVT = 3


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine(threaded=False) as engine:
        yield engine


class Board:
    """A board of some ports on a link, and the engine that serves it."""

    def __init__(
        self,
        engine: Engine,
        ports: int = 2,
        *,
        sample_format: SampleFormat = SampleFormat.S16LE,
        clock: bool = True,
    ) -> None:
        self.engine = engine
        self.wire = Wire()
        self.ports = engine.open_board_ports(ports)
        self.link = engine.open_link(
            self.wire.descriptor, self.ports, sample_format=sample_format, clock=clock
        )

    def turn(self, *said: Samples, **more: int) -> list[dict[int, Samples]]:
        """Send a PCM frame and return the answers."""
        self.wire.send_pcm(*said, **more)
        self.engine.poll()
        return self.wire.answers()


def noise(seed: int, count: int = 40) -> Samples:
    return np.random.default_rng(seed).integers(-32768, 32767, count, dtype=np.int16)


def downs(engine: Engine) -> list[tuple[int, LinkLoss]]:
    return [(e.link, e.reason) for e in engine.events() if isinstance(e, LinkDown)]


def kinds(events: list[EngineEvent]) -> list[str]:
    return [type(event).__name__ for event in events]


def test_two_ports_hear_each_other_bit_for_bit_in_the_answer_to_the_same_frame(
    engine: Engine,
) -> None:
    board = Board(engine)
    engine.connect(*board.ports)
    for number in range(20):
        a, b = noise(number), noise(1000 + number)
        (answer,) = board.turn(a, b)
        assert np.array_equal(answer[0], b)
        assert np.array_equal(answer[1], a)
    assert engine.now == pytest.approx(0.1)


def test_one_way_delay_through_a_board_is_ten_milliseconds(engine: Engine) -> None:
    """Frame n is full at 40 (n + 1); its answer is played from the next border, 40 (n + 2)."""
    board = Board(engine)
    engine.connect(*board.ports)
    click = np.zeros(400, dtype=np.int16)
    click[123] = 12345
    played = [np.zeros(80, dtype=np.int16)]
    for begin in range(0, 400, 40):
        (answer,) = board.turn(click[begin : begin + 40], np.zeros(40, dtype=np.int16))
        played.append(answer[1])
    assert np.flatnonzero(np.concatenate(played)).tolist() == [123 + 80]


def test_every_frame_is_answered_once_with_its_tick(engine: Engine) -> None:
    board = Board(engine)
    for _ in range(5):
        board.wire.send_pcm(noise(1), noise(2))
    engine.set_ack(board.link, 77)
    engine.poll()
    answers = board.wire.frames()
    assert [(f.kind, f.seq, f.tick, f.ack) for f in answers] == [
        (PCM, n, 40 * n, 77) for n in range(5)
    ]
    assert [f.payload[3] for f in answers] == [1, 0, 0, 0, 0]
    assert engine.counters().ticks == 5


def test_a_port_that_hears_nothing_is_left_out_of_the_answer(engine: Engine) -> None:
    board = Board(engine, 3)
    engine.listen(board.ports[2], board.ports[0])
    (answer,) = board.turn(noise(1), noise(2), noise(3))
    assert list(answer) == [2]


@pytest.mark.parametrize("law", [SampleFormat.ULAW, SampleFormat.ALAW])
def test_companded_samples_come_back_as_they_went(engine: Engine, law: SampleFormat) -> None:
    board = Board(engine, sample_format=law)
    engine.connect(*board.ports)
    codes = np.setdiff1d(np.arange(256), [0x7F] if law is SampleFormat.ULAW else [])
    for begin in range(0, 240, 40):
        said = codes[begin : begin + 40].astype(np.int16)
        (answer,) = board.turn(said, said, sample_format=int(law))
        assert np.array_equal(answer[1], said)


def test_frames_that_are_not_pcm_come_up_whole_and_in_order(engine: Engine) -> None:
    board = Board(engine)
    board.wire.send(EVT, bytes(range(256)) * 15, seq=9, tick=1234, ack=8)
    board.turn(noise(1), off_hook=2, ringing=1)
    board.turn(noise(1), off_hook=2, ringing=1)
    board.turn(noise(1), off_hook=3, ringing=0)
    assert engine.events() == [
        FrameReceived(0.0, board.link, EVT, 0, 9, 1234, 8, bytes(range(256)) * 15),
        LineSnapshot(0.0, board.link, 2, 1),
        LineSnapshot(0.01, board.link, 3, 0),
    ]


def test_a_frame_is_sent_as_it_was_ordered(engine: Engine) -> None:
    board = Board(engine)
    engine.send_frame(board.link, 1, b"\0\1\2", flags=4, seq=7, tick=99, ack=65535)
    engine.poll()
    (frame,) = board.wire.frames()
    assert (frame.kind, frame.flags, frame.seq, frame.tick, frame.ack) == (1, 4, 7, 99, 65535)
    assert frame.payload == b"\0\1\2"
    with pytest.raises(EngineArgumentError, match="not PCM"):
        engine.send_frame(board.link, PCM, b"")
    with pytest.raises(EngineArgumentError, match="allowed are up to 4080"):
        engine.send_frame(board.link, 1, bytes(4081))


def test_missing_frames_are_made_up_for_counted_and_not_answered(
    engine: Engine, tmp_path: Path
) -> None:
    board = Board(engine)
    engine.connect(*board.ports)
    recorder = engine.open_recorder(tmp_path / "out.wav")
    engine.listen(recorder, board.ports[0])
    hum = (8000 * np.sin(2 * np.pi * 200 * np.arange(800) / 8000)).astype(np.int16)
    for at in range(0, 400, 40):
        board.turn(hum[at : at + 40], hum[at : at + 40])
    assert len(board.turn(hum[:40], hum[:40], skip=2)) == 1
    board.turn(hum[40:80], hum[40:80])
    counters = engine.link_counters(board.link)
    assert (counters.gaps, counters.concealed) == (2, 2 * 2 * 40)
    engine.close_port(recorder)
    heard, _ = soundfile.read(tmp_path / "out.wav", dtype="int16")
    assert np.abs(np.diff(heard.astype(int))).max() < 1.2 * np.abs(np.diff(hum.astype(int))).max()
    assert np.abs(heard - hum[:560].astype(int)).max() < 1000
    assert np.array_equal(heard[:400], hum[:400])
    assert np.array_equal(heard[520:], hum[40:80])


@pytest.mark.parametrize("back", [1, 2, 16])
def test_a_frame_that_comes_late_or_twice_is_dropped_and_not_answered(
    engine: Engine, back: int
) -> None:
    board = Board(engine)
    for _ in range(20):
        board.turn(noise(1), off_hook=1)
    engine.events()
    now, board.wire.seq = engine.now, board.wire.seq - back
    assert board.turn(noise(2), off_hook=0) == []
    assert (engine.now, kinds(engine.events())) == (now, [])
    board.wire.seq += back - 1
    assert len(board.turn(noise(1), off_hook=1)) == 1
    counters = engine.link_counters(board.link)
    assert (counters.pcm_in, counters.gaps, counters.slips_in) == (22, 0, 1)
    assert kinds(engine.events()) == []


@pytest.mark.parametrize("order", [(0, 0, 1, 2), (1, 0, 2, 3)], ids=["twice", "overtaken"])
def test_the_first_frame_of_a_stream_is_no_second_beginning(
    engine: Engine, order: tuple[int, ...]
) -> None:
    board = Board(engine)
    for seq in order:
        board.wire.seq, board.wire.tick = seq, 8000 + 40 * seq
        board.turn(noise(seq), flags=0 if seq else 1)
    board.wire.seq, board.wire.tick = 4, 8160
    board.wire.send_pcm(noise(4))
    engine.poll()
    (answer,) = board.wire.frames()
    assert answer.seq == 3, "three were answered before, each with a number of its own"
    counters = engine.link_counters(board.link)
    assert (counters.late_in, counters.gaps) == (1, 4 - max(order) - 1)


def test_a_frame_of_the_stream_before_is_late_whatever_its_number(engine: Engine) -> None:
    board = Board(engine)
    for seq in range(3):
        board.wire.seq, board.wire.tick = seq, 8000 + 40 * seq
        board.turn(noise(seq), flags=0 if seq else 1)
    board.wire.seq, board.wire.tick = 5794, 7960
    assert board.turn(noise(9)) == []
    board.wire.seq, board.wire.tick = 3, 8120
    assert len(board.turn(noise(3))) == 1
    counters = engine.link_counters(board.link)
    assert (counters.late_in, counters.gaps) == (1, 0)


def test_a_board_whose_numbers_begin_anew_unannounced_is_heard(engine: Engine) -> None:
    board = Board(engine)
    for _ in range(20):
        board.turn(noise(1))
    board.wire.seq = 0
    assert len(board.turn(noise(1))) == 1


def test_without_frames_a_port_fades_into_its_background(engine: Engine, tmp_path: Path) -> None:
    board = Board(engine, 1)
    recorder = engine.open_recorder(tmp_path / "out.wav")
    engine.listen(recorder, board.ports[0])
    rng = np.random.default_rng(1)
    for _ in range(600):
        board.turn(rng.normal(0, 100, 40).astype(np.int16))
    for number in range(20):
        board.turn((rng.normal(0, 100, 40) + 4000 * (-1) ** (number // 2)).astype(np.int16))
    for _ in range(90):
        engine.tick()
    engine.close_port(recorder)
    heard, _ = soundfile.read(tmp_path / "out.wav", dtype="int16")
    gap = heard[-90 * 40 :].astype(float)
    assert np.abs(gap[:80]).mean() > 1000
    assert np.std(gap[600:]) == pytest.approx(100, rel=0.25)


def test_three_in_conference_hear_the_sum_of_the_other_two_saturated(engine: Engine) -> None:
    board = Board(engine, 3)
    room = engine.open_conference(3)
    for port in board.ports:
        engine.join(room, port)
    said = [noise(n) for n in range(3)]
    board.turn(*said)  # they slide in
    (answer,) = board.turn(*said)
    for own in range(3):
        others = sum(said[n].astype(int) for n in range(3) if n != own)
        assert np.array_equal(answer[own], np.clip(others, -32768, 32767))
    engine.leave(room, board.ports[0])
    board.turn(*said)  # the last of it fades
    (answer,) = board.turn(*said)
    assert sorted(answer) == [1, 2]
    assert np.array_equal(answer[1], said[2])


@pytest.mark.parametrize("before", [False, True])
def test_a_board_that_closes_its_end_is_closed(engine: Engine, before: bool) -> None:
    board = Board(engine)
    if before:
        board.turn(noise(1))
        engine.events()
    board.wire.close()
    engine.poll()
    assert downs(engine) == [(board.link, LinkLoss.CLOSED)]
    engine.poll()
    engine.tick()
    assert downs(engine) == []


def test_a_board_that_falls_silent_after_pcm_is_stalled_in_half_a_second(engine: Engine) -> None:
    board = Board(engine)
    for _ in range(200):
        engine.tick()
    assert downs(engine) == []
    board.turn(noise(1))
    for _ in range(98):
        engine.tick()
    assert downs(engine) == []
    board.wire.send(EVT, b"still here")
    engine.poll()
    for _ in range(99):
        engine.tick()
    assert downs(engine) == []
    engine.tick()
    assert downs(engine) == [(board.link, LinkLoss.STALLED)]


@pytest.mark.parametrize(
    "garbage", [b"\x05garbage of a wrong baud rate\0" * 21, b"\xff" * 70_000], ids=["bad", "long"]
)
def test_a_board_that_talks_nonsense_is_garbage(engine: Engine, garbage: bytes) -> None:
    board = Board(engine)
    board.turn(noise(1))
    with contextlib.suppress(BrokenPipeError):
        for begin in range(0, len(garbage), 4096):
            board.wire.near.sendall(garbage[begin : begin + 4096])
            engine.poll()
    assert downs(engine) == [(board.link, LinkLoss.GARBAGE)]


def test_some_bad_frames_between_good_ones_are_only_counted(engine: Engine) -> None:
    board = Board(engine)
    for _ in range(100):
        board.wire.near.sendall(b"\x05oops\0" * 3)
        engine.poll()
        board.turn(noise(1))
    assert downs(engine) == []
    assert engine.link_counters(board.link).bad_frames == 300


def test_a_dead_link_takes_orders_quietly_and_its_ports_serve_again(engine: Engine) -> None:
    board = Board(engine)
    engine.connect(*board.ports)
    board.turn(noise(1), noise(2))
    board.wire.close()
    engine.poll()
    engine.send_frame(board.link, 1, b"anyone?")
    engine.set_ack(board.link, 3)
    engine.close_link(board.link)
    engine.close_link(board.link)
    assert engine.counters().stale == 1
    wire = Wire()
    again = engine.open_link(
        wire.descriptor, board.ports, sample_format=SampleFormat.S16LE, clock=True
    )
    assert again != board.link
    wire.send_pcm(noise(3), noise(4))
    engine.poll()
    (answer,) = wire.answers()
    assert np.array_equal(answer[0], noise(4))


def test_between_boards_sound_takes_ten_to_fifteen_milliseconds_bit_for_bit(
    engine: Engine,
) -> None:
    clock = Board(engine, 1)
    other = Board(engine, 1, clock=False)
    engine.connect(clock.ports[0], other.ports[0])
    said = [noise(n) for n in range(50)]
    of_clock, of_other = [], []
    for samples in said:
        of_clock += clock.turn(samples)
        of_other += other.turn(samples)
    heard_by_other = [answer[0] for answer in of_other if 0 in answer]
    heard_by_clock = [answer[0] for answer in of_clock if 0 in answer]
    assert np.array_equal(heard_by_other[-20:], said[-20:])  # the same turn: 10 ms
    assert np.array_equal(heard_by_clock[-20:], said[-21:-1])  # one turn later: 15 ms
    assert engine.now == pytest.approx(0.25)
    counters = engine.link_counters(other.link)
    assert (counters.slips_in, counters.slips_out) == (0, 0)


def test_a_faster_board_slips_and_is_still_answered_frame_by_frame(engine: Engine) -> None:
    clock = Board(engine, 1)
    other = Board(engine, 1, clock=False)
    engine.connect(clock.ports[0], other.ports[0])
    answers = 0
    for number in range(100):
        clock.turn(noise(number))
        answers += len(other.turn(noise(number)))
        if number % 10 == 9:
            answers += len(other.turn(noise(number)))
    assert answers == 110
    counters = engine.link_counters(other.link)
    assert counters.slips_in >= 7
    assert counters.underruns_out >= 7
    assert engine.link_counters(clock.link).clocking


def test_a_late_frame_does_not_leave_delay_behind_for_ever(engine: Engine) -> None:
    clock = Board(engine, 1)
    other = Board(engine, 1, clock=False)
    engine.connect(clock.ports[0], other.ports[0])

    def delay() -> int:
        """Turns from the other board's port to the clock's."""
        marks = [noise(100 + n) for n in range(6)]
        heard = []
        for mark in marks:
            heard += clock.turn(noise(0))
            other.turn(mark)
        return next(n for n in range(6) if np.array_equal(heard[n][0], marks[0]))

    assert delay() == 1
    clock.turn(noise(0))
    for _ in range(2):
        other.turn(noise(0))  # one that was late, and the next
    assert delay() == 2
    for _ in range(800):
        clock.turn(noise(0))
        other.turn(noise(0))
    assert delay() == 1
    assert engine.link_counters(other.link).slips_in == 1


def test_time_without_boards_leaves_no_delay_behind(engine: Engine) -> None:
    board = Board(engine)
    engine.connect(*board.ports)
    board.turn(noise(1), noise(2))
    for _ in range(5):
        engine.tick()
    board.turn(noise(3), noise(4))  # blended with what was made up
    (answer,) = board.turn(noise(5), noise(6))
    assert np.array_equal(answer[0], noise(6))


def test_a_board_that_begins_anew_is_told_so_and_tells_its_lines(engine: Engine) -> None:
    board = Board(engine)
    for _ in range(3):
        board.turn(noise(1), off_hook=1)
    board.wire.frames()
    engine.events()
    board.wire.seq = 0
    board.wire.send_pcm(noise(1), off_hook=1, flags=1)
    engine.poll()
    (frame,) = board.wire.frames()
    assert (frame.seq, frame.payload[3]) == (0, 1)
    assert kinds(engine.events()) == ["LineSnapshot"]
    assert engine.link_counters(board.link).gaps == 0


def test_another_board_takes_the_clock_over_and_gives_it_back(engine: Engine) -> None:
    clock = Board(engine, 1)
    other = Board(engine, 1, clock=False)
    clock.turn(noise(1))
    other.turn(noise(1))
    for _ in range(30):
        other.turn(noise(1))
    assert engine.link_counters(other.link).clocking
    assert engine.now == pytest.approx(0.005 * (1 + 21), abs=0.011)
    clock.turn(noise(1))
    assert engine.link_counters(clock.link).clocking
    clock.wire.close()
    engine.poll()
    before = engine.now
    other.turn(noise(1))
    assert engine.now == pytest.approx(before + 0.005)


def test_a_board_that_does_not_read_loses_pcm_but_not_orders(engine: Engine) -> None:
    board = Board(engine, 2)
    engine.connect(*board.ports)
    for number in range(3000):
        board.wire.send_pcm(noise(number), noise(number))
        engine.poll()
    assert engine.link_counters(board.link).dropped_out > 100
    for number in range(8):
        engine.send_frame(board.link, 1, b"order", seq=number)
    orders = []
    for _ in range(20):
        engine.poll()
        orders += [frame.seq for frame in board.wire.frames() if frame.kind == 1]
    assert orders == list(range(8))
    assert board.turn(noise(1), noise(2))


def test_a_link_may_be_opened_before_its_ports_are_known(engine: Engine) -> None:
    wire = Wire()
    link = engine.open_link(wire.descriptor, [], sample_format=SampleFormat.S16LE, clock=True)
    wire.send(0, b"hello")
    engine.poll()
    assert kinds(engine.events()) == ["FrameReceived"]
    ports = engine.open_board_ports(2)
    engine.set_link(link, ports, sample_format=SampleFormat.ULAW)
    engine.connect(*ports)
    wire.send_pcm(noise(1), noise(2))
    engine.poll()
    (frame,) = wire.frames()
    assert frame.payload[:8] == bytes([5, 0, 0, 1, 3, 0, 0, 0])


def test_a_descriptor_that_cannot_be_watched_is_an_error(engine: Engine) -> None:
    link = engine.open_link(10_000, [], sample_format=SampleFormat.S16LE, clock=True)
    engine.poll()
    (event,) = engine.events()
    assert isinstance(event, LinkDown)
    assert (event.link, event.reason, event.detail) == (link, LinkLoss.ERROR, "Bad file descriptor")
    with pytest.raises(EngineArgumentError, match="descriptor -1"):
        engine.open_link(-1, [], sample_format=SampleFormat.S16LE, clock=True)


@pytest.mark.parametrize(
    ("order", "said"),
    [
        (lambda e, b: e.set_ack(b.link, 65536), "acknowledgement 65536: allowed are 0 to 65535"),
        (lambda e, b: e.set_ack(b.link, -1), "acknowledgement -1"),
        (lambda e, b: e.send_frame(b.link, 1, b"", flags=256), "flags 256: allowed are 0 to 255"),
        (lambda e, b: e.send_frame(b.link, 1, b"", seq=-1), "seq -1"),
        (lambda e, b: e.send_frame(b.link, 1, b"", tick=1 << 32), "tick 4294967296"),
        (lambda e, b: e.send_frame(b.link, 1, b"", ack=1 << 16), "acknowledgement 65536"),
        (lambda e, b: e.set_link(b.link, b.ports, sample_format=-1), "sample format -1: .*ULAW"),
        (lambda e, b: e.set_link(b.link, b.ports * 17, sample_format=0), "34 ports on a link"),
        (lambda e, b: e.echo(b.ports[0], 32, -1), "wants of -1: allowed are NLP, DISABLER, SEARCH"),
        (lambda e, b: e.echo(b.ports[0], 32, 8), "wants of 8"),
        (lambda e, b: e.echo(b.ports[0], 161), "a tail of 161 ms"),
    ],
)
def test_what_is_out_of_range_is_named(
    engine: Engine, order: Callable[[Engine, Board], None], said: str
) -> None:
    board = Board(engine)
    with pytest.raises(EngineArgumentError, match=said):
        order(engine, board)
    assert engine.counters().refused == 0


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"descriptor": 1 << 31}, "descriptor 2147483648"),
        ({"sample_format": 4}, "sample format 4"),
        ({"framing": 3}, "framing 3: allowed are QHI, MODEM, SAMPLES"),
    ],
)
def test_a_link_that_can_not_be_is_not_opened(
    engine: Engine, more: dict[str, int], said: str
) -> None:
    usual: dict[str, Any] = {"descriptor": 3, "sample_format": SampleFormat.S16LE}
    with pytest.raises(EngineArgumentError, match=said):
        engine.open_link(ports=[], clock=True, **(usual | more))
