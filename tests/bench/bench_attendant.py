# SPDX-License-Identifier: MIT
"""96 callers at once at the auto attendant, who press keys while it speaks, in real time.

The service is started as in an office and has one core, its engine's process with it; eight
boards of twelve office lines are in a process of their own (:mod:`tests.bench.caller_farm`), where
delays are measured in the boards' own samples.  A delay has everything in it: the line, the
board, its link, digit detection, and waiting for the processor.  So that others' work isn't
measured, all go ahead of it where that is allowed; ``attendant_service_waited_ms`` is how long a
second the service was ready to go on and could not.  CPU is by the kernel's account.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import soundfile

from altiware.prompts.prompt_set import PromptSet
from tests.altiware.service import running
from tests.bench.caller_farm import KEYS, PORTS
from tests.child import end
from tests.figure import Figure

BOARDS: Final = 8
CALLERS: Final = BOARDS * PORTS
SECONDS: Final = 15.0
SAMPLES_MS: Final = 8
BOUND_MS: Final = 100.0
BLOCK: Final = 40
AUDIBLE: Final = 400
"""Peak of a block that is kept."""
PATIENCE_S: Final = 20.0
GREETING_S: Final = 12.0
WELCOME: Final = ("attendant-welcome", "for-directory", "press-5", "for-operator", "press-0")


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of processes."""

    service: float = 0.0
    "On a processor."
    engine: float = 0.0
    waited: float = 0.0
    "The service, for a processor."

    @classmethod
    def until_now(cls, service: int) -> Self:
        """Return what a service and its engine's process have used."""
        children = Path(f"/proc/{service}/task/{service}/children").read_text().split()
        ran, waited = _scheduled_s(service)
        return cls(ran, sum(_scheduled_s(int(each))[0] for each in children), waited)

    def since(self, before: "Spent", seconds: float) -> "Spent":
        """Return the seconds a second."""
        return Spent(
            (self.service - before.service) / seconds,
            (self.engine - before.engine) / seconds,
            (self.waited - before.waited) / seconds,
        )


def _scheduled_s(pid: int) -> tuple[float, float]:
    """Return how long all threads of a process have run, and waited to run."""
    ran = waited = 0
    for file in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        on, ready, _ = file.read_text().split()
        ran, waited = ran + int(on), waited + int(ready)
    return ran / 1e9, waited / 1e9


@contextmanager
def _ahead_on(processors: set[int]) -> Iterator[None]:
    """Let processes started meanwhile have these processors, and if we may, go ahead of others."""
    usable = os.sched_getaffinity(0)
    os.sched_setaffinity(0, processors)
    with suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    try:
        yield
    finally:
        os.sched_setaffinity(0, usable)
        with suppress(PermissionError):
            os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


def _greet(directory: Path) -> None:
    """Write a greeting: the set's own voice without its pauses, so that silence means silence."""
    prompts = PromptSet(directory)
    files = [prompts.phrase(each) for each in WELCOME]
    said = np.concatenate([soundfile.read(file, dtype="int16")[0] for file in files])
    blocks = said[: len(said) // BLOCK * BLOCK].reshape(-1, BLOCK)
    voice = blocks[np.abs(blocks).max(axis=1) > AUDIBLE].ravel()
    file = directory / "recordings" / "greeting.wav"
    file.parent.mkdir()
    soundfile.write(file, np.resize(voice, round(GREETING_S * 8000)), 8000)


def _configure(directory: Path, addresses: list[str]) -> None:
    """Write an office of trunks that lead to an attendant, and one telephone that is not there."""
    text = 'version = 1\ncountry = "us"\nincoming = "190"\n'
    text += "".join(f'[[boards]]\naddress = "{address}"\n' for address in addresses)
    text += "".join(
        f'[[trunks]]\nport = "{board:02}:{port:02}"\n'
        for board in range(BOARDS)
        for port in range(PORTS)
    )
    text += f'[[stations]]\nextension = "101"\nport = "{BOARDS:02}:00"\n'
    text += """
[[attendants]]
name = "main"
number = "190"
[attendants.items]
top = { do = "menu", say = ["recording:greeting.wav"] }
"""
    text += "".join(
        f'{key} = {{ do = "collect order", digits = [1, 1], then = "top" }}\n' for key in KEYS
    )
    (directory / "altiware.toml").write_text(text)
    _greet(directory)


def _told(process: "subprocess.Popen[str]") -> Any:
    assert process.stdout is not None
    return json.loads(process.stdout.readline())


def _attend(stack: ExitStack) -> tuple[dict[str, Any], Spent]:
    """Let all callers call; return what they found, and what it cost a second."""
    first, *others = sorted(os.sched_getaffinity(0))
    command = [sys.executable, "-m", "tests.bench.caller_farm", str(BOARDS), str(SECONDS)]
    pipe = subprocess.PIPE
    with _ahead_on(set(others) or {first}):
        farm = stack.enter_context(subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True))
    stack.callback(end, farm)
    directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    _configure(directory, _told(farm))
    with _ahead_on({first}):
        service = stack.enter_context(running(directory, stdout=directory / "said"))
    assert _told(farm) == "talking"
    before = Spent.until_now(service.process.pid)
    found: dict[str, Any] = _told(farm)
    spent = Spent.until_now(service.process.pid).since(before, SECONDS)
    service.process.terminate()
    service.process.wait(PATIENCE_S)
    return found, spent


def _delays(name: str, samples: list[int]) -> Iterator[Figure]:
    """Yield median, 99th percentile and worst, the last two beside the bound."""
    ms = sorted(each / SAMPLES_MS for each in samples)
    yield Figure(f"{name}_p50_ms", ms[len(ms) // 2], "ms")
    yield Figure(f"{name}_p99_ms", ms[int(0.99 * len(ms))], "ms", "bound", BOUND_MS)
    yield Figure(f"{name}_max_ms", ms[-1], "ms")


def measure() -> Iterator[Figure]:
    """Yield delays, CPU, and what went wrong."""
    with ExitStack() as stack:
        found, spent = _attend(stack)
    yield from _delays("attendant_prompt_start", found["starts"])
    yield from _delays("attendant_digit_interrupt", found["stops"])
    yield from _delays("attendant_digit_to_prompt", found["returns"])
    pressed = len(found["stops"]) + len(found["returns"])
    yield Figure("attendant_keys_heard", float(pressed), "keys")
    yield Figure("attendant_keys_missed", float(found["missed"]), "keys")
    yield Figure("attendant_96_core_pct", 100.0 * (spent.service + spent.engine), "% of a core")
    yield Figure("attendant_service_cpu_us", spent.service / CALLERS * 1e6, "us a second")
    yield Figure("attendant_engine_cpu_us", spent.engine / CALLERS * 1e6, "us a second")
    yield Figure("attendant_service_waited_ms", 1e3 * spent.waited, "ms a second")
    yield Figure("attendant_underruns", float(found["underruns"]), "frames")
    yield Figure("attendant_farm_late", float(found["late"]), "frames")
