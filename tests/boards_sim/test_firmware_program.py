# SPDX-License-Identifier: MIT
"""The reference firmware as a program, and its core for processors without an operating system."""

import json
import re
import select
import shutil
import socket
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
    RingCadence,
    RingingChanged,
)
from drivers.qhi.arguments import StreamStart
from drivers.qhi.frame import Deframer, Frame, FrameKind, encode
from drivers.qhi.messages import Hello, Request
from drivers.qhi.numbers import BOARD_PORT, ClockVerb, MessageClass, PcmFormat
from drivers.qhi.pcm import PcmDown
from drivers.registry import board as board_at
from dsp.engine import Engine
from dsp.events import LinkEvent
from tests.child import end

ROOT = Path(__file__).resolve().parents[2]
MAKE = ("make", "--silent", "-C", str(ROOT / "boards_sim" / "firmware"))
PATIENCE_S = 20.0
SIXTY_FRAMES_S = 0.3
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


def test_a_board_cabled_to_itself_calls_itself(program: Path) -> None:
    office, telephone = 0, 2
    with (
        Program(program, "--tcp=0", "--cable", "--lockstep") as running,
        closing(Host(running.address)) as host,
    ):
        host.waits(lambda: host.board.state is BoardState.UP)
        host.board.ring(telephone, RingCadence((1000, 1500)))
        assert host.hears_of(RingingChanged).ringing
        host.board.seize(office)
        answered = host.hears_of(HookChanged)
        assert (answered.port, answered.off_hook) == (telephone, True)


class Bare:
    """A host that greets, starts the samples and answers only when told to."""

    def __init__(self, address: str) -> None:
        host, port = address.removeprefix("quantum+tcp://").split(":")
        self.socket = socket.create_connection((host, int(port)))
        self.deframer = Deframer()
        self.send(FrameKind.HELLO, Hello(7, role=1).encode())
        start = StreamStart(5, PcmFormat.S16, 0, 0).encode()
        request = Request(MessageClass.CLK, ClockVerb.START, BOARD_PORT, 1, start)
        self.send(FrameKind.REQ, request.encode(), seq=1)

    def send(self, kind: FrameKind, payload: bytes, *, seq: int = 0, tick: int = 0) -> None:
        self.socket.sendall(encode(Frame(kind, 0, seq, tick, 0, payload)))

    def samples(self, within_s: float) -> list[Frame]:
        """Return the frames of samples of the first transfer that has some; none: time is over."""
        until = time.monotonic() + within_s
        while (left := until - time.monotonic()) > 0:
            if select.select([self.socket], [], [], left)[0]:
                found = self.deframer.feed(self.socket.recv(65536))
                if samples := [frame for frame in found if frame.kind == FrameKind.PCM]:
                    return samples
        return []

    def answers(self, frame: Frame) -> None:
        down = PcmDown(5, PcmFormat.S16, 0, b"").encode()
        self.send(FrameKind.PCM, down, seq=frame.seq, tick=frame.tick)


def test_in_lockstep_the_next_frame_comes_when_the_last_was_answered(program: Path) -> None:
    with Program(program, "--tcp=0", "--lockstep") as running:
        host = Bare(running.address)
        with closing(host.socket):
            for _ in range(3):
                (frame,) = host.samples(PATIENCE_S)
                assert not host.samples(SIXTY_FRAMES_S)
                host.answers(frame)


def test_without_functionfs_there_is_no_usb(program: Path, tmp_path: Path) -> None:
    refused = subprocess.run(
        [program, f"--usb={tmp_path}"], check=False, capture_output=True, text=True
    )
    assert refused.returncode == 1
    assert "No such file" in refused.stderr


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
