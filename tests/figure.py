# SPDX-License-Identifier: MIT
"""One measured figure, in the one format of build/bench.json and build/accuracy.json."""

from dataclasses import dataclass

__all__ = ["Figure"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value beside a peer's."""

    name: str
    value: float
    unit: str
    peer: str | None = None
    "Who the peer is; a bound that we set ourselves is named so (``bound``)."
    peer_value: float | None = None

    @property
    def ratio(self) -> float | None:
        """Ours divided by the peer's; None without a peer or where the peer's is 0."""
        return self.value / self.peer_value if self.peer_value else None
