# SPDX-License-Identifier: MIT
"""An engine's process, a controlling process, and the board's end of their link."""

import contextlib
import json
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

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
            process.send_signal(signal.SIGTERM)


@contextlib.contextmanager
def control_process(path: Path, descriptor: int) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Run a controlling side that connects two ports of a board, and waits to be killed.

    Yields it and the pair of handles that it told.
    """
    command = [sys.executable, "-m", "tests.dsp.control", str(path), str(descriptor)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, pass_fds=[descriptor]
    ) as process:
        assert process.stdout is not None
        try:
            yield process, int(process.stdout.readline())
        finally:
            process.kill()


def talk(wire: Wire, frames: Sequence[int]) -> list[dict[int, Samples]]:
    """Let the board say a frame for each number, and return what it hears in answer."""
    answers: list[dict[int, Samples]] = []
    for number in frames:
        before = len(answers)
        wire.send_pcm(said(number, 0), said(number, 1))
        while len(answers) == before:
            assert select.select([wire.near], [], [], WITHIN_S)[0], "the engine does not answer"
            answers += wire.answers()
    return answers


def said(number: int, port: int) -> Samples:
    """Return what a port of the board says in a frame: noise that tells frame and port."""
    return np.random.default_rng((number, port)).integers(-30000, 30000, 40, dtype=np.int16)


def crossed(answers: list[dict[int, Samples]], frames: Sequence[int]) -> bool:
    """Whether each port heard exactly what the other said, in every frame."""
    return len(answers) == len(frames) and all(
        {*answer} == {0, 1}
        and np.array_equal(answer[0], said(number, 1))
        and np.array_equal(answer[1], said(number, 0))
        for number, answer in zip(frames, answers, strict=True)
    )
