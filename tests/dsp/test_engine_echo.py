# SPDX-License-Identifier: MIT
"""The echo canceller on the bus: what a port says is cleaned of what it was told to say."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from dsp import Detect, Engine, EngineArgumentError, SampleFormat
from dsp.echo import EchoWant, simd_name
from dsp.events import DigitHeard
from tests.dsp.process_rig import engine_process, talk
from tests.dsp.wire import Samples, Wire

FRAME = 40
PATH = np.random.default_rng(3).normal(size=60) * np.exp(-np.arange(60) / 12) * 0.11
"Of a bad hybrid: about 10 dB of echo return loss."


def speech(frames: int, seed: int, peak: float = 4000.0) -> npt.NDArray[np.float64]:
    """Noise in syllables."""
    rng, t = np.random.default_rng(seed), np.arange(frames * FRAME)
    return rng.normal(size=len(t)) * peak * np.abs(np.sin(t / 8000 * 2 * np.pi * 2))


class Board:
    """Ports in pairs: the even ones' lines have an echo, the odd ones talk to them."""

    def __init__(self, engine: Engine, pairs: int = 1, frames_late: int = 0) -> None:
        self.wire, self._engine, self._late = Wire(), engine, frames_late
        self.ports = engine.open_board_ports(2 * pairs)
        engine.open_link(
            self.wire.descriptor, self.ports, sample_format=SampleFormat.S16LE, clock=True
        )
        for line, talker in zip(self.ports[::2], self.ports[1::2], strict=True):
            engine.connect(line, talker)
        self._told = np.zeros((pairs, len(PATH) - 1 + (1 + frames_late) * FRAME))

    def run(
        self, talkers: npt.NDArray[np.float64], near: npt.NDArray[np.float64] | None = None
    ) -> Samples:
        """Let the talkers talk; return what they hear, [pair][sample]."""
        heard = []
        for at in range(0, talkers.shape[1], FRAME):
            now = slice(at, at + FRAME)
            said: list[Samples] = []
            for pair, talker in enumerate(talkers):
                line = np.convolve(self._told[pair, : len(PATH) - 1 + FRAME], PATH, "valid")
                line = line if near is None else line + near[pair, now]
                said += [whole(line), whole(talker[now])]
            self.wire.send_pcm(*said)
            self._engine.poll()
            (answer,) = self.wire.answers()
            told = np.stack([answer[i] for i in range(0, 2 * len(talkers), 2)])
            self._told = np.concatenate([self._told[:, FRAME:], told], axis=1)
            heard.append(np.stack([answer[i] for i in range(1, 2 * len(talkers), 2)]))
        return np.concatenate(heard, axis=1)


def whole(samples: npt.NDArray[np.float64]) -> Samples:
    return np.rint(samples).clip(-32768, 32767).astype(np.int16)


def loss_db(said: npt.NDArray[np.float64], heard: Samples) -> float:
    """How much quieter the talker hears himself, in the last second."""
    power = float(np.mean(heard[:, -8000:].astype(np.float64) ** 2))
    return float(10 * np.log10(np.mean(said[:, -8000:] ** 2) / max(power, 0.25)))


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine(threaded=False, timeslots=96) as engine:
        yield engine


@pytest.mark.parametrize("frames_late", [0, 1, 2])
def test_a_talker_no_longer_hears_himself(engine: Engine, frames_late: int) -> None:
    board, said = Board(engine, frames_late=frames_late), speech(400, 1)[None]
    without = loss_db(said, board.run(said))
    assert 5 < without < 15
    engine.echo(board.ports[0])
    said = speech(600, 2)[None]
    assert loss_db(said, board.run(said)) > without + 35
    view = engine.echo_view(board.ports[0])
    assert view.open
    assert view.converged
    assert view.erle_db > 20
    assert abs(view.erl_db - without) < 4
    engine.echo(board.ports[0], 0)
    assert engine.echo_state(board.ports[0]).tail_ms == 0
    assert abs(loss_db(said, board.run(said)) - without) < 3


def test_what_is_said_on_the_line_is_heard_in_full(engine: Engine) -> None:
    board, far = Board(engine), speech(800, 1)[None]
    engine.echo(board.ports[0])
    board.run(far)
    near = speech(400, 5)[None]
    heard = board.run(np.zeros_like(near), near)
    assert np.mean(heard.astype(float) ** 2) == pytest.approx(np.mean(near**2), rel=0.02)


