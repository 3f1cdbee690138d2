# SPDX-License-Identifier: MIT
"""An engine's process, a controlling process, and the board's end of their link."""

import contextlib
import json
import select
import subprocess
import sys
import wave
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from tests.child import end
from tests.dsp.wire import Samples, Wire

WITHIN_S = 10.0


@contextlib.contextmanager
def engine_process(path: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """Run the engine until the block ends."""
    command = [sys.executable, "-m", "dsp.process", "--socket", str(path), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            assert json.loads(process.stdout.readline()) == {"socket": str(path)}
            yield process
        finally:
            end(process)


@contextlib.contextmanager
def control_process(
    path: Path, descriptor: int, *calls: str
) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Run a controlling side that connects ports of a board, and waits to be killed.

    ``calls`` are the arguments CALLS and FOLDER of ``tests.dsp.control``, or nothing.  Yields it
    and the handle of the link, which it told.
    """
    command = [sys.executable, "-m", "tests.dsp.control", str(path), str(descriptor), *calls]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, pass_fds=[descriptor]
    ) as process:
        assert process.stdout is not None
        try:
            yield process, int(process.stdout.readline())
        finally:
            process.kill()


def talk(wire: Wire, frames: Sequence[int], ports: int = 2) -> list[dict[int, Samples]]:
    """Let the board say a frame for each number, and return what it hears in answer."""
    answers: list[dict[int, Samples]] = []
    for number in frames:
        before = len(answers)
        wire.send_pcm(*(said(number, port) for port in range(ports)))
        while len(answers) == before:
            assert select.select([wire.near], [], [], WITHIN_S)[0], "the engine does not answer"
            answers += wire.answers()
    return answers


def said(number: int, port: int) -> Samples:
    """Return what a port of the board says in a frame: noise that tells frame and port."""
    return np.random.default_rng((number, port)).integers(-30000, 30000, 40, dtype=np.int16)


def crossed(answers: list[dict[int, Samples]], frames: Sequence[int], ports: int = 2) -> bool:
    """Whether each port heard exactly what its neighbour said, in every frame."""
    return len(answers) == len(frames) and all(
        {*answer} == {*range(ports)}
        and all(np.array_equal(answer[port], said(number, port ^ 1)) for port in answer)
        for number, answer in zip(frames, answers, strict=True)
    )


def recorded(file: Path, port: int, frames: Sequence[int]) -> int | None:
    """Return how many ticks of a recording are none of the frames that a port has said.

    None when a frame is missing, changed or not in its place: a single sample is enough.
    """
    with wave.open(str(file), "rb") as wav:
        samples = np.frombuffer(wav.readframes(wav.getnframes()), dtype="<i2")
    awaited, others = list(frames), 0
    for tick in samples.reshape(-1, 40):
        if awaited and np.array_equal(tick, said(awaited[0], port)):
            awaited.pop(0)
        else:
            others += 1
    return None if awaited else others
