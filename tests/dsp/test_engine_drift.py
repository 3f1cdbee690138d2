# SPDX-License-Identifier: MIT
"""Two boards whose clocks differ: a tone through both, in virtual time."""

import socket
from collections.abc import Iterator

import numpy as np
import pytest

from dsp import Engine, SampleFormat
from dsp.pcm import Samples
from dsp.tables import LinkCounters, LinkFraming, SerialKind
from tests.dsp.wire import Wire

TICK = 40
TICK_S = 0.005
TONE_HZ = 1000.0
JUDGED_S = 10


def tone_of(frame: int, hz: float) -> Samples:
    at = np.arange(frame * TICK, (frame + 1) * TICK)
    said: Samples = (8000 * np.sin(2 * np.pi * hz / 8000 * at)).astype(np.int16)
    return said


def through_two_boards(ppm: float, seconds: float) -> tuple[list[Samples], LinkCounters]:
    """Return what each board heard of the other, and the figures of the one that is not the clock.

    Its clock is ``ppm`` faster; both say 1 kHz by their own clocks.
    """
    with Engine(threaded=False) as engine:
        wires = Wire(), Wire()
        ports = engine.open_board_ports(2)
        links = [
            engine.open_link(w.descriptor, [p], sample_format=SampleFormat.S16LE, clock=n == 0)
            for n, (w, p) in enumerate(zip(wires, ports, strict=True))
        ]
        engine.connect(*ports)
        heard: list[list[Samples]] = [[], []]
        every = TICK_S, TICK_S / (1 + ppm * 1e-6)
        due, frame = [1.0, 1.0021], [0, 0]
        while due[0] < 1.0 + seconds:
            board = int(due[1] < due[0])
            engine.set_time(due[board])
            wires[board].send_pcm(tone_of(frame[board], TONE_HZ))
            engine.poll()
            heard[board] += [answer[0] for answer in wires[board].answers() if 0 in answer]
            frame[board] += 1
            due[board] += every[board]
        return [np.concatenate(each) for each in heard], engine.link_counters(links[1])


def spurious_db(pcm: Samples, hz: float) -> float:
    """Whatever is not the tone (nor within 5 Hz of it), against it."""
    spectrum = np.abs(np.fft.rfft(pcm * np.hanning(len(pcm)))) ** 2
    at = np.fft.rfftfreq(len(pcm), 1 / 8000)
    near = np.abs(at - hz) < 5
    return float(10 * np.log10(spectrum[~near].sum() / spectrum[near].sum()))


@pytest.mark.parametrize("ppm", [-100.0, -50.0, 50.0, 100.0])
def test_a_board_of_another_clock_neither_slips_nor_clicks(ppm: float) -> None:
    (first, second), counters = through_two_boards(ppm, 120.0)
    assert (counters.slips_in, counters.slips_out, counters.underruns_out) == (0, 0, 0)
    assert (counters.underruns_in, counters.concealed) == (0, 0)
    assert counters.compensated_ppm == pytest.approx(ppm, abs=3)
    assert counters.ppm == pytest.approx(ppm, abs=5)
    assert counters.store_ms == pytest.approx(15, abs=1)
    for heard in (first, second):
        settled = heard[-JUDGED_S * 8000 :].astype(float)
        assert spurious_db(settled, TONE_HZ) < -50
        steepest = 8000 * 2 * np.pi * TONE_HZ / 8000
        assert np.abs(np.diff(heard[4000:].astype(int))).max() < steepest * 1.01 + 2


