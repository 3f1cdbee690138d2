# SPDX-License-Identifier: MIT
"""A board that isn't there: when it is looked for again, and whether its loss is news."""

from dataclasses import dataclass, field
from typing import Final

from drivers.base import BoardEvent, BoardLost, LossReason
from dsp.events import LinkLoss

__all__ = ["LOSS", "Absence"]

LOSS: Final = {
    LinkLoss.CLOSED: LossReason.CLOSED,
    LinkLoss.ERROR: LossReason.CLOSED,
    LinkLoss.STALLED: LossReason.STALLED,
    LinkLoss.GARBAGE: LossReason.GARBAGE,
}
"""What the end of a link means for its board."""


@dataclass(slots=True)
class Absence:
    """Pauses between looks, each twice the last, until the board is there again."""

    first_s: float
    longest_s: float
    by_detail: bool = False
    "Whether the same reason in other words is told too."
    due: float | None = field(default=None, init=False)
    "When to look again; None: at once, or it is there."
    _pause_s: float = field(default=0.0, init=False)
    _told: tuple[LossReason, str] | None = field(default=None, init=False)

    def begins(self) -> None:
        """Look at once: somebody has only now begun to want the board."""
        self.due = None
        self._pause_s = self.first_s

    def ends(self) -> None:
        """Note that the board is there; its next loss is news."""
        self._pause_s = self.first_s
        self._told = None

    def goes_on(self, reason: LossReason, detail: str, now: float) -> list[BoardEvent]:
        """Look again later; return the loss, unless it was told and nothing has changed."""
        self.due = now + self._pause_s
        self._pause_s = min(2 * self._pause_s, self.longest_s)
        news = (reason, detail if self.by_detail else "")
        if self._told == news:
            return []
        self._told = news
        return [BoardLost(now, reason, detail)]

    def expire(self, now: float) -> None:
        """Look again, if it is time."""
        if self.due is not None and now >= self.due:
            self.due = None
