# SPDX-License-Identifier: MIT
"""``altiware board monitor``: a line for everything that happens on a board's ports.

On a terminal it is a live view instead (watching.py).

Hooks, ringing, flashes, polarity and battery as the board reports them; digits and levels as
the engine hears them.  It orders nothing from the board, and doesn't run beside the PBX.
"""

import dataclasses
import enum
import json
import sys
from collections.abc import Iterator
from typing import Final

import typer

from altiware.cli.opened import opened, ports_of
from drivers.base import BOARD_ITSELF, BoardEvent, BoardInfo, BoardUp
from drivers.diagnostics.session import Happening, Session
from dsp.engine import Detect
from dsp.events import PortEvent

__all__ = ["LevelMeasured", "Watch", "monitor"]

LEVELS_EVERY_S: Final = 1.0
WATCHED: Final = Detect.DIGITS | Detect.LEVEL | Detect.CALLER_ID
QUIET_DBM0: Final = -55.0
"""Levels below are not shown: the noise of an idle line."""


@dataclasses.dataclass(frozen=True, slots=True)
class LevelMeasured(BoardEvent):
    """How loud a port is just now."""

    port: int
    dbm0: float
    "What the port says."


def monitor(address: str, port: int | None, seconds: float | None, *, as_json: bool) -> None:
    """Print what happens until the time is over, or for ever.

    Raises:
        UsageError: the board has no such port.
    """
    with opened(address) as (session, info):
        ports = ports_of(info, port)
        if sys.stdout.isatty() and not as_json:
            from altiware.cli.watching import watch as watch_live

            watch_live(session, info, ports, seconds)
            return
        watch = Watch(session, ports)
        typer.echo(f"{info.model} {info.serial}: watching; Ctrl-C ends", err=True)
        for happening in watch.happenings(seconds):
            typer.echo(_line(happening, as_json=as_json))


class Watch:
    """Some ports of a board, and what happens on them."""

    def __init__(self, session: Session, ports: list[int]) -> None:
        self._session = session
        self._ports = ports
        self._slots: dict[int, int] = {}
        self._listen()

    def happenings(self, seconds: float | None) -> Iterator[Happening]:
        """Yield what happens, ports by their numbers on the board."""
        engine = self._session.engine
        end = float("inf") if seconds is None else engine.now + seconds
        levels_due = engine.now + LEVELS_EVERY_S
        while engine.now < end:
            for happening in self._session.happenings(min(end, levels_due) - engine.now):
                if isinstance(happening, BoardUp):
                    self._listen()
                yield from self._on_watched_port(happening)
            if engine.now >= levels_due:
                levels_due += LEVELS_EVERY_S
                yield from self._levels()

    def _listen(self) -> None:
        """Listen on the timeslots that the ports have since the board came up."""
        self._slots = {self._session.board.timeslot(port): port for port in self._ports}
        for slot in self._slots:
            self._session.engine.detect(slot, WATCHED)

    def _on_watched_port(self, happening: Happening) -> Iterator[Happening]:
        if isinstance(happening, PortEvent):
            if happening.port in self._slots:
                yield dataclasses.replace(happening, port=self._slots[happening.port])
        elif getattr(happening, "port", BOARD_ITSELF) in (*self._ports, BOARD_ITSELF):
            yield happening

    def _levels(self) -> Iterator[LevelMeasured]:
        engine = self._session.engine
        for slot, port in self._slots.items():
            level = engine.levels(slot).receive_dbm0
            if level > QUIET_DBM0:
                yield LevelMeasured(engine.now, port, level)


def _line(happening: Happening, *, as_json: bool) -> str:
    names = [item.name for item in dataclasses.fields(happening)]
    fields = {name: _plain(getattr(happening, name)) for name in names}
    name = type(happening).__name__
    if as_json:
        return json.dumps({"event": name, **fields})
    at = fields.pop("at")
    details = " ".join(f"{key}={value}" for key, value in fields.items())
    return f"{at:10.3f}  {name:16} {details}".rstrip()


def _plain(value: object) -> object:
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, BoardInfo):
        return f"{value.model} {value.serial}"
    return value
