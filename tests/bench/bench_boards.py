# SPDX-License-Identifier: MIT
"""How many boards of twelve talking ports a core carries, by the kind of their links.

The boards are in a process of their own and in real time; ours has their links, an echo canceller
of 32 ms and ears for digits on every port, and every port hears another.  It runs on one core, the
boards on the others: threads of an interpreter that are spread over cores pay for its lock.  What
it costs is the processor time of our whole process; ``boards_per_core`` is the worst of the links.
"""

import json
import os
import select
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from boards_sim.usb_bus import UsbBus, UsbGadget
from drivers.base import Board, BoardState
from drivers.links.usb_port import UsbLink
from drivers.quantum.addresses import linked_board
from drivers.registry import board as board_at
from dsp.engine import Detect, Engine
from dsp.events import LinkEvent
from tests.child import end
from tests.figure import Figure

BOARDS: Final = 40
PORTS: Final = 12
SECONDS: Final = 6.0
UP_S: Final = 60.0
LINKS: Final = ("pty", "tcp", "usb")


class Host:
    """The PBX's side, without a PBX: links, sessions, and every port in use."""

    def __init__(self, engine: Engine, boards: list[Board]) -> None:
        self.engine = engine
        self.boards = boards
        for board in boards:
            board.start(engine, engine.now)
            board.link_opened(board.open_link(), engine.now)

    def serve(self, timeout_s: float) -> None:
        """Wait for news and pass it on."""
        select.select([self.engine.fileno()], [], [], timeout_s)
        for event in self.engine.events():
            if isinstance(event, LinkEvent):
                for board in self.boards:
                    if board.owns_link(event.link):
                        board.receive(event, self.engine.now)
        for board in self.boards:
            if board.deadline is not None and board.deadline <= self.engine.now:
                board.expire(self.engine.now)

    def comes_up(self) -> None:
        """Wait for all boards, and put every port to use."""
        until = time.monotonic() + UP_S
        while any(board.state is not BoardState.UP for board in self.boards):
            assert time.monotonic() < until, [board.state for board in self.boards]
            self.serve(0.05)
        for number, board in enumerate(self.boards):
            slots = [board.timeslot(port) for port in range(PORTS)]
            for near, far in zip(slots[::2], slots[1::2], strict=True):
                self.engine.connect(near, far)
            for slot in slots[2:] if number == 0 else slots:  # the first two tell the delay
                self.engine.detect(slot, Detect.DIGITS)
                self.engine.echo(slot, 32)


def _farm(stack: ExitStack, *arguments: str) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    command = [sys.executable, "-m", "tests.bench.board_farm", str(BOARDS), *arguments]
    process = stack.enter_context(subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True))
    stack.callback(end, process)
    return process


def _usb_boards(stack: ExitStack) -> tuple[subprocess.Popen[str], list[Board]]:
    """Plug the farm's boards into a simulated bus in this process."""
    directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    listener = stack.enter_context(socket.socket(socket.AF_UNIX))
    listener.bind(str(directory / "ends"))
    listener.listen(1)
    process = _farm(stack, "usb", str(SECONDS), str(directory / "ends"))
    _told(process)
    ends, _ = listener.accept()
    stack.enter_context(ends)
    bus, boards = UsbBus(), []

    def connect(descriptor: int) -> None:
        with socket.socket(fileno=descriptor):
            socket.send_fds(ends, [b"1"], [descriptor])
            ends.recv(1)

    for number in range(BOARDS):
        gadget = UsbGadget(connect, serial=f"QX-{number:04}")
        bus.plug(gadget)
        link = UsbLink(gadget.vendor, gadget.product, gadget.serial, bus)
        boards.append(linked_board(f"quantum+usb://1209:0001/{gadget.serial}", link))
    return process, list(boards)


def _told(process: subprocess.Popen[str]) -> object:
    assert process.stdout is not None
    return json.loads(process.stdout.readline())


def _wait_for(process: subprocess.Popen[str], host: Host) -> object:
    """Serve until the farm has something to say."""
    assert process.stdout is not None
    while not select.select([process.stdout], [], [], 0)[0]:
        host.serve(0.02)
    return _told(process)


def _percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def _measure(way: str) -> tuple[float, list[float], float]:
    """Return processor seconds a second, delays in ms and the share of samples made up for."""
    with ExitStack() as stack:
        cores_here = sorted(os.sched_getaffinity(0))
        stack.callback(os.sched_setaffinity, 0, cores_here)
        os.sched_setaffinity(0, cores_here[1:] or cores_here)  # the farm's, which inherits them
        if way == "usb":
            process, boards = _usb_boards(stack)
        else:
            process = _farm(stack, way, str(SECONDS))
            addresses = _told(process)
            assert isinstance(addresses, list)
            boards = [board_at(address) for address in addresses]
        os.sched_setaffinity(0, cores_here[:1])
        engine = stack.enter_context(Engine(echo_channels=BOARDS * PORTS))
        host = Host(engine, boards)
        host.comes_up()
        assert _wait_for(process, host) == "talking"
        concealed = sum(engine.link_counters(link.link).concealed for link in engine.links())
        begun, spent = time.monotonic(), time.process_time()
        found = _wait_for(process, host)
        cores = (time.process_time() - spent) / (time.monotonic() - begun)
        missing = sum(engine.link_counters(link.link).concealed for link in engine.links())
        assert isinstance(found, dict)
        for board in boards:
            board.stop(engine.now)
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
        made_up = (missing - concealed) / (SECONDS * 8000 * BOARDS * PORTS)
        return cores, [delay / 8 for delay in found["delays"]], made_up


def measure() -> Iterator[Figure]:
    """Measure each kind of link."""
    carried = []
    for way in LINKS:
        cores, delays, missing = _measure(way)
        carried.append(BOARDS / cores)
        yield Figure(f"boards_per_core_{way}", carried[-1], "boards", "bound", 40)
        yield Figure(f"driver_port_cpu_{way}_us", cores / (BOARDS * PORTS) * 1e6, "us a second")
        yield Figure(f"board_delay_p50_{way}_ms", _percentile(delays, 0.5), "ms")
        yield Figure(f"board_delay_p99_{way}_ms", _percentile(delays, 0.99), "ms")
        yield Figure(f"board_delay_max_{way}_ms", max(delays), "ms")
        yield Figure(f"boards_concealed_{way}_pct", 100 * missing, "%")
    yield Figure("boards_per_core", min(carried), "boards", "bound", 40)
