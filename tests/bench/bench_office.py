# SPDX-License-Identifier: MIT
"""The service in real time: how long twelve lifted telephones wait, and what eight calls cost.

The boards are processes of their own, reached by TCP; the service is started as in an office.
The CPU figure is that of the service alone: user and system time by the kernel's account.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, Final

import numpy as np
import soundfile

from boards_sim.remote import RemoteStage
from tests.altiware.service import running
from tests.figure import Figure

ROUNDS: Final = 20
PORTS: Final = 12
CALLS: Final = 8
CALLS_PER_BOARD: Final = 6
TALK_S: Final = 20.0
BOUND_MS: Final = 100.0
ANY_PORT: Final = 0


def _configure(directory: Path, addresses: list[str]) -> None:
    """Write an office of telephones only, 101 upward, twelve on each board."""
    boards = "".join(f'[[boards]]\naddress = "{address}"\n' for address in addresses)
    stations = "".join(
        f'[[stations]]\nextension = "{101 + i}"\nport = "{i // PORTS:02}:{i % PORTS:02}"\n'
        for i in range(PORTS * len(addresses))
    )
    text = f'version = 1\ncountry = "us"\noperator = "101"\n{boards}{stations}'
    (directory / "altiware.toml").write_text(text)


def _percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def _dial_tone_ms() -> list[float]:
    command = [sys.executable, "-m", "tests.bench.lifting_board", str(ROUNDS)]
    with ExitStack() as stack:
        board = stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        assert board.stdout is not None
        _configure(directory, [json.loads(board.stdout.readline())["address"]])
        stack.enter_context(running(directory))
        waited: list[float] = json.loads(board.stdout.readline())
        return waited


def _board(stack: ExitStack, control: Path) -> tuple[str, RemoteStage]:
    options = ("--profile=Q12S", f"--tcp={ANY_PORT}", f"--control={control}")
    process = subprocess.Popen(
        [sys.executable, "-m", "boards_sim", *options], stdout=subprocess.PIPE, text=True
    )
    stack.enter_context(process)
    stack.callback(process.kill)
    assert process.stdout is not None
    address = json.loads(process.stdout.readline())["board"]
    return address, stack.enter_context(closing(RemoteStage(control)))


def _set_up(stage: RemoteStage, near: int, speech: Path) -> None:
    """Call from port ``near`` to the next one, and let both speak."""
    caller, called = stage.telephone(near), stage.telephone(near + 1)
    first = 101 if speech.name == "0.wav" else 101 + PORTS
    caller.lifts()
    caller.hears("dial")
    caller.dials(str(first + near + 1))
    called.rings()
    called.lifts()
    caller.says(speech, wait=False)
    called.says(speech, wait=False)


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _noise(path: Path) -> Path:
    rng = np.random.default_rng(2)
    soundfile.write(path, rng.normal(0, 1500, int(8000 * TALK_S * 6)).astype(np.int16), 8000)
    return path


def _cpu_pct(calls: int) -> float:
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        boards = [_board(stack, directory / f"{i}.sock") for i in range(2)]
        _configure(directory, [address for address, _ in boards])
        service: Any = stack.enter_context(running(directory))
        service.greeting()
        speech = [_noise(directory / f"{i}.wav") for i in range(2)]
        for call in range(calls):
            board, place = divmod(call, CALLS_PER_BOARD)
            _set_up(boards[board][1], 2 * place, speech[board])
        begun, spent = time.monotonic(), _cpu_s(service.process.pid)
        boards[0][1].passes(TALK_S)
        return 100.0 * (_cpu_s(service.process.pid) - spent) / (time.monotonic() - begun)


def measure() -> Iterator[Figure]:
    """Yield waiting times and CPU."""
    waited = _dial_tone_ms()
    yield Figure("dial_tone_p50_ms", _percentile(waited, 0.5), "ms")
    yield Figure("dial_tone_p99_ms", _percentile(waited, 0.99), "ms", "bound", BOUND_MS)
    yield Figure("cpu_0_calls_pct", _cpu_pct(0), "% of a core")
    yield Figure("cpu_8_calls_pct", _cpu_pct(CALLS), "% of a core")
