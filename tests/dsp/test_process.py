# SPDX-License-Identifier: MIT
"""The engine as a process of its own: it outlives whoever controls it, and both notice."""

import contextlib
import os
import resource
import select
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dsp import (
    Detect,
    Engine,
    EngineError,
    EngineFullError,
    EngineSystemError,
    LinkState,
    PortKind,
    SampleFormat,
)
from dsp.attach import TOKEN, Attachment
from dsp.events import EngineGone, PortDone, ToneHeard
from dsp.native import ffi, lib
from dsp.process import Host, main
from tests.dsp.process_rig import control_process, crossed, engine_process, recorded, talk
from tests.dsp.wire import Wire

NOTICED_S = 5.0
"""On a busy machine; what it takes on a quiet one is tests/bench/bench_process.py's to say."""
CALLS = 8


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "engine"


@pytest.fixture
def wire() -> Iterator[Wire]:
    wire = Wire()
    yield wire
    wire.close()


def wait_for_end(descriptor: int) -> None:
    assert select.select([descriptor], [], [], 10.0)[0]


def test_connected_ports_talk_on_while_control_is_dead_and_its_successor_goes_on(
    path: Path, wire: Wire
) -> None:
    with engine_process(path):
        with control_process(path, wire.descriptor) as (control, link):
            os.close(wire.descriptor)
            assert crossed(talk(wire, range(100))[1:], range(1, 100))
            control.send_signal(signal.SIGKILL)
            assert crossed(talk(wire, range(100, 200)), range(100, 200))
            control.wait()
            assert crossed(talk(wire, range(200, 400)), range(200, 400))
        with Engine.attach(path) as engine:
            resumed = talk(wire, range(400, 500))  # the first is blended with what filled the pause
            assert crossed(resumed[1:], range(401, 500))
            check_tables(engine, link)
            counters = engine.link_counters(link)
            assert (counters.pcm_in, counters.gaps, counters.underruns_out) == (500, 0, 0)
            assert isinstance(engine.events()[-1], ToneHeard)
            (state,) = engine.links()
            engine.disconnect(*state.ports)
            assert not any(talk(wire, range(500, 510))[5:])
            fresh = engine.open_pattern()
            assert fresh not in engine_handles_of_the_dead(state, engine)


def test_eight_calls_lose_no_sample_when_control_is_killed(
    path: Path, wire: Wire, tmp_path: Path
) -> None:
    ports = 2 * CALLS
    with engine_process(path):
        with control_process(path, wire.descriptor, str(CALLS), str(tmp_path)) as (control, link):
            os.close(wire.descriptor)
            talk(wire, range(20), ports)  # the recorders' files are opened meanwhile
            assert crossed(talk(wire, range(20, 100), ports), range(20, 100), ports)
            control.send_signal(signal.SIGKILL)
            assert crossed(talk(wire, range(100, 200), ports), range(100, 200), ports)
            control.wait()
            assert crossed(talk(wire, range(200, 300), ports), range(200, 300), ports)
        with Engine.attach(path) as engine:
            assert crossed(talk(wire, range(300, 400), ports), range(300, 400), ports)
            counters = engine.link_counters(link)
            assert (counters.pcm_in, counters.gaps, counters.dropped_out) == (400, 0, 0)
            complete_recordings(engine, ports)
            # Where this process was late, the timer has made ticks of its own: no frame is lost.
            besides = engine.counters().timer_ticks + 20
    for port in range(ports):
        others = recorded(tmp_path / f"{port}.wav", port, range(20, 400))
        assert others is not None
        assert others <= besides


def complete_recordings(engine: Engine, count: int) -> None:
    """Close all recorders and wait until their files are whole."""
    recorders = {p for p in engine.open_ports() if engine.kind(p) is PortKind.RECORDER}
    assert len(recorders) == count
    for recorder in recorders:
        engine.close_port(recorder)
    while recorders:
        wait_for_end(engine.fileno())
        for event in engine.events():
            if isinstance(event, PortDone):
                assert event.reason == "recorded"
                recorders.discard(event.port)


def check_tables(engine: Engine, link: int) -> None:
    (state,) = engine.links()
    a, b = state.ports
    assert state == LinkState(
        link, (a, b), SampleFormat.S16LE, clock=True, alive=True, off_hook=0, ringing=0
    )
    assert engine.sources(a) == [b]
    assert engine.sources(b) == [a]
    kinds = {port: engine.kind(port) for port in engine.open_ports()}
    assert sorted(kinds.values()) == [
        PortKind.BOARD,
        PortKind.BOARD,
        PortKind.TONE,
        PortKind.CONFERENCE,
    ]
    (room,) = (port for port, kind in kinds.items() if kind is PortKind.CONFERENCE)
    (sounder,) = (port for port, kind in kinds.items() if kind is PortKind.TONE)
    assert engine.joined(room) == [sounder]


def engine_handles_of_the_dead(state: LinkState, engine: Engine) -> set[int]:
    """Return all handles that its predecessor ever had: the pattern's, closed, was index 4."""
    return {*state.ports, 4 | 1 << 16, *engine.open_ports()[:-1]}


def test_a_dead_control_is_noticed_at_once(path: Path, wire: Wire) -> None:
    with (
        engine_process(path),
        control_process(path, wire.descriptor) as (control, _),
    ):
        os.close(wire.descriptor)
        with pytest.raises(EngineError, match="has a controlling side already"):
            Engine.attach(path)
        control.kill()
        control.wait()
        begun = time.monotonic()
        with Engine.attach(path) as engine:
            assert time.monotonic() - begun < NOTICED_S
            assert len(engine.links()) == 1


