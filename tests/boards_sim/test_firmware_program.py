# SPDX-License-Identifier: MIT
"""The reference firmware as a program, and its core for processors without an operating system."""

import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Self, TypeVar

import pytest

from drivers.base import (
    Board,
    BoardEvent,
    BoardState,
    HookChanged,
    PortKind,
    RingingChanged,
)
from drivers.registry import board as board_at
from dsp.engine import Engine
from dsp.events import LinkEvent
from tests.child import end

ROOT = Path(__file__).resolve().parents[2]
MAKE = ("make", "--silent", "-C", str(ROOT / "boards_sim" / "firmware"))
PATIENCE_S = 20.0
SMALLEST_MICROCONTROLLER = 65536
"""Bytes of RAM."""

E = TypeVar("E", bound=BoardEvent)


class Program:
    """The firmware in a process of its own; ``press`` moves its telephones and offices."""

    def __init__(self, program: Path, *options: str) -> None:
        pipe = subprocess.PIPE
        self.popen = subprocess.Popen([program, *options], stdin=pipe, stdout=pipe, text=True)
        assert self.popen.stdout is not None
        self.address: str = json.loads(self.popen.stdout.readline())["board"]

    def press(self, key: str) -> None:
        assert self.popen.stdin is not None
        self.popen.stdin.write(key + "\n")
        self.popen.stdin.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self.popen:
            assert end(self.popen) == 0


class Host:
    """An engine served by hand, and the board."""

    def __init__(self, address: str) -> None:
        self.engine = Engine(threaded=False)
        self.board: Board = board_at(address)
        self.news: list[BoardEvent] = []
        self.board.start(self.engine, self.engine.now)
        self.board.link_opened(self.board.open_link(), self.engine.now)

    def waits(self, happened: Callable[[], bool]) -> None:
        """Serve the board until something has happened."""
        deadline = time.monotonic() + PATIENCE_S
        while not happened():
            self.engine.poll(0.01)
            if self.board.state is not BoardState.UP:
                self.engine.tick()
            for event in self.engine.events():
                if isinstance(event, LinkEvent) and self.board.owns_link(event.link):
                    self.news += self.board.receive(event, self.engine.now)
            if self.board.deadline is not None and self.engine.now >= self.board.deadline:
                self.news += self.board.expire(self.engine.now)
            assert time.monotonic() < deadline, self.news

    def hears_of(self, kind: type[E]) -> E:
        """Return the next event of a kind."""
        self.waits(lambda: any(isinstance(each, kind) for each in self.news))
        found = next(each for each in self.news if isinstance(each, kind))
        self.news.remove(found)
        return found

    def close(self) -> None:
        self.board.stop(self.engine.now)
        self.engine.close()


@pytest.fixture(scope="module")
def program() -> Path:
    subprocess.run(MAKE, check=True)
    return ROOT / "build" / "firmware" / "altiware-firmware"


@pytest.fixture(params=["terminal", "--tcp=0"])
def place(request: pytest.FixtureRequest, program: Path) -> Iterator[tuple[Program, Host]]:
    options = () if request.param == "terminal" else (request.param,)
    with Program(program, *options) as running, closing(Host(running.address)) as host:
        host.waits(lambda: host.board.state is BoardState.UP)
        yield running, host


def test_it_greets_and_says_what_it_is(place: tuple[Program, Host]) -> None:
    info = place[1].board.info
    assert info is not None
    assert (info.model, info.serial) == ("PANEL6", "EXAMPLE-1")
    assert [port.kind for port in info.ports] == [PortKind.FXO] * 2 + [PortKind.FXS] * 4


def test_what_is_pressed_is_reported(place: tuple[Program, Host]) -> None:
    running, host = place
    running.press("l2")
    lifted = host.hears_of(HookChanged)
    assert (lifted.port, lifted.off_hook) == (2, True)
    running.press("r1")
    rung = host.hears_of(RingingChanged)
    assert (rung.port, rung.ringing) == (1, True)
    host.board.seize(1)
    assert not host.hears_of(RingingChanged).ringing


def test_a_wrong_option_is_refused(program: Path) -> None:
    refused = subprocess.run([program, "--usb"], check=False, capture_output=True, text=True)
    assert refused.returncode == 2
    assert "usage" in refused.stderr


@pytest.mark.parametrize(
    ("cross", "cpu"),
    [
        ("", ""),
        ("aarch64-linux-gnu-", ""),
        ("arm-none-eabi-", "-mcpu=cortex-m4 -mthumb"),
        ("arm-none-eabi-", "-mcpu=cortex-m0plus -mthumb"),
    ],
)
def test_the_core_needs_little_memory_and_no_operating_system(cross: str, cpu: str) -> None:
    if cross and shutil.which(cross + "gcc") is None:
        pytest.skip(f"no {cross}gcc here")
    command = [*MAKE, "--always-make", "size", f"CROSS={cross}", f"CPU={cpu}", "PORTS=12"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    ram = re.search(r"RAM: (\d+) bytes for 12 ports", said)
    assert ram, said
    assert int(ram[1]) < SMALLEST_MICROCONTROLLER
    needed = said.rpartition("from the C library:")[2].split()
    of_the_compiler = {name for name in needed if name.startswith("__")}
    assert set(needed) - of_the_compiler <= {
        "memchr",
        "memcmp",
        "memcpy",
        "memmove",
        "memset",
        "strlen",
    }
    floating = re.compile(r"__aeabi_c?[fd](?!iv)|__\w+[sd]f\d?$")
    assert not [name for name in needed if floating.match(name)]