def test_digits_are_heard_through_the_echo_of_a_loud_talker(engine: Engine) -> None:
    """Detectors and levels get what is left."""
    board, far = Board(engine), speech(600, 1)[None]
    engine.echo(board.ports[0])
    engine.detect(board.ports[0], Detect.DIGITS | Detect.LEVEL)
    board.run(far)
    assert engine.levels(board.ports[0]).receive_dbm0 < -50
    t = np.arange(40 * FRAME) / 8000
    near = 2500 * (np.sin(2 * np.pi * 770 * t) + np.sin(2 * np.pi * 1336 * t)) * (t < 0.1)
    board.run(far[:, : len(t)], near[None])
    assert [event.key for event in engine.events() if isinstance(event, DigitHeard)] == ["5"]


def test_gains_come_after_the_canceller(engine: Engine) -> None:
    board, said = Board(engine), speech(600, 1)[None]
    engine.echo(board.ports[0], wants=EchoWant.NONE)
    board.run(said)
    engine.gain(board.ports[0], receive_db=-6.0)
    near = speech(200, 5)[None]
    heard = board.run(np.zeros_like(near), near)
    assert np.mean(heard.astype(float) ** 2) == pytest.approx(np.mean(near**2) / 3.98, rel=0.02)
    assert engine.echo_view(board.ports[0]).resets == 0


def test_what_cannot_be_is_refused(engine: Engine) -> None:
    port, room = engine.open_pattern(), engine.open_conference(3)
    with pytest.raises(EngineArgumentError, match="a tail of 200 ms"):
        engine.echo(port, 200)
    engine.echo(port, 64)
    engine.echo(room)
    assert engine.counters().refused == 2
    assert engine.echo_state(port).tail_ms == 0
    engine.echo(port, 16)
    engine.echo(port, 64)
    engine.echo(port, 16, EchoWant.SEARCH)
    assert engine.counters().refused == 4
    assert engine.echo_state(port).tail_ms == 16
    with Engine(threaded=False, timeslots=40, echo_channels=16) as small:
        ports = small.open_board_ports(17)
        for each in ports:
            small.echo(each)
        assert small.counters().refused == 1
        small.close_port(ports[0])
        small.echo(ports[-1])
        assert small.echo_state(ports[-1]).tail_ms == 32
    with Engine(threaded=False, timeslots=40, echo_delay_ms=100) as searching:
        port = searching.open_pattern()
        searching.echo(port, 16, EchoWant.SEARCH)
        assert searching.echo_state(port).tail_ms == 16


def story(pairs: int, threads: int = 1) -> tuple[Samples, list[object]]:
    """Many pairs with detectors, cancellers and gains begun by chance; all that came of it."""
    events: list[object] = []
    rng = np.random.default_rng(8)
    with Engine(threaded=False, timeslots=96, threads=threads) as engine:
        board, heard = Board(engine, pairs), []
        for part in range(8):
            for port in board.ports:
                engine.detect(port, Detect.DIGITS * int(rng.integers(2)) | Detect.LEVEL)
                if part == 0 and rng.random() < 0.7:  # later, lanes would rest at other times
                    tail_ms = int(rng.choice([16, 32]))
                    engine.echo(port, tail_ms, EchoWant.NONE)  # each lane has noise of its own
                if rng.random() < 0.1:
                    engine.gain(port, receive_db=-3.0)
            said = np.stack([speech(20, part * 100 + pair) for pair in range(pairs)])
            heard.append(board.run(said))
            events += engine.events()
        events += [engine.levels(port) for port in board.ports]
        events += [engine.echo_state(port) for port in board.ports]
    return np.concatenate(heard, axis=1), events


def test_lanes_beside_each_other_and_apart_hear_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without lanes of detectors each port has its own; both hear what was cleaned."""
    monkeypatch.setenv("ALTIWARE_SIMD", "fused")
    heard, events = story(8)
    monkeypatch.setenv("ALTIWARE_SIMD", "avx2")
    if simd_name() != "avx2":
        pytest.skip("this machine has no set with lanes that equals the reference")
    others, theirs = story(8)
    assert np.array_equal(heard, others)
    assert events == theirs


def test_four_threads_do_what_one_does() -> None:
    heard, events = story(16)
    others, theirs = story(16, threads=4)
    assert np.array_equal(heard, others)
    assert events == theirs


def test_an_attached_side_reads_back_what_was_begun(tmp_path: Path) -> None:
    path, wire = tmp_path / "engine", Wire()
    with engine_process(path, "--timeslots", "16"):
        with Engine.attach(path) as first:
            ports = first.open_board_ports(2)
            first.open_link(wire.descriptor, ports, sample_format=SampleFormat.S16LE, clock=True)
            first.connect(*ports)
            first.echo(ports[0], 16, EchoWant.NLP)
            talk(wire, range(60))
        with Engine.attach(path) as second:
            assert second.echo_state(ports[0]).tail_ms == 16
            assert second.echo_view(ports[0]).open
            assert second.echo_state(ports[1]).tail_ms == 0
    wire.close()
