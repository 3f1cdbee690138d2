# SPDX-License-Identifier: MIT
"""An engine's process from its start to its end, whoever dies first."""

import select
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dsp import Engine, EngineError, EngineSystemError, SampleFormat
from dsp.events import EngineGone, LinkDown, LinkLoss
from dsp.launch import EngineProcess
from dsp.seat import EngineOptions
from tests.dsp.process_rig import engine_process
from tests.dsp.wire import Wire

WITHIN_S = 30.0
FOR_EVER = 3600.0
OPTIONS = EngineOptions(timeslots=64, threads=2, echo_channels=16)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "engine"


@pytest.fixture
def process(path: Path) -> Iterator[EngineProcess]:
    process = EngineProcess(path, OPTIONS, alone_s=FOR_EVER)
    yield process
    process.stop()


@pytest.fixture
def wire() -> Iterator[Wire]:
    wire = Wire()
    yield wire
    wire.close()


def ready(process: EngineProcess, begin_at_s: float = 0.0) -> None:
    process.start(begin_at_s)
    process.wait_until_ready()


def kill(process: EngineProcess) -> None:
    assert process._process is not None
    process._process.kill()


def until_gone(engine: Engine) -> list[object]:
    """Return what is told until the engine's process is found dead."""
    told: list[object] = []
    while not any(isinstance(each, EngineGone) for each in told):
        assert select.select([engine.fileno()], [], [], WITHIN_S)[0]
        told += engine.events()
    return told


def link_on(engine: Engine, wire: Wire, ports: list[int]) -> int:
    """Open a link and wait until it is."""
    link = engine.open_link(wire.descriptor, ports, sample_format=SampleFormat.S16LE, clock=True)
    deadline = time.monotonic() + WITHIN_S
    while not engine.links():
        assert time.monotonic() < deadline
        time.sleep(0.001)
    return link


def test_it_is_made_for_what_was_asked_and_leaves_nothing(
    process: EngineProcess, path: Path
) -> None:
    ready(process)
    with Engine.attach(path) as engine:
        assert len(engine.open_board_ports(64)) == 64
        with pytest.raises(EngineError):
            engine.open_board_ports(1)
    process.stop()
    assert process.how_it_ended() == "status 0"
    assert not path.exists()


def test_a_name_too_long_for_an_address_is_none_too_long(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 120)
    folder.mkdir()
    process = EngineProcess(folder / "engine", OPTIONS, alone_s=FOR_EVER)
    ready(process)
    with Engine.attach(folder / "engine") as engine:
        assert engine.open_ports() == []
    process.stop()


def test_another_goes_on_where_the_dead_one_stopped(
    process: EngineProcess, path: Path, wire: Wire
) -> None:
    ready(process, begin_at_s=1000.0)
    with Engine.attach(path) as engine:
        assert engine.now >= 1000.0
        ports = engine.open_board_ports(2)
        link = link_on(engine, wire, ports)
        kill(process)
        down, gone = until_gone(engine)
        assert isinstance(down, LinkDown)
        assert (down.link, down.reason) == (link, LinkLoss.CLOSED)
        assert process.how_it_ended() == "SIGKILL"
        stopped = engine.now
        ready(process, stopped)
        engine.resume(path)
        assert stopped <= engine.now < stopped + WITHIN_S
        assert isinstance(gone, EngineGone)
        assert gone.at == stopped
        assert engine.links() == []
        fresh = engine.open_board_ports(2)
        assert not set(fresh) & set(ports), "the dead engine's handles are stale"
        engine.close_port(ports[0])
        assert all(engine._ports.in_use(port) for port in fresh)


def test_one_left_behind_is_ended_when_its_successor_starts(
    process: EngineProcess, path: Path, wire: Wire
) -> None:
    with engine_process(path) as left:
        with Engine.attach(path) as engine:
            link_on(engine, wire, engine.open_board_ports(2))
        ready(process)
        assert left.wait(WITHIN_S) == 0
        with Engine.attach(path) as engine:
            assert engine.open_ports() == []


def test_one_that_somebody_controls_is_left_alone(
    process: EngineProcess, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dsp.launch.END_S", 0.05)
    with engine_process(path) as other, Engine.attach(path):
        with pytest.raises(EngineError, match="is there, and does not end"):
            process.start()
        assert other.poll() is None


def test_alone_with_nothing_to_carry_it_ends_at_once(path: Path) -> None:
    with engine_process(path, "--alone-s", str(FOR_EVER)) as process:
        with Engine.attach(path):
            assert process.poll() is None
        assert process.wait(WITHIN_S) == 0


def test_alone_with_a_live_link_it_goes_on_for_a_while(path: Path, wire: Wire) -> None:
    with engine_process(path, "--alone-s", "0.5") as process:
        with Engine.attach(path) as engine:
            link_on(engine, wire, engine.open_board_ports(2))
        begun = time.monotonic()
        assert process.wait(WITHIN_S) == 0
        assert time.monotonic() - begun >= 0.4


def test_what_cannot_start_says_so(tmp_path: Path) -> None:
    process = EngineProcess(tmp_path / "none" / "engine", OPTIONS, alone_s=FOR_EVER)
    process.start()
    with pytest.raises(EngineSystemError, match="status 1"):
        process.wait_until_ready()


def test_what_is_not_ready_in_time_is_ended(
    process: EngineProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dsp.launch.READY_S", 0.0)
    process.start()
    with pytest.raises(EngineSystemError, match="not ready in 0 s"):
        process.wait_until_ready()


def test_it_finds_its_package_and_nothing_of_the_folder_it_is_started_in(
    process: EngineProcess, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(7)")
    monkeypatch.chdir(tmp_path)
    ready(process)
    Engine.attach(path).close()


def test_its_end_without_its_process_is_noticed_too(
    process: EngineProcess, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dsp.launch.DYING_S", 0.01)
    ready(process)
    assert process.how_it_ended() == "it hung up"
    assert not path.exists()
