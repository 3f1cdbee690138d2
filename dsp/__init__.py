# SPDX-License-Identifier: MIT
"""Typed Python handles on the C engine.

Importing this package checks that the compiled module belongs to the C sources beside it.
"""

from dsp.engine import MAX_TIMESLOTS, TICK_S, Detect, Engine
from dsp.errors import (
    EngineArgumentError,
    EngineError,
    EngineFullError,
    EngineSystemError,
    StaleBuildError,
)
from dsp.tables import (
    Counters,
    Levels,
    LinkCounters,
    LinkFraming,
    LinkState,
    Mode,
    PatternCount,
    PortKind,
    SampleFormat,
    SerialKind,
)

__all__ = [
    "MAX_TIMESLOTS",
    "TICK_S",
    "Counters",
    "Detect",
    "Engine",
    "EngineArgumentError",
    "EngineError",
    "EngineFullError",
    "EngineSystemError",
    "Levels",
    "LinkCounters",
    "LinkFraming",
    "LinkState",
    "Mode",
    "PatternCount",
    "PortKind",
    "SampleFormat",
    "SerialKind",
    "StaleBuildError",
]
