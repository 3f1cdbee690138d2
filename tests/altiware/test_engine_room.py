# SPDX-License-Identifier: MIT
"""The service with its engine as a process of its own: each outlives the other's death."""

import os
import select
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest

from altiware.config import Config, EngineConfig, parse
from altiware.core.causes import Cause
from altiware.core.ids import PortAddress
from altiware.core.plan import Plan, StationPlan
from altiware.engine_room import engine_room, threads_of
from dsp.engine import Engine
from dsp.events import EngineGone
from tests.altiware.cli.test_commands import altiware
from tests.altiware.service import Service, running, write_config
from tests.altiware.test_service import PAIRS, WAIT_S, kept, talk

NOTICED_S = 5.0
"""On a busy machine; what it takes on a quiet one is tests/bench/bench_process.py's to say."""


@pytest.fixture
def config() -> Config:
    return parse(resources.files("altiware").joinpath("default.toml").read_text("utf-8"), "f")


def engines(directory: Path) -> Iterator[int]:
    """Yield the processes that are an engine of this data directory."""
    wanted = f"--socket={directory / 'engine.sock'}".encode()
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0") if entry.name.isdigit() else []
        except OSError:  # ended meanwhile
            continue
        if wanted in words:
            yield int(entry.name)


def until_none(directory: Path) -> None:
    deadline = time.monotonic() + WAIT_S
    while list(engines(directory)):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def line_of(service: Service) -> str:
    assert service.process.stdout is not None
    return service.process.stdout.readline()


def dial_tone(service: Service, port: int) -> None:
    with service.stage() as stage:
        stage.telephone(port).lifts()
        stage.telephone(port).hears("dial")


def test_an_engine_that_is_killed_is_started_anew_and_the_records_are_right(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with running(tmp_path) as service:
        service.greeting()
        (engine,) = engines(tmp_path)
        with service.stage() as stage:
            talk(stage, *PAIRS[0])
        os.kill(engine, signal.SIGKILL)
        assert "lost (link closed: the engine's process has died)" in line_of(service)
        assert line_of(service).startswith("engine: anew after ")
        assert line_of(service).endswith(": up\n")
        (record,) = kept(tmp_path).values()
        assert record.cause is Cause.BOARD_LOST
        (anew,) = engines(tmp_path)
        assert anew != engine
        dial_tone(service, 6)
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(WAIT_S) == 0
    assert "altiware: the engine died (SIGKILL), and all calls with it\n" in capfd.readouterr().err
    assert list(engines(tmp_path)) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_service_that_is_stopped_leaves_no_process(
    tmp_path: Path, number: signal.Signals
) -> None:
    with running(tmp_path) as service:
        service.greeting()
        assert len(list(engines(tmp_path))) == 1
        service.process.send_signal(number)
        assert service.process.wait(WAIT_S) == 0
    assert list(engines(tmp_path)) == []
    assert not (tmp_path / "engine.sock").exists()


def test_a_terminal_s_interrupt_reaches_the_service_and_not_its_engine(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        service.greeting()
        (engine,) = engines(tmp_path)
        assert os.getsid(engine) == engine


def test_an_engine_ends_when_its_service_was_killed_and_the_boards_with_it(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        service.greeting()
        service.process.kill()
        service.process.wait(WAIT_S)
        until_none(tmp_path)


def test_a_service_that_was_killed_is_started_again_at_once(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        service.greeting()
        (left,) = engines(tmp_path)
        os.kill(left, signal.SIGSTOP)  # as if a board's link were alive
        service.process.kill()
        service.process.wait(WAIT_S)
    os.kill(left, signal.SIGCONT)
    with running(tmp_path) as service:
        service.greeting()
        assert left not in engines(tmp_path)
        dial_tone(service, 4)


def test_the_engine_may_be_inside(tmp_path: Path) -> None:
    write_config(tmp_path)
    file = tmp_path / "altiware.toml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("# process = true ", "process = false "), "utf-8")
    with running(tmp_path) as service:
        service.greeting()
        assert list(engines(tmp_path)) == []
        dial_tone(service, 4)


def test_the_commands_look_at_an_office_whose_engine_is_elsewhere(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        service.greeting()
        with service.stage() as stage:
            talk(stage, *PAIRS[0])
            stage.telephone(PAIRS[0][0]).hangs_up()
        deadline = time.monotonic() + WAIT_S
        while not any(record.closed for record in kept(tmp_path).values()):
            assert time.monotonic() < deadline
        assert "105" in altiware("cdr", "list", "--data", tmp_path).stdout
        assert "Q12" in altiware("board", "list", "--data", tmp_path).stdout
        (record,) = kept(tmp_path)
        assert "OffHook" in altiware("call", "trace", record, "--data", tmp_path).stdout


def test_an_engine_s_death_is_noticed_at_once(config: Config, tmp_path: Path) -> None:
    with engine_room(config, tmp_path) as room:
        (engine,) = engines(tmp_path)
        room.engine.events()
        os.kill(engine, signal.SIGKILL)
        begun = time.monotonic()
        assert select.select([room.engine.fileno()], [], [], WAIT_S)[0]
        assert isinstance(room.engine.events()[-1], EngineGone)
        assert time.monotonic() - begun < NOTICED_S
        assert room.how_it_ended() == "SIGKILL"
        stopped = room.engine.now
        room.prepare()
        room.enter()
        assert room.engine.now >= stopped
    assert list(engines(tmp_path)) == []


def test_what_cannot_start_is_said(tmp_path: Path) -> None:
    (tmp_path / "engine.sock").mkdir()
    write_config(tmp_path)
    done = altiware("run", "--data", tmp_path)
    assert done.returncode == 3
    assert "engine.sock: " in done.stderr
    assert "the engine's process: status 1" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_engine_that_nobody_gets_hold_of_is_ended(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: Path) -> Engine:
        assert list(engines(tmp_path)) != []
        raise KeyboardInterrupt

    monkeypatch.setattr(Engine, "attach", interrupted)
    with pytest.raises(KeyboardInterrupt), engine_room(config, tmp_path):
        pass
    assert list(engines(tmp_path)) == []


def test_there_are_as_many_threads_as_are_of_use(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lines(count: int) -> Config:
        stations = (StationPlan(str(100 + i), PortAddress(i // 50, i % 50)) for i in range(count))
        return replace(config, plan=Plan(tuple(stations)))

    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(4))
    assert [threads_of(lines(n)) for n in (1, 16, 17, 64, 65, 400)] == [1, 1, 2, 4, 4, 4]
    assert threads_of(replace(config, engine=EngineConfig(threads=7))) == 7
