# SPDX-License-Identifier: MIT
"""The office of the demonstration: the real exchange on a simulated board, in the stage's time.

``with open_office(smdr, real_time=False) as office``: as fast as it computes; with ``real_time``
every step waits for the clock on the wall.  Nothing runs in a thread but the SMDR port.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Final

from altiware.config import parse
from altiware.core.notices import CallClosed, Notice
from altiware.core.plan import Plan
from altiware.exchange import Exchange
from altiware.store.smdr import smdr_lines
from altiware.store.smdr_port import SmdrPort, SmdrTarget
from drivers.actors import SimulatedStage
from drivers.base import Board, BoardState
from drivers.links import InProcessLink
from drivers.quantum.addresses import linked_board
from drivers.registry import stage
from dsp.engine import Engine

__all__ = ["Office", "open_office"]

PROFILE: Final = "Q12"
OPENING_HOUR: Final = 9
UP_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Office:
    """A running office."""

    stage: SimulatedStage
    exchange: Exchange
    plan: Plan

    @property
    def ports(self) -> dict[str, int]:
        """Where each extension's telephone is."""
        return {each.extension: each.port.port for each in self.plan.stations}


class Pace:
    """Holds a stage back to the pace of a clock."""

    def __init__(
        self,
        stage: SimulatedStage,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._stage = stage
        self._clock = clock
        self._sleep = sleep
        self._ahead_s = clock() - stage.now

    def __call__(self) -> None:
        """Wait until the clock has come to where the stage is."""
        wait_s = self._stage.now + self._ahead_s - self._clock()
        if wait_s > 0:
            self._sleep(wait_s)


@contextmanager
def open_office(smdr: Path, *, real_time: bool) -> Iterator[Office]:
    """Build the default office, wait for its board, and take it down at the end.

    Raises:
        NotAvailableError: the simulator isn't installed.
    """
    text = resources.files("altiware").joinpath("default.toml").read_text("utf-8")
    plan = replace(parse(text, "default.toml").plan, incoming="")  # Reception answers herself
    with ExitStack() as stack:
        scene = stage(PROFILE, country=plan.country)
        stack.callback(scene.close)
        engine = stack.enter_context(Engine(threaded=False))
        board = linked_board(f"quantum+sim://{PROFILE}", InProcessLink(scene.descriptor))
        exchange = Exchange(plan, engine, [board], wall=_morning(engine))
        port = SmdrPort(SmdrTarget(smdr))
        stack.callback(port.close)
        exchange.subscribe(_printer(port))
        exchange.start()
        stack.callback(exchange.stop)
        scene.pumps.append(lambda: _pump(engine, exchange, board))
        _wait_until_up(scene, exchange, board)
        if real_time:
            scene.pumps.append(Pace(scene))
        yield Office(scene, exchange, plan)


def _pump(engine: Engine, exchange: Exchange, board: Board) -> None:
    """Serve the board's frame and whatever follows from it."""
    engine.poll()
    exchange.pump()
    if board.wants_link:
        exchange.link_opened(board, board.open_link())


def _wait_until_up(scene: SimulatedStage, exchange: Exchange, board: Board) -> None:
    exchange.link_opened(board, board.open_link())
    until = scene.now + UP_S
    while board.state is not BoardState.UP and scene.now < until:
        scene.passes(0.005)


def _morning(engine: Engine) -> Callable[[], datetime]:
    """Return a wall clock that stood at nine when the engine opened."""
    nine = datetime.now().astimezone().replace(hour=OPENING_HOUR, minute=0, second=0, microsecond=0)
    return lambda: nine + timedelta(seconds=engine.now)


def _printer(port: SmdrPort) -> Callable[[Notice], None]:
    """Return a listener that prints the SMDR lines."""

    def note(notice: Notice) -> None:
        for line in smdr_lines(notice.record) if isinstance(notice, CallClosed) else ():
            port.write(line)

    return note
