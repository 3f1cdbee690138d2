# SPDX-License-Identifier: MIT
"""An office of 96 office lines that lead to an attendant, for the benches that call it.

    with ExitStack() as stack:
        found, spent = attended(stack, "tests.bench.caller_farm", ITEMS, directory)

The service is started as in an office and has one core, its engine's process with it; the boards
and callers are a process of their own, of the module that is named.  So that others' work isn't
measured, all go ahead of it where that is allowed.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import soundfile

from altiware.prompts.prompt_set import PromptSet
from tests.altiware.service import running
from tests.bench.caller_farm import PORTS
from tests.child import end

__all__ = ["CALLERS", "Spent", "attended"]

BOARDS: Final = 8
CALLERS: Final = BOARDS * PORTS
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


def _configure(directory: Path, addresses: list[str], items: str) -> None:
    """Write an office of trunks that lead to an attendant, and one telephone that rests."""
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
    text += f"{items}[mail]\nstations = true\n"
    (directory / "altiware.toml").write_text(text)
    _greet(directory)


def _told(process: "subprocess.Popen[str]") -> Any:
    assert process.stdout is not None
    return json.loads(process.stdout.readline())


def attended(
    stack: ExitStack, callers: str, items: str, directory: Path
) -> tuple[dict[str, Any], Spent]:
    """Let all call an attendant with these items; return what they found, and the cost a second.

    The callers' module is run with the number of boards.  It tells their addresses, when the time
    begins, that it ends, and what was found, a JSON line each; "seconds" of that is how long it
    was.  The service has ended when this returns.
    """
    first, *others = sorted(os.sched_getaffinity(0))
    command, pipe = [sys.executable, "-m", callers, str(BOARDS)], subprocess.PIPE
    with _ahead_on(set(others) or {first}):
        farm = stack.enter_context(subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True))
    stack.callback(end, farm)
    _configure(directory, _told(farm), items)
    with _ahead_on({first}):
        service = stack.enter_context(running(directory, stdout=directory / "said"))
    assert _told(farm) == "begins"
    before = Spent.until_now(service.process.pid)
    assert _told(farm) == "ends"
    after = Spent.until_now(service.process.pid)
    found: dict[str, Any] = _told(farm)
    service.process.terminate()
    service.process.wait(PATIENCE_S)
    return found, after.since(before, found["seconds"])