@pytest.mark.parametrize("ppm", [-100.0, 100.0])
def test_batches_of_20_ms_beside_a_clock_neither_slip_nor_click(ppm: float) -> None:
    """A cellular module's samples, 320 bytes at once."""
    with Engine(threaded=False) as engine:
        wire = Wire()
        near, far = socket.socketpair()
        near.setblocking(False)
        mine, its = engine.open_board_ports(2)
        engine.open_link(wire.descriptor, [mine], sample_format=SampleFormat.S16LE, clock=True)
        link = engine.open_link(
            far.detach(),
            [its],
            sample_format=SampleFormat.S16LE,
            clock=False,
            framing=LinkFraming.SAMPLES,
        )
        engine.connect(mine, its)
        engine.send_frame(link, SerialKind.BEGIN, b"")
        heard: tuple[list[Samples], list[Samples]] = [], []
        due, every = [1.0, 1.0021], (TICK_S, 4 * TICK_S / (1 + ppm * 1e-6))
        frames = [0, 0]
        while due[0] < 61.0:
            side = int(due[1] < due[0])
            engine.set_time(due[side])
            if side:
                batch = [tone_of(frames[1] + i, TONE_HZ).tobytes() for i in range(4)]
                near.send(b"".join(batch))
            else:
                wire.send_pcm(tone_of(frames[0], TONE_HZ))
            engine.poll()
            if side:
                heard[1].append(np.frombuffer(near.recv(4096), "<i2").astype(np.int16))
            else:
                heard[0].extend(answer[0] for answer in wire.answers() if 0 in answer)
            frames[side] += 4 if side else 1
            due[side] += every[side]
        counters = engine.link_counters(link)
        near.close()
    assert (counters.slips_in, counters.slips_out, counters.underruns_out) == (0, 0, 0)
    assert (counters.underruns_in, counters.concealed) == (0, 0)
    assert counters.store_ms == pytest.approx(30, abs=3)
    for sound in heard:
        settled = np.concatenate(sound)[-JUDGED_S * 8000 :].astype(float)
        assert spurious_db(settled, TONE_HZ) < -45


class Pair:
    """Two boards of two ports in virtual time, the second of another clock."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.wires = Wire(), Wire()
        self.ports = [engine.open_board_ports(2) for _ in self.wires]
        self.links = [
            engine.open_link(w.descriptor, p, sample_format=SampleFormat.S16LE, clock=n == 0)
            for n, (w, p) in enumerate(zip(self.wires, self.ports, strict=True))
        ]
        for near, far in zip(*self.ports, strict=True):
            engine.connect(near, far)
        self.now = 1.0

    def speaks(self, board: int, *levels: int) -> list[dict[int, Samples]]:
        """Let a board send a frame of constant samples; return what it hears in answer."""
        self.now += TICK_S / 2
        self.engine.set_time(self.now)
        self.wires[board].send_pcm(*(np.full(TICK, level, np.int16) for level in levels))
        self.engine.poll()
        return self.wires[board].answers()

    def settles(self) -> None:
        for _ in range(20):
            self.speaks(0, 1000, 1000)
            self.speaks(1, 8000, 8000)

    @property
    def counters(self) -> LinkCounters:
        return self.engine.link_counters(self.links[1])


@pytest.fixture
def pair() -> Iterator[Pair]:
    with Engine(threaded=False) as engine:
        pair = Pair(engine)
        pair.settles()
        yield pair


def test_what_a_silent_board_s_stores_drop_is_counted_tick_by_tick(pair: Pair) -> None:
    assert pair.counters.slips_out == 0
    for _ in range(60):
        pair.speaks(0, 1000, 1000)
    counters = pair.counters
    assert 30 <= counters.slips_out <= 40, "a store holds 26 frames; two ports count once"
    assert (counters.underruns_in, counters.slips_in) == (1, 0)
    assert counters.store_ms == pytest.approx(15, abs=5)


def test_ports_that_a_link_is_given_do_not_hear_what_others_had_stored(pair: Pair) -> None:
    near, (first, second) = pair.ports[0][0], pair.ports[1]
    pair.engine.silence(near)
    pair.engine.listen(near, second)
    pair.engine.set_link(pair.links[1], [second], sample_format=SampleFormat.S16LE)
    heard = [answer[0] for _ in range(3) for answer in pair.speaks(0, 1000, 1000)]
    assert not np.any(heard), f"{first} had said 8000"


def test_the_last_that_a_port_hears_fades(pair: Pair) -> None:
    assert np.all(pair.speaks(1, 0, 0)[0][0] == 1000)
    pair.engine.silence(pair.ports[1][0])
    pair.speaks(0, 1000, 1000)
    (last,) = pair.speaks(1, 0, 0)
    assert last[0][0] == pytest.approx(1000, abs=30)
    assert last[0][-1] == 0
    assert np.all(np.diff(last[0].astype(int)) <= 0)
    assert np.all(last[1] == 1000), "the other goes on"
    (after,) = pair.speaks(1, 0, 0)
    assert {*after} == {1}


def test_a_port_that_hears_again_at_once_goes_on(pair: Pair) -> None:
    far, near = pair.ports[1][0], pair.ports[0][0]
    pair.engine.silence(far)
    pair.speaks(0, 1000, 1000)
    pair.engine.listen(far, near)
    pair.speaks(0, 1000, 1000)
    (heard,) = pair.speaks(1, 0, 0)
    assert np.all(heard[0] == 1000)
