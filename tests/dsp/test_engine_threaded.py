# SPDX-License-Identifier: MIT
"""The engine with its own threads: the same, in real time, waking whoever waits for events."""

import asyncio
import select
import warnings
import wave
from pathlib import Path

import numpy as np
import pytest

from dsp import Engine, EngineError, Mode, SampleFormat
from dsp.events import EngineEvent, FrameReceived, LinkDown, LinkLoss, PortDone
from dsp.recorder import RecordingRules
from dsp.tones import tone
from tests.dsp.process_rig import engine_process
from tests.dsp.wire import Samples, Wire


def wait_for(engine: Engine, kind: type[EngineEvent], within_s: float = 10.0) -> EngineEvent:
    """Return the first event of a kind; the bell wakes us, nobody sleeps."""
    while select.select([engine.fileno()], [], [], within_s)[0]:
        for event in engine.events():
            if isinstance(event, kind):
                return event
    raise AssertionError(f"no {kind.__name__} within {within_s} s")


def test_without_a_board_the_timer_drives_the_bus(tmp_path: Path) -> None:
    with Engine() as engine:
        recorder = engine.open_recorder(tmp_path / "out.wav")
        burst = engine.open_digits("5", on_ms=50, off_ms=50)
        engine.listen(recorder, burst)
        done = wait_for(engine, PortDone)
        assert isinstance(done, PortDone)
        assert (done.port, done.reason) == (burst, "ended")
        assert 0.1 <= done.at <= engine.now
        engine.close_port(recorder)
        whole = wait_for(engine, PortDone)
        assert isinstance(whole, PortDone)
        assert (whole.port, whole.reason) == (recorder, "recorded")
        assert engine.counters().timer_ticks == engine.counters().ticks
        assert Mode.NO_DENORMALS in engine.modes()
    with wave.open(str(tmp_path / "out.wav"), "rb") as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
    assert np.abs(samples).max() > 1000


def test_a_recording_that_ends_by_its_length_is_whole_when_that_is_told(tmp_path: Path) -> None:
    with Engine() as engine:
        burst = engine.open_tone(tone("425", -10))
        rules = RecordingRules(most_s=0.1, trim_start=True, trim_end=True)
        recorder = engine.open_recorder(tmp_path / "out.wav", rules)
        engine.listen(recorder, burst)
        done = wait_for(engine, PortDone)
        assert isinstance(done, PortDone)
        assert (done.port, done.reason) == (recorder, "length")
        with wave.open(str(tmp_path / "out.wav"), "rb") as file:
            assert file.getnframes() == 800


def test_closing_the_engine_completes_what_is_being_recorded(tmp_path: Path) -> None:
    with Engine() as engine:
        recorder = engine.open_recorder(tmp_path / "out.wav")
        burst = engine.open_digits("5", on_ms=50, off_ms=50)
        engine.listen(recorder, burst)
        wait_for(engine, PortDone)
    with wave.open(str(tmp_path / "out.wav"), "rb") as file:
        assert file.getnframes() >= 400


def test_a_board_drives_the_bus_and_is_answered_at_once() -> None:
    with Engine() as engine:
        wire = Wire()
        ports = engine.open_board_ports(2)
        link = engine.open_link(
            wire.descriptor, ports, sample_format=SampleFormat.S16LE, clock=True
        )
        engine.connect(*ports)
        for number in range(100):
            a, b = np.full(40, number, np.int16), np.full(40, -number, np.int16)
            wire.send_pcm(a, b)
            answers: list[dict[int, Samples]] = []
            while not answers:
                assert select.select([wire.near], [], [], 10.0)[0]
                answers = wire.answers()
            assert len(answers) == 1
            assert np.array_equal(answers[0][1], a)
        wire.send(3, b"an event", seq=7)
        frame = wait_for(engine, FrameReceived)
        assert isinstance(frame, FrameReceived)
        assert (frame.link, frame.seq, frame.payload) == (link, 7, b"an event")
        assert engine.link_counters(link).pcm_in == 100
        wire.near.close()
        down = wait_for(engine, LinkDown)
        assert isinstance(down, LinkDown)
        assert down.reason is LinkLoss.CLOSED


def test_a_board_that_stalls_is_told_because_the_timer_goes_on() -> None:
    with Engine() as engine:
        wire = Wire()
        engine.open_link(wire.descriptor, [], sample_format=SampleFormat.S16LE, clock=True)
        wire.send_pcm()
        down = wait_for(engine, LinkDown)
        assert isinstance(down, LinkDown)
        assert down.reason is LinkLoss.STALLED
        assert 0.5 <= down.at <= 2.0


async def test_asyncio_is_woken_by_the_descriptor() -> None:
    with Engine() as engine:
        loop = asyncio.get_running_loop()
        heard: asyncio.Future[list[EngineEvent]] = loop.create_future()

        def wake() -> None:
            events = engine.events()
            if events and not heard.done():
                heard.set_result(events)

        loop.add_reader(engine.fileno(), wake)
        port = engine.open_digits("1", on_ms=20, off_ms=20)
        async with asyncio.timeout(30):
            (event,) = await heard
        loop.remove_reader(engine.fileno())
        assert isinstance(event, PortDone)
        assert event.port == port


def test_a_threaded_engine_cannot_be_driven_by_hand() -> None:
    with Engine() as engine:
        engine.open_tone(tone("425", -10))
        with pytest.raises(EngineError, match="manual only"):
            engine.tick()
        with pytest.raises(EngineError, match="manual only"):
            engine.poll()


def threads_of_engines() -> int:
    """Return how many threads this process has, those of C included."""
    return len(list(Path("/proc/self/task").iterdir()))


def test_an_engine_that_was_dropped_takes_its_threads_with_it() -> None:
    before = threads_of_engines()
    engine = Engine(timeslots=16, threads=2, echo_channels=0)
    assert threads_of_engines() > before
    with pytest.warns(ResourceWarning, match="an engine was not closed"):
        del engine
    assert threads_of_engines() == before


@pytest.mark.parametrize("threaded", [True, False])
def test_an_engine_that_was_closed_is_dropped_without_a_word(threaded: bool) -> None:
    engine = Engine(threaded=threaded, timeslots=16, echo_channels=0)
    engine.close()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        del engine


def test_an_engine_that_was_attached_to_and_dropped_is_left(tmp_path: Path) -> None:
    with engine_process(tmp_path / "engine"):
        engine = Engine.attach(tmp_path / "engine")
        with pytest.warns(ResourceWarning, match="an engine was not closed"):
            del engine
        Engine.attach(tmp_path / "engine").close()
