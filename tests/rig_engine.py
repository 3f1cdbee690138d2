# SPDX-License-Identifier: MIT
"""The engine of offices in tests: ticked by hand, it remembers what it was asked for."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dsp.callerid import CallerIdStandard
from dsp.engine import TICK_S, Detect, Engine
from dsp.events import EngineEvent
from dsp.tones import ToneSpec

__all__ = ["RigEngine", "Spoken"]

GLANCE_S = 0.02
"""How often events are looked for while a source plays that ends by itself."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a player says."""

    clips: tuple[Path, ...]

    @property
    def names(self) -> list[str]:
        """The clips by their names."""
        return [each.stem for each in self.clips]


class RigEngine(Engine):
    """The engine, ticked by hand, that remembers what it was asked for.

    With ``leaps`` time in which nothing plays that ends by itself is one tick, however long it is:
    for months.  Detectors and recorders don't run then.
    """

    def __init__(self, timeslots: int = 128, *, leaps: bool = False) -> None:
        super().__init__(threaded=False, timeslots=timeslots)
        self._leaps = leaps
        self._leapt = 0
        "Ticks that weren't made."
        self.says: dict[int, ToneSpec | str | bytes | Spoken] = {}
        "What each source plays."
        self.ears: dict[int, Detect] = {}
        self.parties: dict[int, set[int]] = {}
        "Of each conference."
        self._injected: list[EngineEvent] = []

    @property
    def now(self) -> float:
        return super().now + self._leapt * TICK_S

    def events(self) -> list[EngineEvent]:
        injected, self._injected = self._injected, []
        leapt_s = self._leapt * TICK_S
        own = (replace(each, at=each.at + leapt_s) for each in super().events())
        return [*own, *injected]

    def open_tone(self, spec: ToneSpec) -> int:
        port = super().open_tone(spec)
        self.says[port] = spec
        return port

    def open_digits(self, digits: str, **options: Any) -> int:
        port = super().open_digits(digits, **options)
        self.says[port] = digits
        return port

    def open_caller_id(self, message: bytes, standard: CallerIdStandard, **options: Any) -> int:
        port = super().open_caller_id(message, standard, **options)
        self.says[port] = message
        return port

    def open_conference(self, parties: int | None = None, **options: Any) -> int:
        port = super().open_conference(parties, **options)
        self.parties[port] = set()
        return port

    def join(self, conference: int, port: int, **options: Any) -> None:
        super().join(conference, port, **options)
        self.parties[conference].add(port)

    def leave(self, conference: int, port: int) -> None:
        super().leave(conference, port)
        self.parties[conference].discard(port)

    def open_player(self, clips: Path | Sequence[Path], **options: Any) -> int:
        port = super().open_player(clips, **options)
        self.says[port] = Spoken((clips,) if isinstance(clips, Path) else tuple(clips))
        return port

    def close_port(self, port: int) -> None:
        super().close_port(port)
        self.says.pop(port, None)
        self.parties.pop(port, None)
        self.ears.pop(port, None)

    def detect(self, port: int, what: Detect, *plan: Any, **options: Any) -> None:
        super().detect(port, what, *plan, **options)
        self.ears[port] = what

    # For the rig

    def inject(self, event: EngineEvent) -> None:
        """Let it seem that the engine reports something."""
        self._injected.append(event)

    @property
    def next(self) -> float:
        """When the engine should be looked at again."""
        ending = any(map(_ends_by_itself, self.says.values()))
        return self.now + GLANCE_S if ending else math.inf

    def advance(self, until: float) -> None:
        """Let the engine's time pass; ``tick`` without its checks, for it is most of the time."""
        tick = self._seat_taken().tick
        ticks = math.ceil((until - self.now) / TICK_S)
        if self._leaps and ticks > 1 and self.next == math.inf:
            self._leapt += ticks - 1
            ticks = 1  # in which orders are carried out
        for _ in range(ticks):
            tick()


def _ends_by_itself(source: ToneSpec | str | bytes | Spoken) -> bool:
    return not isinstance(source, ToneSpec) or source.loop_from is None
