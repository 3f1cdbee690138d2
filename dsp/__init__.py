# SPDX-License-Identifier: MIT
"""Typed Python handles on the C engine.

Importing this package checks that the compiled module belongs to the C sources beside it.  What
it offers is loaded when it is first asked for: the engine's own process (``dsp.process``) has no
use for it, and starts four times as fast without.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

from dsp.errors import (
    EngineArgumentError,
    EngineError,
    EngineFullError,
    EngineSystemError,
    StaleBuildError,
)

if TYPE_CHECKING:
    from dsp.engine import MAX_TIMESLOTS, TICK_S, Detect, Engine
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

_IN_ENGINE: Final = frozenset({"MAX_TIMESLOTS", "TICK_S", "Detect", "Engine"})

import_module("dsp.native")  # or it would be checked only with the first of what is loaded late


def __getattr__(name: str) -> object:
    """Load the module that has a name of ours, and keep what it stands for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = import_module("dsp.engine" if name in _IN_ENGINE else "dsp.tables")
    return globals().setdefault(name, getattr(home, name))