def test_a_dead_engine_is_noticed_at_once(path: Path) -> None:
    with engine_process(path) as process, Engine.attach(path) as engine:
        assert engine.events() == []
        process.kill()
        begun = time.monotonic()
        wait_for_end(engine.fileno())
        (gone,) = engine.events()
        assert time.monotonic() - begun < NOTICED_S
        assert isinstance(gone, EngineGone)
        assert not select.select([engine.fileno()], [], [], 0)[0]
        assert engine.events() == []
        engine.open_board_ports(1)
        assert engine.open_ports() == []
        with pytest.raises(EngineSystemError):
            engine.open_link(os.dup(0), [], sample_format=SampleFormat.ULAW, clock=False)


def test_a_hostile_control_does_not_hurt_the_engine(path: Path) -> None:
    with engine_process(path) as process:
        for seed in range(20):
            seat = Attachment(path)
            lib.aw_bell_ring(seat.command_bell)
            for offset in range(0, lib.AW_COMMANDS_AT + lib.AW_COMMAND_RING, 97 + seed):
                ffi.cast("uint8_t *", seat.memory)[offset] = (offset * 31 + seed) & 0xFF
            # As the next one has to find it: whether the rings make sense is his to see to.
            seat.memory.magic = lib.AW_ARENA_MAGIC
            seat.memory.timeslots = 1024
            seat.memory.commands.head = seat.memory.commands.tail
            seat.close()
        assert process.poll() is None


def test_requests_that_are_none_end_the_connection_and_nothing_else(path: Path) -> None:
    with engine_process(path) as process:
        for request in (b"", b"X", b"L", b"L" * 1000):
            with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as peer:
                peer.settimeout(30)
                peer.connect(str(path))
                assert peer.recv(100)
                peer.send(request or b"\0")
                assert peer.recv(100) == b""
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as peer:
            peer.settimeout(30)
            peer.connect(str(path))
            assert peer.recv(100)
            answers = []
            for _ in range(lib.AW_LINKS_MAX + 1):
                socket.send_fds(peer, [b"L"], [0])
                answers.append(TOKEN.unpack(peer.recv(100))[0])
            assert 0 not in answers[:-1]
            assert len(set(answers)) == len(answers)
            assert answers[-1] == 0
        with Engine.attach(path):
            assert process.poll() is None


def test_an_engine_without_a_descriptor_to_spare_goes_on_and_says_so(
    path: Path, wire: Wire
) -> None:
    with engine_process(path) as process, contextlib.ExitStack() as stack:
        engine = stack.enter_context(Engine.attach(path))
        usual = resource.prlimit(process.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (0, usual[1]))
        with pytest.raises(EngineFullError):
            engine.open_link(
                wire.descriptor,
                engine.open_board_ports(2),
                sample_format=SampleFormat.S16LE,
                clock=True,
            )
        stack.close()
        with pytest.raises(EngineSystemError, match="timed out"):
            Engine.attach(path)
        assert process.poll() is None
        resource.prlimit(process.pid, resource.RLIMIT_NOFILE, usual)
        with Engine.attach(path):
            assert process.poll() is None


def test_names_of_tones_outlive_whoever_gave_them(path: Path) -> None:
    with engine_process(path):
        with Engine.attach(path) as engine:
            numbers = [engine._events.tone_id(name) for name in ("dial", "busy", "dial")]
        with Engine.attach(path) as engine:
            assert [engine._events.tone_id(name) for name in ("dial", "busy", "dial")] == numbers
            assert engine._events.tone_id("new") == 2
            with pytest.raises(EngineError, match="1 to 31"):
                engine._events.tone_id("x" * 32)


def test_there_is_one_engine_at_a_socket_and_a_killed_one_makes_room(path: Path) -> None:
    with engine_process(path) as process:
        with pytest.raises(EngineError, match="there already"):
            Host(path)
        process.kill()
        process.wait()
        assert path.is_socket()
        with engine_process(path), Engine.attach(path) as engine:
            assert engine.open_ports() == []
    assert not path.exists()


def test_only_its_user_may_open_the_socket(path: Path) -> None:
    with engine_process(path):
        assert path.stat().st_mode & 0o777 == 0o600


def test_no_engine_no_socket_and_no_clock_of_ours(path: Path) -> None:
    with pytest.raises(EngineSystemError, match="no engine at"):
        Engine.attach(path)
    path.write_text("not a socket")
    assert main(["--socket", str(path)]) == 1
    path.unlink()
    with engine_process(path), Engine.attach(path) as engine:
        with pytest.raises(EngineError, match="manual only"):
            engine.tick()
        with pytest.raises(EngineError, match="manual only"):
            engine.poll()
        engine.close()
        with pytest.raises(EngineError, match="closed"):
            engine.open_board_ports(1)


def test_a_recording_is_completed_when_the_process_is_told_to_end(
    path: Path, tmp_path: Path
) -> None:
    with engine_process(path) as process:
        with Engine.attach(path) as engine:
            recorder = engine.open_recorder(tmp_path / "out.wav")
            burst = engine.open_digits("5", on_ms=50, off_ms=50)
            engine.listen(recorder, burst)
            engine.detect(burst, Detect.LEVEL)
            wait_for_end(engine.fileno())
        process.terminate()
        assert process.wait() == 0
    assert (tmp_path / "out.wav").stat().st_size > 44 + 2 * 40
