# SPDX-License-Identifier: MIT
"""A board as its own process: pseudo terminal and TCP, lockstep and real time, one script."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Self

import pytest

from boards_sim.eeprom import Eeprom
from boards_sim.remote import RemoteStage
from drivers.base import Board, BoardEvent, BoardState, HookChanged, RingCadence, RingingChanged
from drivers.errors import NotAvailableError
from drivers.qhi.pages import FactoryPage
from drivers.qhi.service import Page
from drivers.registry import board as board_at
from dsp.engine import Engine
from dsp.events import LinkEvent
from tests.child import end


class Process:
    """`python -m boards_sim` with these options."""

    def __init__(self, *options: str) -> None:
        command = [sys.executable, "-m", "boards_sim", *options]
        self.popen = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.popen.stdout is not None
        self.ready: dict[str, Any] = json.loads(self.popen.stdout.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self.popen:
            assert end(self.popen) == 0


class Office:
    """The smallest host: an engine served by hand, and one board."""

    def __init__(self, address: str) -> None:
        self.engine = Engine(threaded=False)
        self.board: Board = board_at(address)
        self.news: list[BoardEvent] = []
        self.board.start(self.engine, self.engine.now)
        self.board.link_opened(self.board.open_link(), self.engine.now)

    def pump(self) -> None:
        self.engine.poll(0.01)
        for event in self.engine.events():
            if isinstance(event, LinkEvent) and self.board.owns_link(event.link):
                self.news += self.board.receive(event, self.engine.now)
        if self.board.deadline is not None and self.engine.now >= self.board.deadline:
            self.news += self.board.expire(self.engine.now)

    def close(self) -> None:
        self.engine.close()


@pytest.fixture(params=["--pty", "--tcp=0"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[RemoteStage, Office]]:
    control = tmp_path / "control"
    options = ("--profile", "Q12", request.param, "--lockstep", f"--control={control}")
    with (
        Process(*options) as process,
        closing(Office(process.ready["board"])) as office,
        closing(RemoteStage(control, office.pump)) as stage,
    ):
        deadline = time.monotonic() + 20
        while office.board.state is not BoardState.UP:
            office.pump()
            office.engine.tick() if office.board.state is BoardState.GREETING else None
            assert time.monotonic() < deadline
        yield stage, office


def test_telephones_and_offices_are_moved_from_here(place: tuple[RemoteStage, Office]) -> None:
    stage, office = place
    alice = stage.telephone(4)
    alice.lifts()
    stage.passes(0.2)
    assert [(e.port, e.off_hook) for e in office.news if isinstance(e, HookChanged)] == [(4, True)]
    with pytest.raises(AssertionError, match="expected dial"):
        alice.hears("dial", 0.5)
    office.board.ring(5, RingCadence((2000, 4000)))
    stage.telephone(5).rings()
    stage.office(0).calls_in("5551234")
    stage.passes(1.0)
    assert [e.ringing for e in office.news if isinstance(e, RingingChanged)] == [True]
    office.board.seize(1)
    stage.office(1).is_seized()
    with pytest.raises(ValueError, match="no port 0:77"):
        stage.telephone(77).lifts()


def test_lockstep_time_stands_still_while_nobody_asks(place: tuple[RemoteStage, Office]) -> None:
    stage, office = place
    stage.passes(0.1)
    before = stage.now
    office.pump()
    assert stage.now - before < 0.1
    began = time.monotonic()
    stage.passes(30)
    assert stage.now - before == pytest.approx(30, abs=0.1)
    assert time.monotonic() - began < 25, "lockstep should be faster than real time"


def test_what_is_written_into_a_board_outlives_its_process(tmp_path: Path) -> None:
    file = tmp_path / "unit.eeprom"
    for seed in ("7", "8"):
        with Process("--tcp=0", f"--eeprom={file}", f"--seed={seed}"):
            pass
    page = FactoryPage.decode(Eeprom(file).page(Page.FACTORY))
    assert page.serial == "SIM-Q12-0007-0"


def act(control: Path, sentence: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "boards_sim", "act", str(control), sentence]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def test_real_time_is_real_and_act_moves_the_actors(tmp_path: Path) -> None:
    control = tmp_path / "control"
    with (
        Process("--tcp", "0", "--control", str(control)) as process,
        closing(RemoteStage(control)) as stage,
    ):
        assert process.ready["pid"] == process.popen.pid
        asked, stage_began, began = time.monotonic(), stage.now, time.monotonic()
        stage.passes(1.0)
        # Its time was told somewhen between question and answer, both of which may be late.
        ended, passed, answered = time.monotonic(), stage.now - stage_began, time.monotonic()
        assert ended - began - 0.3 <= passed <= answered - asked + 0.3
        done = act(control, "telephone 4 lifts")
        assert (done.returncode, done.stdout) == (0, "telephone 4 lifts: done\n")
        failed = act(control, "telephone 4 hears dial 0.2")
        assert failed.returncode == 1
        assert "expected dial" in failed.stderr
        wrong = act(control, "telephone 0 lifts")
        assert wrong.returncode == 2
        assert "Traceback" not in failed.stderr + wrong.stderr
    assert not control.exists()
    with pytest.raises(NotAvailableError):
        RemoteStage(control)


def test_a_tcp_host_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    with Process("--tcp", "0") as process:
        first = board_at(process.ready["board"]).open_link()
        os.set_blocking(first, True)
        assert os.read(first, 1) == b"\0"
        second = board_at(process.ready["board"]).open_link()
        while os.read(first, 4096):
            pass
        os.close(first)
        os.close(second)


def test_a_modem_is_a_board_behind_a_terminal(tmp_path: Path) -> None:
    control = tmp_path / "control"
    with Process("--modem=CX93001", "--pty", f"--control={control}") as process:
        address = process.ready["board"]
        assert address.startswith("vmodem:///dev/pts/")
        done = subprocess.run(
            [sys.executable, "-m", "altiware", "board", "info", address, "--json"],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
    info = json.loads(done.stdout)
    assert info["model"] == "CX93001 voice modem"
    assert [port["kind"] for port in info["ports"]] == ["fxo"]


@pytest.mark.parametrize("kind", ["EC25", "SIM7600"])
def test_a_cellular_module_is_a_board_behind_two_terminals(kind: str) -> None:
    with Process(f"--cellular={kind}", "--pty") as process:
        address = process.ready["board"]
        assert address.startswith("cellular:///dev/pts/")
        done = subprocess.run(
            [sys.executable, "-m", "altiware", "board", "info", address, "--json"],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
    info = json.loads(done.stdout)
    assert info["serial"] == "867698041234567"
    assert info["features"]["operator"] == "Simulated"
    assert [port["kind"] for port in info["ports"]] == ["fxo"]
    assert "dials" in info["ports"][0]["capabilities"]


@pytest.mark.parametrize("what", ["--modem=CX93001", "--cellular=EC25"])
def test_a_modem_behind_tcp_is_refused(what: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "boards_sim", what, "--tcp=0"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "needs --pty" in done.stderr
