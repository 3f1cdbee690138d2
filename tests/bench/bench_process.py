# SPDX-License-Identifier: MIT
"""How soon either side notices that the other was killed (kill -9), and control is back.

``engine_gone_ms``: from the engine's kill to EngineGone at the controlling side, waiting at its
descriptor as the PBX does.  ``control_gone_ms``: from the end of the controlling side's process
until another one is attached, every table read back: eight calls, their link and recorders.
"""

import os
import select
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from dsp import Engine
from dsp.events import EngineGone
from tests.dsp.process_rig import control_process, engine_process
from tests.dsp.wire import Wire
from tests.figure import Figure

RUNS: Final = 7
BOUND_MS: Final = 100.0


def _engine_gone_ms(folder: Path) -> float:
    path = folder / "engine"
    with engine_process(path) as process, Engine.attach(path) as engine:
        engine.events()
        process.kill()
        begun = time.monotonic()
        while True:
            select.select([engine.fileno()], [], [], 10.0)
            if any(isinstance(event, EngineGone) for event in engine.events()):
                return (time.monotonic() - begun) * 1e3


def _control_gone_ms(folder: Path) -> float:
    path, wire = folder / "engine", Wire()
    with (
        engine_process(path),
        control_process(path, wire.descriptor, "8", str(folder)) as (control, link),
    ):
        os.close(wire.descriptor)
        control.kill()
        control.wait()
        begun = time.monotonic()
        with Engine.attach(path) as engine:
            took_ms = (time.monotonic() - begun) * 1e3
            assert [state.link for state in engine.links()] == [link]
            assert len(engine.open_ports()) == 32
    wire.close()
    return took_ms


def measure() -> Iterator[Figure]:
    """Yield medians, each beside the bound."""
    for name, once in (("engine_gone_ms", _engine_gone_ms), ("control_gone_ms", _control_gone_ms)):
        times = []
        for _ in range(RUNS):
            with tempfile.TemporaryDirectory() as folder:
                times.append(once(Path(folder)))
        yield Figure(name, statistics.median(times), "ms", "bound", BOUND_MS)
