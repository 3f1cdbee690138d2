# SPDX-License-Identifier: MIT
"""An engine's process, a controlling process, and the board's end of their link."""

import contextlib
import json
import select
import subprocess
import sys
import time
import wave
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from tests.child import end
from tests.dsp.wire import Samples, Wire

WITHIN_S = 30.0
PATIENCE_S = 0.04
"After 50 ms without a frame the engine goes on by its timer, and blends the next one in."
PAUSES = 3
"Of this process while it plays the board, or of the engine, that one check forgives."

Answer = dict[int, Samples] | None
"What the ports hear; None after a pause of the board."


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


def talk(wire: Wire, frames: Sequence[int], ports: int = 2) -> list[Answer]:
    """Let the board say a frame for each number, and return what it hears in answer."""
    answers: list[Answer] = []
    for number in frames:
        rows = [said(number, port) for port in range(ports)]
        paused = time.monotonic() - wire.spoke_at > PATIENCE_S
        wire.send_pcm(*rows)
        heard: list[dict[int, Samples]] = []
        while not heard:
            assert select.select([wire.near], [], [], WITHIN_S)[0], "the engine does not answer"
            heard = wire.answers()
        paused |= (
            time.monotonic() - wire.spoke_at > PATIENCE_S
        )  # the engine's own, on a busy machine
        answers += [None] * len(heard) if paused else heard
    return answers


def said(number: int, port: int) -> Samples:
    """Return what a port of the board says in a frame: noise that tells frame and port."""
    return np.random.default_rng((number, port)).integers(-30000, 30000, 40, dtype=np.int16)


def crossed(answers: Sequence[Answer], frames: Sequence[int], ports: int = 2) -> bool:
    """Whether each port heard exactly what its neighbour said, in every frame but after pauses."""
    return (
        len(answers) == len(frames)
        and answers.count(None) <= PAUSES
        and all(
            {*answer} == {*range(ports)}
            and all(np.array_equal(answer[port], said(number, port ^ 1)) for port in answer)
            for number, answer in zip(frames, answers, strict=True)
            if answer is not None
        )
    )


def recorded(file: Path, port: int, frames: Sequence[int]) -> int | None:
    """Return how many ticks of a recording are none of the frames that a port has said.

    None when a frame is missing, changed or not in its place: a single sample is enough.  Only the
    frame after a pause of the board, which the timer has filled, may be blended with the filling.
    """
    with wave.open(str(file), "rb") as wav:
        samples = np.frombuffer(wav.readframes(wav.getnframes()), dtype="<i2")
    ticks, awaited, others, filled = samples.reshape(-1, 40), list(frames), 0, 0
    for tick, after in zip(ticks, [*ticks[1:], None], strict=True):
        if awaited and np.array_equal(tick, said(awaited[0], port)):
            awaited.pop(0)
            filled = 0
            continue
        others, filled = others + 1, filled + 1
        if filled > 1 and len(awaited) > 1 and after is not None:
            blended = np.array_equal(after, said(awaited[1], port))
            del awaited[:blended]
    return None if awaited else others
