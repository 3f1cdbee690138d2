# SPDX-License-Identifier: MIT
"""The running PBX."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from altiware.core.notices import Notice
from altiware.core.plan import Plan
from altiware.core.views import CallView, LineView, TrunkView
from drivers.base import Board
from dsp.engine import Engine

__all__ = ["Exchange"]


def _now() -> datetime:
    return datetime.now(UTC).astimezone()


class Exchange:
    """An office's exchange on an engine and its boards."""

    def __init__(
        self,
        plan: Plan,
        engine: Engine,
        boards: Sequence[Board],
        *,
        wall: Callable[[], datetime] = _now,
    ) -> None:
        self.plan = plan
        self.boards = tuple(boards)
        self._engine = engine
        self._wall = wall

    @property
    def deadline(self) -> float | None:
        """Engine seconds at which ``pump`` is due even if nothing happens; None: never."""
        raise NotImplementedError

    def start(self) -> None:
        """Start the boards; from now on they want links."""
        raise NotImplementedError

    def stop(self) -> None:
        """End all calls with cause "stopped" and quiet the boards."""
        raise NotImplementedError

    def pump(self) -> None:
        """Take what the engine reports, expire what is due, perform what follows; never block."""
        raise NotImplementedError

    def link_opened(self, board: Board, descriptor: int) -> None:
        """Give a board the link that its ``open_link`` returned."""
        raise NotImplementedError

    def link_failed(self, board: Board, detail: str) -> None:
        """Tell a board that its ``open_link`` raised."""
        raise NotImplementedError

    def subscribe(self, listener: Callable[[Notice], None]) -> Callable[[], None]:
        """Call ``listener`` with every notice from now on; return what ends that."""
        raise NotImplementedError

    def lines(self) -> tuple[LineView, ...]:
        """Return the station lines as they are now."""
        raise NotImplementedError

    def trunks(self) -> tuple[TrunkView, ...]:
        """Return the trunks as they are now."""
        raise NotImplementedError

    def calls(self) -> tuple[CallView, ...]:
        """Return the open calls as they are now."""
        raise NotImplementedError
