# SPDX-License-Identifier: MIT
"""Where the office's engine runs: in this very process, or as one of its own.

``engine_room(config, directory)`` yields an :class:`EngineRoom`, its engine running.  An engine of
its own survives this process: calls that are going on are heard until the service is started
again, which ends them (docs/decisions/0008).  When the engine's process dies, ``prepare`` a new
one and ``enter`` it.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Final, Self

from altiware.blackbox.settings import kept_count
from altiware.config import Config
from altiware.ports.media import ECHO_DELAY_MS, ECHO_TAIL_MS
from dsp.engine import Engine
from dsp.launch import EngineProcess
from dsp.seat import MAX_THREADS, EngineOptions

__all__ = ["ALONE_S", "EngineRoom", "engine_room", "threads_of"]

ALONE_S: Final = 60.0
"""How long calls are heard on when this process has died: for whoever is to start it again.  Then
the boards lose their links, and let go of lines that nobody would ever release."""
SOCKET_NAME: Final = "engine.sock"
LANES: Final = 16
"""Lines that an engine's thread works on together."""


class EngineRoom:
    """An engine, and its process if it has one of its own."""

    def __init__(self, engine: Engine, process: EngineProcess | None = None) -> None:
        self.engine = engine
        self._process = process

    @classmethod
    def of_its_own(cls, process: EngineProcess) -> Self:
        """Start the engine as a process.

        Raises:
            EngineError: it can't be started, or another one is there.
        """
        process.start()
        try:
            process.wait_until_ready()
            return cls(Engine.attach(process.path), process)
        except BaseException:  # nobody else would end it
            process.stop()
            raise

    def how_it_ended(self) -> str:
        """Return how the engine's process has died, as people say it."""
        assert self._process
        return self._process.how_it_ended()

    def prepare(self) -> None:
        """Start another process where the dead one's time stood; takes tenths of a second.

        Raises:
            EngineError: it can't be started.
        """
        assert self._process
        self._process.start(begin_at_s=self.engine.now)
        self._process.wait_until_ready()

    def enter(self) -> None:
        """Let the engine go on with the process that was prepared.

        Raises:
            EngineError: that is gone too.
        """
        assert self._process
        self.engine.resume(self._process.path)

    def close(self) -> None:
        """End the engine, and its process."""
        self.engine.close()
        if self._process:
            self._process.stop()


@contextmanager
def engine_room(config: Config, directory: Path) -> Iterator[EngineRoom]:
    """Start the office's engine, and end it.

    Raises:
        EngineError: it can't be started.
    """
    options = EngineOptions(
        threads=threads_of(config),
        echo_tail_ms=max(config.echo_tail_ms, ECHO_TAIL_MS),
        echo_delay_ms=ECHO_DELAY_MS,
        keep_ports=kept_count(config.blackbox, config.plan),
        keep_s=config.blackbox.seconds,
    )
    if config.engine.process:
        process = EngineProcess(directory / SOCKET_NAME, options, alone_s=ALONE_S)
        room = EngineRoom.of_its_own(process)
    else:
        room = EngineRoom(Engine(**asdict(options)))
    try:
        yield room
    finally:
        room.close()


def threads_of(config: Config) -> int:
    """Return how many threads share the engine's work: told, or as many as are of use here."""
    if config.engine.threads is not None:
        return config.engine.threads
    lines = len(config.plan.stations) + len(config.plan.trunks)
    groups = -(-lines // LANES)
    return max(1, min(groups, len(os.sched_getaffinity(0)), MAX_THREADS))
