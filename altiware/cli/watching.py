# SPDX-License-Identifier: MIT
"""The live view of a board, fed: what happens, levels, instruments, and one port's sound.

Volts and current are read one port after the other, so that the board answers one small order
at a time; the sound of the port that is shown comes from a tap's file, the engine writes it.
"""

import functools
import itertools
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
from rich.live import Live

from altiware.cli.keys import keys
from altiware.cli.live import BoardView, Samples
from altiware.cli.monitor import Watch
from drivers.base import BoardInfo, BoardState, OrderDone, OrderFailed, Ticket
from drivers.diagnostics.session import Happening, Session
from drivers.errors import BoardOperationError
from drivers.service import Ability

__all__ = ["TapTail", "Watcher", "watch"]

REFRESH_S: Final = 0.1
ANSWERS: Final = 50
MS: Final = 1000.0
WAV_HEAD_BYTES: Final = 44
FRAME_BYTES: Final = 4
"""A tap has two channels of 16 bits."""
LAST_BYTES: Final = 8000 * FRAME_BYTES
MOST_BYTES: Final = 60 * LAST_BYTES
"""A tap's file begins anew after a minute."""

Order = Callable[[], Ticket]


def watch(session: Session, info: BoardInfo, ports: list[int], seconds: float | None) -> None:
    """Show a board until q is pressed or the time is over."""
    with keys() as pressed, TapTail(session) as tail:
        watcher = Watcher(session, info, ports, tail)
        until = float("inf") if seconds is None else session.engine.now + seconds
        with Live(watcher.view, auto_refresh=False, transient=False) as live:
            while session.engine.now < until:
                watcher.turn(min(REFRESH_S, until - session.engine.now))
                live.refresh()
                if not all(watcher.view.press(key) for key in pressed()):
                    return


class Watcher:
    """Keeps a view up to date."""

    def __init__(
        self,
        session: Session,
        info: BoardInfo,
        ports: list[int],
        tail: "TapTail",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        shown = tuple(port for port in info.ports if port.number in ports)
        self.view = BoardView(replace(info, ports=shown))
        self._session = session
        self._watch = Watch(session, ports)
        self._tail = tail
        self._clock = clock
        self._orders = itertools.cycle(self._all_orders(info, ports))
        self._asked: tuple[Ticket, float] | None = None
        self._answers: list[float] = []

    def turn(self, seconds: float) -> None:
        """Let so much time pass, and note what happened and how things are."""
        for happening in self._watch.happenings(seconds):
            self._note(happening)
        if self._session.board.state is not BoardState.UP:
            self._asked = None
            return
        self._ask()
        self._measure()

    def _note(self, happening: Happening) -> None:
        self.view.note(happening)
        if not isinstance(happening, OrderDone | OrderFailed) or self._asked is None:
            return
        if happening.ticket == self._asked[0]:
            self._answers = [*self._answers, (self._clock() - self._asked[1]) * MS][-ANSWERS:]
            self.view.answer_ms = (float(np.median(self._answers)), max(self._answers))
            self._asked = None

    def _all_orders(self, info: BoardInfo, ports: list[int]) -> list[Order]:
        board = self._session.board
        orders: list[Order] = [functools.partial(board.read_line, port) for port in ports]
        return [*orders, board.meter] if info.abilities & Ability.METER else orders

    def _ask(self) -> None:
        """Give the next order, the last one having been answered."""
        if self._asked is not None:
            return
        try:
            self._asked = (next(self._orders)(), self._clock())
        except BoardOperationError:  # this port can't; the next one may
            self._asked = None

    def _measure(self) -> None:
        engine, board = self._session.engine, self._session.board
        for number, port in self.view.ports.items():
            levels = engine.levels(board.timeslot(number))
            port.says_dbm0, port.hears_dbm0 = levels.receive_dbm0, levels.send_dbm0
        for link in engine.links():
            self.view.link = engine.link_counters(link.link)
        self.view.sound = self._tail.last(self.view.shown)


class TapTail:
    """The last second of one port, from the file that a tap of the engine grows."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._port: int | None = None
        self._tap: int | None = None
        self._path = Path()
        self._numbers = itertools.count()
        self._closing = ExitStack()

    def __enter__(self) -> "TapTail":
        folder = tempfile.TemporaryDirectory(prefix="altiware-monitor-", ignore_cleanup_errors=True)
        self._folder = Path(self._closing.enter_context(folder))
        self._closing.callback(self._close)
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    def last(self, port: int | None) -> Samples:
        """Return what the port has said in the last second; None: stop listening."""
        if port != self._port or self._size() > MOST_BYTES:
            self._close()
            self._port = port
            if port is not None:
                self._open(port)
        if self._tap is None or not self._path.exists():
            return np.zeros(0, np.int16)
        return self._read()

    def _open(self, port: int) -> None:
        self._path = self._folder / f"tap{next(self._numbers)}.wav"
        slot = self._session.board.timeslot(port)
        self._tap = self._session.engine.open_tap(self._path, slot)

    def _close(self) -> None:
        if self._tap is not None:
            self._session.engine.close_port(self._tap)
            self._tap = None

    def _size(self) -> int:
        is_there = self._tap is not None and self._path.exists()
        return self._path.stat().st_size if is_there else 0

    def _read(self) -> Samples:
        with self._path.open("rb") as file:
            frames = max(0, self._size() - WAV_HEAD_BYTES) // FRAME_BYTES
            first = max(0, frames - LAST_BYTES // FRAME_BYTES)
            file.seek(WAV_HEAD_BYTES + first * FRAME_BYTES)
            both = np.frombuffer(file.read((frames - first) * FRAME_BYTES), "<i2")
        says: Samples = both[: len(both) // 2 * 2 : 2].astype(np.int16)
        return says
